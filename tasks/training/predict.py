"""The step that predicts the genre of every track with the champions and publishes the table `predictions`."""

from prefect import State, task

from genrelab.analyses.predictions.analysis import PREDICTIONS
from genrelab.models.tasks import TASKS
from genrelab.runtime.home import Home
from genrelab.runtime.records import decode
from genrelab.runtime.settings import Settings
from tasks.run.step import facts_of, nothing_to_do, run_step, version_ids, work_at
from tasks.tracking.champion_versions import champion_versions, task_of
from tasks.tracking.place import tracking_identity
from tasks.training.train import step_of

STEP = PREDICTIONS.name
CLASSIC = "spotify-bins-classic"
FMA = ("fma-top-genre", "fma-all-genres", "fma-all-genres-echonest")


@task
def predict_genres(settings: Settings) -> State[None]:
    """Apply each champion to every track, publish `predictions`, and summarise the results."""
    home = settings.home
    names = models_to_apply(home)
    champions = champion_versions(home, names)
    if not champions and any(facts_of(home, step_of(name)) for name in names):
        return nothing_to_do(home, STEP, f"no model has been promoted to champion yet ({', '.join(names)})")
    tables = sorted({table for name in champions for table in TASKS[task_of(name)].columns})
    last = decode(PREDICTIONS.result, facts_of(home, STEP))
    inputs = {
        **version_ids(home, *tables),
        "champions": champions,
        "tracking": tracking_identity(home),
        "decision": settings.decision,
    }

    return run_step(
        STEP,
        home,
        inputs,
        work_at("tasks.training.apply_champions:apply_champions", home, names, champions, settings.decision),
        # retry champions that could not be applied: their files may have been restored
        always=bool(last and last.failures),
        holds=PREDICTIONS.fits,
        code=(PREDICTIONS.folder,),
    )


def models_to_apply(home: Home) -> tuple[str, ...]:
    """The models to apply: of the rule set in use, of the classic rule set, and of the FMA."""
    active = facts_of(home, "bin_genres").get("rule_set", "classic")
    names = dict.fromkeys((f"spotify-bins-{active}", CLASSIC, *FMA))
    return tuple(name for name in names if name in TASKS)

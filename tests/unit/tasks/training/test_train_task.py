"""The step of a training: its share of time, and the order of the tasks."""

from pathlib import Path

from training_facts import made_training

from genrelab.analyses.training.result import Trainings
from genrelab.models.tasks import TASKS
from genrelab.runtime.files import write_json
from genrelab.runtime.home import Home
from genrelab.runtime.records import encode
from genrelab.runtime.settings import Settings
from tasks.run.step import StepRecord
from tasks.training.train import TimeBudget, all_trainings, step_of, time_budget


def test_the_report_reads_the_trainings_of_all_steps(home: Home) -> None:
    """In the order of the tasks; one of the version before, and one that left its task out, hold none."""

    def keep(name: str, facts: object) -> None:
        record = encode(StepRecord(step_of(name), "", "", 0.0, "", {}, {}))
        write_json(home.state / f"{step_of(name)}.json", {**record, "facts": facts})

    first, *others = TASKS
    keep(others[2], encode(Trainings((made_training(task="third"), made_training(task="variant")))))
    keep(others[1], {"task": others[1], "runs": [], "champion": {}})
    keep(others[0], encode(Trainings(())))
    assert [one.task for one in all_trainings(home).tasks] == ["third", "variant"]
    keep(first, encode(Trainings((made_training(task="first"),))))
    assert [one.task for one in all_trainings(home).tasks] == ["first", "third", "variant"]


def test_without_a_training_there_is_no_result(home: Home) -> None:
    """The pages say what to run."""

    assert all_trainings(home) is None


def test_all_trainings_of_a_run_share_one_deadline() -> None:
    """Seconds from the settings; none of them means no limit."""

    home = Home(Path("home"))
    assert TimeBudget(90, 10.0).deadline == 100.0
    assert time_budget(Settings(home)).deadline is None
    assert time_budget(Settings(home, training_seconds=60)).deadline is not None


def test_variants_are_trained_after_the_tasks_that_have_a_champion() -> None:
    """What comes last is left out first when time is short."""

    champions = [TASKS[name].has_champion for name in TASKS]
    assert champions == sorted(champions, reverse=True)

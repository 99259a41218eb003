"""What the charts of the models share, and the chart of feature importance.

Conventions: one view for each selection, that of the champion or the best model first; a view names its split,
baseline and interval. Titles are computed from the numbers drawn. A view of one model needs only that model: its run in
MLflow shows it too.
"""

from collections.abc import Callable, Mapping, Sequence

from genrelab.analyses.training.result import TrainedModel, Training
from genrelab.evaluation.samples import in_words
from genrelab.report.charts import bars
from genrelab.report.figure import Chart, Picker, View, table
from genrelab.report.palette import slug
from genrelab.report.vocabulary import SPLITS, find_split, in_order
from genrelab.report.wording import decimal

CHAMPION, OTHER = "var(--accent)", "var(--quiet)"
FEATURES_SHOWN = 15
IMPORTANCE = "loss of accuracy when the feature is shuffled among the tracks of the gate"
KNOWN_SPLITS = [split.name for split in SPLITS]


def colour_of(training: Training, run: TrainedModel) -> str:
    """Return the colour of a model; the champion's differs, and its name is marked too."""
    return CHAMPION if run is training.champion_run else OTHER


def model_picker(training: Training, runs: Sequence[TrainedModel]) -> Picker:
    """Return the picker of models."""
    champion = training.champion_run
    return Picker(
        "Model",
        tuple((run.key, f"{run.name}, champion" if run is champion else run.name) for run in runs),
    )


def split_picker(splits: Sequence[str]) -> Picker:
    """Return the picker of test splits."""
    return Picker(
        "Tested on", tuple((name, find_split(name).label) for name in in_order(splits, KNOWN_SPLITS))
    )


def by_model_and_split(
    training: Training,
    name: str,
    part: Callable[[TrainedModel], Mapping[str, object]],
    view: Callable[[TrainedModel, str], View],
    *,
    shows_numbers: bool = False,
) -> Chart | None:
    """Return a chart of one detail of each model, with a picker of models and splits.

    Args:
        training: The training with the models.
        name: Name of the chart.
        part: The detail by split, of a model.
        view: Draws it for a model and a split.
        shows_numbers: Whether the table below the drawing is open.
    """
    # The random split is never shown without the grouped one beside it.
    shown = {
        (run.key, split): view(run, split)
        for run in training.pickable
        for split in in_order([key for key, rows in part(run).items() if rows], KNOWN_SPLITS)
        if split != "random"
    }
    if not shown:
        return None
    keys = {key for key, _ in shown}
    pickers = (
        model_picker(training, [run for run in training.pickable if run.key in keys]),
        split_picker([split for _, split in shown]),
    )
    views = {f"{key}|{split}": drawn for (key, split), drawn in shown.items()}
    return Chart(f"{name}-{slug(training.task)}", views, pickers, shows_numbers=shows_numbers)


def importances(training: Training) -> Chart | None:
    """Draw the feature importance of each model."""
    runs = [run for run in training.champion_first if run.importances]
    views = {run.key: importance_view(run, colour_of(training, run)) for run in runs}
    return Chart(f"features-{slug(training.task)}", views, (model_picker(training, runs),)) if views else None


def importance_view(run: TrainedModel, colour: str, most: int = FEATURES_SHOWN) -> View:
    """Draw the most important features of one model."""
    found = sorted(run.importances, key=lambda one: -one.value)
    shown = found[:most]
    return View(
        title=f"{run.name} relies most on {shown[0].feature.replace('_', ' ')}",
        caption=f"Importance of each of the {len(found)} features: {IMPORTANCE}"
        + (f", on {in_words(shown[0].rows, shown[0].of)}" if shown[0].rows else "")
        + (f"; the first {len(shown)} are drawn." if len(shown) < len(found) else "."),
        grid=table(("Feature", "Importance"), ((one.feature, decimal(one.value, 4)) for one in found)),
        **bars(
            [one.feature for one in shown],
            [one.value for one in shown],
            [decimal(one.value) for one in shown],
            [colour] * len(shown),
            axis="Importance",
        ),
    )

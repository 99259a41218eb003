"""Names and colours that both pages use."""

from collections.abc import Callable, Sequence

from genrelab.analyses.genre_study.result import (
    ALL,
    APART,
    COMPONENTS,
    FEATURES,
    GIVEN,
    OFFICIAL,
    RANDOM,
    FeatureStudy,
    GenreStudy,
    Step,
)
from genrelab.report.figure import Cell, Chart, Picker, View
from genrelab.report.vocabulary import find_metric
from genrelab.report.wording import DASH, decimal

PROTOCOLS = {RANDOM: "Random tracks", APART: "Artists kept apart", OFFICIAL: "FMA's split"}
COLOURS = {RANDOM: "var(--below-3)", APART: "var(--accent)", OFFICIAL: "var(--genre-classical)"}
LABELS = {GIVEN: "genres that the artist chose", ALL: "these and their parents"}
INPUTS = {FEATURES: "all features", COMPONENTS: "principal components"}
DOCUMENT_COLOUR = "var(--soft)"

SCORES = {
    "jaccard": "Jaccard index",
    "hierarchical_f1": "Hierarchical F1",
    "hierarchical_precision": "Hierarchical precision",
    "hierarchical_recall": "Hierarchical recall",
    "micro_f1": "Micro F1",
    "macro_f1": "Macro F1",
    "lrap": "Ranking precision",
    "macro_ap": "Macro average precision",
    "micro_ap": "Micro average precision",
    "macro_auc": "Macro ROC-AUC",
    "subset_accuracy": "All right",
    "hamming_loss": "Hamming loss",
    "coverage_error": "Coverage error",
}


def by_features(
    name: str, studies: Sequence[FeatureStudy], draw: Callable[[FeatureStudy], View | None]
) -> Chart | None:
    """A chart with a view for each set of features; None where none has one."""
    views = {one.name: view for one in studies if (view := draw(one))}
    if not views:
        return None
    options = tuple((one.name, one.title) for one in studies if one.name in views)
    return Chart(name, views, (Picker("Features", options),) if len(views) > 1 else ())


def score_cell(step: Step, metric: str) -> Cell:
    """A score on FMA's test part with its interval below."""
    value, low, high = (step.score(metric, ending) for ending in ("", "_low", "_high"))
    if value is None:
        return Cell(DASH)
    return Cell(decimal(value), find_metric(metric).show_interval(low, high))


def with_spread(value: float | None, sd: float | None) -> Cell:
    """A mean over repeats with its standard deviation below."""
    return Cell(decimal(value), f"± {decimal(sd)}" if sd else "")


def main_study(study: GenreStudy) -> FeatureStudy:
    """The study that the sentences are about: that of the student project's features where they are there."""
    return study.studies[0]

"""Names and meanings of scores and splits, the same on every page.

The names are those of MLflow (`<split>/<metric>`). How a score is computed does not belong here.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from genrelab.evaluation.results import LOWER_IS_BETTER
from genrelab.report.wording import INTERVAL, NO_BREAK, NO_INTERVAL, decimal, percent, points


@dataclass(frozen=True)
class Metric:
    """A score.

    Args:
        name: Name in MLflow.
        label: Name in the report.
        meaning: One sentence.
        is_share: Whether it reads as a percentage.
    """

    name: str
    label: str
    meaning: str
    is_share: bool = False

    @property
    def higher_is_better(self) -> bool:
        """Whether higher values are better."""
        return self.name not in LOWER_IS_BETTER

    def show(self, value: object) -> str:
        """Return the value as text."""
        return percent(value) if self.is_share else decimal(value)

    def show_difference(self, value: object) -> str:
        """Return a difference of two values as text, with its sign."""
        return points(value) if self.is_share else decimal(value, signed=True)

    def show_interval_after(self, low: object, high: object) -> str:
        """Return a 95 % interval as text in brackets, for a sentence."""
        text = self.show_interval(low, high)
        return f"({text})" if text == NO_INTERVAL else f"({INTERVAL} {text})"

    def show_interval(self, low: object, high: object) -> str:
        """Return a 95 % interval as text, without the unit; where it is not known, why."""
        scale, digits = (100, 1) if self.is_share else (1, 3)
        if not isinstance(low, int | float) or not isinstance(high, int | float):
            return NO_INTERVAL
        # Non-breaking spaces keep it on one line in narrow columns.
        return f"{decimal(low * scale, digits)} to {decimal(high * scale, digits)}".replace(" ", NO_BREAK)


METRICS = (
    Metric("accuracy", "Accuracy", "Share of tracks whose genre is predicted correctly.", is_share=True),
    Metric(
        "macro_f1",
        "Macro F1",
        "Mean of the F1 scores of all genres, so that a rare genre counts as much as a common one.",
    ),
    Metric(
        "balanced_accuracy",
        "Balanced accuracy",
        "Mean over genres of the share predicted correctly.",
        is_share=True,
    ),
    Metric(
        "top2_accuracy",
        "Correct within two predictions",
        "Share of tracks whose genre is among the two most probable ones.",
        is_share=True,
    ),
    Metric(
        "log_loss",
        "Log loss",
        "Mean negative log probability of the true genre; lower is better.",
    ),
    Metric(
        "ece",
        "Calibration error",
        "Difference between confidence and share of correct predictions, in 15 bins; lower is better.",
    ),
)


@dataclass(frozen=True)
class Split:
    """A way to hold out tracks.

    Args:
        name: Name in MLflow.
        label: Name in the report.
        meaning: One sentence.
    """

    name: str
    label: str
    meaning: str


SPLITS = (
    Split(
        "grouped",
        "New artists",
        "Test tracks by artists that are not in the training data; the main split of the report.",
    ),
    Split(
        "random",
        "Random tracks",
        "Test tracks drawn at random: the same artists, often the same recordings, are in training and test.",
    ),
    Split(
        "official",
        "FMA test part",
        "The test part defined by the authors of the FMA; no artist is in both training and test.",
    ),
    Split("validation", "FMA validation part", "The part defined by the authors of the FMA for tuning."),
    Split("gate", "Gate", "Artists that are only used to decide on promotion."),
    Split(
        "author",
        "Published split",
        "The random split of the published study, reproduced row by row to compare with its results.",
    ),
)


def find_metric(name: str) -> Metric:
    """Return a metric by its name in MLflow; an unknown one is shown under that name."""
    return next((metric for metric in METRICS if metric.name == name), Metric(name, name, ""))


def find_split(name: str) -> Split:
    """Return a split by its name in MLflow; an unknown one is shown under that name."""
    return next((split for split in SPLITS if split.name == name), Split(name, name, ""))


def in_order(names: Sequence[str], known: Sequence[str]) -> list[str]:
    """Return the distinct names: the known ones in their declared order, then the others sorted."""
    return [name for name in known if name in names] + sorted(set(names) - set(known))


def cluster_name(cluster: int) -> str:
    """Return the display name of a cluster, which results number from 0.

    >>> cluster_name(0)
    'Cluster 1'
    """
    return f"Cluster {cluster + 1}"


LABELLINGS = {
    "classic": "the classic rules",
    "reviewed": "the reviewed rules",
    "top genre": "the FMA's top genres",
}


def labelling(name: str) -> str:
    """Return the display name of a labelling.

    >>> labelling("classic"), labelling("my_rules")
    ('the classic rules', 'the rules my_rules')
    """
    return LABELLINGS.get(name, f"the rules {name}")


TASKS = {
    "fma-top-genre": "FMA top genre",
    "fma-small-genres": "FMA small",
    "fma-three-genres": "FMA three genres",
    "fma-top-ten-genres": "FMA ten genres",
    "fma-top-ten-genres-artists": "FMA ten, with artists",
    "fma-all-genres": "FMA all genres",
    "fma-all-genres-echonest": "FMA all, Echo Nest",
    "fma-given-genres": "FMA given genres",
}
VARIANTS = {"titles": "title words", "twelve": "twelve features", "popularity": "popularity"}
RULES_TASK = "spotify-bins-"


def task_label(task: str) -> str:
    """Return the short name of a training task, for links, labels and axes; an unknown one keeps its name.

    >>> task_label("spotify-bins-reviewed"), task_label("spotify-bins-classic-titles")
    ('Reviewed rules', 'Classic, title words')
    >>> task_label("spotify-bins-my_rules"), task_label("fma-top-genre-without-tempo")
    ('Rules my_rules', 'FMA top genre, no tempo')
    """
    name, _, absent = task.partition("-without-")
    rules, _, variant = name.removeprefix(RULES_TASK).partition("-")
    if not name.startswith(RULES_TASK):
        label = TASKS.get(name, name)
    elif variant:
        label = f"{rules.capitalize()}, {VARIANTS.get(variant, variant)}"
    else:
        label = f"{rules.capitalize()} rules" if rules in LABELLINGS else f"Rules {rules}"
    return f"{label}, no {absent}" if absent else label


@dataclass(frozen=True)
class Term:
    """A word of the report, and what it means."""

    word: str
    meaning: str


TERMS = (
    Term(
        "Micro-genre",
        "A fine genre that Spotify or another service gives to an artist, such as 'indie r&b'.",
    ),
    Term(
        "Genre, target genre, bin",
        "One of twelve genres that a rule set gives to a track; in tables and MLflow it is called a bin.",
    ),
    Term("Top genre", "The main genre of a track of the Free Music Archive, one of sixteen."),
    Term(
        "Rule",
        "Names of micro-genres that belong to one genre, with exceptions; it has a place in its rule set.",
    ),
    Term(
        "Rule set",
        "Rules in order, and how they decide: 'classic' repeats the published study, 'reviewed' is the project's own."
        " One rule set is in use; the others are applied for comparison.",
    ),
    Term("Coverage", "Share of the tracks for which a rule set finds a genre."),
    Term(
        "Contested micro-genre",
        "A micro-genre that rules of several genres match; the first of them wins it.",
    ),
    Term("Task", "What is predicted from what, with which labels: one champion each."),
    Term(
        "Champion",
        "The model of a task that is in use; in MLflow the alias 'champion' of its registered model.",
    ),
    Term(
        "Challenger",
        "The best model of a training on the folds; it becomes champion if it is better on the gate.",
    ),
    Term("Baseline", "Always predicting the commonest genre, without listening."),
    Term("Recall", "Share of a genre's tracks that a model names right."),
    Term(
        "95 % interval",
        "Where a score would lie in 95 of 100 draws of other artists; overlapping intervals may be chance.",
    ),
    Term("Cluster", "Tracks that are grouped by sound alone; numbered from 1, the largest first."),
    Term("Drift", "The data are unlike those that a model was trained on."),
    Term("Quarantine", "Where records lie that a check rejected, each with the reason."),
    Term(
        "Sample data",
        "Synthetic tracks that genrelab makes to try everything; no statement about real music.",
    ),
)
"""Words that are neither a score nor a split nor a feature."""

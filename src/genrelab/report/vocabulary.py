"""What the scores and splits mean, in words a reader understands; every page speaks of them the same way.

The names are those of MLflow (`<split>/<metric>`). How a score is computed does not belong here.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from genrelab.evaluation.results import LOWER_IS_BETTER
from genrelab.report.wording import NO_BREAK, decimal, percent, points


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
        """Which way is up."""
        return self.name not in LOWER_IS_BETTER

    def show(self, value: object) -> str:
        """The value as text."""
        return percent(value) if self.is_share else decimal(value)

    def show_difference(self, value: object) -> str:
        """A difference of two values as text, with its sign."""
        return points(value) if self.is_share else decimal(value, signed=True)

    def show_interval(self, low: object, high: object) -> str:
        """A 95 % interval as text, without the unit."""
        scale, digits = (100, 1) if self.is_share else (1, 3)
        if not isinstance(low, int | float) or not isinstance(high, int | float):
            return ""
        # It stays on one line, however narrow its column.
        return f"{decimal(low * scale, digits)} to {decimal(high * scale, digits)}".replace(" ", NO_BREAK)


METRICS = (
    Metric("accuracy", "Accuracy", "Share of tracks whose genre is named right.", is_share=True),
    Metric(
        "macro_f1",
        "Macro F1",
        "Mean of the F1 scores of all genres, so that a rare genre counts as much as a common one.",
    ),
    Metric(
        "balanced_accuracy",
        "Balanced accuracy",
        "Mean over genres of the share named right.",
        is_share=True,
    ),
    Metric(
        "top2_accuracy",
        "Right within two guesses",
        "Share of tracks whose genre is among the model's two likeliest.",
        is_share=True,
    ),
    Metric(
        "log_loss",
        "Log loss",
        "Surprise of the model at the true genre; lower is better.",
    ),
    Metric(
        "ece",
        "Calibration error",
        "How far the stated confidence is from the share right, in 15 bins; lower is better.",
    ),
)


@dataclass(frozen=True)
class Split:
    """A way to hold tracks back.

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
        "Test tracks by artists that the model never heard in training; the split that counts.",
    ),
    Split(
        "random",
        "Random tracks",
        "Test tracks drawn at random: the same artists, often the same recordings, sit on both sides.",
    ),
    Split(
        "official",
        "FMA test part",
        "The test part that the makers of the FMA laid down; no artist sits on both sides.",
    ),
    Split("validation", "FMA validation part", "The part that the makers of the FMA laid down for tuning."),
    Split("gate", "Gate", "Artists that decide on promotion and on nothing else."),
    Split(
        "author",
        "Published split",
        "The random split of the published study, reproduced row by row to compare with its results.",
    ),
)


def find_metric(name: str) -> Metric:
    """A metric by its name in MLflow; an unknown one is shown under that name."""
    return next((metric for metric in METRICS if metric.name == name), Metric(name, name, ""))


def find_split(name: str) -> Split:
    """A split by its name in MLflow; an unknown one is shown under that name."""
    return next((split for split in SPLITS if split.name == name), Split(name, name, ""))


def in_order(names: Sequence[str], known: Sequence[str]) -> list[str]:
    """Names without repetition: the known ones in their declared order, then the others by name."""
    return [name for name in known if name in names] + sorted(set(names) - set(known))


LABELLINGS = {
    "classic": "the classic rules",
    "reviewed": "the reviewed rules",
    "top genre": "the FMA's top genres",
}


def labelling(name: str) -> str:
    """A labelling as people say it.

    >>> labelling("classic"), labelling("my_rules")
    ('the classic rules', 'the rules my_rules')
    """
    return LABELLINGS.get(name, f"the rules {name}")

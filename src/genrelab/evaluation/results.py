"""What is measured of a classifier, as plain values: scores, per-class reports, curves, importances, differences.

Conventions: shares are fractions of 1; intervals are 95 % intervals. How each is computed does not belong here but in
`genrelab.evaluation.scores` and `genrelab.models`.
"""

from dataclasses import dataclass

LOWER_IS_BETTER = frozenset({"log_loss", "ece"})
"""Scores of which less is better."""


@dataclass(frozen=True)
class Difference:
    """How far two predictions of the same rows are apart in one score, first minus second, with its 95 % interval."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:+.4f} ({self.low:+.4f} to {self.high:+.4f})"


@dataclass(frozen=True)
class Score:
    """A score with its 95 % interval."""

    value: float
    low: float
    high: float

    def may_equal(self, other: "Score") -> bool:
        """Whether one's interval holds the other's value: a difference that may be chance."""
        return self.low <= other.value <= self.high or other.low <= self.value <= other.high


@dataclass(frozen=True)
class SeedSpread:
    """Mean and standard deviation of a score over other draws of artists."""

    mean: float
    sd: float


@dataclass(frozen=True)
class ClassScores:
    """How well a genre is named: its rows (`support`), and its share of the truth and of the predictions."""

    genre: str
    precision: float
    recall: float
    f1: float
    support: float
    true_share: float
    predicted_share: float


@dataclass(frozen=True)
class CalibrationBin:
    """Rows of which the model is about equally sure: its mean confidence, the share it names right, their count."""

    confidence: float
    accuracy: float
    count: float


@dataclass(frozen=True)
class Importance:
    """A feature, and the accuracy that is lost when its values are shuffled among `rows` of `of` judged rows."""

    feature: str
    value: float
    rows: int = 0
    of: int = 0


@dataclass(frozen=True)
class Density:
    """How the probability given to a genre is spread: shares of its own tracks, and of all others, by equal bins."""

    own: tuple[float, ...]
    others: tuple[float, ...]


@dataclass(frozen=True)
class Densities:
    """The density of each genre on a split."""

    split: str
    genres: dict[str, Density]


@dataclass(frozen=True)
class ValidationPoint:
    """Accuracy on folds with a value of a parameter, and its standard error over the folds."""

    value: int | float
    accuracy: float
    error: float


@dataclass(frozen=True)
class ValidationCurve:
    """Accuracy over the values of a parameter, on folds of so many training rows."""

    parameter: str
    rows: int
    points: tuple[ValidationPoint, ...]


@dataclass(frozen=True)
class LearningPoint:
    """Scores of a model that was fitted on so many rows."""

    rows: float
    accuracy: float
    macro_f1: float


@dataclass(frozen=True)
class LearningCurve:
    """Scores on a split by number of training rows."""

    split: str
    points: tuple[LearningPoint, ...]


@dataclass(frozen=True)
class Comparison:
    """One model minus another one, named here, on the same rows.

    Args:
        model: The other model.
        label: Name that people read.
        accuracy: Difference of the accuracies.
        macro_f1: Difference of macro F1.
        p: P-value of the difference in accuracy, corrected for the number of comparisons.
        is_real: Whether that is significant.
    """

    model: str
    label: str
    accuracy: Difference
    macro_f1: Difference
    p: float
    is_real: bool

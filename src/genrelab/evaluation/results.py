"""What is measured of a classifier, as plain values: scores, per-class reports, curves, importances, differences.

Conventions: shares are fractions of 1; intervals are 95 % intervals. How each is computed does not belong here but in
`genrelab.evaluation.scores` and `genrelab.models`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

LOWER_IS_BETTER = frozenset({"log_loss", "ece"})
"""Scores of which less is better."""


@dataclass(frozen=True)
class Difference:
    """How far two predictions of the same rows are apart in one score, first minus second, with its 95 % interval.

    The interval is None where it is not known: too few artists.
    """

    value: float
    low: float | None
    high: float | None

    @property
    def is_positive(self) -> bool:
        """Whether it is above 0 beyond noise."""
        return self.low is not None and self.low > 0

    @property
    def is_negative(self) -> bool:
        """Whether it is below 0 beyond noise."""
        return self.high is not None and self.high < 0

    def __str__(self) -> str:
        if self.low is None or self.high is None:
            return f"{self.value:+.4f} (no interval: too few artists)"
        return f"{self.value:+.4f} ({self.low:+.4f} to {self.high:+.4f})"


@dataclass(frozen=True)
class Score:
    """A score with its 95 % interval; None where it is not known: all rows are one artist's."""

    value: float
    low: float | None
    high: float | None

    def __str__(self) -> str:
        if self.low is None or self.high is None:
            return f"{self.value:.3f} (no interval: one artist)"
        return f"{self.value:.3f} ({self.low:.3f} to {self.high:.3f})"

    def may_equal(self, other: "Score") -> bool:
        """Whether one's interval holds the other's value, or is not known: a difference that may be chance."""
        return self.may_be(other.value) or other.may_be(self.value)

    def may_be(self, value: float) -> bool:
        """Whether its interval holds a value, or is not known."""
        return self.low is None or self.high is None or self.low <= value <= self.high


def score_of(metrics: Mapping[str, float], name: str) -> Score:
    """The score of that MLflow metric name, with its interval where it has one."""
    return Score(metrics[name], metrics.get(f"{name}_low"), metrics.get(f"{name}_high"))


@dataclass(frozen=True)
class SeedSpread:
    """Mean and standard deviation of a score over other draws of artists."""

    mean: float
    sd: float


@dataclass(frozen=True)
class PerfectEce:
    """The calibration error of a perfectly calibrated model on the same artists: mean and 95th percentile."""

    mean: float
    p95: float


@dataclass(frozen=True)
class Sampled:
    """How much evidence a score rests on: rows, their artists, and the share of the rows that the largest one has."""

    rows: int
    artists: int
    largest_artist: float


@dataclass(frozen=True)
class ClassScores:
    """How well a genre is named: its rows (`support`), their artists, its share of the truth and of the predictions."""

    genre: str
    precision: float
    recall: float
    f1: float
    support: float
    true_share: float
    predicted_share: float
    artists: int


@dataclass(frozen=True)
class CalibrationBin:
    """Rows of which the model is about equally sure: its mean confidence, the share it names right, their count."""

    confidence: float
    accuracy: float
    count: float


@dataclass(frozen=True)
class Candidate:
    """A model on folds by artist of the training rows, after calibration.

    Args:
        model: Kind of model.
        label: Name that people read.
        complexity: 1 for the simplest; see `genrelab.models.declaration.Model`.
        log_loss: On the folds.
        behind: By how much that is above the best candidate's.
        behind_error: Standard error of this difference, with artists as clusters.
        is_near: Whether it is within one such error of the best.
        is_chosen: Whether it challenges the champion.
        temperature: Exponent of its published probabilities.
        smoothing: Part of them that is spread evenly.
        fair_power: Power of the genres' shares that the decision "fair to rare genres" divides by.
        fair_cost: Accuracy that this decision costs.
        fair_gain: Macro F1 that it gains.
    """

    model: str
    label: str
    complexity: int
    log_loss: float
    behind: float
    behind_error: float
    is_near: bool
    is_chosen: bool
    temperature: float
    smoothing: float
    fair_power: float
    fair_cost: float
    fair_gain: float


@dataclass(frozen=True)
class GenreShare:
    """Share of a genre in a collection, estimated without its labels, and among the training tracks."""

    genre: str
    here: float
    training: float


@dataclass(frozen=True)
class CollectionMix:
    """The mix of genres in one collection.

    Args:
        model: Registered model.
        is_other: Whether it is made of files that the model was not trained on.
        is_labelled: Whether its tracks have labels.
        files: Number of files.
        tracks: Distinct tracks.
        artists: Artists of these; tracks without one count as one artist's.
        p: How often the test gives at least this deviation when nothing moved; None without a test.
        has_moved: Whether that is rarer than the level of the test: adjusted probabilities are published.
        problem: Why there was no test; empty where there was one.
        shares: Estimated shares, the largest first; none without a test.
    """

    model: str
    is_other: bool
    is_labelled: bool
    files: int
    tracks: int
    artists: int
    p: float | None
    has_moved: bool
    problem: str
    shares: tuple[GenreShare, ...]


@dataclass(frozen=True)
class Importance:
    """A feature, and the accuracy that is lost when its values are shuffled."""

    feature: str
    value: float


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
    """Accuracy on folds with a value of a parameter, and its standard error with artists as clusters."""

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

"""What is measured of a classifier, as plain values: scores, per-class reports, curves, importances, differences.

Conventions: shares are fractions of 1; intervals are 95 % intervals. How each is computed does not belong here but in
`genrelab.evaluation.scores` and `genrelab.models`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

LOWER_IS_BETTER = frozenset({"log_loss", "ece", "hamming_loss", "coverage_error"})
"""Scores of which less is better."""


@dataclass(frozen=True)
class Difference:
    """How far two predictions of the same rows are apart in one score, first minus second, with its 95 % interval.

    The interval is None where it is not known: too few artists.
    """

    value: float
    low: float | None
    high: float | None

    def times(self, factor: float) -> "Difference":
        """The difference of sums, where this is one of means, or the other way round."""
        low, high = (None if end is None else end * factor for end in (self.low, self.high))
        return Difference(self.value * factor, low, high)

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
    """How well a genre is named: its rows (`support`), their artists, its share of the truth and of the predictions.

    `precision_interval` and `recall_interval` are 95 % intervals by the bootstrap over artists; None where
    `genrelab.evaluation.class_scores` finds none, and in results of versions before it.
    """

    genre: str
    precision: float
    recall: float
    f1: float
    support: float
    true_share: float
    predicted_share: float
    artists: int
    precision_interval: tuple[float, float] | None = None
    recall_interval: tuple[float, float] | None = None


@dataclass(frozen=True)
class CalibrationBin:
    """Rows of which the model is about equally sure: its mean confidence, the share it names right, their count."""

    confidence: float
    accuracy: float
    count: float


@dataclass(frozen=True)
class Candidate:
    """A model on folds by artist of the training rows, with what it publishes there.

    Args:
        model: Kind of model.
        label: Name that people read.
        complexity: 1 for the simplest; see `genrelab.models.declaration.Model`.
        score: What candidates are compared by: `log_loss` for one label, `jaccard` for several.
        value: That score on the folds.
        behind: By how much it is worse than the best candidate's.
        behind_error: Standard error of this difference, with artists as clusters.
        is_near: Whether it is within one such error of the best.
        is_chosen: Whether it challenges the champion.
        numbers: What it publishes by. One label: `temperature` (exponent of its probabilities), `smoothing` (part of
            them that is spread evenly), `fair_power` (power of the genres' shares that the decision "fair to rare
            genres" divides by), `fair_accuracy_cost` and `fair_macro_f1_gain` (what this decision costs and gains).
            Several labels: `threshold`, `own_thresholds` (how many labels have one of their own), `at_least`.
    """

    model: str
    label: str
    complexity: int
    score: str
    value: float
    behind: float
    behind_error: float
    is_near: bool
    is_chosen: bool
    numbers: dict[str, float]


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
        sampled: Tracks of the artists that were drawn for test and shares; 0 where all take part.
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
    sampled: int = 0


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
    """Accuracy on folds with a value of a parameter, and its standard error with artists as clusters."""

    value: int | float
    accuracy: float
    error: float


@dataclass(frozen=True)
class ThresholdPoint:
    """Mean Jaccard on folds by artist of the training rows when every label is named from one threshold on."""

    threshold: float
    jaccard: float


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


@dataclass(frozen=True)
class SubsetScores:
    """Scores of a model on a subset of a split: rows whose label may belong to somebody else (`suspect`), or `clean`.

    Args:
        split: The split.
        subset: `clean` or `suspect`.
        rows: Its rows.
        artists: Their artists.
        accuracy: Share of rows named correctly.
        macro_f1: Mean F1 over the genres.
        log_loss: Mean negative logarithm of the label's probability.
    """

    split: str
    subset: str
    rows: int
    artists: int
    accuracy: Score
    macro_f1: Score
    log_loss: Score


@dataclass(frozen=True)
class SuspectStudy:
    """Training without rows whose label is suspect minus training with them, on folds by artist of training rows.

    Args:
        model: The model that was fitted.
        folds: Number of folds.
        rows: Rows of the folds.
        suspect: Those of them with a suspect label.
        artists: Artists of the rows.
        on_clean: Difference of each score on the clean rows held out.
        on_all: The same on all rows held out.
    """

    model: str
    folds: int
    rows: int
    suspect: int
    artists: int
    on_clean: dict[str, Difference]
    on_all: dict[str, Difference]

    @property
    def is_left_out(self) -> bool:
        """Whether suspect rows are left out: better in log loss beyond noise on clean rows, not worse on all.

        The second condition is there because the gate judges on all rows. It is strict: the log loss on wrong labels is
        lowest for a model that has learned them too.
        """
        return self.on_clean["log_loss"].is_negative and not self.on_all["log_loss"].is_positive

    def metrics(self) -> dict[str, float]:
        """What MLflow records of it."""
        return {
            "suspects/rows": float(self.suspect),
            "suspects/left_out": float(self.is_left_out),
            **{
                f"suspects/{name}_{on}{ending}": value
                for on, found in (("clean", self.on_clean), ("all", self.on_all))
                for name, one in found.items()
                for ending, value in (("", one.value), ("_low", one.low), ("_high", one.high))
                if value is not None
            },
        }

    def in_words(self) -> str:
        """The decision in a sentence."""
        decision = "are left out of training" if self.is_left_out else "stay in training"
        on_clean, on_all = (found["log_loss"] for found in (self.on_clean, self.on_all))
        return (
            f"{self.suspect:,} suspect labels {decision}: without them log loss changes by {on_clean} on the other "
            f"tracks and by {on_all} on all ({self.model}, {self.folds} folds by artist)"
        )


@dataclass(frozen=True)
class LabelScores:
    """How well one label is predicted; None where nothing can be said.

    Args:
        label: Its text.
        tracks: Judged rows that have it.
        artists: Artists of these rows; one artist says little about another's.
        named: Judged rows that are given it.
        precision: Share of the rows given it that have it.
        recall: Share of the rows that have it that are given it.
        f1: Harmonic mean of both.
        ap: Average precision.
        auc: Area under the ROC curve.
        threshold: Probability from which it is named.
        is_seen: Whether training rows have it; no model can predict a label that none has.
    """

    label: str
    tracks: int
    artists: int
    named: int
    precision: float | None
    recall: float | None
    f1: float | None
    ap: float | None
    auc: float | None
    threshold: float | None
    is_seen: bool

    @property
    def is_one_artists(self) -> bool:
        """Whether all rows that have it are one artist's."""
        return self.artists == 1


@dataclass(frozen=True)
class Rule:
    """A way to name labels, and what it reaches on artists that it was not fitted on.

    Args:
        by_label: Whether labels have thresholds of their own.
        at_least: So many of the most probable labels are named where none reaches its threshold.
        jaccard: Mean over rows.
        behind: How much less than the best rule.
        behind_error: Its standard error with artists as clusters.
        is_chosen: Whether it is used.
    """

    by_label: bool
    at_least: int
    jaccard: float
    behind: float
    behind_error: float
    is_chosen: bool

    @property
    def name(self) -> str:
        """The rule in words."""
        kind = "one threshold per genre" if self.by_label else "one threshold"
        return f"{kind}, the most probable genre at least" if self.at_least else kind


@dataclass(frozen=True)
class Thresholds:
    """From which probability on labels are named.

    Args:
        overall: Threshold of every label that has none of its own.
        by_label: Threshold by text of the label.
        at_least: So many of the most probable labels are named where no label reaches its threshold: 0 or 1.
        minimum_support: Artists that a label needed for a threshold of its own.
        compared: The rules that were compared, the simplest first; none where all rows are one artist's.
    """

    overall: float
    by_label: Mapping[str, float]
    at_least: int
    minimum_support: int
    compared: tuple[Rule, ...]

    def of(self, labels: Sequence[object]) -> npt.NDArray[np.float64]:
        """Threshold of each label, shape (labels,)."""
        return np.array([self.by_label.get(str(label), self.overall) for label in labels], dtype=np.float64)


@dataclass(frozen=True)
class VarianceShares:
    """Shares of the variance that lie between artists.

    Args:
        rows: Rows.
        artists: Artists.
        ratio: The correlation ratio.
        component: The variance component; None where no artist has two rows.
    """

    rows: int
    artists: int
    ratio: Score
    component: Score | None

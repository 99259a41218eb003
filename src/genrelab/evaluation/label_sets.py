"""Scores of several labels per row.

Conventions
    - Truth and decisions are boolean, predictions are probabilities, all of shape (rows, labels).
    - Ratios of nothing are 0, as in scikit-learn: Jaccard where neither truth nor decision has a label.
    - Means over labels leave out the labels that neither occur nor are named.

Source of the formulas: Tsoumakas, Katakis and Vlahavas, "Mining Multi-label Data", 2010 (sections 5.1 and 5.2);
LRAP and coverage as in scikit-learn's user guide, 3.4.3.
"""

import numpy as np
import numpy.typing as npt
from scipy.stats import rankdata
from sklearn.metrics import average_precision_score, roc_auc_score

from genrelab.evaluation.judged import FloatArray, OfWeights, Score, ValidationTarget, mean_of

BoolArray = npt.NDArray[np.bool_]

THRESHOLDS = tuple(step / 20 for step in range(1, 20))


def jaccard(judged: ValidationTarget) -> FloatArray:
    """Labels both true and named among those true or named, for each row."""
    both = (judged.truth & judged.decided).sum(axis=1)
    return _ratio(both, (judged.truth | judged.decided).sum(axis=1))


def hamming_loss(judged: ValidationTarget) -> FloatArray:
    """Share of all labels that are wrongly named or wrongly left out, for each row."""
    return np.asarray((judged.truth != judged.decided).mean(axis=1))


def subset_accuracy(judged: ValidationTarget) -> BoolArray:
    """Whether exactly the true labels are named, for each row."""
    return np.asarray((judged.truth == judged.decided).all(axis=1))


def micro_f1(judged: ValidationTarget) -> OfWeights:
    """F1 over all pairs of row and label."""
    hits, named = _counts(judged)
    return lambda weights: _ratio(2 * (weights @ hits.sum(axis=1)), weights @ named.sum(axis=1))


def macro_f1(judged: ValidationTarget) -> OfWeights:
    """Mean over labels of their F1."""
    hits, named = _counts(judged)

    def of(weights: FloatArray) -> FloatArray:
        both = weights @ named
        return _ratio(_ratio(2 * (weights @ hits), both).sum(axis=-1), (both > 0).sum(axis=-1))

    return of


def lrap(judged: ValidationTarget) -> FloatArray:
    """Mean over a row's true labels of the share of true ones among the labels at least as probable."""
    among_all = rankdata(-judged.predicted, "max", axis=1)
    among_true = rankdata(np.where(judged.truth, -judged.predicted, np.inf), "max", axis=1)
    count = judged.truth.sum(axis=1)
    precision = np.where(judged.truth, among_true / among_all, 0).sum(axis=1)
    return np.where(count > 0, _ratio(precision, count), 1.0)


def coverage_error(judged: ValidationTarget) -> FloatArray:
    """How many of the most probable labels it takes to have all true ones, for each row."""
    ranks = rankdata(-judged.predicted, "max", axis=1)
    return np.asarray(np.where(judged.truth, ranks, 0).max(axis=1))


def macro_ap(judged: ValidationTarget) -> OfWeights:
    """Mean average precision over the labels that occur."""
    occurs = judged.truth.any(axis=0)
    return lambda weights: np.asarray(
        average_precision_score(
            judged.truth[:, occurs], judged.predicted[:, occurs], average="macro", sample_weight=weights
        )
    )


def micro_ap(judged: ValidationTarget) -> OfWeights:
    """Average precision over all pairs of row and label."""
    return lambda weights: np.asarray(
        average_precision_score(judged.truth, judged.predicted, average="micro", sample_weight=weights)
    )


def macro_auc(judged: ValidationTarget) -> OfWeights:
    """Mean area under the ROC curve over the labels that some rows have and others lack; 0.5 without any."""
    varies = judged.truth.any(axis=0) & ~judged.truth.all(axis=0)
    if not varies.any():
        return lambda _: np.asarray(0.5)
    return lambda weights: np.asarray(
        roc_auc_score(
            judged.truth[:, varies], judged.predicted[:, varies], average="macro", sample_weight=weights
        )
    )


SCORES = {
    "jaccard": Score(mean_of(jaccard)),
    "hamming_loss": Score(mean_of(hamming_loss), is_loss=True),
    "subset_accuracy": Score(mean_of(subset_accuracy)),
    "micro_f1": Score(micro_f1),
    "macro_f1": Score(macro_f1),
    "lrap": Score(mean_of(lrap)),
    "coverage_error": Score(mean_of(coverage_error), is_loss=True),
    "macro_ap": Score(macro_ap, has_interval=False),
    "micro_ap": Score(micro_ap, has_interval=False),
    "macro_auc": Score(macro_auc, has_interval=False),
}
"""Every score by its metric name."""


def best_threshold(truth: BoolArray, predicted: FloatArray) -> float:
    """The probability from which labels are named: that of the highest mean Jaccard, the least of equal ones."""
    values = [
        jaccard(ValidationTarget(truth, predicted, predicted >= threshold)).mean() for threshold in THRESHOLDS
    ]
    return THRESHOLDS[int(np.argmax(values))]


def _counts(judged: ValidationTarget) -> tuple[FloatArray, FloatArray]:
    """Labels both true and named, and labels true plus labels named, as numbers, shape (rows, labels)."""
    hits = (judged.truth & judged.decided).astype(np.float64)
    return hits, judged.truth.astype(np.float64) + judged.decided


def _ratio(part: npt.ArrayLike, whole: npt.ArrayLike) -> FloatArray:
    """Part over whole, 0 where the whole is 0."""
    over = np.asarray(whole, dtype=np.float64)
    return np.divide(part, over, out=np.zeros_like(over), where=over > 0)

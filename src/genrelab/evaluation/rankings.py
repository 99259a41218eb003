"""Average precision and area under the ROC curve as functions of weights, for thousands of resamples.

Conventions
    - What is ranked is a *pair* of a row and a label, by its probability; a row's weight is the weight of its pairs.
    - Pairs of equal probability are one step, as in scikit-learn.
    - Weights have shape (rows, resamples). A resample without a true pair (or, for the area, without a false one) has
      no value: NaN.

Each ranking is sorted once. Both scores only need the weight that lies at each step with a true pair, and the weight
between two of them: a sparse sum for any number of resamples, instead of a sort for each.

Source of the formulas: scikit-learn's `average_precision_score` and `roc_auc_score` with `sample_weight`. The area is
the share of (true, false) couples in the right order, ties counting half (Hanley and McNeil, Radiology 1982).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

BoolArray = npt.NDArray[np.bool_]
FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Ranking:
    """Pairs from the most to the least probable one.

    Args:
        pairs: Sums the weights of all pairs between two steps with true pairs, and at such a step, by turns; shape
            (2 * steps + 1, rows).
        true_pairs: Sums the weights of the true pairs of such a step, shape (steps, rows).
    """

    pairs: csr_array
    true_pairs: csr_array

    def average_precision(self, weights: FloatArray) -> FloatArray:
        """Mean over true pairs of the share of true ones among the pairs at least as probable, shape (resamples,)."""
        true = self.true_pairs @ weights
        reached = np.cumsum(true, axis=0)
        named = np.cumsum(self.pairs @ weights, axis=0)[1::2]
        return _ratio((true * _ratio(reached, named, 0.0)).sum(axis=0), true.sum(axis=0))

    def area(self, weights: FloatArray) -> FloatArray:
        """Probability that a true pair ranks above a false one, shape (resamples,)."""
        true = self.true_pairs @ weights
        passed = np.cumsum(self.pairs @ weights, axis=0)
        reached = np.cumsum(true, axis=0)
        false = passed[-1] - true.sum(axis=0)
        above = (passed[:-1:2] - (reached - true) + passed[1::2] - reached) / 2
        return _ratio((true * (false - above)).sum(axis=0), true.sum(axis=0) * false)


def rank(truth: BoolArray, predicted: FloatArray, rows: IntArray, count: int) -> Ranking:
    """Sort pairs.

    Args:
        truth: Whether the row has the label, shape (pairs,).
        predicted: Its probability, shape (pairs,).
        rows: Row of each pair, shape (pairs,).
        count: Number of rows.
    """
    order = np.argsort(-predicted, kind="stable")
    is_true, value, rows = truth[order], predicted[order], rows[order]
    step = np.concatenate([[0], np.cumsum(value[1:] != value[:-1])]).astype(np.int64)
    has_true = np.bincount(step[is_true], minlength=step[-1] + 1) > 0
    nth = np.cumsum(has_true)
    return Ranking(
        _sums((2 * nth - has_true)[step], rows, 2 * nth[-1] + 1, count),
        _sums((nth - 1)[step[is_true]], rows[is_true], nth[-1], count),
    )


def _sums(places: IntArray, rows: IntArray, shape: int, count: int) -> csr_array:
    """The matrix that adds the weight of each row at its place; places are in order."""
    ends = np.concatenate([[0], np.cumsum(np.bincount(places, minlength=shape))])
    return csr_array((np.ones(len(rows)), rows.astype(np.int32), ends.astype(np.int32)), shape=(shape, count))


def _ratio(part: FloatArray, whole: FloatArray, otherwise: float = np.nan) -> FloatArray:
    return np.divide(part, whole, out=np.full_like(whole, otherwise), where=whole > 0)

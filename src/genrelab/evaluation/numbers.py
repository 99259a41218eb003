"""Scores of a number per row.

Conventions: truth and predictions are numbers of shape (rows,), in the unit of the target.
"""

from collections.abc import Callable

import numpy as np

from genrelab.evaluation.judged import FloatArray, OfWeights, Score, ValidationTarget, mean_of

TOP_DECILE = 90
"""Percentile of the truth from which on a row belongs to the top decile."""


def absolute_error(judged: ValidationTarget) -> FloatArray:
    """Distance of prediction and truth, for each row."""
    return np.asarray(np.abs(judged.truth - judged.predicted))


def rmse(judged: ValidationTarget) -> OfWeights:
    """Square root of the mean squared error."""
    of = mean_of(lambda rows: (rows.truth - rows.predicted) ** 2)(judged)
    return lambda weights: np.asarray(np.sqrt(of(weights)))


def r2(judged: ValidationTarget) -> OfWeights:
    """Share of the variance that is explained; 0 where the truth never changes."""
    error = (judged.truth - judged.predicted) ** 2
    centred = judged.truth - judged.truth.mean()

    def of(weights: FloatArray) -> FloatArray:
        total = weights @ centred**2 - (weights @ centred) ** 2 / weights.sum(axis=-1)
        return np.asarray(1 - np.divide(weights @ error, total, out=np.ones_like(total), where=total > 0))

    return of


def spearman(judged: ValidationTarget) -> OfWeights:
    """Correlation of the ranks of prediction and truth; 0 where one of them never changes."""
    ranks_of = [_ranks(judged.truth), _ranks(judged.predicted)]

    def of(weights: FloatArray) -> FloatArray:
        one, other = (_centred(ranks(weights), weights) for ranks in ranks_of)
        spread = np.sqrt((weights * one**2).sum(axis=-1) * (weights * other**2).sum(axis=-1))
        shared = (weights * one * other).sum(axis=-1)
        return np.asarray(np.divide(shared, spread, out=np.zeros_like(spread), where=spread > 0))

    return of


def top_decile_auc(judged: ValidationTarget) -> OfWeights:
    """Probability that a row of the top decile of the truth is predicted above a row below it; ties count half.

    The area under the ROC curve as the Mann-Whitney statistic (Hanley and McNeil, Radiology 1982). The top decile
    begins at the 90th percentile of the judged rows and stays the same in every resample; 0.5 where it holds all rows.
    """
    is_top = judged.truth >= np.percentile(judged.truth, TOP_DECILE)
    ranks_of = _ranks(judged.predicted)

    def of(weights: FloatArray) -> FloatArray:
        top = weights * is_top
        inside, outside = top.sum(axis=-1), (weights * ~is_top).sum(axis=-1)
        above = (top * ranks_of(weights)).sum(axis=-1) - inside**2 / 2
        pairs = inside * outside
        return np.asarray(np.divide(above, pairs, out=np.full_like(pairs, 0.5), where=pairs > 0))

    return of


SCORES = {
    "mae": Score(mean_of(absolute_error), is_loss=True),
    "rmse": Score(rmse, is_loss=True),
    "r2": Score(r2),
    "spearman": Score(spearman),
    "top_decile_auc": Score(top_decile_auc),
}
"""Every score by its metric name."""


def _ranks(values: FloatArray) -> Callable[[FloatArray], FloatArray]:
    """Ranks among weighted rows, equal values sharing theirs, as a function of weights (..., rows)."""
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    order, starts = np.argsort(inverse, kind="stable"), np.cumsum(counts) - counts

    def of(weights: FloatArray) -> FloatArray:
        of_value = np.add.reduceat(weights[..., order], starts, axis=-1)
        return np.asarray((np.cumsum(of_value, axis=-1) - of_value / 2)[..., inverse])

    return of


def _centred(values: FloatArray, weights: FloatArray) -> FloatArray:
    mean = (weights * values).sum(axis=-1, keepdims=True) / weights.sum(axis=-1, keepdims=True)
    return np.asarray(values - mean)

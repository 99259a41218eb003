"""Scores of each label: precision, recall and F1, with intervals over artists.

Conventions
    - Arrays are as in `genrelab.evaluation.scores`; a share of no rows is 0.
    - Intervals of precision and recall come from the bootstrap over artists (`genrelab.evaluation.sampling`). A
      resample without any row of the label says nothing of it and is left out.
    - There is none where fewer than two artists have such rows, and none where all or none of these rows are right:
      there every resample has the same share. What shows the scores takes Wilson's interval with every artist counted
      once.
"""

from collections.abc import Sequence

import numpy as np

from genrelab.evaluation.results import ClassScores
from genrelab.evaluation.sampling import (
    FEWEST_ARTISTS,
    FloatArray,
    Groups,
    IntArray,
    artist_numbers,
    interval,
    resample_weights,
)
from genrelab.evaluation.scores import Labels, validate


def per_class(
    y_true: Labels, proba: FloatArray, labels: Sequence[str], seed: int, *, groups: Groups
) -> tuple[ClassScores, ...]:
    """Precision, recall, F1, support and the shares of truth and prediction, for each label in order.

    Args:
        y_true: Label of each row.
        proba: Probability of each label, shape (rows, labels).
        labels: The labels, in the order of the columns.
        seed: Seed of the bootstrap.
        groups: Artist of each row, shape (rows,).

    Raises:
        ValueError: See `genrelab.evaluation.scores.validate`.
    """
    truth, predicted = validate(y_true, proba, labels), proba.argmax(axis=1)
    artists, is_right = artist_numbers(groups), truth == predicted
    hits = _by_artist(artists[is_right], truth[is_right], artists.max() + 1, len(labels))
    true, named = (_by_artist(artists, codes, artists.max() + 1, len(labels)) for codes in (truth, predicted))
    recalls, precisions = _shares(hits, [true, named], seed)
    found = []
    for place, label in enumerate(labels):
        right, support, answers = (float(one[:, place].sum()) for one in (hits, true, named))
        found.append(
            ClassScores(
                str(label),
                precision=right / answers if answers else 0.0,
                recall=right / support if support else 0.0,
                f1=2 * right / (support + answers) if support + answers else 0.0,
                support=support,
                true_share=support / len(truth),
                predicted_share=answers / len(truth),
                artists=int((true[:, place] > 0).sum()),
                precision_interval=_ends(hits[:, place], named[:, place], precisions[:, place]),
                recall_interval=_ends(hits[:, place], true[:, place], recalls[:, place]),
            )
        )
    return tuple(found)


def _by_artist(artists: IntArray, codes: IntArray, how_many: int, labels: int) -> FloatArray:
    """How many rows of each label an artist has, shape (artists, labels)."""
    counted = np.bincount(artists * labels + codes, minlength=how_many * labels)
    return counted.reshape(how_many, labels).astype(np.float64)


def _shares(hits: FloatArray, wholes: Sequence[FloatArray], seed: int) -> list[FloatArray]:
    """Share of the hits in each of `wholes`, shape (resamples, labels); NaN where a resample has none of a label."""
    columns = np.hstack([hits, *wholes])  # one product is quicker than one for each
    drawn = np.vstack(
        [np.empty((0, columns.shape[1])), *(each.T @ columns for each in resample_weights(len(hits), seed))]
    )
    right, *of_each = np.split(drawn, len(wholes) + 1, axis=1)
    return [np.divide(right, each, out=np.full_like(right, np.nan), where=each > 0) for each in of_each]


def _ends(hits: FloatArray, whole: FloatArray, resampled: FloatArray) -> tuple[float, float] | None:
    """The 95 % interval of a share; None where the resamples cannot tell it."""
    right, rows = hits.sum(), whole.sum()
    if (whole > 0).sum() < FEWEST_ARTISTS or right in {0, rows}:
        return None
    return interval(float(right / rows), resampled[~np.isnan(resampled)], is_mean=True)

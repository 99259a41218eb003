"""Which labels are doubtful, by confident learning, and how many would be by chance.

Confident learning (Northcutt, Jiang and Chuang, "Confident Learning: Estimating Uncertainty in Dataset Labels", JAIR
2021) compares the probability of a genre with the genre's own threshold, the mean probability of that genre among the
rows that have it as their label. cleanlab computes thresholds, joint and scores.

Conventions
    - Probabilities have shape (rows, labels), are out of fold and calibrated; codes number their columns.
    - The suggestion is the most probable genre.
    - A label is doubtful if the suggestion is another genre, reaches that genre's threshold and at least `SURE`, and
      the label has at most `UNLIKELY`. Confident learning alone also counts rows of which nothing is certain: where
      genres sound alike, half of all.
    - Thresholds count as given when chance is computed: what is expected is the sum over rows of the probability that a
      label drawn for the row is doubtful.

What is expected if labels are drawn from the probabilities is not an error rate: calibrated probabilities of labels
contain the errors in them. Only what exceeds it cannot be explained by genres that sound alike.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from cleanlab.count import compute_confident_joint, get_confident_thresholds
from cleanlab.rank import get_label_quality_scores

from genrelab.analyses.doubtful_labels.names import SURE, UNLIKELY
from genrelab.analyses.doubtful_labels.result import Chance
from genrelab.evaluation.results import Difference
from genrelab.evaluation.sampling import NORMAL, mean_and_error

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

CLOSE = 1e-6
"""Tolerance of cleanlab when a probability is compared with a threshold."""


@dataclass(frozen=True)
class Doubts:
    """Doubts about the labels of some rows.

    Args:
        suggested: Code of the suggestion, shape (rows,).
        self_confidence: Probability of the label, shape (rows,).
        margin: Normalised margin, shape (rows,): 0 where the suggestion is certain, 1 where the label is.
        rank: Place among the rows of the label by margin, 1 for the most doubtful; equal ones in the order of the rows.
        is_doubtful: Shape (rows,).
        is_off_label: Whether confident learning attributes the row to another genre, shape (rows,).
        joint: Share of the rows of each label that confident learning attributes to each genre, shape (labels, labels).
        doubts: How many rows are doubtful, and by chance.
        off_label: How many confident learning attributes to another genre, and by chance.
    """

    suggested: IntArray
    self_confidence: FloatArray
    margin: FloatArray
    rank: IntArray
    is_doubtful: BoolArray
    is_off_label: BoolArray
    joint: FloatArray
    doubts: Chance
    off_label: Chance


def find_doubts(codes: IntArray, proba: FloatArray, artists: IntArray) -> Doubts:
    """Return the doubts about the label of every row.

    Args:
        codes: Label of each row, shape (rows,); every label occurs.
        proba: Out of fold and calibrated.
        artists: Number of the artist of each row, shape (rows,).
    """
    thresholds = np.asarray(get_confident_thresholds(codes, proba))
    joint, off_label = compute_confident_joint(
        codes, proba, thresholds=thresholds, return_indices_of_off_diagonals=True
    )
    is_off_label = np.zeros(len(codes), dtype=bool)
    is_off_label[off_label] = True
    margin = np.asarray(get_label_quality_scores(codes, proba, method="normalized_margin"))
    suggested, confident = proba.argmax(axis=1), confident_genre(proba, thresholds)
    is_sure = proba.max(axis=1) >= np.maximum(thresholds[suggested] - CLOSE, SURE)

    def is_doubtful(code: IntArray) -> BoolArray:
        """Whether each row would be doubtful with the label of this code."""
        own = proba[np.arange(len(proba)), code]
        return np.asarray(is_sure & (suggested != code) & (own <= UNLIKELY))

    def is_off(code: IntArray) -> BoolArray:
        return np.asarray((confident >= 0) & (confident != code))

    shares = np.bincount(codes, minlength=proba.shape[1]) / len(codes)
    return Doubts(
        suggested,
        np.asarray(get_label_quality_scores(codes, proba, method="self_confidence")),
        margin,
        _ranks(codes, margin),
        is_doubtful(codes),
        is_off_label,
        joint / joint.sum(axis=1, keepdims=True),
        _chance(is_doubtful(codes), is_doubtful, proba, shares, artists),
        _chance(is_off_label, is_off, proba, shares, artists),
    )


def confident_genre(proba: FloatArray, thresholds: FloatArray) -> IntArray:
    """Return the genre that confident learning attributes each row to, -1 without one, as cleanlab chooses it.

    Of several genres above their thresholds it takes the most probable genre of all.
    """
    is_above = proba >= thresholds - CLOSE
    how_many = is_above.sum(axis=1)
    return np.where(how_many > 1, proba.argmax(axis=1), np.where(how_many == 1, is_above.argmax(axis=1), -1))


def _chance(
    found: BoolArray,
    would_be: Callable[[IntArray], BoolArray],
    proba: FloatArray,
    shares: FloatArray,
    artists: IntArray,
) -> Chance:
    """Return how many rows are found and how many would be among labels drawn for them."""
    by_label = np.stack(
        [would_be(np.full(len(proba), code)) for code in range(proba.shape[1])], axis=1
    ).astype(np.float64)
    overlap = (by_label * proba).sum(axis=1)
    excess = mean_difference(found - overlap, artists)
    rows = len(proba)
    return Chance(
        int(found.sum()),
        float(overlap.sum()),
        float((by_label @ shares).sum()),
        excess.times(rows),
    )


def mean_difference(differences: FloatArray, artists: IntArray) -> Difference:
    """Return the mean of differences of rows with its interval, artists as clusters.

    The interval is that of a normal distribution around the mean, with the cluster-robust standard error (Liang and
    Zeger, "Longitudinal Data Analysis Using Generalized Linear Models", Biometrika 1986) and its correction for few
    clusters; a single artist has no interval.
    """
    mean, error = mean_and_error(differences, artists)
    clusters = len(np.unique(artists))
    if clusters == 1:
        return Difference(mean, None, None)
    error *= float(np.sqrt(clusters / (clusters - 1)))
    return Difference(mean, mean - NORMAL * error, mean + NORMAL * error)


def _ranks(codes: IntArray, margin: FloatArray) -> IntArray:
    """Return the place of each row among those of its label, the smallest margin first."""
    order = np.lexsort((np.arange(len(codes)), margin, codes))
    sizes = np.bincount(codes)
    first = np.repeat(np.cumsum(sizes) - sizes, sizes)
    ranks = np.empty(len(codes), dtype=np.int64)
    ranks[order] = np.arange(len(codes)) - first + 1
    return ranks

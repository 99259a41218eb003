"""Prior shift: a collection whose genres are mixed differently from the training tracks, seen without its labels.

A model learns how frequent each genre is among the training tracks, and that does not travel to other collections. Its
probabilities on a collection tell how frequent the genres are there (expectation maximisation), whether they differ
from the training tracks by more than chance, and what the probabilities are under the other mix.

Conventions
    - `proba` holds calibrated probabilities, shape (rows, labels), of rows that the model was not fitted on.
    - Assumed is that tracks of one genre sound alike everywhere and only the shares of the genres move. Where that is
      wrong, neither the estimate nor the adjusted probabilities are right.
    - What a model's probabilities average to over held-out training tracks (`OutOfFoldMeans`) differs from the training
      shares by the model's own bias; everything is measured from these means, so that a collection like the training
      tracks gets their shares and stays as it is.
    - Estimate and test count each artist once, whatever number of tracks they have, and the test draws whole artists.
      Rows without an artist count as one artist: they may all be the same one's.

Which rows make a collection does not belong here but in `genrelab.evaluation.collections`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from genrelab.evaluation.sampling import Groups, artist_numbers

FloatArray = npt.NDArray[np.float64]

LEVEL = 0.01
"""How often the test says "moved" of a collection whose mix is that of the training tracks."""

FEWEST_ARTISTS = 30
"""With fewer artists there is no test: their spread cannot be estimated."""

WORTH = 100.0
"""How many artists of the expected mix are added to those of a collection. Of 0, 3, 10, 30 and 100 the only one that
lowered the log loss in every other mix that was drawn from the training parts of the pulls and the FMA, by out-of-fold
probabilities; without any, adjusting raises it in most of them."""

DRAWS = 2_000
MOST_CELLS = 4_000_000
"""Most numbers of a block of draws, about 32 MB."""

MOST_STEPS = 2_000
TOLERANCE = 1e-7
"""The estimate has converged when no share moves by more than this in a step."""

SMALLEST_SHARE = 1e-6
"""Least share that a deviation is compared with: a label that never has any probability cannot decide the test."""


@dataclass(frozen=True)
class OutOfFoldMeans:
    """What a model's published probabilities average to over its training tracks, each by a fit without its artist.

    Args:
        means: Mean over artists of their means over tracks, by label.
        artists: Number of artists.
    """

    means: Mapping[str, float]
    artists: int


def out_of_fold_means(proba: FloatArray, groups: Groups, labels: Sequence[str]) -> OutOfFoldMeans:
    """What a collection is compared with.

    Args:
        proba: Published probabilities of the training rows, each by a fit without its artist.
        groups: Artist of each row.
        labels: The labels, in the order of the columns.
    """
    artists = _means_by_artist(proba, groups)
    return OutOfFoldMeans(dict(zip(labels, artists.mean(axis=0).tolist(), strict=True)), len(artists))


def estimate_shares(
    proba: FloatArray, groups: Groups, expected: FloatArray, worth: float = WORTH
) -> FloatArray:
    """Share of each label in a collection, shape (labels,), by expectation maximisation.

    Saerens, Latinne and Decaestecker, "Adjusting the Outputs of a Classifier to New a Priori Probabilities: A Simple
    Procedure", Neural Computation 14, 2002. To the artists of the collection are added `worth` artists of the mix that
    is expected (the mode under a Dirichlet distribution): genres that sound alike are hard to tell apart without
    labels, and the likelihood alone gives some of them nothing. The shares are in the terms of `expected`: a collection
    whose probabilities average to `expected` gets these back.

    Args:
        proba: Calibrated probabilities.
        groups: Artist of each row; None or NaN for none.
        expected: What the means of artists average to where nothing moved; a label with 0 keeps 0.
        worth: Number of added artists; with 0 the likelihood alone decides.

    >>> sure = np.array([[1.0, 0.0], [1.0, 0.0], [1.0, 0.0], [0.0, 1.0]])
    >>> estimate_shares(sure, range(4), np.array([0.5, 0.5]), worth=0).tolist()
    [0.75, 0.25]
    >>> estimate_shares(sure, range(4), np.array([0.5, 0.5]), worth=4).tolist()
    [0.625, 0.375]
    """
    of_artist = artist_numbers(groups)
    weights = (1 / np.bincount(of_artist))[of_artist]
    odds = np.divide(proba, expected, out=np.zeros_like(proba), where=expected > 0)
    start = shares = expected / expected.sum()
    for _ in range(MOST_STEPS):
        weighted = odds * shares
        # a row to which only labels without a share are possible says nothing
        total = weighted.sum(axis=1, keepdims=True)
        rows = total[:, 0] > 0
        if not rows.any():
            break
        counted = weights[rows] @ (weighted[rows] / total[rows]) + worth * start
        last, shares = shares, counted / counted.sum()
        if np.abs(shares - last).max() < TOLERANCE:
            break
    return np.asarray(shares)


def adjusted(proba: FloatArray, weights: FloatArray) -> FloatArray:
    """Probabilities under another mix: each label times its weight, brought to a sum of 1 again.

    Args:
        proba: Calibrated probabilities.
        weights: Share of each label there, divided by its share where the model learnt.

    >>> adjusted(np.array([[0.5, 0.5]]), np.array([3.0, 1.0])).tolist()
    [[0.75, 0.25]]
    """
    weighted = proba * weights
    total = weighted.sum(axis=1, keepdims=True)
    return np.asarray(np.divide(weighted, total, out=proba.copy(), where=total > 0))


def chance_of_shift(
    proba: FloatArray, groups: Groups, expected: FloatArray, reference_artists: int, seed: int
) -> float | None:
    """P-value of "this collection has the mix of the training tracks"; None with too few artists for a test.

    The statistic is the chi-square distance between the mean probabilities of the collection's artists and those of
    the training artists. Its distribution when nothing moved comes from drawing the collection's artists with
    replacement around their own mean (Efron and Tibshirani 1993, chapter 16), made wider for the chance in the
    means of the training artists.

    Args:
        proba: Calibrated probabilities.
        groups: Artist of each row; None or NaN for none.
        expected: Mean over the training artists, shape (labels,).
        reference_artists: Number of these.
        seed: Seed of the draws.
    """
    means = _means_by_artist(proba, groups)
    artists = len(means)
    if artists < FEWEST_ARTISTS:
        return None
    centre = means.mean(axis=0)
    widths = np.maximum(expected, SMALLEST_SHARE)
    found = np.sum((centre - expected) ** 2 / widths)
    spread = np.sqrt(artists / (artists - 1) + artists / max(reference_artists, 1))
    around = (means - centre) / artists * spread
    generator = np.random.default_rng(seed)
    exceeding, left = 0, DRAWS
    while left:
        block = min(left, max(1, MOST_CELLS // artists))
        artist = generator.integers(artists, size=(block, artists))
        drawn = np.stack([np.bincount(one, minlength=artists) for one in artist]) @ around
        exceeding += int(np.sum(np.sum(drawn**2 / widths, axis=1) >= found))
        left -= block
    return (1 + exceeding) / (1 + DRAWS)


def count_artists(groups: Groups) -> int:
    """Number of artists; rows without one count as one artist."""
    return int(artist_numbers(groups).max(initial=-1)) + 1


def _means_by_artist(proba: FloatArray, groups: Groups) -> FloatArray:
    """Mean probabilities of each artist, shape (artists, labels)."""
    codes = artist_numbers(groups)
    sums = np.zeros((int(codes.max(initial=-1)) + 1, proba.shape[1]))
    np.add.at(sums, codes, proba)
    return np.asarray(sums / np.bincount(codes, minlength=len(sums))[:, None])

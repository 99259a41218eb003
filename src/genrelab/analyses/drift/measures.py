"""Measures of drift between two samples: population stability index, Kolmogorov-Smirnov distance, changes of share.

Conventions: samples are arrays of shape (tracks,), NaN where a value is missing; infinite values count as
missing. Every measure has a partner that says how large it gets by chance alone, when both samples come from
one distribution: the level that it exceeds in one of a thousand such pairs. These levels take tracks to be
independent of each other; tracks of one artist are not, so a measure just above its level proves little.
"""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
from scipy.special import chdtri, ndtri

from genrelab.analyses.drift.result import ShareChange, WordCount, Words
from genrelab.lake.stored_rows import parts_of

FloatArray = npt.NDArray[np.float64]

BINS = 10
"""Bins of the population stability index: deciles of the earlier sample."""
EMPTY = 0.5
"""An empty bin counts as half a track: its logarithm would be infinite."""
CHANCE = 0.001
"""How often a measure exceeds its level by chance."""


def decile_edges(earlier: FloatArray) -> FloatArray:
    """Upper edges (inclusive) of the bins that hold a tenth of the earlier sample each; the last bin is open.

    A value that takes up more than one tenth gets a bin of its own, so that a constant can be told from its
    surroundings.

    >>> decile_edges(np.arange(1.0, 11.0))
    array([1., 2., 3., 4., 5., 6., 7., 8., 9.])
    >>> len(decile_edges(np.full(5, 4.0)))
    2
    """
    if not len(earlier):
        return np.empty(0)
    shares = np.arange(1, BINS) / BINS
    cuts, held = np.unique(np.quantile(earlier, shares, method="inverted_cdf"), return_counts=True)
    below = np.nextafter(cuts[held > 1], -np.inf)
    return np.union1d(cuts, below)


def known_of(sample: FloatArray) -> FloatArray:
    """Return the finite values of a sample: the sample itself, without a copy, where all are."""
    is_known = np.isfinite(sample)
    return sample if is_known.all() else sample[is_known]


def binned(earlier: FloatArray, later: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Tracks of both samples per bin: the deciles of the earlier one, then the missing values where there are any.

    Bins that are empty in both are left out.
    """
    known = [known_of(sample) for sample in (earlier, later)]
    edges = decile_edges(known[0])
    counts = [
        np.append(
            np.bincount(np.searchsorted(edges, found, side="left"), minlength=len(edges) + 1),
            len(sample) - len(found),
        ).astype(np.float64)
        for sample, found in zip((earlier, later), known, strict=True)
    ]
    used = (counts[0] > 0) | (counts[1] > 0)
    return counts[0][used], counts[1][used]


def stability_index(earlier: FloatArray, later: FloatArray) -> tuple[float, float] | None:
    """Population stability index, and its level by chance; None when a sample has no rows.

    The index is the sum over bins of (q - p) ln(q / p), with p and q the shares of the earlier and the later
    sample (Siddiqi, "Credit Risk Scorecards", Wiley 2006; the symmetrised divergence of Kullback and Leibler
    1951). For samples of n and m rows out of one distribution, it is distributed like (1/n + 1/m) times
    chi-squared with one degree of freedom less than there are bins (Yurdakul and Naranjo, "Statistical
    properties of the population stability index", Journal of Risk Model Validation 14, 2020).
    """
    if not (len(earlier) and len(later)):
        return None
    before, after = binned(earlier, later)
    p = np.maximum(before, EMPTY) / len(earlier)
    q = np.maximum(after, EMPTY) / len(later)
    index = float(np.sum((q - p) * np.log(q / p)))
    freedom = len(p) - 1
    level = (1 / len(earlier) + 1 / len(later)) * float(chdtri(freedom, CHANCE)) if freedom else 0.0
    return index, level


def distance(earlier: FloatArray, later: FloatArray) -> tuple[float, float] | None:
    """Kolmogorov-Smirnov distance, and its level by chance; None when a sample has no value.

    The distance is the largest difference of the two empirical distribution functions. Its level is the limit
    of Smirnov ("Table for estimating the goodness of fit of empirical distributions", Annals of Mathematical
    Statistics 19, 1948).
    """
    one, other = (np.sort(known_of(sample)) for sample in (earlier, later))
    if not (len(one) and len(other)):
        return None
    level = np.sqrt(-np.log(CHANCE / 2) / 2 * (1 / len(one) + 1 / len(other)))
    apart = 0.0
    for sample in (one, other):
        for part in parts_of(len(sample)):
            below, above = (
                np.searchsorted(each, sample[part], side="right") / len(each) for each in (one, other)
            )
            apart = max(apart, float(np.abs(below - above).max()))
    return apart, min(float(level), 1.0)


def share_changes(earlier: Mapping[str, int], later: Mapping[str, int]) -> list[ShareChange]:
    """Every class with its share before and after, the change, and its level by chance; largest changes first.

    The level is that of the difference of two proportions with a pooled variance.

    Args:
        earlier: Tracks per class.
        later: The same of the later version.

    Returns:
        None when a version has no rows.
    """
    before, after = sum(earlier.values()), sum(later.values())
    if not (before and after):
        return []
    quantile = -float(ndtri(CHANCE / 2))
    found = []
    for name in sorted({*earlier, *later}):
        p, q = earlier.get(name, 0) / before, later.get(name, 0) / after
        pooled = (earlier.get(name, 0) + later.get(name, 0)) / (before + after)
        level = quantile * (pooled * (1 - pooled) * (1 / before + 1 / after)) ** 0.5
        found.append(ShareChange(name, p, q, q - p, level))
    return sorted(found, key=lambda one: (-abs(one.change), one.name))


def came_and_went(
    earlier: Mapping[str, int], later: Mapping[str, int], most: int, word: str = "word"
) -> Words:
    """Words that only one of the versions knows, those of most tracks first.

    Args:
        earlier: Tracks per word.
        later: The same of the later version.
        most: How many to list of each.
        word: What a word is called.
    """

    def only(here: Mapping[str, int], there: Mapping[str, int]) -> tuple[WordCount, ...]:
        found = sorted((word for word in here if word not in there), key=lambda word: (-here[word], word))
        return tuple(WordCount(word, here[word]) for word in found)

    new, vanished = only(later, earlier), only(earlier, later)
    return Words(word, new[:most], vanished[:most], len(new), len(vanished), len(later) - len(new))

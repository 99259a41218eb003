"""Which genres go together: pairs of genres on the same track, beyond what chance and the tree explain.

Conventions
    - Every artist counts once, however many tracks they have: a track weighs 1 / tracks of its artist. The share of a
      pair is the mean over artists of the share of their tracks that have both.
    - Lift is that share divided by the product of the shares of both genres. Normalised pointwise mutual information
      (Bouma, "Normalized (Pointwise) Mutual Information in Collocation Extraction", GSCL 2009) is its logarithm
      divided by minus the logarithm of the share: -1 never together, 0 as by chance, 1 never without each other.
    - A genre and those above it always go together in `genres_all`: such pairs are marked, and ranked nowhere.
    - The interval of a lift is that of its logarithm by the delta method, over artists.
"""

from dataclasses import dataclass

import numpy as np
from scipy.cluster.hierarchy import leaves_list, linkage
from scipy.spatial.distance import squareform

from genrelab.analyses.genre_topics.names import ACROSS, FAMILY
from genrelab.analyses.genre_topics.result import Pair, Together
from genrelab.analyses.genre_topics.tracks import BoolArray, FloatArray, GenreTracks, IntArray
from genrelab.evaluation.results import Score
from genrelab.evaluation.sampling import FEWEST_ARTISTS, NORMAL

FEWEST = 20
"""Artists with a pair from which it is ranked."""
EXPECTED = 50
"""Artists that would have a pair by chance from which it is ranked among those that avoid each other."""
MOST_PAIRS, MOST_APART = 20, 8
MOST_DRAWN, MOST_ROOTS = 12, 16
"""Genres and families of the heat maps."""
DIGITS = 4


@dataclass(frozen=True)
class Counted:
    """Genres counted by artist.

    Args:
        has: Which genres each set has, shape (sets, genres).
        shares: Share of tracks with both genres, every artist counting once, shape (genres, genres).
        artists: Artists with a track that has both, shape (genres, genres).
        npmi: Normalised pointwise mutual information, shape (genres, genres).
        is_kin: Whether one lies above the other, or both are the same, shape (genres, genres).
    """

    has: BoolArray
    shares: FloatArray
    artists: IntArray
    npmi: FloatArray
    is_kin: BoolArray


def count_pairs(tracks: GenreTracks, has: BoolArray, is_kin: BoolArray) -> Counted:
    """Count pairs of genres, or of other labels of the sets.

    Args:
        tracks: The tracks.
        has: Which labels each set has, shape (sets, labels).
        is_kin: Which pairs are no news, shape (labels, labels).
    """
    sizes = np.bincount(tracks.artists)
    weights = np.bincount(tracks.of_track, weights=1 / sizes[tracks.artists], minlength=len(has)) / len(sizes)
    shares = has.T @ (has * weights[:, None])
    single = shares.diagonal()
    with np.errstate(divide="ignore", invalid="ignore"):
        npmi = np.log(shares / np.outer(single, single)) / -np.log(shares)
    npmi = np.where(shares > 0, np.nan_to_num(npmi, nan=1.0, posinf=1.0), -1.0)
    return Counted(
        has, shares, _artists_with(tracks, has), npmi, is_kin | np.eye(len(is_kin), dtype=np.bool_)
    )


def _artists_with(tracks: GenreTracks, has: BoolArray) -> IntArray:
    """Return how many artists have a track with both labels, shape (labels, labels)."""
    labels = has.shape[1]
    done = np.unique(tracks.artists * len(has) + tracks.of_track)
    artists, sets = np.divmod(done, len(has))
    of_set = [np.add.outer(own * labels, own).ravel() for own in map(np.flatnonzero, has)]
    sizes = np.array([len(pairs) for pairs in of_set])
    codes = np.concatenate([of_set[number] for number in sets])
    both = np.unique(np.repeat(artists, sizes[sets]) * labels**2 + codes) % labels**2
    return np.bincount(both, minlength=labels**2).reshape(labels, labels).astype(np.int64)


def strongest(tracks: GenreTracks, counted: Counted) -> tuple[Pair, ...]:
    """Return the pairs that go together most, the strongest first."""
    may = (counted.artists >= FEWEST) & ~counted.is_kin & (counted.npmi > 0)
    return _pairs(tracks, counted, may, -counted.npmi, MOST_PAIRS)


def farthest(tracks: GenreTracks, counted: Counted) -> tuple[Pair, ...]:
    """Return the pairs of frequent genres that go together least, the rarest first."""
    single = counted.shares.diagonal()
    expected = np.outer(single, single) * (tracks.artists.max() + 1)
    may = (expected >= EXPECTED) & ~counted.is_kin & (counted.npmi < 0)
    return _pairs(tracks, counted, may, counted.npmi, MOST_APART)


def _pairs(
    tracks: GenreTracks, counted: Counted, may: BoolArray, order: FloatArray, most: int
) -> tuple[Pair, ...]:
    first, second = np.nonzero(np.triu(may))
    ranked = np.lexsort((second, first, order[first, second]))[:most]
    return tuple(_pair(tracks, counted, first[place], second[place]) for place in ranked)


def _pair(tracks: GenreTracks, counted: Counted, first: int, second: int) -> Pair:
    single = counted.shares.diagonal()
    if single[second] > single[first]:
        first, second = second, first
    roots = [tracks.tree.root(tracks.genres[genre]) for genre in (first, second)]
    return Pair(
        first=tracks.names[first],
        second=tracks.names[second],
        relation=FAMILY if roots[0] == roots[1] else ACROSS,
        artists=int(counted.artists[first, second]),
        share=float(counted.shares[first, second]),
        lift=_lift(tracks, counted, first, second),
        npmi=round(float(counted.npmi[first, second]), DIGITS),
    )


def _lift(tracks: GenreTracks, counted: Counted, first: int, second: int) -> Score:
    sizes, artists = np.bincount(tracks.artists), tracks.artists.max() + 1
    one, other = counted.has[:, first], counted.has[:, second]
    both, own, others = (
        np.bincount(tracks.artists, weights=has[tracks.of_track]) / sizes for has in (one & other, one, other)
    )
    value = float(both.mean() / (own.mean() * others.mean()))
    if not value or artists < FEWEST_ARTISTS:
        return Score(value, None, None)
    influence = both / both.mean() - own / own.mean() - others / others.mean()
    far = float(np.exp(NORMAL * influence.std() / np.sqrt(artists)))
    return Score(value, value / far, value * far)


def genres_together(tracks: GenreTracks, counted: Counted, pairs: tuple[Pair, ...]) -> Together:
    """Return the genres of the strongest pairs, at most `MOST_DRAWN`."""
    names = list(dict.fromkeys(name for pair in pairs for name in (pair.first, pair.second)))[:MOST_DRAWN]
    return _ordered(
        tracks.names, counted, np.array([tracks.names.index(name) for name in names], dtype=np.int64)
    )


def families_together(tracks: GenreTracks) -> Together:
    """Return the roots of the tree; a root counts wherever a genre below it is named."""
    roots = [tracks.tree.root(genre) for genre in tracks.genres]
    members: dict[int, list[int]] = {}
    for column, root in enumerate(roots):
        members.setdefault(root, []).append(column)
    has = np.column_stack([tracks.sets[:, columns].any(axis=1) for columns in members.values()])
    counted = count_pairs(tracks, has, np.zeros((len(members),) * 2, dtype=np.bool_))
    largest = np.argsort(-counted.shares.diagonal(), kind="stable")[:MOST_ROOTS]
    return _ordered(tuple(tracks.tree.titles[root] for root in members), counted, largest)


def _ordered(names: tuple[str, ...], counted: Counted, chosen: IntArray) -> Together:
    """Return some genres in the order of the leaves of a clustering (average linkage)."""
    npmi = counted.npmi[np.ix_(chosen, chosen)]
    if len(chosen) > 2:  # noqa: PLR2004 - two have one order
        distances = 1 - (npmi + npmi.T) / 2
        np.fill_diagonal(distances, 0)
        tree = linkage(squareform(distances, checks=False), "average", optimal_ordering=True)
        chosen = chosen[leaves_list(tree)]
    pairs = np.ix_(chosen, chosen)
    return Together(
        genres=tuple(names[column] for column in chosen),
        npmi=tuple(
            tuple(
                None if kin else round(float(value), DIGITS) for value, kin in zip(row, of_kin, strict=True)
            )
            for row, of_kin in zip(counted.npmi[pairs], counted.is_kin[pairs], strict=True)
        ),
        artists=tuple(map(tuple, counted.artists[pairs].tolist())),
    )

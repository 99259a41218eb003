"""Nearest neighbours by the student project's rule: z-score, sum of absolute differences, k = 1 to 10, votes.

Conventions
    - One query for the largest k serves every k: neighbours come in order, so the first k are those of k.
    - A genre is named where its share of the k votes is at least 0.49. With two neighbours one vote is enough and
      with three it takes two, so even k name more genres than odd ones: the curve of the index over k is a zigzag.
    - Scaling is fitted on training tracks, where the student project fits it on all; `Components` says what that
      changes.

Source: the code of the student project (`genrelab.evaluation.references.MULTI_LABEL_DOCUMENT`).
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sklearn.neighbors import NearestNeighbors
from sklearn.preprocessing import StandardScaler
from threadpoolctl import threadpool_limits

from genrelab.analyses.genre_study.result import Spread
from genrelab.analyses.genre_study.tracks import Metadata
from genrelab.evaluation.label_sets import jaccard_of
from genrelab.runtime.errors import GenrelabError

BoolArray = npt.NDArray[np.bool_]
IntArray = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float32]
FloatArray = npt.NDArray[np.float64]

K = tuple(range(1, 11))
VOTES = 0.49
"""Share of the votes from which the student project names a genre: half of them, with room for rounding."""

BINS = 10
"""Bins of the index per track between 0 and 1, which have bins of their own."""


@dataclass(frozen=True)
class Found:
    """The nearest training tracks of each test track, the nearest first.

    Args:
        rows: Positions in the training part, shape (test, largest k).
        distances: The same shape.
    """

    rows: IntArray
    distances: FloatArray


def scaled(train: Floats, *others: Floats) -> tuple[Floats, ...]:
    """Features with mean 0 and variance 1 in the first argument; all of them scaled so."""
    scaler = StandardScaler().fit(train)
    return tuple(np.asarray(scaler.transform(one), dtype=np.float32) for one in (train, *others))


def nearest(train: Floats, test: Floats, cores: int = 1) -> Found:
    """The nearest training tracks of each test track by the sum of absolute differences.

    Args:
        train: Scaled features, shape (tracks, features).
        test: The same of the test tracks.
        cores: Processor cores.

    Raises:
        GenrelabError: There are fewer training tracks than neighbours.
    """
    if len(train) < K[-1]:
        raise GenrelabError(
            "there are fewer tracks than neighbours",
            found=f"{len(train)} training tracks",
            allowed=f"{K[-1]} at least, since k goes up to {K[-1]}",
            do="import more tracks",
        )
    search = NearestNeighbors(n_neighbors=K[-1], algorithm="brute", metric="manhattan", n_jobs=cores)
    with threadpool_limits(cores):  # n_jobs does not reach the threads of the search
        distances, rows = search.fit(train).kneighbors(test)
    return Found(rows, distances)


def shares(has: BoolArray, found: Found) -> Iterator[Floats]:
    """Share of the votes that each label gets, shape (test, labels), for k = 1, 2, ...

    Args:
        has: Labels of the training tracks, shape (train, labels).
        found: From `nearest`.
    """
    votes = np.zeros((len(found.rows), has.shape[1]), dtype=np.float32)
    for k in K:
        votes += has[found.rows[:, k - 1]]
        yield votes / np.float32(k)


def by_k(truth: BoolArray, has: BoolArray, found: Found) -> FloatArray:
    """Jaccard index of each test track by the student project's rule, shape (k, test)."""
    return np.stack([jaccard_of(truth, share >= VOTES) for share in shares(has, found)])


def most_frequent(truth: BoolArray, has: BoolArray, labels: int = 3) -> float:
    """Mean Jaccard index of naming the most frequent labels of the training tracks for every track."""
    named = np.argsort(-has.sum(axis=0), kind="stable")[:labels]
    return float(jaccard_of(truth, np.isin(np.arange(truth.shape[1]), named)).mean())


@dataclass(frozen=True)
class Nearest:
    """What is known of each test track's nearest neighbour: its index and what it shares, shapes (tracks,)."""

    index: FloatArray
    artist: BoolArray
    album: BoolArray
    has_album: BoolArray
    twin: BoolArray


def look(index: FloatArray, found: Found, about: Metadata, train: IntArray, test: IntArray) -> Nearest:
    """What is known of the nearest neighbours.

    Args:
        index: Jaccard index of each test track with k = 1.
        found: From `nearest`.
        about: Of all tracks.
        train: Positions of the training tracks.
        test: Positions of the test tracks.
    """
    neighbour = train[found.rows[:, 0]]
    albums = about.albums[test]
    return Nearest(
        index=index,
        artist=about.artists[test] == about.artists[neighbour],
        album=(albums >= 0) & (albums == about.albums[neighbour]),
        has_album=albums >= 0,
        twin=found.distances[:, 0] == 0,
    )


def spread(protocol: str, looks: list[Nearest]) -> Spread:
    """How the index spreads over the test tracks of all repeats."""
    index, artist, album, has_album, twin = (
        np.concatenate([getattr(one, name) for one in looks])
        for name in ("index", "artist", "album", "has_album", "twin")
    )
    between = (index > 0) & (index < 1)
    counts, _ = np.histogram(index[between], bins=BINS, range=(0, 1))
    return Spread(
        protocol=protocol,
        tracks=len(index),
        counts=(int((index == 0).sum()), *counts.tolist(), int((index == 1).sum())),
        none=float((index == 0).mean()),
        some=float((index > 0).mean()),
        every=float((index == 1).mean()),
        same_artist=float(artist.mean()),
        same_album=float(album[has_album].mean()) if has_album.any() else None,
        twins=float(twin.mean()),
        known=float(index[artist].mean()) if artist.any() else None,
        new=float(index[~artist].mean()) if not artist.all() else None,
    )

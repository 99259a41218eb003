"""Cross tables of genre by place, and their tests.

Conventions: an artist has one place, a track one top genre. Rows are places, columns genres. A place needs
`FEWEST_ARTISTS` artists to be a row and a genre as many to be a column: one artist shows what they play, not what is
played there. Those of the student project are rows and columns whatever they hold.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from genrelab.analyses.places.result import CrossTable, Tests
from genrelab.evaluation.association import ChiSquared
from genrelab.evaluation.contingency import (
    adjusted_residuals,
    corrected_v,
    cramers_v,
    divided,
    equal_counts,
    expected,
    fisher,
    independence,
    permute_clusters,
    trimmed,
)

IntArray = npt.NDArray[np.int64]

FEWEST_ARTISTS = 2
MOST_PLACES = 12
"""Rows of a table; with more, the smallest say nothing."""
DIGITS = 4
DOCUMENT = "document"
DOCUMENT_PLACES = ("North America", "Europe")
DOCUMENT_GENRES = ("Experimental", "Rock", "Electronic")


def cross_table(tracks: pd.DataFrame, name: str, permutations: int, seed: int) -> CrossTable:
    """Count and test tracks by genre and place.

    Args:
        tracks: `artist_id`, `genre_top` and `name` (the place), one row per track with all three.
        name: `continent`, `country` or `state`.
        permutations: How many permutations of the artists to draw.
        seed: Random seed.
    """
    place_artists = tracks.groupby(name)["artist_id"].nunique().sort_index()
    ranked = place_artists.sort_values(ascending=False, kind="stable")
    places = [str(one) for one in ranked.index[ranked >= FEWEST_ARTISTS][:MOST_PLACES]]
    genre_artists = tracks.groupby("genre_top")["artist_id"].nunique()
    alone = genre_artists.index[genre_artists < FEWEST_ARTISTS]
    sizes = tracks.loc[tracks[name].isin(places), "genre_top"].value_counts()
    genres = [str(one) for one in sizes.index if one not in alone]
    left_out = [str(one) for one in ranked.index if one not in places]
    return _counted(
        tracks, name, name, places, genres, (tuple(left_out), tuple(map(str, alone))), permutations, seed
    )


def document_table(
    tracks: pd.DataFrame, permutations: int, seed: int
) -> tuple[CrossTable, tuple[ChiSquared, ...]]:
    """Return the student project's table of three genres on two continents, and its test of each genre."""
    found = _counted(
        tracks, DOCUMENT, "continent", DOCUMENT_PLACES, DOCUMENT_GENRES, ((), ()), permutations, seed
    )
    columns = np.array(found.tracks).T
    return found, tuple(equal_counts(column) for column in columns) if columns.any(axis=1).all() else ()


def _counted(
    tracks: pd.DataFrame,
    name: str,
    level: str,
    places: Sequence[str],
    genres: Sequence[str],
    left_out: tuple[tuple[str, ...], tuple[str, ...]],
    permutations: int,
    seed: int,
) -> CrossTable:
    chosen = tracks[tracks[level].isin(places) & tracks["genre_top"].isin(genres)]
    row = chosen[level].map({place: at for at, place in enumerate(places)})
    column = chosen["genre_top"].map({genre: at for at, genre in enumerate(genres)})
    artist, names = pd.factorize(chosen["artist_id"])
    by_artist = np.zeros((len(names), len(genres)), np.int64)
    np.add.at(by_artist, (artist, column.to_numpy(np.int64)), 1)
    place_of = np.zeros(len(names), np.int64)
    place_of[artist] = row.to_numpy(np.int64)
    counts = _summed(by_artist, place_of, len(places))
    kept, rows, columns = trimmed(counts)
    by_chance, residuals, by_permutation = (np.zeros(counts.shape) for _ in range(3))
    tests, missing = None, _missing(kept, places, rows, genres, columns)
    if not missing:
        cells = np.ix_(rows, columns)
        by_chance[cells], residuals[cells] = expected(kept), adjusted_residuals(kept)
        numbers = np.cumsum(rows) - 1
        tests = _tests(kept, by_artist[:, columns], numbers[place_of], permutations, seed)
        by_permutation[cells] = tests.permuted.residuals
    return CrossTable(
        name,
        tuple(places),
        tuple(genres),
        _rows(counts),
        _rows(_summed(by_artist > 0, place_of, len(places))),
        _values(by_chance),
        _values(residuals),
        _values(by_permutation),
        *left_out,
        tests,
        missing,
    )


def _summed(by_artist: npt.NDArray[np.generic], place_of: IntArray, places: int) -> IntArray:
    table = np.zeros((places, by_artist.shape[1]), np.int64)
    np.add.at(table, place_of, by_artist.astype(np.int64))
    return table


def _values(cells: npt.NDArray[np.float64]) -> tuple[tuple[float, ...], ...]:
    return tuple(tuple(row) for row in cells.round(DIGITS).tolist())


def _rows(counts: IntArray) -> tuple[tuple[int, ...], ...]:
    return tuple(map(tuple, counts.tolist()))


def _missing(
    kept: IntArray,
    places: Sequence[str],
    rows: npt.NDArray[np.bool_],
    genres: Sequence[str],
    columns: npt.NDArray[np.bool_],
) -> str:
    """Return why a table cannot be tested; empty if it can."""
    if not kept.size and places and genres:
        return "no track of these genres is from these places"
    if not kept.size:
        return f"no place has {FEWEST_ARTISTS} artists with genres that other artists have too"
    if kept.shape[0] == 1:
        return f"only one place is left ({np.array(places)[rows][0]})"
    if kept.shape[1] == 1:
        return f"only one genre is left ({np.array(genres)[columns][0]})"
    return ""


def _tests(counts: IntArray, by_artist: IntArray, place_of: IntArray, permutations: int, seed: int) -> Tests:
    tracks = independence(counts)
    permuted = permute_clusters(place_of, by_artist, permutations, seed)
    once = np.zeros_like(by_artist)
    once[np.arange(len(by_artist)), by_artist.argmax(axis=1)] = 1
    artists = _summed(once, place_of, len(counts))
    whole = trimmed(artists)[0].shape == artists.shape
    return Tests(
        tracks,
        cramers_v(tracks.statistic, counts),
        corrected_v(tracks.statistic, counts),
        None if tracks.is_trusted else fisher(counts),
        permuted,
        divided(tracks, permuted.inflation),
        independence(artists) if whole else None,
        permute_clusters(place_of, once, permutations, seed) if whole else None,
    )

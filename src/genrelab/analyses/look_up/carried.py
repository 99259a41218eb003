"""Micro-genres and the tracks that carry them, read in batches: how many, in which genres, and the most popular ones.

Conventions: a track that names a micro-genre twice carries it once. Held are micro-genres, genres and two hashes of
each track, never its names, except of few tracks of each micro-genre.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from genrelab.analyses.look_up.result import NamedTrack
from genrelab.analyses.look_up.tracks import artists_of, named
from genrelab.lake.stored_rows import Rows, batches_of
from genrelab.rules import Binner, RuleSet
from genrelab.rules.engine import carried_by
from genrelab.sources.codes import contradict, counts_of, row_hashes

EXAMPLES = 4
"""Tracks named beside a micro-genre."""
NAMES = ("track_id", "artist", "title")
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Carried:
    """Micro-genres with their tracks.

    Args:
        sizes: Tracks of each.
        genres: Tracks of each by their genre, "" for none, most first and then in the order of the rows; by rule set.
        examples: The most popular tracks of each, one of an artist.
    """

    sizes: Counter[str]
    genres: Mapping[str, Mapping[str, Mapping[str, int]]]
    examples: Mapping[str, tuple[NamedTrack, ...]]


def carried(tracks: Rows, columns: Sequence[str], rule_sets: Mapping[str, RuleSet]) -> Carried:
    """Return the micro-genres of tracks.

    Args:
        tracks: The tracks.
        columns: Names of their columns of micro-genres, id, artist, title and popularity.
        rule_sets: Rule sets that give them genres, by name.
    """
    _, track_id, artist, *_ = columns
    is_shared = contradict(row_hashes(tracks, [track_id]), row_hashes(tracks, [artist]))
    found, sizes, start = pa.array([], pa.string()), Counter[int](), 0
    binners = {name: Binner(rules) for name, rules in rule_sets.items()}
    genres = {name: ["", *dict.fromkeys(rules.bins)] for name, rules in rule_sets.items()}
    pairs = {name: Counter[int]() for name in rule_sets}
    popular = MostPopular()
    for batch in batches_of(tracks, columns):
        lists = batch[0].combine_chunks()
        found = _with_new(found, lists)
        rows, codes = carried_by(lists, found)
        sizes.update(counts_of(pa.array(codes)))
        for name, binner in binners.items():
            places = pc.index_in(binner.bin(lists).bins, pa.array(genres[name]))
            of_rows = np.asarray(pc.fill_null(places, 0)).astype(np.int64)
            pairs[name].update(counts_of(pa.array(codes * len(genres[name]) + of_rows[rows])))
        own = batch.select(columns[1:4]).rename_columns(NAMES)
        own = own.append_column("is_shared", pa.array(is_shared[start : start + len(batch)]))
        popular.add(own, batch[4].to_numpy(), rows, codes)
        start += len(batch)
    names = found.to_pylist()
    return Carried(
        Counter({names[code]: tracks for code, tracks in sizes.items()}),
        {name: _by_genre(pairs[name], names, genres[name]) for name in rule_sets},
        {names[code]: examples for code, examples in popular.examples().items()},
    )


def _with_new(known: pa.StringArray, lists: pa.ListArray) -> pa.StringArray:
    """Return the micro-genres known so far, and those that only these lists have."""
    names = lists.flatten().drop_null().unique()
    return pa.concat_arrays([known, names.filter(pc.invert(pc.is_in(names, known)))])


def _by_genre(pairs: Counter[int], names: Sequence[str], genres: Sequence[str]) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for pair, tracks in pairs.most_common():
        name, genre = divmod(pair, len(genres))
        found.setdefault(names[name], {})[genres[genre]] = tracks
    return found


class MostPopular:
    """The most popular tracks of each micro-genre, one of an artist, of rows that come in batches.

    Of the rows of a track the first is taken, and then the first of each artist. Of tracks that have one artist in all
    of their rows, the first `EXAMPLES` can be chosen in each batch. A row of another track may give way to a later one,
    and free its artist: such rows are held as far as fewer than `EXAMPLES` of the first tracks come before them.
    """

    def __init__(self) -> None:
        self._held = pd.DataFrame()
        self._least = np.empty(0)

    def add(self, tracks: pa.Table, popularity: npt.NDArray[Any], rows: Ints, codes: Ints) -> None:
        """Add tracks.

        Args:
            tracks: `NAMES`, and `is_shared`: whether rows of the track have several artists.
            popularity: Popularity of each; NaN for none.
            rows: Row of a track for each micro-genre that it carries.
            codes: The micro-genre.
        """
        ranks = np.nan_to_num(popularity.astype(float), nan=-np.inf)
        more = max(int(codes.max(initial=-1)) + 1 - len(self._least), 0)
        self._least = np.append(self._least, np.full(more, -np.inf))
        is_candidate = ranks[rows] >= self._least[codes]
        rows, codes = rows[is_candidate], codes[is_candidate]
        new = tracks.take(rows).to_pandas().assign(code=codes, popularity=ranks[rows])
        ranked = pd.concat([self._held, new]).sort_values(
            ["popularity", "track_id"], ascending=[False, True], kind="stable", ignore_index=True
        )
        ranked["once"] = ranked["track_id"].astype(str).where(ranked["is_shared"], artists_of(ranked))
        ranked = ranked.drop_duplicates(["code", "is_shared", "once"])
        is_first = ~ranked["is_shared"]
        firsts = is_first.groupby(ranked["code"]).cumsum()
        last = ranked[is_first & (firsts == EXAMPLES)]
        self._least[last["code"]] = last["popularity"]
        self._held = ranked[firsts - is_first < EXAMPLES]

    def examples(self) -> dict[int, tuple[NamedTrack, ...]]:
        """Return the tracks of each micro-genre, the most popular first."""
        if self._held.empty:
            return {}
        once = self._held.drop_duplicates(["code", "track_id"])
        few = once[~once.assign(artist=artists_of(once)).duplicated(["code", "artist"])]
        found: dict[int, list[NamedTrack]] = {}
        for row in few.groupby("code", sort=False).head(EXAMPLES).to_dict("records"):
            found.setdefault(row["code"], []).append(named(row))
        return {code: tuple(rows) for code, rows in found.items()}

"""Artist groups: rows that must stay on one side of a split, for ever.

Two rows belong together when they share an artist, a track id or their audio features. Each of these is a *key*;
a group is a connected component of keys. The part of a group (train, gate or test) follows from a
hash of its id, and `known`, the memory of every key ever placed, keeps it there when tracks come and go.

Conventions
    - A catch-all id ("Various Artists", also as an id made from that name) stands for many artists and connects
      nothing.
    - Features that a source does not measure (ReccoBeats has no time signature) are not compared: such a row
      connects with those that lack the same ones, and with one that has all eleven and agrees in the rest. A row with
      fewer than `FEWEST_COMPARED` features connects through none: few numbers are equal by chance.
    - A row whose keys belong to different parts links what must stay apart: it belongs to no part, and a
      track that was not known before stays out for good. Its artist keeps the part it had.
    - The result does not depend on the order of the rows.
    - Keys are numbered in the order of their names, so that the least number is the least name, and rows of a stored
      table are read a column or a batch at a time: of each row three numbers are held, and of each key its name.

How rows become training and test sets does not belong here but in `genrelab.evaluation.splits`.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from scipy.cluster.hierarchy import DisjointSet
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from genrelab.lake.stored_rows import BATCH, Rows, batches_of
from genrelab.sources.identity import NAME, stands_for_nobody
from genrelab.tables.groups import ARTIST_GROUPS
from genrelab.tables.spotify import MODEL_FEATURES

IntArray = npt.NDArray[np.integer[Any]]

TRAIN, GATE, TEST, NONE = "train", "gate", "test", "none"
TRAIN_SHARE, GATE_SHARE = 0.70, 0.15

LINK = "link:"
"""Prefix of the groups that belong to no part."""

CATCH_ALL = "catch-all"
"""What the memory says of an artist id that connects nothing."""

VARIOUS_ARTISTS = "0LyfQWJT6nXafLPZqxe9Of"
"""Spotify's own id for compilations; 2,248 names in the capstone project's pulls."""

MANY_NAMES = 100
"""An artist id with more names than this is a catch-all; the next after Various Artists has 83."""

FEWEST_COMPARED = 8
"""Of the eleven features; a row with fewer of them has no audio key."""

MOST_MISSING = len(MODEL_FEATURES) - FEWEST_COMPARED

ARTIST, TRACK, AUDIO = "artist:", "track:", "audio:"
"""Prefixes of the three kinds of keys."""

UNKNOWN = -1


@dataclass(frozen=True)
class Assigned:
    """The side of every row.

    Args:
        groups: Group id of each row, in the order of the rows.
        parts: Part of each row: train, gate, test or none.
        known: The memory to store: a table of `ARTIST_GROUPS`, sorted by key.
        catch_alls: Artist ids that connect nothing.
        linking: How many rows belong to no part.
        new_keys: How many keys were not in the memory before.
    """

    groups: pa.Array
    parts: pa.Array
    known: pa.Table
    catch_alls: tuple[str, ...]
    linking: int
    new_keys: int


def part_of(group: str) -> str:
    """The part a group belongs to: 70 % train, 15 % gate, 15 % test by SHA-256 of its id.

    >>> part_of("link:track:1")
    'none'
    """
    if group.startswith(LINK) or group == CATCH_ALL:
        return NONE
    share = int.from_bytes(hashlib.sha256(group.encode()).digest()[:8], "big") / 2**64
    if share < TRAIN_SHARE:
        return TRAIN
    return GATE if share < TRAIN_SHARE + GATE_SHARE else TEST


def assign_groups(rows: Rows | pd.DataFrame, known: pa.Table | None = None) -> Assigned:
    """Place every row in a group, and every group in a part.

    Args:
        rows: `artist_id`, `artist_name`, `track_id` and the eleven `MODEL_FEATURES`, which may be missing.
        known: The memory of earlier nights (`ARTIST_GROUPS`), or None on the first.

    Returns:
        Groups and parts of the rows, and the memory with what was learned.
    """
    if isinstance(rows, pd.DataFrame):
        rows = pa.Table.from_pandas(rows, preserve_index=False)
    memory = ARTIST_GROUPS.schema.empty_table() if known is None else known.select(ARTIST_GROUPS.names)
    catch_alls = find_catch_alls(rows, memory)
    work = _Work.of(rows, memory, catch_alls)
    work.connect()
    groups = work.row_groups()
    of_catch_alls = [[ARTIST + artist for artist in catch_alls], [CATCH_ALL] * len(catch_alls)]
    learned = [pa.table(columns, schema=ARTIST_GROUPS.schema) for columns in (of_catch_alls, *work.learned())]
    del work
    encoded = groups.dictionary_encode()
    parts = pa.array(map(part_of, encoded.dictionary.to_pylist()), pa.string()).take(encoded.indices)
    remembered = _merged(memory, pa.concat_tables(learned))
    return Assigned(
        groups=groups,
        parts=parts,
        known=remembered,
        catch_alls=tuple(catch_alls),
        linking=int(pc.sum(pc.equal(parts, NONE)).as_py() or 0),
        new_keys=len(remembered) - len(memory),
    )


def _merged(memory: pa.Table, learned: pa.Table) -> pa.Table:
    """The memory with what was learned, sorted by key; one kind of keys at a time, since each is copied."""
    kinds = []
    for prefix in sorted((ARTIST, TRACK, AUDIO)):
        new, old = (each.filter(pc.starts_with(each["key"], prefix)) for each in (learned, memory))
        stays = pc.invert(pc.is_in(old["key"], new["key"].combine_chunks()))
        kinds.append(pa.concat_tables([old.filter(stays), new]).sort_by("key"))
    return pa.concat_tables(kinds)


def find_catch_alls(rows: Rows, memory: pa.Table) -> list[str]:
    """Artist ids that stand for many artists: by name, by memory, or by more than `MANY_NAMES` names."""
    artists = rows.select(["artist_id", "artist_name"]).group_by("artist_id")
    names = artists.aggregate([("artist_name", "count_distinct")])
    ids = names["artist_id"].cast(pa.string())
    is_remembered = pc.equal(memory["artist_group"], CATCH_ALL)
    remembered = _prefixed(ARTIST, ids)
    made_from_name = ids.filter(pc.starts_with(ids, NAME)).to_pylist()
    found = {
        *ids.filter(pc.greater(names["artist_name_count_distinct"], MANY_NAMES)).to_pylist(),
        *(artist for artist in made_from_name if stands_for_nobody(artist.removeprefix(NAME))),
        *ids.filter(pc.is_in(remembered, memory["key"].filter(is_remembered).combine_chunks())).to_pylist(),
        *ids.filter(pc.equal(ids, VARIOUS_ARTISTS)).to_pylist(),
    }
    return sorted(found)


def audio_keys(rows: Rows) -> pa.ChunkedArray:
    """`audio:<digest>` of the features of each row; missing where fewer than `FEWEST_COMPARED` are there.

    The digest is BLAKE2b over the little-endian float64 values, so that it is the same on every machine. A row that
    lacks some features takes the key of the least row that has all and agrees in the others, where there is one.
    """
    twins: dict[bytes, dict[bytes, str]] = {}
    for values, is_missing in _features(rows):
        missing = is_missing.sum(axis=1)
        lacks = (missing > 0) & (missing <= MOST_MISSING)
        for row, gone in zip(values[lacks], is_missing[lacks], strict=True):
            twins.setdefault(gone.tobytes(), {})[row[~gone].tobytes()] = ""
    for values, is_missing in _features(rows) if twins else ():
        whole = values[~is_missing.any(axis=1)]
        for kind, found in twins.items():
            there = ~np.frombuffer(kind, bool)
            for row in whole:
                if (rest := row[there].tobytes()) in found:
                    key = _audio_key(row)
                    found[rest] = min(key, found[rest] or key)
    keys = [
        pa.array(
            [
                None if gone.sum() > MOST_MISSING else _twin(row, gone, twins) or _audio_key(row)
                for row, gone in zip(values, is_missing, strict=True)
            ],
            pa.string(),
        )
        for values, is_missing in _features(rows)
    ]
    return pa.chunked_array(keys, pa.string())


def _features(rows: Rows) -> Iterator[tuple[npt.NDArray[np.float64], npt.NDArray[np.bool_]]]:
    """The eleven features of some rows at a time, and where they are missing; each of shape (n, 11)."""
    for part in batches_of(rows, MODEL_FEATURES):
        values = np.stack([np.asarray(part[name], "<f8") for name in MODEL_FEATURES], axis=1) + 0.0
        is_missing = np.isnan(values)  # and -0.0 is 0.0
        values[is_missing] = np.nan  # one of many bit patterns
        yield values, is_missing


def _twin(
    row: npt.NDArray[np.float64], gone: npt.NDArray[np.bool_], twins: dict[bytes, dict[bytes, str]]
) -> str:
    """Key of the row that has all features and agrees in those that this one has; empty if there is none."""
    found = twins.get(gone.tobytes()) if twins else None
    return found[row[~gone].tobytes()] if found else ""


def _audio_key(row: npt.NDArray[np.float64]) -> str:
    return AUDIO + hashlib.blake2b(row.tobytes(), digest_size=12).hexdigest()


def _prefixed(prefix: str, texts: Any) -> Any:
    return pc.binary_join_element_wise(pa.scalar(prefix, texts.type), texts, pa.scalar("", texts.type))


def _ranked(column: Any, prefix: str = "") -> tuple[Any, IntArray]:
    """The distinct values of a column in order, and the place of each row's value among them; `UNKNOWN` for none."""
    encoded = column.combine_chunks().dictionary_encode()
    order = pc.sort_indices(encoded.dictionary)
    place = np.full(len(order) + 1, UNKNOWN, np.int32)
    place[np.asarray(order)] = np.arange(len(order))
    names = encoded.dictionary.take(order).cast(pa.large_string())
    return _prefixed(prefix, names), place[np.asarray(pc.fill_null(encoded.indices, -1))]


@dataclass
class _Work:
    """Keys and rows while groups are being found.

    Args:
        both: `names`, then `keys`.
        rows: Number of each row's artist, track and audio key, `UNKNOWN` for none; shape (n, 3).
        names: The name of every group that keys had before tonight, once and in order.
        keys: The name of every key of tonight's rows, once and in order.
        known: Number of the group of each key before tonight, `UNKNOWN` for none.
        side: Part of each known key as a small number, `UNKNOWN` for an unknown key.
        group: Number of the group of each key, filled by `connect`: one of `names`, or, from `len(names)` on, the key
            that it is named after.
        is_out: Whether each row belongs to no part.
    """

    both: Any
    rows: IntArray
    names: Any
    keys: Any
    known: IntArray
    side: IntArray
    group: IntArray = field(default_factory=lambda: np.empty(0, np.int32))
    is_out: npt.NDArray[np.bool_] = field(default_factory=lambda: np.empty(0, bool))

    SIDES = (TRAIN, GATE, TEST, NONE)

    @classmethod
    def of(cls, rows: Rows, memory: pa.Table, catch_alls: list[str]) -> "_Work":
        ids = rows["artist_id"]
        outside = pc.is_in(ids, pa.array(catch_alls, ids.type))
        artists, of_artist = _ranked(pc.if_else(outside, None, ids), ARTIST)
        audio, of_audio = _ranked(audio_keys(rows))
        tracks, of_track = _ranked(rows["track_id"], TRACK)
        of_audio[of_audio != UNKNOWN] += len(artists)
        of_track += len(artists) + len(audio)
        keys = pa.concat_arrays([artists, audio, tracks])  # in the order of the prefixes
        place = pc.index_in(keys, memory["key"].combine_chunks().cast(pa.large_string()))
        names, known = _ranked(memory["artist_group"].take(place))
        sides = [*(cls.SIDES.index(part_of(name)) for name in names.to_pylist()), UNKNOWN]
        of_rows = np.array([of_artist, of_track, of_audio], np.int32).T
        both = pa.concat_arrays([names, keys])  # two parts of one array, so that each name is held once
        parts = both.slice(0, len(names)), both.slice(len(names))
        return cls(both, of_rows, *parts, known, np.array(sides, np.int8)[known])

    def connect(self) -> None:
        """Find the group of every key that stands in a row of some part."""
        self.is_out = self._links_known_parts()
        self.group = self.known.copy()
        inside = np.flatnonzero(~self.is_out)
        component = self._components(inside)
        mixed = self._mixed_components(component)
        in_mixed = np.isin(component, mixed)
        one_by_one = inside[in_mixed[self.rows[inside, 1]]]
        component[in_mixed] = UNKNOWN
        self._settle(component)
        if len(mixed):
            self._connect_one_by_one(one_by_one)

    def row_groups(self) -> pa.Array:
        """Group of each row."""
        first = np.where(self.rows[:, 0] != UNKNOWN, self.rows[:, 0], self.rows[:, 1])
        groups = self._named(np.where(self.is_out, 0, self.group[first]))
        links = _prefixed(LINK, self._keys(self.rows[self.is_out, 1]))
        return pc.replace_with_mask(groups, pa.array(self.is_out), links)

    def learned(self) -> Iterator[tuple[pa.Array, pa.Array]]:
        """Yield keys and groups that the memory has to take up: new groups, and the tracks that stay out for good."""
        placed = np.flatnonzero((self.group != UNKNOWN) & (self.group != self.known))
        for start in range(0, len(placed), BATCH):
            part = placed[start : start + BATCH]
            yield self._keys(part), self._named(self.group[part])
        tracks = np.unique(self.rows[self.is_out, 1])
        stays_out = self._keys(tracks[self.group[tracks] == UNKNOWN])
        yield stays_out, _prefixed(LINK, stays_out)

    def _keys(self, numbers: IntArray) -> pa.Array:
        return self._named(len(self.names) + numbers)

    def _named(self, groups: IntArray) -> pa.Array:
        """The names of groups."""
        return self.both.take(pa.array(groups)).cast(pa.string())

    def _links_known_parts(self) -> npt.NDArray[np.bool_]:
        """Rows whose known keys lie in different parts, or in none."""
        sides = np.where(self.rows == UNKNOWN, UNKNOWN, self.side[self.rows])
        highest = sides.max(axis=1, initial=UNKNOWN)
        lowest = np.where(sides == UNKNOWN, len(self.SIDES), sides).min(axis=1, initial=len(self.SIDES))
        return np.asarray((highest == self.SIDES.index(NONE)) | ((highest != UNKNOWN) & (lowest != highest)))

    def _components(self, inside: IntArray) -> IntArray:
        """Component of each key, connected by the rows inside and by the groups known before."""
        has_group = np.flatnonzero(self.known != UNKNOWN).astype(np.int32)
        size = len(self.keys) + len(self.names)
        pairs = [np.stack([has_group, len(self.keys) + self.known[has_group]])]
        for other in (0, 2):
            both = inside[self.rows[inside, other] != UNKNOWN]
            pairs.append(np.stack([self.rows[both, 1], self.rows[both, other]]))
        one, two = np.concatenate(pairs, axis=1)
        graph = coo_array((np.ones(len(one), np.int8), (one, two)), shape=(size, size))
        _, labels = connected_components(graph, directed=False)
        component: IntArray = labels[: len(self.keys)]
        only_out = np.ones(len(self.keys), bool)
        for of_row in self.rows.T:
            only_out[of_row[inside][of_row[inside] != UNKNOWN]] = False
        component[only_out & (self.side == UNKNOWN)] = UNKNOWN  # nothing is learned of these keys
        return component

    def _mixed_components(self, component: IntArray) -> IntArray:
        """Components that hold known keys of more than one part."""
        known = np.flatnonzero((self.side != UNKNOWN) & (component != UNKNOWN))
        first = np.full(component.max(initial=UNKNOWN) + 1, UNKNOWN, np.int8)
        first[component[known]] = self.side[known]
        return np.unique(component[known[first[component[known]] != self.side[known]]])

    def _settle(self, component: IntArray) -> None:
        """Give all keys of a component one group: the least of those known, else one named after its least key."""
        keys = np.flatnonzero(component != UNKNOWN)
        least = np.full(component.max(initial=UNKNOWN) + 1, np.iinfo(np.int32).max, np.int32)
        own = np.where(self.known[keys] == UNKNOWN, len(self.names) + keys, self.known[keys])
        np.minimum.at(least, component[keys], own.astype(np.int32))
        self.group[keys] = least[component[keys]]

    def _connect_one_by_one(self, rows: IntArray) -> None:
        """Join the keys of a mixed component row by row; a row that would join two parts is left out.

        Rows with the most known keys go first, then by name, so that what was known decides and the order
        of the rows does not matter.
        """
        found = [int(key) for key in np.unique(self.rows[rows]) if key != UNKNOWN]
        joined = DisjointSet(found)
        first_of: dict[int, int] = {}
        for key in found:
            if (group := int(self.known[key])) != UNKNOWN:
                joined.merge(key, first_of.setdefault(group, key))
        side = {joined[key]: int(self.side[key]) for key in found if self.side[key] != UNKNOWN}
        for keys, row in self._most_known_first(rows):
            sides = {side[joined[key]] for key in keys if joined[key] in side}
            if len(sides) > 1:
                self.is_out[row] = True
                continue
            for key in keys[1:]:
                joined.merge(keys[0], key)
            if sides:
                side[joined[keys[0]]] = sides.pop()
        placed = set(self.rows[rows[~self.is_out[rows]]].ravel().tolist())
        component = np.full(len(self.keys), UNKNOWN, np.int32)
        for number, members in enumerate(joined.subsets()):
            if placed & members or any(self.known[key] != UNKNOWN for key in members):
                component[list(members)] = number
        self._settle(component)

    def _most_known_first(self, rows: IntArray) -> list[tuple[list[int], int]]:
        """Keys and number of each row: most known keys first, then by name."""
        keys_of = {int(row): [int(key) for key in self.rows[row] if key != UNKNOWN] for row in rows}
        order = sorted(
            (sum(self.known[key] == UNKNOWN for key in keys), keys, row) for row, keys in keys_of.items()
        )
        return [(keys_of[row], row) for _, _, row in order]

"""Artist groups: rows that must stay on one side of a split, for ever.

Two rows belong together when they share an artist, a track id or their audio features. Each of these is a *key*;
a group is a connected component of keys. The part of a group (train, gate or test) follows from a
hash of its id, and `known`, the memory of every key ever placed, keeps it there when tracks come and go.

Conventions
    - A catch-all id ("Various Artists", also as an id made from that name) stands for many artists and connects
      nothing.
    - A row whose keys belong to different parts links what must stay apart: it belongs to no part, and a
      track that was not known before stays out for good. Its artist keeps the part it had.
    - The result does not depend on the order of the rows.
    - Rows and keys are read in batches: of each row three numbers are held, of each key its group and its component.

Which keys a row has does not belong here but in `genrelab.evaluation.group_keys`, how rows become training and test
sets in `genrelab.evaluation.splits`.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from scipy.cluster.hierarchy import DisjointSet

from genrelab.evaluation.connected import least_connected
from genrelab.evaluation.group_keys import ARTIST, UNKNOWN, IntArray, Keys, joined, prefixed
from genrelab.lake.sorting import distinct_counts
from genrelab.lake.staging import write_rows
from genrelab.lake.stored_rows import Rows, StoredRows, batches_of, parts_of
from genrelab.sources.identity import NAME, NOBODY
from genrelab.tables.groups import ARTIST_GROUPS

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

SIDES = (TRAIN, GATE, TEST, NONE)


@dataclass(frozen=True)
class Assigned:
    """The side of every row.

    Args:
        groups: Group id of each row, in the order of the rows; encoded, since many rows share one.
        parts: Part of each row: train, gate, test or none; encoded.
        known: The memory to store: files of `ARTIST_GROUPS`, sorted by key.
        catch_alls: Artist ids that connect nothing.
        linking: How many rows belong to no part.
        new_keys: How many keys were not in the memory before.
    """

    groups: pa.DictionaryArray
    parts: pa.DictionaryArray
    known: StoredRows
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


def assign_groups(rows: Rows, known: Rows | None, folder: Path) -> Assigned:
    """Place every row in a group, and every group in a part.

    Args:
        rows: `artist_id`, `artist_name`, `track_id` and the eleven `MODEL_FEATURES`, which may be missing.
        known: The memory of earlier nights (`ARTIST_GROUPS`), or None on the first.
        folder: Gets the files of the new memory, and holds others meanwhile.

    Returns:
        Groups and parts of the rows, and the memory with what was learned.
    """
    memory = ARTIST_GROUPS.schema.empty_table() if known is None else known
    catch_alls = find_catch_alls(rows, memory, folder)
    work = _Work(Keys.of(rows, memory, catch_alls, folder))
    work.connect()
    names, of_rows = work.named()
    side_of = _sides([names])
    sides = side_of[of_rows]
    stored = _stored(work.keys.names, work.group, names, folder)
    return Assigned(
        groups=pa.DictionaryArray.from_arrays(of_rows, names),
        parts=pa.DictionaryArray.from_arrays(sides, list(SIDES)),
        known=stored,
        catch_alls=tuple(catch_alls),
        linking=int(np.count_nonzero(sides == SIDES.index(NONE))),
        new_keys=len(stored) - len(memory),
    )


def find_catch_alls(rows: Rows, memory: Rows, folder: Path) -> list[str]:
    """Artist ids that stand for many artists: by name, by memory, or by more than `MANY_NAMES` names."""
    listed = [VARIOUS_ARTISTS, *(NAME + nobody for nobody in ("", *NOBODY))]
    for part in batches_of(memory, ARTIST_GROUPS.names):
        keys = part["key"].filter(pc.equal(part["artist_group"], CATCH_ALL))
        listed += [key.removeprefix(ARTIST) for key in keys.to_pylist()]
    has_many = distinct_counts(rows, "artist_name", "artist_id", folder) > MANY_NAMES
    found: set[str] = set()
    start = 0
    for part in batches_of(rows, ["artist_id"]):
        ids, stop = part["artist_id"], start + len(part)
        is_outside = pc.or_(pc.is_in(ids, pa.array(listed, ids.type)), pa.array(has_many[start:stop]))
        found |= set(pc.unique(ids.filter(is_outside)).to_pylist())
        start = stop
    return sorted(found)


def _sides(parts: Iterable[Any]) -> npt.NDArray[np.int8]:
    """Part of each group, as its place in `SIDES`; the groups come in parts."""
    groups = chain.from_iterable(parts)
    return np.fromiter((SIDES.index(part_of(group.as_py())) for group in groups), np.int8)


def _stored(keys: StoredRows, group: IntArray, names: Any, folder: Path) -> StoredRows:
    """Write the keys that have a group, and return them."""
    import pyarrow.dataset as ds  # noqa: PLC0415 - it imports pandas, which a skipped step does without

    def parts() -> Iterator[pa.Table]:
        start = 0
        for part in keys.batches():
            own = group[start : start + len(part)]
            start += len(part)
            placed = part["key"].filter(pa.array(own != UNKNOWN))
            yield pa.table([placed, names.take(pa.array(own[own != UNKNOWN]))], names=ARTIST_GROUPS.names)

    files = write_rows(folder, ARTIST_GROUPS.schema, parts())
    return StoredRows(ds.dataset([str(file) for file in files], ARTIST_GROUPS.schema, format="parquet"))


@dataclass
class _Work:
    """Keys and rows while groups are being found.

    Args:
        keys: The keys of rows and of the memory.
        side: Part of the group that a key of the new rows had before, as its place in `SIDES`; else `UNKNOWN`.
        group: Number of the group of each key, filled by `connect`: one of `keys.groups`, or, from `len(keys.groups)`
            on, the key that it is named after.
        is_out: Whether each row belongs to no part.
    """

    keys: Keys
    side: IntArray = field(init=False)
    group: IntArray = field(init=False)
    is_out: npt.NDArray[np.bool_] = field(init=False)

    def connect(self) -> None:
        """Find the group of every key of a row of some part."""
        keys, rows = self.keys, self.keys.rows
        sides = _sides(part["key"] for part in keys.groups.batches())
        self.side = np.append(sides, np.int8(UNKNOWN))[keys.known]
        self.side[~self._keys_of(np.ones(len(rows), bool))] = UNKNOWN
        self.is_out = self._links_known_parts()
        component = self._components()
        self.group = keys.known.copy()
        is_mixed = self._is_mixed(component)
        one_by_one = np.flatnonzero(is_mixed[rows[:, 1]] & ~self.is_out)
        component[is_mixed] = UNKNOWN
        self._settle(component)
        if len(one_by_one):
            self._connect_one_by_one(one_by_one)
        self.side = keys.known = np.empty(0, np.int32)  # 5 bytes a key that `named` can use

    def named(self) -> tuple[Any, IntArray]:
        """Number the groups of keys and rows by their names.

        Returns:
            The names of groups, and the place of each row's group among them; `group` then holds that of each key's.
        """
        rows, before = self.keys.rows, len(self.keys.groups)
        is_name = np.zeros(len(self.group), bool)
        for part in parts_of(len(self.group)):
            is_name[self.group[part][self.group[part] >= before] - before] = True
        place = np.cumsum(is_name, dtype=np.int32)
        place += before - 1
        for part in parts_of(len(self.group)):
            own = self.group[part]  # a view
            own[own >= before] = place[own[own >= before] - before]
        del place
        found = np.empty(len(rows), np.int32)
        for part in parts_of(len(rows)):
            found[part] = self.group[np.where(rows[part, 0] == UNKNOWN, rows[part, 1], rows[part, 0])]
        links = np.unique(rows[self.is_out, 1])
        first_link = before + int(np.count_nonzero(is_name))
        found[self.is_out] = first_link + np.searchsorted(links, rows[self.is_out, 1])
        stays_out = self.group[links] == UNKNOWN
        self.group[links[stays_out]] = first_link + np.flatnonzero(stays_out)
        self.group[self.keys.catch_alls] = first_link + len(links)
        is_link = np.zeros(len(self.group), bool)
        is_link[links] = True
        self.keys.rows = rows = np.empty((0, 3), np.int32)  # 12 bytes a row that the names can use
        link_names = (prefixed(LINK, each) for each in self._names(is_link))
        known = chain.from_iterable(part["key"].chunks for part in self.keys.groups.batches())
        names = joined(chain(known, self._names(is_name), link_names, [pa.array([CATCH_ALL])]))
        return names, found

    def _names(self, mask: npt.NDArray[np.bool_]) -> Iterator[Any]:
        """Yield the names of some keys, in parts."""
        for part in self.keys.names.filtered(mask):
            yield from part["key"].chunks

    def _keys_of(self, rows: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
        """Which keys some rows have."""
        found = np.zeros(len(self.keys.names) + 1, bool)  # the last one is that of rows without a key
        for part in parts_of(len(rows)):
            found[self.keys.rows[part][rows[part]]] = True
        return found[:-1]

    def _links_known_parts(self) -> npt.NDArray[np.bool_]:
        """Rows whose known keys lie in different parts, or in none."""
        found = np.zeros(len(self.keys.rows), bool)
        none, many = SIDES.index(NONE), len(SIDES)
        for part in parts_of(len(found)) if len(self.keys.groups) else ():
            rows = self.keys.rows[part]
            sides = np.where(rows == UNKNOWN, UNKNOWN, self.side[rows])
            highest, lowest = sides.max(axis=1), np.where(sides == UNKNOWN, many, sides).min(axis=1)
            found[part] = (highest == none) | ((highest != UNKNOWN) & (lowest != highest))
        return found

    def _edges(self) -> Iterator[tuple[IntArray, IntArray]]:
        """Keys that a row inside connects."""
        for part in parts_of(len(self.is_out)):
            inside = self.keys.rows[part][~self.is_out[part]]
            for other in (0, 2):
                both = inside[inside[:, other] != UNKNOWN]
                yield both[:, 1], both[:, other]

    def _least_known(self) -> npt.NDArray[np.int32]:
        """The least key of the group that each key had before; a key without one is its own."""
        first = np.empty(len(self.keys.groups), np.int32)
        least = np.arange(len(self.side), dtype=np.int32)
        for part in reversed(list(parts_of(len(least)))):
            known = part.start + np.flatnonzero(self.side[part] != UNKNOWN)[::-1]
            first[self.keys.known[known]] = known  # the last one written is the least
        for part in parts_of(len(least)):
            is_known = self.side[part] != UNKNOWN
            least[part][is_known] = first[self.keys.known[part][is_known]]
        return least

    def _components(self) -> IntArray:
        """Component of each key, its least key; `UNKNOWN` for keys of which nothing is learned."""
        component = least_connected(self._least_known(), self._edges)
        component[~self._keys_of(~self.is_out) & (self.side == UNKNOWN)] = UNKNOWN
        return component

    def _is_mixed(self, component: IntArray) -> npt.NDArray[np.bool_]:
        """Which keys lie in a component that holds known keys of more than one part."""
        if not len(self.keys.groups):
            return np.zeros(len(component), bool)
        side = np.full(len(component), UNKNOWN, np.int8)
        is_mixed = np.zeros(len(component) + 1, bool)  # the last one is that of keys without a component
        for part in parts_of(len(component)):
            is_known = (self.side[part] != UNKNOWN) & (component[part] != UNKNOWN)
            own, known = component[part][is_known], self.side[part][is_known]
            new = side[own] == UNKNOWN
            side[own[new]] = known[new]
            is_mixed[own[side[own] != known]] = True
        return np.asarray(is_mixed[component])

    def _settle(self, component: IntArray) -> None:
        """Give all keys of a component one group: the least of those known, else one named after its least key."""
        before, known = len(self.keys.groups), self.keys.known
        least = np.full(len(component), np.iinfo(np.int32).max, np.int32)
        for part in parts_of(len(component)):
            keys = part.start + np.flatnonzero(component[part] != UNKNOWN)
            own = np.where(known[keys] == UNKNOWN, before + keys, known[keys])
            np.minimum.at(least, component[keys], own.astype(np.int32))
        for part in parts_of(len(component)):
            is_placed = component[part] != UNKNOWN
            self.group[part][is_placed] = least[component[part][is_placed]]

    def _connect_one_by_one(self, rows: IntArray) -> None:
        """Join the keys of a mixed component row by row; a row that would join two parts is left out.

        Rows with the most known keys go first, then by name, so that what was known decides and the order
        of the rows does not matter.
        """
        found = [int(key) for key in np.unique(self.keys.rows[rows]) if key != UNKNOWN]
        joined = DisjointSet(found)
        first_of: dict[int, int] = {}
        for key in found:
            if (group := int(self.keys.known[key])) != UNKNOWN:
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
        placed = set(self.keys.rows[rows[~self.is_out[rows]]].ravel().tolist())
        component = np.full(len(self.side), UNKNOWN, np.int32)
        for number, members in enumerate(joined.subsets()):
            if placed & members or any(self.keys.known[key] != UNKNOWN for key in members):
                component[list(members)] = number
        self._settle(component)

    def _most_known_first(self, rows: IntArray) -> list[tuple[list[int], int]]:
        """Keys and number of each row: most known keys first, then by name."""
        keys_of = {int(row): [int(key) for key in self.keys.rows[row] if key != UNKNOWN] for row in rows}
        order = sorted(
            (sum(self.keys.known[key] == UNKNOWN for key in keys), keys, row) for row, keys in keys_of.items()
        )
        return [(keys_of[row], row) for _, _, row in order]

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

How rows become training and test sets does not belong here but in `genrelab.evaluation.splits`.
"""

import hashlib
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
from scipy.cluster.hierarchy import DisjointSet
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from genrelab.sources.identity import NAME, stands_for_nobody
from genrelab.tables.groups import ARTIST_GROUPS
from genrelab.tables.spotify import MODEL_FEATURES

IntArray = npt.NDArray[np.int64]

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


def assign_groups(rows: pa.Table | pd.DataFrame, known: pa.Table | None = None) -> Assigned:
    """Place every row in a group, and every group in a part.

    Args:
        rows: `artist_id`, `artist_name`, `track_id` and the eleven `MODEL_FEATURES`, each of which may be missing.
        known: The memory of earlier nights (`ARTIST_GROUPS`), or None on the first.

    Returns:
        Groups and parts of the rows, and the memory with what was learned.
    """
    frame = rows.to_pandas() if isinstance(rows, pa.Table) else rows
    memory: dict[str, str] = {}
    if known is not None:
        memory = dict(zip(known["key"].to_pylist(), known["artist_group"].to_pylist(), strict=True))
    before = len(memory)
    catch_alls = find_catch_alls(frame, memory)
    memory |= {f"artist:{artist}": CATCH_ALL for artist in catch_alls}
    work = _Work.of(frame, memory, catch_alls)
    work.connect()
    groups = work.row_groups()
    memory |= work.learned(groups)
    part = {group: part_of(group) for group in set(groups)}
    parts = [part[group] for group in groups]
    keys = sorted(memory)
    return Assigned(
        groups=pa.array(groups, pa.string()),
        parts=pa.array(parts, pa.string()),
        known=pa.table(
            {"key": keys, "artist_group": [memory[key] for key in keys]}, schema=ARTIST_GROUPS.schema
        ),
        catch_alls=tuple(catch_alls),
        linking=parts.count(NONE),
        new_keys=len(memory) - before,
    )


def find_catch_alls(frame: pd.DataFrame, memory: dict[str, str]) -> list[str]:
    """Artist ids that stand for many artists: by name, by memory, or by more than `MANY_NAMES` names."""
    ids = set(frame["artist_id"].tolist())
    names = frame.groupby("artist_id")["artist_name"].nunique()
    remembered = {
        key.removeprefix("artist:")
        for key, group in memory.items()
        if group == CATCH_ALL and key.startswith("artist:")
    }
    unknown = {
        artist
        for artist in names.index.tolist()
        if artist.startswith(NAME) and stands_for_nobody(artist.removeprefix(NAME))
    }
    found = {
        *names.index[names > MANY_NAMES],
        *unknown,
        *(remembered & ids),
        *({VARIOUS_ARTISTS} & ids),
    }
    return sorted(str(artist) for artist in found)


def audio_keys(frame: pd.DataFrame) -> list[str | None]:
    """`audio:<digest>` of the features of each row; None where fewer than `FEWEST_COMPARED` are there.

    The digest is BLAKE2b over the little-endian float64 values, so that it is the same on every machine. A row that
    lacks some features takes the key of the least row that has all and agrees in the others, where there is one.
    """
    values = frame[list(MODEL_FEATURES)].to_numpy(dtype="<f8", na_value=np.nan) + 0.0  # -0.0 becomes 0.0
    is_missing = np.isnan(values)
    values[is_missing] = np.nan  # one of many bit patterns
    lacks_some = np.asarray(is_missing.any(axis=1))
    lacks_many = is_missing.sum(axis=1) > len(MODEL_FEATURES) - FEWEST_COMPARED
    twins: dict[bytes, dict[bytes, str]] = {}
    keys: list[str | None] = []
    for row, missing, lacks, has_few in zip(values, is_missing, lacks_some, lacks_many, strict=True):
        if has_few:
            keys.append(None)
            continue
        own = _audio_key(row)
        if lacks:
            kind = missing.tobytes()
            if kind not in twins:
                twins[kind] = _keys_without(values[~lacks_some], missing)
            own = twins[kind].get(row[~missing].tobytes(), own)
        keys.append(own)
    return keys


def _audio_key(row: npt.NDArray[np.float64]) -> str:
    return "audio:" + hashlib.blake2b(row.tobytes(), digest_size=12).hexdigest()


def _keys_without(whole: npt.NDArray[np.float64], missing: npt.NDArray[np.bool_]) -> dict[bytes, str]:
    """Key of the whole rows by the values of the features that are not missing elsewhere; the least of equal ones."""
    found: dict[bytes, str] = {}
    for row in whole:
        rest, key = row[~missing].tobytes(), _audio_key(row)
        found[rest] = min(key, found.get(rest, key))
    return found


@dataclass
class _Work:
    """Keys and rows while groups are being found.

    Args:
        keys: Every key of tonight's rows, once.
        rows: Index into `keys` of each row's artist, track and audio key, `UNKNOWN` for none; shape (n, 3).
        known: Group of each key before tonight, or None.
        side: Part of each known key as a small number, `UNKNOWN` for an unknown key.
        group: Group of each key, filled by `connect`.
        is_out: Whether each row belongs to no part.
    """

    keys: list[str]
    rows: IntArray
    known: list[str | None]
    side: IntArray
    group: list[str | None] = field(default_factory=list)
    is_out: npt.NDArray[np.bool_] = field(default_factory=lambda: np.empty(0, bool))

    SIDES = (TRAIN, GATE, TEST, NONE)

    @classmethod
    def of(cls, frame: pd.DataFrame, memory: dict[str, str], catch_alls: list[str]) -> "_Work":
        outside = set(catch_alls)
        columns: list[list[str | None]] = [
            [None if artist in outside else f"artist:{artist}" for artist in frame["artist_id"].tolist()],
            [f"track:{track}" for track in frame["track_id"].tolist()],
            audio_keys(frame),
        ]
        flat = pd.Series([key for column in columns for key in column], dtype=object)
        codes, names = pd.factorize(flat)  # None becomes -1, which is UNKNOWN
        keys = [str(name) for name in names]
        known = [memory.get(key) for key in keys]
        part_number = {group: cls.SIDES.index(part_of(group)) for group in set(known) if group is not None}
        side = np.array([UNKNOWN if group is None else part_number[group] for group in known], dtype=np.int64)
        return cls(keys, codes.reshape(3, -1).T.astype(np.int64), known, side)

    def connect(self) -> None:
        """Find the group of every key that stands in a row of some part."""
        self.is_out = self._links_known_parts()
        self.group = list(self.known)
        inside = np.flatnonzero(~self.is_out)
        component = self._components(inside)
        mixed = self._mixed_components(component)
        members: dict[int, list[int]] = {}
        for key, label in enumerate(component.tolist()):
            members.setdefault(label, []).append(key)
        for label, found in members.items():
            if label != UNKNOWN and label not in mixed:
                self._settle(found)
        if mixed:
            self._connect_one_by_one(inside[np.isin(component[self.rows[inside, 1]], sorted(mixed))])

    def row_groups(self) -> list[str]:
        """Group of each row."""
        first = np.where(self.rows[:, 0] != UNKNOWN, self.rows[:, 0], self.rows[:, 1])
        return [
            LINK + self.keys[track] if out else str(self.group[key])
            for out, track, key in zip(self.is_out, self.rows[:, 1], first, strict=True)
        ]

    def learned(self, groups: list[str]) -> dict[str, str]:
        """What the memory has to take up: new groups of keys, and the tracks that stay out for good."""
        placed = {
            key: group
            for key, group, known in zip(self.keys, self.group, self.known, strict=True)
            if group is not None and group != known
        }
        stays_out = {
            self.keys[self.rows[row, 1]]: groups[row]
            for row in np.flatnonzero(self.is_out)
            if self.group[self.rows[row, 1]] is None
        }
        return placed | stays_out

    def _links_known_parts(self) -> npt.NDArray[np.bool_]:
        """Rows whose known keys lie in different parts, or in none."""
        sides = np.where(self.rows == UNKNOWN, UNKNOWN, self.side[self.rows])
        highest = sides.max(axis=1, initial=UNKNOWN)
        lowest = np.where(sides == UNKNOWN, len(self.SIDES), sides).min(axis=1, initial=len(self.SIDES))
        return np.asarray((highest == self.SIDES.index(NONE)) | ((highest != UNKNOWN) & (lowest != highest)))

    def _components(self, inside: IntArray) -> IntArray:
        """Component of each key, connected by the rows inside and by the groups known before."""
        numbers, names = pd.factorize(np.array(self.known, dtype=object))
        has_group = np.flatnonzero(numbers != UNKNOWN)
        size = len(self.keys) + len(names)
        pairs = [np.stack([has_group, len(self.keys) + numbers[has_group]])]
        for other in (0, 2):
            both = inside[self.rows[inside, other] != UNKNOWN]
            pairs.append(np.stack([self.rows[both, 1], self.rows[both, other]]))
        one, two = np.concatenate(pairs, axis=1)
        graph = coo_array((np.ones(len(one), np.int8), (one, two)), shape=(size, size))
        _, labels = connected_components(graph, directed=False)
        component: IntArray = labels[: len(self.keys)].astype(np.int64)
        only_out = np.ones(len(self.keys), bool)
        only_out[self.rows[inside][self.rows[inside] != UNKNOWN]] = False
        component[only_out & (self.side == UNKNOWN)] = UNKNOWN  # nothing is learned of these keys
        return component

    def _mixed_components(self, component: IntArray) -> set[int]:
        """Components that hold known keys of more than one part."""
        known = (self.side != UNKNOWN) & (component != UNKNOWN)
        parts = pd.Series(self.side[known]).groupby(component[known]).nunique()
        return set(parts.index[parts > 1])

    def _settle(self, members: list[int]) -> None:
        """Give all keys of a component one group: the least of those known, else one named after a key."""
        ids = sorted({group for key in members if (group := self.known[key]) is not None})
        chosen = ids[0] if ids else min(self.keys[key] for key in members)
        for key in members:
            self.group[key] = chosen

    def _connect_one_by_one(self, rows: IntArray) -> None:
        """Join the keys of a mixed component row by row; a row that would join two parts is left out.

        Rows with the most known keys go first, then by name, so that what was known decides and the order
        of the rows does not matter.
        """
        found = [int(key) for key in np.unique(self.rows[rows]) if key != UNKNOWN]
        joined = DisjointSet(found)
        first_of: dict[str, int] = {}
        for key in found:
            if (group := self.known[key]) is not None:
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
        for members in joined.subsets():
            if placed & members or any(self.known[key] for key in members):
                self._settle(sorted(members))

    def _most_known_first(self, rows: IntArray) -> list[tuple[list[int], int]]:
        """Keys and number of each row: most known keys first, then by name."""
        keys_of = {int(row): [int(key) for key in self.rows[row] if key != UNKNOWN] for row in rows}
        order = sorted(
            (sum(self.known[key] is None for key in keys), [self.keys[key] for key in keys], row)
            for row, keys in keys_of.items()
        )
        return [(keys_of[row], row) for _, _, row in order]

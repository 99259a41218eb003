"""The keys that connect rows, numbered in the order of their names.

Conventions
    - A row has up to three keys: its artist, its track id and its audio features. A key is the prefix of its kind and
      a text.
    - Keys of rows and of the memory are numbered together from 0, in the order of their names, so that the least number
      is the least name. Their names wait in a file, in that order.
    - Features that a source does not measure (ReccoBeats has no time signature) are not compared: such a row has the
      key of those that lack the same ones, and of one that has all eleven and agrees in the rest. A row with fewer than
      `FEWEST_COMPARED` features has no audio key: few numbers are equal by chance.

Which keys belong together does not belong here but in `genrelab.evaluation.groups`.
"""

import hashlib
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from genrelab.lake.sorting import Runs, in_order
from genrelab.lake.stored_rows import Rows, StoredRows, batches_of, spill
from genrelab.tables.spotify import MODEL_FEATURES

IntArray = npt.NDArray[np.integer[Any]]

FEWEST_COMPARED = 8
"""Of the eleven features; a row with fewer of them has no audio key."""

MOST_MISSING = len(MODEL_FEATURES) - FEWEST_COMPARED

ARTIST, TRACK, AUDIO = "artist:", "track:", "audio:"
"""Prefixes of the three kinds of keys."""

COLUMNS = {ARTIST: 0, AUDIO: 2, TRACK: 1}
"""Column of `Keys.rows` of each kind; the kinds are in the order of the names."""

UNKNOWN = -1

NAMES = pa.schema([("key", pa.string())])
PLACED = pa.schema([("text", pa.string()), ("place", pa.int64())])
"""A text and the number of its row; of rows of the memory the complement of the number, which is below 0."""


@dataclass
class Keys:
    """The keys of rows and of the memory.

    Args:
        names: The name of each key: the column `key` of a file.
        rows: Number of each row's artist, track and audio key, `UNKNOWN` for none; shape (n, 3).
        groups: The groups of the memory, each once and in order: the column `key` of a file.
        known: Number of the group of each key in the memory, `UNKNOWN` for none.
        catch_alls: Numbers of the artists that connect nothing, which no row has.
    """

    names: StoredRows
    rows: IntArray
    groups: StoredRows
    known: IntArray
    catch_alls: IntArray

    @classmethod
    def of(cls, rows: Rows, memory: Rows, catch_alls: Collection[str], folder: Path) -> "Keys":
        """Number the keys of rows and of the memory.

        Args:
            rows: `artist_id`, `track_id` and the eleven `MODEL_FEATURES`.
            memory: The memory of earlier nights, `genrelab.tables.groups.ARTIST_GROUPS`.
            catch_alls: Artist ids that connect nothing.
            folder: Gets the files of the names.
        """
        of_rows = np.full((len(rows), len(COLUMNS)), UNKNOWN, np.int32)
        of_memory = np.empty(len(memory), np.int32)
        outside: list[IntArray] = []

        def names() -> Iterator[pa.Table]:
            total = 0
            for prefix, column in COLUMNS.items():
                placed = chain(_placed(_texts(rows, prefix)), _placed_in_memory(memory, prefix))
                for new, places, numbers in _numbered(placed, total, folder):
                    is_row = places >= 0
                    of_rows[places[is_row], column] = numbers[is_row]
                    of_memory[~places[~is_row]] = numbers[~is_row]
                    if prefix == ARTIST:
                        is_outside = pc.is_in(new, pa.array(catch_alls, pa.string()))
                        outside.append(total + np.flatnonzero(is_outside))
                    total += len(new)
                    yield pa.table({"key": prefixed(prefix, new)})

        stored = spill(folder / "keys.arrow", NAMES, names())
        known = np.full(len(stored), UNKNOWN, np.int32)

        def groups() -> Iterator[pa.Table]:
            for new, places, numbers in _numbered(_placed(_column(memory, "artist_group")), 0, folder):
                known[of_memory[places]] = numbers
                yield pa.table({"key": new})

        named = spill(folder / "groups.arrow", NAMES, groups())
        catch_all = np.concatenate([np.empty(0, np.int64), *outside])
        connects = np.ones(len(stored) + 1, bool)  # the last one is that of rows without an artist
        connects[catch_all] = False
        of_rows[~connects[of_rows[:, 0]], 0] = UNKNOWN
        return cls(stored, of_rows, named, known, catch_all)


def _texts(rows: Rows, prefix: str) -> Iterator[Any]:
    """The keys of rows without their prefix, in parts."""
    return audio_keys(rows) if prefix == AUDIO else _column(rows, f"{prefix.removesuffix(':')}_id")


def _column(rows: Rows, name: str) -> Iterator[Any]:
    return (part[name] for part in batches_of(rows, [name]))


def _placed(parts: Iterable[Any]) -> Iterator[pa.Table]:
    """The texts that are not missing, with the numbers of their rows."""
    start = 0
    for texts in parts:
        placed = pa.table([texts, np.arange(start, start + len(texts))], schema=PLACED)
        yield placed.filter(texts.is_valid())
        start += len(texts)


def _placed_in_memory(memory: Rows, prefix: str) -> Iterator[pa.Table]:
    start = 0
    for keys in _column(memory, "key"):
        is_of_kind = pc.starts_with(keys, prefix)
        texts = pc.utf8_slice_codeunits(keys.filter(is_of_kind), len(prefix))
        yield pa.table([texts, ~(start + np.flatnonzero(is_of_kind))], schema=PLACED)
        start += len(keys)


def _numbered(
    placed: Iterable[pa.Table], first: int, folder: Path
) -> Iterator[tuple[Any, IntArray, IntArray]]:
    """Yield the distinct texts in order, in parts; and with each part places and the number of the text of each."""
    runs, last = Runs(), first - 1
    for part in in_order(placed, PLACED, ["text"], folder):
        is_new = runs.starts(part["text"])
        numbers = last + np.cumsum(is_new)
        last = int(numbers[-1])
        yield part["text"].filter(pa.array(is_new)), np.asarray(part["place"]), numbers


def audio_keys(rows: Rows) -> Iterator[pa.Array]:
    """Yield the digest of the features of each row, in parts; missing where fewer than `FEWEST_COMPARED` are there.

    It is BLAKE2b over the little-endian float64 values, so that it is the same on every machine. A row that
    lacks some features takes the key of the least row that has all and agrees in the others, where there is one.
    """
    twins = _twins(rows, _lacking(rows))
    for values, is_missing in _features(rows):
        of_rows = zip(values, is_missing, _kinds(is_missing).tolist(), strict=True)
        yield pa.array(
            [
                None
                if gone.sum() > MOST_MISSING
                else twins.get(kind, {}).get(row[~gone].tobytes()) or _audio_key(row)
                for row, gone, kind in of_rows
            ],
            pa.string(),
        )


def _lacking(rows: Rows) -> dict[int, npt.NDArray[np.uint64]]:
    """Hashes of the features that rows have which lack some, in order, for each kind of row in `_kinds`."""
    found: dict[int, list[npt.NDArray[np.uint64]]] = {}
    for values, is_missing in _features(rows):
        kinds, missing = _kinds(is_missing), is_missing.sum(axis=1)
        for kind in np.unique(kinds[(missing > 0) & (missing <= MOST_MISSING)]).tolist():
            found.setdefault(kind, []).append(_hashes(values[kinds == kind], kind))
    hashes = {}
    for kind in list(found):
        hashes[kind] = np.concatenate(found.pop(kind))
        hashes[kind].sort()
    return hashes


def _twins(rows: Rows, lacking: dict[int, npt.NDArray[np.uint64]]) -> dict[int, dict[bytes, str]]:
    """The least key of the rows that have all features, by kind and values of the rows that lack some and agree."""
    twins: dict[int, dict[bytes, str]] = {kind: {} for kind in lacking}
    for values, is_missing in _features(rows) if lacking else ():
        whole = values[~is_missing.any(axis=1)]
        for kind, known in lacking.items():
            hashes = _hashes(whole, kind)
            place = np.minimum(np.searchsorted(known, hashes), len(known) - 1)
            there = _there(kind)
            for row in whole[known[place] == hashes]:
                key, rest = _audio_key(row), row[there].tobytes()
                twins[kind][rest] = min(key, twins[kind].get(rest, key))
    return twins


def _kinds(is_missing: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
    """Which features each row lacks, as a number with a bit for each, shape (rows,)."""
    return np.asarray(is_missing @ (1 << np.arange(len(MODEL_FEATURES))))


def _there(kind: int) -> npt.NDArray[np.bool_]:
    """The features that rows of a kind have."""
    return np.asarray(kind >> np.arange(len(MODEL_FEATURES)) & 1 == 0)


def _hashes(values: npt.NDArray[np.float64], kind: int) -> npt.NDArray[np.uint64]:
    """A hash of the features that a kind of row has, shape (rows,)."""
    frame = pd.DataFrame(values[:, _there(kind)])
    return np.asarray(pd.util.hash_pandas_object(frame, index=False), dtype=np.uint64)


def _features(rows: Rows) -> Iterator[tuple[npt.NDArray[np.float64], npt.NDArray[np.bool_]]]:
    """The eleven features of some rows at a time, and where they are missing; each of shape (n, 11)."""
    for part in batches_of(rows, MODEL_FEATURES):
        values = np.stack([np.asarray(part[name], "<f8") for name in MODEL_FEATURES], axis=1) + 0.0
        is_missing = np.isnan(values)  # and -0.0 is 0.0
        values[is_missing] = np.nan  # one of many bit patterns
        yield values, is_missing


def _audio_key(row: npt.NDArray[np.float64]) -> str:
    return hashlib.blake2b(row.tobytes(), digest_size=12).hexdigest()


def joined(parts: Iterable[Any]) -> pa.LargeStringArray:
    """Return texts, none of them missing, as one array; `concat_arrays` would hold each of them twice.

    >>> joined([pa.array(["a", "bc"]), pa.array(["d"])]).to_pylist()
    ['a', 'bc', 'd']
    """
    content, lengths = bytearray(), [np.zeros(1, np.int32)]
    for part in parts:
        texts = part.cast(pa.large_string())
        if not len(texts):
            continue
        _, bounds, data = texts.buffers()
        ends = np.frombuffer(bounds, np.int64)[texts.offset : texts.offset + len(texts) + 1]
        content += memoryview(b"" if data is None else data)[ends[0] : ends[-1]]  # grows in place
        lengths.append(np.diff(ends).astype(np.int32))
    offsets = np.cumsum(np.concatenate(lengths), dtype=np.int64)
    return pa.LargeStringArray.from_buffers(len(offsets) - 1, pa.py_buffer(offsets), pa.py_buffer(content))


def prefixed(prefix: str, texts: Any) -> Any:
    """Texts with a prefix."""
    return pc.binary_join_element_wise(pa.scalar(prefix, texts.type), texts, pa.scalar("", texts.type))

"""Counts the quirks of the real tracks.csv.

Conventions: each note is one sentence with its count; a quirk that does not occur is not mentioned. Nothing is changed:
-1, HTML and line breaks are kept. docs/fma.md explains each quirk.
"""

from collections.abc import Callable, Iterator

import pyarrow as pa
import pyarrow.compute as pc

from genrelab.tables.fma import FMA_TRACKS, SPLITS, SUBSETS

NOT_MISSING = ("NA", "N/A", "n/a", "NULL", "null", "None", "nan", "NaN", "<NA>")
"""Words that pandas.read_csv reads as missing by default, but that are also real titles."""

EPOCH = pa.scalar(0, pa.timestamp("us"))


def note_tracks(data: pa.Table) -> tuple[str, ...]:
    """Return notes about the rows of `fma_tracks`."""
    return tuple(_notes(data))


def _notes(data: pa.Table) -> Iterator[str]:
    rows = len(data)
    if not rows:
        return
    artists = pc.count_distinct(data["artist_id"]).as_py()
    yield f"{rows:,} tracks of {artists:,} artists"
    yield "splits: " + ", ".join(f"{name} {_count(pc.equal(data['split'], name)):,}" for name in SPLITS)
    sizes = [_count(pc.is_in(data["subset"], pa.array(SUBSETS[: i + 1]))) for i in range(len(SUBSETS))]
    yield "subsets: " + ", ".join(f"{name} {size:,}" for name, size in zip(SUBSETS, sizes, strict=True))
    top = data["genre_top"].null_count
    yield f"genre_top is missing for {top:,} of {rows:,} tracks, by design: their genres have no single root"
    lengths = pc.list_value_length(data["genres"])
    yield from _note(_count(pc.equal(lengths, 0)), "tracks have no genre")
    without = pc.and_(pc.greater(lengths, 0), pc.is_null(data["genres_all"]))
    yield from _note(_count(without), "tracks have genres but no genres_all")
    texts = [column.name for column in FMA_TRACKS if pa.types.is_string(column.type) and column.official]
    yield from _note(_cells(data, texts, lambda c: pc.match_substring(c, "\n")), "texts hold line breaks")
    yield from _note(
        _cells(data, texts, lambda c: pc.match_substring_regex(c, "<[a-zA-Z/]")), "texts hold HTML"
    )
    words = pa.array(NOT_MISSING)
    yield from _note(
        _cells(data, texts, lambda c: pc.is_in(c, words)),
        "texts are NA, None or similar, and are kept as text",
    )
    dates = [column.name for column in FMA_TRACKS if pa.types.is_timestamp(column.type)]
    yield from _note(_cells(data, dates, lambda c: pc.less(c, EPOCH)), "dates lie before 1970")
    marked = [column.name for column in FMA_TRACKS if column.low == -1]
    yield from _note(
        _cells(data, marked, lambda c: pc.equal(c, -1)), "counts and ids are -1, FMA's mark for unknown"
    )
    yield from _note(_shared_names(data), "artist names belong to more than one artist id")
    yield from _note(_in_two_splits(data), "artists have tracks in more than one split")
    yield from _note(_count(pc.equal(data["track_duration"], 0)), "tracks have a duration of 0 seconds")
    empty = [c.name for c in FMA_TRACKS if c.official and data[c.name].null_count == rows]
    if empty:
        yield f"{len(empty)} columns have no values: {', '.join(empty)}"


def _note(count: int, what: str) -> Iterator[str]:
    if count:
        yield f"{count:,} {what}"


def _count(mask: pa.ChunkedArray) -> int:
    return int(pc.sum(mask).as_py() or 0)


def _cells(data: pa.Table, names: list[str], test: Callable[[pa.ChunkedArray], pa.ChunkedArray]) -> int:
    return sum(_count(test(data[name])) for name in names)


def _shared_names(data: pa.Table) -> int:
    pairs = data.select(["artist_name", "artist_id"]).filter(pc.is_valid(data["artist_name"]))
    ids = pairs.group_by("artist_name").aggregate([("artist_id", "count_distinct")])
    return _count(pc.greater(ids["artist_id_count_distinct"], 1))


def _in_two_splits(data: pa.Table) -> int:
    splits = (
        data.select(["artist_id", "split"]).group_by("artist_id").aggregate([("split", "count_distinct")])
    )
    return _count(pc.greater(splits["split_count_distinct"], 1))

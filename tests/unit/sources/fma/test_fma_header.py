"""FMA's header rows, whole, partial and wrong."""

import pytest

from genrelab.runtime.errors import SourceError
from genrelab.sources.fma.header import read_header
from genrelab.sources.fma.layout import csv_bytes, official_columns, official_header
from genrelab.tables.fma import FMA_ECHONEST, FMA_FEATURES, FMA_GENRES, FMA_TRACKS

LEVELS = [(FMA_TRACKS, 2, 52), (FMA_FEATURES, 3, 518), (FMA_ECHONEST, 3, 249)]


def features_header(names: list[str], index: bool = True) -> bytes:
    """A header of some official columns."""
    parts = [name.split(".") for name in names]
    rows = [
        ["feature", *(p[0] for p in parts)],
        ["statistics", *(p[1] for p in parts)],
        ["number", *(p[2] for p in parts)],
    ]
    return csv_bytes([*rows, *([["track_id", *([""] * len(names))]] if index else [])])


OFFICIAL = [column.official for column in official_columns(FMA_FEATURES)]


@pytest.mark.parametrize(("table", "levels", "count"), LEVELS, ids=[t.name for t, _, _ in LEVELS])
def test_the_official_header_names_every_column(table: object, levels: int, count: int) -> None:
    """It ends where the records begin, and there is nothing to note."""

    head = official_header(table)
    header = read_header(head + b"2,1", table, levels, "x.csv")
    assert header.length == len(head)
    assert [column.name for column in header.known[1:]] == [c.name for c in official_columns(table)]
    assert (len(header.known), header.notes) == (count + 1, ())


@pytest.mark.parametrize("change", [lambda h: b"\xef\xbb\xbf" + h, lambda h: h.replace(b"\n", b"\r\n")])
def test_a_byte_order_mark_and_windows_line_ends_are_passed_over(change: object) -> None:
    """Both come from editors."""

    head = change(official_header(FMA_TRACKS))
    header = read_header(head + b"2,1", FMA_TRACKS, 2, "x.csv")
    assert (header.length, len(header.known)) == (len(head), 53)


@pytest.mark.parametrize("record", [b'2,"' + b"x" * 300_000 + b'"\n3,b\n', b'2,"open\n' + b"3,b\n" * 50_000])
def test_what_follows_the_header_is_not_judged_with_it(record: bytes) -> None:
    """Neither a very long cell nor a quote that is never closed."""

    head = official_header(FMA_TRACKS)
    assert read_header(head + record, FMA_TRACKS, 2, "x.csv").length == len(head)


def test_the_row_that_names_the_index_may_be_missing() -> None:
    """Some tools do not write it."""

    head = features_header(OFFICIAL, index=False)
    assert read_header(head + b"2,1", FMA_FEATURES, 3, "x.csv").length == len(head)


def test_a_file_with_some_columns_is_read_for_what_it_has() -> None:
    """What is missing is noted with its number."""

    header = read_header(features_header(OFFICIAL[:3]), FMA_FEATURES, 3, "x.csv")
    assert [c.official for c in header.known[1:]] == OFFICIAL[:3]
    assert "4 of 519 columns" in header.notes[0]


def test_another_order_is_read_by_name_and_noted() -> None:
    """The values still stand under their own names."""

    header = read_header(features_header(OFFICIAL[::-1]), FMA_FEATURES, 3, "x.csv")
    assert [c.official for c in header.known[1:]] == OFFICIAL[::-1]
    assert "a different order" in header.notes[0]


def test_an_extra_column_is_passed_over_and_noted() -> None:
    """As long as every official one is there."""

    header = read_header(features_header([*OFFICIAL, "mine.mean.01"]), FMA_FEATURES, 3, "x.csv")
    assert "mine.mean.01" in header.notes[0]
    assert header.columns[-1] is None


WRONG = {
    "a misspelt column": features_header([*OFFICIAL[:-1], "zcr.std.02"]),
    "a doubled column": features_header([*OFFICIAL, OFFICIAL[0]]),
    "rows of different length": official_header(FMA_FEATURES).replace(
        b"statistics,kurtosis", b"statistics", 1
    ),
    "a cut header": official_header(FMA_FEATURES)[:100],
    "nothing": b"",
    "the header of another table": official_header(FMA_ECHONEST),
}


@pytest.mark.parametrize("head", WRONG.values(), ids=WRONG)
def test_a_header_that_is_not_fmas_is_refused(head: bytes) -> None:
    """Values might sit under the wrong names."""

    with pytest.raises(SourceError, match="header") as caught:
        read_header(head, FMA_FEATURES, 3, "x.csv")
    assert caught.value.allowed


def test_a_column_that_may_not_be_missing_is_needed() -> None:
    """Genres without a parent are no tree."""

    with pytest.raises(SourceError, match="missing: parent"):
        read_header(b"genre_id,#tracks,title,top_level\n", FMA_GENRES, 1, "genres.csv")

"""Records: cut into blocks, parsed, kept in order."""

import csv
import io

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

import genrelab.sources.fma.records as records_module
from genrelab.lake.schema import Column
from genrelab.runtime.errors import SourceError
from genrelab.sources.fma.header import Header
from genrelab.sources.fma.records import blocks, parse, parse_all

NUMBERS = Header((Column("id", pa.int64(), "Id."), Column("x", pa.float32(), "X.")), 0, False, ())
TEXTS = Header((Column("id", pa.int64(), "Id."), Column("text", pa.string(), "Text.")), 0, True, ())

cells = st.text(st.characters(exclude_characters="\r\x00", exclude_categories=["Cs"]))


def test_a_wrong_number_of_fields_spoils_one_record() -> None:
    """Too few and too many; the neighbours keep their numbers."""

    found = parse(b"1,0.5\n2\n3,0.5,9\n4,0.5\n", NUMBERS, "x.csv")
    assert (found.table["id"].to_pylist(), found.positions.tolist(), found.records) == ([1, 4], [1, 4], 4)
    assert [(r.source_row, r.rules) for r in found.rejects] == [(2, ("fields: 2",)), (3, ("fields: 2",))]


def test_text_in_a_number_column_spoils_one_record() -> None:
    """The reason names column and value, the record is kept as text."""

    found = parse(b"1,0.5\n2,loud\n3,0.5\n", NUMBERS, "x.csv")
    assert found.table.to_pydict() == {"id": [1, 3], "x": [0.5, 0.5]}
    (reject,) = found.rejects
    assert (reject.source_row, reject.rules, reject.reasons) == (
        2,
        ("x: a number",),
        ("x is 'loud', not a number",),
    )
    assert reject.record == {"id": "2", "x": "loud"}


def test_a_record_with_two_misfits_is_rejected_once_with_both() -> None:
    """One row of quarantine per record."""

    (reject,) = parse(b"a,b\n", NUMBERS, "x.csv").rejects
    assert reject.rules == ("id: a whole number", "x: a number")


def test_a_stray_quote_in_a_file_of_numbers_spoils_one_record() -> None:
    """It does not swallow the records below it."""

    found = parse(b'1,"0.5\n2,0.5\n3,0.5\n', NUMBERS, "x.csv")
    assert (found.table["id"].to_pylist(), len(found.rejects)) == ([2, 3], 1)


def test_a_quote_that_is_never_closed_is_named() -> None:
    """The last record of a file that was cut in a text."""

    (reject,) = (
        parse(b'1,good\n2,"cut in the mid', TEXTS, "x.csv").rejects
        or parse(b'1,good\n2,9,"cut in the mid', TEXTS, "x.csv").rejects
    )
    assert reject.source_row == 2
    assert "never closed" in reject.reasons[0]


@pytest.mark.parametrize("rest", [b'3,"good"\n4,"two\nlines"\n', b"3,good\n4,plain\n"])
def test_a_lost_quote_costs_one_record(rest: bytes) -> None:
    """Whether or not the next quote makes a record of the right width of it."""

    found = parse(b'1,"good"\n2,"lost\n' + rest, TEXTS, "x.csv")
    assert (found.records, found.positions.tolist()) == (4, [1, 3, 4])
    (reject,) = found.rejects
    assert reject.source_row == 2
    assert "never closed" in reject.reasons[0]
    assert reject.record == {"record": '2,"lost\n'}


def test_a_lost_quote_costs_one_record_in_a_file_of_many_blocks() -> None:
    """Cells of several lines before and behind it, cut wherever."""

    text = "".join(f'{n},"two\nlines, {n}"\n{n},"one"\n{n},plain\n' for n in range(300))
    torn = text.replace('100,"one"\n', '100,"one\n').encode()
    chunks = [torn[at : at + 500] for at in range(0, len(torn), 500)]
    cut = list(blocks(chunks, is_quoted=True, source="x.csv", width=2, size=1_000))
    found = [parse(block, TEXTS, "x.csv") for block in cut]

    assert b"".join(cut) == torn
    assert len(cut) > 5
    assert (sum(one.records for one in found), sum(len(one.rejects) for one in found)) == (900, 1)


def test_a_torn_block_keeps_its_other_cells() -> None:
    """Line ends of every kind."""

    found = parse(b'1,"x\ry"\n2,"b\n3,"c\r\nd"\n', TEXTS, "x.csv")
    assert found.table["text"].to_pylist() == ["x\ry", "c\r\nd"]
    assert (found.records, found.positions.tolist()) == (3, [1, 3])


def test_a_block_without_a_whole_record_is_rejected() -> None:
    """Nothing is left to parse."""

    found = parse(b'"1,a\n"2,b\n', TEXTS, "x.csv")
    assert (found.records, len(found.table), len(found.rejects)) == (2, 0, 2)


def test_blank_lines_are_no_records() -> None:
    """Nor do they move the numbers of others."""

    found = parse(b"\n1,0.5\n\n2,0.5\n\n", NUMBERS, "x.csv")
    assert (found.records, found.positions.tolist()) == (2, [1, 2])


def test_only_blank_lines_are_no_records_at_all() -> None:
    """A file may end in them."""

    assert parse(b"\n\n", NUMBERS, "x.csv").records == 0


def test_invalid_utf8_is_counted_and_replaced() -> None:
    """The rest of the text stays; replacement characters that were there before do not count."""

    found = parse(b"1,caf\xe9\n2,\xef\xbf\xbd\n3,good\n", TEXTS, "x.csv")
    assert (found.table["text"].to_pylist(), found.replaced) == (["caf\ufffd", "\ufffd", "good"], 1)


def test_invalid_utf8_in_a_record_of_the_wrong_width_is_not_lost() -> None:
    """The parser would pass over such a record without a word."""

    found = parse(b"1,0.5\n\xff\n3,0.5\n", NUMBERS, "x.csv")
    assert (found.records, [r.source_row for r in found.rejects], found.replaced) == (3, [2], 1)


def test_invalid_utf8_in_a_number_is_a_rejected_record() -> None:
    """Never a UnicodeDecodeError."""

    assert [r.source_row for r in parse(b"1,0.5\n2,\xff\n\xff\xfe\n", NUMBERS, "x.csv").rejects] == [2, 3]


@given(st.lists(st.tuples(st.integers(0, 99), cells), max_size=30), st.integers(1, 60), st.integers(1, 60))
def test_blocks_cut_between_records_wherever_chunks_end(
    rows: list[tuple[int, str]], chunk: int, size: int
) -> None:
    """Texts with line breaks, quotes and commas come out as the csv module wrote them."""

    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(rows)
    data = text.getvalue().encode()
    chunks = [data[start : start + chunk] for start in range(0, len(data), chunk)]
    found = list(blocks(chunks, is_quoted=True, source="x.csv", width=2, size=size))
    assert b"".join(found) == data
    parsed = [parse(block, TEXTS, "x.csv") for block in found]
    read = [tuple(row.values()) for part in parsed for row in part.table.to_pylist()]
    assert read == [(number, cell or None) for number, cell in rows]


def test_a_record_without_end_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """It would fill the memory."""

    monkeypatch.setattr(records_module, "LONGEST_RECORD", 1000)
    with pytest.raises(SourceError, match="does not end"):
        list(blocks([b'1,"', *[b"x\n" * 50] * 50], is_quoted=True, source="x.csv", width=2, size=100))


def test_parts_come_in_file_order(monkeypatch: pytest.MonkeyPatch) -> None:
    """Although several are parsed side by side."""

    monkeypatch.setattr(records_module, "BLOCK", 64)
    chunks = [f"{number},0.5\n".encode() for number in range(500)]
    monkeypatch.setattr(blocks, "__kwdefaults__", {"size": 64})
    parts = list(parse_all(chunks, NUMBERS, "x.csv"))
    assert len(parts) > 10
    assert [n for part in parts for n in part.table["id"].to_pylist()] == list(range(500))


def test_an_error_while_reading_ahead_is_raised_where_it_is_awaited() -> None:
    """A damaged archive shows itself in the thread that decompresses."""

    def chunks() -> object:
        yield b"1,0.5\n"
        raise SourceError("broken")

    with pytest.raises(SourceError, match="broken"):
        list(parse_all(chunks(), NUMBERS, "x.csv"))

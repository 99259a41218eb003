"""Parses a large CSV file: split into blocks, parsed in parallel, returned in file order.

Conventions: a block holds complete records. A line break ends a record if the number of quotes before it is even
(RFC 4180); a file without text columns has no quotes, so a stray quote damages one record only. If a quote is where
RFC 4180 allows none, a quote is missing, and the block is read line by line (`genrelab.sources.csv_records`). An
illegal record (wrong number of fields, text instead of a number) is returned as a `Reject`, never raised. Positions
count records from 1 without header and blank lines.

Duplicates and ranges do not belong here: they need more than one block.
"""

import csv
import io
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from genrelab.lake.ingested import Reject
from genrelab.lake.schema import Column
from genrelab.runtime.errors import SourceError
from genrelab.sources.csv_records import Damaged, Lines, is_record, read_records
from genrelab.sources.fma.convert import convert, expected
from genrelab.sources.fma.header import Header
from genrelab.sources.missing import MISSING_WORDS, is_missing

BLOCK = 1 << 24
LONGEST_RECORD = 1 << 26
LONGEST_SHOWN = 2_000
WORKERS = 2
QUEUED = 2
SPELLINGS = sorted(
    {form(word) for word in MISSING_WORDS for form in (str.lower, str.upper, str.title)} | {"NaN", "NaT"}
)
"""Common words for a missing value; others are found cell by cell."""
REACH = 10_000
"""Lines in which a block with a missing quote is searched for a place to split it."""


@dataclass(frozen=True)
class Parsed:
    """One block.

    Args:
        table: Legal records with the file's known columns.
        positions: Record number of each row within the block, from 1.
        rejects: Illegal records, `source_row` counted within the block.
        records: Records in the block.
        replaced: Invalid UTF-8 sequences that became the replacement character.
        words: Cells of a table with texts that hold a word for "no value", such as `nan`, where no text belongs.
    """

    table: pa.Table
    positions: np.ndarray
    rejects: tuple[Reject, ...]
    records: int
    replaced: int = 0
    words: int = 0


def parse_all(chunks: Iterable[bytes], header: Header, source: str) -> Iterator[Parsed]:
    """Parse what follows the header, block by block, in file order.

    Decompression runs in one thread and parsing in `WORKERS`; all of it happens outside the interpreter lock.
    """
    pending: deque[Future[Parsed]] = deque()
    with ThreadPoolExecutor(WORKERS) as pool:
        try:
            cut = blocks(
                chunks,
                is_quoted=header.is_quoted,
                source=source,
                width=len(header.columns),
                delimiter=header.delimiter,
            )
            for block in _ahead(cut):
                pending.append(pool.submit(parse, block, header, source))
                if len(pending) > WORKERS:
                    yield pending.popleft().result()
            while pending:
                yield pending.popleft().result()
        finally:
            for future in pending:
                future.cancel()


def blocks(
    chunks: Iterable[bytes],
    *,
    is_quoted: bool,
    source: str,
    width: int,
    delimiter: str = ",",
    size: int = BLOCK,
) -> Iterator[bytes]:
    """Join chunks and cut them after whole records; where a quote is lost, before a line that is one by itself.

    Args:
        chunks: What follows the header.
        is_quoted: Whether cells may be quoted.
        source: File, for messages.
        width: Fields of a record.
        delimiter: Between fields.
        size: Bytes from which a block is cut.

    Raises:
        SourceError: A record does not end within `LONGEST_RECORD` bytes.
    """
    held: list[bytes] = []
    length = 0
    quotes = 0
    for chunk in chunks:
        held.append(chunk)
        length += len(chunk)
        if length >= size:
            cut = _last_record_end(chunk, quotes) if is_quoted else chunk.rfind(b"\n") + 1
            block = b"".join([*held[:-1], chunk[: cut or len(chunk)]])
            if is_quoted and _is_torn(block, delimiter):
                cut = _last_record_start(chunk, width, delimiter)
                block = b"".join([*held[:-1], chunk[:cut]])
            if cut:
                yield block
                held, length, quotes = [chunk[cut:]], len(chunk) - cut, 0
            elif length > LONGEST_RECORD:
                raise SourceError(
                    f"{source} has a record that does not end",
                    found=f"more than {LONGEST_RECORD:,} bytes without the end of a record",
                    allowed="every quote is closed within its record",
                    do="download the archive again",
                )
        quotes = (quotes + held[-1].count(b'"')) % 2 if is_quoted else 0
    if length:
        yield b"".join(held)


def _last_record_end(chunk: bytes, quotes_before: int) -> int:
    """Bytes of `chunk` up to the end of its last whole record, 0 when no record ends in it."""
    end = chunk.rfind(b"\n")
    quotes = quotes_before + (chunk.count(b'"', 0, end) if end >= 0 else 0)
    while end >= 0 and quotes % 2:
        earlier = chunk.rfind(b"\n", 0, end)
        quotes -= chunk.count(b'"', max(earlier, 0), end)
        end = earlier
    return end + 1


def _last_record_start(chunk: bytes, width: int, delimiter: str) -> int:
    """Bytes of `chunk` before the last line in it that is a record by itself, 0 when there is none within reach."""
    lines = chunk.split(b"\n")
    start = len(chunk) - len(lines.pop())  # the line that the chunk ends in is not whole
    for line in reversed(lines[-REACH:]):
        start -= len(line) + 1
        if start > 0 and is_record(line.decode("utf-8", "replace") + "\n", width, delimiter):
            return start
    return 0


def parse(block: bytes, header: Header, source: str) -> Parsed:
    """Parse one block: typed at once where all of it is legal, else cell by cell."""
    block, replaced = _as_utf8(block)
    kinds = {column.name: column.type for column in header.known}
    if not header.without_ids and not any(pa.types.is_list(kind) for kind in kinds.values()):
        try:
            table, wrong = _read(block, header, kinds)
        except pa.ArrowInvalid:
            pass  # some cell is illegal: the slow way finds out which
        else:
            if not _holds_nan(table):
                return replace(_parsed(table, wrong, header, source, {}), replaced=replaced)
    return replace(_parse_cells(block, header, source), replaced=replaced)


def _as_utf8(block: bytes) -> tuple[bytes, int]:
    """The block with invalid sequences replaced, and their number: the parser would drop such a record."""
    if block.isascii():
        return block, 0
    try:
        block.decode()
    except UnicodeDecodeError:
        text = block.decode("utf-8", "replace")
        return text.encode(), text.count("\ufffd") - block.count("\ufffd".encode())
    return block, 0


def _holds_nan(table: pa.Table) -> bool:
    """Whether the parser took a word for a number that is none."""
    return any(pa.types.is_floating(c.type) and pc.any(pc.is_nan(c)).as_py() for c in table.itercolumns())


def _parse_cells(block: bytes, header: Header, source: str) -> Parsed:
    cells, wrong = _read(block, header, dict.fromkeys(header.fields, pa.string()))
    bad: dict[int, list[tuple[str, str]]] = {}
    arrays = []
    words = 0
    for column in header.known:
        text_cells = cells[column.name].combine_chunks()
        if column.choices and not _all_chosen(text_cells, column):
            text_cells = pc.if_else(is_missing(text_cells), None, text_cells)
        array, misfit = convert(text_cells, column.type, header.decimal)
        arrays.append(array)
        words += array.null_count - text_cells.null_count - int(misfit.sum())
        for row in np.flatnonzero(misfit).tolist():
            rule = f"{column.name}: {expected(column.type)}"
            found = str(text_cells[row].as_py())[:LONGEST_SHOWN]
            bad.setdefault(row, []).append((rule, f"{column.name} is {found!r}, not {expected(column.type)}"))
    if header.without_ids:
        for row in range(len(cells)):
            bad[row] = [("ids: present", header.without_ids)]
    table = pa.table(arrays, names=[column.name for column in header.known])
    records = {
        row: {k: v for k, v in cells.slice(row, 1).to_pylist()[0].items() if v is not None} for row in bad
    }
    illegal = {row: (reasons, records[row]) for row, reasons in bad.items()}
    return replace(_parsed(table, wrong, header, source, illegal), words=words)


def _all_chosen(cells: pa.Array, column: Column) -> bool:
    known = pc.is_in(cells, pa.array([*column.choices, None], cells.type))
    return bool(pc.all(known).as_py())


def _parsed(
    table: pa.Table,
    wrong: list[tuple[int, int, str]],
    header: Header,
    source: str,
    bad: dict[int, tuple[list[tuple[str, str]], dict[str, Any]]],
) -> Parsed:
    records = len(table) + len(wrong)
    is_whole = np.ones(records, dtype=bool)
    is_whole[[number - 1 for number, _, _ in wrong]] = False
    positions = np.flatnonzero(is_whole) + 1
    width = len(header.columns)
    rejects = [
        Reject(
            source,
            number,
            (f"fields: {width}",),
            (f"the record has {count} fields instead of {width}{_unclosed(text)}",),
            {"record": text[:LONGEST_SHOWN]},
        )
        for number, count, text in wrong
    ]
    for row, (reasons, record) in bad.items():
        rules = tuple(rule for rule, _ in reasons)
        rejects.append(Reject(source, int(positions[row]), rules, tuple(why for _, why in reasons), record))
    if bad:
        is_legal = np.ones(len(table), dtype=bool)
        is_legal[list(bad)] = False
        table, positions = table.filter(pa.array(is_legal)), positions[is_legal]
    return Parsed(table, positions, tuple(sorted(rejects, key=lambda r: r.source_row)), records)


def _unclosed(text: str) -> str:
    return "; a quote in it is never closed" if text.count('"') % 2 else ""


def _read(
    block: bytes, header: Header, kinds: dict[str, pa.DataType]
) -> tuple[pa.Table, list[tuple[int, int, str]]]:
    """Rows of the right width, and (number, fields, text) of each record of another width."""
    wrong: list[tuple[int, int, str]] = []
    if header.is_quoted and _is_torn(block, header.delimiter):
        block, wrong = _whole_records(block, len(header.columns), header.delimiter)
    if not block:
        return pa.table({column.name: pa.array([], kinds[column.name]) for column in header.known}), wrong

    def other_width(row: Any) -> str:
        wrong.append((row.number, row.actual_columns, row.text))
        return "skip"

    has_text = any(pa.types.is_string(kind) for kind in kinds.values())
    table = pacsv.read_csv(
        pa.BufferReader(block),
        read_options=pacsv.ReadOptions(
            column_names=header.fields, use_threads=False, block_size=max(len(block) + 1, 1 << 10)
        ),
        parse_options=pacsv.ParseOptions(
            delimiter=header.delimiter,
            quote_char='"' if header.is_quoted else False,
            newlines_in_values=header.is_quoted,
            invalid_row_handler=other_width,
        ),
        convert_options=pacsv.ConvertOptions(
            column_types=kinds,
            null_values=[""] if has_text else SPELLINGS,
            strings_can_be_null=True,
            decimal_point=header.decimal,
            include_columns=[column.name for column in header.known],
        ),
    )
    return table, wrong


def _is_torn(block: bytes, delimiter: str = ",") -> bool:
    """Whether a quote stands where RFC 4180 has none: one is missing, and two records may look like one."""
    data = np.frombuffer(b"\n" + block + b"\n", np.uint8)
    quotes = np.flatnonzero(data == ord('"'))
    opening, closing = quotes[0::2], quotes[1::2]
    before, after = data[opening - 1], data[closing + 1]
    # between the two quotes that stand for one inside a cell, the first closes and the second opens
    may_be_beside = np.isin(np.arange(256), list(f'{delimiter}"\r\n'.encode()))
    return len(quotes) % 2 == 1 or not bool(may_be_beside[before].all() and may_be_beside[after].all())


def _whole_records(block: bytes, width: int, delimiter: str) -> tuple[bytes, list[tuple[int, int, str]]]:
    """The whole records of a torn block, and (number, fields, text) of those that are none."""
    whole, wrong = io.StringIO(newline=""), list[tuple[int, int, str]]()
    write = csv.writer(whole, delimiter=delimiter, lineterminator="\r\n").writerow
    text = io.StringIO(block.decode(), newline="")
    for number, record in enumerate(read_records(Lines(text), width, delimiter), start=1):
        if isinstance(record, Damaged):
            wrong.append((number, len(record.fields), record.text))
        else:
            write(record)
    return whole.getvalue().encode(), wrong


def _ahead(items: Iterator[bytes]) -> Iterator[bytes]:
    """Run an iterator in a thread of its own, `QUEUED` items ahead."""
    with ThreadPoolExecutor(1, thread_name_prefix="read-ahead") as thread:
        waiting: deque[Future[bytes | None]] = deque()
        try:
            for _ in range(QUEUED):
                waiting.append(thread.submit(next, items, None))
            while (item := waiting.popleft().result()) is not None:
                waiting.append(thread.submit(next, items, None))
                yield item
        finally:
            for future in waiting:
                future.cancel()

"""`genrelab sql`: print the result of one SELECT over the tables of the lake."""

import csv
import json
import shutil
import sys
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING

import click

from genrelab.runtime.errors import GenrelabError
from genrelab_cli.layout import one_line

if TYPE_CHECKING:
    import pyarrow as pa

SHOWN_ROWS = 100
NARROWEST = 8
"""Characters that a column keeps at least; columns that do not fit are counted below the table."""
GAP = "  "


@click.command()
@click.argument("query")
@click.option("--csv", "form", flag_value="csv", help="Print CSV.")
@click.option("--json", "form", flag_value="json", help="Print JSON, one row a line.")
@click.option("--limit", type=click.IntRange(1), help="Most rows.  [100; all with --csv and --json]")
@click.option("--version", "versions", multiple=True, metavar="TABLE=N", help="Read this version of a table.")
def sql(query: str, form: str | None, limit: int | None, versions: tuple[str, ...]) -> None:
    """Run one SELECT over the tables of the lake. QUERY is in DuckDB's SQL; - reads it from standard input.

    \b
    genrelab sql "show tables"
    genrelab sql "describe spotify_binned"
    genrelab sql "select genre_bin, count(*) as tracks from spotify_binned group by all" --csv
    """
    print_query(query, form=form or "table", limit=limit, versions=versions)


def print_query(query: str, *, form: str, limit: int | None, versions: Sequence[str]) -> None:
    """Print the result of a query.

    Args:
        query: One SELECT, or `-` to read it from standard input.
        form: `table`, `csv` or `json`.
        limit: Most rows; by default 100 in a table, and all in CSV and JSON.
        versions: `table=number` for each table that is not to be read in its newest version.

    Raises:
        GenrelabError: The query cannot be run.
    """
    from genrelab.lake.lake import Lake
    from genrelab.notebook.sql import run_query
    from genrelab.runtime.home import Home

    limit = SHOWN_ROWS if limit is None and form == "table" else limit
    text = sys.stdin.read() if query == "-" else query
    with run_query(Lake(Home.find()), text, dict(map(_pin, versions))) as running:
        names = running.schema.names
        rows = _rows(running.batches)
        shown = rows if limit is None else islice(rows, limit)
        if form == "table":
            _print_table(running.schema, list(shown))
        elif form == "csv":
            writer = csv.writer(sys.stdout, lineterminator="\n")
            writer.writerow(names)
            writer.writerows([_csv_cell(cell) for cell in row] for row in shown)
        else:
            _print_json(names, shown)
        sys.stdout.flush()
        if limit is not None and next(rows, None) is not None:
            print(f"the first {limit:,} rows; --limit shows more", file=sys.stderr)
        for version in running.versions:
            if version.is_sample:
                print(f"{version.table} is made from synthetic sample data", file=sys.stderr)


def _pin(text: str) -> tuple[str, int]:
    table, _, number = text.partition("=")
    if not number.isdecimal():
        raise GenrelabError(
            "a version is named by its table and number",
            found=repr(text),
            allowed="table=number, for instance spotify_binned=3",
            do="see `genrelab tables` for the newest versions",
        )
    return table, int(number)


def _rows(batches: Iterator["pa.RecordBatch"]) -> Iterator[list[object]]:
    import pyarrow as pa

    from genrelab.notebook.sql import plain_numbers

    for batch in batches:
        table = plain_numbers(pa.Table.from_batches([batch]))
        columns = [column.to_pylist() for column in table.columns]
        yield from map(list, zip(*columns, strict=True))


def _csv_cell(cell: object) -> object:
    """An empty cell for a missing value; JSON for lists and structures, which CSV does not have."""
    return json.dumps(cell, ensure_ascii=False, default=str) if isinstance(cell, list | dict) else cell


def _print_json(names: Sequence[str], rows: Iterator[list[object]]) -> None:
    """Print a list of objects, one a line; NaN and infinity are null, as JSON has neither."""
    print("[", end="")
    for number, row in enumerate(rows):
        cells = {name: _finite(cell) for name, cell in zip(names, row, strict=True)}
        print(",\n " if number else "\n ", end="")
        print(json.dumps(cells, ensure_ascii=False, default=str, allow_nan=False), end="")
    print("\n]")


def _finite(cell: object) -> object:
    if isinstance(cell, list):
        return [_finite(each) for each in cell]
    if isinstance(cell, dict):
        return {name: _finite(each) for name, each in cell.items()}
    return None if isinstance(cell, float) and (cell != cell or abs(cell) == float("inf")) else cell  # noqa: PLR0124


def _print_table(schema: "pa.Schema", rows: Sequence[Sequence[object]]) -> None:
    """Print rows under their names, numbers to the right, in the width of the terminal (80 where there is none)."""
    import pyarrow as pa
    from rich.cells import cell_len

    names = schema.names
    cells = [[_text(cell) for cell in row] for row in rows]
    is_number = [
        pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind)
        for kind in schema.types
    ]
    wanted = [max(cell_len(line[place]) for line in [names, *cells]) for place in range(len(names))]
    floors = [
        width if number else min(width, max(NARROWEST, cell_len(name)))
        for width, number, name in zip(wanted, is_number, names, strict=True)
    ]
    widths = _fitting(wanted, floors, shutil.get_terminal_size((80, 24)).columns)
    for line in [names, *cells]:
        shown = [
            text.rjust(width) if number else _cut(text, width)
            for text, width, number in zip(line, widths, is_number, strict=False)
        ]
        print(GAP.join(shown).rstrip())
    print(f"{len(rows):,} row{'' if len(rows) == 1 else 's'}", flush=True)
    if hidden := names[len(widths) :]:
        print(
            f"{len(hidden)} more columns do not fit: {', '.join(hidden)}. --csv and --json print all.",
            file=sys.stderr,
        )


def _fitting(wanted: Sequence[int], floors: Sequence[int], room: int) -> list[int]:
    """Widths of the columns that fit: the widest are narrowed first; then the last columns are left out.

    >>> _fitting([5, 60, 30], [5, 8, 8], 60)
    [5, 25, 26]
    >>> _fitting([9, 9, 9], [9, 9, 9], 22)
    [9, 9]
    """
    count = len(wanted)
    while count > 1 and sum(floors[:count]) + len(GAP) * (count - 1) > room:
        count -= 1
    widths = list(wanted[:count])
    while sum(widths) + len(GAP) * (count - 1) > room:
        wider = [place for place in range(count) if widths[place] > floors[place]]
        if not wider:
            break
        widths[max(wider, key=lambda place: widths[place])] -= 1
    return widths


def _text(cell: object) -> str:
    """One line without control characters, which a terminal would obey."""
    if cell is None:
        return ""
    if isinstance(cell, float):
        return f"{cell:.6g}"
    text = json.dumps(cell, ensure_ascii=False, default=str) if isinstance(cell, list | dict) else cell
    return one_line(text)


def _cut(text: str, width: int) -> str:
    """A text in exactly this many cells of a terminal, where a Chinese sign takes two.

    >>> _cut("Gravel", 8), _cut("Harbour Lights", 8), _cut("가나다라마", 8)
    ('Gravel  ', 'Harbour…', '가나다 …')
    """
    from rich.cells import cell_len, set_cell_size

    return set_cell_size(text, width) if cell_len(text) <= width else set_cell_size(text, width - 1) + "…"

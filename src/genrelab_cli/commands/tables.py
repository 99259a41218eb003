"""`genrelab tables` and `genrelab export`: list the tables of the lake, and export one."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from genrelab.lake.log import LakeLog
from genrelab.lake.version import asides
from genrelab.runtime.errors import GenrelabError
from genrelab.runtime.home import Home
from genrelab_cli.layout import ask_before_replacing, painted, width, wrapped

if TYPE_CHECKING:
    import pyarrow as pa

FORMATS = (".parquet", ".csv")
NUMBERS = ("version", "read", "rows", "quarantined", "duplicates")
TEXTS = ("caveats", "warnings", "notes")
COLUMNS = ("table", "version", "read", "rows", "quarantined", "duplicates", "sample", "source")


def print_tables(*, as_json: bool, notes: bool = False) -> None:
    """Print the tables of the lake.

    Args:
        as_json: Print everything as JSON.
        notes: Print every warning and note instead of their number.
    """
    newest = LakeLog(Home.find()).newest()
    versions = [version for version in newest.values() if version]
    facts = [version.facts() for version in versions]
    for name in [name for name, version in newest.items() if version is None]:
        message = f"genrelab: the table {name} cannot be opened; `genrelab doctor` says what to do"
        print(message, file=sys.stderr)
    if as_json:
        texts = [{kind: list(getattr(version, kind)) for kind in TEXTS} for version in versions]
        print(json.dumps([fact | more for fact, more in zip(facts, texts, strict=True)], indent=1))
        return
    if not facts:
        print("The lake is empty. Run `genrelab nightly` to fill it.")
        return
    lines = [[_cell(fact[column]) for column in COLUMNS] for fact in facts]
    widths = [max(len(line[i]) for line in [list(COLUMNS), *lines]) for i in range(len(COLUMNS) - 1)]
    columns = width()
    # the source stands in a line of its own where a line cannot hold it
    is_wide = columns is not None and max(len(line[-1]) for line in lines) > columns - sum(widths) - 2 * len(
        widths
    )
    for line in [list(COLUMNS), *lines]:
        cells = [
            line[i].rjust(widths[i]) if COLUMNS[i] in NUMBERS else line[i].ljust(widths[i])
            for i in range(len(widths))
        ]
        is_heading = line[0] == COLUMNS[0]
        text = "  ".join(cells if is_wide else [*cells, line[-1]]).rstrip()
        click.echo(painted(text, bold=True) if is_heading else text)
        if is_wide and not is_heading:
            click.echo(wrapped(f"from {line[-1]}", "    "))
    for version in versions:
        for kind in TEXTS if notes else TEXTS[:1]:
            _print_texts(f"{version.table}: {kind.removesuffix('s')}: ", getattr(version, kind))
    if not notes and (counted := asides(versions)):
        summary = "; ".join(f"{table} {counts}" for table, counts in counted)
        _print_texts("", [f"{summary}. To read them: genrelab tables --notes"])


def _print_texts(label: str, texts: Sequence[str]) -> None:
    """Print each text as a paragraph, wrapped on a terminal, or as one line elsewhere."""
    for text in texts:
        click.echo(wrapped(label + text, rest="  "))


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:,}" if isinstance(value, int) else str(value)


def export_table(name: str, file: Path, *, force: bool) -> None:
    """Write the newest version of a table to `file`, in source order, atomically.

    Args:
        name: The table.
        file: Where to; its extension says the format.
        force: Replace an existing file without asking. Where nobody can be asked, it is otherwise left alone.

    Raises:
        GenrelabError: The table does not exist, the file extension is unknown, or the file exists.
        click.Abort: The answer was no.
    """
    ending = file.suffix.lower()
    if ending not in FORMATS:
        raise GenrelabError(
            f"the format of {file} is unknown",
            found=ending or "no file extension",
            allowed=", ".join(FORMATS),
            do=f"genrelab export {name} {file.stem}.parquet",
        )
    if not file.resolve().parent.is_dir():
        raise GenrelabError(f"the folder of {file} does not exist", do="create it, or name another file")
    ask_before_replacing(file, force=force)
    from genrelab.lake.lake import Lake, in_source_order

    data = Lake(Home.find()).read(name)
    if {"source", "source_row"} <= set(data.column_names):
        data = in_source_order(data)
    part = file.with_name(f".{file.name}.part")
    try:
        if ending == ".parquet":
            import pyarrow.parquet as pq

            pq.write_table(data, part)
        else:
            from pyarrow import csv

            csv.write_csv(_flat(data), part)
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)
    print(f"{len(data):,} rows of {name} written to {file}")


def _flat(data: "pa.Table") -> "pa.Table":
    """Convert lists to JSON text, because CSV has no lists."""
    import pyarrow as pa

    for index, field in enumerate(data.schema):
        if pa.types.is_list(field.type) or pa.types.is_large_list(field.type):
            values = data[field.name].to_pylist()
            text = [None if value is None else json.dumps(value, ensure_ascii=False) for value in values]
            data = data.set_column(index, field.name, pa.array(text, pa.string()))
    return data

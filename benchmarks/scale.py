"""Seconds, memory and bytes of each step with 46 thousand, 463 thousand and 4.6 million tracks in one CSV file.

Run: python benchmarks/scale.py PULLS FOLDER [--factors 1 10 100] [--steps ingest bin ...]
PULLS has the capstone project's pulls; FOLDER gets the files, a home for each size, and `measured.json`. What that has
is not measured again, so that a run can be continued.

Each track stands in the file as often as the factor says: each copy has ids and names of its own, and measured features
that differ by up to 0.1 % of their range. Every step runs in a process of its own, on one thread where the libraries
can be asked to, without Prefect and MLflow: seconds are those of the processor, without imports; memory is the most
that the process held, imports included (0.3 GB). The model that predicts is naive Bayes, because the time of a champion
is that of its own estimator. Steps read what earlier ones wrote. The Markdown table of docs/scale.md is printed.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any
from unittest import mock

import growth

from genrelab_cli.numbers import markdown

FACTORS = (1, 10, 100)
SYMBOLS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
PRICE = 0.05
"""Assumed: dollars for an hour of one core of a rented machine."""
WRITTEN = {
    "ingest": ("spotify_tracks",),
    "bin": ("spotify_binned", "artist_groups"),
    "predict": ("predictions",),
}
"""Tables that a step writes."""


def write_tracks(pulls: Path, factor: int, file: Path) -> None:
    """Write every track of the pulls as often as `factor` says to one CSV file."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc
    from pyarrow import csv

    from genrelab.sources.spotify import read_pulls
    from genrelab.tables.spotify import AUDIO_COLUMNS

    data, generator = read_pulls(pulls).data, np.random.default_rng(24)
    genres = pa.array(list(map(str, data["genres"].to_pylist())))
    writer = None
    for copy in range(factor):
        mark = SYMBOLS[copy % 62] + SYMBOLS[copy // 62] + "z"
        columns: dict[str, Any] = {"genre": genres, "popularity": data["popularity"]}
        for name, as_written in (("artist_id", "artist_uri"), ("track_id", "track_id")):
            own = pc.binary_join_element_wise(pc.utf8_slice_codeunits(data[name], 0, 19), mark, "")
            columns[as_written] = own if copy else data[name]
        for name in ("artist_name", "track_name"):
            own = pc.binary_join_element_wise(data[name], f"c{copy}", " ")
            columns[name] = own if copy else data[name]
        for column in AUDIO_COLUMNS:
            values = data[column.name]
            if copy and pa.types.is_floating(column.type):
                numbers = values.to_numpy().astype(float)
                low, high = numbers.min(), numbers.max()
                moved = numbers + generator.uniform(-0.001, 0.001, len(numbers)) * (high - low)
                values = pa.array(np.clip(moved, low, high).round(5))
            columns[column.name] = values
        table = pa.table(columns)
        writer = writer or csv.CSVWriter(file, table.schema)
        writer.write_table(table)
    if writer:
        writer.close()


def ingest(settings: Any) -> None:
    """Read the file, check the rows and publish them."""
    from tasks.publishing import work_ingest

    with mock.patch.multiple(work_ingest, publish_table_summary=mock.DEFAULT):
        work_ingest.ingest_tracks(settings)


def sample(settings: Any) -> None:
    """Draw the rows that a task is trained on, and prepare them."""
    from genrelab.evaluation.samples import read_sample
    from genrelab.lake.lake import Lake
    from genrelab.models.data import prepare
    from genrelab.models.tasks import TASKS

    task = TASKS["spotify-bins-classic"]
    rows = Lake(settings.home).stored(task.table)
    columns = task.columns_in(task.table, rows.column_names)
    found, _ = read_sample(rows, columns, task.group, settings.training_rows, settings.seed)
    prepare(task, {task.table: found})


STEPS: dict[str, Callable[[Any], None]] = {
    "ingest": ingest,
    "bin": growth.bin_genres,
    "validate": growth.validation,
    "predict": growth.predictions,
    "explore": growth.analysis("explore"),
    "look_up": growth.analysis("look_up"),
    "measure_drift": growth.measure_drift,
    "doubtful_labels": growth.analysis("doubtful_labels"),
    "audit_rules": growth.analysis("audit_rules"),
    "compare_clusters_spotify": growth.analysis("compare_clusters_spotify"),
    "draw the training sample": sample,
}


def step(name: str, home: Path, file: Path) -> None:
    """Run one step in this process; print its CPU seconds, its peak memory and the bytes of its tables as JSON."""
    from genrelab.lake.lake import Lake
    from genrelab.runtime.home import Home
    from genrelab.runtime.settings import Settings

    for module in (*growth.IMPORTED, "tasks.publishing.work_ingest", "genrelab.models.data"):
        import_module(module)
    settings = Settings(home=Home(home), spotify=str(file), budget="quick", cores=1)
    before = time.process_time()
    STEPS[name](settings)
    seconds = time.process_time() - before
    peak = growth.peak_bytes()
    folders = [Lake(settings.home).path(table) for table in WRITTEN.get(name, ())]
    size = sum(each.stat().st_size for folder in folders for each in folder.glob("*.parquet"))
    print(json.dumps([seconds, peak, size]))


def measured(name: str, home: Path, file: Path, pulls: Path) -> list[float]:
    """Run one step in a process of its own; return its CPU seconds, its peak memory and bytes written."""
    command = [sys.executable, __file__, str(pulls), str(home), "--step", name, "--file", str(file)]
    done = subprocess.run(
        command,
        env={**os.environ, **growth.ONE_THREAD, "ARROW_DEFAULT_MEMORY_POOL": "system"},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(f"{name} ended with exit code {done.returncode}:\n{done.stderr[-2_000:]}")
    found: list[float] = json.loads(done.stdout.splitlines()[-1])
    return found


Found = dict[str, dict[str, list[float]]]
"""CPU seconds, peak bytes and bytes written, by number of tracks and step."""


def table(found: Found) -> str:
    """The Markdown table: a row per step, and for each number of tracks seconds, memory and bytes."""
    rows = sorted(found, key=int)
    known = [name for name in STEPS if any(name in found[each] for each in rows)]
    lines = [(name, *(_cell(found[each].get(name)) for each in rows)) for name in known]
    return markdown(("step", *(f"{int(each):,} tracks" for each in rows)), lines)


def _cell(measures: list[float] | None) -> str:
    if measures is None:
        return "-"
    seconds, peak, size = measures
    written = f", {size / 1e6:,.0f} MB" if size else ""
    return f"{seconds:,.1f} s, {peak / 1e9:.2f} GB{written}"


def growth_table(found: Found, tracks: int) -> str:
    """The Markdown table of what further tracks take, and what so many would take if the lines stay straight.

    Lines go through the two largest sizes at which a step was measured.
    """
    lines, hours = [], 0.0
    for name in STEPS:
        rows = [each for each in sorted(found, key=int) if name in found[each]][-2:]
        if len(rows) < len(("smaller", "larger")):
            continue
        small, large = (found[each][name] for each in rows)
        more = int(rows[1]) - int(rows[0])
        seconds, memory, written = (max(b - a, 0) / more for a, b in zip(small, large, strict=True))
        hours += seconds * tracks / 3_600
        lines.append(
            (
                name,
                f"{seconds * 1e6:,.1f} s",
                f"{memory:,.0f} bytes",
                f"{written:,.0f} bytes" if written else "-",
                f"{seconds * tracks / 3_600:,.1f} h",
                f"{(large[1] + memory * (tracks - int(rows[1]))) / 1e9:,.0f} GB",
                f"{written * tracks / 1e9:,.1f} GB" if written else "-",
            )
        )
    lines.append(("all of them", "", "", "", f"{hours:,.1f} h, {hours * PRICE:,.2f} dollars", "", ""))
    each = ("a further million: processor", "a further track: memory", "written")
    many = (f"{tracks / 1e6:,.1f} million: processor", "memory", "written")
    return markdown(("step", *each, *many), lines)


def main() -> None:
    """Measure what is not measured yet, and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("pulls", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--factors", type=int, nargs="+", default=FACTORS)
    parser.add_argument("--steps", nargs="+", choices=STEPS, default=list(STEPS))
    parser.add_argument("--tracks", type=int, help="print what so many tracks would take instead")
    parser.add_argument("--step", choices=STEPS, help=argparse.SUPPRESS)
    parser.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.step:
        step(options.step, options.folder, options.file)
        return
    options.folder.mkdir(parents=True, exist_ok=True)
    kept = options.folder / "measured.json"
    found: Found = json.loads(kept.read_text()) if kept.exists() else {}
    for factor in options.factors:
        file, home = options.folder / f"{factor}.csv", options.folder / f"times-{factor}"
        (home / growth.RESULTS).mkdir(parents=True, exist_ok=True)
        if not file.exists():
            write_tracks(options.pulls, factor, file)
        with file.open("rb") as lines:
            rows = str(sum(block.count(b"\n") for block in iter(lambda: lines.read(1 << 20), b"")) - 1)
        of_rows = found.setdefault(rows, {})
        for name in options.steps:
            if name not in of_rows:
                of_rows[name] = measured(name, home, file, options.pulls)
                kept.write_text(json.dumps(found))
                print(rows, name, of_rows[name], file=sys.stderr)
    print(growth_table(found, options.tracks) if options.tracks else table(found))


if __name__ == "__main__":
    main()

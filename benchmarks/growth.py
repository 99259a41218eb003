"""Growth of every step with the number of rows: CPU time and peak memory at 1, 3 and 10 times the tracks.

Run: python benchmarks/growth.py [HOME] [--factors 1 3 10] [--steps bin_genres audit_rules ...]
HOME is a home with spotify_tracks and, for the steps of the FMA, fma_genres, fma_tracks and fma_echonest; it is only
read. Without it the sample is ingested into a temporary home, which is quick and too small for ratios.

A grown table holds every track several times: each copy has ids of its own for track and artist, and measured features
that differ by up to 0.1 % of their range, so that no copy is a duplicate. The FMA's copies are of the tracks that have
Echo Nest features. Every step runs in a process of its own on one core, with the budget `quick`, without Prefect and
MLflow: what is measured is its work on the tables, without imports. Ratios are against the smallest factor of
the same run; times are CPU seconds, because the machine may be busy. The Markdown table of docs/operations.md is
printed, and seconds and peak memory to standard error. Steps read what earlier ones wrote, so they run
in the order of a nightly run.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any
from unittest import mock

from genrelab_cli.numbers import markdown

FACTORS = (1, 3, 10)
JITTER = 0.001
"""Largest change of a measured feature in a copy, as a share of its range."""
FMA_TABLES = ("fma_genres", "fma_tracks", "fma_echonest")
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
RESULTS = "results"
IMPORTED = (
    "expectations.check",
    "genrelab.analyses.clusters.rows",
    "genrelab.analyses.drift.compare",
    "genrelab.analyses.features.tables",
    "genrelab.analyses.predictions.collection",
    "genrelab.analyses.rule_audit.rule_sets",
    "genrelab.report.site",
    "sklearn.naive_bayes",
    "tasks.publishing.work_bins",
    "tasks.report",
)
"""Modules whose import is not counted, since it does not grow."""


def grown(data: Any, factor: int, columns: Any, seed: int = 24) -> Any:
    """Return a table that holds every row `factor` times, with its own ids and slightly other features in each copy."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    ids = [name for name in ("track_id", "artist_id", "source_row") if name in data.column_names]
    generator = np.random.default_rng(seed)
    copies = [data]
    for copy in range(1, factor):
        made = data
        for name in ids:
            values = made[name]
            own = (
                pc.binary_join_element_wise(values, f"copy {copy}", " ")
                if pa.types.is_string(values.type)
                else pc.add(values, pa.scalar(copy * 10_000_000, values.type))
            )
            made = made.set_column(made.column_names.index(name), name, own)
        for column in columns:
            if not pa.types.is_floating(column.type) or column.name not in made.column_names:
                continue
            values = made[column.name].to_numpy().astype(float)
            span = np.nanmax(values) - np.nanmin(values)
            moved = values + generator.uniform(-JITTER, JITTER, len(values)) * span
            kept = np.clip(moved, np.nanmin(values), np.nanmax(values))
            is_missing = np.isnan(values)
            made = made.set_column(
                made.column_names.index(column.name),
                column.name,
                pa.array(kept, column.type, mask=is_missing),
            )
        copies.append(made)
    return pa.concat_tables(copies)


def build(origin: Path, home: Path, factor: int) -> dict[str, int]:
    """Publish the grown tables of one home to another; return their rows."""
    import pyarrow.compute as pc

    from genrelab.lake.lake import Lake
    from genrelab.lake.version import Counts
    from genrelab.runtime.home import Home
    from genrelab.tables import TABLES
    from genrelab.tables.fma import ECHONEST_AUDIO
    from genrelab.tables.spotify import AUDIO_COLUMNS

    read, write, rows = Lake(Home(origin)), Lake(Home(home)), {}
    tables = {name: read.read(name) for name in ("spotify_tracks", *FMA_TABLES) if read.find(name)}
    if "fma_echonest" in tables:
        known = pc.is_in(tables["fma_tracks"]["track_id"], tables["fma_echonest"]["track_id"])
        tables["fma_tracks"] = tables["fma_tracks"].filter(known)
    for name, data in tables.items():
        columns = (
            AUDIO_COLUMNS
            if name == "spotify_tracks"
            else [TABLES[name][each] for each in ECHONEST_AUDIO if each in TABLES[name]]
        )
        made = data if name == "fma_genres" else grown(data, factor, columns)
        version = write.publish(name, made, Counts(len(made), len(made)), source="grown", is_sample=False)
        rows[name] = version.counts.rows
    return rows


def bin_genres(settings: Any) -> None:
    """Bin the tracks, find their artist groups, audit and publish."""
    from tasks.publishing import work_bins

    with mock.patch.multiple(work_bins, publish_rows=mock.DEFAULT, publish_table_summary=mock.DEFAULT):
        outcome = work_bins.bin_tracks_of(settings)
    (settings.home.root / RESULTS / "bin_genres.json").write_text(json.dumps(outcome.facts))


def validation(settings: Any) -> None:
    """Judge the tracks by their suite."""
    from expectations.check import check
    from genrelab.lake.lake import Lake
    from genrelab.tables import TABLES

    for name in ("spotify_tracks", "fma_tracks"):
        if Lake(settings.home).find(name):
            check(TABLES[name], Lake(settings.home).stored(name))


def artist_groups(settings: Any) -> None:
    """Find the artist groups again, with the memory of the first time."""
    from genrelab.evaluation.groups import assign_groups
    from genrelab.lake.lake import Lake

    lake = Lake(settings.home)
    with tempfile.TemporaryDirectory() as folder:
        assign_groups(lake.stored("spotify_tracks"), lake.stored("artist_groups"), Path(folder))


def measure_drift(settings: Any) -> None:
    """Fingerprint the binned tracks, and compare them with half of themselves."""
    import numpy as np

    from genrelab.analyses.drift.compare import compare, content_of
    from genrelab.analyses.drift.watched import WATCHED
    from genrelab.lake.lake import Lake
    from genrelab.lake.stored_rows import spill

    lake = Lake(settings.home)
    rows = lake.stored("spotify_binned")
    watched = WATCHED["spotify_binned"].columns_of(rows.column_names)
    is_half = np.arange(len(rows)) < len(rows) // 2
    with tempfile.TemporaryDirectory() as folder:
        half = spill(Path(folder) / "half.arrow", rows.schema, rows.filtered(is_half))
        content_of(rows, watched)
        compare(half, rows, watched)


def predictions(settings: Any) -> None:
    """Predict every track with a small model, find the surprises, audit and publish."""
    import numpy as np
    import pyarrow.dataset as ds
    from sklearn.naive_bayes import GaussianNB

    from genrelab.analyses.predictions.collection import predict_task
    from genrelab.analyses.predictions.result import Champion
    from genrelab.evaluation.predictions import StoredModel
    from genrelab.lake.lake import Lake
    from genrelab.lake.staging import ROW_GROUP
    from genrelab.lake.stored_rows import StoredRows
    from genrelab.models.tasks import TASKS
    from genrelab.tables.predictions import PREDICTIONS
    from tasks.publishing.publish import publish_derived

    lake, task = Lake(settings.home), TASKS["spotify-bins-classic"]
    version, rows = lake.current(task.table), lake.stored(task.table)
    frame = rows.slice(0, 40_000).to_pandas()[[*task.features, task.target]].dropna()
    frame = frame.iloc[:20_000]  # the model does not grow
    labels, codes = np.unique(frame[task.target].astype(str), return_inverse=True)
    features = frame[list(task.features)].astype(float)
    model = StoredModel(
        task.name, 1, GaussianNB().fit(features, codes), tuple(labels.tolist()), tuple(task.features)
    )
    file = lake.staging(PREDICTIONS.name) / "part.parquet"
    champions = {task.name: Champion("gaussian", "naive Bayes", "1", "", sample=False)}
    predict_task(
        task,
        version,
        lambda columns: (
            {task.table: batch} for batch in rows.batches(list(dict.fromkeys(columns)), ROW_GROUP)
        ),
        [model],
        champions,
        {},
        file,
    )
    publish_derived(lake, PREDICTIONS, StoredRows(ds.dataset([str(file)], format="parquet")), [version])


def report(settings: Any) -> None:
    """Write the pages of what was found."""
    from genrelab.analyses.data_quality.analysis import TABLES as PUBLISHED
    from genrelab.analyses.data_quality.result import PublishedTables
    from genrelab.analyses.registry import BY_NAME
    from genrelab.lake.lake import Lake
    from genrelab.report.site import write_site
    from genrelab.runtime.records import decode
    from tasks.report import _tables

    facts: dict[str, object] = {PUBLISHED.name: PublishedTables(_tables(Lake(settings.home)))}
    for path in sorted((settings.home.root / RESULTS).glob("*.json")):
        facts[path.stem] = decode(BY_NAME[path.stem].result, json.loads(path.read_text()))
    write_site({name: found for name, found in facts.items() if found}, settings.home.root / "report")


def analysis(name: str) -> Callable[[Any], None]:
    """Return the step that computes an analysis and keeps its result."""

    def compute(settings: Any) -> None:
        from genrelab.analyses.inputs import Inputs
        from genrelab.analyses.registry import BY_NAME
        from genrelab.runtime.records import encode

        found = BY_NAME[name]
        result = found.load(found.compute)(Inputs(found, settings))
        found.load(found.summary)(result)
        (settings.home.root / RESULTS / f"{name}.json").write_text(json.dumps(encode(result)))

    return compute


STEPS: dict[str, Callable[[Any], None]] = {
    "validation": validation,
    "bin_genres": bin_genres,
    "artist_groups": artist_groups,
    "audit_rules": analysis("audit_rules"),
    "measure_drift": measure_drift,
    "predictions": predictions,
    "explore": analysis("explore"),
    "compare_clusters_spotify": analysis("compare_clusters_spotify"),
    "compare_clusters_fma": analysis("compare_clusters_fma"),
    "report": report,
}
OF_FMA = ("compare_clusters_fma",)


def table(found: dict[str, list[float]], factors: Sequence[int]) -> str:
    """The Markdown table of CPU seconds by step and factor, as multiples of those of the first factor."""
    return markdown(
        ("step", *(f"{factor} times" for factor in factors[1:])),
        [
            (f"`{name}`", *(f"{seconds / first:.1f}" for seconds in others))
            for name, (first, *others) in found.items()
        ],
    )


def peak_bytes() -> int:
    """Return the most memory that this process held, in bytes; only on Linux.

    `ru_maxrss` would count the process that started this one too: it stays over the start of another program.
    """
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024


def step(name: str, home: Path) -> None:
    """Run one step in this process and print its CPU seconds and peak memory as JSON."""
    from genrelab.runtime.home import Home
    from genrelab.runtime.settings import Settings

    for module in IMPORTED:
        import_module(module)
    settings = Settings(home=Home(home), budget="quick", cores=1)
    before = time.process_time()
    STEPS[name](settings)
    seconds = time.process_time() - before
    print(json.dumps([seconds, peak_bytes() / 1e9]))


def measured(name: str, home: Path) -> tuple[float, float]:
    """Run one step in a process of its own; return its CPU seconds and its peak memory in GB."""
    command = [sys.executable, __file__, str(home), "--step", name]
    done = subprocess.run(
        command, env={**os.environ, **ONE_THREAD}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(f"{name} ended with exit code {done.returncode}:\n{done.stderr[-2_000:]}")
    seconds, memory = json.loads(done.stdout.splitlines()[-1])
    return seconds, memory


def main() -> None:
    """Grow the tables, time every step, and print the ratios."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("home", type=Path, nargs="?")
    parser.add_argument("--factors", type=int, nargs="+", default=FACTORS)
    parser.add_argument("--steps", nargs="+", choices=STEPS, default=list(STEPS))
    parser.add_argument("--step", choices=STEPS, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.step:
        step(options.step, options.home)
        return
    with tempfile.TemporaryDirectory() as scratch:
        origin = options.home or Path(scratch) / "sample"
        if not options.home:
            for command in ("ingest-spotify", "ingest-fma"):
                words = [sys.executable, "-m", "genrelab_cli.main", command]
                environment = {**os.environ, "GENRELAB_HOME": str(origin)}
                subprocess.run(words, env=environment, stdout=sys.stderr, check=True)
        found: dict[str, list[float]] = {}
        for factor in options.factors:
            home = Path(scratch) / f"times-{factor}"
            (home / RESULTS).mkdir(parents=True)
            rows = build(origin, home, factor)
            counts = ", ".join(f"{name} {count:,} rows" for name, count in rows.items())
            print(f"times {factor}: {counts}", file=sys.stderr)
            for name in options.steps:
                if name in OF_FMA and "fma_echonest" not in rows:
                    continue
                started = time.perf_counter()
                seconds, memory = measured(name, home)
                found.setdefault(name, []).append(seconds)
                wall = time.perf_counter() - started
                print(
                    f"  {name:26} CPU {seconds:8.1f} s  peak {memory:5.2f} GB  (wall {wall:.1f} s)",
                    file=sys.stderr,
                )
    print(table(found, options.factors))


if __name__ == "__main__":
    main()

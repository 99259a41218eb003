"""Speed of the ingestion of FMA's archive, compared with common alternatives.

    python benchmarks/fma_ingest.py FOLDER [--rounds 3] [--method deflate]

FOLDER has the output of `benchmarks/fma_archive.py FOLDER`. The candidates run in turn, each in its own process;
imports are not counted. Ratios are computed within a round, and their median is printed.

    bare      pyarrow.csv reads the unpacked features.csv, pyarrow.parquet writes it
    pandas    pandas.read_csv(header=[0, 1, 2]) of it, then to_parquet
    publish   features.csv out of the zip to a published table
    audited   the same with the audit of the suite between staging and commit
    archive   every table of the zip to published tables; peak memory is what counts
    command   the same by `genrelab ingest-fma`: imports, Prefect's server and artifacts included
    columns   3 of 518 columns for the subset small, from the table
    from_csv  the same from the unpacked CSV by pyarrow.csv, which reads the three columns only
"""

import argparse
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

COLUMNS = ("mfcc_mean_01", "spectral_centroid_mean_01", "zcr_std_01")
HEADER_ROWS = 4
PAIRS = (
    ("publish", "bare", "at most 1.8"),
    ("audited", "bare", "at most 2.3"),
    ("publish", "pandas", "at most 1"),
    ("columns", "from_csv", "at most 0.05"),
    ("command", "archive", "what the flow adds"),
)


def timed(work: Callable[[], object]) -> dict[str, float]:
    """Seconds of `work`, and the peak memory of this process afterwards."""
    start = time.perf_counter()
    work()
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"seconds": round(seconds, 3), "peak_mib": round(peak)}


def features(folder: Path) -> Path:
    """The unpacked features.csv."""
    return folder / "fma_metadata" / "features.csv"


def bare(folder: Path, scratch: Path, _: str) -> dict[str, float]:
    """PyArrow alone, column types inferred."""
    import pyarrow.csv as pacsv
    import pyarrow.parquet as pq

    from genrelab.tables.fma import FMA_FEATURES

    names = [column.name for column in FMA_FEATURES if column.official]
    options = pacsv.ReadOptions(skip_rows=HEADER_ROWS, column_names=names)
    return timed(
        lambda: pq.write_table(pacsv.read_csv(features(folder), read_options=options), scratch / "x.parquet")
    )


def pandas(folder: Path, scratch: Path, _: str) -> dict[str, float]:
    """The usual way with pandas."""
    import pandas as pd
    import pyarrow.parquet  # noqa: F401 - to_parquet would import it inside the measured time

    def work() -> None:
        frame = pd.read_csv(features(folder), header=[0, 1, 2], index_col=0)
        frame.columns = ["_".join(names) for names in frame.columns]
        frame.to_parquet(scratch / "x.parquet")

    return timed(work)


def publish(folder: Path, scratch: Path, method: str) -> dict[str, float]:
    """The library: zip to published table."""
    return timed(ingest(folder, scratch, method, ["fma_features"], audit=False))


def audited(folder: Path, scratch: Path, method: str) -> dict[str, float]:
    """The library with the audit."""
    return timed(ingest(folder, scratch, method, ["fma_features"], audit=True))


def archive(folder: Path, scratch: Path, method: str) -> dict[str, float]:
    """Every table."""
    every = ["fma_genres", "fma_tracks", "fma_echonest", "fma_features"]
    return timed(ingest(folder, scratch, method, every, audit=True))


def command(folder: Path, scratch: Path, method: str) -> dict[str, float]:
    """The whole command, as a user runs it."""
    source = folder / f"fma_metadata_{method}.zip"
    words = [sys.executable, "-m", "genrelab_cli.main", "ingest-fma", "--fma", str(source)]
    environment = {**os.environ, "GENRELAB_HOME": str(scratch)}
    found = timed(lambda: subprocess.run(words, env=environment, check=True, capture_output=True))
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return found | {"peak_mib": round(children)}


def ingest(folder: Path, scratch: Path, method: str, names: list[str], *, audit: bool) -> Callable[[], None]:
    """The work of `genrelab ingest-fma` without the flow around it."""
    import deltalake  # noqa: F401
    import pandas  # noqa: F401, ICN001
    import pyarrow.parquet  # noqa: F401

    from genrelab.lake.lake import Lake
    from genrelab.lake.version import Counts
    from genrelab.runtime.home import Home
    from genrelab.sources.fma import open_archive, read_genres, read_tracks, stage_echonest, stage_features
    from genrelab.tables import TABLES

    if audit:
        from expectations.profile import check_profile
        from tasks.publishing.audit import PublishContext
        from tasks.publishing.publish import audit_and_publish

    lake = Lake(Home(scratch))
    narrow = {"fma_genres": read_genres, "fma_tracks": read_tracks}
    wide = {"fma_echonest": stage_echonest, "fma_features": stage_features}

    def work() -> None:
        opened = open_archive(folder / f"fma_metadata_{method}.zip")
        facts: dict[str, Any] = {"source": opened.path.name, "is_sample": True}
        for name in names:
            if name in narrow and audit:
                audit_and_publish(lake, TABLES[name], narrow[name](opened), PublishContext(**facts))
            elif name in narrow:
                found = narrow[name](opened)
                counts = Counts(found.read, len(found.data), len(found.rejected))
                lake.publish(name, found.data, counts, rejected=found.rejected, **facts)
            else:
                staged = wide[name](opened, lake.staging(name))
                if audit and check_profile(staged.table, staged.profile).refusals:
                    raise SystemExit(f"{name} is refused")
                files, schema = staged.files, staged.table.schema
                lake.publish_files(name, files, schema, staged.counts, rejected=staged.rejected, **facts)

    return work


def columns(folder: Path, scratch: Path, method: str) -> dict[str, float]:
    """Three columns of one subset from the table."""
    from genrelab.lake.lake import Lake
    from genrelab.runtime.home import Home
    from genrelab.sources.fma import in_subset, of_tracks

    ingest(folder, scratch, method, ["fma_tracks", "fma_features"], audit=False)()
    lake = Lake(Home(scratch))

    def work() -> None:
        small = in_subset(lake.read("fma_tracks", ["track_id", "subset"]), "small")
        found = of_tracks(lake.read("fma_features", ["track_id", *COLUMNS]), small)
        if not len(found):
            raise SystemExit("nothing found")

    return timed(work)


def from_csv(folder: Path, _: Path, __: str) -> dict[str, float]:
    """The same from the CSV, which has no subset: the track ids are given."""
    import pyarrow.csv as pacsv

    from genrelab.tables.fma import FMA_FEATURES

    names = [column.name for column in FMA_FEATURES if column.official]
    read = pacsv.ReadOptions(skip_rows=HEADER_ROWS, column_names=names)
    convert = pacsv.ConvertOptions(include_columns=["track_id", *COLUMNS])

    def work() -> None:
        found = pacsv.read_csv(features(folder), read_options=read, convert_options=convert)
        found.filter(found["track_id"].is_valid())

    return timed(work)


CONTENDERS = {f.__name__: f for f in (bare, pandas, publish, audited, archive, command, columns, from_csv)}


def run(name: str, folder: Path, method: str) -> dict[str, float]:
    """Run one candidate in its own process."""
    scratch = Path(tempfile.mkdtemp(dir=folder))
    try:
        words = [
            sys.executable,
            __file__,
            str(folder),
            "--method",
            method,
            "--one",
            name,
            "--scratch",
            str(scratch),
        ]
        done = subprocess.run(words, check=True, capture_output=True, text=True)
        found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
        return found
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def main() -> None:
    """Run the candidates in turn and print medians, peaks and ratios."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--method", default="deflate")
    parser.add_argument("--only", nargs="*", choices=sorted(CONTENDERS), default=list(CONTENDERS))
    parser.add_argument("--one", choices=sorted(CONTENDERS), help=argparse.SUPPRESS)
    parser.add_argument("--scratch", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        print(json.dumps(CONTENDERS[options.one](options.folder, options.scratch, options.method)))
        return
    rounds = []
    for _ in range(options.rounds):
        rounds.append({name: run(name, options.folder, options.method) for name in options.only})
        print(rounds[-1], flush=True)
    for name in options.only:
        seconds = statistics.median(one[name]["seconds"] for one in rounds)
        peak = max(one[name]["peak_mib"] for one in rounds)
        print(f"{name:10} {seconds:8.2f} s   peak {peak:6.0f} MiB")
    for ours, theirs, target in PAIRS:
        if ours in options.only and theirs in options.only:
            ratio = statistics.median(one[ours]["seconds"] / one[theirs]["seconds"] for one in rounds)
            print(f"{ours} / {theirs}: {ratio:.3f} ({target})")


if __name__ == "__main__":
    main()

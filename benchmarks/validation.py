"""Time of validation compared with the ingestion that it is part of.

    python benchmarks/validation.py [FOLDER] [--rounds 3]

FOLDER has the output of `benchmarks/fma_archive.py FOLDER`; without it the wide table is skipped. Imports are not
counted, each number is the median of some rounds.

    tables    every other table, read from the real files (GENRELAB_REAL_DATA, default ../shared/data): processor
              seconds of its audit, which may take at most 1; the Markdown table on standard output, that of
              docs/validation.md
    features  106,574 x 518 features from CSV to a published table: seconds of the audit and of the column profile
              that it reads, which may take at most a quarter of the whole
"""

import argparse
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from genrelab_cli.numbers import markdown

MOST_SECONDS = 1.0
MOST_SHARE = 0.25
REAL = Path(os.environ.get("GENRELAB_REAL_DATA", Path(__file__).parents[2] / "shared" / "data"))


def seconds(work: Callable[[], object], rounds: int) -> tuple[float, float]:
    """Median of the seconds that passed, and of those that the processor worked."""
    passed, worked = [], []
    for _ in range(rounds):
        start, processor = time.perf_counter(), time.process_time()
        work()
        passed.append(time.perf_counter() - start)
        worked.append(time.process_time() - processor)
    return statistics.median(passed), statistics.median(worked)


def real_tables() -> dict[str, Any]:
    """Rows of every table but the wide ones that the real files give, by name."""
    import pyarrow.compute as pc

    from genrelab.evaluation.groups import assign_groups
    from genrelab.rules import bin_tracks, load_rule_set
    from genrelab.sources.fma import open_archive, read_genres, read_raw, read_tracks
    from genrelab.sources.origin.reader import read_origin
    from genrelab.sources.spotify import exact_duplicates, read_pulls

    pulls = read_pulls(REAL / "spotify" / "pulls").data
    tracks = pulls.filter(pc.invert(exact_duplicates(pulls)))
    archive = open_archive(REAL / "fma_metadata")
    assigned = assign_groups(tracks)
    binned = tracks
    for rules in ("classic", "reviewed"):
        binned = binned.append_column(f"bin_{rules}", bin_tracks(tracks["genres"], load_rule_set(rules)).bins)
    decided = bin_tracks(tracks["genres"], load_rule_set("reviewed"))
    for name, values in (
        ("genre_bin", decided.bins),
        ("rule", decided.rules),
        ("micro_genre", decided.micro_genres),
        ("artist_group", assigned.groups),
        ("part", assigned.parts),
    ):
        binned = binned.append_column(name, values)
    return {
        "spotify_tracks": tracks,
        "spotify_binned": binned,
        "artist_groups": assigned.known,
        "fma_tracks": read_tracks(archive).data,
        "fma_genres": read_genres(archive).data,
        "fma_raw_genres": read_raw(archive, "fma_raw_genres").data,
        "origin_tracks": read_origin(REAL / "origin" / "default_features_1059_tracks.txt").data,
    }


def table(found: Sequence[tuple[str, int, int, float]]) -> str:
    """The Markdown table of name, rows, rules and processor seconds."""
    return markdown(
        ("table", "rows", "rules", "seconds"),
        [(f"`{name}`", f"{rows:,}", str(rules), f"{worked:.2f}") for name, rows, rules, worked in found],
    )


def bench_tables(rounds: int) -> bool:
    """Print the processor seconds of each table's audit; returns whether all are fast enough."""
    from expectations.baseline import Baseline
    from expectations.check import check
    from genrelab.tables import TABLES

    tables = real_tables()

    def read(name: str, columns: list[str]) -> Any:
        return tables[name].select(columns) if name in tables else None

    check(
        TABLES["fma_genres"], tables["fma_genres"]
    )  # the first run of a process prepares Great Expectations
    found = []
    for name, data in tables.items():
        baseline = Baseline(len(data), read)
        rules = check(TABLES[name], data, baseline).checked
        _, worked = seconds(
            lambda name=name, data=data, baseline=baseline: check(TABLES[name], data, baseline), rounds
        )
        found.append((name, len(data), rules, worked))
    print(table(found))
    slow = any(worked > MOST_SECONDS for *_, worked in found)
    print(f"every table at most {MOST_SECONDS:g} s: {'NO' if slow else 'yes'}", file=sys.stderr)
    return not slow


def bench_features(folder: Path, rounds: int) -> bool:
    """Print what the audit of the wide table adds to its ingestion; returns whether it is little enough."""
    import deltalake  # noqa: F401 - imports are not counted
    import pyarrow.parquet as pq

    from expectations.profile import check_staged
    from genrelab.lake.lake import Lake
    from genrelab.lake.profile import profile_table
    from genrelab.runtime.home import Home
    from genrelab.sources.fma import open_archive, stage_features
    from tasks.publishing.audit import PublishContext
    from tasks.publishing.publish import audit_and_publish_staged

    found = []
    for _ in range(rounds):
        scratch = Path(tempfile.mkdtemp(dir=folder))
        lake = Lake(Home(scratch))
        start = time.perf_counter()
        staged = stage_features(open_archive(folder / "fma_metadata"), lake.staging("fma_features"))
        whole = time.perf_counter() - start
        audit, _ = seconds(lambda staged=staged: check_staged(staged.table, staged.profile, staged.files), 1)
        parts = pq.ParquetFile(staged.files[0])
        groups = [parts.read_row_group(group) for group in range(parts.num_row_groups)]
        profile = sum(seconds(lambda rows=rows: profile_table(rows), 1)[0] for rows in groups)
        del groups
        start = time.perf_counter()
        audit_and_publish_staged(lake, staged, PublishContext("made", is_sample=True))
        whole += time.perf_counter() - start
        found.append((whole, audit, profile))
        shutil.rmtree(scratch)
    whole, audit, profile = (statistics.median(each) for each in zip(*found, strict=True))
    share = statistics.median((each[1] + each[2]) / each[0] for each in found)
    print(
        f"fma_features {staged.rows:,} x {len(staged.table.columns)}: ingestion {whole:.1f} s, of it the audit "
        f"{audit:.2f} s and the column profile {profile:.2f} s: {share:.1%} (at most {MOST_SHARE:.0%})",
        file=sys.stderr,
    )
    return share <= MOST_SHARE


def main() -> None:
    """Run the benchmarks whose files exist."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    fine = True
    if REAL.is_dir():
        fine &= bench_tables(options.rounds)
    else:
        print(f"no real files at {REAL}: the small tables are skipped", file=sys.stderr)
    if options.folder:
        fine &= bench_features(options.folder, options.rounds)
    sys.exit(0 if fine else 1)


if __name__ == "__main__":
    main()

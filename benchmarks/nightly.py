"""Time, memory and orchestration overhead of a full nightly run and of one with nothing new.

Run: python benchmarks/nightly.py [FOLDER] [--sample]
Runs `genrelab nightly` on the real data of GENRELAB_REAL_DATA (default ../shared/data), or on the sample, twice in a
fresh home: FOLDER, or a temporary one. Prints the Markdown table of the slowest steps; to standard error the time of
each run and, for the first, the peak memory of all its processes together and the share of its time between the steps:
Prefect, imports and everything else. Trainings run in parallel, so the seconds of the steps add up to more than the
run. Limits: 30 minutes and 10 % for a full run on the real data, 30 s for one with nothing new.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path

from genrelab_cli.numbers import markdown

REAL_DATA = Path(os.environ.get("GENRELAB_REAL_DATA", "../shared/data")).resolve()
SOURCES = {
    "--spotify": REAL_DATA / "spotify" / "pulls",
    "--fma": REAL_DATA / "fma_metadata",
    "--origin": REAL_DATA / "origin" / "default_features_1059_tracks.txt",
}
MOST_MINUTES, MOST_OVERHEAD, MOST_EMPTY_SECONDS = 30, 0.10, 30
SLOWEST = 12
LOOK_EVERY_SECONDS = 1.0


def night(home: Path, words: list[str]) -> tuple[float, float]:
    """Do one nightly run; return its seconds and the peak memory of all its processes in GB."""
    started, peak = time.perf_counter(), 0.0
    command = [sys.executable, "-m", "genrelab_cli.main", "nightly", *words]
    running = subprocess.Popen(command, env={**os.environ, "GENRELAB_HOME": str(home)}, stdout=sys.stderr)
    while running.poll() is None:
        peak = max(peak, memory_gb(running.pid))
        time.sleep(LOOK_EVERY_SECONDS)
    if running.returncode:
        sys.exit(f"the nightly run ended with exit code {running.returncode}")
    return time.perf_counter() - started, peak


def memory_gb(pid: int) -> float:
    """Resident memory of a process and all below it now, in GB, from /proc."""
    parents, pages = {}, {}
    for folder in Path("/proc").iterdir():
        try:
            number = int(folder.name)
            parents[number] = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            pages[number] = int((folder / "statm").read_text().split()[1])
        except (ValueError, OSError, IndexError):
            continue  # not a process, or one that has just ended
    family = {pid}
    while below := {number for number, parent in parents.items() if parent in family} - family:
        family |= below
    return sum(pages.get(number, 0) for number in family) * os.sysconf("SC_PAGE_SIZE") / 1e9


def step_spans(home: Path) -> dict[str, tuple[float, float]]:
    """Return when each step started and ended, from its record."""
    spans = {}
    for file in (home / "data" / "state").glob("*.json"):
        record = json.loads(file.read_text())
        end = datetime.fromisoformat(record["finished_at"]).timestamp()
        spans[record["step"]] = (end - record["seconds"], end)
    return spans


def covered(spans: Iterable[tuple[float, float]]) -> float:
    """Seconds that lie in at least one of the spans."""
    total, until = 0.0, float("-inf")
    for start, end in sorted(spans):
        total += max(end - max(start, until), 0.0)
        until = max(until, end)
    return total


def verdict(is_met: bool) -> str:
    """Return whether a limit was kept."""
    return "met" if is_met else "MISSED"


def table(seconds: Mapping[str, float], between: float) -> str:
    """The Markdown table of the slowest steps and of everything between the steps, in seconds."""
    slowest = sorted(seconds.items(), key=lambda one: -one[1])[:SLOWEST]
    return markdown(
        ("step", "seconds"),
        [(name, f"{spent:,.0f}") for name, spent in (*slowest, ("everything between the steps", between))],
    )


def main() -> None:
    """Print both runs and whether they are within their limits."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", nargs="?", type=Path, help="An empty folder, which is kept.")
    parser.add_argument("--sample", action="store_true", help="Use sample data instead of the real data.")
    asked = parser.parse_args()
    words = [] if asked.sample else [word for name, path in SOURCES.items() for word in (name, str(path))]
    with tempfile.TemporaryDirectory() as temporary:
        home = asked.folder.resolve() if asked.folder else Path(temporary)
        home.mkdir(parents=True, exist_ok=True)
        full, peak = night(home, words)
        steps = step_spans(home)
        empty, _ = night(home, words)
    between = full - covered(steps.values())
    overhead = between / full
    print(table({name: end - start for name, (start, end) in steps.items()}, between))
    lines = [
        (
            f"a full nightly run: {full / 60:.1f} minutes, peak {peak:.1f} GB",
            f"{MOST_MINUTES} minutes",
            full <= 60 * MOST_MINUTES,
        ),
        (f"orchestration: {overhead:.1%} of it", f"{MOST_OVERHEAD:.0%}", overhead <= MOST_OVERHEAD),
        (f"nothing new: {empty:.1f} s", f"{MOST_EMPTY_SECONDS} s", empty <= MOST_EMPTY_SECONDS),
    ]
    for line, wanted, is_met in lines:
        print(line if asked.sample else f"{line}; wanted {wanted}: {verdict(is_met)}", file=sys.stderr)


if __name__ == "__main__":
    main()

"""A whole night and an empty one: how long, how much memory, and what orchestration costs.

Run: python benchmarks/nightly.py [FOLDER] [--sample]
Runs `genrelab nightly` on the real data of GENRELAB_REAL_DATA (default ../shared/data), or on the sample, twice in a
fresh home: FOLDER, or a temporary one. Prints the clock and the highest memory of each night and, for the first, the
share of its time that no step's own work accounts for: Prefect, imports and everything between the steps. Limits:
30 minutes and 10 % for a full night on the real data, 30 s for one with nothing new.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

REAL_DATA = Path(os.environ.get("GENRELAB_REAL_DATA", "../shared/data")).resolve()
SOURCES = {
    "--spotify": REAL_DATA / "spotify" / "pulls",
    "--fma": REAL_DATA / "fma_metadata",
    "--origin": REAL_DATA / "origin" / "default_features_1059_tracks.txt",
}
MOST_MINUTES, MOST_OVERHEAD, MOST_EMPTY_SECONDS = 30, 0.10, 30
SLOWEST = 12


def night(home: Path, words: list[str]) -> float:
    """Run one night; returns its seconds."""
    started = time.perf_counter()
    command = [sys.executable, "-m", "genrelab_cli.main", "nightly", *words]
    done = subprocess.run(command, env={**os.environ, "GENRELAB_HOME": str(home)}, check=False)
    if done.returncode:
        sys.exit(f"the night ended with exit code {done.returncode}")
    return time.perf_counter() - started


def step_seconds(home: Path) -> dict[str, float]:
    """What each step recorded as the time of its own work."""
    records = [json.loads(file.read_text()) for file in (home / "data" / "state").glob("*.json")]
    return {record["step"]: record["seconds"] for record in records}


def peak_gb() -> float:
    """The highest memory of a process that has ended, in GB."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1e6


def verdict(is_met: bool) -> str:
    """A limit kept or missed."""
    return "met" if is_met else "MISSED"


def main() -> None:
    """Print both nights and whether they keep within their limits."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", nargs="?", type=Path, help="An empty folder; it is kept.")
    parser.add_argument("--sample", action="store_true", help="The sample in place of the real data.")
    asked = parser.parse_args()
    words = [] if asked.sample else [word for name, path in SOURCES.items() for word in (name, str(path))]
    with tempfile.TemporaryDirectory() as temporary:
        home = asked.folder.resolve() if asked.folder else Path(temporary)
        home.mkdir(parents=True, exist_ok=True)
        full = night(home, words)
        peak, steps = peak_gb(), step_seconds(home)
        empty = night(home, words)
    overhead = 1 - sum(steps.values()) / full
    print(f"\n{'step':<42} {'seconds':>8}")
    for name, seconds in sorted(steps.items(), key=lambda one: -one[1])[:SLOWEST]:
        print(f"{name:<42} {seconds:>8.1f}")
    print(f"{'everything between the steps':<42} {full - sum(steps.values()):>8.1f}")
    print(f"\na full night: {full / 60:.1f} minutes, peak {peak:.1f} GB", end="")
    print("" if asked.sample else f"; wanted {MOST_MINUTES} minutes: {verdict(full <= 60 * MOST_MINUTES)}")
    print(f"orchestration: {overhead:.1%} of it", end="")
    print("" if asked.sample else f"; wanted {MOST_OVERHEAD:.0%}: {verdict(overhead <= MOST_OVERHEAD)}")
    print(f"nothing new: {empty:.1f} s; wanted {MOST_EMPTY_SECONDS}: {verdict(empty <= MOST_EMPTY_SECONDS)}")


if __name__ == "__main__":
    main()

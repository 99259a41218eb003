"""A night with its lake in a bucket beside the same night on disk: seconds of each step, and requests to the store.

Run: PYTHONPATH=tests/helpers python benchmarks/lake_on_s3.py [--real] [--steps ingest_fma bin_genres ...]
Starts SeaweedFS on loopback and two processes, one with its lake on disk, one with it in a bucket. Both run every
step of a night on the sample (or on the real data of GENRELAB_REAL_DATA, default ../shared/data), one after the other,
each time the other one first, so that a busy machine slows both. Prints a Markdown table: clock seconds of both, their
ratio, processor seconds of both, and how many requests the store got. Limit: 1.25 times for the whole night.
"""

import argparse
import json
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Any

from ports import free_port
from seaweed import Seaweed, running

from genrelab.analyses.registry import STUDIES
from genrelab.runtime.home import Home
from genrelab_cli.numbers import markdown
from genrelab_cli.servers.prefect_api import prefect_api
from genrelab_cli.servers.server import prepare_environment

REAL_DATA = Path(os.environ.get("GENRELAB_REAL_DATA", "../shared/data")).resolve()
REAL = {
    "ingest_spotify": {"spotify": str(REAL_DATA / "spotify" / "pulls")},
    "ingest_fma": {"fma": str(REAL_DATA / "fma_metadata")},
    "ingest_origin": {"origin": str(REAL_DATA / "origin" / "default_features_1059_tracks.txt")},
}
AFTER = ("bin_genres", "train", "predict", *STUDIES, "report")
MOST = 1.25
COUNTED = re.compile(r"^SeaweedFS_s3_request_total\{.*\} (\d+)", re.MULTILINE)
SIDE = "side"
HEADINGS = ("step", "disk", "S3", "ratio", "processor disk", "processor S3", "requests")


def side() -> None:
    """Run the steps that are asked for on standard input, one a line, as one run; answer with their seconds."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what flows print is not an answer
    from flows import find_flow
    from genrelab.runtime.run_lock import one_run

    with one_run(Home.find(), "nightly", when_busy="refuse"):
        print("ready", file=answers, flush=True)
        for line in sys.stdin:
            name, parameters = json.loads(line)
            flow = find_flow(name)
            started, before = time.perf_counter(), processor_seconds()
            state = flow(**parameters, return_state=True)
            seconds = time.perf_counter() - started
            found = [seconds, processor_seconds() - before, state.is_completed()]
            print(json.dumps(found), file=answers, flush=True)


def processor_seconds() -> float:
    """Seconds of processor that this process and those it has waited for have used."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def start(home: Path, settings: dict[str, str]) -> "subprocess.Popen[str]":
    """Start one side and wait until it is ready."""
    process = subprocess.Popen(
        [sys.executable, __file__, SIDE],
        env={**os.environ, **settings, "GENRELAB_HOME": str(home)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    if process.stdout.readline() != "ready\n":
        sys.exit(f"the side in {home} did not start")
    return process


def run(process: "subprocess.Popen[str]", name: str, parameters: dict[str, Any]) -> tuple[float, float]:
    """Run one step on one side; return its clock and processor seconds."""
    print(json.dumps([name, parameters]), file=process.stdin, flush=True)
    seconds, used, is_completed = json.loads(process.stdout.readline())
    if not is_completed:
        sys.exit(f"{name} failed")
    return seconds, used


def requests(port: int) -> int:
    """How many requests the store has got."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
        return sum(map(int, COUNTED.findall(answer.read().decode())))


def compare(store: Seaweed, folder: Path, port: int, asked: dict[str, dict[str, Any]]) -> bool:
    """Run all steps on both sides and print the table; return whether the limit was kept."""
    bucket = {**store.environment, "GENRELAB_LAKE": f"{store.bucket('night')}/lake"}
    sides = {name: start(folder / name, given) for name, given in (("disk", {}), ("s3", bucket))}
    rows, totals = [], [0.0, 0.0, 0.0, 0.0, 0.0]
    for number, (step, parameters) in enumerate(asked.items()):
        before, found = requests(port), {}
        for name in sorted(sides, reverse=bool(number % 2)):
            found[name] = run(sides[name], step, parameters)
        values = [found["disk"][0], found["s3"][0], found["disk"][1], found["s3"][1], requests(port) - before]
        rows.append(row(step, values))
        totals = [total + value for total, value in zip(totals, values, strict=True)]
        print(*rows[-1], file=sys.stderr, flush=True)
    print(
        markdown(
            ("step", "disk", "S3", "ratio", "processor disk", "processor S3", "requests"),
            [*rows, row("all", totals)],
        )
    )
    for process in sides.values():
        process.communicate()
    return totals[1] <= MOST * totals[0]


def row(step: str, values: list[float]) -> tuple[str, ...]:
    """One row of the table."""
    disk, s3, *used, asked = values
    return (
        step,
        f"{disk:.1f}",
        f"{s3:.1f}",
        f"{s3 / disk:.2f}",
        *(f"{each:.1f}" for each in used),
        f"{asked:,.0f}",
    )


def main() -> None:
    """Print the table, and whether the run in the bucket is within its limit."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--real", action="store_true", help="Use the real data instead of the sample.")
    parser.add_argument("--steps", nargs="+", help="Only these flows.")
    given = parser.parse_args()
    sources = (
        REAL if given.real else {"scrape": {"spotify": "sample"}, **{name: {} for name in list(REAL)[1:]}}
    )
    asked = {name: sources.get(name, {}) for name in (*sources, *AFTER)}
    port = free_port()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        prepare_environment(Home(folder), verbose=False)
        with (
            running(folder / "weed", more=[f"-metricsPort={port}"]) as store,
            prefect_api(Home(folder)) as url,
        ):
            os.environ["PREFECT_API_URL"] = url
            chosen = {name: each for name, each in asked.items() if not given.steps or name in given.steps}
            is_met = compare(store, folder, port, chosen)
    print(f"limit {MOST} times: {'met' if is_met else 'MISSED'}", file=sys.stderr)


if __name__ == "__main__":
    side() if sys.argv[1:] == [SIDE] else main()

"""The flows on a lake in a bucket of a real S3 server."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from program import Program
from pull_rows import pull, write
from seaweed import Seaweed

from genrelab.lake.lake import Lake
from genrelab.runtime.home import Home

FLOWS = """
import sys
from flows.bin_genres import bin_genres
from flows.ingest_spotify import ingest_spotify
from flows.report import report

ingest_spotify(sys.argv[1])
bin_genres()
report()
"""


@pytest.fixture
def program(shared_prefect: dict[str, str], s3_server: Seaweed, s3_location: str, tmp_path: Path) -> Program:
    """A home whose lake is in a bucket."""
    return Program(tmp_path, {**shared_prefect, **s3_server.environment, "GENRELAB_LAKE": s3_location})


def names(server: Seaweed, location: str) -> set[str]:
    """The names of all files of a lake, below its address."""
    bucket, _, prefix = location.removeprefix("s3://").partition("/")
    pages = server.client().get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
    return {each["Key"].removeprefix(f"{prefix}/") for page in pages for each in page["Contents"]}


def test_ingest_bin_and_report_run_on_it(program: Program, s3_server: Seaweed, s3_location: str) -> None:
    """Tables, rejected rows and the report lie in the bucket; a home that has nothing reads the same tables."""

    file = program.home / "info_1.csv"
    write(file, [pull(number) for number in range(119)] + [pull(119, energy="7.5")])

    done = subprocess.run(
        [sys.executable, "-c", FLOWS, file],
        env=program.environment,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr

    there = names(s3_server, s3_location)
    assert any(name.startswith("quarantine/spotify_tracks/") for name in there)
    assert "reports/latest/index.html" in there
    [index] = [name for name in there if name.endswith("/index.html") and "latest" not in name]
    assert (program.home / "data" / index).is_file()
    other = Lake(Home(program.home / "other"))
    assert other.tables() == ["artist_groups", "spotify_binned", "spotify_tracks"]
    assert other.current("spotify_tracks").counts.rows == 119
    [rejected] = other.rejected("spotify_tracks").to_pylist()
    assert "energy" in rejected["rules"][0]
    assert len(other.read("spotify_binned")) == 119
    assert not (program.home / "data" / "lake").exists()


@pytest.mark.long
def test_the_whole_sample_night_runs_on_it(program: Program, s3_server: Seaweed, s3_location: str) -> None:
    """MLflow's files lie there too, champions are read from there, and a second night has nothing to do."""

    done = program.run("nightly")
    assert done.returncode == 0, done.stdout + done.stderr
    there = names(s3_server, s3_location)
    assert {"lake", "mlruns", "raw", "reports", "lock"} <= {name.partition("/")[0] for name in there}
    assert any(
        name.startswith("mlruns/artifacts/spotify-genres/") and name.endswith(".skops") for name in there
    )
    assert not list((program.home / "mlruns").rglob("*.skops"))

    again = program.run("nightly")
    assert again.returncode == 0, again.stdout + again.stderr
    assert "unchanged since" in again.stdout + again.stderr
    tables = json.loads(program.run("tables", "--json").stdout)
    assert {table["version"] for table in tables} == {0}

"""The whole night with its lake in a bucket of a real S3 server: equal to one on disk, and safe from kills."""

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest
from program import Program
from seaweed import KEY, SECRET, Seaweed
from twenty_checks import score
from twenty_tracks import TRACKS_EACH, write_pull

from genrelab.lake.lake import Lake
from genrelab.lake.lease import holder_of
from genrelab.lake.storage import bucket_of
from genrelab.runtime.home import Home
from genrelab.serving.description import champion_names

KILLS = 30
FIRST_ARTISTS, NEW_ARTISTS = 160, 2
LONGEST_SECONDS = 30.0
"""Longest time after which a night of the kills is killed; it takes about as long when nothing else runs."""
MINE = "spotify-bins-reviewed"
SHORT_NIGHT = f"""
import sys
from flows.bin_genres import bin_genres
from flows.ingest_spotify import ingest_spotify
from flows.predict import predict
from flows.train import train

ingest_spotify(sys.argv[1])
bin_genres()
train("quick", ["{MINE}"])
predict()
"""


@pytest.fixture(scope="module")
def nights(
    shared_prefect: dict[str, str], s3_server: Seaweed, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Program, Program, str]:
    """A home with its lake on its disk, one with its lake in a bucket, each after a night, and what the latter said."""
    folder = tmp_path_factory.mktemp("nights")
    address = f"{s3_server.bucket('whole-nights')}/here"
    on_disk = Program(folder / "disk", shared_prefect)
    on_s3 = Program(folder / "s3", {**shared_prefect, **s3_server.environment, "GENRELAB_LAKE": address})
    said = ""
    for program in (on_disk, on_s3):
        done = program.run("nightly")
        said = done.stdout + done.stderr
        assert done.returncode == 0, said
    return on_disk, on_s3, said


def lake_of(program: Program, monkeypatch: pytest.MonkeyPatch) -> Lake:
    """The lake of a home, read with its settings."""
    for name, value in program.settings.items():
        if name.startswith(("AWS_", "GENRELAB_LAKE")):
            monkeypatch.setenv(name, value)
    return Lake(Home(program.home))


def rows(lake: Lake, table: str) -> Counter[str]:
    """The rows of a table, each as text, in no order, without the moments at which they were fetched."""
    found = lake.read(table)
    kept = found.select([name for name in found.column_names if not name.endswith("fetched_at")])
    return Counter(json.dumps(row, default=str, sort_keys=True) for row in kept.to_pylist())


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_its_tables_are_those_of_a_night_on_disk(
    nights: tuple[Program, Program, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Row for row, rejected rows and predictions included."""

    on_disk, on_s3, _ = nights
    disk, bucket = Lake(Home(on_disk.home)), lake_of(on_s3, monkeypatch)

    assert bucket.storage.location
    assert bucket.tables() == disk.tables()
    assert "predictions" in disk.tables()
    for table in disk.tables():
        assert rows(bucket, table) == rows(disk, table), table
        assert bucket.rejected(table).num_rows == disk.rejected(table).num_rows
        assert bucket.current(table).counts == disk.current(table).counts


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_its_report_has_the_pages_of_a_night_on_disk(
    nights: tuple[Program, Program, str], s3_server: Seaweed
) -> None:
    """In the home and in the bucket."""

    on_disk, on_s3, _ = nights
    pages = [
        {page.name for page in (program.home / "data/reports/latest").glob("*.html")}
        for program in (on_disk, on_s3)
    ]
    assert pages[0] == pages[1]
    there = {name.rpartition("/")[2] for name in files(on_s3, s3_server) if "/reports/" in f"/{name}"}
    assert pages[0] <= there


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_its_home_holds_nothing_of_the_lake_but_a_cache(
    nights: tuple[Program, Program, str], s3_server: Seaweed
) -> None:
    """Tables, rejected rows and MLflow's files are in the bucket; the cache may be deleted at any time."""

    on_s3 = nights[1]
    there = files(on_s3, s3_server)

    assert not (on_s3.home / "data/lake").exists()
    assert not (on_s3.home / "data/quarantine").exists()
    assert not [
        path for path in (on_s3.home / "mlruns").rglob("*") if path.suffix in {".skops", ".npy", ".png"}
    ]
    assert any(name.startswith("mlruns/artifacts/") and name.endswith(".skops") for name in there)
    assert {"lake", "mlruns", "raw", "reports"} <= {name.partition("/")[0] for name in there}
    before = on_s3.tables()
    (on_s3.home / "data/cache").rename(on_s3.home / "data/cache-of-before")
    assert on_s3.tables() == before


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("tables", "--notes"), 0),
        (("sql", "SELECT count(*) FROM spotify_tracks"), 0),
        (("champion", "show"), 0),
        (("champion", "show", MINE), 0),
        (("champion", "rollback", MINE), 1),
        (("quarantine", "list"), 0),
        (("clean",), 0),
        (("report", "--pdf"), 0),
    ],
)
def test_commands_work_on_it(nights: tuple[Program, Program, str], words: tuple[str, ...], code: int) -> None:
    """Each ends as it does for a lake on disk; there is no earlier champion to go back to."""

    on_disk, on_s3, _ = nights

    for program in (on_s3, on_disk):
        done = program.run(*words)
        assert done.returncode == code, done.stdout + done.stderr
        assert "Traceback" not in done.stdout + done.stderr


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_its_champions_are_compiled_and_its_doctor_finds_a_safe_store(
    nights: tuple[Program, Program, str],
) -> None:
    """They were read from the bucket; the doctor names the store beside its other findings."""

    on_disk, on_s3, _ = nights

    assert champion_names(Home(on_s3.home)) == champion_names(Home(on_disk.home)) != []
    found = json.loads(on_s3.run("doctor", "--json").stdout)
    assert "refuses a second commit of the same version" in json.dumps(found)


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_no_secret_of_the_store_is_kept_or_shown(
    nights: tuple[Program, Program, str], s3_server: Seaweed
) -> None:
    """Neither in what was printed, nor in the home, nor in the bucket."""

    _, on_s3, said = nights
    secrets = (SECRET.encode(), KEY.encode())
    bucket = on_s3.settings["GENRELAB_LAKE"].removeprefix("s3://").partition("/")[0]

    assert not [secret for secret in secrets if secret.decode() in said]
    for path in on_s3.home.rglob("*"):
        if path.is_file() and not path.is_symlink():
            content = path.read_bytes()
            assert not [secret for secret in secrets if secret in content], path
    for name in files(on_s3, s3_server):
        content = s3_server.client().get_object(Bucket=bucket, Key=f"here/{name}")["Body"].read()
        assert not [secret for secret in secrets if secret in content], name


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_a_second_night_on_it_skips_what_has_not_changed(nights: tuple[Program, Program, str]) -> None:
    """No table gets a new version."""

    on_s3 = nights[1]
    before = on_s3.tables()

    again = on_s3.run("nightly")

    said = again.stdout + again.stderr
    assert again.returncode == 0, said
    trained = [line for line in said.splitlines() if " train_" in line]
    assert trained
    assert all("unchanged since" in line or " skipped: " in line for line in trained)
    assert on_s3.tables() == before


def files(program: Program, server: Seaweed) -> set[str]:
    """The names of all files of a lake, below its address."""
    bucket, _, prefix = program.settings["GENRELAB_LAKE"].removeprefix("s3://").partition("/")
    pages = server.client().get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=f"{prefix}/")
    return {each["Key"].removeprefix(f"{prefix}/") for page in pages for each in page.get("Contents", ())}


@pytest.mark.long
@pytest.mark.timeout(5400)
def test_kills_of_the_server_and_of_the_night_lose_and_double_nothing(
    shared_prefect: dict[str, str], s3_server: Seaweed, s3_location: str, tmp_path: Path
) -> None:
    """Thirty kill -9 at random moments of a night: rows, runs and alias are whole, and the next run works."""

    program = Program(
        tmp_path / "home", {**shared_prefect, **s3_server.environment, "GENRELAB_LAKE": s3_location}
    )
    draw, pulls, artists = random.Random(24), tmp_path / "pulls", FIRST_ARTISTS  # noqa: S311 - moments
    pulls.mkdir()
    write_pull(pulls / "info_0.csv", range(artists))
    for kill in range(1, KILLS + 1):
        write_pull(pulls / f"info_{kill}.csv", range(artists, artists + NEW_ARTISTS))
        artists += NEW_ARTISTS
        night = start(program, pulls)
        time.sleep(draw.uniform(0, LONGEST_SECONDS))
        if kill % 3 == 0:
            s3_server.kill()
            time.sleep(draw.uniform(0.1, 3.0))
            s3_server.start()
            assert night.wait(900) in {0, 1}, "it ends by itself, with a message or done"
        else:
            os.killpg(night.pid, signal.SIGKILL)
            night.wait()

    last = start(program, pulls)
    assert last.wait(900) == 0, program_log(program)

    lake = Lake(Home(program.home))
    for table in lake.tables():
        for version in lake.versions(table):
            found = lake.read(table, version=version.version)
            assert len(found) == version.counts.rows, f"{table} version {version.version}"
            if "source_row" in found.column_names and table != "predictions":
                places = list(zip(found["source"].to_pylist(), found["source_row"].to_pylist(), strict=True))
                assert len(set(places)) == len(places), f"{table} version {version.version}"
    tracks = lake.read("spotify_tracks")["track_id"].to_pylist()
    assert sorted(tracks) == [f"{track:022d}" for track in range(artists * TRACKS_EACH)]
    runs_are_whole(program)
    version = champion_of(program)
    assert score(program, MINE, version) > 0.5
    bucket = bucket_of(Home(program.home))
    assert bucket is not None
    assert holder_of(bucket) is None


def start(program: Program, pulls: Path) -> "subprocess.Popen[bytes]":
    """Start a night that ingests, bins, trains one model and predicts."""
    program.home.mkdir(exist_ok=True)
    with (program.home / "output").open("ab") as output:
        return subprocess.Popen(
            [sys.executable, "-c", SHORT_NIGHT, str(pulls)],
            env=program.environment,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )


def program_log(program: Program) -> str:
    """The last that the nights of a home printed."""
    return (program.home / "output").read_text(errors="replace")[-5000:]


def ask(program: Program, question: str) -> list[tuple[str, ...]]:
    """Ask MLflow's database."""
    with closing(sqlite3.connect(program.home / "mlruns/mlflow.db")) as opened:
        return opened.execute(question).fetchall()


def champion_of(program: Program) -> str:
    """Version of the champion, whose alias there is once."""
    aliases = ask(
        program,
        f"SELECT version FROM registered_model_aliases WHERE name = '{MINE}' AND alias = 'champion'",  # noqa: S608
    )
    [(version,)] = aliases
    return str(version)


def runs_are_whole(program: Program) -> None:
    """No run goes on, and no training has a model or a registered version twice."""
    assert ask(program, "SELECT run_uuid FROM runs WHERE status = 'RUNNING'") == []
    models = ask(
        program,
        "SELECT parent.value, runs.name FROM runs JOIN tags AS parent ON parent.run_uuid = runs.run_uuid "
        "AND parent.key = 'mlflow.parentRunId' WHERE runs.lifecycle_stage = 'active'",
    )
    assert models
    assert [each for each, count in Counter(models).items() if count > 1] == []
    registered = ask(
        program, "SELECT run_id, name FROM model_versions WHERE current_stage != 'Deleted_Internal'"
    )
    assert registered
    assert [each for each, count in Counter(registered).items() if count > 1] == []

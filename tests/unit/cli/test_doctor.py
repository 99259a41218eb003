"""What the doctor says of a home, and what it never says."""

import json
import shutil
import socket
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from frames import legal

from genrelab.lake.lake import Lake
from genrelab.lake.version import Counts
from genrelab.runtime.files import write_json
from genrelab.runtime.home import Home
from genrelab.runtime.run_lock import NAME
from genrelab.sources.sample import catalogue
from genrelab.sources.sandbox import Sandbox
from genrelab.tables import TABLES
from genrelab_cli.checks import environment as checks
from genrelab_cli.commands.doctor import find_out
from genrelab_cli.main import cli

NIGHT = {"at": datetime.now(UTC).isoformat(), "state": "completed", "message": "all 8 flows completed"}


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """A user without any setting."""
    for name in ("SPOTIPY_CLIENT_ID", "SPOTIPY_CLIENT_SECRET", "PREFECT_API_URL", "MLFLOW_TRACKING_URI"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def healthy(home: Home) -> Home:
    """A home after a good night."""
    table = TABLES["origin_tracks"]
    Lake(home).publish(table.name, legal(table, rows=3), Counts(3, 3), source="x", is_sample=True)
    home.mlruns.mkdir()
    with sqlite3.connect(home.mlruns / "mlflow.db") as database:
        database.execute("CREATE TABLE registered_model_aliases (name TEXT, alias TEXT, version INTEGER)")
        database.execute(
            "INSERT INTO registered_model_aliases VALUES ('spotify-bins-reviewed', 'champion', 3)"
        )
        database.execute("CREATE TABLE model_versions (name TEXT, version INTEGER, storage_location TEXT)")
        files = home.mlruns / "artifacts" / "spotify-genres" / "models" / "m-1" / "artifacts"
        files.mkdir(parents=True)
        database.execute(
            "INSERT INTO model_versions VALUES ('spotify-bins-reviewed', 3, ?)", (files.as_uri(),)
        )
    database.close()
    write_json(home.state / "operations" / "nightly.json", NIGHT)
    return home


def doctor(*words: str) -> Result:
    return CliRunner().invoke(cli, ["doctor", *words])


def said(home: Home, state: str) -> list[tuple[str, str]]:
    return [(found.says, found.do) for found in find_out(home) if found.state == state]


def test_a_healthy_home_is_fine(healthy: Home) -> None:
    """Exit code 0; versions, champions, tables and the schedule are told."""

    done = doctor()
    assert done.exit_code == 0, done.output
    for words in (
        "prefect 3",
        "1 tables, 3 rows",
        "spotify-bins-reviewed version 3",
        "30 2 * * * (Europe/Berlin)",
        "all 8 flows completed",
        "Everything is fine.",
    ):
        assert words in done.output
    assert said(healthy, "fix") == []


def test_a_champion_without_files_is_told(healthy: Home) -> None:
    """Nothing could be predicted with it; a database copied without its artifacts has such champions."""

    shutil.rmtree(healthy.mlruns / "artifacts")
    [(says, do)] = said(healthy, "fix")
    assert "the files of spotify-bins-reviewed version 3, the champion, are missing: " in says
    assert "genrelab champion rollback" in do


def test_an_empty_home_says_how_to_begin(home: Home) -> None:
    """A newcomer's first look is no alarm."""

    done = doctor()
    assert done.exit_code == 0, done.output
    assert done.output.count("-> genrelab nightly") >= 2
    assert not list(home.root.iterdir())


def test_scripts_read_json_and_the_exit_code(healthy: Home) -> None:
    """The same findings, one object each."""

    write_json(
        healthy.state / "failures" / "train.json", {"step": "train", "message": "x", "failed_at": NIGHT["at"]}
    )
    done = doctor("--json")
    found = json.loads(done.stdout)
    assert (done.exit_code, found["fine"]) == (1, False)
    assert {"area", "state", "says", "do"} == set(found["findings"][0])


def test_a_failed_step_is_told_with_its_remedy(healthy: Home) -> None:
    """The remedy is the one that the step itself named."""

    failure = {
        "step": "ingest_origin",
        "message": "no such file; found: x; to do: name another",
        "failed_at": NIGHT["at"],
    }
    write_json(healthy.state / "failures" / "ingest_origin.json", failure)
    [(says, do)] = said(healthy, "fix")
    assert says.startswith("ingest_origin failed ")
    assert do == "name another"


def test_a_failed_night_is_to_be_fixed(healthy: Home) -> None:
    """With its own message."""

    write_json(
        healthy.state / "operations" / "nightly.json", {**NIGHT, "state": "failed", "message": "1 of 8"}
    )
    assert "1 of 8" in said(healthy, "fix")[0][0]


def test_a_killed_run_is_told(healthy: Home) -> None:
    """The next run goes on from there, so it is only worth knowing."""

    holder = {"flow": "nightly", "pid": 1, "started_at": "2026-03-12T02:30:00", "flow_run_id": ""}
    (healthy.state / NAME).write_text(json.dumps(holder))
    assert any("was killed" in says for says, _ in said(healthy, "look"))


def test_a_damaged_registry_is_to_be_fixed(healthy: Home) -> None:
    """And the remedy says what will take its place."""

    (healthy.mlruns / "mlflow.db").write_bytes(b"not a database at all" * 100)
    (healthy.mlruns / "backups").mkdir()
    (healthy.mlruns / "backups" / "mlflow-2026-03-11.db").write_bytes(b"")
    [(says, do)] = said(healthy, "fix")
    assert "is damaged" in says
    assert do.startswith("genrelab train")
    assert "mlflow-2026-03-11.db" in do


def test_a_table_without_its_files_is_to_be_fixed(healthy: Home) -> None:
    """A log that names files which are gone."""

    next(Lake(healthy).path("origin_tracks").glob("*.parquet")).unlink()
    [(says, do)] = said(healthy, "fix")
    assert says == "1 files of the table origin_tracks are missing"
    assert "genrelab nightly" in do


def test_a_mistake_in_the_settings_is_told(healthy: Home) -> None:
    """The other findings are told too."""

    healthy.settings_file.write_text('[schedule]\ncron = "nightly"\n')
    [(says, do)] = said(healthy, "fix")
    assert "schedule.cron" in says
    assert "genrelab.toml" in do
    assert any("1 tables" in says for says, _ in said(healthy, "ok"))


def test_a_source_that_is_gone_is_told(healthy: Home) -> None:
    """Before the night finds out."""

    healthy.settings_file.write_text('[sources]\nfma = "fma.zip"\n')
    assert "the source fma does not exist" in said(healthy, "fix")[0][0]


def test_a_taken_port_is_told_with_another_one(healthy: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is only in the way of `genrelab ui`."""

    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        monkeypatch.setattr(checks, "PORTS", {"mlflow": port})
        [(says, do)] = [each for each in said(healthy, "look") if str(port) in each[0]]
    assert "in use by another program" in says
    assert f"genrelab ui --mlflow-port {port + 1}" in do


def test_little_room_is_told(healthy: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """Too little for a run is to be mended."""

    monkeypatch.setattr(checks, "free_bytes", lambda _: 5 << 20)
    [(says, do)] = said(healthy, "fix")
    assert says.startswith("5.0 MB free")
    assert do.startswith("genrelab clean")


@pytest.mark.parametrize("variable", ["PREFECT_API_URL", "MLFLOW_TRACKING_URI"])
def test_a_named_server_that_does_not_answer_is_told_without_its_password(
    healthy: Home, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    """An address may carry a name and a password."""

    monkeypatch.setenv(variable, "http://me:sesame@127.0.0.1:1/api")
    done = doctor()
    assert done.exit_code == 1
    assert "does not answer at http://127.0.0.1:1/api" in done.output
    assert "sesame" not in done.output
    assert said(healthy, "fix")


@pytest.fixture(scope="module")
def sandbox():
    """The stand-in of Spotify's Web API."""
    with Sandbox(catalogue(16, 7)) as running:
        yield running


@pytest.mark.parametrize(("given", "code"), [("right", 0), ("expired-sesame", 1), ("", 1)])
def test_credentials_are_tried_and_never_shown(
    healthy: Home, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, given: str, code: int
) -> None:
    """Accepted, refused, or not there at all."""

    healthy.settings_file.write_text('[sources]\nspotify = "api"\n')
    for name, value in sandbox.environment.items():
        monkeypatch.setenv(name, value)
    if given != "right":
        monkeypatch.setenv("SPOTIPY_CLIENT_SECRET", given)
    done = doctor()
    assert done.exit_code == code, done.output
    words = {
        "right": "accepted by",
        "expired-sesame": "refused by 127.0.0.1: status 4",
        "": "SECRET is not set",
    }
    assert words[given] in done.output
    assert "sesame" not in done.output
    assert sandbox.environment["SPOTIPY_CLIENT_SECRET"] not in done.output


def test_a_folder_that_cannot_be_written_is_told(healthy: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """Asked of the system, since root may write anywhere."""

    monkeypatch.setattr(checks.os, "access", lambda path, _: Path(path) != healthy.mlruns)
    assert f"{healthy.mlruns} cannot be written to" in said(healthy, "fix")[0][0]

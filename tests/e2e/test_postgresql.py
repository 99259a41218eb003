"""Prefect and MLflow on PostgreSQL: two addresses, and everything else as before."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from postgresql import PASSWORD, PostgreSQL, programs, running
from program import Program

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(programs() is None, reason="PostgreSQL is not installed (apt-get install postgresql)"),
]


@pytest.fixture(scope="module")
def postgresql() -> Iterator[PostgreSQL]:
    """A server with a database for Prefect and one for MLflow."""
    with tempfile.TemporaryDirectory() as folder, running(Path(folder)) as server:
        for database in ("prefect", "mlflow"):
            server.ask("postgres", f"CREATE DATABASE {database}")
        yield server


@pytest.fixture(scope="module")
def night(postgresql: PostgreSQL, tmp_path_factory: pytest.TempPathFactory) -> tuple[Program, str]:
    """A home after a sample night whose servers' records lie in PostgreSQL, and what the night printed."""
    program = Program(
        tmp_path_factory.mktemp("postgresql"),
        {
            "PREFECT_API_DATABASE_CONNECTION_URL": postgresql.address("prefect", "asyncpg"),
            "MLFLOW_TRACKING_URI": postgresql.address("mlflow", "psycopg"),
        },
    )
    done = program.run("nightly")
    assert done.returncode == 0, done.stderr
    return program, done.stdout + done.stderr


@pytest.mark.usefixtures("night")
def test_prefect_keeps_its_runs_there(postgresql: PostgreSQL) -> None:
    """The night and its flows are rows of Prefect's database, all completed."""
    states = {state for (state,) in postgresql.ask("prefect", "SELECT state_type::text FROM flow_run")}
    counted = postgresql.ask("prefect", "SELECT count(*) FROM flow WHERE name = 'nightly'")
    assert counted == [(1,)]
    assert states == {"COMPLETED"}


def test_mlflow_keeps_runs_and_champions_there(postgresql: PostgreSQL, night: tuple[Program, str]) -> None:
    """Runs, metrics and the champion's alias are rows of MLflow's database, and no SQLite file stands beside."""
    program, _ = night
    assert postgresql.ask("mlflow", "SELECT 1 FROM metrics WHERE key = 'grouped/macro_f1' LIMIT 1") == [(1,)]
    champions = [name for (name,) in postgresql.ask("mlflow", "SELECT name FROM registered_model_aliases")]
    assert "spotify-bins-classic" in champions
    assert not (program.home / "mlruns" / "mlflow.db").exists()
    assert not (program.home / ".prefect" / "prefect.db").exists()


def test_the_next_night_finds_everything_unchanged(night: tuple[Program, str]) -> None:
    """A second night reads both databases and skips every step."""
    program, _ = night
    again = program.run("nightly")
    assert again.returncode == 0, again.stderr
    lines = [line for line in again.stderr.splitlines() if "train_spotify_bins" in line]
    assert lines
    assert all("unchanged" in line for line in lines)


def test_the_password_is_nowhere(night: tuple[Program, str]) -> None:
    """The password that stands in both addresses reaches no file of the home and no line of output."""
    program, printed = night
    assert PASSWORD not in printed
    secret = PASSWORD.encode()
    holding = [path for path in program.home.rglob("*") if path.is_file() and secret in path.read_bytes()]
    assert holding == []

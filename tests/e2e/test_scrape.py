"""`genrelab scrape` against a stand-in of the Web API, as a user with credentials runs it."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from forked import run_forked
from program import TIMEOUT, Program

from genrelab.sources.sample import catalogue
from genrelab.sources.sandbox import Faults, Sandbox

CATALOGUE = catalogue(16, 7)
BAD_DAY = {"server_error": 0.05, "cut": 0.05, "null_entries": 0.05}
"""The whole matrix of faults is played in tests/integration."""


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """A development-mode app of 2026 on a bad day."""
    with Sandbox(CATALOGUE, world="development2026", faults=Faults(BAD_DAY)) as running:
        yield running


def scrape(
    program: Program, sandbox: Sandbox, artists: Path, **changes: str
) -> subprocess.CompletedProcess[str]:
    environment = program.environment | dict(sandbox.environment) | changes
    return run_forked(["scrape", "--spotify", "api", "--artists", str(artists)], environment, TIMEOUT)


def test_artists_become_rows_once(sandbox: Sandbox, shared_prefect: dict[str, str], tmp_path: Path) -> None:
    """Ids, URIs, an unknown id and a malformed line: rows for those that exist, a line for the others."""

    ids = [artist.id for artist in CATALOGUE.artists]
    lines = [*ids[:8], *(f"spotify:artist:{one}" for one in ids[8:]), "0" * 22, "no artist at all"]
    file = tmp_path / "artists.txt"
    file.write_text("\n".join(lines))
    program = Program(tmp_path / "home", shared_prefect)
    done = scrape(program, sandbox, file)
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    assert "no artist at all" in said
    assert "0" * 22 in said
    assert "Traceback" not in said
    tables = program.tables()
    wanted = CATALOGUE.table(tracks_per_artist=1)
    assert tables["spotify_tracks"]["rows"] == len(wanted)
    assert tables["spotify_tracks"]["sample"] is False
    before = sum(sandbox.counts.values())
    again = scrape(program, sandbox, file)
    assert again.returncode == 0, again.stdout + again.stderr
    assert program.tables()["spotify_tracks"]["version"] == tables["spotify_tracks"]["version"]
    assert sum(sandbox.counts.values()) - before < len(ids) / 2  # no artist is asked for twice


def test_no_secret_is_written_anywhere(sandbox: Sandbox, home_with_prefect: Path, tmp_path: Path) -> None:
    """Neither what is printed nor any stored file, Prefect's database included, holds the client secret."""

    file = tmp_path / "artists.txt"
    file.write_text("\n".join(artist.id for artist in CATALOGUE.artists[:3]))
    program = Program(home_with_prefect)
    done = scrape(program, sandbox, file)
    secret = sandbox.environment["SPOTIPY_CLIENT_SECRET"]
    assert secret not in done.stdout + done.stderr
    stored = [path for path in program.home.rglob("*") if path.is_file()]
    assert stored
    assert not [path for path in stored if secret.encode() in path.read_bytes()]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"SPOTIPY_CLIENT_SECRET": ""}, "SPOTIPY_CLIENT_SECRET is empty"),
        ({"SPOTIPY_CLIENT_SECRET": "wrong"}, "credentials"),
    ],
)
def test_credentials_are_told_to_be_missing_or_wrong(
    sandbox: Sandbox, shared_prefect: dict[str, str], tmp_path: Path, changes: dict[str, str], said: str
) -> None:
    """A message that says what to do, exit code 1, no traceback."""

    file = tmp_path / "artists.txt"
    file.write_text(CATALOGUE.artists[0].id)
    done = scrape(Program(tmp_path / "home", shared_prefect), sandbox, file, **changes)
    assert done.returncode == 1
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_without_a_file_of_artists_the_message_says_where_it_goes(
    shared_prefect: dict[str, str], tmp_path: Path
) -> None:
    """`--spotify api` alone cannot know whom to scrape."""

    program = Program(tmp_path / "home", shared_prefect)
    done = program.quick("scrape", "--spotify", "api")
    assert done.returncode == 1
    assert "--artists FILE" in done.stderr

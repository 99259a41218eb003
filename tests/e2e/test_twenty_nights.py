"""Twenty nights in a row: new artists every night, and five of the things that go wrong on the way."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from prefect_session import prefect_session
from program import Program, prefect_server
from twenty_checks import RETENTION, SPOTIFY, count_runs, decision
from twenty_nights import Nights
from twenty_tracks import write_pull

from genrelab.lake.lake import Lake
from genrelab.runtime.home import Home

FIRST_ARTISTS = 160
QUIET_ARTISTS, QUIETER = 160, 0.1
REASON = "a quieter label has joined"


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Program]:
    """A home with little room for the past, and a Prefect server that stays up through all nights."""
    home = tmp_path / "home"
    home.mkdir()
    (home / "genrelab.toml").write_text(RETENTION)
    with prefect_server(home / ".prefect") as url:
        yield Program(home, {"PREFECT_API_URL": url})


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_twenty_nights_in_a_row(program: Program, tmp_path: Path) -> None:
    """Counts add up, the champion never gets worse, the disk stays within retention, each report tells of its night."""

    pulls = tmp_path / "pulls"
    pulls.mkdir()
    nights = Nights(program, pulls)

    nights.arrive(FIRST_ARTISTS)
    first = nights.pass_()
    assert set(SPOTIFY) <= set(first.champions)
    assert "Nothing to compare yet" in first.on("drift")
    nights.most_runs = 2 * first.runs  # each champion's line keeps a few trainings more than the newest
    usual(nights, 2)

    the_fma_is_missing(nights, tmp_path)
    usual(nights, 2)
    killed_in_training(nights)
    usual(nights, 1)
    learning_from_wrong_genres(nights)
    usual(nights, 1)
    drifted_and_accepted(nights)
    usual(nights, 2)
    a_cut_file(nights)
    usual(nights, 4)

    assert len(nights.past) == 20
    fullest = max(night.size for night in nights.past[5:10])
    assert all(night.size < 1.5 * fullest for night in nights.past[10:])
    assert_healthy(program)


def usual(nights: Nights, how_many: int) -> None:
    """Some artists more, and nothing else."""
    for _ in range(how_many):
        nights.arrive()
        before = nights.past[-1]
        night = nights.pass_()
        assert night.versions["spotify_tracks"] == before.versions["spotify_tracks"] + 1
        assert night.versions["fma_tracks"] == before.versions["fma_tracks"]
        assert "failed" not in night.on("index")
        for name in SPOTIFY:
            told(nights, name)


def the_fma_is_missing(nights: Nights, folder: Path) -> None:
    """One branch fails and its last good tables stay in use; the other trains on the new artists."""
    nights.arrive()
    before = nights.past[-1]
    night = nights.pass_("--fma", str(folder / "not mounted"), fails=True)
    assert " flows failed (ingest_fma): ingest_fma: " in night.said
    assert "not mounted" in night.said
    assert "last good, still in use: fma_echonest version 0" in night.said
    assert night.versions["fma_tracks"] == before.versions["fma_tracks"]
    assert night.versions["predictions"] == before.versions["predictions"] + 1
    index = night.on("index")
    assert "1 of " in index
    assert " steps failed" in index
    assert "not mounted" in index
    assert "in use: its result of " in index


def killed_in_training(nights: Nights) -> None:
    """Kill -9 while models train: every table is whole, and the same command does what is left."""
    nights.arrive()
    before = nights.past[-1]
    nights.kill(lambda: count_runs(nights.program) > before.runs)
    lake = Lake(Home(nights.program.home))
    assert lake.current("spotify_binned").version == before.versions["spotify_binned"] + 1
    assert lake.current("predictions").version == before.versions["predictions"]
    night = nights.pass_()
    assert " was killed; its unfinished steps run again" in night.said
    assert "unchanged since" in next(line for line in night.said.splitlines() if "bin_genres" in line)
    assert states_of(nights.program, "nightly") == ["CRASHED", "COMPLETED"]
    assert states_of(nights.program, "train") == ["CRASHED", "COMPLETED"]


def learning_from_wrong_genres(nights: Nights) -> None:
    """The artists from whom models learn get the genre of their neighbour: a challenger that is worse stays out."""
    nights.arrive()
    oldest = nights.pulls / "info_1.csv"
    right = oldest.read_bytes()
    write_pull(oldest, range(FIRST_ARTISTS), bad_rows=1, is_mislabelled=True)
    before = nights.past[-1]
    night = nights.pass_()
    for name in SPOTIFY:
        assert "Not promoted: worse in macro F1" in told(nights, name)
    assert night.champions == before.champions
    oldest.write_bytes(right)


def drifted_and_accepted(nights: Nights) -> None:
    """Quieter tracks arrive: a better challenger has to wait, a night later too, until somebody says they are right."""
    before = nights.past[-1]
    nights.arrive(QUIET_ARTISTS, scale=QUIETER)
    for first in (True, False):
        if not first:
            nights.arrive()
        night = nights.pass_()
        assert "spotify_binned DRIFTED, version " in night.said
        assert "spotify_binned has drifted" in night.on("drift")
        for name in SPOTIFY:
            assert "Not promoted: blocked by drift: spotify_binned version " in told(nights, name)
        assert night.champions == before.champions
    done = nights.program.run("drift", "accept", "spotify_binned", "--reason", REASON)
    assert done.returncode == 0, done.stderr
    nights.arrive()
    night = nights.pass_()
    assert "DRIFTED" not in night.said
    for name in SPOTIFY:
        assert "Promoted: better beyond noise" in told(nights, name)
        assert int(night.champions[name]) > int(before.champions[name])


def a_cut_file(nights: Nights) -> None:
    """Tonight's pull breaks off: nothing of it gets in, and the next night reads it whole."""
    nights.arrive()
    whole = nights.file.read_bytes()
    nights.file.write_bytes(whole[:40])
    before = nights.past[-1]
    name = nights.file.name
    night = nights.pass_(fails=True, is_read=False)
    assert " flows failed (ingest_spotify): ingest_spotify: " in night.said
    assert name in night.said
    assert night.versions == before.versions
    assert night.champions == before.champions
    index = night.on("index")
    assert name in index
    assert "in use: its result of " in index
    (nights.pulls / name).write_bytes(whole)


def told(nights: Nights, name: str) -> str:
    """What became of tonight's challenge, which the report tells too."""
    reason = str(decision(nights.program, name)["reason"])
    sentence = reason.split(". ", 1)[1].split(" (", 1)[0]
    assert sentence in nights.past[-1].on("models")
    return reason


def states_of(program: Program, flow: str) -> list[str]:
    """How the last two runs of a flow ended, by Prefect."""
    asked = {"flows": {"name": {"any_": [flow]}}, "sort": "START_TIME_DESC", "limit": 2}
    api = program.settings["PREFECT_API_URL"]
    answer = prefect_session(api).post(f"{api}/flow_runs/filter", json=asked, timeout=30)
    assert answer.ok, answer.text
    return [str(run["state_type"]) for run in reversed(answer.json())]


def assert_healthy(program: Program) -> None:
    """The doctor finds nothing to mend, and the rules of retention nothing that the nights left lying."""
    done = program.run("doctor", "--json")
    assert done.returncode == 0, done.stdout
    assert json.loads(done.stdout)["fine"]
    done = program.run("clean", "--dry-run", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["found"] == []

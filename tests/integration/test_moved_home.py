"""A home that is moved, copied or restored finds its own files, and touches no other home's."""

import contextlib
import http.server
import shutil
import sqlite3
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from champion_lab import GOOD, NAME, WEAK, Lab
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from genrelab.runtime.errors import GenrelabError
from genrelab.runtime.home import Home
from genrelab.runtime.operations import Retention
from genrelab_cli.checks.state import registry
from genrelab_cli.main import cli
from tasks.retention import do, plan
from tasks.tracking.artifact_places import ADDRESSES, below, correct_addresses, local_path, strays
from tasks.tracking.client import TrackingClient, TrackingError, connect
from tasks.tracking.place import tracking_identity
from tasks.tracking.registry import load_stored, rollback

RULES = Retention(reports=1, table_versions_days=0, runs_days=0, champions=1, backups=1)
TAGS = {"table": "spotify_binned", "table_version": "0", "git_commit": "x"}


@pytest.fixture
def other(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Home:
    """Where a home is moved or copied to; the program looks there. Blanks and letters stand in addresses as codes."""
    home = Home(tmp_path_factory.mktemp("elsewhere") / "Zweite Wohnung é")
    monkeypatch.setenv("GENRELAB_HOME", str(home.root))
    return home


def files(folder: Path) -> dict[str, bytes]:
    """Every file below a folder with its content."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def run_with_file(tracking: TrackingClient, days: int = 100) -> str:
    """A run of a training that was `days` ago, with an artifact; returns its id."""
    started = int((datetime.now(UTC) - timedelta(days=days)).timestamp() * 1000)
    run = tracking.client.create_run(
        tracking.experiment("spotify-genres"), start_time=started, tags=TAGS, run_name="x"
    )
    tracking.client.log_text(run.info.run_id, "card", "card.md")
    return str(run.info.run_id)


def test_a_moved_home_finds_its_models_and_writes_below_itself(lab: Lab, other: Home) -> None:
    """Champions load, a rollback works, a new training challenges, and nothing appears at the old place."""

    lab.challenge(WEAK)
    lab.challenge(GOOD)
    old = lab.home.mlruns
    other.root.mkdir(parents=True)
    shutil.move(old, other.mlruns)
    tracking = connect(other)
    stored = load_stored(tracking, tracking.champion(NAME))
    assert stored.version == 2
    assert stored.fitted is not None
    assert rollback(tracking, NAME, reason="to see").after == "1"
    lab.home, lab.tracking = other, tracking
    assert lab.challenge(GOOD).version == "1"
    run_with_file(tracking)
    assert not old.exists()


def test_a_copy_leaves_the_first_home_alone(lab: Lab, other: Home) -> None:
    """Its clean-up removes its own files only; the first home's stay, byte by byte, and so do its records."""

    lab.challenge(WEAK)
    run_with_file(lab.tracking)
    shutil.copytree(lab.home.mlruns, other.mlruns)
    first, before = lab.home.mlruns, files(lab.home.mlruns)
    done = CliRunner().invoke(cli, ["clean", "--dry-run"])
    assert "spotify-genres: x of" in done.output
    tracking = connect(other)
    lab.home, lab.tracking = other, tracking
    lab.challenge(GOOD)
    lab.challenge(WEAK)
    lab.challenge(WEAK)  # the loser before it goes, files and all
    cleaned = do(plan(other, RULES, datetime.now(UTC) + timedelta(days=1)))
    assert cleaned.failed == ()
    assert "run" in {each.kind for each in cleaned.removed}
    assert not list(other.mlruns.rglob("card.md"))
    assert files(first) == before


def test_a_database_restored_into_another_home_reads_and_deletes_nothing_of_the_first(
    lab: Lab, other: Home
) -> None:
    """The artifacts stayed behind: its models cannot be loaded, and the first home's are not taken instead."""

    lab.challenge(GOOD)
    run_with_file(lab.tracking)
    before = files(lab.home.mlruns / "artifacts")
    other.mlruns.mkdir(parents=True)
    shutil.copy(lab.home.mlruns / "mlflow.db", other.mlruns)
    tracking = connect(other)
    with pytest.raises(GenrelabError, match="cannot be loaded"):
        load_stored(tracking, tracking.champion(NAME))
    assert do(plan(other, RULES, datetime.now(UTC) + timedelta(days=1))).failed == ()
    tracking.forget(NAME, "1")
    assert files(lab.home.mlruns / "artifacts") == before


def test_a_home_behind_a_link_is_the_home(
    lab: Lab, tmp_path_factory: pytest.TempPathFactory, monkeypatch
) -> None:
    """Whichever way it is named, no address changes."""

    lab.challenge(GOOD)
    link = tmp_path_factory.mktemp("links") / "home"
    link.symlink_to(lab.home.root, target_is_directory=True)
    monkeypatch.setenv("GENRELAB_HOME", str(link))
    assert strays(Home.find()) == []
    assert correct_addresses(Home.find()) == ""
    assert load_stored(lab.tracking, lab.champion).version == 1


def test_doctor_counts_the_addresses_and_one_command_corrects_them(lab: Lab, other: Home) -> None:
    """Every column that holds one; a second time there is nothing to do, and no fingerprint has changed."""

    lab.challenge(GOOD)
    identity = tracking_identity(lab.home)
    shutil.copytree(lab.home.mlruns, other.mlruns)
    found = {(one.table, one.column) for one in strays(other) if one.is_ours}
    assert found == set(ADDRESSES) - {("model_versions", "source")}
    [finding] = [each for each in registry(other) if "moved or copied" in each.says]
    assert (finding.state, finding.do.split(",")[0]) == ("fix", "genrelab doctor --fix")
    assert f"artifact addresses in {lab.home.root}" in finding.says
    fixed = CliRunner().invoke(cli, ["doctor", "--fix"])
    assert "now point inside" in fixed.stderr
    with contextlib.closing(sqlite3.connect(other.mlruns / "mlflow.db")) as opened:
        assert str(lab.home.root) not in "\n".join(opened.iterdump()).replace(str(other.root), "")
    assert not [each for each in registry(other) if "moved" in each.says]
    assert "Nothing to fix" in CliRunner().invoke(cli, ["doctor", "--fix"]).stderr
    assert tracking_identity(other) == identity


def test_an_experiment_elsewhere_is_not_written_to(
    lab: Lab, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Somebody gave it a place of its own: a sentence, and no file."""

    place = tmp_path_factory.mktemp("shelf")
    lab.tracking.client.create_experiment("clusters", artifact_location=place.as_uri())
    with pytest.raises(GenrelabError, match="would be written outside this home"):
        lab.tracking.start("clusters", "x", TAGS)
    assert list(place.iterdir()) == []


def test_runs_elsewhere_keep_their_files(lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> None:
    """A record that leads out of the home goes, what it leads to stays."""

    place = tmp_path_factory.mktemp("shelf")
    experiment = lab.tracking.client.create_experiment("theirs", artifact_location=place.as_uri())
    run = lab.tracking.client.create_run(experiment, start_time=1, tags=TAGS, run_name="x")
    lab.tracking.client.log_text(run.info.run_id, "card", "card.md")
    before = files(place)
    [removal] = plan(lab.home, RULES, datetime.now(UTC))
    assert removal.size == 0
    assert do([removal]).failed == ()
    assert files(place) == before


def test_a_database_in_use_is_told(lab: Lab, other: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is read or written by addresses of another home meanwhile."""

    lab.challenge(GOOD)
    shutil.copytree(lab.home.mlruns, other.mlruns)
    monkeypatch.setattr("tasks.tracking.artifact_places.BUSY_SECONDS", 0.1)
    with contextlib.closing(sqlite3.connect(other.mlruns / "mlflow.db")) as busy:
        busy.execute("BEGIN IMMEDIATE")
        with pytest.raises(GenrelabError, match="cannot be corrected"):
            connect(other)
    assert connect(other).champion(NAME) is not None


PARTS = st.text(
    st.characters(blacklist_categories=("Cs", "Cc"), blacklist_characters="/%#?^|[]\\"), min_size=1
)


@given(
    st.lists(PARTS.filter(lambda part: part not in {".", ".."}), min_size=1, max_size=4),
    st.lists(PARTS.filter(lambda part: part not in {".", ".."}), min_size=1, max_size=4),
    st.sampled_from(["spotify-genres", "clusters/ab12/artifacts", "x/models/m-1/artifacts", ""]),
    st.booleans(),
)
def test_an_address_of_ours_leads_below_whatever_home_asks(
    old: list[str], new: list[str], rest: str, as_address: bool
) -> None:
    """To the same file below it; once there it stays, and what is not ours is left alone."""

    first, second = Home(Path("/", *old)), Home(Path("/", *new))
    path = first.mlruns / "artifacts" / rest
    corrected = below(second, path.as_uri() if as_address else str(path))
    if first == second:
        assert corrected == ""
        return
    assert local_path(corrected) == second.mlruns / "artifacts" / rest
    assert below(second, corrected) == ""
    for alien in (f"s3://bucket{path}", f"mlflow-artifacts:{path}", str(first.root / "other"), "models:/m-1"):
        assert below(second, alien) == ""


def test_steps_out_of_the_artifacts_are_not_followed() -> None:
    """Nobody gets below the home by `..`."""

    home = Home(Path("/home/two"))
    assert local_path(below(home, "/home/one/mlruns/artifacts/../artifacts/x")) == home.mlruns / "artifacts/x"
    assert below(home, "/home/one/mlruns/artifacts/../../data/lake") == ""
    assert below(home, "/home/two/mlruns/artifacts/../../data/lake") == ""


@pytest.fixture
def rubbish() -> Iterator[int]:
    """Port of a server that answers everything with a page."""

    class Page(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"<p>hello")

        do_POST = do_GET  # noqa: N815 - the name is the base class's

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    "named",
    [
        "http://127.0.0.1:1",
        "http://127.0.0.1:PORT",
        "postgresql+psycopg://me:sesame@127.0.0.1:1/x",
        "postgresql://me:sesame@127.0.0.1:1/x",
        "./mlruns",
        "file:///tmp/mlruns",
        "http://[",
    ],
)
def test_an_mlflow_that_cannot_be_used_is_told_at_once(
    home: Home, rubbish: int, monkeypatch: pytest.MonkeyPatch, named: str
) -> None:
    """Nobody there, another kind of server, a missing driver, a folder, no address; without the password."""

    monkeypatch.setenv("MLFLOW_TRACKING_URI", named.replace("PORT", str(rubbish)))
    started = time.monotonic()
    with pytest.raises(TrackingError) as raised:
        connect(home)
    assert time.monotonic() - started < 30, "its own client tries for minutes"
    assert "sesame" not in str(raised.value)
    assert "MLFLOW_TRACKING_URI" in str(raised.value)

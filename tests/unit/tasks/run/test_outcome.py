"""How a night ends: what failed, what is fresh, what is last good."""

import importlib
import inspect
from collections.abc import Callable

import pytest
from frames import legal
from prefect import Flow, State
from prefect.states import Completed, Failed

from flows import find_flow
from genrelab.lake.lake import Lake
from genrelab.lake.version import Counts
from genrelab.runtime.errors import SourceError
from genrelab.runtime.files import read_json
from genrelab.runtime.home import Home
from genrelab.tables import TABLES
from tasks.run import outcome
from tasks.run.outcome import NIGHTLY_RECORD, finalize_nightly_state, published_tables
from tasks.run.step import Outcome, failures, run_step

nightly_module = importlib.import_module("flows.nightly")


@pytest.fixture(autouse=True)
def artifacts(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, list]]:
    """What would be shown in Prefect."""
    shown: list[tuple[str, list]] = []
    monkeypatch.setattr(outcome, "publish_rows", lambda key, rows, _: shown.append((key, rows)))
    return shown


def step(
    home: Home, name: str, table: str, changed: object, fails: Callable[[], None] = lambda: None
) -> State:
    def work() -> Outcome:
        fails()
        rows = legal(TABLES[table], rows=3)
        made = Lake(home).publish(table, rows, Counts(3, 3), source="x", is_sample=True)
        return Outcome(f"{table} made", published=(made,))

    return run_step(name, home, {"changed": changed}, work)


def breaks() -> None:
    raise SourceError("no such file")


def night(
    home: Home, *, tracks: int, origin: Callable[[], None] = lambda: None, way: str = "scrape"
) -> State:
    before = published_tables()
    states = {
        way: Completed(data=[step(home, "publish_scraped", "spotify_tracks", tracks)]),
        "ingest_origin": step(home, "ingest_origin", "origin_tracks", repr(origin), origin),
        "report": Completed(message="written"),
    }
    return finalize_nightly_state(states, before)


def test_a_good_night_is_completed(home: Home) -> None:
    """And remembered."""

    state = night(home, tracks=1)
    assert (state.is_completed(), state.message) == (True, "all 3 flows completed")
    assert read_json(home.state / NIGHTLY_RECORD)["state"] == "completed"


def test_a_failed_branch_says_what_is_fresh_and_what_is_last_good(home: Home, artifacts: list) -> None:
    """New tracks, old origins: each with its version, the old one with its date."""

    night(home, tracks=1)
    kept = Lake(home).current("origin_tracks")
    state = night(home, tracks=2, origin=breaks)
    assert state.is_failed()
    assert state.message.startswith("1 of 3 flows failed (ingest_origin): ingest_origin: no such file. ")
    assert "Fresh: spotify_tracks version 1" in state.message
    since = kept.published_at[:16].replace("T", " ")
    assert f"last good, still in use: origin_tracks version 0 of {since} UTC" in state.message
    assert read_json(home.state / NIGHTLY_RECORD)["state"] == "failed"
    stands = {
        row["table"]: row["stands"] for key, rows in artifacts[-1:] for row in rows if key == "nightly-tables"
    }
    assert stands == {"spotify_tracks": "fresh", "origin_tracks": "last good"}


def test_what_nobody_touched_is_unchanged(home: Home, artifacts: list) -> None:
    """A skipped step leaves its table as it is, and that is no failure."""

    night(home, tracks=1)
    night(home, tracks=1)
    assert {row["stands"] for row in artifacts[-1][1]} == {"unchanged"}


def test_a_flow_that_broke_before_its_steps_is_told_by_its_own_message(home: Home) -> None:
    """A crash has no steps to tell of."""

    state = finalize_nightly_state({"train": Failed(message="TimeLimitError: too long")}, published_tables())
    assert "1 of 1 flows failed (train): TimeLimitError: too long" in state.message
    assert read_json(home.state / NIGHTLY_RECORD)["message"].endswith("too long")


def test_a_failure_of_the_way_not_taken_is_forgotten(home: Home) -> None:
    """Pulls that were missing yesterday say nothing of a night that scrapes."""

    step(home, "ingest_spotify", "spotify_tracks", 0, breaks)
    assert set(failures(home)) == {"ingest_spotify"}
    night(home, tracks=1)
    assert failures(home) == {}


def test_tracks_that_could_not_be_fetched_are_last_good(home: Home, artifacts: list) -> None:
    """Expired credentials fail the step before the one that publishes."""

    night(home, tracks=1)
    before = published_tables()
    failed = step(home, "scrape", "spotify_tracks", 0, breaks)
    state = finalize_nightly_state({"scrape": failed, "report": Completed(message="written")}, before)
    assert state.is_failed()
    assert {row["table"]: row["stands"] for row in artifacts[-1][1]} == {
        "spotify_tracks": "last good",
        "origin_tracks": "unchanged",
    }


def test_a_damaged_table_stops_no_night_and_is_told(home: Home, artifacts: list) -> None:
    """Its step fails and says what to do; the others are fresh."""

    night(home, tracks=1)
    for commit in (Lake(home).path("origin_tracks") / "_delta_log").glob("*.json"):
        commit.write_text("{torn")
    state = night(home, tracks=2)
    assert state.is_failed()
    assert "the table origin_tracks cannot be opened" in state.message
    assert "Fresh: spotify_tracks version 1" in state.message
    assert "; cannot be opened: origin_tracks" in state.message
    rows = {row["table"]: row["stands"] for row in artifacts[-1][1]}
    assert rows == {"origin_tracks": "cannot be opened", "spotify_tracks": "fresh"}


@pytest.mark.parametrize("spotify", ["sample", "pulls"])
def test_the_night_hands_each_flow_parameters_that_it_has(
    home: Home, monkeypatch: pytest.MonkeyPatch, spotify: str
) -> None:
    """By name or in their place, each with a value of its type."""

    (home.root / "pulls").mkdir()
    source = spotify if spotify == "sample" else str(home.root / spotify)
    found: dict[str, dict[str, object]] = {}

    def stand_in(flow: Flow) -> Callable[..., State]:
        def run(*words: object, return_state: bool, **named: object) -> State:
            given = inspect.signature(flow.fn).bind(*words, **named)
            found[flow.name] = flow.validate_parameters(given.arguments)
            return Completed(message=str(return_state))

        return run

    monkeypatch.setattr(nightly_module, "find_flow", lambda name: stand_in(find_flow(name)))
    monkeypatch.setattr(nightly_module, "clean_up", lambda **_: Completed())
    state = nightly_module.nightly.fn(spotify=source, strict=True)
    assert state.is_completed()
    read_by = "scrape" if spotify == "sample" else "ingest_spotify"
    assert [name for name, given in found.items() if given.get("strict")] == [
        read_by,
        "ingest_fma",
        "ingest_origin",
    ]
    assert found[read_by]["spotify"] == source


@pytest.mark.usefixtures("home", "artifacts")
def test_a_flow_whose_code_cannot_be_loaded_stops_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """The night fails with its name and the fault; the flows after it run."""

    ran: list[str] = []

    def found(name: str) -> Callable[..., State]:
        if name == "train":
            raise ModuleNotFoundError("No module named 'nowhere'")
        return lambda **_: ran.append(name) or Completed()

    monkeypatch.setattr(nightly_module, "find_flow", found)
    monkeypatch.setattr(nightly_module, "clean_up", lambda **_: Completed())
    state = nightly_module.nightly.fn()

    assert state.is_failed()
    assert (
        f"1 of {len(ran) + 1} flows failed (train): the code of the flow train cannot be loaded; found: "
        in state.message
    )
    assert "test_outcome.py:" in state.message
    assert ran[-3:] == ["study_origin", "study_genres", "report"]

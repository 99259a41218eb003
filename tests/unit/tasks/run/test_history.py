"""The records of runs: what a run leaves behind, since when a step fails, and which predictions changed."""

from dataclasses import replace
from types import SimpleNamespace

import pyarrow as pa
import pytest
from prefect.states import Cancelled, Completed, Failed

from genrelab.analyses.run_history.result import (
    COMPLETED,
    DONE,
    FAILED,
    KILLED,
    LEFT_OUT,
    UNCHANGED,
    RunRecord,
)
from genrelab.lake.lake import Lake
from genrelab.lake.version import Counts
from genrelab.report.site import publish_site
from genrelab.runtime.errors import SourceError
from genrelab.runtime.files import read_json, write_json
from genrelab.runtime.home import Home
from genrelab.runtime.run_lock import LockOwner
from tasks.run import artifacts
from tasks.run.flips import FOLDER, TABLE
from tasks.run.history import RUNS, end_run, read_runs, record_killed_run, record_run
from tasks.run.step import FAILURES, Outcome, failures, left_out, nothing_to_do, run_step
from tasks.run.step_states import flow_of_step

BEGAN = "2026-03-12T02:30:00+00:00"


def the_run(**more: str) -> RunRecord:
    told = {"key": "", "flow": "nightly", "name": "owl", "run_id": "1", "state": COMPLETED}
    return RunRecord(**{**told, "began": BEGAN, "ended": BEGAN, "message": "", **more})


def publish(home: Home, table: str, rows: pa.Table, *, sample: bool = False, source: str = "x"):
    return Lake(home).publish(table, rows, Counts(len(rows), len(rows)), source=source, is_sample=sample)


def step(home: Home, name: str, inputs: object = 0, *, fails: bool = False) -> None:
    def work() -> Outcome:
        if fails:
            raise SourceError("no such file")
        return Outcome("made", published=(publish(home, "origin_tracks", pa.table({"a": [1]})),))

    run_step(name, home, {"inputs": inputs}, work)


def test_a_run_leaves_a_record_of_steps_and_tables(home: Home) -> None:
    """Each run has the next number; a step is done if it finished in the run, and unchanged afterwards."""
    step(home, "ingest_origin")
    end_run(home, the_run())
    end_run(home, the_run(began="2999-01-01T00:00:00+00:00"))
    first, second = read_runs(home)

    assert (first.key, second.key) == ("000001", "000002")
    assert [(one.step, one.state) for one in first.steps] == [("ingest_origin", DONE)]
    assert [one.state for one in second.steps] == [UNCHANGED]
    assert first.tables["origin_tracks"].rows == 1


def test_a_failed_step_keeps_the_time_of_its_first_failure(home: Home) -> None:
    """It names its last good table, and what depends on it; a success ends the series."""
    step(home, "ingest_origin")
    step(home, "ingest_origin", 1, fails=True)
    record = read_json(home.state / FAILURES / "ingest_origin.json")
    write_json(home.state / FAILURES / "ingest_origin.json", record | {"since": BEGAN})
    step(home, "ingest_origin", 1, fails=True)
    [failed] = end_run(home, the_run()).runs[-1].failed

    assert (failed.state, failed.since, failed.message) == (FAILED, BEGAN, "no such file")
    assert failed.in_use.startswith("origin_tracks version 0 of ")
    assert {"origin_tracks", "study_origin", "tables", "validation"} <= set(failed.affects)
    step(home, "ingest_origin", 2)
    assert failures(home) == {}


def test_a_failure_recorded_by_an_earlier_version_began_when_it_was_last_seen(home: Home) -> None:
    """Its record has no time of a first failure."""
    write_json(home.state / FAILURES / "train.json", {"step": "train", "message": "x", "failed_at": BEGAN})

    assert failures(home)["train"].began == BEGAN


def test_a_step_without_input_is_left_out(home: Home) -> None:
    """So is a training whose source lacks what its task needs; a step that runs is no longer left out."""
    nothing_to_do(home, "ingest_origin", "no input")
    run_step("train_fma_top_genre", home, {}, lambda: Outcome("skipped: no rows", {"tasks": []}))
    states = {one.step: one.state for one in end_run(home, the_run()).runs[-1].steps}

    assert states == {"ingest_origin": LEFT_OUT, "train_fma_top_genre": LEFT_OUT}
    step(home, "ingest_origin")
    assert left_out(home) == {}


def test_tables_computed_from_a_stale_table_are_affected(home: Home) -> None:
    """spotify_binned comes from spotify_tracks: its pages depend on a failed scrape."""
    publish(home, "spotify_tracks", pa.table({"a": [1]}))
    publish(home, "spotify_binned", pa.table({"a": [1]}), source="spotify_tracks version 0")
    step(home, "scrape", fails=True)
    [failed] = end_run(home, the_run()).runs[-1].failed

    assert {"spotify_tracks", "spotify_binned", "bin_genres", "training"} <= set(failed.affects)
    assert failed.in_use == ""


@pytest.mark.parametrize(
    ("step", "flow"),
    [("publish_scraped", "scrape"), ("train_fma_top_genre", "train"), ("archive", "study_archive")],
)
def test_every_step_belongs_to_a_flow(step: str, flow: str) -> None:
    """The one whose command runs it again."""
    assert flow_of_step(step) == flow


def test_a_record_that_cannot_be_read_is_passed_over(home: Home) -> None:
    """A file cut short by a full disk hides no other run."""
    end_run(home, the_run())
    (home.state / RUNS / "000000.json").write_text("{", encoding="utf-8")

    assert len(read_runs(home)) == 1


def test_a_killed_run_is_recorded_by_the_next_one(home: Home) -> None:
    """It has a beginning and no end."""
    record_killed_run(home, LockOwner("nightly", 1, BEGAN, "7"))
    [run] = read_runs(home)

    assert (run.state, run.flow, run.began, run.ended) == (KILLED, "nightly", BEGAN, "")


def ended(state: object, monkeypatch: pytest.MonkeyPatch, parent: object = None) -> list[str]:
    """What the hook of a flow shows in Prefect."""
    shown: list[str] = []
    monkeypatch.setattr(artifacts, "publish_text", lambda _, text: shown.append(text))
    run = SimpleNamespace(
        id="1", name="owl", parent_task_run_id=parent, start_time=None, expected_start_time=None
    )
    record_run(SimpleNamespace(name="train"), run, state)
    return shown


def test_a_flow_that_failed_outside_of_its_steps_is_a_failure(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Until it succeeds; Prefect shows the same text as the report."""
    [text] = ended(Failed(message="TimeLimitError"), monkeypatch)
    assert "- **train** failed: TimeLimitError." in text
    assert failures(home)["train"].message == "TimeLimitError"

    ended(Completed(), monkeypatch)
    assert failures(home) == {}


def test_a_cancelled_run_is_no_failure(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """The band says that it was cancelled."""
    [text] = ended(Cancelled(), monkeypatch)

    assert "cancelled; its finished steps are kept." in text
    assert failures(home) == {}


def test_a_flow_inside_another_one_is_no_run_of_its_own(home: Home, monkeypatch) -> None:
    """The outer flow records the run."""
    assert ended(Completed(), monkeypatch, parent="2") == []
    assert read_runs(home) == ()


def predictions(**genres: str | None) -> pa.Table:
    return pa.table(
        {
            "task": ["spotify-bins-reviewed"] * len(genres),
            "source_table": ["spotify_binned"] * len(genres),
            "track_id": list(genres),
            "genre": pa.array(list(genres.values()), pa.string()),
            "probability": [0.5 + place / 10 for place in range(len(genres))],
        }
    )


def test_predictions_that_changed_have_track_and_artist(home: Home) -> None:
    """The surest first; a track that was not predicted before has not changed."""
    names = pa.table(
        {"track_id": ["a", "b"], "track_name": ["Idioteque", None], "artist_name": ["Radiohead", "X"]}
    )
    publish(home, "spotify_binned", names)
    publish(home, TABLE, predictions(a="rock", b="pop", c=None, d="pop"))
    end_run(home, the_run())
    publish(home, TABLE, predictions(a="pop", b="dance", c="pop", d="pop"))
    history = end_run(home, the_run())

    assert [(flip.track, flip.artist, flip.before, flip.after) for flip in history.flips["000002"]] == [
        ("track b", "X", "pop", "dance"),
        ("Idioteque", "Radiohead", "rock", "pop"),
    ]
    assert read_runs(home)[-1].flips == {"spotify-bins-reviewed": 2}


def test_predictions_are_compared_once(home: Home) -> None:
    """The result outlives the old version of the table; without either there is nothing to say."""
    publish(home, TABLE, predictions(a="rock"))
    end_run(home, the_run())
    publish(home, TABLE, predictions(a="pop"))
    end_run(home, the_run())
    for file in Lake(home).files(TABLE, 0):
        file.unlink()

    assert end_run(home, the_run()).flips["000002"][0].after == "pop"
    for file in (home.state / FOLDER).iterdir():
        file.unlink()
    assert end_run(home, the_run()).flips == {}


def test_the_status_is_renewed_beside_the_newest_report(home: Home) -> None:
    """Also when the report itself is not written again, and after the home was moved."""
    publish_site({}, home.reports, "2026-03-12T031400")
    step(home, "ingest_origin", fails=True)
    end_run(home, the_run())
    latest = home.reports / "latest"

    assert "ingest_origin" in (latest / "status.js").read_text("utf-8")
    for page in ("index.html", "failed.html"):
        assert "no such file" in (latest / page).read_text("utf-8")
    assert "no such file" not in (latest / "tables.html").read_text("utf-8")
    home.root.rename(home.root.with_name("moved"))
    moved = Home(home.root.with_name("moved"))
    assert [run.key for run in end_run(moved, replace(the_run(), name="later")).runs] == ["000001", "000002"]

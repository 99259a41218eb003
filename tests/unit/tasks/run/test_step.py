"""A step is skipped when nothing changed, and tells the truth when something failed."""

import importlib
import re
from pathlib import Path

import pytest
from frames import legal

from genrelab.lake.ingested import Reject, rejects_table
from genrelab.lake.lake import Lake
from genrelab.lake.version import Counts, TableVersion
from genrelab.runtime.errors import GenrelabError, SourceError
from genrelab.runtime.home import PROJECT, Home
from genrelab.runtime.run_lock import one_run
from genrelab.tables import TABLES
from tasks.report import _tables
from tasks.run.step import Outcome, empty_tables, facts_of, failures, run_step, version_ids, work_at

ORIGIN = TABLES["spotify_tracks"]
PATHS = {
    path
    for file in (PROJECT / "tasks").rglob("*.py")
    for path in re.findall(r'work_at\(\s*"([^"]+)"', file.read_text(encoding="utf-8"))
}


def put(home: Home) -> TableVersion:
    return Lake(home).publish(ORIGIN.name, legal(ORIGIN, rows=3), Counts(3, 3), source="x", is_sample=True)


class Work:
    """Counts how often it runs."""

    def __init__(self, home: Home) -> None:
        self.home, self.runs = home, 0

    def __call__(self) -> Outcome:
        self.runs += 1
        return Outcome(f"run {self.runs}", {"runs": self.runs}, (put(self.home),))


def test_the_same_inputs_are_not_worked_on_twice(home: Home) -> None:
    """The second run says since when nothing changed, and keeps the facts."""

    work = Work(home)
    assert run_step("s", home, {"a": 1}, work).name == "Completed"
    state = run_step("s", home, {"a": 1}, work)
    assert (work.runs, state.name, facts_of(home, "s")) == (1, "Unchanged", {"runs": 1})
    assert state.message.endswith("run 1")


@pytest.mark.usefixtures("bucket")
def test_a_second_home_of_a_lake_skips_what_the_first_one_did(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It finds the record in the bucket, and the table that the step published."""

    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://mlflow:5000")
    other = Home(tmp_path / "other")
    work, never = Work(home), Work(other)
    with one_run(home, "nightly", when_busy="refuse"):
        run_step("s", home, {"a": 1}, work)
    with one_run(other, "nightly", when_busy="refuse"):
        assert run_step("s", other, {"a": 1}, never).name == "Unchanged"
        assert facts_of(other, "s") == {"runs": 1}
    assert (work.runs, never.runs) == (1, 0)


def test_other_inputs_are(home: Home) -> None:
    """A changed source, version or setting is a changed fingerprint."""

    work = Work(home)
    run_step("s", home, {"a": 1}, work)
    run_step("s", home, {"a": 2}, work)
    assert work.runs == 2


def test_a_table_that_another_source_replaced_is_made_again(home: Home) -> None:
    """Sample, then real, then sample again: the record of the first run does not fit the lake."""

    work = Work(home)
    run_step("s", home, {"a": 1}, work)
    put(home)
    run_step("s", home, {"a": 1}, work)
    assert work.runs == 2


def test_a_step_that_reads_a_damaged_table_fails_and_says_so(home: Home) -> None:
    """Its last result stays, and the failure is written down for the report."""

    put(home)

    def work() -> Outcome:
        return Outcome(f"{Lake(home).current(ORIGIN.name).counts.rows} rows")

    assert run_step("reader", home, version_ids(home, ORIGIN.name), work).message == "3 rows"
    [commit] = (Lake(home).path(ORIGIN.name) / "_delta_log").glob("*.json")
    commit.write_text("{torn")
    assert empty_tables(home, ORIGIN.name) == []
    state = run_step("reader", home, version_ids(home, ORIGIN.name), work)
    assert state.is_failed()
    assert "cannot be opened" in failures(home)["reader"].message


def test_rejected_rows_that_are_gone_are_told(home: Home) -> None:
    """The report goes on without them."""

    version = put(home)
    assert version.quarantine == ""
    Lake(home).publish(
        ORIGIN.name,
        legal(ORIGIN, rows=3),
        Counts(4, 3, 1),
        source="x",
        is_sample=True,
        rejected=rejects_table([Reject("x", 4, ("energy: 0 to 1",), ("energy is 7",), {"energy": "7"})]),
    )
    assert len(Lake(home).rejected(ORIGIN.name)) == 1
    for file in home.quarantine.rglob("*.parquet"):
        file.write_bytes(b"torn")
    with pytest.raises(GenrelabError, match="rejected rows of spotify_tracks cannot be read"):
        Lake(home).rejected(ORIGIN.name)
    [found] = _tables(Lake(home))
    assert found.rejected == ()
    assert "cannot be read" in found.warnings[0]


def test_results_outside_the_lake_are_looked_for(home: Home) -> None:
    """A deleted report is written again."""

    work = Work(home)
    run_step("s", home, {}, work)
    run_step("s", home, {}, work, is_there=lambda: False)
    assert work.runs == 2


def test_a_mistake_of_the_user_is_a_failed_state_with_a_message(home: Home) -> None:
    """No traceback, no record: the next run tries again."""

    def fails() -> Outcome:
        raise SourceError("no such file", do="look")

    state = run_step("s", home, {}, fails)
    assert (state.is_failed(), state.message) == (True, "s: no such file; to do: look")
    assert facts_of(home, "s") == {}
    assert failures(home)["s"].message == "no such file; to do: look"


def test_a_step_that_works_again_is_no_failure_any_more(home: Home) -> None:
    """The note of the failure goes with the next good run; the last good facts stay meanwhile."""

    def fails() -> Outcome:
        raise SourceError("no such file")

    work = Work(home)
    run_step("s", home, {"a": 1}, work)
    run_step("s", home, {"a": 2}, fails)
    assert (set(failures(home)), facts_of(home, "s")) == ({"s"}, {"runs": 1})
    run_step("s", home, {"a": 1}, work)
    assert failures(home) == {}


def test_a_mistake_of_ours_keeps_its_traceback(home: Home) -> None:
    """Only errors that a user can mend are put in a line."""

    def breaks() -> Outcome:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        run_step("s", home, {}, breaks)
    assert failures(home)["s"].message.startswith("ZeroDivisionError")


@pytest.mark.parametrize("path", sorted(PATHS))
def test_every_work_that_a_step_names_is_there(path: str) -> None:
    """A misspelt path would only show when a step has something to do."""

    module, _, name = path.partition(":")
    assert callable(getattr(importlib.import_module(module), name))


def test_work_is_imported_when_the_step_runs() -> None:
    """A skipped step imports neither the readers nor Great Expectations."""

    work = work_at("tasks.nowhere:work")
    with pytest.raises(ModuleNotFoundError, match="nowhere"):
        work()

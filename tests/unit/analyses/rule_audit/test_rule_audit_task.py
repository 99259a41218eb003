"""The step that audits the rule sets: skipped, run again when a rule changes, and what it leaves for people."""

from pathlib import Path

import pytest
from frames import legal

from genrelab.analyses.rule_audit.analysis import RULE_AUDIT
from genrelab.analyses.rule_audit.result import RuleAudit
from genrelab.lake.lake import Lake
from genrelab.lake.version import Counts
from genrelab.runtime.home import Home
from genrelab.runtime.records import decode
from genrelab.runtime.settings import Settings
from genrelab.tables import TABLES
from tasks import analysis as step
from tasks.run.step import facts_of, failures


@pytest.fixture
def artifacts(monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    """The artifacts that the step publishes, kept instead of sent to a server."""
    kept: dict[str, object] = {}
    monkeypatch.setattr(step, "publish_rows", lambda key, rows, _: kept.update({key: rows}))
    monkeypatch.setattr(step, "publish_text", lambda key, text: kept.update({key: text}))
    return kept


def put(home: Home, *tables: str) -> None:
    for table in tables:
        data = legal(TABLES[table], rows=40)
        Lake(home).publish(table, data, Counts(40, 40), source="x", is_sample=True)


def test_before_any_track_was_binned_there_is_nothing_to_audit(home: Home) -> None:
    """Nobody's mistake: binning says itself what went wrong."""
    state = step.run_analysis.fn(RULE_AUDIT.name, Settings(home=home))

    assert (state.name, state.message) == ("Skipped", "skipped: spotify_binned does not exist yet")
    assert failures(home) == {}


def test_an_audit_leaves_its_result_and_two_artifacts(home: Home, artifacts: dict[str, object]) -> None:
    """A row for each set, and the whole audit in Markdown; the FMA only where it was read."""
    put(home, "spotify_binned")
    state = step.run_analysis.fn(RULE_AUDIT.name, Settings(home=home))
    found = decode(RuleAudit, facts_of(home, RULE_AUDIT.name))

    assert state.message.startswith("reviewed is in use; classic: coverage ")
    assert [row["rule set"] for row in artifacts["rule-sets"]] == ["classic", "reviewed"]
    assert artifacts["rules-audit"].startswith("### Who named the genres")
    assert [one.tracks for one in found.sets] == [40, 40]
    assert (found.fma, found.sound) == (None, {})


@pytest.mark.usefixtures("artifacts")
def test_a_rule_of_ones_own_makes_it_run_again_and_a_remark_does_not(home: Home, mine: Path) -> None:
    """The content of the file counts; a fault in it fails the step."""
    put(home, "spotify_binned")

    def run() -> str:
        return step.run_analysis.fn(RULE_AUDIT.name, Settings(home=home, rules=str(mine))).name

    assert run() == "Completed"
    mine.write_text("# a remark\n" + mine.read_text())
    assert run() == "Unchanged"
    mine.write_text(mine.read_text().replace("'rap|hip hop'", "'rap|hip hop$'"))
    assert run() == "Completed"
    mine.write_text(mine.read_text().replace("'rap|hip hop$'", "'rap('"))
    assert run() == "Failed"

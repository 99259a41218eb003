"""How long a drift stands: across republished content, changed sources, acceptance and lost versions."""

import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest
from drift_facts import tracks
from validation_facts import record

from genrelab.analyses.drift.result import DriftStatus, Thresholds
from genrelab.analyses.drift.watched import WATCHED
from genrelab.lake.lake import Lake
from genrelab.lake.validation_records import write_record
from genrelab.lake.version import Counts
from genrelab.models.champion import Decision
from genrelab.runtime.errors import GenrelabError
from genrelab.runtime.home import Home
from genrelab.runtime.settings import Settings
from tasks import drift as step
from tasks.drift import measure
from tasks.drift_status import (
    accept,
    metrics_of,
    read_status,
    tag_of,
    write_status,
)
from tasks.measure_drift import measure_drift
from tasks.run.step import facts_of
from tasks.training import table_drift
from tasks.training.table_drift import blocking, hold_back, open_drifts

TABLE = "spotify_binned"
CALM = tracks(600, 1)
ALIKE = tracks(600, 2)
LOUD = tracks(600, 3, louder=0.2)
Night = Callable[..., DriftStatus]


@pytest.fixture
def night(lake: Lake) -> Night:
    """Publishes a version and measures it."""

    def run(data: pa.Table, source: str = "/data/pulls") -> DriftStatus:
        version = lake.publish(TABLE, data, Counts(len(data), len(data)), source=source, is_sample=False)
        standing = measure(lake, version, WATCHED[TABLE], Thresholds())
        write_status(lake.home, standing)
        return standing

    return run


def test_the_first_version_has_nothing_to_compare(night: Night, home: Home) -> None:
    """And stands in nobody's way."""

    assert night(LOUD).status == "first"
    assert blocking(home, [TABLE]) == []
    assert tag_of(home, [TABLE]) == "spotify_binned: nothing to compare"
    assert metrics_of(home, [TABLE], ["energy"]) == {}


def test_a_drift_is_found_against_the_version_before(night: Night, home: Home) -> None:
    """It blocks, and says what moved."""

    night(CALM)
    assert night(ALIKE).findings == ()
    loud = night(LOUD)
    assert loud.earlier.version == 1
    (sentence,) = blocking(home, [TABLE])
    assert sentence.startswith("drift: spotify_binned version 2 against version 1: energy ")


def test_a_rule_set_that_comes_and_goes_is_not_compared(night: Night) -> None:
    """What only one of two versions has tells nothing about the other."""

    mine = ALIKE.append_column("bin_mine", ALIKE["bin_classic"])
    night(CALM)
    for data in (mine, CALM, mine):
        standing = night(data)
        assert standing.status == "compared"
        assert [one.column for one in standing.classes] == ["bin_classic", "bin_reviewed"]


def test_publishing_the_same_again_hides_nothing(night: Night, home: Home) -> None:
    """The version number is another, the comparison that of the content."""

    night(CALM)
    night(LOUD)
    again = (
        night(LOUD.slice(0, 300)),
        night(LOUD),
        night(pa.concat_tables([LOUD.slice(300), LOUD.slice(0, 300)])),
    )
    assert [one.earlier.version for one in again] == [0, 0, 0]
    assert all(one.findings for one in again)
    assert "version 4 against version 0" in blocking(home, [TABLE])[0]


def test_a_drift_ends_when_the_data_return(night: Night, home: Home) -> None:
    """The mended version is compared with the last one that had not drifted."""

    night(CALM)
    night(LOUD)
    mended = night(ALIKE)
    assert (mended.earlier.version, mended.findings) == (0, ())
    assert blocking(home, [TABLE]) == []


def test_an_accepted_drift_is_the_new_ground(night: Night, home: Home) -> None:
    """It blocks no more, under whatever number it is published, and later versions are compared with it."""

    night(CALM)
    night(LOUD)
    accept(home, TABLE, " the scraper measures louder since March ")
    assert blocking(home, [TABLE]) == []
    assert "accepted: the scraper measures louder since March" in tag_of(home, [TABLE])
    assert night(LOUD).accepted.reason == "the scraper measures louder since March"
    assert blocking(home, [TABLE]) == []
    back = night(CALM)
    assert (back.earlier.version, bool(back.findings), back.accepted) == (2, True, None)


def test_only_an_open_drift_can_be_accepted_and_for_a_reason(night: Night, home: Home) -> None:
    """The message names the tables that wait."""

    night(CALM)
    with pytest.raises(GenrelabError, match="spotify_binned has no open drift to accept"):
        accept(home, TABLE, "why not")
    night(LOUD)
    with pytest.raises(
        GenrelabError, match=r"fma_tracks has no open drift to accept.*allowed: spotify_binned"
    ):
        accept(home, "fma_tracks", "why not")
    with pytest.raises(GenrelabError, match="accepting a drift needs a reason"):
        accept(home, TABLE, "  ")


def test_versions_of_two_sources_are_never_compared(night: Night, home: Home) -> None:
    """Each source is compared with its own last version, wherever the lake was in between."""

    night(CALM)
    assert night(LOUD, "sample").status == "first"
    assert blocking(home, [TABLE]) == []
    assert night(ALIKE).earlier.version == 0
    assert night(CALM, "sample").earlier.version == 1
    assert "version 3 against version 1" in blocking(home, [TABLE])[0]


def test_a_computed_table_has_the_source_of_its_origin(lake: Lake, home: Home) -> None:
    """`spotify_tracks version 1` says nothing of where the tracks came from; that version does."""

    found = []
    for source, data in (("/data/a", CALM), ("/data/b", LOUD), ("/data/a", ALIKE)):
        origin = lake.publish("spotify_tracks", data, Counts(600, 600), source=source, is_sample=False)
        made_from = f"spotify_tracks version {origin.version}"
        version = lake.publish(TABLE, data, Counts(600, 600), source=made_from, is_sample=False)
        found.append(measure(lake, version, WATCHED[TABLE], Thresholds()))
        write_status(home, found[-1])
    assert [one.source for one in found] == ["/data/a", "/data/b", "/data/a"]
    assert [one.status for one in found] == ["first", "first", "compared"]
    assert found[2].earlier.version == 0


def test_a_lake_that_was_never_measured_is_compared_through_its_history(lake: Lake, night: Night) -> None:
    """The newest earlier version of that source with other content; equal content and other sources are passed over."""

    for data, source in ((CALM, "/data/pulls"), (LOUD, "other"), (LOUD, "/data/pulls")):
        lake.publish(TABLE, data, Counts(600, 600), source=source, is_sample=False)
    standing = night(LOUD)
    assert (standing.version, standing.earlier.version) == (3, 0)
    assert standing.findings


def remove_files_of(lake: Lake, version: int) -> None:
    for uri in lake._open(TABLE, version).file_uris():
        Path(uri).unlink()


def test_a_version_whose_files_are_gone_is_a_note(lake: Lake, night: Night, home: Home) -> None:
    """Retention is no failure: the new version stands alone, and the next one is compared with it."""

    night(CALM)
    remove_files_of(lake, 0)
    assert night(LOUD).status == "lost"
    assert blocking(home, [TABLE]) == []
    assert tag_of(home, [TABLE]) == "spotify_binned: nothing to compare"
    assert night(CALM).earlier.version == 1


def test_an_open_drift_outlives_the_version_it_was_measured_against(
    lake: Lake, night: Night, home: Home
) -> None:
    """Nobody can say that it is over; accepting it ends it."""

    night(CALM)
    night(LOUD)
    remove_files_of(lake, 0)
    lost = night(LOUD.slice(0, 500))
    assert lost.status == "lost"
    assert blocking(home, [TABLE])
    accept(home, TABLE, "looked at")
    assert blocking(home, [TABLE]) == []


def test_a_remade_lake_starts_anew(lake: Lake, night: Night, home: Home) -> None:
    """Version 0 of another lake is not the version 0 that was measured."""

    night(CALM)
    shutil.rmtree(lake.path(TABLE))
    lake.publish(TABLE, LOUD, Counts(600, 600), source="/data/pulls", is_sample=False)
    assert night(ALIKE).status == "lost"
    assert read_status(home, TABLE).version == 1


def test_a_drift_of_a_column_that_a_model_does_not_read_does_not_block_it(night: Night, home: Home) -> None:
    """Only what it reads counts."""

    night(CALM)
    night(LOUD)
    assert blocking(home, {TABLE: ("tempo", "bin_classic")}) == []
    assert len(blocking(home, {TABLE: ("tempo", "energy")})) == 1


def test_thresholds_are_applied_to_what_was_measured(lake: Lake, night: Night) -> None:
    """Wider ones clear a drift without new data."""

    night(CALM)
    night(LOUD)
    wide = measure(lake, lake.current(TABLE), WATCHED[TABLE], Thresholds(9, 0.9, 0.9))
    assert (wide.findings, wide.earlier.version) == ((), 0)


def test_a_refused_table_blocks_like_a_drift(home: Home) -> None:
    """Its last good version is in use; publishing it ends that."""

    refusals = ("8,420 of 46,291 records are rejected",)
    write_record(home, record(TABLE, verdict="refused", version=None, last_good=3, refusals=refusals))
    (sentence,) = blocking(home, [TABLE])
    assert sentence.startswith("validation: based on spotify_binned, version 3, the last good one: ")
    assert "8,420 of 46,291 records are rejected" in sentence
    assert open_drifts(home, [TABLE]) == []
    write_record(home, record(TABLE))
    assert blocking(home, [TABLE]) == []


def test_a_promotion_is_held_back_and_says_both_reasons() -> None:
    """What blocks it, and what it would have been; a refusal stays what it is."""

    won = Decision(promoted=True, reason="Promoted: better beyond noise.", numbers={})
    held = hold_back(won, ["drift: spotify_binned version 2 against version 1: energy PSI 0.41 (limit 0.2)"])
    assert not held.promoted
    assert held.reason == (
        "Not promoted: blocked by drift: spotify_binned version 2 against version 1: energy PSI 0.41 (limit 0.2). "
        "Otherwise: Promoted: better beyond noise."
    )
    assert hold_back(won, []) is won
    lost = Decision(promoted=False, reason="Not promoted: worse.", numbers={})
    assert hold_back(lost, ["drift: ..."]) is lost


def test_mlflow_hears_of_the_features_of_the_model(night: Night, home: Home) -> None:
    """Each of them, the largest, and the largest change of a share."""

    night(CALM)
    standing = night(LOUD)
    metrics = metrics_of(home, [TABLE, "fma_tracks"], ["energy", "tempo"])
    assert set(metrics) == {
        *(f"drift/{kind}_{name}" for kind in ("psi", "ks") for name in ("energy", "tempo")),
        *("drift/max_psi", "drift/max_ks", "drift/max_class_share"),
    }
    measured = {one.feature: one.psi for one in standing.features}
    assert metrics["drift/max_psi"] == metrics["drift/psi_energy"] == measured["energy"]
    assert tag_of(home, [TABLE, "fma_tracks"]).endswith("fma_tracks: not measured")


@pytest.fixture
def artifacts(monkeypatch: pytest.MonkeyPatch) -> list:
    kept = []
    monkeypatch.setattr(step, "publish_rows", lambda _, rows, __: kept.append(rows))
    return kept


def test_the_step_tells_what_drifted_and_skips_when_nothing_changed(
    lake: Lake, home: Home, artifacts: list
) -> None:
    """Without tables there is nothing to do; accepting a drift is a change."""

    settings = Settings(home=home)
    assert measure_drift.fn(settings).name == "Skipped"
    for data in (CALM, LOUD):
        lake.publish(TABLE, data, Counts(600, 600), source="/data/pulls", is_sample=False)
        state = measure_drift.fn(settings)
    assert state.message.startswith("spotify_binned DRIFTED, version 1 against version 0: energy ")
    assert measure_drift.fn(settings).name == "Unchanged"
    (told,) = facts_of(home, "measure_drift")["tables"]
    assert (told["table"], told["status"]) == (TABLE, "compared")
    accept(home, TABLE, "looked at")
    state = measure_drift.fn(settings)
    assert state.message.startswith("spotify_binned accepted, version 1 against version 0")
    assert [rows[0]["accepted"] for rows in artifacts] == ["", "", "looked at"]


def test_an_empty_table_is_passed_over(lake: Lake, home: Home, artifacts: list) -> None:
    """A source without a member empties its table: there is nothing to measure, and the ground stays."""

    for rows in (600, 0, 600):
        data = CALM.slice(0, rows)
        lake.publish(TABLE, data, Counts(rows, rows), source="/data/pulls", is_sample=False)
        measure_drift.fn(Settings(home=home))
    assert [len(rows) for rows in artifacts] == [1, 0, 1]
    assert read_status(home, TABLE).status == "first"


def test_a_step_that_failed_blocks(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """What could not be measured may be anything."""

    Lake(home).publish(TABLE, CALM, Counts(600, 600), source="x", is_sample=False)

    def broken(*_: object) -> DriftStatus:
        raise GenrelabError("the disk is full")

    monkeypatch.setattr(step, "measure", broken)
    assert measure_drift.fn(Settings(home=home)).is_failed()
    assert blocking(home, [TABLE]) == ["drift: it could not be measured (the disk is full)"]
    monkeypatch.undo()
    monkeypatch.setattr(step, "publish_rows", lambda *_: None)
    monkeypatch.setenv("GENRELAB_HOME", str(home.root))
    measure_drift.fn(Settings(home=home))
    assert blocking(home, [TABLE]) == []


def test_drift_whose_code_cannot_be_loaded_is_unknown(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """It blocks a champion once, and takes nothing else of a training with it."""

    monkeypatch.setitem(sys.modules, "tasks.drift", None)
    monkeypatch.setitem(sys.modules, "tasks.drift_status", None)
    monkeypatch.setattr("genrelab.runtime.progress.say", lambda _: None)

    state = measure_drift.fn(Settings(home=home))

    assert state.is_failed()
    assert "the code of the analysis measure_drift cannot be loaded" in state.message
    (sentence,) = open_drifts(home, [TABLE])
    assert sentence.startswith("drift: it could not be measured (the code of the analysis measure_drift")
    assert blocking(home, [TABLE])[0] == sentence
    assert table_drift.metrics_of(home, [TABLE], ["energy"]) == {}
    assert table_drift.tag_of(home, [TABLE]).startswith("unknown: the code of the analysis measure_drift")

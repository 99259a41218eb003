"""Tables that are checked in parts: the verdict is that of one frame of all rows."""

import pyarrow as pa
import pytest
from data_quirks import Mutation
from frames import changed, legal
from mutations import MUTATIONS, baseline_of

import expectations.check
import expectations.parts
from expectations.baseline import Baseline
from expectations.check import NO_BASELINE, check
from expectations.verdict import Verdict
from genrelab.lake import stored_rows
from genrelab.lake.schema import Table
from genrelab.tables import TABLES

NARROW = {name: table for name, table in TABLES.items() if not table.is_wide}
TRACKS = TABLES["spotify_tracks"]
OF_TRACKS = [each for each in MUTATIONS if each.table in {"spotify_tracks", "spotify_binned"}]


def in_parts(
    table: Table, data: pa.Table, monkeypatch: pytest.MonkeyPatch, baseline: Baseline = NO_BASELINE
) -> Verdict:
    """The verdict on rows that are checked 7 at a time, and those of one key in 16 shares."""
    monkeypatch.setattr(expectations.check, "MANY_ROWS", 0)
    monkeypatch.setattr(expectations.parts, "BATCH", 1)
    monkeypatch.setattr(stored_rows, "BATCH", 7)
    return check(table, data, baseline)


@pytest.mark.parametrize("table", NARROW.values(), ids=NARROW)
def test_a_legal_frame_passes_in_parts(table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every table has the same checks as in one frame."""

    data = legal(table)
    at_once = check(table, data)
    assert in_parts(table, data, monkeypatch) == at_once


@pytest.mark.parametrize("mutation", OF_TRACKS[::4], ids=lambda each: f"{each.column}: {each.dirt}")
def test_data_quirks_are_found_in_parts(mutation: Mutation, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same rows fail by the same rules, with the same examples."""

    table, data, baseline = TABLES[mutation.table], mutation.frame(), baseline_of(mutation)
    at_once = check(table, data, baseline)
    assert in_parts(table, data, monkeypatch, baseline) == at_once


@pytest.mark.parametrize("silent", [4, 5], ids=["below a tenth", "a tenth"])
def test_a_share_of_rows_is_that_of_all_batches(silent: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """A batch may have no popular track, if a tenth of all rows are popular."""

    data = legal(TRACKS)
    for row in range(len(data) - silent + 1):
        data = changed(data, "popularity", row, 0)
    at_once = check(TRACKS, data)
    assert in_parts(TRACKS, data, monkeypatch) == at_once


def test_a_number_is_written_as_in_one_frame(monkeypatch: pytest.MonkeyPatch) -> None:
    """A missing value far away makes pandas write whole numbers as decimal ones, in every batch."""

    data = changed(changed(legal(TRACKS), "key", 5, 12), "key", 30, None)
    at_once = check(TRACKS, data)
    assert [str(broken.value) for broken in at_once.rows[5]] == ["12.0"]
    assert in_parts(TRACKS, data, monkeypatch) == at_once

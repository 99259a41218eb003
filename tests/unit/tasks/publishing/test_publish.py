"""Write, audit, publish: nothing unvalidated is published and nothing rejected is lost."""

from pathlib import Path

import pyarrow as pa
import pytest
from frames import changed, legal
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from genrelab.lake.ingested import Ingested, Reject, rejects_table
from genrelab.lake.lake import Lake
from genrelab.lake.validation_records import AuditRecord, Example, fallback_notices, read_records, refused_try
from genrelab.lake.version import TableVersion
from genrelab.lake.waivers import Waiver, add_waiver
from genrelab.runtime.errors import RefusedError
from genrelab.runtime.home import Home
from genrelab.sources.spotify import exact_duplicates
from genrelab.tables import TABLES
from tasks.publishing.audit import PublishContext
from tasks.publishing.publish import (
    audit_and_publish,
    publish_derived,
    publish_empty,
    publish_released,
)

TRACKS = TABLES["spotify_tracks"]
NOTHING = rejects_table([])
UNREADABLE = Reject("made.csv", 99, ("tempo: a number",), ("tempo is 'fast'",), {"tempo": "fast"})


def ingested(data: pa.Table, rejected: pa.Table = NOTHING) -> Ingested:
    return Ingested(data, rejected, len(data) + len(rejected))


def put(lake: Lake, data: pa.Table, rejected: pa.Table = NOTHING, **more: object) -> TableVersion:
    return audit_and_publish(
        lake, TRACKS, ingested(data, rejected), PublishContext("x", is_sample=False, **more)
    )


def bad(rows: int, of: int = 40, value: float = 7.0) -> pa.Table:
    """Legal rows, the first of them with an energy that is none."""
    data = legal(TRACKS, rows=of)
    values = [value] * rows + data["energy"].to_pylist()[rows:]
    return data.set_column(data.schema.get_field_index("energy"), "energy", pa.array(values))


def let_in(home: Home, rule: str = "energy: 0 to 1", source: str = "x") -> None:
    add_waiver(home, Waiver("spotify_tracks", rule, source, "checked", "me", "2026-01-01T00:00:00+00:00"))


def record(home: Home, table: str = "spotify_tracks") -> AuditRecord:
    return next(each for each in read_records(home) if each.table == table)


def test_a_bad_row_goes_to_quarantine_with_its_reason(lake: Lake) -> None:
    """The rest is published, and the counts add up."""

    version = put(lake, changed(legal(TRACKS), "energy", 5, 7.0))
    assert (version.counts.rows, version.counts.quarantined) == (39, 1)
    (row,) = lake.rejected("spotify_tracks").to_pylist()
    assert (row["source_row"], row["reasons"]) == (6, ["energy is 7.0, allowed: 0 to 1"])


def test_records_that_could_not_be_read_are_kept_too(lake: Lake) -> None:
    """What the reader rejected stands beside what the suite rejected."""

    put(lake, legal(TRACKS), rejects_table([UNREADABLE]))
    assert lake.rejected("spotify_tracks")["source_row"].to_pylist() == [99]


def test_every_version_leaves_a_record(lake: Lake) -> None:
    """Rule by rule, with who wrote it, why, how many rows fail it and where the worst are."""

    put(lake, changed(bad(1), "tempo", 9, 0.0), rejects_table([UNREADABLE]))
    found = record(lake.home)
    assert (found.verdict, found.version, found.last_good, found.refusals) == ("warned", 0, 0, ())
    assert (found.read, found.rows, found.quarantined) == (41, 39, 2)
    failed = {check.rule: check for check in found.checks if not check.passed}
    assert set(failed) == {"energy: 0 to 1", "tempo: above 0", "tempo: a number"}
    assert failed["energy: 0 to 1"].examples == (Example("made.csv", 1, 7.0, "artist_name 0: track_name 0"),)
    assert failed["tempo: above 0"].human
    assert "sound effects" in failed["tempo: above 0"].reason
    assert failed["tempo: a number"].examples[0].value == "fast"


def test_a_table_without_fault_passed(lake: Lake) -> None:
    """So a reader of the record need not look at its checks."""

    put(lake, legal(TRACKS))
    assert record(lake.home).verdict == "passed"


def test_a_refused_table_leaves_the_last_good_version(lake: Lake) -> None:
    """When every row is bad the old version stays in place."""

    put(lake, legal(TRACKS))
    with pytest.raises(RefusedError, match=r"energy is 7\.0"):
        put(lake, bad(1, of=1))
    assert lake.current("spotify_tracks").counts.rows == 40


def test_past_the_share_the_table_is_refused(lake: Lake) -> None:
    """The message has the share and the limit; the version in use stays, and nothing rejected is lost."""

    put(lake, legal(TRACKS))
    with pytest.raises(
        RefusedError, match=r"12\.5% of the records were rejected \(5 of 40\), more than the limit of 5\.0%"
    ):
        put(lake, bad(5))
    refused = refused_try(lake.home, "spotify_tracks")
    assert (lake.current("spotify_tracks").version, refused.last_good, refused.version) == (0, 0, None)
    assert len(list((lake.home.quarantine / "spotify_tracks").glob("*.parquet"))) == 1
    assert [each.verdict for each in read_records(lake.home)] == ["passed", "refused"]


def test_records_that_could_not_be_read_count_for_the_share(lake: Lake) -> None:
    """A file of which half is no record is no source, whatever the other half holds."""

    with pytest.raises(RefusedError, match=r"11\.1% of the records were rejected"):
        put(lake, legal(TRACKS), rejects_table([UNREADABLE] * 5))


@pytest.mark.parametrize(("rows", "of"), [(4, 40), (2, 4), (5, 100)])
def test_a_few_bad_rows_of_a_small_table_do_not_refuse_it(lake: Lake, rows: int, of: int) -> None:
    """Four of forty are 10 % and no sign of a broken source."""

    assert put(lake, bad(rows, of)).counts.quarantined == rows


def test_the_limit_is_a_setting(lake: Lake) -> None:
    """Who knows the source may allow more."""

    assert put(lake, bad(10), refuse_above=0.5).counts.quarantined == 10


def test_a_good_try_ends_a_refusal(lake: Lake) -> None:
    """The record of the refused try and its rejected records go."""

    with pytest.raises(RefusedError):
        put(lake, bad(20))
    put(lake, legal(TRACKS))
    assert refused_try(lake.home, "spotify_tracks") is None
    assert list((lake.home.quarantine / "spotify_tracks").glob("*.parquet")) == []


def test_who_reads_an_old_table_is_told(lake: Lake) -> None:
    """Also through a table that was computed from it."""

    version = put(lake, legal(TRACKS))
    binned = TABLES["spotify_binned"]
    publish_derived(lake, binned, legal(binned), (version,))
    assert fallback_notices(lake.home, ["spotify_tracks", "spotify_binned"]) == []
    with pytest.raises(RefusedError):
        put(lake, bad(20))
    direct, through = fallback_notices(lake.home, ["spotify_tracks", "spotify_binned", "fma_tracks"])
    assert direct.startswith("on spotify_tracks, version 0, the last good one: the update of")
    assert "spotify_binned was computed from it" in through
    assert "50.0% of the records were rejected" in through


@pytest.mark.parametrize("left", ["{torn", '{"table": "spotify_tracks", "verdict": "passed"}', "[]"])
def test_a_record_that_cannot_be_read_counts_as_none(lake: Lake, left: str) -> None:
    """Cut short by a kill, or of another version: the table is published, with nothing to compare with."""

    put(lake, legal(TRACKS))
    for name in ("spotify_tracks", "spotify_tracks.refused"):
        (lake.home.state / "validation" / f"{name}.json").write_text(left)
    assert (read_records(lake.home), fallback_notices(lake.home, ["spotify_tracks"])) == ([], [])
    put(lake, legal(TRACKS))
    assert record(lake.home).version == 1


def test_a_derived_table_may_not_break_a_rule(lake: Lake) -> None:
    """A computed row that is illegal is our mistake, not the source's."""

    table = TABLES["spotify_binned"]
    with pytest.raises(RefusedError, match="part: one of"):
        publish_derived(lake, table, changed(legal(table), "part", 3, "somewhere"), ())
    assert lake.find(table.name) is None


def test_a_source_without_a_record_replaces_nothing(lake: Lake) -> None:
    """Expired credentials fetch nothing: the tracks of yesterday stay."""

    version = put(lake, legal(TRACKS))
    with pytest.raises(RefusedError, match="no records in x"):
        put(lake, legal(TRACKS).slice(0, 0))
    assert lake.current(TRACKS.name) == version


def test_an_empty_table_has_a_record(lake: Lake) -> None:
    """A source without a member is no fault of the table."""

    publish_empty(lake, TABLES["fma_features"], PublishContext("x", is_sample=True), "no features.csv")
    assert record(lake.home, "fma_features").verdict == "passed"


def test_a_release_lets_rows_in_and_is_applied_again(lake: Lake) -> None:
    """At once, and whenever the source is read again; the reason stands in the warning."""

    data = changed(bad(2), "mode", 0, 3)
    put(lake, data)
    let_in(lake.home)
    version = publish_released(lake, TRACKS)
    assert str(version.counts) == "40 read = 39 published + 1 quarantined + 0 exact duplicates"
    assert 7.0 in lake.read("spotify_tracks")["energy"].to_pylist()
    assert any("energy: 0 to 1: 1 rows released" in warning for warning in version.warnings)
    again = put(lake, data)
    assert again.counts == version.counts
    assert lake.rejected("spotify_tracks")["rules"].to_pylist() == [["energy: 0 to 1", "mode: one of 0, 1"]]


def test_released_rows_keep_every_value(lake: Lake) -> None:
    """Lists, times and missing values come back out of quarantine as they went in."""

    data = changed(changed(bad(1), "genres", 0, ["a, b", 'c "d"']), "popularity", 0, None)
    put(lake, data)
    let_in(lake.home)
    publish_released(lake, TRACKS)
    rows = {row["source_row"]: row for row in lake.read("spotify_tracks").to_pylist()}
    assert rows[1] == data.to_pylist()[0]


def test_a_release_holds_for_its_source_only(lake: Lake) -> None:
    """What is right in one source may be a fault in another."""

    let_in(lake.home, source="another")
    assert put(lake, bad(1)).counts.quarantined == 1


def test_what_is_made_from_released_rows_is_not_refused(lake: Lake) -> None:
    """The decision goes with the rows."""

    let_in(lake.home)
    version = put(lake, bad(1))
    table = TABLES["spotify_binned"]
    binned = changed(legal(table), "energy", 0, 7.0)
    assert publish_derived(lake, table, binned, (version,)).counts.rows == 40


def test_only_one_door_leads_into_the_lake() -> None:
    """No task publishes past the audit."""

    found = [
        f"{path.name}: {line.strip()}"
        for path in sorted(Path(__file__).parents[4].joinpath("tasks").glob("*.py"))
        if path.name != "publish.py"
        for line in path.read_text().splitlines()
        if ".publish(" in line or ".publish_files(" in line
    ]
    assert found == []


BAD = [("energy", 7.0), ("track_id", None), ("mode", 3)]


@settings(
    max_examples=8,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    dirt=st.dictionaries(st.integers(0, 19), st.sampled_from(BAD)),
    repeated=st.sets(st.integers(1, 19)),
    unreadable=st.integers(0, 5),
    released=st.sets(st.sampled_from(["energy: 0 to 1", "mode: one of 0, 1"])),
    number=st.integers(0, 10**9),
)
def test_records_are_conserved(
    home: Home, dirt: dict, repeated: set, unreadable: int, released: set, number: int
) -> None:
    """Records read = published + quarantined + exact duplicates, whatever the mixture and whatever is released."""

    data = legal(TRACKS, rows=20)
    for row, (column, value) in dirt.items():
        data = changed(data, column, row, value)
    for row in repeated:
        for column in set(TRACKS.names) - {"source", "source_row"}:
            data = changed(data, column, row, data[column].to_pylist()[0])
    rejected = rejects_table(Reject("made.csv", 100 + i, ("r",), ("w",), {}) for i in range(unreadable))
    lake = Lake(Home(home.root / str(number)))
    repeats = exact_duplicates(data)
    facts = (PublishContext("x", is_sample=False, refuse_above=1.0), repeats)
    try:
        version = audit_and_publish(lake, TRACKS, ingested(data, rejected), *facts)
    except RefusedError:
        assert len(set(range(20)) - set(dirt) - repeated) == 0  # no legal row is left to publish
        return
    for _ in range(2):
        counts = version.counts
        assert counts.read == 20 + unreadable == counts.rows + counts.quarantined + counts.duplicates
        assert counts.duplicates == repeats.sum()
        assert len(lake.rejected("spotify_tracks")) == counts.quarantined
        assert len(lake.read("spotify_tracks")) == counts.rows
        for rule in released:
            let_in(lake.home, rule)
        version = publish_released(lake, TRACKS) or version
    again = audit_and_publish(lake, TRACKS, ingested(data, rejected), *facts)
    assert again.counts == version.counts
    kept = set(lake.read("spotify_tracks")["source_row"].to_pylist())
    left = set(lake.rejected("spotify_tracks")["source_row"].to_pylist())
    assert kept.isdisjoint(left)

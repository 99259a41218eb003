"""Write, audit, publish: nothing unvalidated is published and nothing rejected is lost."""

import pytest
from frames import changed, legal
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from genrelab.errors import RefusedError
from genrelab.home import Home
from genrelab.ingested import Ingested, Reject, rejects_table
from genrelab.lake import Lake
from genrelab.spotify import exact_duplicates
from genrelab.tables import TABLES
from tasks.publish import audit_and_publish, publish_derived

TRACKS = TABLES["spotify_tracks"]
NOTHING = rejects_table([])


def ingested(data: object, rejected: object = NOTHING) -> Ingested:
    return Ingested(data, rejected, len(data) + len(rejected))


def test_a_bad_row_goes_to_quarantine_with_its_reason(lake: Lake) -> None:
    """The rest is published, and the counts add up."""

    data = changed(legal(TRACKS), "energy", 5, 7.0)
    version = audit_and_publish(lake, TRACKS, ingested(data), source="x", is_sample=False)
    assert (version.counts.rows, version.counts.quarantined) == (39, 1)
    (row,) = lake.rejected("spotify_tracks").to_pylist()
    assert (row["source_row"], row["reasons"]) == (6, ["energy is 7.0, allowed: 0 to 1"])


def test_records_that_could_not_be_read_are_kept_too(lake: Lake) -> None:
    """What the reader rejected stands beside what the suite rejected."""

    rejected = rejects_table(
        [Reject("made.csv", 99, ("tempo: a number",), ("tempo is 'fast'",), {"tempo": "fast"})]
    )
    audit_and_publish(lake, TRACKS, ingested(legal(TRACKS), rejected), source="x", is_sample=False)
    assert lake.rejected("spotify_tracks")["source_row"].to_pylist() == [99]


def test_a_refused_table_leaves_the_last_good_version(lake: Lake) -> None:
    """When every row is bad the old version stays in place."""

    audit_and_publish(lake, TRACKS, ingested(legal(TRACKS)), source="x", is_sample=False)
    bad = changed(legal(TRACKS, rows=1), "energy", 0, 7.0)
    with pytest.raises(RefusedError, match=r"energy is 7\.0"):
        audit_and_publish(lake, TRACKS, ingested(bad), source="x", is_sample=False)
    assert lake.current("spotify_tracks").counts.rows == 40


def test_a_derived_table_may_not_break_a_rule(lake: Lake) -> None:
    """A computed row that is illegal is our mistake, not the source's."""

    table = TABLES["spotify_binned"]
    with pytest.raises(RefusedError, match="part: one of"):
        publish_derived(lake, table, changed(legal(table), "part", 3, "somewhere"), ())
    assert lake.find(table.name) is None


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    bad=st.dictionaries(
        st.integers(0, 19), st.sampled_from([("energy", 7.0), ("track_id", None), ("mode", 3)])
    ),
    repeated=st.sets(st.integers(1, 19)),
    unreadable=st.integers(0, 5),
)
def test_records_are_conserved(home: Home, bad: dict, repeated: set, unreadable: int) -> None:
    """Records read = published + quarantined + exact duplicates, whatever the mixture."""

    data = legal(TRACKS, rows=20)
    for row, (column, value) in bad.items():
        data = changed(data, column, row, value)
    for row in repeated:
        for column in set(TRACKS.names) - {"source", "source_row"}:
            data = changed(data, column, row, data[column].to_pylist()[0])
    rejected = rejects_table(Reject("made.csv", 100 + i, ("r",), ("w",), {}) for i in range(unreadable))
    lake = Lake(home)
    try:
        version = audit_and_publish(
            lake,
            TRACKS,
            ingested(data, rejected),
            source="x",
            is_sample=False,
            duplicates=exact_duplicates(data),
            refuse_above=1.0,
        )
    except RefusedError:
        assert set(bad) >= {row for row in range(20) if row not in repeated} - {0} or 0 in bad
        return
    counts = version.counts
    assert counts.read == 20 + unreadable == counts.rows + counts.quarantined + counts.duplicates
    assert len(lake.rejected("spotify_tracks")) == counts.quarantined
    assert len(lake.read("spotify_tracks")) == counts.rows

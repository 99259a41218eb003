"""A table that has lost its labels is refused; one whose labels changed is not."""

import pyarrow as pa
import pytest
from frames import legal
from hypothesis import given
from hypothesis import strategies as st

from expectations.baseline import Baseline
from expectations.spotify_tracks import MOST_LABELS_LOST, _labels_lost
from genrelab.lake.ingested import Ingested, rejects_table
from genrelab.lake.lake import Lake
from genrelab.runtime.errors import RefusedError
from genrelab.tables import TABLES
from tasks.publishing.audit import PublishContext
from tasks.publishing.publish import audit_and_publish

TRACKS = TABLES["spotify_tracks"]


def put(lake: Lake, data: pa.Table, source: str = "x", **more: object) -> None:
    found = Ingested(data, rejects_table([]), len(data))
    audit_and_publish(lake, TRACKS, found, PublishContext(source, is_sample=False, **more))


def labelled(rows: int, of: int = 40, *, first_artist: int = 0) -> pa.Table:
    """Legal tracks of `of` artists; the first `rows` of them have genres."""
    data = legal(TRACKS, rows=of)
    genres = pa.array([["pop"] if row < rows else [] for row in range(of)], pa.list_(pa.string()))
    artists = pa.array([f"{row + first_artist:022d}" for row in range(of)])
    for name, values in (("genres", genres), ("artist_id", artists)):
        data = data.set_column(data.schema.get_field_index(name), name, values)
    return data


@pytest.mark.parametrize("source", ["x", "another"])
def test_a_table_that_lost_its_labels_is_refused(lake: Lake, source: str) -> None:
    """The last good version stays, and the message says what to do."""

    put(lake, labelled(40))
    with pytest.raises(RefusedError, match=r"genres: not lost.*journal.*scrape\.genres"):
        put(lake, labelled(1), source)
    assert lake.current("spotify_tracks").version == 0


@pytest.mark.parametrize(
    ("before", "after", "source"),
    [
        (labelled(40), labelled(10), "x"),
        (labelled(40), labelled(40, first_artist=100), "x"),
        (labelled(40), labelled(0, first_artist=100), "another"),
        (labelled(0), labelled(0), "x"),
        (labelled(0), labelled(40), "x"),
    ],
)
def test_other_changes_are_published(lake: Lake, before: pa.Table, after: pa.Table, source: str) -> None:
    """Fewer labels, other artists with theirs, another source's artists, and a table that never had any."""

    put(lake, before)
    put(lake, after, source)
    assert lake.current("spotify_tracks").version == 1


def test_other_artists_without_any_label_are_refused(lake: Lake) -> None:
    """A folder that was begun anew with other artists leaves the same source without a label."""

    put(lake, labelled(40))
    with pytest.raises(RefusedError):
        put(lake, labelled(0, first_artist=100))


def test_a_person_may_publish_it_all_the_same(lake: Lake) -> None:
    """With validation.refuse_above = 1 nothing is refused for what was lost."""

    put(lake, labelled(40))
    put(lake, labelled(0), refuse_above=1.0)
    assert lake.current("spotify_tracks").version == 1


def test_a_version_that_cannot_be_read_keeps_nothing_back() -> None:
    """A damaged table is repaired by the next one."""

    def damaged(_table: str) -> pa.Table:
        raise OSError

    assert _labels_lost(labelled(0), Baseline(40, damaged)) is None


@given(st.integers(1, 40), st.integers(0, 40))
def test_only_nearly_all_is_a_loss(before: int, after: int) -> None:
    """Past nine tenths of the labels, if nine tenths of the artists have none."""
    lost = _labels_lost(labelled(after), Baseline(40, lambda *_: labelled(before)))

    assert lost is not None
    assert (lost > MOST_LABELS_LOST) == (max(before - after, 0) / before > 0.9 and after < 4)

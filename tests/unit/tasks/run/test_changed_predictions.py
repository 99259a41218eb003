"""Predictions that differ between two versions of the table."""

from pathlib import Path

import pyarrow as pa
import pytest

from genrelab.lake import stored_rows
from genrelab.lake.lake import Lake
from genrelab.lake.version import Counts
from genrelab.runtime.home import Home
from genrelab.tables.predictions import PREDICTIONS
from tasks.run import changed_predictions
from tasks.run.changed_predictions import compare
from tasks.run.flips import Flips

COLUMNS = ("task", "source_table", "track_id", "genre", "probability", "all_genres")
SCHEMA = pa.schema([PREDICTIONS.schema.field(name) for name in COLUMNS])


@pytest.fixture(params=[1, 3, 100])
def lake(request, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Lake:
    """A lake that is read in batches of different sizes."""
    monkeypatch.setattr(stored_rows, "BATCH", request.param)
    return Lake(Home(tmp_path))


def publish(lake: Lake, table: str, rows: pa.Table) -> int:
    return lake.publish(table, rows, Counts(len(rows), len(rows)), source="x", is_sample=False).version


def between(lake: Lake, *versions: list[tuple[object, ...]]) -> Flips:
    """Publish two versions, each of rows (task, track, genre, probability, several genres), and compare them."""
    made = [
        pa.Table.from_pylist(
            [
                dict(zip(COLUMNS, (task, "spotify_binned", track, genre, sure, several), strict=True))
                for task, track, genre, sure, several in rows
            ],
            SCHEMA,
        )
        for rows in versions
    ]
    return compare(lake, *[publish(lake, "predictions", rows) for rows in made])


def one(task: str, track: str, genre: str | None, sure: float | None = 0.5) -> tuple[object, ...]:
    return (task, track, genre, sure, None)


def test_the_most_probable_come_first_then_task_and_track(lake: Lake):
    """A row without a probability comes last; tasks are in the order of their first row."""
    before = [one(task, track, "pop") for track in "dcba" for task in ("x", "y")]
    after = [
        *(one("x", track, "rock", 0.5) for track in "dacb"),
        *(one("y", track, "rock", sure) for track, sure in zip("abcd", (0.5, 0.9, None, 0.5), strict=True)),
    ]

    found = between(lake, before, after)

    assert [(flip.task, flip.track) for flip in found.flips] == [
        ("y", "track b"),
        *(("x", f"track {track}") for track in "abcd"),
        *(("y", f"track {track}") for track in "adc"),
    ]
    assert list(found.counts.items()) == [("y", 4), ("x", 4)]


def test_the_first_of_equal_keys_counts(lake: Lake):
    """In both versions, whatever the later rows say."""
    before = [one("x", "a", "pop"), one("x", "a", "rock"), one("x", "b", "pop"), one("x", "b", "rock")]
    after = [one("x", "a", "rock"), one("x", "a", "pop"), one("x", "b", "pop"), one("x", "b", "dance")]

    [flip] = between(lake, before, after).flips

    assert (flip.track, flip.before, flip.after) == ("track a", "pop", "rock")


def test_rows_without_a_genre_or_in_one_version_have_not_changed(lake: Lake):
    """Nothing is named then."""
    before = [one("x", "a", None), one("x", "b", "pop"), one("x", "c", "pop"), one("y", "d", "pop")]
    after = [one("x", "a", "pop"), one("x", "b", None), one("x", "c", "pop"), one("x", "d", "rock")]

    assert between(lake, before, after) == between(lake, [], after) == Flips({}, ())


def test_several_genres_are_compared_by_their_titles(lake: Lake):
    """In the order of the alphabet; a row of several without any has none."""

    def several(track: str, *genres: str) -> tuple[object, ...]:
        named = [
            {"genre_id": place, "genre": genre, "probability": 0.5} for place, genre in enumerate(genres)
        ]
        return ("x", track, None, None, named)

    before = [several("a", "Rock", "Folk"), several("b", "Rock", "Folk"), several("c", "Rock")]
    after = [several("c"), several("a", "Folk", "Rock"), several("b", "Folk", "Pop")]

    found = [(flip.track, flip.before, flip.after) for flip in between(lake, before, after).flips]

    assert found == [("track b", "Folk, Rock", "Folk, Pop"), ("track c", "Rock", "no genre")]


def test_few_are_named_and_all_counted(lake: Lake, monkeypatch: pytest.MonkeyPatch):
    """With title and artist of the newest version of their table."""
    monkeypatch.setattr(changed_predictions, "MOST_NAMED", 2)
    names = {"track_id": [*"abcde"], "track_name": ["A", "B", "C", None, "E"], "artist_name": ["X"] * 5}
    publish(lake, "spotify_binned", pa.table(names))

    found = between(
        lake,
        [one("x", track, "pop") for track in "abcde"],
        [one("x", track, "rock", place / 10) for place, track in enumerate("abcde")],
    )

    assert [(flip.track, flip.artist) for flip in found.flips] == [("E", "X"), ("track d", "X")]
    assert found.counts == {"x": 5}

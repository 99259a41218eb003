"""Typical and surprising tracks of each genre: the same from batches of any size."""

from unittest import mock

import pyarrow as pa
from hypothesis import example, given
from hypothesis import strategies as st
from look_up_facts import made_look_up, made_named, made_predictions

from genrelab.analyses.look_up import predicted
from genrelab.analyses.look_up.predicted import OF_GENRE, tracks_of_genres
from genrelab.analyses.look_up.result import PredictedExample
from genrelab.analyses.look_up.tracks import NamedTrack
from genrelab.lake import stored_rows

GENRES = st.none() | st.sampled_from(["pop", "rock"])
Row = tuple[str, str | None, str | None, str | None, float | None, bool]
ROWS = st.lists(
    st.tuples(
        st.sampled_from("stuvwxyz"),  # the track
        st.none() | st.sampled_from("ABCDEFs"),  # its artist, who may be called like a track's id
        GENRES,  # its label
        GENRES,  # what is predicted
        st.none() | st.sampled_from([0.5, 0.25, 1.0]),
        st.sampled_from([False, False, False, True]),  # whether the model was fitted on it
    ),
    max_size=60,
)
ALBUM = [(track, "A", "pop", "pop", 1.0, False) for track in "stuvwxyz"]
OTHERS = [(track, artist, "pop", "pop", 0.5, False) for track, artist in zip("abcde", "BCDEF", strict=True)]


def tables_of(rows: list[Row]) -> tuple[pa.Table, pa.Table]:
    """Predictions, and the tracks in the opposite order; one has no row in the table."""
    tracks, artists, labels, genres, probabilities, fitted = zip(*rows, strict=True) if rows else ((),) * 6
    places = list(range(len(rows)))
    predictions = pa.table(
        {
            "task": pa.array(["bins"] * len(rows), pa.string()),
            "source_table": pa.array(["spotify_binned"] * len(rows), pa.string()),
            "source": pa.array(["pulls"] * len(rows), pa.string()),
            "source_row": pa.array(places, pa.int64()),
            "track_id": pa.array(tracks, pa.string()),
            "label": pa.array(labels, pa.string()),
            "genre": pa.array(genres, pa.string()),
            "probability": pa.array(probabilities, pa.float64()),
            "was_fitted_on": pa.array(fitted, pa.bool_()),
        }
    )
    named = pa.table(
        {
            "source": pa.array(["pulls"] * len(rows), pa.string()),
            "source_row": pa.array(places, pa.int64()),
            "artist_name": pa.array(artists, pa.string()),
            "track_name": pa.array([f"title {row}" for row in places], pa.string()),
        }
    )
    return predictions, named.take(pa.array(places[::-1], pa.int64()))


def list_of(rows: list[Row], kind: str, of: str) -> list[tuple[int, str]]:
    """Numbers and ids of the tracks of a list, found one row after the other."""
    numbered = [
        (number, *row[:2], -1 if row[4] is None else row[4])
        for number, row in enumerate(rows)
        if not row[5]
        and None not in row[2:4]
        and (row[2] == row[3]) == (kind == "typical")
        and of == row[3 if kind == "alike" else 2]
    ]
    by_artist, by_track = {}, {}
    for number, track, artist, _ in sorted(numbered, key=lambda row: (-row[3], row[1])):
        by_artist.setdefault(track if artist is None else artist, (number, track))
    for number, track in by_artist.values():
        by_track.setdefault(track, (number, track))
    return list(by_track.values())[:OF_GENRE]


def listed(examples: tuple[PredictedExample, ...]) -> list[tuple[int, str]]:
    """Number, by the title, and id of each track."""
    return [(int(one.track.title.split()[1]), one.track.track_id) for one in examples]


@given(ROWS, st.integers(1, 9), st.integers(1, 9))
@example([*ALBUM, *OTHERS], 4, 2)
def test_lists_do_not_depend_on_the_batches(rows: list[Row], size: int, held: int) -> None:
    """Those of all rows at once, although few rows of each list are held, and an album may come before all others."""
    predictions, named = tables_of(rows)
    with mock.patch.object(stored_rows, "BATCH", size), mock.patch.object(predicted, "HELD", held):
        found = tracks_of_genres(predictions, {"spotify_binned": named})

    labels = {row[2] for row in rows if not row[5] and row[2] and row[3]}
    assert [one.genre for one in found] == sorted(labels)
    for one in found:
        for kind in ("typical", "missed", "alike"):
            assert listed(getattr(one, kind)) == list_of(rows, kind, one.genre)


def test_rows_in_batches_of_seven(monkeypatch):
    """Probabilities and names are those of all rows at once."""
    monkeypatch.setattr(stored_rows, "BATCH", 7)

    found = tracks_of_genres(made_predictions(), {"spotify_binned": made_named()})
    assert tuple(found) == made_look_up().genres


def test_a_track_that_left_its_table_has_no_names():
    """It is found by its id, and counts as an artist of its own; a task of another table is left out."""
    predictions, named = tables_of(OTHERS)
    (found,) = tracks_of_genres(predictions, {"spotify_binned": named.slice(1)})

    assert {one.track for one in found.typical} >= {NamedTrack("e", "", "")}
    assert len(found.typical) == len(OTHERS)
    (found,) = tracks_of_genres(predictions, {"spotify_binned": named.slice(0, 0)})
    assert {one.track.artist for one in found.typical} == {""}
    assert tracks_of_genres(predictions, {"fma_tracks": named}) == []

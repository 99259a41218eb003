"""Which tracks are clustered: those with a genre and every feature, in source order, whatever the files look like."""

from functools import partial

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest
from cluster_facts import drawn_of, made_tracks

from genrelab.analyses.clusters import tracks
from genrelab.analyses.clusters.tracks import SPOTIFY, DrawnTracks, draw_tracks
from genrelab.evaluation.samples import sample_rows
from genrelab.lake import stored_rows
from genrelab.lake.lake import in_source_order
from genrelab.lake.stored_rows import StoredRows
from genrelab.runtime.errors import GenrelabError
from genrelab.tables.spotify import MODEL_FEATURES

LABELS = {"classic": "bin_classic", "reviewed": "genre_bin"}
MOST = 50


@pytest.fixture
def table() -> pa.Table:
    """Tracks of two files; every fifth has no classic genre, every fortieth no tempo, and the files are mixed."""
    frame, genres = made_tracks(MODEL_FEATURES)
    rows = np.arange(len(frame))
    frame["tempo"] = frame["tempo"].where(rows % 40 > 0)
    features = {name: pa.array(frame[name], from_pandas=True) for name in frame}
    made = {
        "source": [("info_10.csv", "info_2.csv")[row % 2] for row in rows],
        "source_row": rows // 2 + 1,
        "track_name": [f"Track {row}" for row in rows],
        "bin_classic": [None if row % 5 == 0 else genre for row, genre in enumerate(genres)],
        "genre_bin": genres,
    }
    return pa.table(made | features).take(np.random.default_rng(1).permutation(rows))


def drawn_from(rows: pa.Table | StoredRows) -> DrawnTracks:
    """A draw with the names of the tracks."""
    return draw_tracks(rows, LABELS, SPOTIFY, seed=3, columns=["track_name"])


def stored(table: pa.Table, folder) -> StoredRows:
    """The same rows in a file."""
    pq.write_table(table, folder / "rows.parquet", row_group_size=60)
    return StoredRows(ds.dataset(str(folder / "rows.parquet"), format="parquet"))


@pytest.mark.parametrize("most", [MOST, 10_000])
def test_a_draw_is_that_of_the_usable_rows_in_source_order(table, tmp_path, monkeypatch, most):
    """The same from a file as from one table that is sorted, filtered and sampled; all of them where they are few."""
    monkeypatch.setattr(tracks, "sample_rows", partial(sample_rows, most=most))
    ordered = in_source_order(table)
    usable = ordered.filter(ordered["bin_classic"].is_valid()).filter(pc.field("tempo").is_valid())

    found = drawn_from(stored(table, tmp_path))

    wanted = usable.take(sample_rows(len(usable), 3, most))
    assert found.rows.equals(wanted.select(found.rows.column_names))
    assert {"track_name", *LABELS.values(), *MODEL_FEATURES} == set(found.rows.column_names)
    assert (found.read, found.with_genre, found.usable) == (260, 208, len(usable))


@pytest.mark.parametrize("rows", [1, 7, 200])
def test_batches_and_the_order_of_the_file_do_not_change_a_draw(table, tmp_path, monkeypatch, rows):
    """Source and record number decide."""
    monkeypatch.setattr(tracks, "sample_rows", partial(sample_rows, most=MOST))
    at_once = drawn_from(table)

    monkeypatch.setattr(stored_rows, "BATCH", rows)
    found = drawn_from(stored(table.take(np.arange(len(table))[::-1]), tmp_path))

    assert found.rows.combine_chunks().equals(at_once.rows.combine_chunks())
    assert found.usable == at_once.usable


def test_rows_without_a_place_are_in_order():
    """Those of the FMA are sorted by their numbers."""
    frame, genres = made_tracks(MODEL_FEATURES)
    frame.loc[5, "tempo"] = np.inf

    found = drawn_of(frame, {"classic": genres})

    assert found.rows["energy"].to_pylist() == frame["energy"].drop(5).tolist()
    assert (found.with_genre, found.usable, found.absent) == (260, 259, ())


def test_what_rows_without_a_genre_lack_does_not_count():
    """Most tracks lack a feature, but not those with a genre."""
    frame, genres = made_tracks(MODEL_FEATURES)
    frame["tempo"] = frame["tempo"].where(frame.index < 100)

    found = drawn_of(frame, {"classic": [*genres[:110], *[None] * 150]})

    assert (found.with_genre, found.usable, found.absent) == (110, 100, ())


def test_a_feature_that_no_track_has_is_left_out():
    """The sets are those of the others."""
    frame, genres = made_tracks(MODEL_FEATURES)

    found = drawn_of(frame.assign(mode=None), {"classic": genres})

    assert found.absent == ("mode",)
    assert found.usable == len(frame)
    assert all("mode" not in one.features for one in found.collection.sets)


def test_tracks_without_features_are_named():
    """Nothing is left to cluster on."""
    frame, genres = made_tracks(MODEL_FEATURES)

    with pytest.raises(
        GenrelabError, match=r"found: no values of acousticness, .*; allowed: numbers for acousticness"
    ):
        drawn_of(frame.assign(**dict.fromkeys(MODEL_FEATURES)), {"classic": genres})


@pytest.mark.parametrize("rows", [0, 260])
def test_no_genre_at_all_is_told(rows):
    """Nothing to compare with, also in an empty table."""
    frame, _ = made_tracks(MODEL_FEATURES)

    with pytest.raises(
        GenrelabError,
        match=f"no track of spotify_binned has a genre by classic; found: {rows} tracks without a genre",
    ):
        drawn_of(frame[:rows], {"classic": [None] * rows})

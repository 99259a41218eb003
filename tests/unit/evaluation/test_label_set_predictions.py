"""Predictions of every genre of a track: the rows, what is filled in, and what the suite refuses."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from genre_set_rows import TREE, UNLABELLED, genre_set_tables

from expectations.check import check
from genrelab.analyses.predictions.collection import name_tracks
from genrelab.analyses.predictions.genre_sets import predict_genre_sets
from genrelab.analyses.predictions.result import Champion, Predictions
from genrelab.analyses.predictions.summary import summarise
from genrelab.evaluation.label_set_predictions import predict_sets
from genrelab.evaluation.predictions import StoredModel, join, row_hashes
from genrelab.evaluation.results import Thresholds
from genrelab.lake.version import Counts, TableVersion
from genrelab.models.tasks import FMA_ALL_GENRES_ECHONEST
from genrelab.runtime.records import decode, encode
from genrelab.tables.fma import ECHONEST_AUDIO
from genrelab.tables.predictions import PREDICTIONS

TITLES = {genre: title for genre, (_, title) in TREE.items()}
ROWS = 120


class Says:
    """An estimator that gives genres the probabilities 0.9, 0.3, 0.2 in turn, and the other two none."""

    def predict_proba(self, features: pd.DataFrame) -> np.ndarray:
        """The first rows of what it was given."""
        rows = np.zeros((len(features), 5))
        for place, value in enumerate((0.9, 0.3, 0.2)):
            rows[np.arange(len(rows)), (np.arange(len(rows)) + place) % 5] = value
        return rows


@pytest.fixture(scope="module")
def tables():
    """Tracks of several genres; one lacks a feature."""
    made = genre_set_tables(ROWS)
    tempo = made["fma_echonest"]["tempo"].to_pylist()
    tempo[3] = None
    place = made["fma_echonest"].column_names.index("tempo")
    return {**made, "fma_echonest": made["fma_echonest"].set_column(place, "tempo", pa.array(tempo))}


@pytest.fixture(scope="module")
def model(tables):
    """A champion that was fitted on the first two tracks."""
    frame = join(FMA_ALL_GENRES_ECHONEST, tables)
    return StoredModel(
        name=FMA_ALL_GENRES_ECHONEST.name,
        version=2,
        estimator=Says(),
        labels=tuple(sorted(TREE)),
        features=ECHONEST_AUDIO,
        fitted=row_hashes(frame[list(ECHONEST_AUDIO)].iloc[:2]),
        published_by=Thresholds(0.25, {}, 0, 20, ()),
    )


@pytest.fixture(scope="module")
def rows(tables, model):
    """The rows of the table."""
    return predict_sets(FMA_ALL_GENRES_ECHONEST, join(FMA_ALL_GENRES_ECHONEST, tables), model, TITLES).rows


def test_every_track_with_features_has_the_genres_that_its_thresholds_name(rows):
    """Id, title and probability, the most probable first; the track that lacks a feature has none."""
    found = rows.to_pylist()

    assert len(found) == ROWS - 1
    assert found[0]["all_genres"] == [
        {"genre_id": 12, "genre": "Rock", "probability": 0.9},
        {"genre_id": 15, "genre": "Electronic", "probability": 0.3},
    ]
    assert [one["genre"] for one in found[0]["probabilities"]] == [
        "Rock",
        "Electronic",
        "Punk",
        "Experimental",
        "Techno",
    ]
    assert (found[3]["has_features"], found[3]["all_genres"], found[3]["probabilities"]) == (
        False,
        None,
        None,
    )
    assert all(one["genre"] is one["label"] is one["artist_genre"] is None for one in found)


def test_tracks_without_a_genre_are_filled_and_marked(rows):
    """Those that have features; the others' genres are those of the source."""
    filled = [one["is_filled"] for one in rows.to_pylist()]
    labels = rows["all_labels"].to_pylist()

    assert filled == [False] * (ROWS - UNLABELLED) + [True] * (UNLABELLED - 1)
    assert [one is None for one in labels] == filled
    assert labels[0][0].keys() == {"genre_id", "genre"}


def test_a_track_that_lacks_only_its_parents_genres_is_not_filled(tables, model):
    """Its artist chose genres, and the source lacks `genres_all`: those it has are its labels."""
    tracks = tables["fma_tracks"]
    everything = [*tracks["genres_all"].to_pylist()]
    everything[5] = None
    place = tracks.column_names.index("genres_all")
    odd = tracks.set_column(place, "genres_all", pa.array(everything, pa.list_(pa.int64())))
    frame = join(FMA_ALL_GENRES_ECHONEST, {**tables, "fma_tracks": odd})
    row = predict_sets(FMA_ALL_GENRES_ECHONEST, frame, model, TITLES).rows.to_pylist()[5]

    assert not row["is_filled"]
    assert [one["genre_id"] for one in row["all_labels"]] == tracks["genres"].to_pylist()[5]


def test_a_row_says_whether_it_was_fitted_on(rows):
    """By its features."""
    assert rows["was_fitted_on"].to_pylist()[:4] == [True, True, False, False]


def test_the_suite_accepts_them_and_refuses_what_contradicts_itself(rows):
    """A mark that is wrong, a list that is not ranked, a prediction without features."""
    assert check(PREDICTIONS, rows).rows == {}

    def broken(name: str, row: int, value: object) -> set[str]:
        values = rows[name].to_pylist()
        values[row] = value
        place = rows.column_names.index(name)
        wrong = rows.set_column(
            place, rows.schema.field(name), pa.array(values, rows.schema.field(name).type)
        )
        return {one.rule for found in check(PREDICTIONS, wrong).rows.values() for one in found}

    assert "is_filled: exactly where genres are predicted that the source does not name" in broken(
        "is_filled", 0, True
    )
    upside_down = [{"genre": "Rock", "probability": 0.1}, {"genre": "Punk", "probability": 0.9}]
    assert "probabilities: ranked, and those of the columns beside them" in broken(
        "probabilities", 0, upside_down
    )
    assert "genre: there exactly where the features are" in broken("all_genres", 0, None)


def test_the_result_says_what_was_filled_and_how_well_genres_match(tables, model):
    """Counts, Jaccard by part, examples; the record gives back the same."""
    champion = Champion("knn", "kNN", "2", "2026-03-12T03:10:00+00:00", sample=False)
    rows, found = predict_genre_sets(
        FMA_ALL_GENRES_ECHONEST,
        TableVersion("fma_tracks", 3, "3@now", Counts(ROWS, ROWS), "made", False, "2026-03-12"),
        tables,
        name_tracks(
            tables["fma_tracks"].select(
                ["source", "source_row", "artist_id", "artist_name", "track_title", "genres"]
            ),
            TITLES,
        ),
        [model],
        {model.name: champion},
        TITLES,
    )
    said = summarise(Predictions((), (found,), {}, {})).message

    assert (found.tracks, found.labelled, found.filled) == (ROWS - 1, ROWS - UNLABELLED, UNLABELLED - 1)
    assert (found.without_features, found.unserved, found.fitted) == (1, 1, 2)
    assert (found.elsewhere, found.elsewhere_unlabelled) == (1, 1)
    assert found.named == 2
    assert {one.part for one in found.parts} == {"test", "gate", "other"}
    assert all(0 < one.jaccard < 1 for one in found.parts)
    assert len(found.filled_examples) == UNLABELLED - 1
    assert all(not one.given and one.predicted for one in found.filled_examples)
    assert f"{UNLABELLED - 1} have no genre at the source and are filled" in said
    assert "1 more (1 without a genre) have no features" in said
    assert decode(Predictions, encode(Predictions((), (found,), {}, {}))) == Predictions((), (found,), {}, {})
    nothing = replace(found, filled=0, filled_examples=())
    assert (
        "no track without a genre has features, so none is filled"
        in summarise(Predictions((), (nothing,), {}, {})).message
    )
    assert len(rows) == found.tracks

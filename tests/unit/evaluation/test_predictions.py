"""Predictions: every track gets its row, and every column of a row agrees with the others."""

import json

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest
from frames import changed
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from model_rows import fma_tables, spotify_binned
from pyarrow import csv

from expectations.check import check
from genrelab.evaluation.genre_predictions import Predictor, _hashes, _numbers, predict
from genrelab.evaluation.predictions import (
    StoredModel,
    columns_of,
    join,
    row_hashes,
)
from genrelab.evaluation.prior_shift import OutOfFoldMeans
from genrelab.lake import stored_rows
from genrelab.lake.number_file import NumberFile
from genrelab.lake.stored_rows import StoredRows
from genrelab.models.calibration import Calibration
from genrelab.models.tasks import FMA_TOP_GENRE, SPOTIFY_BINS_CLASSIC
from genrelab.runtime.errors import GenrelabError
from genrelab.tables import TABLES
from genrelab.tables.predictions import PREDICTIONS, TOLERANCE
from genrelab_cli.commands.tables import _flat

LABELS = ("classical", "dance", "pop", "rock")


class Says:
    """An estimator that answers what it is given, a row of probabilities a track."""

    def __init__(self, proba: np.ndarray) -> None:
        self.proba = proba

    def predict_proba(self, features: pd.DataFrame) -> np.ndarray:
        """The first rows of what it was given."""
        return self.proba[: len(features)]


def stored(proba: np.ndarray, **changes: object) -> StoredModel:
    """A stored model of the four labels."""
    given = {
        "name": "spotify-bins-classic",
        "version": 3,
        "estimator": Says(np.asarray(proba)),
        "labels": LABELS,
        "features": SPOTIFY_BINS_CLASSIC.features,
    }
    return StoredModel(**{**given, **changes})


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    """Tracks with and without a label, with and without features."""
    data = spotify_binned()
    ids = pa.array([f"id{row}" for row in data["source_row"].to_pylist()])
    return join(SPOTIFY_BINS_CLASSIC, {"spotify_binned": data.append_column("track_id", ids)})


@pytest.fixture(scope="module")
def rows(frame: pd.DataFrame) -> pa.Table:
    """Predictions of made-up probabilities."""
    proba = np.random.default_rng(1).dirichlet([0.5] * 4, len(frame))
    return predict(SPOTIFY_BINS_CLASSIC, frame, stored(proba)).rows


def test_every_track_has_a_row_with_or_without_a_label(rows, frame):
    """Unlabelled tracks are predicted; tracks without a feature have a row without a prediction."""
    assert len(rows) == len(frame) == 400
    unlabelled = rows.filter(rows["label"].is_null())
    assert (len(unlabelled), unlabelled["genre"].null_count) == (10, 0)
    without = rows.filter(pa.compute.invert(rows["has_features"]))
    assert len(without) == without["genre"].null_count == without["probabilities"].null_count == 5


def test_rows_are_in_source_order(rows):
    """Numeric file order, then the number of the record."""
    assert rows["source"].to_pylist() == sorted(
        rows["source"].to_pylist(), key=["info_2.csv", "info_10.csv"].index
    )


def test_the_columns_of_a_row_agree(rows):
    """Best and second are the first two of the ranked list, which holds every label and sums to one."""
    for row in rows.filter(rows["has_features"]).to_pylist():
        ranked = row["probabilities"]
        assert [one["genre"] for one in ranked[:2]] == [row["genre"], row["second_genre"]]
        assert [one["probability"] for one in ranked[:2]] == [row["probability"], row["second_probability"]]
        assert {one["genre"] for one in ranked} == set(LABELS)
        assert row["probability_sum"] == pytest.approx(sum(one["probability"] for one in ranked))
        assert abs(row["probability_sum"] - 1) <= TOLERANCE


def test_the_suite_accepts_them_and_refuses_what_is_no_probability(rows):
    """Derived from the declaration: range, sum, closed set, key."""
    assert check(PREDICTIONS, rows).rows == {}
    wrong = changed(rows, "probability_sum", 3, 0.7)
    broken = {position: found[0].rule for position, found in check(PREDICTIONS, wrong).rows.items()}
    assert broken == {3: "probability_sum: 0.999968 to 1.00003"}
    doubled = pa.concat_tables([rows, rows.slice(0, 1)])
    assert {rule.rule for found in check(PREDICTIONS, doubled).rows.values() for rule in found} == {
        "task, source, source_row: unique"
    }


def test_equal_probabilities_keep_the_order_of_the_labels(frame):
    """Nothing depends on chance."""
    rows = predict(SPOTIFY_BINS_CLASSIC, frame, stored(np.full((len(frame), 4), 0.25))).rows
    told = rows.filter(rows["has_features"])
    assert set(told["genre"].to_pylist()) == {"classical"}
    assert set(told["second_genre"].to_pylist()) == {"dance"}


def test_a_row_counts_as_fitted_on_by_its_features(frame):
    """Twins of a fitted row are known too, whatever their name; rows without features never are."""
    features = frame[list(SPOTIFY_BINS_CLASSIC.features)]
    complete = features.notna().all(axis=1).to_numpy()
    twin = int(np.flatnonzero(features.duplicated(keep=False) & complete)[0])
    model = stored(np.full((len(frame), 4), 0.25), fitted=row_hashes(features.iloc[[twin]]))
    known = predict(SPOTIFY_BINS_CLASSIC, frame, model).rows["was_fitted_on"].to_pylist()
    same = (features == features.iloc[twin]).all(axis=1).tolist()
    assert known == same
    assert sum(known) == 2


def test_a_model_that_does_not_say_what_it_knows_is_taken_to_know_its_part(frame):
    """Every labelled row of the training part, and no other."""
    model = stored(np.full((len(frame), 4), 0.25), fitted=None)
    rows = predict(SPOTIFY_BINS_CLASSIC, frame, model).rows.to_pandas()
    expected = (frame["part"] == "train") & frame["bin_classic"].notna() & rows["has_features"]
    assert (rows["was_fitted_on"] == expected).all()


def test_a_model_of_other_columns_is_told_apart(frame):
    """The message names what is missing."""
    model = stored(np.full((len(frame), 4), 0.25), features=("energy", "sparkle"))
    with pytest.raises(
        GenrelabError, match=r"version 3 of spotify-bins-classic cannot be applied.*no column sparkle"
    ):
        predict(SPOTIFY_BINS_CLASSIC, frame, model)


def test_a_model_takes_its_own_columns_in_its_own_order(frame):
    """A version stored with fewer features is applied to those."""

    class Sees(Says):
        def predict_proba(self, features: pd.DataFrame) -> np.ndarray:
            assert list(features) == ["valence", "energy"]
            return super().predict_proba(features)

    model = stored([], estimator=Sees(np.full((len(frame), 4), 0.25)), features=("valence", "energy"))
    assert len(predict(SPOTIFY_BINS_CLASSIC, frame, model).rows) == len(frame)
    assert columns_of(SPOTIFY_BINS_CLASSIC, model.features)["spotify_binned"][-2:] == ["valence", "energy"]
    assert "tempo" not in columns_of(SPOTIFY_BINS_CLASSIC, model.features)["spotify_binned"]


def test_fma_tracks_are_those_with_features_labelled_or_not():
    """Two in three have Echo Nest features; those without a top genre are predicted as well."""
    frame = join(FMA_TOP_GENRE, fma_tables())
    proba = np.tile([0.6, 0.3, 0.1], (len(frame), 1))
    model = stored(
        proba,
        name="fma-top-genre",
        labels=("Electronic", "Folk", "Rock"),
        features=FMA_TOP_GENRE.features,
    )
    rows = predict(FMA_TOP_GENRE, frame, model).rows
    assert len(rows) == 200
    assert rows["label"].null_count == 20
    assert rows["genre"].null_count == 0
    assert rows["track_id"].to_pylist()[:3] == ["2", "3", "5"]
    assert check(PREDICTIONS, rows).rows == {}


def test_csv_holds_every_probability_as_json(rows):
    """Exported for a spreadsheet, the list is text that can be read back."""
    sink = pa.BufferOutputStream()
    csv.write_csv(_flat(rows.slice(0, 1)), sink)
    back = csv.read_csv(pa.BufferReader(sink.getvalue()))
    assert json.loads(back["probabilities"][0].as_py()) == rows["probabilities"][0].as_py()


def test_the_table_is_declared():
    """`genrelab tables` and the data dictionary know it."""
    assert TABLES["predictions"] is PREDICTIONS


@given(arrays(np.float64, (6, 3), elements=st.floats(-1e6, 1e6)))
def test_hashes_tell_rows_apart_by_their_values_alone(values):
    """The same values give the same hash wherever they stand; -0.0 is 0.0; other values give another one."""
    features = pd.DataFrame(values, columns=list("abc"))
    hashes = row_hashes(features)
    assert (row_hashes(features.iloc[::-1]) == hashes[::-1]).all()
    assert (row_hashes(features.astype(object).astype("float64") * -1 * -1) == hashes).all()
    assert (
        row_hashes(pd.DataFrame(-0.0 + values * 0, columns=list("abc"))) == row_hashes(features * 0)
    ).all()
    distinct = {tuple(row) for row in (values + 0.0).tolist()}
    assert len(set(hashes.tolist())) == len(distinct)


def calibration(expected: dict[str, float], temperature: float = 1.0) -> Calibration:
    """A calibration of the four labels, with artists' means sharpened."""
    shares = dict.fromkeys(LABELS, 0.25)
    return Calibration(temperature, 2.0, 0.0, shares, 0.0, OutOfFoldMeans(expected, 5_000))


def test_the_artists_other_tracks_are_a_prediction_of_their_own(frame):
    """Averaged, calibrated as a mean, never mixed into the track's own; rows of the same track are one track."""
    proba = np.random.default_rng(2).dirichlet([0.5] * 4, len(frame))
    some = frame.assign(artist_group=[f"artist:{row % 90}" if row >= 20 else None for row in frame.index])
    model = stored(proba, published_by=calibration(dict.fromkeys(LABELS, 0.25)))
    rows = predict(SPOTIFY_BINS_CLASSIC, some, model).rows
    said = rows.to_pandas()

    assert check(PREDICTIONS, rows).rows == {}
    alone = said["artist_tracks"] == 0
    assert alone[said["has_features"]][:15].all()
    assert (said.loc[alone, "artist_probability"] == said.loc[alone, "probability"]).all()
    group = said[(some["artist_group"] == "artist:40") & said["has_features"]]
    own = group["probabilities"].map(lambda ranked: {one["genre"]: one["probability"] for one in ranked})
    table = pd.DataFrame(own.tolist())[list(LABELS)].to_numpy()
    assert (group["artist_tracks"] == len(group) - 1).all()
    mean = (0.5 * table[0] + 0.5 * table[1:].mean(axis=0)) ** 2  # 2 is the exponent of means
    assert group["artist_genre"].iloc[0] == LABELS[mean.argmax()]
    assert group["artist_probability"].iloc[0] == pytest.approx(mean.max() / mean.sum(), abs=1e-5)
    before = predict(SPOTIFY_BINS_CLASSIC, frame.assign(artist_group=None), model).rows
    assert before["probability"].equals(rows["probability"])


def test_another_mix_is_published_beside_the_probabilities(frame):
    """Training tracks averaged to mostly pop, these do not: adjusted columns for tracks that were not fitted on."""
    proba = np.random.default_rng(3).dirichlet([0.5] * 4, len(frame))
    expected = dict(zip(LABELS, (0.1, 0.1, 0.7, 0.1), strict=True))
    moved = predict(SPOTIFY_BINS_CLASSIC, frame, stored(proba, published_by=calibration(expected)))
    rows = moved.rows.to_pandas()

    assert check(PREDICTIONS, moved.rows).rows == {}
    assert [mix.has_moved for mix in moved.mixes if not mix.problem] == [True]
    is_there = rows["adjusted_genre"].notna()
    assert is_there.any()
    assert not (is_there & (rows["was_fitted_on"] | ~rows["has_features"])).any()
    pop = (rows["genre"] == "pop") & is_there
    assert (rows.loc[pop, "adjusted_probability"] != rows.loc[pop, "probability"]).all()
    same = predict(SPOTIFY_BINS_CLASSIC, frame, stored(proba)).rows
    assert same["probability"].equals(moved.rows["probability"])
    assert same["adjusted_genre"].null_count == len(frame)


class Sure(Says):
    """An estimator that is sure of one genre for every track."""

    def predict_proba(self, features: pd.DataFrame) -> np.ndarray:
        """The same for each row; a missing value must never come here."""
        assert features.notna().to_numpy().all()
        return np.tile(self.proba, (len(features), 1))


def sure(genre: str, without: tuple[str, ...] = ()) -> StoredModel:
    """A champion that does without some features."""
    ending = "".join(f"-without-{name}" for name in without)
    features = tuple(name for name in SPOTIFY_BINS_CLASSIC.features if name not in without)
    proba = np.array([0.97 if name == genre else 0.01 for name in LABELS])
    return stored(proba, estimator=Sure(proba), name=f"spotify-bins-classic{ending}", features=features)


def in_batches(frame: pd.DataFrame, models: list[StoredModel], rows: int = 7) -> pa.Table:
    """The rows of `predictions` of a frame that comes in batches of so many rows."""
    predictor = Predictor(SPOTIFY_BINS_CLASSIC, models)
    batches = [frame.iloc[start : start + rows] for start in range(0, len(frame), rows)]
    for batch in batches:
        predictor.gather(batch)
    predictor.finish()
    return pa.concat_tables([predictor.rows(batch) for batch in batches])


def with_gaps(frame: pd.DataFrame) -> pd.DataFrame:
    """A third without the time signature, some without the mode too, some without anything."""
    frame = frame.copy()
    frame.loc[frame.index % 3 == 0, "time_signature"] = None
    frame.loc[frame.index % 9 == 0, "mode"] = None
    frame.loc[frame.index % 27 == 0, list(SPOTIFY_BINS_CLASSIC.features)] = None
    return frame


def test_a_track_is_predicted_by_the_champion_of_the_most_features_it_has(frame):
    """Rows stay in their order; none is predicted by a champion that takes what it lacks."""
    frame = with_gaps(frame)
    less = ("time_signature",)
    rows = in_batches(frame, [sure("rock", less), sure("pop"), sure("dance", (*less, "mode"))])

    said = rows.to_pandas()
    assert said["source_row"].tolist() == frame["source_row"].tolist()
    whole = frame[list(SPOTIFY_BINS_CLASSIC.features)].notna()
    assert (said.loc[whole.all(axis=1), "genre"] == "pop").all()
    only_less = ~whole["time_signature"] & whole.drop(columns="time_signature").all(axis=1)
    assert only_less.any()
    assert (said.loc[only_less, "genre"] == "rock").all()
    assert (said.loc[only_less, "model"] == "spotify-bins-classic-without-time_signature").all()
    neither = ~whole["time_signature"] & ~whole["mode"] & whole["energy"] & whole["tempo"]
    assert (said.loc[neither, "genre"] == "dance").all()
    unserved = ~whole.drop(columns=["time_signature", "mode"]).all(axis=1)
    assert said.loc[unserved, "genre"].isna().all()
    assert (said.loc[unserved, "has_features"] == False).all()  # noqa: E712 - a column
    assert set(said["task"]) == {"spotify-bins-classic"}
    assert check(PREDICTIONS, rows).rows == {}


def test_a_champion_is_not_applied_without_one_of_its_features(frame):
    """The only one takes time signatures, which no track has any more: nobody is predicted, nothing is made up."""
    frame = frame.assign(time_signature=None)

    rows = in_batches(frame, [sure("pop")])

    assert rows["genre"].null_count == len(frame)
    assert set(rows["has_features"].to_pylist()) == {False}


def test_one_champion_alone_says_what_it_says_by_itself(frame):
    """Nothing changes where no feature is missing."""
    rows = in_batches(frame, [sure("pop")])

    assert rows.equals(predict(SPOTIFY_BINS_CLASSIC, frame, sure("pop")).rows)


HALF = Calibration(0.5, 1.0, 1.0, {"classical": 0.02, "dance": 0.2, "pop": 0.6, "rock": 0.18})


def test_published_probabilities_are_calibrated(frame):
    """The square root of each, brought to a sum of 1; the order stays."""
    proba = np.tile([0.04, 0.36, 0.49, 0.11], (len(frame), 1))

    row = predict(SPOTIFY_BINS_CLASSIC, frame, stored(proba, published_by=HALF)).rows.to_pylist()[0]

    roots = np.sqrt([0.04, 0.36, 0.49, 0.11])
    assert row["decision"] == "most-accurate"
    assert (row["genre"], row["second_genre"]) == ("pop", "dance")
    assert row["probability"] == pytest.approx(0.7 / roots.sum(), abs=1e-6)
    assert [one["genre"] for one in row["probabilities"]] == ["pop", "dance", "rock", "classical"]


def test_the_fair_decision_names_other_genres_by_the_same_probabilities(frame):
    """Both the first and the second; the list stays most probable first."""
    proba = np.random.default_rng(2).dirichlet([0.5] * 4, len(frame))
    model = stored(proba, published_by=HALF)

    decisions = ("most-accurate", "fair")
    plain, fair = (predict(SPOTIFY_BINS_CLASSIC, frame, model, each).rows for each in decisions)

    assert plain["probabilities"].equals(fair["probabilities"])
    assert set(fair["decision"].to_pylist()) == {"fair"}
    assert fair["genre"].to_pylist().count("classical") > plain["genre"].to_pylist().count("classical")
    for row in fair.to_pylist():
        if row["genre"] is None:
            continue
        by = {one["genre"]: one["probability"] for one in row["probabilities"]}
        first, second = sorted(by, key=lambda genre: -by[genre] / HALF.priors[genre])[:2]
        assert (row["genre"], row["second_genre"]) == (first, second)
        assert (row["probability"], row["second_probability"]) == (by[first], by[second])
    for found in (plain, fair):
        assert check(PREDICTIONS, found).rows == {}


def test_a_champion_without_a_calibration_is_used_as_it_is(frame):
    """Its own probabilities, and the most probable genre, whatever the decision."""
    proba = np.tile([0.04, 0.36, 0.49, 0.11], (len(frame), 1))

    row = predict(SPOTIFY_BINS_CLASSIC, frame, stored(proba), "fair").rows.to_pylist()[0]

    assert (row["decision"], row["genre"], row["probability"]) == ("most-accurate", "pop", 0.49)


@pytest.mark.parametrize("decision", ["most-accurate", "fair"])
def test_probabilities_of_0_and_1_are_published(frame, decision):
    """Every genre is possible, and the row stays a row."""
    proba = np.tile([1.0, 0.0, 0.0, 0.0], (len(frame), 1))

    row = predict(SPOTIFY_BINS_CLASSIC, frame, stored(proba, published_by=HALF), decision).rows.to_pylist()[0]

    assert row["genre"] == "classical"
    assert 0.99 < row["probability"] <= 1


class ByTempo:
    """An estimator whose probabilities depend on the features of a row alone."""

    classes_ = np.arange(4)

    def predict_proba(self, features: pd.DataFrame) -> np.ndarray:
        """Shape (rows, 4)."""
        tempo = features["tempo"].to_numpy()[:, None]
        raw = 1.1 + np.sin(tempo * np.arange(1, 5))
        return raw / raw.sum(axis=1, keepdims=True)


@pytest.mark.parametrize("rows", [1, 7, 1_000])
def test_batches_of_any_size_give_the_same_rows(frame, rows):
    """What is known of all rows (artists, collections) is the same for each batch; files and artists are shared."""
    frame = with_gaps(frame).assign(artist_group=[f"artist:{row % 90}" for row in frame.index])
    expected = dict(zip(LABELS, (0.1, 0.1, 0.7, 0.1), strict=True))
    model = stored(np.empty((0, 4)), estimator=ByTempo(), published_by=calibration(expected))
    whole = predict(SPOTIFY_BINS_CLASSIC, frame, model)

    assert any(mix.has_moved for mix in whole.mixes)
    assert in_batches(frame, [model], rows).equals(whole.rows)


def test_rows_in_files_are_judged_in_batches_like_rows_in_memory(rows, tmp_path, monkeypatch):
    """A list of another row, and a probability that is not in its list, are found at the same place."""
    wrong = changed(changed(rows, "probability", 40, 0.123456), "genre", 41, "opera")
    pq.write_table(wrong, tmp_path / "rows.parquet", row_group_size=16)
    monkeypatch.setattr(stored_rows, "BATCH", 7)
    found = check(PREDICTIONS, StoredRows(ds.dataset(str(tmp_path / "rows.parquet"), format="parquet")))

    assert {40, 41} <= set(found.rows)
    assert found == check(PREDICTIONS, wrong)


def test_an_artist_has_one_number_in_batches_with_and_without_gaps():
    """Whole numbers are floats in a batch that lacks one; 0 is an artist, a missing id is none."""
    waiting = NumberFile(np.uint64)
    for batch in ([5, 0, 7], [5.0, np.nan, 0.0]):
        waiting.append(_hashes(pd.Series(batch)))

    found = _numbers(waiting)

    assert found[0] == found[3] != found[2]
    assert found[1] == found[5] != found[0]
    assert found[4] == -1
    assert set(found) == {-1, 0, 1, 2}

"""Kinds of targets: from a column to a judged prediction, for sets of labels, numbers and places."""

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
from model_rows import Quick
from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.multiclass import OneVsRestClassifier
from sklearn.neighbors import KNeighborsClassifier

from genrelab.evaluation.geography import great_circle_km
from genrelab.evaluation.results import Thresholds
from genrelab.evaluation.thresholds import named
from genrelab.models.data import prepare
from genrelab.models.declaration import Model
from genrelab.models.kinds import KINDS, ONE_LABEL, SEVERAL_LABELS
from genrelab.models.task import KEPT, NUMBER, PLACE, Task
from genrelab.models.task import ONE_LABEL as ONE
from genrelab.models.task import SEVERAL_LABELS as SEVERAL
from genrelab.models.training import best_candidate, train_task
from genrelab.runtime.errors import GenrelabError

FEATURES = ("first", "second", "third")


def rows_of(rows: int = 600) -> dict[str, pa.Table]:
    """Tracks whose genres, listens and place follow from three features, with FMA's own split by artist."""
    rng = np.random.default_rng(8)
    artist = rng.integers(90, size=rows)
    values = rng.normal(size=(90, 3))[artist] + rng.normal(0, 0.5, (rows, 3))
    genres = [[10 * (at + 1) for at in range(3) if row[at] > 0.3] for row in values]
    genres[0] = [10, 99]  # a genre of one track, which no training row has
    part = np.array(["training", "training", "validation", "test"])[artist % 4]
    part[0] = "test"
    return {
        "fma_tracks": pa.table(
            {
                "source": ["made"] * rows,
                "source_row": list(range(1, rows + 1)),
                "track_id": list(range(1, rows + 1)),
                "artist_id": artist.tolist(),
                "split": part.tolist(),
                "genres": genres,
                "listens": (values @ [2.0, 1.0, 0.0] + rng.normal(0, 0.3, rows)).tolist(),
                "artist_latitude": (50 + 5 * values[:, 0]).tolist(),
                "artist_longitude": (10 + 8 * values[:, 1]).tolist(),
                **{name: values[:, at].tolist() for at, name in enumerate(FEATURES)},
            }
        )
    }


def task_of(kind: str, target: str, *columns: str) -> Task:
    """A task with FMA's own split."""
    return Task(
        name="made",
        title="Made",
        experiment="made",
        predicts="made",
        rule_set="",
        columns={
            "fma_tracks": ("source", "source_row", "track_id", "artist_id", "split", *columns, *FEATURES)
        },
        target=target,
        features=FEATURES,
        splits=("random", "validation", "official"),
        gate="validation",
        shown="official",
        family="made",
        duplicates=(KEPT,),
        group="artist_id",
        kind=kind,
    )


def model(name: str, estimator: object, **changes: object) -> Model:
    """A model of an estimator."""
    return replace(Model(name, name, "Made.", lambda _seed, _cores, _budget: estimator, ()), **changes)


TASKS = {
    SEVERAL: task_of(SEVERAL, "genres", "genres"),
    NUMBER: task_of(NUMBER, "listens", "listens"),
    PLACE: task_of(PLACE, "artist_", "artist_latitude", "artist_longitude"),
}
MODELS = {
    SEVERAL: (
        model("knn", KNeighborsClassifier(15)),
        model("forest", RandomForestClassifier(20, random_state=1)),
        model("one_vs_rest", OneVsRestClassifier(LogisticRegression())),
    ),
    NUMBER: (model("ridge", Ridge()), model("forest", RandomForestRegressor(20, random_state=1))),
    PLACE: (model("ridge", Ridge()), model("forest", RandomForestRegressor(20, random_state=1))),
}


@pytest.fixture(scope="module")
def trained():
    """A training of each kind."""
    return {
        kind: train_task(prepare(task, rows_of()), task, MODELS[kind], Quick())
        for kind, task in TASKS.items()
    }


@pytest.mark.parametrize("kind", list(TASKS))
def test_a_declared_task_is_trained_chosen_and_scored(trained, kind):
    """Baselines come first; the best on the gate is chosen; every score with an interval lies within it."""
    one, of = trained[kind], KINDS[kind]
    names = [result.model.name for result in one.results]

    assert not one.failures
    assert names == [each.name for each in (*of.baselines, *MODELS[kind])]
    best = best_candidate(one)
    if kind == SEVERAL:
        assert best.scores["cv/jaccard"] == max(candidate.value for candidate in one.candidates)
    else:
        on_gate = [result.scores[f"validation/{of.loss}"] for result in one.results]
        sign = -1 if of.scores[of.loss].is_loss else 1
        assert sign * best.scores[f"validation/{of.loss}"] == max(sign * value for value in on_gate)
    for result in one.results:
        for name in of.scores:
            for split in ("random", "validation", "official"):
                value = result.scores[f"{split}/{name}"]
                assert np.isfinite(value)
                low, high = (result.scores[f"{split}/{name}_{end}"] for end in ("low", "high"))
                assert low <= value <= high


def test_what_there_is_to_learn_is_learned(trained):
    """Planted sets, numbers and places are found on artists never seen, far beyond the baselines."""
    scores = {kind: best_candidate(one).scores for kind, one in trained.items()}
    constant = {kind: one.results[-len(MODELS[kind]) - 1].scores for kind, one in trained.items()}

    assert scores[SEVERAL]["official/jaccard"] > 0.7
    assert constant[SEVERAL]["official/jaccard"] < 0.5
    assert scores[NUMBER]["official/r2"] > 0.9
    assert abs(constant[NUMBER]["official/r2"]) < 0.1
    assert scores[PLACE]["official/great_circle_km"] < 50
    assert constant[PLACE]["official/great_circle_km"] > 300


def test_a_label_that_no_training_row_has_is_reported(trained):
    """Genre 99 is there, gets probability 0, and the run says that no training row has it."""
    one = trained[SEVERAL]
    result = best_candidate(one)

    assert one.data.labels == (10, 20, 30, 99)
    assert one.data.single == ("99",)
    assert result.labels == (10, 20, 30)
    assert (result.evaluations["official"].proba[:, 3] == 0).all()
    assert "no row of 99" in result.fitted_on


def test_thresholds_are_chosen_on_folds_and_judge_every_split(trained):
    """Nothing is chosen on the gate: its truth plays no part in what names labels there."""
    for result in trained[SEVERAL].results:
        thresholds, labels = result.published_by, trained[SEVERAL].data.labels
        assert thresholds.compared
        assert result.params["threshold"] == result.scores["cv/threshold"] == thresholds.overall
        for split in ("validation", "official"):
            one = result.evaluations[split]
            decided = named(one.proba, labels, thresholds)
            both, either = (decided & one.y_true).sum(axis=1), (decided | one.y_true).sum(axis=1)
            assert result.scores[f"{split}/jaccard"] == pytest.approx((both / either).mean())
            assert "thresholds chosen on folds by artist" in one.how


def test_every_model_of_sets_has_its_score_on_folds_and_a_curve(trained):
    """Baselines too, which are no candidates."""
    one = trained[SEVERAL]

    assert {candidate.model for candidate in one.candidates} == {model.name for model in MODELS[SEVERAL]}
    assert all(candidate.score == "jaccard" for candidate in one.candidates)
    for result in one.results:
        assert 0 < result.scores["cv/jaccard"] <= 1
        steps = [point.threshold for point in result.threshold_curve]
        assert steps == sorted(steps)
        assert len(steps) > 10


def test_rows_without_a_target_are_counted():
    """An empty set, a missing number and half a place are no targets."""
    table = rows_of(40)["fma_tracks"]
    genres, listens, latitude = (table[name].to_pylist() for name in ("genres", "listens", "artist_latitude"))
    genres = [given or [10] for given in genres]
    genres[3], genres[4], listens[5], latitude[6] = [], None, None, None
    changed = {"genres": genres, "listens": listens, "artist_latitude": latitude}
    for name, values in changed.items():
        table = table.set_column(table.column_names.index(name), name, pa.array(values))
    left_out = {kind: prepare(task, {"fma_tracks": table}).without_label for kind, task in TASKS.items()}

    assert left_out == {SEVERAL: 2, NUMBER: 1, PLACE: 1}


def test_one_set_for_all_tracks_cannot_be_trained():
    """One genre that all tracks have leaves nothing to predict: the message says so."""
    table = rows_of(40)["fma_tracks"]
    given = {"fma_tracks": table.set_column(5, "genres", pa.array([[10]] * 40))}

    with pytest.raises(GenrelabError, match="at least two labels"):
        prepare(TASKS[SEVERAL], given)


def test_a_random_split_keeps_labels_in_proportion_and_sets_as_they_come():
    """Strata are the labels of one label per row; the other kinds have none."""
    assert ONE_LABEL.strata(np.array(["a", "b"])).tolist() == ["a", "b"]
    assert {len(np.unique(KINDS[kind].strata(np.eye(4)))) for kind in (SEVERAL, NUMBER, PLACE)} == {1}


def test_decisions_become_values_of_a_column_again():
    """The most probable label, the set from the threshold on, the number itself."""
    proba = np.array([[0.2, 0.5, 0.3], [0.6, 0.4, 0.0]])
    one = ONE_LABEL.judge(np.array([1, 0]), proba)
    several = SEVERAL_LABELS.judge(proba > 0.1, proba, ("a", "b", "c"), Thresholds(0.3, {}, 0, 0, ()))

    assert ONE_LABEL.decode(one.decided, ("a", "b", "c")) == ["b", "a"]
    assert SEVERAL_LABELS.decode(several.decided, ("a", "b", "c")) == [("b", "c"), ("a", "b")]
    assert KINDS[NUMBER].decode(np.array([1.5, 2.0]), ()) == [1.5, 2.0]


def test_sets_become_a_matrix_and_back():
    """Reading a column of lists and decoding the matrix gives the sets."""
    frame = pa.table({"genres": [[3, 1], [2], [1]]}).to_pandas()
    matrix, labels = SEVERAL_LABELS.read(frame, "genres")

    assert labels == (1, 2, 3)
    assert SEVERAL_LABELS.decode(matrix, labels) == [(1, 3), (2,), (1,)]


def test_the_central_place_is_one_of_the_training_places(trained):
    """The baseline answers the training place with the least mean distance."""
    one = trained[PLACE]
    result = one.results[0]
    train = one.data.target[(one.data.columns["split"] == "training").to_numpy()]
    answer = result.evaluations["official"].proba

    assert (answer == answer[0]).all()
    means = [great_circle_km(place, train).mean() for place in train]
    assert great_circle_km(answer[0], train).mean() == pytest.approx(min(means))


def test_one_label_stays_the_default():
    """A task that says nothing predicts one label."""
    assert replace(TASKS[NUMBER], kind=ONE).kind == ONE
    assert Task.__dataclass_fields__["kind"].default == ONE


def test_a_thorough_training_of_numbers_makes_no_curves_and_no_searches():
    """What explains one label only is left out, and nothing fails."""
    task = replace(TASKS[NUMBER], has_champion=False)
    one = train_task(prepare(task, rows_of()), task, MODELS[NUMBER], Quick(budget="thorough"))

    assert not one.failures
    assert not one.comparisons
    assert {result.search for result in one.results} == {None}
    assert not any(result.importances or result.confusion for result in one.results)

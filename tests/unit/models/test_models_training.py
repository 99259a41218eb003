"""Tasks, fitting and training: the right rows, the contract's names, the same seed the same scores."""

import json
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
from model_rows import Quick, fma_tables, spotify_binned
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier

from genrelab.analyses.training.collection import model_of, training_of
from genrelab.analyses.training.pages.matrices import confusion_view
from genrelab.analyses.training.result import Training
from genrelab.analyses.training.runs import model_run
from genrelab.evaluation.scores import SCORES
from genrelab.lake.version import Counts, TableVersion
from genrelab.models.calibration import calibrated
from genrelab.models.data import make_splits, prepare, variant_rows
from genrelab.models.declaration import Model
from genrelab.models.fitting import ModelError, fit, probabilities
from genrelab.models.search import Search
from genrelab.models.tasks import FMA_TOP_GENRE, SPOTIFY_BINS_CLASSIC, TASKS, spotify_bins
from genrelab.models.training import best_candidate, train_task
from genrelab.models.zoo import MODELS, find_models, models_for
from genrelab.runtime.errors import GenrelabError
from genrelab.runtime.records import decode, encode

VERSION = TableVersion("spotify_binned", 0, "0@now", Counts(1, 1), "pulls", False, "2026-03-12")
LIGHT = find_models(["majority", "logistic_regression"])


@pytest.fixture(scope="module")
def trained(data):
    return train_task(data, SPOTIFY_BINS_CLASSIC, LIGHT, Quick())


def test_rows_without_a_label_or_a_feature_are_left_out_and_counted(data):
    """400 rows, 10 unbinned, 5 without tempo."""
    assert (len(data), data.read, data.without_label, data.lacking_some) == (385, 400, 10, 5)
    assert data.note() == (
        "385 of 400 rows used; left out: 10 without a label, 0 without features, 5 that lack some features"
    )


def test_rows_come_in_source_order(data):
    """Numeric file order, then record number: the author's split depends on it."""
    sources = data.columns["source"].tolist()

    assert sources == sorted(sources, key=lambda name: int(name.removeprefix("info_").removesuffix(".csv")))
    assert data.columns.groupby("source")["source_row"].is_monotonic_increasing.all()


def test_only_rows_in_both_tables_are_used_for_fma():
    """Echo Nest knew two tracks in three; the rest of them lack a genre or are used."""
    data = prepare(FMA_TOP_GENRE, fma_tables())

    assert data.read == 200
    assert len(data) + data.without_label == 200
    assert data.labels == ("Electronic", "Folk", "Rock")


def test_a_missing_column_is_named():
    """A table of an earlier version lacks the part."""
    table = spotify_binned().drop_columns(["part"])

    with pytest.raises(GenrelabError, match=r"spotify_binned lacks columns.*allowed: .*part"):
        prepare(SPOTIFY_BINS_CLASSIC, {"spotify_binned": table})


def test_one_label_is_not_enough():
    """Nothing to predict where all is pop."""
    table = spotify_binned()
    only = table.filter(pa.compute.equal(table["bin_classic"], "pop"))

    with pytest.raises(GenrelabError, match="cannot be trained; found: 1 labels"):
        prepare(SPOTIFY_BINS_CLASSIC, {"spotify_binned": only})


def test_only_the_classic_bins_have_the_authors_split():
    """Another rule set makes other labels, which the published scores say nothing of."""
    assert "author" in SPOTIFY_BINS_CLASSIC.splits
    assert "author" not in spotify_bins("reviewed").splits
    assert spotify_bins("reviewed").name == "spotify-bins-reviewed"


@pytest.mark.parametrize("task", TASKS.values(), ids=lambda task: task.name)
def test_every_task_reads_what_it_uses(task):
    """Target and features are among the columns; gate and shown split are among the splits."""
    columns = {column for columns in task.columns.values() for column in columns}

    assert {task.target, *task.features} <= columns
    assert {task.gate, task.shown} <= set(task.splits)
    assert models_for(task.family)


def test_each_model_has_a_result_with_and_without_duplicates(trained):
    """Duplicates kept have the author's split, duplicates removed do not."""
    assert [(result.model.name, result.duplicates) for result in trained.results] == [
        ("majority", "kept"),
        ("logistic_regression", "kept"),
        ("majority", "removed"),
        ("logistic_regression", "removed"),
    ]
    kept, removed = trained.results[1], trained.results[3]
    assert list(kept.evaluations) == ["author", "random", "gate", "grouped"]
    assert list(removed.evaluations) == ["random", "gate", "grouped"]
    assert kept.rows == 385
    assert removed.rows == 345
    assert trained.failures == {}


def test_metrics_are_named_by_the_contract(trained):
    """Every split has six scores with two ends, its size and a baseline; calibrated ones further predictions too.

    The candidate has what a perfect model's ECE would be too.
    """
    splits, size = ("random", "gate", "grouped"), ("rows", "artists", "largest_artist", "baseline_accuracy")
    decided = ("accuracy", "macro_f1", "balanced_accuracy")
    expected = {
        f"{split}/{name}{end}" for split in splits for name in SCORES for end in ("", "_low", "_high")
    }
    expected |= {f"{split}/{name}" for split in splits for name in size}
    plain = set(expected)
    expected |= {
        f"{split}/fair_{name}{end}"
        for split in splits[1:]
        for name in decided
        for end in ("", "_low", "_high")
    }
    perfect = {f"{split}/ece_perfect_{end}" for split in splits for end in ("mean", "p95")}

    expected |= {f"{split}/artist_mean_rows" for split in splits[1:]}
    expected |= {
        f"{split}/artist_mean_{name}{what}{end}"
        for split in splits[1:]
        for name in ("accuracy", "macro_f1", "log_loss", "ece")
        for what in ("", "_difference")
        for end in ("", "_low", "_high")
    }

    assert set(trained.results[2].scores) == plain
    assert set(trained.results[3].scores) == expected | perfect


def test_the_baseline_is_the_majority_of_the_training_rows(trained):
    """And the majority model reaches exactly that."""
    majority = trained.results[0]

    for split, one in majority.evaluations.items():
        assert one.majority == "pop"
        assert majority.scores[f"{split}/accuracy"] == majority.scores[f"{split}/baseline_accuracy"]
        assert majority.scores[f"{split}/baseline_accuracy"] == pytest.approx(np.mean(one.y_true == "pop"))


def test_no_row_is_judged_by_a_model_that_was_fitted_on_its_artist(data):
    """Gate and grouped: parts are disjoint by artist group."""
    rows = np.arange(len(data))
    groups = data.columns["artist_group"].to_numpy()

    for split in make_splits(SPOTIFY_BINS_CLASSIC, data, rows, 1):
        if split.name in {"gate", "grouped"}:
            assert not set(groups[split.train]) & set(groups[split.test])


def test_evaluations_point_to_the_rows_they_judge(trained, data):
    """Also where duplicates were removed first."""
    for result in trained.results:
        for one in result.evaluations.values():
            assert data.target[one.rows].tolist() == one.y_true.tolist()


def test_the_stored_estimator_is_the_one_the_gate_judged(trained, data):
    """Its probabilities on the rows of the gate, calibrated, are those of the evaluation."""
    best = best_candidate(trained)

    gate = best.evaluations["gate"]
    again = probabilities(best.estimator, best.labels, data.features.iloc[gate.rows], data.labels)
    assert best.stored_split == "gate"
    assert np.array_equal(calibrated(again, best.published_by), gate.proba)
    assert gate.is_calibrated
    assert "gate and grouped" in best.fitted_on
    assert "(calibrated on folds by artist)" in best.fitted_on


def test_the_candidate_is_no_baseline_and_was_trained_without_duplicates(trained):
    """Only its estimator stays in memory."""
    best = best_candidate(trained)

    assert (best.model.name, best.duplicates) == ("logistic_regression", "removed")
    assert [result.estimator is not None for result in trained.results] == [False, False, False, True]


def test_the_best_model_of_a_task_without_a_champion_has_the_lowest_log_loss_on_the_gate(trained):
    """It is only shown, so no folds are made for it."""
    good = trained.results[-1]
    rash = replace(good, scores={**good.scores, "gate/macro_f1": 0.99, "gate/log_loss": 5.0})
    variant = replace(trained, task=replace(trained.task, has_champion=False), candidates=())

    assert best_candidate(replace(variant, results=(rash, good))) is good
    assert best_candidate(replace(variant, results=(rash,))) is rash


def test_scores_of_the_gate_choose_no_candidate(trained):
    """However they look: the folds decided."""
    good = trained.results[-1]
    rash = replace(good, scores={**good.scores, "gate/log_loss": 5.0})

    assert best_candidate(replace(trained, results=(rash,))) is rash


def test_the_splits_that_the_folds_know_nothing_of_keep_the_models_own_probabilities(trained):
    """The author's and the random one, and all of the variant with duplicates."""
    kept, removed = trained.results[1], trained.results[3]

    assert [one.split for one in removed.evaluations.values() if one.is_calibrated] == ["gate", "grouped"]
    assert not any(one.is_calibrated for one in kept.evaluations.values())
    assert kept.published_by is None


def test_the_same_seed_gives_the_same_scores(data, trained):
    """Every number but the times."""
    again = train_task(data, SPOTIFY_BINS_CLASSIC, LIGHT, Quick())

    assert [dict(one.scores) for one in again.results] == [dict(one.scores) for one in trained.results]


@pytest.mark.parametrize("name", ["random_forest", "xgboost"])
def test_trees_are_reproducible_too(data, name):
    """On two cores, twice, and with another seed another model."""
    one, again, other = (
        train_task(
            data,
            replace(SPOTIFY_BINS_CLASSIC, duplicates=("removed",), splits=("gate", "grouped")),
            find_models([name]),
            Quick(seed=seed, cores=2),
        ).results[0]
        for seed in (1, 1, 2)
    )

    assert dict(one.scores) == dict(again.scores)
    assert one.scores["gate/log_loss"] != other.scores["gate/log_loss"]


def test_models_learn_what_can_be_learned(data):
    """Each beats the baseline beyond its interval on genres that differ."""
    task = replace(SPOTIFY_BINS_CLASSIC, duplicates=("removed",), splits=("gate", "grouped"))
    results = train_task(data, task, models_for("spotify", "quick"), Quick()).results

    assert len(results) > 5
    for result in results:
        if not result.model.is_baseline:
            assert result.scores["grouped/macro_f1_low"] > results[0].scores["grouped/macro_f1"]
            assert {one.feature for one in result.importances} == set(data.features.columns)


def test_fma_is_judged_on_its_official_parts():
    """Validation for the gate, test for the report."""
    trained = train_task(prepare(FMA_TOP_GENRE, fma_tables()), FMA_TOP_GENRE, LIGHT, Quick())

    result = trained.results[1]
    assert list(result.evaluations) == ["validation", "official"]
    assert result.stored_split == "validation"
    assert result.scores["official/accuracy"] > result.scores["official/baseline_accuracy"]
    assert best_candidate(trained).model.name == "logistic_regression"


def test_coefficients_are_named_by_genre_and_feature(trained, data):
    """One row per genre for a linear model, none for the baseline."""
    assert set(trained.results[1].coefficients) == set(data.labels)
    assert trained.results[0].coefficients == {}
    assert trained.results[0].importances == ()


def test_a_label_that_training_lacks_gets_no_probability():
    """A genre that stands in the test part alone is judged, not forgotten; what it gets is smoothing alone."""
    table = spotify_binned(duplicates=0)
    rows = table.to_pylist()
    of_test = next(row for row in rows if row["part"] == "test" and row["bin_classic"] and row["tempo"])
    of_test["bin_classic"] = "focus/sleep"
    data = prepare(SPOTIFY_BINS_CLASSIC, {"spotify_binned": pa.Table.from_pylist(rows, schema=table.schema)})

    result = train_task(
        data, replace(SPOTIFY_BINS_CLASSIC, splits=("gate", "grouped"), duplicates=("kept",)), LIGHT, Quick()
    ).results[1]

    column = data.labels.index("focus/sleep")
    assert "focus/sleep" not in result.labels
    smoothing = result.published_by.smoothing / len(data.labels)
    raised = smoothing**result.published_by.temperature
    assert result.evaluations["grouped"].proba[:, column].max() <= 2 * max(raised, 1e-6)
    assert result.per_class["grouped"][column].support == 1


def test_results_are_handed_over_as_they_come(data):
    """An interrupted training keeps what was finished."""
    seen = []

    def stop(result):
        seen.append((result.model.name, result.estimator is not None))
        if len(seen) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train_task(data, SPOTIFY_BINS_CLASSIC, LIGHT, Quick(), stop)
    assert seen == [("majority", True), ("logistic_regression", True)]


def broken(_seed, _cores, _budget):
    return LogisticRegression(C=-1.0)


BROKEN = Model("broken", "Broken", "It is refused by its estimator.", broken, ("spotify",))


def test_one_broken_model_does_not_stop_the_others(data):
    """It is named with its reason, and the rest goes on."""
    trained = train_task(data, SPOTIFY_BINS_CLASSIC, (BROKEN, *LIGHT), Quick())

    assert len(trained.results) == 4
    assert set(trained.failures) == {
        "broken, duplicates kept",
        "broken, folds",
        "broken, duplicates removed",
    }
    assert [one.model for one in trained.candidates] == ["logistic_regression"]
    assert "broken cannot be fitted" in trained.failures["broken, duplicates kept"]


def test_a_training_without_any_result_says_why(data):
    """All models broken."""
    with pytest.raises(GenrelabError, match=r"no model of spotify-bins-classic could be trained.*broken"):
        train_task(data, SPOTIFY_BINS_CLASSIC, (BROKEN,), Quick())


def test_a_gate_without_rows_is_named():
    """All artists in train: nothing can be judged."""
    table = spotify_binned()
    table = table.set_column(table.column_names.index("part"), "part", pa.array(["train"] * len(table)))

    with pytest.raises(GenrelabError, match="the split gate has no rows in its test part"):
        train_task(
            prepare(SPOTIFY_BINS_CLASSIC, {"spotify_binned": table}), SPOTIFY_BINS_CLASSIC, LIGHT, Quick()
        )


def test_an_unknown_model_is_named_with_those_there_are():
    """A slip of the pen in the settings."""
    with pytest.raises(GenrelabError, match=r"no such model; found: forrest; allowed: majority, .*xgboost"):
        find_models(["forrest"])


def test_other_columns_are_refused(trained, data):
    """A champion of other features cannot judge these rows."""
    best = best_candidate(trained)

    with pytest.raises(ModelError, match=r"cannot be applied.*found: energy; allowed: acousticness, "):
        probabilities(best.estimator, best.labels, data.features[["energy"]], data.labels)


def test_every_model_says_why_it_is_there():
    """Names are unique, and a blend's parts stand before it."""
    names = [model.name for model in MODELS]
    assert len(set(names)) == len(names)
    for model in MODELS:
        assert model.why.endswith(".")
        assert model.families
        if model.recipe:
            assert set(model.recipe.parts) <= set(names[: names.index(model.name)])


def test_the_result_has_everything_that_the_report_shows(trained):
    """Scores with their ends, baselines, matrices and references; its record gives it back."""
    run_ids = {(one.model.name, one.duplicates): one.model.name for one in trained.results}
    task = training_of(trained, VERSION, run_ids, None)

    run = task.runs[1]
    assert task.task == "spotify-bins-classic"
    assert (run.model, run.run_id) == ("logistic_regression", "logistic_regression")
    score = run.scores["author/accuracy"]
    assert score.low <= score.value <= score.high
    assert set(run.baseline) == {"author", "random", "gate", "grouped"}
    assert np.array(run.confusion["grouped"]).shape == (4, 4)
    assert [one.genre for one in run.per_class["grouped"]] == list(task.labels)
    assert sum(one.count for one in run.calibration["grouped"]) == np.sum(run.confusion["grouped"])
    assert task.references[0].split == "author"
    assert decode(Training, json.loads(json.dumps(encode(task), allow_nan=False))) == task


def test_a_run_in_mlflow_holds_what_the_report_shows(trained, data):
    """Pictures that name model and split, drawn from the report's own traces; the numbers as files of JSON."""
    best = best_candidate(trained)
    run = model_run(best, trained.task, data, (VERSION,), Quick())

    assert set(run.views) == {"confusion_matrix.png", "calibration.png", "importances.png"}
    ((confusion,),) = run.views["confusion_matrix.png"]
    assert (
        confusion.title == f"{best.model.label}: {best.scores['grouped/accuracy']:.1%} right, split grouped"
    )
    assert confusion.traces == confusion_view(model_of(best), "grouped", data.labels).traces
    assert set(run.files) == {
        "model_card.md",
        "confusion_matrix.json",
        "per_class_report.json",
        "calibration.json",
        "importances.json",
    }
    assert run.files["model_card.md"].startswith(f"# {best.model.label}: ")
    assert run.files["confusion_matrix.json"]["grouped"] == best.confusion["grouped"]
    assert run.metrics.items() >= best.scores.items()
    assert json.loads(json.dumps(run.files, allow_nan=False)) == run.files


def test_a_blend_has_the_parameters_of_its_parts(data):
    """By the name of the part, as plain values; what a search chose for a part is among them."""
    task = replace(SPOTIFY_BINS_CLASSIC, splits=("gate", "grouped"))
    (blend,) = find_models(["blend"])
    rows = variant_rows(data, "removed")
    chosen = {"extratreesclassifier__min_samples_leaf": 7}
    searched = {"extra_trees": Search(trials=(), chosen=chosen, wanted=1, was_cut=False, rows=0)}
    made = fit(
        blend,
        task,
        data,
        rows,
        make_splits(task, data, rows, 24),
        settings=Quick(),
        duplicates="removed",
        searched=searched,
    )

    assert {f"weight_{name}" for name in blend.recipe.parts} < set(made.params)
    for part in blend.recipe.parts:
        assert any(name.startswith(f"{part}__") for name in made.params)
    assert made.params["extra_trees__extratreesclassifier__min_samples_leaf"] == 7
    assert all(isinstance(value, str | int | float | bool) for value in made.params.values())


def test_a_model_that_the_rows_are_too_few_for_is_named_and_the_rest_goes_on(data):
    """More neighbours than rows: the failure has the model's name, the others are trained."""

    def impossible(*_):
        return KNeighborsClassifier(len(data) + 1)

    task = replace(
        SPOTIFY_BINS_CLASSIC, duplicates=("removed",), splits=("gate", "grouped"), is_searched=False
    )
    few = replace(find_models(["decision_tree"])[0], name="too_few", build=impossible)
    trained = train_task(data, task, [*find_models(["majority"]), few], Quick())
    assert [result.model.name for result in trained.results] == ["majority"]
    assert any("too_few" in name for name in trained.failures)

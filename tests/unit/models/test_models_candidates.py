"""Candidates: who challenges, whatever the order in which models come, and that no champion locks the gate."""

import itertools
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
from model_rows import Quick, fma_tables, spotify_binned

from genrelab.models import candidates
from genrelab.models.calibration import Calibration, calibrated, losses
from genrelab.models.candidates import CandidateFolds, CandidateOnFolds, choose, may_challenge
from genrelab.models.champion import decide
from genrelab.models.data import prepare
from genrelab.models.on_folds import OnFolds, calibrate
from genrelab.models.out_of_fold import FOLDS, make_folds, out_of_fold, seen_labels, training_rows
from genrelab.models.tasks import FMA_TOP_GENRE, SPOTIFY_BINS_CLASSIC
from genrelab.models.training import best_candidate, train_task
from genrelab.models.zoo import MODELS, find_models

TASK = replace(SPOTIFY_BINS_CLASSIC, splits=("gate", "grouped"), duplicates=("removed",))
PLAIN = Calibration(1.0, 1.0, 0.0, {})
ARTISTS = np.repeat(np.arange(80), 3)


def judged(name: str, extra: float, noise: float, complexity: int = 2, seed: int = 0) -> CandidateOnFolds:
    """Losses that all models share, and what one model adds to them by artist."""
    base = np.random.default_rng(99).exponential(size=len(ARTISTS))
    own = np.random.default_rng(seed).normal(0, noise, size=80)
    (model,) = find_models(["xgboost"])
    declared = replace(model, name=name, label=name, complexity=complexity)
    return CandidateOnFolds(declared, OnFolds(PLAIN, base + extra + (own - own.mean())[ARTISTS], {}))


def test_the_lowest_log_loss_challenges_if_no_simpler_model_is_near():
    """Far apart: complexity plays no part."""
    found = choose([judged("simple", 0.3, 0.1, 1), judged("best", 0.0, 0.1, 4, seed=1)], ARTISTS)

    assert [(one.model, one.is_chosen, one.is_near) for one in found] == [
        ("best", True, True),
        ("simple", False, False),
    ]
    assert found[1].behind == pytest.approx(0.3)


def test_within_one_standard_error_the_simplest_challenges():
    """It is paired, with artists as clusters: the error of the mean over 80 artists."""
    best, near = judged("best", 0.0, 0.0, 4), judged("near", 0.02, 1.0, 1, seed=1)
    found = {one.model: one for one in choose([best, near], ARTISTS)}

    own = (near.found.losses - best.found.losses)[::3]
    assert found["near"].behind_error == pytest.approx(own.std() / np.sqrt(80))
    assert found["near"].is_chosen
    assert not found["best"].is_chosen
    farther = judged("near", 0.02 + 2 * found["near"].behind_error, 1.0, 1, seed=1)
    assert next(one for one in choose([best, farther], ARTISTS) if one.is_chosen).model == "best"


def test_the_order_in_which_models_come_changes_nothing():
    """All orders of four candidates, two of them equal in everything but the name."""
    models = [
        judged("a", 0.02, 0.5, 3, seed=1),
        judged("b", 0.0, 0.5, 4, seed=2),
        judged("c", 0.02, 0.5, 3, seed=1),
        judged("d", 0.4, 0.5, 1, seed=3),
    ]

    first, *others = [choose(order, ARTISTS) for order in itertools.permutations(models)]

    assert all(found == first for found in others)
    assert sum(one.is_chosen for one in first) == 1


def test_models_trained_in_another_order_give_the_same_candidates(data):
    """Folds, calibrations and the choice are those of rows and seed alone."""
    models = find_models(["logistic_regression", "decision_tree", "knn"])

    one, other = (train_task(data, TASK, order, Quick()) for order in (models, models[::-1]))

    assert one.candidates == other.candidates
    assert len(one.candidates) == 3
    assert best_candidate(one).model.name == best_candidate(other).model.name
    assert best_candidate(one).published_by == best_candidate(other).published_by


def test_folds_keep_artists_apart_and_hold_no_row_of_gate_or_test(data):
    """Every training row is predicted once."""
    rows = training_rows(TASK, data, 24)
    folds = make_folds(TASK, data, rows, 24)
    groups = data.columns["artist_group"].to_numpy()

    assert len(folds) == FOLDS
    assert sorted(np.concatenate([held for _, held in folds])) == rows.tolist()
    assert set(data.columns["part"].to_numpy()[rows]) == {"train"}
    for train, held in folds:
        assert not set(groups[train]) & set(groups[held])


def test_a_blend_is_made_from_its_parts_on_the_folds_without_a_fit(data):
    """No job is left for it."""
    (blend,) = find_models(["blend"])
    rows = training_rows(TASK, data, 24)
    generator = np.random.default_rng(1)
    known = {name: generator.dirichlet(np.ones(4), size=len(rows)) for name in blend.recipe.parts}

    def refuse(*_):
        raise AssertionError("a part was fitted")

    proba = out_of_fold(blend, TASK, data, rows, Quick(), known=known, run=refuse)

    weights = [blend.recipe.parts[name] for name in known]
    assert proba == pytest.approx(np.average(list(known.values()), axis=0, weights=weights))


def test_jobs_may_be_done_in_any_order_elsewhere(data):
    """Each fit stands alone."""
    (model,) = find_models(["decision_tree"])
    rows = training_rows(TASK, data, 24)

    def backwards(work, jobs):
        return [work(*job) for job in list(jobs)[::-1]][::-1]

    assert np.array_equal(
        out_of_fold(model, TASK, data, rows, Quick(), run=backwards),
        out_of_fold(model, TASK, data, rows, Quick()),
    )


def with_artists(count: int, **more) -> pa.Table:
    """A table whose training artists are so many, with gate and test as they are."""
    table = spotify_binned(**more).to_pylist()
    training = [row for row in table if row["part"] == "train"]
    for place, row in enumerate(training):
        row["artist_group"] = f"artist {place % count}"
    return pa.Table.from_pylist(table, schema=spotify_binned(**more).schema)


@pytest.mark.parametrize("count", [1, 3])
def test_too_few_artists_make_no_candidate_and_say_so(count):
    """One artist only, or fewer than folds: models are trained and scored, and nobody challenges."""
    data = prepare(TASK, {"spotify_binned": with_artists(count)})

    trained = train_task(data, TASK, find_models(["logistic_regression"]), Quick())

    assert best_candidate(trained) is None
    assert trained.candidates == ()
    assert len(trained.results) == 1
    assert "no model of spotify-bins-classic can be a candidate" in trained.failures["candidates"]
    assert f"training rows of {count} artist" in trained.failures["candidates"]
    assert trained.results[0].published_by is None


def test_an_artist_with_half_of_all_rows_is_one_fold_s():
    """The others share the rest."""
    data = prepare(TASK, {"spotify_binned": with_artists(60)})
    rows = training_rows(TASK, data, 24)
    groups = data.columns["artist_group"].to_numpy(dtype=object).copy()
    groups[rows[: len(rows) // 2]] = "the one"
    data = replace(data, columns=data.columns.assign(artist_group=groups))

    trained = train_task(data, TASK, find_models(["logistic_regression"]), Quick())

    assert best_candidate(trained).model.name == "logistic_regression"


def test_a_label_of_one_artist_is_left_out_of_the_folds_for_all_models(data):
    """No fit could know it: its rows neither choose nor calibrate."""
    rows = training_rows(TASK, data, 24)
    target = data.target.astype(object).copy()
    own = np.flatnonzero(data.columns["artist_group"] == data.columns["artist_group"].iloc[rows[0]])
    target[own] = "ambient"
    single = replace(data, target=target.astype(str), labels=("ambient", *data.labels))
    folds = CandidateFolds(TASK, single, Quick())
    (model,) = find_models(["logistic_regression"])

    calibration = folds.judge(model, {}).published_by

    assert 0 < (~folds.seen).sum() == np.isin(rows, own).sum()
    assert seen_labels(single, rows, make_folds(TASK, single, rows, 24)).tolist() == folds.seen.tolist()
    assert 0.5 < calibration.temperature < 2
    assert calibration.priors["ambient"] == 0


def test_a_model_that_is_judged_meanwhile_does_no_harm(data, monkeypatch):
    """Fits are done side by side: while candidates are compared, another thread may add one."""
    folds = CandidateFolds(TASK, data, Quick())
    model, other = find_models(["logistic_regression", "xgboost"])
    folds.judge(model, {})
    first = folds._judged[model.name]

    def may(*_: object) -> bool:
        folds._judged[other.name] = CandidateOnFolds(other, first.found)
        return True

    monkeypatch.setattr(candidates, "may_challenge", may)

    assert [one.model for one in folds.candidates([model.name])] == [model.name]


def test_who_may_challenge():
    """No baseline, none that says why not, none fitted on a sample of these rows; only for tasks with a champion."""
    able = {one.name for one in MODELS if may_challenge(one, TASK, Quick(), 21_609)}

    assert {"xgboost", "random_forest", "logistic_regression", "blend", "mlp"} <= able
    assert not able & {"majority", "weighted_random_forest", "hist_gradient_boosting", "rbf_svm"}
    (machine,) = find_models(["rbf_svm"])
    assert may_challenge(machine, TASK, Quick(), 10_000)
    assert may_challenge(machine, TASK, Quick(budget="thorough"), 21_609)
    assert not may_challenge(machine, replace(TASK, has_champion=False), Quick(), 100)


def test_the_fma_folds_are_those_of_its_own_training_part():
    """Its validation part is the gate."""
    data = prepare(FMA_TOP_GENRE, fma_tables())

    trained = train_task(data, FMA_TOP_GENRE, find_models(["logistic_regression"]), Quick())

    assert set(data.columns["split"].to_numpy()[training_rows(FMA_TOP_GENRE, data, 24)]) == {"training"}
    assert trained.results[0].evaluations["official"].is_calibrated


LABELS = ["a", "b", "c"]
SKILLS = {"linear": (1, 0.35), "tree": (2, 0.9), "derived": (3, 1.3), "blend": (4, 1.35), "wild": (2, 0.7)}
"""Complexity, and how much each model knows of the truth; the wild one is far too sure."""


class World:
    """Folds and a gate with synthetic probabilities; artists are alike in what is hard about them."""

    def __init__(self, seed: int, artists: int = 150) -> None:
        generator = np.random.default_rng(seed)
        self.artists = {
            part: np.repeat(np.arange(artists), generator.integers(1, 8, artists)) for part in ("cv", "gate")
        }
        self.truth, self.proba = {}, {}
        for part, of_row in self.artists.items():
            truth = generator.choice(3, len(of_row), p=[0.6, 0.3, 0.1])
            shared = generator.normal(size=(artists, 3))[of_row] + generator.normal(size=(len(of_row), 3))
            self.truth[part] = truth
            for name, (_, skill) in SKILLS.items():
                logits = skill * 2 * np.eye(3)[truth] + shared + 0.3 * generator.normal(size=shared.shape)
                logits *= 4 if name == "wild" else 1
                raised = np.exp(logits - logits.max(axis=1, keepdims=True))
                self.proba[part, name] = raised / raised.sum(axis=1, keepdims=True)

    def judged(self):
        """Every model on the folds."""
        found = []
        for name, (complexity, _) in SKILLS.items():
            (model,) = find_models(["xgboost"])
            model = replace(model, name=name, label=name, complexity=complexity)
            target = np.asarray(LABELS)[self.truth["cv"]]
            found.append(
                CandidateOnFolds(model, calibrate(self.proba["cv", name], target, LABELS, self.artists["cv"]))
            )
        return found

    def night(self, champion: str | None, judged: list[CandidateOnFolds]) -> str | None:
        """The champion after a night that begins with one, or with none."""
        chosen = next(one.model for one in choose(judged, self.artists["cv"]) if one.is_chosen)
        return chosen if self.decided(chosen, champion, judged).promoted else champion

    def can_tell(self, better: str, worse: str, judged: list[CandidateOnFolds]) -> bool:
        """Whether the gate sees that one model is better than another."""
        return self.decided(better, worse, judged).promoted

    def decided(self, challenger: str, champion: str | None, judged: list[CandidateOnFolds]):
        """The decision on a challenger; no champion is None."""
        by = {one.model.name: one.found.published_by for one in judged}
        published = {name: calibrated(self.proba["gate", name], by[name]) for name in by}
        return decide(
            np.asarray(LABELS)[self.truth["gate"]],
            published[challenger],
            published[champion] if champion else None,
            LABELS,
            groups=self.artists["gate"],
            challenger_is_sample=False,
            seed=1,
        )


class Rows:
    """What `judge` needs of a task's rows."""

    labels = tuple(LABELS)

    def __init__(self, target: np.ndarray) -> None:
        self.target = target


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_no_champion_locks_the_gate(seed):
    """From every champion and from none, nights end at the challenger or at what the gate cannot tell from it."""
    world = World(seed)
    judged = world.judged()
    chosen = next(one.model for one in choose(judged, world.artists["cv"]) if one.is_chosen)

    for first in (None, *SKILLS):
        champion, before = world.night(first, judged), first
        for order in itertools.islice(itertools.permutations(judged), 3):
            before, champion = champion, world.night(champion, list(order))
        assert champion == before, "it settled"
        assert champion == chosen or not world.can_tell(chosen, champion, judged)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_clearly_better_candidate_is_promoted_whatever_macro_f1_says(seed):
    """Over the linear model and over the one that is too sure, and from an empty registry."""
    world = World(seed)
    judged = world.judged()
    chosen = next(one.model for one in choose(judged, world.artists["cv"]) if one.is_chosen)

    assert chosen in {"derived", "blend"}
    assert {world.night(first, judged) for first in (None, "linear", "wild")} == {chosen}


def test_losses_of_a_label_that_gets_no_probability_are_finite():
    """As in scikit-learn, they are those of the smallest number."""
    assert np.isfinite(losses(np.array([[1.0, 0.0]]), np.array([1]))).all()

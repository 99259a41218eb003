"""The models of the study: pairwise coupling, networks that stop, folds, blends, scores."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from origin_facts import made_study, made_tracks

from genrelab.analyses.origin.blends import WEIGHTS, candidates_for, choose, halves
from genrelab.analyses.origin.folds import predict_held_out
from genrelab.analyses.origin.models import COORDINATES, COUNTRY, LATITUDE, MODELS, SearchBudget
from genrelab.analyses.origin.networks import NETWORKS, StoppedNetwork, by_epoch
from genrelab.analyses.origin.pairwise import PairwiseSVM, couple
from genrelab.analyses.origin.scores import difference, evaluate, majority_share
from genrelab.evaluation.geography import central_place

EFFORT = SearchBudget(trees=10, epochs=15)


@given(st.lists(st.floats(0.02, 1), min_size=2, max_size=6))
def test_consistent_pairs_give_back_their_distribution(weights):
    """r_ij = p_i / (p_i + p_j) is solved by p itself (Wu, Lin and Weng 2004)."""
    p = np.array(weights) / sum(weights)
    pairs = p[:, None] / (p[:, None] + p[None])

    assert couple(pairs[None])[0] == pytest.approx(p, abs=1e-6)


def test_the_pairwise_machine_knows_balls_apart():
    """Probabilities add up to one, the right country leads."""
    tracks = made_tracks()
    model = PairwiseSVM().fit(tracks.features[::2], tracks.place[::2])
    proba = model.predict_proba(tracks.features[1::2])

    assert proba.sum(axis=1) == pytest.approx(1)
    assert (proba >= 0).all()
    assert (model.predict(tracks.features[1::2]) == tracks.place[1::2]).mean() > 0.9


def test_two_classes_are_one_machine():
    """The side of its decision is the side of one half."""
    tracks = made_tracks()
    model = PairwiseSVM().fit(tracks.features, tracks.is_north)

    assert ((model.predict_proba(tracks.features)[:, 1] > 0.5) == model.predict(tracks.features)).all()
    assert (model.machine_.predict(tracks.features) == model.predict(tracks.features)).all()


def test_a_network_stops_and_keeps_its_best_epoch():
    """On labels without sense the loss on held-out rows soon rises; the weights kept are those before."""
    rng = np.random.default_rng(1)
    features, target = rng.normal(size=(200, 30)), rng.random(200) > 0.5
    network = StoppedNetwork((32,), seed=2, epochs=200, patience=8).fit(features, target)

    assert len(network.losses_) == network.best_epoch_ + 8 < 200
    assert network.losses_[network.best_epoch_ - 1] == min(network.losses_)
    again = StoppedNetwork((32,), seed=2, epochs=network.best_epoch_, patience=8).fit(features, target)
    assert again.predict_proba(features) == pytest.approx(network.predict_proba(features))


def test_a_network_learns_what_is_there():
    """Both networks tell two sides of a plane apart."""
    rng = np.random.default_rng(1)
    features = 2 * rng.normal(size=(700, 5))
    target = features[:, 0] + features[:, 1] > 0
    for network in NETWORKS:
        model = StoppedNetwork(network.hidden, seed=1).fit(features[:600], target[:600])
        assert (model.predict(features[600:]) == target[600:]).mean() > 0.85


def test_accuracy_by_epoch_shows_the_document_s_way_and_the_honest_one():
    """The best epoch on the tracks scored is never worse than where training stops; sizes are the student project's."""
    tracks = made_tracks()
    found = by_epoch(tracks.features, tracks.is_north, NETWORKS[1], seed=1, splits=2, epochs=12)

    assert [len(getattr(found, name)) for name in ("train", "stopping", "test")] == [12, 12, 12]
    assert found.rows == {"train": 76, "stopping": 14, "test": 30}
    for best, stopped in zip(found.best_accuracy, found.stopped_accuracy, strict=True):
        assert best >= stopped
    assert found.train[-1] > found.train[0]


@pytest.fixture(scope="module")
def held_out():
    return predict_held_out(made_tracks(), repeats=2, folds=5, effort=EFFORT, seed=1, cores=2)


def test_every_model_answers_for_every_track_once_a_repeat(held_out):
    """Probabilities of places add up to one; degrees are on the globe."""
    for model in MODELS:
        answer = held_out.answers[model.name]
        assert answer.shape[:2] == (2, 120)
        if model.task == COUNTRY:
            assert answer.sum(axis=2) == pytest.approx(1)
        elif model.task == LATITUDE:
            assert ((answer >= 0) & (answer <= 1)).all()
        else:
            assert (np.abs(answer) <= (90, 180)).all()


def test_one_core_gives_the_same_answers_as_two(held_out):
    """The order in which folds finish changes nothing."""
    alone = predict_held_out(made_tracks(), repeats=2, folds=5, effort=EFFORT, seed=1, cores=1)

    assert all((alone.answers[name] == answer).all() for name, answer in held_out.answers.items())


@pytest.mark.parametrize("task", [LATITUDE, COUNTRY, COORDINATES])
def test_a_choice_never_answers_for_the_half_that_made_it(held_out, task):
    """Making the answers of one half worthless changes nothing in what is chosen for that half."""
    tracks = made_tracks()
    first = halves(tracks, 7)
    before = choose(task, held_out, tracks, 7)

    assert first.sum() == 60
    for place, half in enumerate((first, ~first)):
        spoilt = {name: answer.copy() for name, answer in held_out.answers.items()}
        for model in MODELS:
            spoilt[model.name][:, half] = np.roll(spoilt[model.name][:, half], 7, axis=1)
        after = choose(task, replace(held_out, answers=spoilt), tracks, 7)

        assert after.candidates[place] == before.candidates[place]
        assert after.on_choice[place] == before.on_choice[place]
        assert not (after.score_of_answer == before.score_of_answer).all()


def test_planted_countries_are_named():
    """Balls far apart: sides and countries right, places near."""
    best = {asked.task: asked.runs[0].scores for asked in made_study().tasks}

    assert best["latitude"]["cv/accuracy"] > 0.95
    assert best["country"]["cv/accuracy"] > 0.9
    assert (
        best["coordinates"]["cv/great_circle_km"] < 600 < best["coordinates"]["cv/baseline_great_circle_km"]
    )


def test_shuffled_origins_cannot_be_named():
    """Labels without sense: no question is answered beyond its baseline."""
    tracks = made_tracks()
    order = np.random.default_rng(3).permutation(len(tracks))
    shuffled = replace(tracks, place=tracks.place[order], coordinates=tracks.coordinates[order])
    answers = predict_held_out(shuffled, repeats=1, folds=5, effort=EFFORT, seed=1, cores=1)

    assert choose(LATITUDE, answers, shuffled, 1).score_of_answer.mean() < 0.62
    assert choose(COUNTRY, answers, shuffled, 1).score_of_answer.mean() < 0.27
    assert (
        choose(COORDINATES, answers, shuffled, 1).score_of_answer.mean()
        > 0.85 * central_place(shuffled.coordinates)[1]
    )


def test_every_candidate_blends_models_that_exist():
    """A misspelt model would only show at night."""
    names = {model.name for model in MODELS if model.task == COUNTRY}

    assert all(set(weights) <= names for weights in WEIGHTS)
    assert len(candidates_for(COORDINATES)) == 3 * len(candidates_for(COUNTRY))


def test_an_interval_comes_from_tracks_not_from_repeats():
    """Ten copies of one repeat are no more evidence than one."""
    values, alone = (np.random.default_rng(1).random((1, 200)) < 0.7).astype(float), np.arange(200)
    once = evaluate("cv", "accuracy", values, alone, 1)
    often = evaluate("cv", "accuracy", np.repeat(values, 10, axis=0), alone, 1)

    assert {**once, "cv/accuracy_sd": 0.0} == pytest.approx(often)
    assert once["cv/accuracy_low"] < values.mean() < once["cv/accuracy_high"]
    assert once["cv/accuracy_high"] - once["cv/accuracy_low"] == pytest.approx(
        2 * 1.96 * (0.21 / 200) ** 0.5, rel=0.2
    )


def test_an_interval_comes_from_countries_not_from_their_tracks():
    """Ten copies of every track of its country are no more evidence than one; the counts say what there was."""
    values, alone = (np.random.default_rng(1).random((1, 30)) < 0.7).astype(float), np.arange(30)
    one = evaluate("countries_left_out", "accuracy", values, alone, 1)
    ten = evaluate("countries_left_out", "accuracy", np.repeat(values, 10, axis=1), np.repeat(alone, 10), 1)

    assert ten == pytest.approx(one | {"countries_left_out/tracks": 300.0})
    assert ten["countries_left_out/countries"] == 30
    assert ten["countries_left_out/accuracy_high"] - ten["countries_left_out/accuracy_low"] > 0.25


def test_baselines_need_no_music():
    """The commonest label; the place from which all are least far away."""
    tracks = made_tracks()

    assert majority_share(np.array([1, 1, 1, 2])) == 0.75
    assert central_place(tracks.coordinates)[1] == pytest.approx(tracks.distances.mean(axis=1).min())
    assert difference(np.ones((2, 50)), np.zeros((2, 50)), np.arange(50), 1) == {
        "value": 1.0,
        "low": 1.0,
        "high": 1.0,
    }

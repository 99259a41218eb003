"""The champion's gate: better, worse, within noise, sample against real."""

import numpy as np
import pytest

from genrelab.models.champion import decide

LABELS = ["a", "b", "c"]
RNG = np.random.default_rng(7)
TRUTH = np.array(LABELS)[RNG.integers(3, size=600)]


def prediction(right: float, sure: float = 0.7, seed: int = 1) -> np.ndarray:
    """Probabilities that are right in a share of the rows, with `sure` on the predicted label."""
    generator = np.random.default_rng(seed)
    true = np.searchsorted(LABELS, TRUTH)
    wrong = (true + generator.integers(1, 3, size=len(TRUTH))) % 3
    predicted = np.where(generator.random(len(TRUTH)) < right, true, wrong)
    proba = np.full((len(TRUTH), 3), (1 - sure) / 2)
    proba[np.arange(len(TRUTH)), predicted] = sure
    return proba


def judge(challenger, champion, *, challenger_is_sample=False, champion_is_sample=False, **more):
    return decide(
        TRUTH,
        challenger,
        champion,
        LABELS,
        groups=np.arange(len(TRUTH)),
        challenger_is_sample=challenger_is_sample,
        champion_is_sample=champion_is_sample,
        seed=1,
        **more,
    )


def test_a_better_challenger_is_promoted():
    """Far more rows right, with the same sureness."""
    decision = judge(prediction(0.8), prediction(0.6))

    assert decision.promoted
    assert decision.reason.startswith("Promoted: better beyond noise (log loss -0.")
    assert decision.numbers["log_loss"].high < 0
    assert decision.numbers["macro_f1"].low > 0


def test_a_worse_challenger_is_not():
    """The same two the other way round."""
    decision = judge(prediction(0.6), prediction(0.8))

    assert not decision.promoted
    assert decision.reason.startswith("Not promoted: worse in log loss (log loss +0.")


@pytest.mark.parametrize("seed", [1, 2])
def test_a_difference_within_noise_changes_nothing(seed):
    """Itself, or another draw of the same skill."""
    decision = judge(prediction(0.7, seed=seed), prediction(0.7))

    assert not decision.promoted
    assert "no difference beyond noise" in decision.reason


def test_better_in_f1_but_worse_in_log_loss_is_not_promoted():
    """More rows right, but sure of the wrong ones as well."""
    decision = judge(prediction(0.75, sure=0.9999), prediction(0.6, sure=0.5))

    assert not decision.promoted
    assert "worse in log loss" in decision.reason
    assert decision.numbers["macro_f1"].low > 0


def test_a_model_of_sample_data_never_replaces_one_of_real_data():
    """However good it looks."""
    decision = judge(prediction(0.99), prediction(0.4), challenger_is_sample=True)

    assert not decision.promoted
    assert "sample data" in decision.reason
    assert decision.numbers["macro_f1"].value > 0


def test_a_model_of_real_data_replaces_one_of_sample_data():
    """Even when it is no better on the gate, as long as it beats the baseline."""
    decision = judge(prediction(0.6), prediction(0.9), champion_is_sample=True)

    assert decision.promoted
    assert "the first trained on real data" in decision.reason


def test_sample_challenges_sample_by_the_ordinary_rule():
    """Newcomers see the gate at work."""
    assert judge(
        prediction(0.8), prediction(0.6), challenger_is_sample=True, champion_is_sample=True
    ).promoted
    assert not judge(
        prediction(0.6), prediction(0.8), challenger_is_sample=True, champion_is_sample=True
    ).promoted


def test_the_first_champion_has_to_beat_the_baseline():
    """One that knows something is promoted, one that guesses is not."""
    assert judge(prediction(0.6, sure=0.5), None).promoted
    assert "the first champion" in judge(prediction(0.6, sure=0.5), None).reason
    guess = judge(np.tile([0.4, 0.3, 0.3], (len(TRUTH), 1)), None)
    assert not guess.promoted
    assert "against the baseline" in guess.reason


def test_a_real_model_that_only_guesses_does_not_replace_a_sample_one():
    """Being real is not enough."""
    assert not judge(prediction(1 / 3), prediction(0.9), champion_is_sample=True).promoted


def test_the_decision_is_the_same_for_the_same_seed():
    """Nothing in it is left to chance."""
    assert judge(prediction(0.8), prediction(0.6)) == judge(prediction(0.8), prediction(0.6))


def test_a_challenger_of_a_champion_that_cannot_be_compared_has_to_beat_the_baseline():
    """Files gone or other columns: training goes on, and a guess does not take the place."""
    won = judge(prediction(0.6, sure=0.5), None, has_champion=True)

    assert won.promoted
    assert "in place of a champion that cannot be compared" in won.reason
    assert "against the baseline" in won.reason
    assert not judge(np.tile([0.4, 0.3, 0.3], (len(TRUTH), 1)), None, has_champion=True).promoted


def test_sample_data_do_not_replace_a_real_champion_that_cannot_be_compared():
    """A missing file is no reason to forget where the champion came from."""
    decision = judge(prediction(0.99), None, has_champion=True, challenger_is_sample=True)

    assert not decision.promoted
    assert "sample data" in decision.reason
    assert decision.numbers["macro_f1"].value > 0


def test_the_double_of_a_version_that_was_rolled_back_is_not_promoted():
    """The same again, or no different beyond noise, however much better than the champion."""
    good = prediction(0.8)
    refused = {"version 3, which was rolled back on 2026-03-12 (too much pop)": good}
    decision = judge(good, prediction(0.6), refused=refused)

    assert not decision.promoted
    assert decision.reason.startswith(
        "Not promoted: no different beyond noise from version 3, which was rolled"
    )
    assert "(too much pop)" in decision.reason
    assert "Otherwise better beyond noise (log loss -0." in decision.reason
    assert judge(good, prediction(0.6)).promoted


@pytest.mark.parametrize("other", [prediction(0.95), prediction(0.7), prediction(0.8, sure=0.5)])
def test_a_challenger_unlike_what_was_rolled_back_is_promoted(other):
    """Better beyond noise than it, worse beyond noise, or as right but less sure: another model."""
    assert judge(prediction(0.8), prediction(0.5), refused={"version 3": other}).promoted


def test_a_loser_is_judged_by_the_champion_alone():
    """What was rolled back adds no second reason."""
    refused = {"version 3": prediction(0.6)}

    assert "worse in log loss" in judge(prediction(0.6), prediction(0.8), refused=refused).reason


def test_the_baseline_knows_what_training_knew():
    """A guess by the gate's own shares beats those of the training rows, which are others."""
    own = np.array([(label == TRUTH).mean() for label in LABELS])
    guess = np.tile(own, (len(TRUTH), 1))

    assert judge(guess, None, shares=np.array([0.8, 0.1, 0.1])).promoted
    assert not judge(guess, None, shares=own).promoted
    assert not judge(guess, None).promoted

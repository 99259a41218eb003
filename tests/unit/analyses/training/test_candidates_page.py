"""Why a model challenges the champion, and what its two decisions are worth, as the page says it."""

from dataclasses import replace

import pytest
from training_facts import made_candidate, made_model, made_training, made_verdict

from genrelab.analyses.training.pages.candidates import (
    calibration_sentence,
    candidates,
    challenger_sentence,
    decisions,
)
from genrelab.evaluation.results import Score

BEST = made_candidate("random_forest", 1.60, 0.0, 0.0, complexity=4)
NEAR = made_candidate("xgboost", 1.605, 0.005, 0.006, complexity=3)
FAR = made_candidate("logistic_regression", 1.71, 0.11, 0.008, complexity=1)
SCORES = {
    f"{split}/{prefix}{name}": Score(value + more, value + more - 0.02, value + more + 0.02)
    for split in ("gate", "grouped")
    for prefix, more in (("", 0.0), ("fair_", 0.03))
    for name, value in (("accuracy", 0.46), ("macro_f1", 0.31), ("balanced_accuracy", 0.30))
}
RUN = made_model(
    "random_forest", label="Random forest", scores=SCORES, fitted_on="gate 9 (calibrated)", run_id="r"
)


def chosen(one, *others):
    """Candidates of which one challenges, best first."""
    found = [replace(each, is_chosen=each is one) for each in (one, *others)]
    return tuple(sorted(found, key=lambda each: each.value))


def test_the_simplest_within_one_standard_error_is_told_as_such():
    """Not the best, and by how much it is behind."""
    training = made_training(candidates=chosen(NEAR, BEST, FAR))

    assert challenger_sentence(training) == (
        "XGBoost is the simplest of the candidates within one standard error of the best, Random forest:"
        " behind by 0.0050, standard error 0.0060."
    )


@pytest.mark.parametrize(
    ("others", "said"),
    [
        ((FAR,), "no other candidate is within one standard error"),
        ((replace(NEAR, complexity=4), FAR), "XGBoost would do as well, but no simpler model is among them"),
    ],
)
def test_the_best_challenges_where_nothing_simpler_is_near(others, said):
    """And the page says which of the two it is."""
    assert said in challenger_sentence(made_training(candidates=chosen(BEST, *others)))


def test_the_table_ranks_candidates_and_marks_the_challenger():
    """With the difference to the best and its standard error; other models are named below."""
    grid = candidates(made_training(RUN, made_model("majority"), candidates=chosen(BEST, NEAR, FAR)))

    first, second, _ = grid.rows
    assert first[0].below == "challenges the champion"
    assert (first[0].text, first[2].text) == ("Random forest", "best")
    assert (second[0].below, second[2].text, second[2].below) == ("", "+0.0050", "standard error 0.0060")
    assert "Not on the folds: Majority." in grid.caption


def test_without_candidates_nothing_is_said():
    """A variant, or too few artists."""
    training = made_training(RUN)

    assert (candidates(training), challenger_sentence(training), calibration_sentence(training)) == (
        None,
        "",
        "",
    )
    assert decisions(made_training(made_model("majority"))) is None


def test_both_decisions_of_the_champion_stand_side_by_side():
    """On gate and grouped, with the cost that the folds saw."""
    champion = made_verdict("random_forest", run_id="r")
    grid = decisions(made_training(RUN, candidates=chosen(BEST, FAR), champion=champion))

    told = [[" ".join(cell.text.split()) for cell in row] for row in grid.rows]
    assert [row[0] for row in told] == ["Most accurate", "Fair to rare genres"] * 2
    assert (told[2][2], told[3][2]) == ("46.0 %", "49.0 %")
    assert "to the power of 0.45" in grid.caption
    assert "macro F1 there" in grid.caption


def test_calibrated_scores_are_told_apart():
    """Which splits, and by what."""
    said = calibration_sentence(made_training(RUN, candidates=chosen(BEST)))

    assert "Gate" in said or "gate" in said
    assert "exponent 1.06" in said

"""Scores: what the facts say, which baseline holds, who leads, and what stands beside what."""

from dataclasses import replace

import numpy as np
import pytest
from sklearn.metrics import balanced_accuracy_score, f1_score
from training_facts import (
    fma_task,
    made_model,
    made_reference,
    made_training,
    made_verdict,
    spotify_task,
)

from genrelab.analyses.training.pages.calibration import calibration_view, describe_curve
from genrelab.analyses.training.pages.candidates import fair_sentence, ranks_sentence
from genrelab.analyses.training.pages.champion_card import champion_card
from genrelab.analyses.training.pages.charts import importances
from genrelab.analyses.training.pages.details import (
    champion_scores,
    coefficients,
    densities,
    learning_curve,
    other_draws,
    validation_curve,
)
from genrelab.analyses.training.pages.leaders import leaders
from genrelab.analyses.training.pages.matrices import confusion_view, per_class_view
from genrelab.analyses.training.pages.paired import comparisons, is_real, leader_sentence
from genrelab.analyses.training.pages.score_tables import (
    baselines,
    duplicate_effect,
    optimism_gap,
    published,
    score_cell,
    scoreboard,
    shown_splits,
    shrinkage,
    side_by_side,
)
from genrelab.analyses.training.pages.speed import speed
from genrelab.analyses.training.pages.with_artists import with_artists
from genrelab.analyses.training.result import TrainedModel
from genrelab.analyses.training.summary import score_rows
from genrelab.evaluation.results import (
    CalibrationBin,
    ClassScores,
    Comparison,
    Densities,
    Density,
    Difference,
    Importance,
    LearningCurve,
    LearningPoint,
    PerfectEce,
    Sampled,
    Score,
    SeedSpread,
    ValidationCurve,
    ValidationPoint,
)
from genrelab.report.curves import name_sides
from genrelab.report.headlines import headline, shown_run
from genrelab.report.vocabulary import find_metric
from genrelab.report.wording import NO_INTERVAL


def run_of(model: str, value: float, spread: float = 0.01, split: str = "grouped", **more) -> TrainedModel:
    """A run with one accuracy."""
    scores = {f"{split}/accuracy": Score(value, value - spread, value + spread)}
    return made_model(model, scores=scores, **more)


def scored(model: str, scores: dict[str, float]) -> TrainedModel:
    """A run with several scores, each as sure as can be."""
    exact = {name: Score(value, value, value) for name, value in scores.items()}
    return made_model(model, label=model, scores=exact)


def texts(grid) -> list[list[str]]:
    """The text of every cell, spaces made plain."""
    return [[" ".join(cell.text.split()) for cell in row] for row in grid.rows]


@pytest.mark.parametrize("sizes", [[70, 20, 10], [5, 5], [348, 200, 150, 302 - 200]])
def test_the_derived_baselines_are_those_of_always_answering_the_commonest(sizes):
    """Macro F1 and balanced accuracy of the majority follow from its share alone; scikit-learn agrees."""
    true = np.repeat(np.arange(len(sizes)), sizes)
    answers = np.full_like(true, np.argmax(sizes))
    run = made_model("majority", baseline={"grouped": max(sizes) / sum(sizes)})

    assert run.baseline_of("grouped", "macro_f1", len(sizes)) == pytest.approx(
        f1_score(true, answers, average="macro", zero_division=0)
    )
    assert run.baseline_of("grouped", "balanced_accuracy", len(sizes)) == pytest.approx(
        balanced_accuracy_score(true, answers)
    )


def test_a_baseline_that_cannot_be_derived_is_not_guessed():
    """Log loss of the majority needs more than its share."""
    run = made_model("majority", baseline={"grouped": 0.4})

    assert run.baseline_of("grouped", "ece", 12) is None
    assert run.baseline_of("grouped", "log_loss", 12) is None
    assert run.baseline_of("author", "accuracy", 12) is None


def test_the_headline_split_is_never_the_random_one():
    """New artists count first; a task with random scores only has no headline."""
    assert spotify_task().headline() == "grouped"
    assert fma_task().headline() == "official"
    assert made_training(run_of("x", 0.5, split="random")).headline() == ""


def test_equal_labels_are_told_apart_by_their_duplicates():
    """The same model with and without duplicates has two names."""
    task = made_training(
        run_of("forest", 0.5, duplicates="kept"),
        run_of("forest", 0.4, duplicates="removed"),
        run_of("x", 0.1),
    )

    assert [run.name for run in task.runs] == ["Forest (duplicates kept)", "Forest (duplicates removed)", "X"]


def against(model: str, difference: float, p: float) -> Comparison:
    """The main model minus another one."""
    part = Difference(difference, difference - 0.01, difference + 0.01)
    return Comparison(model, model.title(), part, part, p, p < 0.05)


def gated(model: str, value: float, log_loss: float, **more) -> TrainedModel:
    """A run with an accuracy and a place on the gate."""
    scores = {
        "grouped/accuracy": Score(value, value - 0.01, value + 0.01),
        "gate/log_loss": Score(log_loss, log_loss, log_loss),
    }
    return made_model(model, scores=scores, **more)


def test_what_may_be_as_good_is_said_by_the_paired_test_alone():
    """Overlapping intervals say nothing; without a test nothing is said; a baseline is no rival."""
    accuracy = find_metric("accuracy")
    runs = (
        gated("forest", 0.50, 1.5, baseline={"grouped": 0.35}),
        gated("boosting", 0.495, 1.6),
        gated("linear", 0.48, 1.7),
    )
    tested = made_training(
        *runs, comparisons=(against("boosting", 0.005, 0.01), against("linear", 0.02, 0.4))
    )

    assert leader_sentence(tested, accuracy, "grouped").endswith("one genre; Linear may be as good")
    assert leader_sentence(made_training(*runs), accuracy, "grouped").endswith(
        "above always predicting one genre"
    )
    assert "15.0" in leader_sentence(tested, accuracy, "grouped")
    assert is_real(tested) == (
        "By paired tests on new artists, Forest is more accurate than 1 of 2 other models beyond chance;"
        " Linear may be as good."
    )
    assert is_real(made_training(*runs)) == ""


@pytest.mark.parametrize(("p", "verdict"), [(0.4, ", which may be chance"), (0.01, ", beyond chance")])
def test_the_model_in_use_stands_for_its_training_even_if_another_has_a_better_test_score(p, verdict):
    """The test part chooses nothing: title, overview and comparison with others name the champion."""
    used = gated("forest", 0.45, 1.5, run_id="1", baseline={"grouped": 0.35})
    lucky = gated("boosting", 0.452, 1.6, run_id="2", baseline={"grouped": 0.35})
    task = made_training(
        lucky,
        used,
        champion=made_verdict("forest", run_id="1"),
        comparisons=(against("boosting", -0.002, p),),
    )

    title = leader_sentence(task, find_metric("accuracy"), "grouped")

    assert title.startswith("Forest, the model in use, reaches 45.0")
    assert title.endswith(f"Boosting has 45.2\N{NARROW NO-BREAK SPACE}% here{verdict}")
    run, _, split = shown_run(task)
    assert (run.model, split) == ("forest", "grouped")


def test_a_test_of_another_model_says_nothing_of_the_one_in_use():
    """The challenger was tested; a champion of an earlier place among the runs was not."""
    used = gated("forest", 0.45, 1.6, run_id="1")
    challenger = gated("boosting", 0.46, 1.5, run_id="2")
    task = made_training(
        used,
        challenger,
        champion=made_verdict("forest", run_id="1"),
        comparisons=(against("forest", 0.01, 0.4),),
    )

    assert "chance" not in leader_sentence(task, find_metric("accuracy"), "grouped")
    assert is_real(task) == ""
    assert comparisons(task).columns[0].label == "Boosting against"


def test_where_the_model_in_use_is_not_first_is_said_with_what_fairness_costs():
    """Ranks by log loss, accuracy and macro F1 on the shown split, and the price of the other decision."""
    names = ("log_loss", "accuracy", "macro_f1", "fair_accuracy", "fair_macro_f1")
    values = {"forest": (1.5, 0.45, 0.30, 0.41, 0.35), "boosting": (1.6, 0.46, 0.29, 0.4, 0.3)}
    runs = [
        scored(model, {f"grouped/{name}": value for name, value in zip(names, found, strict=True)})
        for model, found in values.items()
    ]
    runs = [replace(run, run_id=run.model) for run in runs]
    task = made_training(*runs, champion=made_verdict("forest", run_id="forest"))

    ranks, fair = (" ".join(said(task).split()) for said in (ranks_sentence, fair_sentence))

    assert ranks.startswith(
        "On new artists, forest is first by log loss, second by accuracy (first: boosting, 46.0 %) and first by macro"
    )
    assert fair.startswith(
        "Being fair to rare genres costs 4.0 points of accuracy on new artists (45.0 % to 41.0 %)"
    )
    assert "from 0.300 to 0.350" in fair
    assert (
        ranks_sentence(made_training(run_of("x", 0.5)))
        == fair_sentence(made_training(run_of("x", 0.5)))
        == ""
    )


@pytest.mark.parametrize(
    ("reason", "promoted", "words"),
    [
        (
            "Promoted: the first champion, and better (x against the baseline).",
            True,
            "there was no champion before",
        ),
        (
            "Promoted: better beyond noise (x against the champion).",
            True,
            "the champion before it beyond chance",
        ),
        ("Not promoted: no difference beyond noise.", False, "It stays"),
    ],
)
def test_the_card_says_in_words_of_the_report_what_was_compared(reason, promoted, words):
    """Scores have their names and units, and the rival of the differences is named."""
    numbers = {"top2_accuracy": "+0.0510 (+0.0400 to +0.0620)", "ece": "-0.0020"}
    verdict = made_verdict("m", promoted=promoted, reason=reason, numbers=numbers, gate_rows=1000)

    card = champion_card(made_training(run_of("m", 0.5), champion=verdict))

    assert words in card["decision"]
    assert texts(card["numbers"]) == [
        ["Correct within two predictions", "+5.1 points"],
        ["Calibration error", "\N{MINUS SIGN}0.002"],
    ]
    rival = "the baseline" if "baseline" in reason else "the champion before"
    assert card["numbers"].columns[1].below == f"challenger minus {rival}"
    assert "1,000 tracks" in card["numbers"].caption


def test_without_a_champion_the_gate_chooses_and_not_the_test_part():
    """A variant has neither champion nor candidates."""
    scores = {"gate/log_loss": 1.5, "grouped/accuracy": 0.40}
    task = made_training(
        scored("a", {**scores, "gate/log_loss": 1.6, "grouped/accuracy": 0.45}), scored("b", scores)
    )

    assert task.main_run.model == "b"
    assert task.role_of(task.main_run) == "chosen on the gate"


def test_scores_on_gate_and_test_stand_side_by_side():
    """What is left of the gate's scores on the test part, for the model in use."""
    used = scored("forest", {"gate/accuracy": 0.47, "grouped/accuracy": 0.45})
    task = made_training(used, champion=made_verdict("forest", run_id=used.run_id))

    grid = shrinkage(task)

    assert [cell.text for cell in grid.rows[0]][-1].lstrip("\N{MINUS SIGN}").startswith("2.0")
    assert shrinkage(made_training(run_of("x", 0.5))) is None


def test_lower_is_better_where_it_is():
    """Log loss ranks upwards."""
    runs = [scored(name, {"gate/log_loss": value}) for name, value in (("a", 1.7), ("b", 1.5), ("c", 1.9))]

    assert [run.model for run in made_training(*runs).ranked("gate", "log_loss")] == ["b", "a", "c"]


def test_the_champion_is_found_by_its_run():
    """Not by the kind of model: another one of that kind is not in use."""
    runs = (run_of("a", 0.5, run_id="1"), run_of("a", 0.4, run_id="2"))
    task = made_training(*runs, champion=made_verdict("a", run_id="2"))

    assert task.champion_run is task.runs[1]
    assert made_training(*runs, champion=made_verdict("gone", run_id="3")).champion_run is None
    assert made_training(run_of("b", 0.6)).champion_run is None


def test_a_champion_of_an_earlier_training_is_none_of_its_runs():
    """A challenger of the same kind that lost is not the model in use."""
    scores = {"grouped/accuracy": 0.6, "gate/log_loss": 1.5}
    task = made_training(
        scored("xgboost", scores),
        champion=made_verdict("xgboost", run_id="old"),
    )
    assert task.champion_run is None
    assert task.champion_name == task.runs[0].name
    assert "the model chosen on the gate for bins (xgboost) predicts" in headline(task)
    task = made_training(run_of("xgboost", 0.6, run_id="new"), champion=made_verdict("xgboost", run_id="new"))
    assert task.champion_run is task.runs[0]
    assert "the model in use for bins (Xgboost) predicts" in headline(task)


def test_the_random_split_stands_beside_the_grouped_one_or_not_at_all():
    """Without a grouped score the random one is left out; with one it follows it directly."""
    alone = made_training(run_of("x", 0.5, split="random"))
    both = spotify_task()

    assert shown_splits(alone, "accuracy") == []
    assert scoreboard(alone, find_metric("accuracy")) is None
    assert leaders(alone) is None
    assert shown_splits(both, "accuracy")[:2] == ["grouped", "random"]


def test_no_view_of_a_chart_shows_the_random_split_alone():
    """The picker does not offer it."""
    assert not [key for key in leaders(spotify_task()).views if "random" in key]


def test_every_score_of_the_board_has_its_split_interval_and_baseline():
    """Headings name the split and, where all runs share it, the baseline; else each row has its own."""
    task = spotify_task()
    grid = scoreboard(task, find_metric("accuracy"))

    assert [column.label for column in grid.columns][1:] == [
        "New artists", "Random tracks", "Gate", "Published split",
    ]  # fmt: skip
    assert baselines(task, "author", find_metric("accuracy")) == [0.348]
    assert grid.columns[4].below.endswith("34.8\N{NARROW NO-BREAK SPACE}%")
    assert grid.columns[1].below == ""
    for row in grid.rows:
        assert all("baseline" in cell.below for cell in row[1:3])
    assert all(" to " in cell.below.replace("\N{NO-BREAK SPACE}", " ") for cell in grid.rows[0][1:5])
    assert [cell.mark for cell in grid.rows[0][:2]] == ["champion", "best"]


def test_every_score_of_the_board_has_its_tracks_and_artists():
    """In the heading where all models were scored on the same ones, else in each cell; a dominant artist is named."""
    task = spotify_task()
    grid, fma = scoreboard(task, find_metric("accuracy")), scoreboard(fma_task(), find_metric("accuracy"))

    assert "4,928 tracks by 985 artists" in grid.columns[4].below
    assert {"5,458 tracks by 1,091 artists", "4,928 tracks by 985 artists"} == {
        row[1].below.split("\n")[1] for row in grid.rows
    }
    assert "1,900 tracks by 380 artists" in fma.columns[1].below
    assert "A single artist" not in grid.caption
    assert "A single artist has 11\N{NARROW NO-BREAK SPACE}% of FMA" in fma.caption


def test_an_interval_that_is_not_known_is_said_and_not_drawn():
    """All test rows by one artist: the score stands alone, and no lead over it is claimed."""
    one = made_model("one", scores={"official/accuracy": Score(0.6, None, None)}, calibration={})
    task = made_training(one, run_of("two", 0.5, split="official"))
    accuracy = find_metric("accuracy")

    drawing = leaders(task).first
    errors = drawing.traces[0]["error_x"]

    assert score_cell(one.score("official", "accuracy"), accuracy).below == NO_INTERVAL
    assert "may be" not in leader_sentence(task, accuracy, "official")
    assert errors["array"][0] is None
    assert errors["array"][1] > 0
    assert drawing.traces[0]["customdata"][0][1] == "not known"
    rows = score_rows(task)
    assert rows[0]["official/accuracy"] == "0.600 (no interval: one artist)"


def test_a_genre_that_the_test_part_lacks_has_no_scores():
    """Dashes and a sentence, not zeros."""
    report = (
        ClassScores("pop", 0.5, 1.0, 2 / 3, 3.0, 1.0, 0.7, artists=2),
        ClassScores("polka", 0.0, 0.0, 0.0, 0.0, 0.0, 0.3, artists=0),
    )

    view = per_class_view(made_model("m", per_class={"gate": report}), "gate")

    assert texts(view.grid)[0] == ["pop", "0.50", "1.00", "0.67", "3", "2", "100.0 %", "70.0 %"]
    confusion = confusion_view(
        made_model("m", per_class={"gate": report}, confusion={"gate": ((3, 0), (0, 0))}),
        "gate",
        ("pop", "polka"),
    )
    assert [row[0].below for row in confusion.grid.rows] == ["3 tracks by 2 artists", "0 tracks by 0 artists"]
    assert texts(view.grid)[1][1:6] == ["0.00", "\N{EN DASH}", "0.00", "0", "0"]
    assert "No track here is polka" in view.grid.caption


def test_calibration_stands_beside_that_of_a_perfect_model():
    """On the same tracks, whose number is given."""
    bins = {"official": (CalibrationBin(0.6, 0.5, 849.0),)}
    run = made_model(
        "m",
        calibration=bins,
        scores={"official/ece": Score(0.1, 0.05, 0.15)},
        sampled={"official": Sampled(849, 169, 0.11)},
        perfect_ece={"official": PerfectEce(0.0456, 0.0789)},
    )

    caption = calibration_view(run, "official").caption

    assert "849 tracks by 169 artists" in caption
    assert "0.046 on average on the same artists and at most 0.079" in caption
    assert "perfectly" not in calibration_view(made_model("n", calibration=bins), "official").caption


def test_the_champions_scores_have_interval_evidence_and_spread():
    """Where it was fitted in this training; one of an earlier training has none here."""
    run = run_of(
        "m",
        0.59,
        split="official",
        run_id="1",
        sampled={"official": Sampled(849, 169, 0.11)},
        seeds={"accuracy": SeedSpread(0.61, 0.02)},
    )
    task = made_training(run, champion=made_verdict("m", run_id="1"))

    grid = champion_scores(task)

    assert grid.columns[1].below == "849 tracks by 169 artists"
    assert texts(grid) == [["Accuracy", "59.0 %", "61.0 %"]]
    assert [" ".join(cell.below.split()) for cell in grid.rows[0][1:]] == [
        "58.0 to 60.0",
        "standard deviation 2.0 %",
    ]
    assert "A single artist has 11" in grid.caption
    assert champion_scores(made_training(run, champion=made_verdict("m", run_id="2"))) is None


def test_no_model_is_praised_below_the_baseline():
    """The best of the useless is called no better than one answer for all."""
    task = made_training(run_of("forest", 0.30, baseline={"grouped": 0.35}))

    title = leader_sentence(task, find_metric("accuracy"), "grouped")

    assert title.endswith("no better than always predicting one genre")


def test_the_optimism_gap_is_random_minus_grouped():
    """In points, with both scores beside it."""
    scores = {
        "random/accuracy": 0.5,
        "grouped/accuracy": 0.46,
        "random/macro_f1": 0.4,
        "grouped/macro_f1": 0.3,
    }
    grid = optimism_gap(made_training(scored("x", scores)))

    assert texts(grid) == [["x", "50.0 %", "46.0 %", "+4.0 points", "0.400", "0.300", "+0.100"]]
    assert optimism_gap(made_training(run_of("x", 0.5))) is None


def test_the_effect_of_duplicates_compares_the_same_kind_of_model():
    """Removed minus kept, on splits that both were scored on, each with its baseline."""
    grid = duplicate_effect(
        made_training(
            run_of("forest", 0.5, duplicates="kept", baseline={"grouped": 0.35}),
            run_of("forest", 0.46, duplicates="removed", baseline={"grouped": 0.34}),
            run_of("other", 0.2, duplicates="removed"),
        )
    )

    assert texts(grid) == [["Forest", "50.0 %", "46.0 %", "\N{MINUS SIGN}4.0 points"]]
    assert "34.0" in grid.rows[0][2].below
    assert duplicate_effect(made_training(run_of("forest", 0.5, duplicates="kept"))) is None


def test_published_results_stand_beside_ours():
    """Ours of the same kind with the difference, our best by name; what we lack is a dash."""
    grid = published(spotify_task())
    forest, network = texts(grid)[0], texts(grid)[3]

    assert forest[0] == "Random forest"
    assert forest[2:5] == ["49.5 %", "49.4 %", "\N{MINUS SIGN}0.1 points"]
    assert network[0] == "Neural network"
    assert network[3:5] == ["\N{EN DASH}", "\N{EN DASH}"]
    assert network[6] == "Random forest (duplicates kept), the model in use"


def titled(chart) -> str:
    """The title of a chart, spaces made plain."""
    return " ".join(chart.first.title.split())


def test_training_time_compares_models_that_beat_the_baseline():
    """The quickest is not the one that learned nothing; runs without a time are left out."""
    majority = run_of("majority", 0.35, baseline={"grouped": 0.35}, fit_seconds=0.01)
    forest = run_of("forest", 0.5, fit_seconds=20.0)
    task = made_training(majority, run_of("linear", 0.42, fit_seconds=2.0), forest, run_of("untimed", 0.6))

    assert (
        titled(speed(task))
        == "Linear trains in 2.0 s, Forest in 20 s: 8.0 points for 10 times the training time"
    )
    assert titled(speed(made_training(forest, run_of("linear", 0.42, fit_seconds=0.01)))) == (
        "Linear trains in under 0.1 s, Forest in 20 s and is 8.0 points more accurate"
    )
    assert titled(speed(made_training(forest, run_of("linear", 0.42, fit_seconds=18.0)))) == (
        "Linear trains in 18 s, Forest in 20 s, about as long, and is 8.0 points more accurate"
    )


def test_one_model_is_not_compared_with_itself():
    """Beside a baseline that learned nothing there is no chart of speed."""
    majority = run_of("majority", 0.35, baseline={"grouped": 0.35}, fit_seconds=0.01)
    alone = run_of("forest", 0.5, baseline={"grouped": 0.35}, fit_seconds=103.0)

    assert speed(made_training(majority, alone)) is None
    assert speed(made_training(majority)) is None


def test_over_and_underconfidence_do_not_cancel_in_the_title():
    """The mean gap of these bins is 0, and half of the tracks have a confidence that is off."""
    bins = (
        CalibrationBin(0.63, 0.48, 100.0),
        CalibrationBin(0.33, 0.48, 100.0),
        CalibrationBin(0.5, 0.5, 200.0),
    )

    assert " ".join(describe_curve(bins).split()) == (
        "confidence is off by more than 5 points for 50 % of tracks, most where it is 63 %: 48 % are correct, so it is"
        " too high"
    )
    few = (CalibrationBin(0.9, 0.1, 2.0), CalibrationBin(0.5, 0.4, 98.0))
    assert " ".join(describe_curve(few).split()).endswith(
        "most where it is 50 %: 40 % are correct, so it is too high"
    )
    assert describe_curve((CalibrationBin(0.5, 0.46, 9.0),)).endswith("for all tracks")


def test_features_are_ordered_by_what_they_weigh():
    """The first feature makes the title."""
    chart = importances(
        made_training(
            run_of(
                "x",
                0.5,
                importances=(Importance("tempo", 0.1), Importance("energy", 0.9)),
            )
        )
    )

    assert chart.first.title == "X relies most on energy"
    assert [row[0] for row in texts(chart.first.grid)] == ["energy", "tempo"]
    assert importances(made_training(run_of("x", 0.5))) is None


def test_names_of_points_never_cover_one_another():
    """Two beside one point; the others have no room and stay in the numbers."""
    sides = name_sides(["", "", *["model"] * 5], [0.0, 1.0, *[0.5] * 5], [0.0, 1.0, *[0.5] * 5])

    assert sides[2:] == ["middle right", "middle left", "", "", ""]


def test_the_models_a_reader_may_look_at_begin_with_the_champion():
    """Then the best; a variant keeps three."""
    runs = [run_of(f"m{place}", 0.3 + place / 100, run_id=f"m{place}") for place in range(14)]
    plain = made_training(*runs, champion=made_verdict("m2", run_id="m2"))
    variant = made_training(*runs, is_variant=True)

    assert [run.model for run in plain.pickable][:3] == ["m2", "m13", "m12"]
    assert len(plain.pickable) == 10
    assert [run.model for run in variant.pickable] == ["m13", "m12", "m11"]


def test_the_gap_of_the_fma_is_taken_to_its_own_test_part():
    """No artist stands on both sides there."""
    both = scored("x", {"official/accuracy": 0.6, "random/accuracy": 0.7})

    assert texts(optimism_gap(made_training(both)))[0][1:4] == ["70.0 %", "60.0 %", "+10.0 points"]


def test_published_ours_and_our_main_model_stand_side_by_side():
    """A result without a score of ours on its split has no row; the best on these test tracks is not our main model."""
    references = (made_reference("forest", 0.49), made_reference("forest", 0.5, "cv"))
    task = made_training(
        run_of("forest", 0.48, split="author"),
        run_of("lucky", 0.52, split="author"),
        scored("blend", {"author/accuracy": 0.5, "gate/log_loss": 1.5}),
        references=references,
    )

    (row,) = texts(side_by_side([task]))

    assert row[2:] == ["49.0 %", "48.0 %", "50.0 %"]


def test_paired_differences_say_which_are_real():
    """A difference by chance is called that."""
    task = made_training(
        gated("x", 0.5, 1.5),
        comparisons=(against("a", 0.02, 0.0001), against("b", 0.01, 0.4), against("c", -0.02, 0.02)),
    )

    grid = comparisons(task)

    assert [(row[0], row[3], row[4]) for row in texts(grid)] == [
        ("C", "0.020", "worse"),
        ("B", "0.400", "may be chance"),
        ("A", "below 0.001", "better"),
    ]
    assert [row[4].mark for row in grid.rows] == ["bad", "", "good"]


def test_what_models_say_of_genres_is_drawn_where_it_was_kept():
    """Coefficients, densities and curves; without them there is no chart."""
    run = run_of(
        "one_vs_rest",
        0.5,
        coefficients={"pop": {"energy": 1.5, "valence": -0.5}, "rock": {"energy": -1.0, "valence": 0.2}},
        densities=Densities("grouped", {"pop": Density((0.0, 1.0), (1.0, 0.0))}),
        validation_curve=ValidationCurve(
            "n_neighbors", 900, (ValidationPoint(1, 0.3, 0.01), ValidationPoint(15, 0.4, 0.01))
        ),
        learning_curve=LearningCurve(
            "gate", (LearningPoint(100.0, 0.4, 0.2), LearningPoint(200.0, 0.45, 0.3))
        ),
        seeds={name: SeedSpread(0.46, 0.004) for name in ("accuracy", "macro_f1", "ece")},
    )
    task, bare = made_training(run), made_training(run_of("x", 0.5))

    assert coefficients(task).first.title == "One_Vs_Rest: more energy is the strongest sign, for pop"
    assert "75" in densities(task).first.title
    assert (
        validation_curve(task).first.title
        == "One_Vs_Rest: 15 is the best value of number of neighbours tried"
    )
    assert "from 100 to 200 training tracks" in learning_curve(task).first.title
    assert texts(other_draws(task))[0][1] == "46.0 %"
    for made in (coefficients, densities, validation_curve, learning_curve, other_draws, comparisons):
        assert made(bare) is None


def test_both_predictions_of_the_champion_stand_side_by_side():
    """The track alone, with the artist's other tracks, and the paired difference; nothing without a calibration."""
    scores = {
        "grouped/accuracy": Score(0.46, 0.45, 0.47),
        "grouped/artist_mean_accuracy": Score(0.466, 0.456, 0.476),
        "grouped/artist_mean_accuracy_difference": Score(0.006, 0.003, 0.009),
        "grouped/artist_mean_rows": Score(0.26, None, None),
    }
    run = made_model("blend", scores=scores)
    training = made_training(run, champion=made_verdict("blend"))
    grid = with_artists(training)

    assert grid is not None
    assert [row[0].text for row in grid.rows] == [
        "Track alone",
        "With the artist's other tracks",
        "Difference",
    ]
    assert "26" in grid.caption
    assert "never" not in grid.caption
    assert with_artists(replace(training, runs=(replace(run, scores={}),))) is None

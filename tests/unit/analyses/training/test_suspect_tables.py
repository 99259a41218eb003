"""Suspect labels on the page of models: scores beside those of other tracks, and training without them."""

from dataclasses import replace

from training_facts import made_model, made_study, made_subsets, made_training, made_verdict, spotify_task

from genrelab.analyses.training.pages.suspects import suspect_finding, suspect_scores, suspect_study
from genrelab.analyses.training.pages.task_page import section
from genrelab.evaluation.results import Difference


def test_scores_of_both_kinds_of_tracks_stand_side_by_side() -> None:
    """One row per split and kind, with tracks, artists and intervals."""

    grid = suspect_scores(made_training(made_model(subsets=made_subsets())))
    assert grid is not None
    assert [(row[0].below, row[1].text) for row in grid.rows] == [
        ("other tracks", "4,600"),
        ("label suspect", "240"),
    ] * 2
    assert grid.rows[1][3].text.startswith("31.0")
    assert "29.0" in grid.rows[1][3].below


def test_the_champion_is_shown_before_others() -> None:
    """Without a champion that was scored so, the best model takes its place."""

    champion = made_model("champ", run_id="1", subsets=made_subsets())
    others = made_model("other", subsets=made_subsets()), made_model("third")
    grid = suspect_scores(made_training(*others, champion, champion=made_verdict("champ", run_id="1")))
    assert grid is not None
    assert grid.caption.startswith("Champ.")
    grid = suspect_scores(
        made_training(*others, replace(champion, subsets=()), champion=made_verdict("champ"))
    )
    assert grid is not None
    assert grid.caption.startswith("Other.")


def test_nothing_is_shown_without_suspect_tracks() -> None:
    training = made_training(made_model())
    assert (suspect_scores(training), suspect_study(training), suspect_finding(training)) == (None, None, "")


def test_study_says_what_was_decided() -> None:
    """The numbers are shown whatever the outcome."""

    study = made_study()
    better = study.on_clean | {"log_loss": Difference(-0.0017, -0.0030, -0.0004)}
    kept, left_out = (
        suspect_study(made_training(suspects=one)) for one in (study, replace(study, on_clean=better))
    )
    assert kept is not None
    assert left_out is not None
    assert kept.caption.startswith("Suspect labels stay in training.")
    assert left_out.caption.startswith("Suspect labels are left out of training.")
    assert [row[3].text for row in kept.rows] == [row[3].text for row in left_out.rows]
    assert "0.002" in kept.rows[0][3].text


def test_page_of_a_task_has_both_tables() -> None:
    shown = section(spotify_task())
    assert shown["suspect_scores"].rows
    assert shown["suspect_study"].rows
    assert "31.0" in shown["suspect_finding"]

"""What the pages say."""

from dataclasses import replace

from genre_study_facts import made_study
from training_facts import made_trainings

from genrelab.analyses.genre_study.pages import all_genres, genre_path
from genrelab.analyses.genre_study.pages.path_words import finding, rows_in_words
from genrelab.analyses.genre_study.pages.score_tables import comparison
from genrelab.analyses.genre_study.pages.trained import trainings
from genrelab.analyses.genre_study.result import ALL
from genrelab.report.site import summarise_site

SITE = summarise_site({})
FACTS = {"genre_study": made_study()}


def test_the_finding_compares_random_tracks_with_new_artists():
    """Both numbers are in the sentence."""
    found = made_study().studies[0]
    words = finding(found)

    assert f"{found.curve('random').mean[0]:.3f}" in words
    assert f"{found.curve('apart').mean[0]:.3f}" in words


def test_what_was_left_out_is_said():
    """Tracks without a genre, without features, and those that lack some."""
    found = made_study().studies[0]
    used = replace(found.used, without_genre=3, without_features=1, lacking_some=0)

    words = rows_in_words(replace(found, used=used))

    assert "left out: 3 without a genre and 1 without any feature" in words


def test_the_comparison_has_the_documents_figures():
    """Beside ours, with baselines."""
    rows = {row[0].text: row for row in comparison(made_study().studies[0], ALL).rows}

    assert rows["Deep network"][1].text == "0.283"
    assert sum(row[0].below == "hears nothing" for row in rows.values()) == 3


def test_the_path_page():
    """It has a section for each step, and escapes what comes from the data."""
    page = genre_path.PAGE
    text = page.render(page.summarise(FACTS), SITE)

    assert all(
        f'id="{one}"' in text
        for one in ("genres", "look-up", "fewer-numbers", "networks", "twice", "comparison")
    )
    assert "<b>genre</b>" not in text


def test_all_genres_without_a_training():
    """The best step of the path stands for it."""
    page = all_genres.PAGE
    summary = page.summarise(FACTS)

    assert summary["trained"] == []
    assert "that it has never heard" in summary["finding"]
    assert "Every step of the path" in page.render(summary, SITE)


def test_all_genres_with_trainings():
    """Every model of every training of several labels, and the sentence is about the model in use."""
    facts = {**FACTS, "training": made_trainings()}
    page = all_genres.PAGE
    summary = page.summarise(facts)
    (training,) = trainings(facts)

    assert len(summary["trained"][0]["grid"].rows) == len(training.runs)
    assert training.main_run.label in summary["finding"]
    assert "The models, and what hears nothing" in page.render(summary, SITE)

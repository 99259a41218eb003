"""Micro-genres and genres as they can be looked up, and their pages."""

import json

import numpy as np
import pandas as pd
import pytest
from awkward_names import AWKWARD
from look_up_facts import NAMES, made_look_up, made_tracks, spotify_id
from report_facts import made_facts
from rule_facts import TRACKS

from genrelab.analyses.look_up.pages import genre, micro_genres
from genrelab.analyses.look_up.predicted import OF_GENRE
from genrelab.analyses.look_up.sound import FEWEST, sound_of_genres
from genrelab.report.figure import unpack
from genrelab.report.site import summarise_site


def find(name: str, source: str = "spotify"):
    return next(one for one in made_look_up().micro_genres if (one.name, one.source) == (name, source))


def test_every_micro_genre_is_there_once_with_its_tracks():
    """Those of most tracks first; a track that names one twice counts once."""
    found = [one for one in made_look_up().micro_genres if one.source == "spotify"]

    assert {one.name for one in found} == {name for names in TRACKS for name in names}
    assert [one.tracks for one in found] == sorted((one.tracks for one in found), reverse=True)
    assert find("dance pop").tracks == 9


def test_a_decision_counts_where_the_tracks_end():
    """All tracks that carry it, by their genre under the set."""
    for one in made_look_up().micro_genres:
        for decision in one.decisions.values():
            assert sum(decision.tracks.values()) == (one.tracks if one.source == "spotify" else 0)

    decision = find("pop rap").decisions["classic"]
    assert (decision.genre, decision.also) == ("pop", ("rap/hip hop",))


def test_examples_are_the_most_popular_of_different_artists():
    """In the order of popularity; no artist twice."""
    tracks = made_tracks().to_pandas().set_index("track_id")
    examples = find("dance pop").examples
    popularity = [int(tracks.loc[one.track_id, "popularity"]) for one in examples]

    assert popularity == sorted(popularity, reverse=True)
    assert len({one.artist for one in examples}) == len(examples) == 4


def test_a_genre_of_the_archive_without_tracks_is_explained():
    """It has rules and no examples; a track without names is still found by its id."""
    assert find("Never Used", "fma").tracks == 0
    assert [one.track_id for one in find("Hip-Hop", "fma").examples] == ["2", "3"]


def test_typical_and_surprising_tracks_are_the_most_certain_ones():
    """Agreeing ones, missed ones and those of other genres, each most certain first."""
    found = next(one for one in made_look_up().genres if one.genre == "rock")

    assert all((one.label, one.predicted) == ("rock", "rock") for one in found.typical)
    assert all(one.label == "rock" != one.predicted for one in found.missed)
    assert all(one.predicted == "rock" != one.label for one in found.alike)
    for tracks in (found.typical, found.missed, found.alike):
        certain = [one.probability for one in tracks]
        assert certain == sorted(certain, reverse=True)
        assert 0 < len(tracks) <= OF_GENRE


def test_sound_is_a_percentile_rank():
    """The highest genre lies at the top; equal values at the middle; few tracks have no quartiles."""
    features = {"energy": np.array([*range(2 * FEWEST), 0.0]), "tempo": np.full(2 * FEWEST + 1, 120.0)}
    genres = pd.Categorical(["low"] * FEWEST + ["high"] * FEWEST + ["rare"])
    found = {one.genre: one for one in sound_of_genres(features.items(), genres, "spotify")}
    energy, tempo = found["high"].features

    assert energy.places[1] == pytest.approx(0.75, abs=0.03)
    assert tempo.places == (0.5, 0.5, 0.5)
    assert found["rare"].features == ()


def test_the_page_of_micro_genres_escapes_names():
    """Table and cards hold markup as text; the address of each row is encoded."""
    summary = micro_genres.PAGE.summarise(made_facts())
    html = micro_genres.PAGE.render(summary, summarise_site(made_facts()))

    assert AWKWARD not in html
    assert "onerror=alert(1)>" not in html
    assert "<b>metalcore</b>" not in html
    cards = unpack(str(summary["packed"]))
    assert {card["name"] for card in cards} >= {"dance pop", "Hip-Hop", "<b>metalcore</b>"}
    links = [track["link"] for card in cards for track in card["examples"] if track["link"]]
    assert all(link.startswith("https://") for link in links)
    assert all(ord(sign) < 128 and sign not in "\"'<> " for row in summary["rows"] for sign in row["address"])


def test_the_page_of_a_genre_has_a_section_and_views_for_each():
    """All twelve genres and those of the FMA; what an analysis has not computed is left out."""
    facts = made_facts()
    summary = genre.PAGE.summarise(facts)
    keys = [one["key"] for one in summary["genres"]]

    assert keys[0] == "pop"
    assert "FMA Rock" in keys
    assert set(summary["sound"].views) <= set(keys)
    assert genre.PAGE.render(summary, summarise_site(facts)).count("data-genre=") == 2 * len(keys)
    alone = genre.PAGE.summarise({"look_up": made_look_up()})
    assert alone["answers"] is None
    assert alone["finding"] == ""
    assert NAMES[1] not in genre.PAGE.render(alone, summarise_site({}))


def test_the_title_of_the_sound_is_the_largest_distance_drawn():
    """The feature of the title is the one whose dot lies farthest from the middle."""
    for key, view in genre.PAGE.summarise(made_facts())["sound"].views.items():
        dots = view.traces[1]["x"]
        far = max(range(len(dots)), key=lambda place: abs(dots[place] - 0.5))
        assert view.title.startswith(f"{view.grid.rows[far][0].text} sets {key} apart most"), json.dumps(dots)


def test_ids_of_tracks_become_links():
    """A track of Spotify is one click from its page."""
    card = next(
        one
        for one in unpack(str(micro_genres.PAGE.summarise(made_facts())["packed"]))
        if one["name"] == "bebop"
    )

    assert (
        card["examples"][0]["link"] == f"https://open.spotify.com/track/{spotify_id(TRACKS.index(['bebop']))}"
    )

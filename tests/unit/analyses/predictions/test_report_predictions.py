"""The page of the predictions: what it claims, and what it leaves out when facts are missing."""

from dataclasses import replace

import pytest
from awkward_names import AWKWARD
from prediction_facts import made_prediction_facts
from run_facts import made_bins

from genrelab.analyses.predictions.pages.predictions import PAGE
from genrelab.analyses.predictions.result import Served
from genrelab.analyses.predictions.summary import summarise
from genrelab.report.palette import genre_colour
from genrelab.report.site import summarise_site
from genrelab.report.wording import DASH
from genrelab.tables.spotify import BINS


def plain(text: str) -> str:
    """The text with ordinary spaces."""
    return " ".join(text.split())


@pytest.fixture
def facts():
    return {"predict": made_prediction_facts()}


@pytest.fixture
def spotify(facts):
    return PAGE.summarise(facts)["models"][0]


def test_the_finding_is_the_surest_denial(facts):
    """Track, artist, label and what is heard, in a sentence."""
    assert plain(PAGE.summarise(facts)["finding"]) == (
        "Tristan und Isolde, WWV 90, Act II: O König, das kann ich dir nicht sagen by <img src=x onerror=alert(1)> is "
        "dance by the reviewed rules; the champion predicts classical with 98 % probability."
    )


def test_agreement_is_told_on_tracks_the_champion_was_not_fitted_on(spotify):
    """All of them, and those it is sure of."""
    assert plain(spotify["agreement"]) == (
        "Of 10,840 labelled tracks that it was not fitted on, its prediction matches the reviewed rules for 46.2 %; of "
        "the 410 with a probability of at least 80 %, for 85.1 %, which leaves 61 surprises. "
        "By part: 44.3 % on the test part, which decided nothing and 48.1 % on the gate, which decided that it "
        "became champion. In 520 of these tracks the artist's name is in the title, so the label may belong to the "
        "name that was searched for: the prediction matches 24.0 % of these labels, and 21 surprises may be a wrong "
        "label (marked below)."
    )
    marked = [row for row in spotify["surprises"].first.grid.rows if "searched name" in row[2].below]
    assert 0 < len(marked) < len(spotify["surprises"].first.grid.rows)
    assert spotify["champion"].startswith(
        "Champion: Random forest, version 4 of spotify-bins-reviewed, since 12 March"
    )


def test_shares_name_what_is_farthest_apart(spotify):
    """Said and heard over the same tracks."""
    chart = spotify["shares"].first
    assert (
        plain(chart.title)
        == "The champion predicts pop more often than the labels: 63.8 % of tracks, not 35.0 %"
    )
    assert [plain(cell.text) for cell in chart.grid.rows[0]] == ["pop", "35.0 %", "63.8 %", "+28.9 points"]


def test_surprises_can_be_picked_by_what_is_heard(spotify):
    """All genres first, then each of them in the order of the shares; the surest on top."""
    chart = spotify["surprises"]
    (picker,) = chart.pickers
    assert [text for _, text in picker.options] == ["All genres", *BINS]
    assert set(chart.views) == {value for value, _ in picker.options}
    assert chart.shows_numbers
    classical = chart.views["classical"]
    assert [plain(row[1].below) for row in classical.grid.rows] == ["98.0 %", "74.0 %"]
    assert {row[1].text for row in classical.grid.rows} == {"classical"}
    assert len(chart.first.grid.rows) == 15


def test_a_surprise_says_what_decided(spotify):
    """Micro-genres, and the rule among them that won; a long list is cut and counted."""
    row = spotify["surprises"].first.grid.rows[0]
    assert (row[2].text, plain(row[2].below)) == ("dance", "0.4 %")
    assert row[3].text.endswith("neue deutsche harte, goth and 1 more")
    assert row[3].below == "rule dance, by electro-industrial"


def test_fma_tracks_have_no_rules(facts):
    """The label is FMA's own; tracks without features are counted and said."""
    fma = PAGE.summarise(facts)["models"][1]
    assert fma["surprises"].first.title.endswith("; FMA's top genres say Electronic")
    row = fma["surprises"].first.grid.rows[0]
    assert (row[2].below, row[3].text, row[3].below) == ("not a genre of this model", DASH, "")
    assert plain(fma["unlabelled"]) == (
        "The model guessed a genre for the 3,774 tracks without a top genre; 53,202 more have no features and "
        "therefore no prediction."
    )
    assert fma["fallback"]
    assert "trained on synthetic sample data" in fma["champion"]


def test_another_mix_is_told_and_drawn(spotify, facts):
    """What is estimated here, what was learnt, and how sure that is; the same mix and too few artists in a line."""
    table = spotify["mixes"]
    assert [[plain(row[3].text), plain(row[3].below)] for row in table.rows] == [
        ["as in training, nothing adjusted", "p = 0.340"],
        ["about 56 % pop here, 31 % in training", "p < 0.001"],
        ["not tested", "fewer than 30 artists"],
    ]
    (chart,) = spotify["mix_charts"]
    assert (
        plain(chart.first.title) == "Labelled tracks of other files: about 56 % pop, not 31 % as in training"
    )
    assert [plain(cell.text) for cell in chart.first.grid.rows[0]] == [
        "pop",
        "31.0 %",
        "56.0 %",
        "+25.0 points",
    ]
    assert summarise(facts["predict"]).message.count("p < 0.001") == 1
    assert (
        "labelled tracks of other files: the mix differs, about 56 % pop here, 31 % in training (p < 0.001); adjusted "
        "probabilities are published beside the others" in summarise(facts["predict"]).message
    )


def test_the_artists_other_tracks_are_told_apart(spotify, facts):
    """On the same tracks, alone and together; nothing where no artist has two."""
    assert (
        "the track alone matches the label for 43.6 % of them, that with the artist's other tracks for 46.1 %"
        in (plain(spotify["artists"]))
    )
    assert PAGE.summarise(facts)["models"][1]["artists"] == ""


def test_what_the_unlabelled_sound_like(spotify):
    """A chart of genres and a table of their micro-genres."""
    assert plain(spotify["unlabelled_chart"].first.title) == (
        "Pop and rock: predicted for 60 % of the tracks without a label"
    )
    assert [plain(cell.text) for cell in spotify["micro_genres"].rows[0]] == ["comedy", "148", "pop", "66 %"]


def test_what_is_missing_is_told(facts):
    """A model without a champion is named on the page."""
    html = PAGE.render(PAGE.summarise(facts), summarise_site(facts) | {"cards": []})
    assert "<b>spotify-bins-classic</b>: no champion" in html
    assert AWKWARD not in html
    assert "does not record which tracks it was fitted on" in html


def test_a_champion_without_anything_to_say_leaves_its_parts_out(facts):
    """No row is judged and none lacks a label: a sentence instead of charts."""
    found = facts["predict"]
    nothing = {"judged": 0, "genres": (), "surprises": (), "unlabelled_heard": 0}
    empty = replace(
        found.models[0], **nothing, unlabelled_micro_genres=(), unlabelled_examples=(), knows_fitted_rows=True
    )
    summary = PAGE.summarise({"predict": replace(found, models=(empty,))})
    part = summary["models"][0]

    assert part["agreement"] == "The champion was fitted on all labelled tracks, so none is left to compare."
    assert not any(
        part[name] for name in ("shares", "surprises", "unlabelled_chart", "micro_genres", "examples")
    )
    assert PAGE.render(summary, summarise_site({}) | {"cards": []})


def test_several_champions_of_a_task_are_told_with_their_tracks(facts):
    """Which hears which, which is not applied and why, and how many tracks nobody hears."""
    found = facts["predict"]
    name = found.models[0].model
    model = replace(
        found.models[0],
        served=(
            Served(f"{name}-without-time-signature", "2", 38000, ("time_signature",), ()),
            Served(name, "4", 0, (), ("time_signature",)),
        ),
        unserved=35,
        without_features=535,
        unlabelled_heard=500,
    )
    part = PAGE.summarise({"predict": replace(found, models=(model,))})["models"][0]

    assert plain(part["served"]) == (
        f"Version 2 of {name}-without-time-signature predicts 38,000 tracks and version 4 of {name} predicts none, "
        "because no track has time signature. 35 tracks without a prediction: every champion needs a feature that they "
        "lack. 500 tracks have no features and therefore no prediction."
    )
    assert "The model guessed a genre for the 500 tracks that no rule covers" in plain(part["unlabelled"])


def test_one_champion_of_all_tracks_is_not_told_twice(spotify):
    """Where nothing is missing there is nothing to say."""
    assert spotify["served"] == ""


def test_several_genres_have_a_part_of_their_own(facts):
    """How well they match, and what was filled in; nothing is filled where no such track has features."""
    part = PAGE.summarise(facts)["genre_sets"][0]

    assert plain(part["agreement"]).startswith(
        "It names 2.4 genres a track on average; their sources name 2.9."
    )
    assert "0.24 on the test part, which decided nothing (800 tracks)" in plain(part["agreement"])
    assert plain(part["filled"]) == (
        "2 tracks without any genre at the source got predicted ones, marked as such (column is_filled). "
        "2,229 more tracks without a genre and without features."
    )
    assert plain(part["filled_examples"].rows[0][1].text) == "Rock 71 %, Noise-Rock 32 %"
    assert AWKWARD not in PAGE.render(PAGE.summarise(facts), summarise_site(facts) | {"cards": []})
    none = replace(facts["predict"].genre_sets[0], filled=0, filled_examples=())
    empty = PAGE.summarise({"predict": replace(facts["predict"], genre_sets=(none,))})["genre_sets"][0]
    assert "No track without a genre has features, so no genre could be filled in." in empty["filled"]
    assert empty["filled_examples"] is None


def test_a_surprise_leads_to_where_it_can_be_heard(facts):
    """A track of Spotify by its id, one of the FMA by a search; without a proper id there is no link."""
    spotify, fma = facts["predict"].models
    ids = ("3NAwm9vYQ7tK5UrHRdHcIW", "", '"><script>')
    surprises = tuple(
        replace(one, track_id=track_id) for one, track_id in zip(spotify.surprises, ids, strict=False)
    )
    facts["predict"] = replace(facts["predict"], models=(replace(spotify, surprises=surprises), fma))

    models = PAGE.summarise(facts)["models"]
    links = [[row[0].link for row in one["surprises"].first.grid.rows] for one in models]

    assert links[0] == ["https://open.spotify.com/track/3NAwm9vYQ7tK5UrHRdHcIW", "", ""]
    assert links[1][0].startswith("https://freemusicarchive.org/search?")
    assert "lead to where the track can be heard" in models[0]["surprises"].first.caption


def test_a_hollow_dot_has_the_colour_of_its_own_genre(facts):
    """Not that of the predicted one, to which the full dot and the line belong."""
    surprises = sorted(facts["predict"].models[0].surprises, key=lambda one: -one.probability)
    hollow, full = PAGE.summarise(facts)["models"][0]["surprises"].first.traces

    assert hollow["marker"]["color"] == [genre_colour(one.label) for one in surprises][: len(hollow["x"])]
    assert full["marker"]["color"] == [genre_colour(one.genre) for one in surprises][: len(full["x"])]
    assert hollow["marker"]["color"] != full["marker"]["color"]


def test_the_deciding_rule_set_comes_first(facts):
    """Whatever the order of the predictions is; the finding is its surprise."""
    spotify, fma = facts["predict"].models
    facts["predict"] = replace(facts["predict"], models=(fma, spotify))
    facts["bin_genres"] = replace(made_bins(), rule_set=spotify.rule_set)

    summary = PAGE.summarise(facts)

    assert [one["label"] for one in summary["models"]] == ["Reviewed rules", "FMA top genre"]
    assert "by the reviewed rules" in summary["finding"]

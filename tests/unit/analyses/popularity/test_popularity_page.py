"""The page, the line and the runs of popularity."""

from dataclasses import replace

import pytest
from page_checks import says_none, text_of
from place_gain_facts import made_gain
from popularity_facts import input_scores, made_group, made_popularity, scores

from genrelab.analyses.place_gain.result import Permuted, PlaceGain
from genrelab.analyses.popularity.pages.popularity import PAGE
from genrelab.analyses.popularity.result import ALL_TRACKS, ECHONEST, OFFICIAL, RANDOM, Popularity
from genrelab.analyses.popularity.runs import runs_of
from genrelab.analyses.popularity.summary import summarise
from genrelab.evaluation.results import Difference, Score
from genrelab.report.site import summarise_site


def text(found: Popularity | None = None, places: PlaceGain | None = None) -> str:
    facts = {name: fact for name, fact in {"popularity": found, "place_gain": places}.items() if fact}
    html = PAGE.render(PAGE.summarise(facts), summarise_site(facts) | {"cards": []})
    assert not says_none(html)
    return text_of(html)


def test_it_says_who_what_and_that_the_sound_does_not_tell():
    """The shares between artists, the gain of each addition, the sound alone."""
    said = text(made_popularity())

    assert "Genres_length tell 38" in said
    assert "The sound alone does not tell (R2 \N{MINUS SIGN}0.03)" in said
    assert (
        "73 % of the variance of log plays (95 % interval 71 to 74 %) lies between the 16,341 artists" in said
    )
    assert "has an R2 of 0.59 on tracks drawn at random, and of 0.00 on tracks of artists who" in said
    assert "That is why random tracks are a poor test" in said
    assert "Genres_length instead of genres adds nothing beyond chance (+0.001) for new artists" in said
    assert "no better than guessing the mean of all tracks" in said
    assert "106,571 of 106,574 tracks have a number of plays (left out: 1 without one and 2 with a" in said
    assert "With them R2 would be 0.93" in said
    assert "there is no table fma_features" in said


def test_a_sound_that_tells_is_said_to():
    """The opposite of what the real tables show must be possible."""
    group = made_group(ECHONEST, sets=(input_scores("echonest", 0.2, 0.3),))
    said = text(made_popularity(groups=(made_group(), group)))

    assert "The sound alone tells something (R2 0.20)" in said
    assert "the sound tells a little" in said
    assert "does not tell" not in said


def test_plays_without_any_pattern_are_not_said_to_have_one():
    """As those of the sample: no artist has a level, and nothing explains anything."""
    made = made_popularity()
    sets = (input_scores("genres", -0.01, -0.02), input_scores("genres_length", 0.01, 0.0, over="genres"))
    nothing = {OFFICIAL: scores(0.0), RANDOM: scores(0.0)}
    baselines = tuple(replace(one, by_split=nothing) for one in made_group().baselines)
    none = Score(0.01, 0.0, 0.04)
    said = text(
        replace(
            made,
            groups=(made_group(sets=sets, baselines=baselines),),
            variance=replace(made.variance, ratio=Score(0.23, 0.2, 0.26), component=none),
        )
    )

    assert "Genres_length tell nothing of how the plays of tracks differ" in said
    assert "nothing of the variance for new artists, nothing for random tracks" in said
    assert "Most of the difference lies between the tracks of an artist" in said
    assert "a poor test" not in said


@pytest.mark.parametrize(
    ("slope", "says"),
    [
        (Score(-0.1, -0.2, -0.05), "Older tracks are played less in all"),
        (Score(0.4, 0.3, 0.5), "Older tracks are played more in all, but not in proportion"),
        (Score(0.0, -0.1, 0.1), "Time on the site and plays go their own ways"),
        (None, "ages are not known"),
    ],
)
def test_age_is_judged_by_its_interval(slope, says):
    """Less, more, neither, not known."""
    made = made_popularity()

    assert says in text(replace(made, age=replace(made.age, elasticity=slope)))


def test_a_result_of_which_nothing_could_be_computed_has_a_page():
    """It says why."""
    made = made_popularity()
    empty = replace(
        made,
        groups=(),
        missing={ALL_TRACKS: "no track has a number of plays"},
        variance=None,
        genres=(),
        small_genres=0,
        disguised=(),
        counted=replace(made.counted, used=0, median=None, most=None),
        age=replace(made.age, bins=(), elasticity=None),
    )

    assert "All tracks : no track has a number of plays" in text(empty)
    assert "not predicted: no track has a number of plays" in summarise(empty).message
    assert runs_of(empty).runs == []


def test_without_a_run_it_names_the_command():
    """Neither of the two analyses has run."""
    assert "genrelab study-archive" in text()


def test_a_gain_by_places_within_chance_decides_nothing():
    """It says how thin the evidence is."""
    said = text(places=made_gain())

    assert "492 of 106,574 tracks (0.5 %) have coordinates, those of 64 artists" in said
    assert "1 track with coordinates off the globe" in said
    assert "that is within chance. 35 artists cannot show whether the place helps" in said
    assert "The whole archive has coordinates for about two fifths of its tracks" in said
    assert "p = 0.125" in said


def test_a_gain_beyond_chance_is_said_to_help_only_against_dealt_out_places():
    """The interval alone does not suffice."""
    last = replace(made_gain().models[-1], loss_gain=Difference(0.2, 0.1, 0.3))
    models = (*made_gain().models[:-1], last)
    sure = made_gain(models=models, permuted=Permuted(39, -0.1, 0.05, 0.025))

    assert "the place helps to name the genre" in text(places=sure)
    assert "that is within chance" in text(places=made_gain(models=models))


def test_places_that_could_not_be_compared_are_a_reason():
    """No coordinates."""
    empty = made_gain(placed=0, models=(), permuted=None, missing="no track has coordinates", genres=())

    assert "Not compared: no track has coordinates." in text(places=empty)


def test_mlflow_has_a_run_for_each_set_and_model():
    """Below one parent, with scores of both splits and their intervals."""
    run = runs_of(made_popularity())
    keys = [one.key for one in run.runs]

    assert keys[:4] == ["all/mean", "all/median", "all/artist_lookup", "all/genres/xgboost"]
    assert len(keys) == len(set(keys)) == 12
    assert run.runs[3].metrics["official/r2"] == 0.38
    assert run.runs[3].metrics["random/top_decile_auc_high"] == 0.85
    assert run.runs[5].tags["forbidden"] == "true"
    assert run.metrics["between_artists_component"] == 0.678

"""Whole countries left out: who is in training, what needs no music, and tables that do not allow it."""

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from origin_facts import made_rows, made_study, made_table, made_tracks, study_of
from sklearn.model_selection import StratifiedGroupKFold

from genrelab.analyses.origin.blends import answer_with, candidates_for, choose, halves, score_new_countries
from genrelab.analyses.origin.folds import (
    COUNTRY_FOLDS,
    country_folds,
    predict_new_countries,
    questions,
    why_not_left_out,
)
from genrelab.analyses.origin.models import COORDINATES, COUNTRY, LATITUDE, MODELS, SLOW, SearchBudget
from genrelab.analyses.origin.scores import CENTRAL_PLACE, MAJORITY, MEDIAN_PLACE, without_music
from genrelab.analyses.origin.summary import summarise
from genrelab.analyses.origin.tracks import OriginTracks, prepare
from genrelab.evaluation.geography import PLACES, central_place, great_circle_km, median_place
from genrelab.runtime.records import encode

EFFORT = SearchBudget(trees=10, epochs=5)


def tracks_of(*sizes: tuple[str, int], **changes) -> OriginTracks:
    """Tracks of some countries, so many of each."""
    names = tuple(country for country, _ in sizes)
    table = made_table(**made_rows(countries=names, tracks=max(size for _, size in sizes)), **changes)
    known = {(place.latitude, place.longitude): place.country for place in PLACES}
    wanted, seen, kept = dict(sizes), dict.fromkeys(names, 0), []
    for at, place in enumerate(
        zip(table["latitude"].to_pylist(), table["longitude"].to_pylist(), strict=True)
    ):
        seen[known[place]] += 1
        if seen[known[place]] <= wanted[known[place]]:
            kept.append(at)
    return prepare(table.take(kept), clusters=10, folds=10)


@pytest.fixture(scope="module")
def held_out():
    return predict_new_countries(made_tracks(), repeats=2, effort=EFFORT, seed=1, cores=1)


def test_a_country_is_never_in_training_and_held_out(held_out):
    """Its tracks share a fold; the models that are slow or cannot know are not asked."""
    tracks = made_tracks()

    assert set(held_out.answers) == {model.name for model in MODELS} - set(SLOW)
    for repeat, fold in enumerate(held_out.fold):
        assert all(len(np.unique(fold[tracks.country == country])) == 1 for country in range(6))
        for name in ("extra_trees", "svm_country", "lda", "qda"):
            answer = held_out.answers[name][repeat]
            assert answer[np.arange(len(tracks)), tracks.place].max() == 0
            assert answer.sum(axis=1) == pytest.approx(1)


@given(
    st.lists(st.integers(1, 40), min_size=2, max_size=8),
    st.lists(st.integers(1, 40), min_size=2, max_size=8),
    st.integers(0, 5),
)
def test_every_training_part_holds_both_sides(north, south, seed):
    """Whatever the sizes of the countries, with two on either side; an empty fold trains nothing."""
    sizes = np.array(north + south)
    country = np.repeat(np.arange(len(sizes)), sizes)
    side = np.repeat([True] * len(north) + [False] * len(south), sizes)
    folds = min(COUNTRY_FOLDS, len(sizes))
    if max(side.sum(), (~side).sum()) < folds:
        return
    for training, held in StratifiedGroupKFold(folds, shuffle=True, random_state=seed).split(
        side, side, country
    ):
        assert not len(held) or set(side[training]) == {False, True}


def test_no_place_is_answered_that_was_not_in_training(held_out):
    """Even the capital of a country is unknown while it is left out, so no track is placed exactly."""
    tracks = made_tracks()

    for candidate in candidates_for(COORDINATES):
        assert (answer_with(candidate, COORDINATES, held_out, tracks) != tracks.place).all()


def test_nothing_is_chosen_on_new_countries(held_out):
    """Each half is answered by the candidate that the usual folds chose for it, the worst one if it were that."""
    tracks = made_tracks()
    first = halves(tracks, 7)
    given = tuple(candidates_for(LATITUDE)[at] for at in (0, 3))
    chosen = replace(choose(LATITUDE, held_out, tracks, 7), candidates=given)
    scores = score_new_countries(LATITUDE, chosen, held_out, tracks, 7)
    alone = [answer_with(candidate, LATITUDE, held_out, tracks) == tracks.is_north for candidate in given]

    assert (scores[:, first] == alone[0][:, first]).all()
    assert (scores[:, ~first] == alone[1][:, ~first]).all()
    assert (alone[0] != alone[1]).any()


def test_what_needs_no_music_knows_the_training_tracks_only():
    """One track of each of three northern and two southern countries, each left out alone."""
    tracks = made_tracks()
    rows = np.array([np.flatnonzero(tracks.country == country)[0] for country in range(5)])
    few = replace(
        tracks, features=tracks.features[rows], coordinates=tracks.coordinates[rows], place=tracks.place[rows]
    )
    fold = np.arange(5)[None]
    asked = questions(few)
    sides, places = without_music(asked[LATITUDE], fold), without_music(asked[COORDINATES], fold)

    assert few.is_north.sum() in {2, 3}
    rarer = few.is_north if few.is_north.sum() == 2 else ~few.is_north
    assert sides[MAJORITY][0][rarer].max() == 0
    for at in range(5):
        others = np.delete(few.coordinates, at, axis=0)
        assert places[CENTRAL_PLACE][0, at] == pytest.approx(
            great_circle_km(central_place(others)[0], few.coordinates[at])
        )
        assert places[MEDIAN_PLACE][0, at] == pytest.approx(
            great_circle_km(median_place(others), few.coordinates[at])
        )


def test_the_median_place_is_nearer_than_any_of_the_places():
    """Four corners around a point have it as their median; a place that outweighs the others is the median itself."""
    corners = np.array([(10.0, 0.0), (-10.0, 0.0), (0.0, 10.0), (0.0, -10.0)])

    assert median_place(corners).tolist() == [0, 0]
    assert great_circle_km(median_place(corners), corners).mean() < central_place(corners)[1]
    assert median_place(np.vstack([corners, [corners[2]] * 9])).tolist() == [0, 10]


def test_countries_that_share_nothing_are_only_recognised():
    """Balls at random: named on the usual folds, no better than a guess where they are new; scored with clusters."""
    study = made_study()
    latitude, country, place = (study.question(task) for task in (LATITUDE, COUNTRY, COORDINATES))

    assert latitude.score(latitude.blend) > 0.95
    assert latitude.score(latitude.blend, split="countries_left_out") < 0.75
    assert place.score(place.blend, split="countries_left_out") > 0.8 * place.left_out.baseline
    assert latitude.left_out.baseline == 0.5
    assert latitude.left_out.lead.low < 0
    assert country.left_out is None
    assert not [name for run in country.runs for name in run.scores if name.startswith("countries_left_out/")]
    assert latitude.blend.scores["countries_left_out/countries"] == 6
    json.dumps(encode(study), allow_nan=False)


def test_a_side_that_is_heard_is_predicted_for_new_countries():
    """A feature that follows the side of the line carries over; the lead is sure."""
    side = np.where(np.array(made_rows()["latitude"]) > 20, 6.0, -6.0)
    heard = side + np.random.default_rng(2).normal(size=len(side))
    table = made_table(**made_rows(apart=0.5) | {"feature_001": heard.tolist()})
    latitude = study_of(prepare(table, clusters=20, folds=10)).question(LATITUDE)

    assert latitude.score(latitude.blend, split="countries_left_out") > 0.95
    assert latitude.left_out.lead.low > 0.1


def test_fewer_countries_than_folds_make_as_many_folds():
    """Two on either side: each is left out alone."""
    tracks = tracks_of(("Brazil", 15), ("Kenya", 15), ("Greece", 15), ("Lithuania", 15))

    assert country_folds(tracks) == 4
    assert why_not_left_out(tracks) == ""


@pytest.mark.parametrize(
    ("sizes", "found"),
    [
        ([("Brazil", 20), ("Greece", 20)], "1 north and 1 south"),
        ([("Brazil", 20), ("Kenya", 20), ("Greece", 20), ("Lithuania", 1)], "1 north and 2 south"),
    ],
)
def test_a_side_with_one_country_cannot_lose_it(sizes, found):
    """The reason says what is needed and what is there; the study is whole without these scores."""
    tracks = tracks_of(*sizes)
    study = study_of(tracks)

    assert country_folds(tracks) == study.country_folds == 0
    assert found in study.why_not_left_out
    assert "2 countries with 2 tracks on either side" in study.why_not_left_out
    assert [asked.left_out for asked in study.tasks] == [None] * 3
    assert study.why_not_left_out in summarise(study).about
    assert "countries left out" not in summarise(study).message
    json.dumps(encode(study), allow_nan=False)


def test_a_country_with_half_of_the_tracks_is_left_out_like_any_other():
    """All scores are there, and no bound lies outside 0 to 1."""
    study = study_of(tracks_of(("Brazil", 60), ("Kenya", 20), ("Greece", 20), ("Lithuania", 20)))
    latitude = study.question(LATITUDE)
    low, high = (latitude.score(latitude.blend, end, "countries_left_out") for end in ("_low", "_high"))

    assert study.largest.country == "Brazil"
    assert study.country_folds == 4
    assert 0 <= low <= high <= 1
    json.dumps(encode(study), allow_nan=False)


def test_two_places_of_one_country_are_left_out_together():
    """Coordinates that differ by rounding: the country is one."""
    rows = made_rows()
    nearby = [value + 0.5 if at < 10 else value for at, value in enumerate(rows["latitude"])]
    tracks = prepare(made_table(latitude=nearby), clusters=20, folds=10)

    assert len(tracks.places) == 7
    assert tracks.country.max() == 5
    assert len(np.unique(tracks.country[:20])) == 1


def test_the_line_of_the_log_says_both():
    """Beside each score its score with countries left out, and what needs no music."""
    message = summarise(made_study()).message

    assert message.count("(countries left out: ") == 2
    assert message.count("without music") == 2

"""The study on made-up tracks, and what it makes of bad input."""

import numpy as np
import pyarrow as pa
import pytest
from genre_study_facts import (
    FOLK,
    LIBROSA,
    PUNK,
    RARE,
    ROCK,
    MadeInputs,
    changed,
    made_study,
    made_tables,
    study_of,
)

from genrelab.analyses.genre_study.analysis import GENRE_STUDY
from genrelab.analyses.genre_study.result import ALL, APART, GIVEN, OFFICIAL, RANDOM
from genrelab.analyses.genre_study.runs import runs_of
from genrelab.analyses.genre_study.study import compute
from genrelab.analyses.genre_study.summary import summarise
from genrelab.analyses.genre_study.tracks import read_metadata, read_tracks
from genrelab.runtime.errors import GenrelabError


def read(tables, most=1_000):
    """The librosa tracks of the tables."""
    inputs = MadeInputs(tables)
    about, _, _ = read_metadata(inputs)
    return read_tracks(inputs, LIBROSA, about, most)


def values(tables, name=LIBROSA.columns[0]):
    """A column of features, to be changed."""
    return tables["fma_features"][name].to_pylist()


def test_both_sets_of_features():
    """Each in a study of its own, with the columns that have values."""
    assert [(one.name, one.columns) for one in made_study().studies] == [("librosa", 6), ("echonest", 8)]


@pytest.mark.parametrize("columns", [59, 140, 249, 518])
def test_any_number_of_columns(columns):
    """The code does not ask how many there are."""
    tracks = read(made_tables(artists=12, features=columns))

    assert (tracks.features.shape, tracks.absent) == ((72, columns), 518 - columns)


def test_artists_that_sound_alike_are_looked_up():
    """Tracks of an artist are nearly the same: random rows find them, artists kept apart do not."""
    study = made_study().studies[0]
    random, apart = study.curve(RANDOM), study.curve(APART)
    assert random.mean[0] > 0.9

    assert random.mean[0] > apart.mean[0] + 0.1
    assert [one.same_artist for one in study.spreads if one.protocol != RANDOM] == [0, 0]


def test_every_step_has_the_same_scores_and_baselines():
    """On FMA's split, with intervals; the baselines name what a share of the tracks has."""
    study = made_study().studies[0]
    names = {frozenset(step.scores) for step in study.steps if step.labels == ALL}

    assert len(names) == 1
    assert {"official/jaccard_low", "official/hierarchical_f1", "official/macro_auc"} <= next(iter(names))
    assert sum(step.is_baseline for step in study.steps if step.labels == ALL) == 3


def test_the_threshold_is_chosen_on_validation():
    """Not on the test part, whose best is shown beside it."""
    for found in made_study().studies[0].thresholds:
        best = found.thresholds[int(np.argmax(found.validation))]

        assert found.chosen == best
        assert found.by_hindsight()[1] >= found.at_chosen()


def test_genres_are_counted():
    """With and without parents; Punk is below Rock."""
    study = made_study()
    counts = {column.column: dict(column.counts) for column in study.columns}

    assert ROCK not in counts[GIVEN]
    assert counts[ALL][ROCK] == counts[GIVEN][PUNK]
    assert study.title(FOLK) == "Folk"


def test_a_genre_that_the_tree_does_not_know():
    """It is reported, and counts as a root."""
    tables = made_tables()
    known = tables["fma_genres"]["genre_id"].to_numpy() != RARE
    study = study_of({**tables, "fma_genres": tables["fma_genres"].filter(pa.array(known))})

    assert study.problems == (f"1 genre of tracks is not in the tree and counts as a root: {RARE}",)
    assert study.title(RARE) == str(RARE)


def test_a_cycle_and_a_missing_parent():
    """Both are reported, and the study goes on."""
    tables = made_tables()
    parents = {ROCK: PUNK, PUNK: ROCK, RARE: 999}
    ids = tables["fma_genres"]["genre_id"].to_pylist()
    study = study_of(changed(tables, "fma_genres", parent_id=[parents.get(one, 0) for one in ids]))

    assert len(study.problems) == 2
    assert len(study.studies) == 2


def test_tracks_without_a_genre_are_counted():
    """They are left out of everything else."""
    tables = made_tables()
    without = {name: [[], [], *tables["fma_tracks"][name].to_pylist()[2:]] for name in (GIVEN, ALL)}
    tracks = read(changed(tables, "fma_tracks", **without))

    assert tracks.used.without_genre == 2
    assert len(tracks) == 238


def test_tracks_without_features_are_counted():
    """All missing and some missing are two numbers."""
    tables = made_tables()
    columns = {name: [None, *values(tables, name)[1:]] for name in LIBROSA.columns[:6]}
    columns[LIBROSA.columns[0]] = [None, None, float("nan"), *values(tables)[3:]]
    used = read(changed(tables, "fma_features", **columns)).used

    assert (used.without_features, used.lacking_some, used.sampled) == (1, 2, 237)


def test_features_of_unknown_tracks_are_counted():
    """features.csv may know more tracks than tracks.csv."""
    tables = made_tables()
    used = read({**tables, "fma_tracks": tables["fma_tracks"].slice(6)}).used

    assert (used.unknown, used.tracks) == (6, 234)


def test_a_feature_that_most_tracks_lack_is_left_out():
    """Rather than most tracks."""
    tables = made_tables()
    few = [*values(tables)[:20], *[None] * 220]
    tracks = read(changed(tables, "fma_features", **{LIBROSA.columns[0]: few}))

    assert tracks.features.shape == (240, 5)


def test_a_sample_is_of_whole_artists():
    """And says of how many tracks."""
    tracks = read(made_tables(), most=60)

    assert (tracks.used.sampled, tracks.used.tracks) == (60, 240)
    assert set(np.bincount(tracks.about.artists)) == {0, 6}


def test_all_tracks_have_the_same_genre():
    """Nothing can be told apart, and nothing fails."""
    tables = made_tables()
    same = {name: [[FOLK]] * 240 for name in (GIVEN, ALL)}
    found = study_of(changed(tables, "fma_tracks", **same)).studies[0]

    assert found.curve(RANDOM).mean[0] == 1


def test_fewer_tracks_than_neighbours():
    """The message says what there is and what it takes."""
    with pytest.raises(GenrelabError, match=r"fewer tracks than neighbours .* found: 6 tracks"):
        study_of(made_tables(artists=1))


def test_one_set_with_too_few_tracks_does_not_stop_the_other():
    """It becomes a problem of the study."""
    tables = made_tables()
    study = study_of({**tables, "fma_echonest": tables["fma_echonest"].slice(0, 4)})

    assert [one.name for one in study.studies] == ["librosa"]
    assert "Echo Nest features: there are fewer tracks than neighbours" in study.problems[0]


def test_no_features_at_all():
    """The error names both tables."""
    with pytest.raises(GenrelabError, match="fma_features or fma_echonest"):
        compute(MadeInputs({"fma_tracks": made_tables()["fma_tracks"]}))


def test_no_official_test_part():
    """Neighbours are judged; no step has scores, and the study says so."""
    tables = made_tables()
    found = study_of(changed(tables, "fma_tracks", split=["training"] * 240)).studies[0]

    assert found.problems == ("FMA's split has no tracks in one of its parts, so no step is judged on it.",)
    assert {one.protocol for one in found.neighbours} == {RANDOM, APART}
    assert not any(step.scores for step in found.steps)


def test_no_tree():
    """There are no hierarchical scores, and genres are called by their ids."""
    tables = made_tables()
    del tables["fma_genres"]
    study = study_of(tables)

    assert study.title(ROCK) == str(ROCK)


def test_curves_are_logged_as_steps():
    """k, units and hundredths of the threshold."""
    runs = {run.key: run for run in runs_of(made_study()).runs}

    assert [step for step, _ in runs["librosa/genres/knn"].curves["random/jaccard_by_k"]] == list(
        range(1, 11)
    )
    assert [
        step for step, _ in runs["librosa/genres_all/one_layer"].curves["validation/jaccard_by_units"]
    ] == [2, 32]
    assert "official/jaccard_by_threshold" in runs["librosa/genres_all/deep_network"].curves
    assert runs["echonest/genres_all/random_forest"].tags["labels"] == ALL
    assert runs["echonest/genres_all/random_forest"].tags["features"] == "echonest"


def test_the_summary_is_one_line():
    """With a row for every step."""
    summary = summarise(made_study())

    assert "\n" not in summary.message
    assert len(summary.rows) == sum(len(one.steps) for one in made_study().studies)


def test_it_declares_what_it_reads():
    """Undeclared tables would not make it run again."""
    assert set(GENRE_STUDY.tables) == set(made_tables())
    assert OFFICIAL in {one.protocol for one in made_study().studies[1].neighbours}

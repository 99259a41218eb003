"""The study on small tables: which collections are compared, and why others are not."""

import numpy as np
from doubtful_labels_facts import made_rows, publish_rows
from genre_set_rows import genre_set_tables
from genre_study_facts import MadeInputs

from genrelab.analyses.genre_similarity.analysis import GENRE_SIMILARITY
from genrelab.analyses.genre_similarity.families import family_probabilities, read_families
from genrelab.analyses.genre_similarity.pages.words import how
from genrelab.analyses.genre_similarity.study import FAMILIES, compute
from genrelab.analyses.inputs import Inputs
from genrelab.models.tasks import FMA_ALL_GENRES_ECHONEST
from genrelab.runtime.settings import Settings


def found_in(lake, rule_set: str = "classic"):
    """The result on the tables of a lake, and the inputs."""
    inputs = Inputs(GENRE_SIMILARITY, Settings(home=lake.home, cores=1), {"bin_genres.rule_set": rule_set})
    return compute(inputs), inputs


def three_genres():
    """A third of the loud artists is a genre of its own that sounds between the two others."""
    rows = made_rows()
    is_between = rows["artist_group"].isin({f"artist:{number}" for number in range(1, 60, 4)})
    rows.loc[is_between, ["bin_classic", "bin_reviewed", "genre_bin"]] = "rock"
    rows.loc[is_between, "energy"] = rows.loc[is_between, "energy"] - 0.1
    return rows


def test_the_collections_that_are_there_are_compared(lake):
    """Spotify by both rule sets; the others say what is missing. What was fitted on is Spotify's table."""
    publish_rows(lake, three_genres())
    found, inputs = found_in(lake, "reviewed")
    one = found.collections[0]
    loud = one.by_name["rock"].pairs[0]

    assert [one.name for one in found.collections] == ["spotify-bins-reviewed", "spotify-bins-classic"]
    assert set(found.missing) == {"fma-top-genre", FAMILIES}
    assert "no rows in fma_tracks" in found.missing[FAMILIES]
    assert (one.tracks, one.artists, one.sample, len(one.genres)) == (300, 60, True, 3)
    assert loud.tracks / one.by_name["rock"].tracks > 0.9
    assert inputs.dataset is not None
    assert inputs.dataset[0].table == "spotify_binned"


def test_of_a_large_table_the_sample_of_training_is_compared(lake):
    """The result and the page say so."""
    publish_rows(lake, three_genres())
    settings = Settings(home=lake.home, cores=1, training_rows=200)
    found = compute(Inputs(GENRE_SIMILARITY, settings, {"bin_genres.rule_set": "classic"})).collections[0]

    assert found.labelled == 200
    assert "The tracks are from a sample of 200 of 300 rows, seeded, by artists" in how(found)


def test_two_genres_cannot_be_compared(lake):
    """Each is always the runner-up of the other."""
    publish_rows(lake, made_rows(20))
    found, _ = found_in(lake)

    assert found.collections == ()
    assert "found: 2 genres known from several artists" in found.missing["spotify-bins-classic"]


def test_fewer_artists_than_folds_cannot_be_compared(lake):
    """Nothing is held out then."""
    publish_rows(lake, made_rows(3, tracks=40))
    found, _ = found_in(lake)

    assert "so few artists; found: 3 artists" in found.missing["spotify-bins-classic"]


def test_a_family_holds_every_genre_below_its_root():
    """Punk is Rock; a lake without the tree takes each genre for a family."""
    tables = genre_set_tables(columns=8)
    rows = read_families(MadeInputs(tables), FMA_ALL_GENRES_ECHONEST)
    flat = read_families(
        MadeInputs({name: table for name, table in tables.items() if name != "fma_genres"}),
        FMA_ALL_GENRES_ECHONEST,
    )

    assert set(rows.names) == {"Rock", "Electronic", "Experimental"}
    assert set(flat.names) == {"12", "25", "15", "181", "38"}
    assert rows.carries.shape == (354, 3)
    assert rows.carries.any(axis=1).all()
    assert rows.columns == 8


def test_families_are_predicted_from_other_artists():
    """Better than their frequencies; one that nobody or everybody carries has its frequency."""
    rows = read_families(MadeInputs(genre_set_tables(columns=8)), FMA_ALL_GENRES_ECHONEST)
    proba = family_probabilities(rows, 4, 20, 24)
    own, other = proba[rows.carries].mean(), proba[~rows.carries].mean()

    assert own - other > 0.2
    assert np.isfinite(proba).all()


def test_a_constant_family_has_its_frequency():
    """No model can be fitted to it."""
    rows = read_families(MadeInputs(genre_set_tables(columns=8)), FMA_ALL_GENRES_ECHONEST)
    rows.carries[:, 0], rows.carries[:, 1] = True, False
    proba = family_probabilities(rows, 4, 5, 24)

    assert (proba[:, 0] == 1).all()
    assert (proba[:, 1] == 0).all()
    assert proba[:, 2].std() > 0
    assert 0 < proba[:, 2].mean() < 1

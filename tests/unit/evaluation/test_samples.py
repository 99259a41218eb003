"""Samples: capped, seeded, of whole artists where they matter; and every study that takes one says so."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest
from cluster_facts import drawn_of
from explore_facts import made_frame
from hypothesis import given
from hypothesis import strategies as st

from genrelab.analyses.clusters.budgets import Budget
from genrelab.analyses.clusters.collection import study_collection
from genrelab.analyses.clusters.feature_sets import FeatureSet
from genrelab.analyses.clusters.pages.cluster_study import fill as how_many
from genrelab.analyses.clusters.pages.clusters import fill as clusters_page
from genrelab.analyses.clusters.pages.map_charts import map_chart
from genrelab.analyses.clusters.summary import summarise
from genrelab.analyses.clusters.tracks import SPOTIFY as CLUSTERED
from genrelab.analyses.features.collection import SPOTIFY, explore
from genrelab.analyses.features.pages.correlations import fill as correlations_page
from genrelab.analyses.features.pages.features import fill as features_page
from genrelab.analyses.features.result import Exploration
from genrelab.analyses.features.sources import compare_sources
from genrelab.analyses.rule_audit.audio_recoverability import Forest, audio_recoverability
from genrelab.analyses.rule_audit.pages.rules import _recoverability_note
from genrelab.analyses.rule_audit.pages.source_charts import _of_samples
from genrelab.evaluation.samples import MOST_ROWS, group_codes, read_sample, sample_groups, sample_rows
from genrelab.lake import stored_rows
from genrelab.lake.stored_rows import StoredRows
from genrelab.tables.spotify import BINS

MANY = 60_000
SAYS = "a sample of 50,000 of 60,000 tracks, seeded"

artists_of_rows = st.lists(st.none() | st.sampled_from("abcdefghijkl"), min_size=1, max_size=80)


@given(st.integers(0, 300), st.integers(1, 200), st.integers(0, 5))
def test_a_sample_of_rows_is_capped_in_order_and_seeded(rows, most, seed):
    """All rows where there are few; the same ones for the same seed."""
    drawn = sample_rows(rows, seed, most)

    assert len(drawn) == min(rows, most)
    assert drawn.tolist() == sorted(set(drawn.tolist()))
    assert drawn.tolist() == sample_rows(rows, seed, most).tolist()


@given(artists_of_rows, st.integers(1, 60), st.integers(0, 5))
def test_a_sample_holds_whole_artists(artists, most, seed):
    """No artist is divided, and no more rows than asked for unless every artist has more."""
    groups, rows = np.asarray(artists, dtype=object), np.arange(len(artists))
    codes = group_codes(groups)

    chosen = sample_groups(rows, groups, most, seed)

    assert set(codes[chosen]).isdisjoint(codes[np.setdiff1d(rows, chosen)])
    is_one_large = len(np.unique(codes[chosen])) == 1 and np.bincount(codes).min() > most
    assert 0 < len(chosen) <= most or is_one_large
    assert chosen.tolist() == sorted(chosen.tolist())
    assert chosen.tolist() == sample_groups(rows, groups, most, seed).tolist()


@pytest.mark.parametrize("batch", [1, 7, 500])
def test_a_sample_of_a_table_is_read_in_batches(tmp_path, monkeypatch, batch):
    """Whole artists, seeded, in the order of the table, whatever the batches; no more rows than asked for."""
    monkeypatch.setattr(stored_rows, "BATCH", batch)
    artists = [None if row % 10 == 0 else f"artist {row % 17}" for row in range(100)]
    data = pa.table({"artist_id": artists, "row": range(100), "text": ["x"] * 100})
    pq.write_table(data, tmp_path / "rows.parquet", row_group_size=11)
    rows = StoredRows(ds.dataset(str(tmp_path / "rows.parquet"), format="parquet"))

    found, drawn = read_sample(rows, ["row", "artist_id"], "artist_id", 40, seed=3)

    expected = sample_groups(np.arange(100), np.asarray(artists, dtype=object), 40, 3)
    assert found["row"].to_pylist() == expected.tolist()
    assert drawn == f"a sample of {len(found)} of 100 rows, seeded"
    assert found.column_names == ["row", "artist_id"]
    assert read_sample(rows, ["row"], "artist_id", 40, seed=4)[0] != found.select(["row"])
    for most in (0, 100):
        assert read_sample(rows, ["row"], "artist_id", most, seed=3) == (data.select(["row"]), "")


def test_rows_without_an_artist_are_not_those_of_the_last_artist():
    """Each is drawn by itself: two rows of fifty without an artist are no group of fifty."""
    groups = np.array([None] * 50 + ["a", "a"], dtype=object)

    assert len(sample_groups(np.arange(52), groups, 20, seed=1)) in {19, 20}


def test_an_artist_with_more_rows_than_the_cap_leaves_room_for_the_others():
    """Half of all rows are one artist's: the sample is of the other half, and not that artist alone."""
    groups = np.array(["one"] * 500 + [f"artist {row}" for row in range(500)])

    chosen = sample_groups(np.arange(1_000), groups, 300, seed=3)

    assert len(chosen) == 300
    assert "one" not in groups[chosen]


@pytest.fixture(scope="module")
def many():
    """Sixty thousand tracks of three genres."""
    genres = [*BINS[:3]] * (MANY // 3)
    return made_frame(SPOTIFY, genres, 1), genres


def test_the_forests_of_the_rule_audit_are_grown_on_the_cap(many):
    """One track each artist, so that the sample of whole artists has exactly that many rows; twice the same."""
    frame, genres = many
    sound = pa.table({"energy": frame["energy"], "valence": np.arange(MANY) / MANY})
    artists = [f"artist {row}" for row in range(MANY)]
    forest = Forest(trees=2, min_samples_leaf=50, cores=1)
    found, again = (
        audio_recoverability(
            sound,
            sound.column_names,
            {"classic": pd.Series(genres)},
            artists,
            forest=forest,
            seeds=[1],
            sample_seed=4,
        )
        for _ in range(2)
    )

    assert (found.rows, found.of, found.groups) == (MOST_ROWS, MANY, MOST_ROWS)
    assert "a sample of 50,000 of 60,000 distinct tracks, seeded" in _recoverability_note(found)
    assert found == again


def test_features_are_explored_on_the_cap_and_counted_on_all(many):
    """Distributions and correlations are of the sample; tracks, zeros, far values and repeats of all rows."""
    frame, genres = many
    found, again = (explore(frame, genres, SPOTIFY, seed=4) for _ in range(2))
    page = Exploration((found,), None, None, None)

    assert (found.sampled, found.described, found.tracks) == (MOST_ROWS, MANY, MANY)
    assert {sum(feature.tracks) for feature in found.features} == {found.correlations.tracks} == {MOST_ROWS}
    assert {one.tracks for one in found.far} == {found.repeats.tracks} == {MANY}
    assert found == again
    assert features_page(page)["collections"][0]["sample"] == SAYS
    assert correlations_page(page)["collections"][0]["sample"] == SAYS


def test_a_small_collection_is_explored_whole(many):
    """And nothing is said of a sample."""
    frame, genres = (each[:300] for each in many)
    found = explore(frame, genres, SPOTIFY, seed=4)

    assert found.sampled == found.described == 300
    assert features_page(Exploration((found,), None, None, None))["collections"][0]["sample"] == ""


def test_two_sources_are_compared_on_the_cap(many):
    """The larger one by a sample, the smaller one whole; genres are counted over all."""
    frame, genres = many
    whole = pa.Table.from_pandas(frame), pd.Series(genres)
    small = tuple(each[:900] for each in whole)
    found = compare_sources(whole, small, SPOTIFY.columns, BINS[:2], seed=4)

    assert (found.rows, found.of) == ((MOST_ROWS, 900), (MANY, 900))
    assert (found.genres[0].first, found.genres[0].second) == (MANY // 3, 300)
    assert _of_samples(found) == f" Compared on {SAYS} for Spotify."
    assert found == compare_sources(whole, small, SPOTIFY.columns, BINS[:2], seed=4)


def test_clusters_are_those_of_the_cap(many):
    """Whatever is judged works on the same sample, and the pages, the line and the map say so."""
    frame, genres = many
    sets = FeatureSet(
        "all-scaled", "Two features, scaled", ("energy", "valence"), is_scaled=True, why="Test."
    )
    two = pd.DataFrame(frame[["energy", "valence"]])
    drawn = drawn_of(two, {"classic": genres}, replace(CLUSTERED, sets=(sets,)), seed=4)
    found = study_collection(drawn, [""] * MOST_ROWS, seed=4, budget=Budget((2, 3), 1, 5, 2, (3,), 1, 20))

    assert (found.rows, found.of, found.read, found.without_features) == (MOST_ROWS, MANY, MANY, 0)
    assert (found.headline.study.rows, found.map.rows) == (MOST_ROWS, MOST_ROWS)
    assert clusters_page([found])["collections"][0]["rows"] == SAYS
    assert how_many([found])["collections"][0]["rows"] == SAYS
    assert SAYS in summarise(found).message
    assert "Drawn: a sample of 20 of 60,000 tracks, seeded" in map_chart(found).first.caption

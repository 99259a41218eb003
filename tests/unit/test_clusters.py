"""Clusters against genres: planted clusters are found, shuffled genres give nothing."""

import json

import numpy as np
import pandas as pd
import pytest

from genrelab.clusters import (
    AGREEMENT,
    FEATURE_SETS,
    FeatureSet,
    chance_agreement,
    compare_clusters,
    leaders,
)
from genrelab.errors import GenrelabError

TWO = FeatureSet("two", "Two features", ("energy", "tempo"), is_scaled=True, why="Made for the tests.")
UNSCALED = FeatureSet(
    "two-unscaled", "Two as they are", ("energy", "tempo"), is_scaled=False, why="The same."
)


def planted(sizes: tuple[int, ...] = (60, 40, 20), seed: int = 1) -> tuple[pd.DataFrame, list[str | None]]:
    """Clouds far apart, one per genre."""
    generator = np.random.default_rng(seed)
    genre = np.repeat(np.arange(len(sizes)), sizes)
    frame = pd.DataFrame(
        {
            "energy": genre / 10 + generator.normal(0, 0.005, len(genre)),
            "tempo": 100 + genre * 20 + generator.normal(0, 1, len(genre)),
        }
    )
    return frame, [f"genre {number}" for number in genre]


def test_planted_clusters_are_found():
    """Three clouds, three genres: agreement is perfect, and clusters are numbered by size."""
    found = compare_clusters(*planted(), TWO, k=3, seed=1)

    assert {name: found.scores[name] for name in AGREEMENT} == pytest.approx(dict.fromkeys(AGREEMENT, 1.0))
    assert found.counts.tolist() == [[60, 0, 0], [0, 40, 0], [0, 0, 20]]
    assert [leader.size for leader in found.leaders] == [60, 40, 20]
    assert found.scores["silhouette"] > 0.8


def test_centres_are_in_the_units_of_the_features():
    """Scaled for the clustering, given back in beats per minute."""
    found = compare_clusters(*planted(), TWO, k=3, seed=1)

    assert found.centres[:, 1] == pytest.approx([100, 120, 140], abs=1)


def test_each_row_that_took_part_has_its_cluster():
    """Rows and clusters belong together, left-out rows have none."""
    frame, genres = planted()
    genres[0], frame.loc[5, "tempo"] = None, np.nan

    found = compare_clusters(frame, genres, TWO, k=3, seed=1)

    assert found.left_out == 2
    assert found.rows.tolist() == [row for row in range(120) if row not in {0, 5}]
    assert len(found.assigned) == 118
    assert found.notes == ("2 rows left out: no genre, or a feature is missing",)


def test_shuffled_genres_agree_by_chance_only():
    """Adjusted scores are about 0, and so is the baseline."""
    frame, genres = planted((300, 300, 300))
    shuffled = np.random.default_rng(5).permutation(genres).tolist()

    found = compare_clusters(frame, shuffled, TWO, k=3, seed=1)

    assert found.scores["ari"] == pytest.approx(0, abs=0.01)
    assert found.scores["ami"] == pytest.approx(0, abs=0.01)
    assert found.chance["ari"] == pytest.approx(0, abs=0.01)


def test_chance_knows_the_sizes_of_clusters_and_genres():
    """Homogeneity is not adjusted: many small clusters raise it, and the baseline says by how much."""
    generator = np.random.default_rng(1)
    genres, clusters = generator.integers(2, size=60), np.arange(60) // 2

    chance = chance_agreement(genres, clusters, 1)

    assert chance["homogeneity"] > 0.3
    assert abs(chance["ami"]) < 0.1
    assert chance["ami_p95"] >= chance["ami"]


def test_unscaled_the_widest_numbers_decide():
    """Two clusters by tempo where energy would divide otherwise."""
    generator = np.random.default_rng(2)
    slow, loud = generator.random(400) < 0.5, generator.random(400) < 0.5
    frame = pd.DataFrame({"energy": loud * 0.9, "tempo": 60 + 100 * slow + generator.normal(0, 1, 400)})

    found = compare_clusters(frame, ["fast" if one else "slow" for one in slow], UNSCALED, k=2, seed=1)

    assert found.scores["ari"] == pytest.approx(1.0)


def test_the_leader_leads_by_the_difference_of_two_shares():
    """Six of ten against three of ten."""
    (leader,) = leaders(np.array([[3, 6, 1]]), ["a", "b", "c"])

    assert (leader.leader, leader.leader_share, leader.runner_up) == ("b", 0.6, "a")
    assert leader.lead == pytest.approx(0.3)


def test_a_cluster_of_one_genre_has_no_runner_up():
    """And leads by all it has."""
    (leader,) = leaders(np.array([[0, 4]]), ["a", "b"])

    assert (leader.runner_up, leader.lead) == ("", 1.0)


def test_shares_add_up_by_cluster_and_by_genre():
    """What a cluster is made of, and where a genre went."""
    found = compare_clusters(*planted(), TWO, k=4, seed=1)

    assert found.shares_by_cluster.sum(axis=1) == pytest.approx(np.ones(4))
    assert found.shares_by_genre.sum(axis=0) == pytest.approx(np.ones(3))
    assert found.counts.sum() == 120


def test_the_same_seed_gives_the_same_comparison():
    """Clusters, sample and shuffles."""
    one, again = (compare_clusters(*planted(), TWO, k=5, seed=3).as_dict() for _ in range(2))
    del one["fit_seconds"], again["fit_seconds"]

    assert one == again


def test_the_comparison_is_plain_json():
    """As the report and the tracking run take it."""
    summary = json.loads(
        json.dumps(compare_clusters(*planted(), TWO, k=3, seed=1).as_dict(), allow_nan=False)
    )

    assert summary["genres"] == ["genre 0", "genre 1", "genre 2"]
    assert set(summary["clusters"][0]) == {
        "cluster",
        "size",
        "leader",
        "leader_share",
        "runner_up",
        "lead",
        "centre",
    }
    assert set(summary["scores"]) == {*AGREEMENT, "silhouette", "inertia"}


@pytest.mark.parametrize("rows", [0, 5])
def test_fewer_tracks_than_clusters_are_named(rows):
    """Twelve clusters of five tracks."""
    frame, genres = planted()

    with pytest.raises(
        GenrelabError, match=f"12 clusters need at least 12 different tracks; found: {rows} diff"
    ):
        compare_clusters(frame[:rows], genres[:rows], TWO, seed=1)


def test_copies_do_not_count_as_tracks():
    """Fifty times the same track is one."""
    frame = pd.DataFrame({"energy": [0.5] * 50, "tempo": [120.0] * 50})

    with pytest.raises(GenrelabError, match="found: 1 different tracks in 50 rows, 0 left out"):
        compare_clusters(frame, ["pop"] * 50, TWO, k=2, seed=1)


def test_a_constant_feature_is_noted_and_does_no_harm():
    """Scaling a constant divides by nothing."""
    frame, genres = planted()
    three = FeatureSet("three", "Three", ("energy", "tempo", "mode"), is_scaled=True, why="One is constant.")

    found = compare_clusters(frame.assign(mode=1), genres, three, k=3, seed=1)

    assert found.notes == ("mode is the same in all rows and decides nothing",)
    assert found.scores["ari"] == pytest.approx(1.0)


def test_a_missing_column_is_named():
    """The table has no such feature."""
    frame, genres = planted()

    with pytest.raises(GenrelabError, match="no column acousticness"):
        compare_clusters(frame, genres, FEATURE_SETS["all-scaled"], seed=1)


def test_the_documents_feature_sets_are_there():
    """Eleven features, ten without tempo, seven that run from 0 to 1; scaled ones by default."""
    assert {name: len(one.features) for name, one in FEATURE_SETS.items()} == {
        "all-scaled": 11,
        "all": 11,
        "no-tempo": 10,
        "zero-to-one": 7,
    }
    assert next(iter(FEATURE_SETS.values())).is_scaled

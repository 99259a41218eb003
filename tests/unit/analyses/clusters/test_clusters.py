"""Clusters: planted ones are found, bad input is told, and nothing is made of it."""

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import silhouette_samples

from genrelab.analyses.clusters.agreement import agree
from genrelab.analyses.clusters.feature_sets import FEATURE_SETS, FeatureSet, feature_sets
from genrelab.analyses.clusters.kmeans import (
    by_size,
    check_rows,
    cluster,
    distances,
    silhouettes,
)
from genrelab.runtime.errors import GenrelabError

SCALED = FeatureSet("two", "Two features", ("energy", "tempo"), is_scaled=True, why="Made for the tests.")
AS_THEY_ARE = FeatureSet("two-as-they-are", "Two", ("energy", "tempo"), is_scaled=False, why="The same.")
NAMES = ("energy", "tempo")


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
    frame, genres = planted()
    found = cluster(frame, SCALED, k=3, seed=1)
    agreement = agree(found.assigned, genres, 3, seed=1)

    assert agreement.scores == pytest.approx(dict.fromkeys(agreement.scores, 1.0))
    assert agreement.counts.tolist() == [[60, 0, 0], [0, 40, 0], [0, 0, 20]]
    assert found.sizes.tolist() == [60, 40, 20]
    assert agreement.matching == ((0, "genre 0"), (1, "genre 1"), (2, "genre 2"))


def test_centres_are_in_the_units_of_the_features():
    """Scaled for the clustering, given back in beats per minute."""
    found = cluster(planted()[0], SCALED, k=3, seed=1)

    assert found.centres[:, 1] == pytest.approx([100, 120, 140], abs=1)
    assert np.abs(found.scaled_centres).max() < 3


def test_unscaled_the_widest_numbers_decide():
    """Two clusters by tempo where energy would divide otherwise."""
    generator = np.random.default_rng(2)
    slow, loud = generator.random(400) < 0.5, generator.random(400) < 0.5
    frame = pd.DataFrame({"energy": loud * 0.9, "tempo": 60 + 100 * slow + generator.normal(0, 1, 400)})

    found = cluster(frame, AS_THEY_ARE, k=2, seed=1)

    genres = ["fast" if one else "slow" for one in slow]
    assert agree(found.assigned, genres, 2, seed=1).scores["ari"] == pytest.approx(1.0)


def test_the_same_seed_gives_the_same_clusters():
    """And the centres with them."""
    frame, _ = planted()
    one, again = (cluster(frame, SCALED, k=5, seed=3) for _ in range(2))

    assert one.assigned.tolist() == again.assigned.tolist()
    assert one.centres.tolist() == again.centres.tolist()


def test_clusters_are_numbered_by_size():
    """The largest is 0; of equal ones the first stays first."""
    assert by_size(np.array([2, 0, 2, 1, 2, 1, 3]), 4).tolist() == [0, 2, 0, 1, 0, 1, 3]


@pytest.mark.parametrize("rows", [0, 5])
def test_fewer_tracks_than_clusters_are_named(rows):
    """Twelve clusters of five tracks."""
    with pytest.raises(
        GenrelabError,
        match=f"12 clusters need at least 12 different tracks; found: {rows} different tracks in {rows} rows, 3 left",
    ):
        check_rows(planted()[0][:rows].to_numpy(), NAMES, left_out=3)


def test_copies_do_not_count_as_tracks():
    """Fifty times the same track is one."""
    with pytest.raises(GenrelabError, match="found: 1 different tracks in 50 rows, 0 left out"):
        check_rows(np.full((50, 2), 0.5), NAMES, 2)


def test_a_constant_feature_is_refused():
    """It was not measured."""
    values = planted()[0].assign(mode=1).to_numpy()

    with pytest.raises(GenrelabError, match="found: mode: the same value in all 120 rows"):
        check_rows(values, (*NAMES, "mode"), 3)


def test_the_documents_feature_sets_are_there():
    """Eleven features, ten without tempo, seven that run from 0 to 1; each as it is and scaled."""
    assert {name: len(one.features) for name, one in FEATURE_SETS.items()} == {
        "all": 11,
        "no-tempo": 10,
        "zero-to-one": 7,
        "all-scaled": 11,
        "no-tempo-scaled": 10,
        "zero-to-one-scaled": 7,
    }
    assert [one.document_accuracy for one in FEATURE_SETS.values()] == [0.980, 0.994, 0.959, None, None, None]


def test_the_same_features_are_one_set():
    """Echo Nest has neither loudness nor mode: without tempo everything runs from 0 to 1."""
    assert [one.name for one in feature_sets(("energy", "tempo"))] == [
        "all",
        "no-tempo",
        "all-scaled",
        "no-tempo-scaled",
    ]


def test_silhouettes_tell_clouds_apart():
    """Near 1 for clouds far apart, 0 where there is one cluster."""
    frame, _ = planted()
    found = cluster(frame, SCALED, k=3, seed=1)
    apart = distances(found.points)

    assert silhouettes(apart, found.assigned).mean() > 0.8
    assert silhouettes(apart, np.zeros(120, dtype=np.int64)).tolist() == [0.0] * 120


@pytest.mark.parametrize("clusters", [2, 12, 40])
def test_silhouettes_are_those_of_scikit_learn(clusters):
    """Rows alone in a cluster, equal rows and numbers that nobody has included."""
    generator = np.random.default_rng(clusters)
    points = generator.normal(size=(300, 4))
    points[40:60] = points[40]
    assigned = generator.integers(0, clusters, 300) * 2
    assigned[40:60], assigned[7] = 98, 99
    apart = distances(points)

    wanted = silhouette_samples(apart, assigned, metric="precomputed")
    np.testing.assert_allclose(silhouettes(apart, assigned), wanted, atol=2e-6)

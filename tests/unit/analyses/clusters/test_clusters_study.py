"""The study of k, stability, portraits, other methods and the map, on clouds whose answer is known."""

import json
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from cluster_facts import SMALL, drawn_of, made_clusters, made_tracks

from genrelab.analyses.clusters.agreement import agree
from genrelab.analyses.clusters.alternatives import alternatives
from genrelab.analyses.clusters.collection import study_collection
from genrelab.analyses.clusters.feature_sets import FeatureSet
from genrelab.analyses.clusters.history import cost_history
from genrelab.analyses.clusters.kmeans import cluster, scale
from genrelab.analyses.clusters.portraits import cluster_profiles, describe, make_histograms
from genrelab.analyses.clusters.result import Weight
from genrelab.analyses.clusters.stability import stability
from genrelab.analyses.clusters.study import gap_statistic, smallest_gap, study_k
from genrelab.analyses.clusters.surrogate_forest import fit_surrogate_forest
from genrelab.analyses.clusters.track_map import check_umap, track_map
from genrelab.analyses.clusters.tracks import SPOTIFY
from genrelab.evaluation.splits import author
from genrelab.runtime.errors import GenrelabError
from genrelab.runtime.records import encode
from genrelab.tables.spotify import MODEL_FEATURES

TWO = FeatureSet("two", "Two features", ("energy", "tempo"), is_scaled=True, why="Made for the tests.")


def blobs(count: int, rows: int = 40, seed: int = 1) -> pd.DataFrame:
    """Clouds on a circle, far apart, one after the other."""
    generator = np.random.default_rng(seed)
    angle = np.repeat(np.arange(count) * 2 * np.pi / count, rows)
    return pd.DataFrame(
        {
            "energy": 0.5 + 0.4 * np.cos(angle) + generator.normal(0, 0.01, len(angle)),
            "tempo": 120 + 40 * np.sin(angle) + generator.normal(0, 1, len(angle)),
        }
    )


@pytest.mark.parametrize("count", [3, 5])
def test_every_measure_chooses_the_number_of_clouds(count):
    """Gap statistic, silhouette, Calinski-Harabasz, Davies-Bouldin and agreement; the elbow too."""
    genres = [f"genre {row // 40}" for row in range(40 * count)]
    found = study_k(scale(blobs(count).to_numpy()), {"planted": genres}, range(2, 10), seed=1, references=5)

    assert set(found.chosen.values()) == {count}
    assert found.agreement["planted"]["ari"][count - 2] == pytest.approx(1.0)
    assert list(found.measures["inertia"]) == sorted(found.measures["inertia"], reverse=True)


def test_a_gap_that_rises_throughout_chooses_nothing():
    """No k is told where there is none to tell."""
    assert smallest_gap([2, 3, 4], [0.1, 0.2, 0.3], [0.01, 0.01, 0.01]) is None


def test_rows_without_clusters_have_no_gap():
    """A uniform box is as its own reference."""
    gap, errors = gap_statistic(
        np.random.default_rng(2).uniform(size=(300, 2)), [2, 3, 4], references=5, seed=1
    )

    assert np.abs(gap).max() < 0.15
    assert min(errors) > 0


def test_no_more_clusters_than_different_rows_are_tried():
    """Six different rows, asked for up to nine clusters."""
    points = np.repeat(np.arange(6.0), 4)[:, None]

    assert study_k(points, {}, range(2, 10), seed=1, references=2).k == (2, 3, 4, 5)


def test_cost_falls_from_iteration_to_iteration():
    """And ends where k-means ends."""
    points = scale(blobs(5).to_numpy())
    costs = cost_history(points, 5, seed=1)

    assert all(after <= before + 1e-12 for before, after in pairwise(costs))
    assert costs[-1] < costs[0]


def test_planted_clusters_are_stable_and_noise_is_not():
    """Clouds are found from every start and in every draw; a single cloud cut in eight is not."""
    planted = stability(cluster(blobs(4), TWO, k=4, seed=1), runs=3, seed=1)
    noise = pd.DataFrame(np.random.default_rng(3).normal(size=(400, 2)), columns=["energy", "tempo"])
    unclear = stability(cluster(noise, TWO, k=8, seed=1), runs=3, seed=1)

    assert planted.seeds.mean == planted.bootstrap.mean == pytest.approx(1.0)
    assert unclear.bootstrap.mean < 0.8


def test_the_forest_finds_the_feature_that_decides():
    """Unscaled, tempo has the wide numbers."""
    frame, genres = made_tracks(MODEL_FEATURES)
    clustering = cluster(frame, SPOTIFY.sets[0], k=4, seed=1)
    found = fit_surrogate_forest(clustering, author(genres), seed=1)

    assert found.importances[0].feature == "tempo"
    assert sum(weight.value for weight in found.importances) == pytest.approx(1.0)
    assert found.accuracy > found.baseline
    assert found.fitted_on + found.tested_on < len(frame)


def test_other_methods_find_the_clouds_too():
    """Each of them, HDBSCAN without being told how many."""
    genres = [f"genre {row // 60}" for row in range(240)]
    found = {
        one.method: one
        for one in alternatives(cluster(blobs(4, 60), TWO, k=4, seed=1), {"x": genres}, seed=1)
    }

    assert list(found) == ["k-means", "Mini-batch k-means", "Gaussian mixture", "HDBSCAN"]
    assert {one.clusters for one in found.values()} == {4}
    for one in found.values():
        assert one.agreement["x"]["ari"] > 0.95
        assert one.with_kmeans > 0.95


def test_a_description_names_the_extremes():
    """The furthest first; what is near the mean is not named."""
    mean, spread = (
        dict.fromkeys(("tempo", "loudness", "valence"), 0.0),
        dict.fromkeys(("tempo", "loudness", "valence"), 1.0),
    )

    assert describe({"tempo": 0.9, "loudness": 2.0, "valence": -0.5}, mean, spread) == "very loud, fast"
    assert describe({"tempo": 0.1, "loudness": -0.1, "valence": 0}, mean, spread) == "average in everything"


def test_a_portrait_tells_size_ranges_neighbours_and_genres():
    """Two clouds: 30 slow tracks, nearly all pop, and 90 fast ones, nearly all rock."""
    generator = np.random.default_rng(1)
    tempo = np.r_[generator.normal(80, 1, 30), generator.normal(160, 1, 90)]
    frame = pd.DataFrame({"energy": generator.uniform(0, 1, 120), "tempo": tempo})
    genres = ["pop"] * 25 + ["rock"] * 5 + ["rock"] * 80 + ["pop"] * 10
    only = FeatureSet("tempo", "Tempo", ("tempo",), is_scaled=False, why="Made for the tests.")
    clustering = cluster(frame, only, k=2, seed=1)
    agreement = agree(clustering.assigned, genres, 2, seed=1)
    names = [f"track {row}" for row in range(120)]
    fast, slow = cluster_profiles(
        clustering,
        frame,
        names,
        [Weight("tempo", 1.0)],
        {"x": (agreement, genres)},
        make_histograms(frame, ("energy", "tempo")),
    )

    assert (fast.size, slow.size) == (90, 30)
    assert (fast.description, slow.description) == ("", "") or "slow" in slow.description
    assert [feature.feature for feature in slow.features] == ["tempo", "energy"]
    assert slow.features[0].is_leading
    assert sum(slow.features[0].counts) == 30
    assert slow.features[0].low == pytest.approx(tempo[:30].min(), abs=1e-3)
    nearest = int(np.argmin(np.abs(tempo[:30] - tempo[:30].mean())))
    assert slow.nearest[0] == f"track {nearest}"
    assert len(slow.nearest) == 5
    typical, surprising = (getattr(slow.genres["x"], kind) for kind in ("typical", "surprising"))
    assert (typical.genre, typical.tracks) == ("pop", 25)
    assert typical.lift == pytest.approx((25 / 30) / (35 / 120))
    assert (surprising.genre, surprising.tracks) == ("rock", 5)
    assert surprising.example in names[25:30]


def test_the_map_keeps_what_is_apart_apart():
    """Clouds keep their places, groups their middles, and the variance is told."""
    frame = blobs(3)
    found = track_map(
        frame.to_numpy(),
        ("energy", "tempo"),
        [f"track {row}" for row in range(120)],
        {"genre:x": [None if row == 0 else f"genre {row // 40}" for row in range(120)]},
        seed=1,
        points=60,
    )
    (projection,) = found.projections
    group = found.groups["genre:x"]

    assert len(found.names) == len(projection.x) == len(group.of_point) == 60
    assert sum(axis.explained for axis in projection.axes) == pytest.approx(1.0)
    assert group.kinds == ("genre 0", "genre 1", "genre 2")
    middles = np.array(projection.middles["genre:x"])
    assert min(np.linalg.norm(middles[one] - middles[other]) for one, other in ((0, 1), (0, 2), (1, 2))) > 1


def test_umap_without_its_package_is_told_before_any_work(monkeypatch):
    """What is missing, and what to do."""
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)

    with pytest.raises(GenrelabError, match=r"umap-learn is not installed; .*requirements-umap.lock"):
        check_umap()


def test_the_facts_are_plain_json():
    """As the report and the tracking run take them; every collection with all of its sets."""
    facts = json.loads(json.dumps([encode(one) for one in made_clusters()], allow_nan=False))

    assert [len(one["clusterings"]) for one in facts] == [6, 4]
    assert [one["labels"] for one in facts[0]["clusterings"][0]["agreements"]] == ["classic", "reviewed"]
    assert facts[0]["clusterings"][0]["agreements"][1]["rows"] == sum(
        row % 40 != 0 for row in range(facts[0]["rows"])
    )


@pytest.mark.parametrize(
    ("lacking", "absent", "rows"),
    [(1.0, ("time_signature",), 260), (0.5, ("time_signature",), 260), (0.05, (), 247)],
)
def test_a_feature_that_too_many_tracks_lack_is_left_out_and_named(lacking, absent, rows):
    """All of them, half of them; where few lack it, these tracks are left out instead."""
    frame, genres = made_tracks(MODEL_FEATURES)
    frame["time_signature"] = frame["time_signature"].where(np.arange(len(frame)) >= lacking * len(frame))

    found = study_collection(drawn_of(frame, {"classic": genres}), genres[:rows], seed=1, budget=SMALL)

    assert (found.absent, found.rows) == (absent, rows)
    assert "time_signature" in found.features or absent
    assert all(set(absent).isdisjoint(one.features) for one in found.clusterings)
    documents = [one.document_accuracy for one in found.clusterings]
    assert any(documents) is not bool(absent), "the document's numbers are about all eleven features"

"""k-means by origin: planted clusters are found, shuffled ones are chance."""

import itertools
from dataclasses import replace

import numpy as np
import pytest
from origin_facts import made_tracks

from genrelab.analyses.origin.grouping import ITERATIONS, SCREE_K, cost_histories, group, scree
from genrelab.analyses.origin.pages.charts import turning_point
from genrelab.analyses.origin.spread import spread_around


def test_planted_clusters_are_found():
    """Six countries, six balls: every country is pure, chance is far below."""
    found = group(made_tracks(), seed=1, shuffles=200, k=6)

    assert found.purity == pytest.approx(1)
    assert found.scores["ari"] == pytest.approx(1)
    assert found.counts.sum() == 120
    assert found.p_value == pytest.approx(1 / 201)
    assert found.chance.max() < found.chance_p95.max() < 0.6


def test_shuffled_origins_are_chance():
    """The same clusters, origins drawn at random: purity as in the shuffles, agreement near 0."""
    tracks = made_tracks()
    shuffled = replace(tracks, place=np.random.default_rng(2).permutation(tracks.place))
    found = group(shuffled, seed=1, shuffles=300, k=6)

    assert abs(found.scores["ari"]) < 0.03
    assert found.mean_purity == pytest.approx(found.mean_purity_chance[0], abs=0.05)
    assert (found.purity > found.chance_p95).sum() <= 2


def test_clusters_are_numbered_by_size_and_tell_their_countries():
    """The largest is 0; shares add up to what is there."""
    tracks = made_tracks()
    found = group(tracks, seed=1, shuffles=20, k=4)
    facts = found.result(tracks)
    sizes = [cluster.size for cluster in facts.clusters]

    assert sizes == sorted(sizes, reverse=True)
    assert np.bincount(found.assigned).tolist() == sizes
    for cluster in facts.clusters:
        leader = cluster.leading[0]
        assert leader.share_of_country == leader.tracks / 20
        assert leader.share_of_cluster == leader.tracks / cluster.size


def test_costs_fall_and_more_clusters_cost_less():
    """By iteration and by k, from the cost of the start on."""
    features = made_tracks().features
    histories = cost_histories(features, seed=1, starts=2)

    assert [history.k for history in histories] == [3, 5, 10, 20]
    for history in histories:
        for costs in history.costs:
            assert len(costs) == 1 + ITERATIONS
            assert all(after <= before + 1e-9 for before, after in itertools.pairwise(costs))


def test_the_cost_is_the_mean_squared_distance_to_the_nearest_centre():
    """One cluster costs the variance."""
    features = made_tracks().features
    found = scree(features, seed=1, starts=4)
    best = np.min(found.costs, axis=0)

    assert found.k == SCREE_K
    assert best[0] == pytest.approx(features.var(axis=0).sum())
    assert SCREE_K[turning_point(best.tolist())] == 6


def test_tracks_of_one_capital_lie_beside_each_other():
    """No two marks on one spot, all near their capital, the leading cluster in the middle, the same every time."""
    places = np.array([(60.0, 20.0), (0.0, 0.0)])
    place = np.array([0] * 60 + [1])
    assigned = np.array([1] * 20 + [2] * 40 + [0])
    spots = spread_around(places, place, assigned)
    away = np.hypot(spots[:60, 0] - 60, (spots[:60, 1] - 20) * np.cos(np.radians(60)))

    assert len(np.unique(spots.round(6), axis=0)) == 61
    assert away.max() < 0.68 * 60**0.5
    assert away[20:].max() < away[:20].min()
    assert spots[60].tolist() == [0, 0]
    assert (spots == spread_around(places, place, assigned)).all()

"""Agreement: the scores are those of scikit-learn, chance is what shuffled genres give, the matching is the best."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics

from genrelab.analyses.clusters.agreement import (
    AGREEMENT,
    agree,
    chance_agreement,
    contingency,
    find_leaders,
    matched,
)

LABELS = {
    "ari": metrics.adjusted_rand_score,
    "ami": metrics.adjusted_mutual_info_score,
    "v_measure": metrics.v_measure_score,
    "homogeneity": metrics.homogeneity_score,
    "completeness": metrics.completeness_score,
}


@settings(max_examples=40)
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 4)), min_size=6, max_size=60))
def test_scores_of_a_table_are_those_of_its_rows(pairs):
    """What scikit-learn computes from labels follows from their table."""
    clusters, genres = (np.array(column) for column in zip(*pairs, strict=True))
    if len(set(clusters.tolist())) < 2 or len(set(genres.tolist())) < 2:
        return
    table = contingency(clusters, genres, 4, 5)
    table = table[table.sum(axis=1) > 0][:, table.sum(axis=0) > 0]

    for name, score in LABELS.items():
        assert AGREEMENT[name](table) == pytest.approx(score(genres, clusters), abs=1e-9), name


def test_the_matching_is_the_best_of_all():
    """By hand: every assignment of four clusters to three genres is tried."""
    table = np.random.default_rng(4).integers(0, 30, (4, 3))
    best = max(
        sum(table[cluster, genre] for genre, cluster in enumerate(chosen))
        for chosen in permutations(range(4), 3)
    )

    assert matched(table) == pytest.approx(best / table.sum())


def test_a_matching_gives_no_genre_twice():
    """Both clusters are mostly pop; only one may have it."""
    agreement = agree(
        np.array([0] * 10 + [1] * 10), ["pop"] * 9 + ["rock"] + ["pop"] * 6 + ["rock"] * 4, 2, seed=1
    )

    assert agreement.matching == ((0, "pop"), (1, "rock"))
    assert agreement.scores["matched"] == pytest.approx(13 / 20)


def test_shuffled_genres_agree_by_chance_only():
    """Adjusted scores are about 0, and the others no better than their baseline."""
    generator = np.random.default_rng(5)
    clusters = np.repeat([0, 1, 2], 300)
    agreement = agree(clusters, generator.permutation(np.repeat(["a", "b", "c"], 300)).tolist(), 3, seed=1)

    assert agreement.scores["ari"] == pytest.approx(0, abs=0.01)
    assert agreement.scores["ami"] == pytest.approx(0, abs=0.01)
    for name in AGREEMENT:
        assert agreement.scores[name] == pytest.approx(agreement.chance[name], abs=0.06), name


def test_chance_is_what_shuffling_the_rows_gives():
    """Tables of the same margins, drawn without touching a row, have the same mean scores."""
    generator = np.random.default_rng(1)
    clusters, genres = generator.integers(0, 5, 200), generator.integers(0, 4, 200)
    chance = chance_agreement(contingency(clusters, genres, 5, 4), seed=2, shuffles=200)
    shuffled = [generator.permutation(genres) for _ in range(100)]

    for name, score in LABELS.items():
        by_hand = [score(one, clusters) for one in shuffled]
        assert chance[name] == pytest.approx(np.mean(by_hand), abs=0.008), name
        assert chance[f"{name}_p95"] == pytest.approx(np.percentile(by_hand, 95), abs=0.02), name


def test_chance_knows_the_sizes_of_clusters_and_genres():
    """Homogeneity is not adjusted: many small clusters raise it, and the baseline says by how much."""
    generator = np.random.default_rng(1)
    chance = chance_agreement(contingency(np.arange(60) // 2, generator.integers(0, 2, 60), 30, 2), seed=1)

    assert chance["homogeneity"] > 0.3
    assert abs(chance["ami"]) < 0.05
    assert chance["ami_p95"] > chance["ami"]


def test_the_leader_leads_by_the_difference_of_two_shares():
    """Six of ten against three of ten."""
    (leader,) = find_leaders(np.array([[3, 6, 1]]), ["a", "b", "c"])

    assert (leader.leader, leader.leader_share, leader.runner_up) == ("b", 0.6, "a")
    assert leader.lead == pytest.approx(0.3)


@pytest.mark.parametrize(("row", "leader", "lead"), [([0, 4], "b", 1.0), ([0, 0], "", 0.0)])
def test_a_cluster_without_a_second_genre_has_no_runner_up(row, leader, lead):
    """It leads by all it has; a cluster without any genre has no leader either."""
    (found,) = find_leaders(np.array([row]), ["a", "b"])

    assert (found.leader, found.runner_up, found.lead) == (leader, "", lead)


def test_rows_without_a_genre_take_no_part():
    """A cluster without any genre has a row of zeros."""
    agreement = agree(np.array([0, 0, 0, 1, 1, 2]), ["a", "b", None, "a", "a", None], 3, seed=1)

    assert agreement.counts.tolist() == [[1, 1], [2, 0], [0, 0]]


def test_no_genre_at_all_is_an_error():
    """The caller must leave such a labelling out."""
    with pytest.raises(ValueError, match="no row has a genre"):
        agree(np.array([0, 1]), [None, None], 2, seed=1)

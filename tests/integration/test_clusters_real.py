"""The document's clusters on the real pulls: its numbers and its observations come out."""

import numpy as np
import pandas as pd
import pytest

from genrelab.analyses.clusters.agreement import agree
from genrelab.analyses.clusters.budgets import BUDGETS
from genrelab.analyses.clusters.feature_sets import FEATURE_SETS
from genrelab.analyses.clusters.kmeans import Clustering, cluster
from genrelab.analyses.clusters.result import SurrogateForest
from genrelab.analyses.clusters.study import study_k
from genrelab.analyses.clusters.surrogate_forest import fit_surrogate_forest
from genrelab.evaluation.splits import author
from genrelab.rules import bin_tracks, load_rule_set
from genrelab.sources.spotify import exact_duplicates, read_pulls
from genrelab.tables.spotify import MODEL_FEATURES

pytestmark = [pytest.mark.real, pytest.mark.long]

SEED = 24


@pytest.fixture(scope="module")
def tracks(real_data) -> tuple[pd.DataFrame, list[str]]:
    """The document's 35,049 tracks in source order, with their bins."""
    data = read_pulls(real_data / "spotify" / "pulls").data
    data = data.filter(~np.asarray(exact_duplicates(data)))
    bins = bin_tracks(data["genres"], load_rule_set("classic")).bins
    return data.filter(bins.is_valid()).select(list(MODEL_FEATURES)).to_pandas(), bins.drop_null().to_pylist()


@pytest.fixture(scope="module")
def found(tracks) -> dict[str, tuple[Clustering, SurrogateForest]]:
    """The document's three clusterings and what a forest makes of them."""
    frame, genres = tracks
    split = author(genres)
    made = {}
    for name in ("all", "no-tempo", "zero-to-one"):
        clustering = cluster(frame, FEATURE_SETS[name], seed=SEED)
        made[name] = clustering, fit_surrogate_forest(clustering, split, seed=SEED, cores=2)
    return made


@pytest.mark.parametrize("name", ["all", "no-tempo", "zero-to-one"])
def test_forests_name_the_cluster_as_often_as_the_documents(found, name):
    """0.980, 0.994 and 0.959 on the author's split: within 0.01."""
    _, deciding = found[name]

    assert (deciding.fitted_on, deciding.tested_on) == (19_714, 8_763)
    assert deciding.accuracy == pytest.approx(FEATURE_SETS[name].document_accuracy, abs=0.01)


def test_tempo_decides_then_loudness_then_none_alone(found):
    """The document: tempo; without it loudness close to all; then valence at close to 0.25."""
    first = {name: deciding.importances[0] for name, (_, deciding) in found.items()}

    assert {name: weight.feature for name, weight in first.items()} == {
        "all": "tempo",
        "no-tempo": "loudness",
        "zero-to-one": "valence",
    }
    assert first["all"].value > 0.7
    assert first["no-tempo"].value > 0.7
    assert first["zero-to-one"].value == pytest.approx(0.25, abs=0.02)


def test_only_few_genres_besides_pop_lead_a_cluster_of_zero_to_one_features(tracks, found):
    """The document: dance and classical; and far from chance."""
    clustering, _ = found["zero-to-one"]
    agreement = agree(clustering.assigned, tracks[1], clustering.k, seed=SEED)

    assert {leader.leader for leader in agreement.leaders} == {"pop", "dance", "classical"}
    assert agreement.counts.sum() == 35_049
    assert agreement.scores["ami"] > 20 * agreement.chance["ami_p95"]
    assert agreement.scores["matched"] > agreement.chance["matched_p95"] + 0.05


def test_every_k_from_2_to_30_is_judged(tracks, found):
    """Silhouette and gap on the fixed sample of 5,000, everything else on all tracks."""
    clustering, _ = found["zero-to-one"]
    study = study_k(clustering.points, {"classic": tracks[1]}, BUDGETS["nightly"].ks, seed=SEED)

    assert list(study.k) == list(range(2, 31))
    assert (study.rows, study.sampled) == (35_049, 5_000)
    assert study.measures["inertia"][0] > study.measures["inertia"][-1] > 0
    assert study.chosen["silhouette"] == 2

"""The study of origins on the real file: what the document saw, and what has to be reached."""

from pathlib import Path

import pytest

from genrelab.analyses.origin.grouping import cost_histories, group
from genrelab.analyses.origin.study import FOLDS, LARGEST_K, study_origin
from genrelab.analyses.origin.tracks import OriginTracks, prepare
from genrelab.sources.origin.reader import read_origin

pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def tracks(real_data: Path) -> OriginTracks:
    """The 1,059 tracks."""
    data = read_origin(real_data / "origin" / "default_features_1059_tracks.txt").data
    return prepare(data, clusters=LARGEST_K, folds=FOLDS)


def test_the_document_s_counts_come_out(tracks):
    """679 of 1,059 tracks above 20 N; all 33 countries have a name."""
    assert (len(tracks), int(tracks.is_north.sum()), len(tracks.countries)) == (1059, 679, 33)
    assert not [name for name in tracks.countries if any(sign.isdigit() for sign in name)]


def test_the_document_s_clusters_come_out(tracks):
    """Near its minimum after few iterations; Taiwan almost exclusively of one cluster, Brazil diverse; no chance."""
    found = group(tracks, seed=24, shuffles=200)
    purity = dict(zip(tracks.countries, found.purity.tolist(), strict=True))

    assert purity["Taiwan"] > 0.9
    assert purity["Brazil"] < 0.5
    assert found.mean_purity > found.mean_purity_chance[1] + 0.1
    for history in cost_histories(tracks.features, seed=24, starts=1):
        costs = history.costs[0]
        assert costs[6] < 1.02 * costs[-1]


@pytest.mark.long
def test_the_scores_that_have_to_be_reached(tracks):
    """3 x 10 folds: latitude 0.81, country 0.50, at most 2,600 km; the blend beats the RBF SVM beyond its interval."""
    facts = study_origin(tracks, budget="nightly", seed=24, cores=2)
    blend = {asked.task: asked.runs[0].scores for asked in facts.tasks}
    latitude = next(asked for asked in facts.tasks if asked.task == "latitude")

    assert blend["latitude"]["cv/accuracy"] >= 0.81
    assert blend["country"]["cv/accuracy"] >= 0.50
    assert blend["coordinates"]["cv/great_circle_km"] <= 2600
    assert latitude.rival.model == "rbf_svm"
    assert latitude.rival.low > 0

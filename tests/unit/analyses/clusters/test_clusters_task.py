"""The step of the clusters: a collection that cannot be clustered is told, leaves no run and stops no other."""

import pyarrow as pa
import pytest
from cluster_facts import made_clusters, made_tracks

from genrelab.analyses.clusters.runs import curves_of, metrics_of
from genrelab.lake.lake import Lake
from genrelab.lake.version import Counts
from genrelab.runtime.errors import SettingsError
from genrelab.runtime.settings import Settings, load_settings
from genrelab.tables.spotify import MODEL_FEATURES
from tasks.analysis import run_analysis
from tasks.run.step import facts_of

FEW = 5


def publish(lake: Lake, rows: int, **features: object) -> None:
    """A table spotify_binned of made-up tracks."""
    frame, genres = made_tracks(MODEL_FEATURES)
    frame = frame.assign(**features).head(rows)
    data = pa.table(
        {
            "source": ["made.csv"] * rows,
            "source_row": list(range(rows)),
            "artist_name": ["Artist"] * rows,
            "track_name": [f"Track {row}" for row in range(rows)],
            "bin_classic": genres[:rows],
            "genre_bin": genres[:rows],
            **{name: pa.array(frame[name], from_pandas=True) for name in MODEL_FEATURES},
        }
    )
    lake.publish("spotify_binned", data, Counts(rows, rows), source="made.csv", is_sample=False)


@pytest.mark.parametrize(
    ("rows", "features", "message"),
    [
        (FEW, {}, "12 clusters need at least 12 different tracks; found: 5 different tracks in 5 rows"),
        (
            200,
            {"energy": 0.5},
            "the tracks cannot be clustered; found: energy: the same value in all 200 rows",
        ),
    ],
)
def test_bad_input_is_told_and_nothing_is_logged(lake, rows, features, message):
    """The state fails with the reason; MLflow is not even opened, and no facts are kept."""
    publish(lake, rows, **features)

    state = run_analysis.fn("compare_clusters_spotify", Settings(lake.home))

    assert state.is_failed()
    assert message in state.message
    assert not lake.home.mlruns.exists()
    assert facts_of(lake.home, "compare_clusters_spotify") == {}


def test_no_features_at_all_are_told(lake):
    """Nothing is left to cluster on."""
    publish(lake, 200, **dict.fromkeys(MODEL_FEATURES))

    state = run_analysis.fn("compare_clusters_spotify", Settings(lake.home))

    assert state.is_failed()
    assert "the tracks cannot be clustered; found: no values of acousticness" in state.message


def test_a_collection_that_was_never_published_is_told(lake):
    """FMA has its own state, whatever became of Spotify."""
    state = run_analysis.fn("compare_clusters_fma", Settings(lake.home))

    assert state.is_failed()
    assert "fma_echonest has not been published" in state.message


def test_umap_is_asked_for_by_a_setting(home, monkeypatch):
    """From the environment, or from the file; anything else is refused by name."""
    (home.root / "genrelab.toml").write_text('[clusters]\nmap = "umap"\n')
    assert load_settings().track_map == "umap"

    monkeypatch.setenv("GENRELAB_MAP", "tsne")
    with pytest.raises(SettingsError, match="found: 'tsne'; allowed: pca, umap; to do: correct GENRELAB_MAP"):
        load_settings()


def test_metrics_carry_the_names_of_the_design():
    """Agreement by its names, chance beside it, silhouettes by cluster."""
    one = made_clusters()[0].clusterings[0]
    metrics = metrics_of(one, one.agreements[1])

    assert {"ari", "ami", "v_measure", "homogeneity", "completeness", "matched", "silhouette"} <= set(metrics)
    assert metrics["ari_by_chance"] == one.agreements[1].chance["ari"]
    assert metrics["silhouette_cluster_0"] == one.clusters[0].silhouette
    assert all(len(curve) == 4 for curve in curves_of(one, "reviewed").values())

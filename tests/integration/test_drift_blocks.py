"""A drift between a real lake and a real MLflow: training goes on, the champion waits until somebody has looked."""

import sys

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from mlflow import MlflowClient
from mlflow.entities import Run
from model_rows import spotify_binned

from genrelab.lake.lake import Lake
from genrelab.lake.version import Counts
from genrelab.models import zoo
from genrelab.models.zoo import find_models
from genrelab.runtime.home import Home
from genrelab.runtime.settings import Settings
from tasks import drift
from tasks.drift_status import accept, read_status
from tasks.measure_drift import measure_drift
from tasks.run.step import facts_of
from tasks.tracking.place import tracking_uri
from tasks.training import champion, train
from tasks.training import fit_task as training

NAME = "spotify-bins-classic"
ROWS = 900


def moved(data: pa.Table, by: float) -> pa.Table:
    """The same tracks, measured louder and livelier by a scraper that changed its scale."""
    for name in ("energy", "loudness", "danceability", "valence"):
        place = data.schema.get_field_index(name)
        data = data.set_column(place, name, pc.add(data[name], by))
    return data


@pytest.fixture
def night(home: Home, monkeypatch: pytest.MonkeyPatch):
    """Publishes a version, measures its drift and trains; returns what became of the challenge."""
    for module, function in ((champion, "publish_text"), (training, "publish_rows"), (drift, "publish_rows")):
        monkeypatch.setattr(module, function, lambda *_: None)
    monkeypatch.setattr(zoo, "models_for", lambda *_: find_models(["majority", "logistic_regression"]))
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    settings = Settings(home=home, budget="quick", cores=1)

    def run(data: pa.Table | None = None) -> tuple[str, dict]:
        if data is not None:
            counts = Counts(len(data), len(data))
            Lake(home).publish("spotify_binned", data, counts, source="/data/pulls", is_sample=False)
        assert measure_drift.fn(settings).is_completed()
        state = train.train_genres.fn(NAME, settings)
        assert state.is_completed(), state.message
        return state.name, facts_of(home, "train_spotify_bins_classic")["tasks"][0]["champion"]

    return run


def newest_run(home: Home) -> Run:
    client = MlflowClient(tracking_uri(home))
    experiment = client.get_experiment_by_name("spotify-genres").experiment_id
    wanted = "tags.model = 'logistic_regression' and tags.duplicates = 'removed'"
    return client.search_runs([experiment], wanted, order_by=["attributes.start_time DESC"])[0]


def test_a_drift_blocks_the_promotion_that_would_follow(night, home: Home) -> None:
    """Drifted data and a better challenger: blocked, told in the run; accepted: the next try is promoted."""

    data = spotify_binned(ROWS)
    _, first = night(data)
    assert first["promoted"], first["reason"]
    assert newest_run(home).data.tags["drift"] == "spotify_binned: nothing to compare"

    _, held = night(moved(data, 2.0))
    assert not held["promoted"]
    assert held["version"] == first["version"]
    assert "Not promoted: blocked by drift: spotify_binned version 1 against version 0: " in held["reason"]
    assert "Otherwise: Promoted: " in held["reason"]
    run = newest_run(home)
    assert run.info.status == "FINISHED"
    assert run.data.metrics["drift/psi_energy"] > 0.2
    assert run.data.metrics["drift/psi_tempo"] == 0
    assert run.data.metrics["drift/max_ks"] == max(
        value for name, value in run.data.metrics.items() if name.startswith("drift/ks_")
    )
    assert "against version 0" in run.data.tags["drift"]
    decided = MlflowClient(tracking_uri(home)).search_runs(
        [run.info.experiment_id], "tags.decision LIKE '%blocked by drift%'"
    )
    assert len(decided) == 1

    assert night()[0] == "Unchanged"
    accept(home, "spotify_binned", "the scraper measures in another scale since March")
    name, promoted = night()
    assert name == "Completed"
    assert promoted["promoted"], promoted["reason"]
    assert promoted["version"] != first["version"]
    assert "accepted: the scraper measures in another scale" in newest_run(home).data.tags["drift"]


def test_small_changes_that_add_up_block_the_promotion_until_it_is_accepted(night, home: Home) -> None:
    """No version drifted since the last one; a promotion on the accepted data is the new start."""

    data, settings = spotify_binned(ROWS), Settings(home=home)
    _, first = night(data)
    counts = Counts(len(data), len(data))
    for number in range(1, 16):
        data = moved(data, 0.04)
        if number < 15:
            Lake(home).publish("spotify_binned", data, counts, source="/data/pulls", is_sample=False)
            assert measure_drift.fn(settings).is_completed()
            assert not read_status(home, "spotify_binned").is_open

    _, held = night(data)
    assert held["version"] == first["version"]
    assert (
        "Not promoted: blocked by drift: spotify_binned version 15 against version 0, on which the champion of "
        "spotify-bins-classic was trained: "
    ) in held["reason"]
    assert "Otherwise: Promoted: " in held["reason"]
    run = newest_run(home)
    assert run.data.metrics["drift_since_training/max_psi"] > 0.2 > run.data.metrics["drift/max_psi"]
    assert "against version 0, on which the champion" in run.data.tags["drift"]

    assert night()[0] == "Unchanged"
    accept(home, "spotify_binned", "the scale moves with the scraper")
    name, promoted = night()
    assert (name, promoted["promoted"]) == ("Completed", True), promoted["reason"]
    assert night()[0] == "Unchanged", "a new champion does not make its own training run again"
    assert read_status(home, "spotify_binned").champions == ()
    assert measure_drift.fn(settings).name == "Unchanged"


def test_training_goes_on_where_the_code_of_drift_cannot_be_loaded(home: Home, monkeypatch) -> None:
    """The first model is held back, and its run says why."""

    for module in ("tasks.drift", "tasks.drift_status"):
        monkeypatch.setitem(sys.modules, module, None)
    for module, function in ((champion, "publish_text"), (training, "publish_rows")):
        monkeypatch.setattr(module, function, lambda *_: None)
    monkeypatch.setattr(zoo, "models_for", lambda *_: find_models(["majority", "logistic_regression"]))
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    settings = Settings(home=home, budget="quick", cores=1)
    data = spotify_binned(ROWS)
    counts = Counts(len(data), len(data))
    Lake(home).publish("spotify_binned", data, counts, source="/data/pulls", is_sample=False)

    assert measure_drift.fn(settings).is_failed()
    assert train.train_genres.fn(NAME, settings).is_completed()
    (found,) = facts_of(home, "train_spotify_bins_classic")["tasks"]
    unknown = "the code of the analysis measure_drift cannot be loaded"
    assert found["champion"]["reason"].count(f"blocked by drift: it could not be measured ({unknown}") == 1
    assert newest_run(home).data.tags["drift"].startswith(f"unknown: {unknown}")

"""Lineage in a real MLflow: every run names all tables that it read, and so does the stored model."""

import json
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pyarrow as pa
import pytest
from mlflow import MlflowClient
from mlflow.entities import DatasetInput, Run
from model_rows import fma_tables, spotify_binned

from genrelab.lake.lake import Lake
from genrelab.lake.version import Counts, TableVersion
from genrelab.models import zoo
from genrelab.models.zoo import find_models
from genrelab.runtime.home import Home
from genrelab.runtime.settings import Settings
from tasks.tracking.champion_versions import champions_of
from tasks.tracking.client import connect
from tasks.tracking.place import tracking_uri
from tasks.tracking.registry import registered_champions
from tasks.training import champion, train
from tasks.training import fit_task as training

FMA, CLASSIC = "fma-top-genre", "spotify-bins-classic"
RULES = {"classic": "a" * 64, "reviewed": "b" * 64}


@pytest.fixture
def settings(home: Home, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Trainings of two models, without Prefect's artifacts."""
    for module, function in ((champion, "publish_text"), (training, "publish_rows")):
        monkeypatch.setattr(module, function, lambda *_: None)
    monkeypatch.setattr(zoo, "models_for", lambda *_: find_models(["majority", "logistic_regression"]))
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    return Settings(home=home, budget="quick", cores=1)


def publish(home: Home, table: str, data: pa.Table, **more: object) -> TableVersion:
    counts = Counts(len(data), len(data))
    return Lake(home).publish(table, data, counts, source="/data/fma", is_sample=False, **more)


def runs_of(home: Home, experiment: str) -> list[Run]:
    """All runs of an experiment, the oldest first."""
    client = MlflowClient(tracking_uri(home))
    found = client.get_experiment_by_name(experiment)
    return list(client.search_runs([found.experiment_id], order_by=["attributes.start_time ASC"]))


def inputs_of(run: Run) -> dict[str, str]:
    """Digest of each input by its name."""
    return {one.dataset.name: one.dataset.digest for one in run.inputs.dataset_inputs}


def test_runs_of_the_fma_name_both_tables(home: Home, settings: Settings) -> None:
    """Parameters, tags and inputs; a second table that changes is another input, and the first stays the same."""

    tables = fma_tables()
    versions = {name: publish(home, name, data) for name, data in tables.items()}
    assert train.train_genres.fn(FMA, settings).is_completed()
    first = runs_of(home, "fma-genres")
    publish(home, "fma_echonest", tables["fma_echonest"].slice(10))
    assert train.train_genres.fn(FMA, settings).is_completed()
    second = runs_of(home, "fma-genres")[len(first) :]

    assert len(first) == 3, "the training and its two models"
    for run in first:
        assert set(inputs_of(run)) == {"fma_tracks@0", "fma_echonest@0"}
        assert json.loads(run.data.tags["tables"]) == {name: one.id for name, one in versions.items()}
        for one in run.inputs.dataset_inputs:
            assert [(tag.key, tag.value) for tag in one.tags] == [("mlflow.data.context", "training")]
            source = json.loads(one.dataset.source)
            assert source["path"].endswith(f"/data/lake/{one.dataset.name.partition('@')[0]}")
    columns = {one.dataset.name: json.loads(one.dataset.schema) for one in first[0].inputs.dataset_inputs}
    assert [one["name"] for one in columns["fma_tracks@0"]["mlflow_colspec"]] == ["genre_top"]
    assert "acousticness" in [one["name"] for one in columns["fma_echonest@0"]["mlflow_colspec"]]

    before = inputs_of(first[0])
    for run in second:
        assert json.loads(run.data.tags["tables"])["fma_echonest"].startswith("1@")
        after = inputs_of(run)
        assert set(after) == {"fma_tracks@0", "fma_echonest@1"}
        assert after["fma_tracks@0"] == before["fma_tracks@0"]
        assert after["fma_echonest@1"] != before["fma_echonest@0"]
    assert len(second) == 3


def test_a_run_holds_more_parameters_than_one_call_takes(settings: Settings) -> None:
    """Those of a blend's parts may be more than a hundred."""

    tracking = connect(settings.home)
    run = tracking.start("fma-genres", "many", {})
    params = {f"part_{number}__depth": number for number in range(250)}
    tracking.log(run, params=params)
    assert tracking.client.get_run(run).data.params == {name: str(value) for name, value in params.items()}


def test_the_stored_model_and_its_card_name_tables_and_rules(
    home: Home, settings: Settings, champion_command
) -> None:
    """So does `champion show`; the fast reading of the registry finds what MLflow finds."""

    version = publish(home, "spotify_binned", spotify_binned(900), rules=RULES)
    assert train.train_genres.fn(CLASSIC, settings).is_completed()
    (quick,) = champions_of(home, [CLASSIC])
    assert [quick] == registered_champions(home)
    assert json.loads(quick.tags["tables"]) == {"spotify_binned": version.id}
    assert (quick.tags["rule_set"], quick.tags["rule_set_digest"]) == ("classic", f"classic:{'a' * 64}")
    card = connect(home).champion(CLASSIC).description
    assert "table spotify_binned, version 0, published" in card
    assert f"rule set classic: sha256 {'a' * 64}" in card
    assert all(
        run.data.tags["rule_set_digest"] == f"classic:{'a' * 64}" for run in runs_of(home, "spotify-genres")
    )
    code, said = champion_command("show", CLASSIC)
    assert code == 0, said
    assert "trained on spotify_binned version 0, published 20" in " ".join(said.split())
    assert f"labels by the rules classic, sha256 {'a' * 64}" in " ".join(said.split())


def test_runs_that_log_a_new_table_at_the_same_time_both_have_it(home: Home) -> None:
    """MLflow inserts it for each of them, and refuses all but the first."""

    version = publish(home, "fma_tracks", fma_tables()["fma_tracks"])
    tracking = connect(home)
    for number in range(5):
        dataset = tracking.dataset(version)
        dataset.dataset._digest = f"digest {number}"
        runs = [tracking.start("fma-genres", f"run {number}", {}) for _ in range(6)]
        meet = Barrier(len(runs))

        def log(run: str, meet: Barrier = meet, dataset: DatasetInput = dataset) -> None:
            meet.wait()
            tracking.log_datasets(run, [dataset])

        with ThreadPoolExecutor(len(runs)) as threads:
            list(threads.map(log, runs))

    assert all(len(inputs_of(run)) == 1 for run in runs_of(home, "fma-genres"))

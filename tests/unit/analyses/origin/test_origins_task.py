"""The step that studies origins: refusals, MLflow runs, and skipping."""

import pyarrow as pa
import pytest
from origin_facts import made_rows, made_table

from genrelab.analyses.origin.models import SLOW
from genrelab.analyses.origin.study import BUDGETS, Budget
from genrelab.lake.lake import Lake
from genrelab.lake.version import Counts
from genrelab.runtime.home import Home
from genrelab.runtime.settings import Settings
from tasks import analysis as step
from tasks.run.step import facts_of, read_record
from tasks.tracking.metric_names import from_mlflow


def put(home: Home, data: pa.Table) -> None:
    Lake(home).publish("origin_tracks", data, Counts(len(data), len(data)), source="made", is_sample=True)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"feature_003": [0.5] * 120}, "feature_003 is 0.5 in all 120 tracks"),
        ({"feature_002": [None, *range(119)]}, "feature_002 in 1 of 120 tracks"),
        ({"latitude": [95.0, *made_rows()["latitude"][1:]]}, "row 1: 95,"),
    ],
)
def test_rows_that_cannot_be_studied_fail_the_step_and_leave_nothing(home, changes, expected):
    """A clear message; no facts, no MLflow database."""
    put(home, made_table(**changes))
    state = step.run_analysis.fn("study_origin", Settings(home=home))

    assert state.is_failed()
    assert expected in state.message
    assert facts_of(home, "study_origin") == {}
    assert not (home.mlruns / "mlflow.db").exists()


def test_without_the_table_the_message_says_how_to_make_it(home):
    """Nothing was ingested yet."""
    state = step.run_analysis.fn("study_origin", Settings(home=home))

    assert state.is_failed()
    assert "origin_tracks has not been published" in state.message


def test_a_study_is_logged_and_not_repeated(home, monkeypatch):
    """One run per question and model with the table's version, figures beside them; the same rows are skipped."""
    from mlflow import MlflowClient  # noqa: PLC0415 - takes a while

    kept = []
    monkeypatch.setattr(step, "publish_rows", lambda *given: kept.append(given))
    monkeypatch.setitem(
        BUDGETS, "quick", Budget(repeats=1, trees=20, epochs=4, starts=1, shuffles=20, splits=1)
    )
    put(home, made_table())
    settings = Settings(home=home, seed=3, cores=1)
    state = step.run_analysis.fn("study_origin", settings)
    facts = facts_of(home, "study_origin")

    assert state.is_completed(), state.message
    assert facts["budget"] == "quick"
    client = MlflowClient(f"sqlite:///{home.mlruns / 'mlflow.db'}")
    experiment = client.get_experiment_by_name("origin").experiment_id
    runs = {run.info.run_id: run for run in client.search_runs([experiment])}
    assert {run.info.status for run in runs.values()} == {"FINISHED"}
    ids = read_record(home.state / "study_origin.json").run_ids
    for asked in facts["tasks"]:
        for told in asked["runs"]:
            run = runs[ids[f"{asked['task']}/{told['model']}"]]
            assert run.data.metrics[f"cv/{asked['metric']}"] == told["scores"][f"cv/{asked['metric']}"]
            new = {name: value for name, value in told["scores"].items() if "countries_left_out/" in name}
            assert {name: from_mlflow(run.data.metrics)[name] for name in new} == new
            assert bool(new) == (asked["task"] != "country" and told["model"] not in SLOW)
            tags = run.data.tags
            assert (tags["task"], tags["model"]) == (asked["task"], told["model"])
            assert (tags["table"], tags["table_version"], tags["sample"]) == ("origin_tracks", "0", "true")
            assert run.inputs.dataset_inputs[0].dataset.name == "origin_tracks@0"
    files = {file.path for file in client.list_artifacts(ids["clusters/kmeans"])}
    assert files == {"map.png", "costs.png", "clusters.json", "costs.json"}
    for key in ("latitude/blend", "coordinates/blend"):
        assert "countries_left_out.png" in {file.path for file in client.list_artifacts(ids[key])}
    assert len(kept) == 1

    assert step.run_analysis.fn("study_origin", settings).name == "Unchanged"
    assert len(client.search_runs([experiment])) == len(runs)

"""What people and programs find in MLflow: descriptions, names, durations and states of runs."""

import json
import time

import mlflow
import numpy as np
import pandas as pd
import pytest
from champion_lab import GOOD, NAME, TASK, Lab

from genrelab.analyses.runs import NOTE, Run
from tasks.tracking.descriptions import ABOUT_DEFAULT, describe
from tasks.tracking.left_behind import end_open_runs, has_open_runs
from tasks.tracking.run_tree import log_tree
from tasks.tracking.tag_text import split_list
from tasks.tracking.ui_pages import VIEW_TAG, version_page


def logged(lab: Lab, tree: Run) -> "mlflow.entities.Run":
    """The run of a tree, as MLflow has it."""
    ids = log_tree(lab.tracking, TASK.experiment, tree, [], {"git_commit": "abc"})
    return lab.tracking.client.get_run(ids[tree.key])


def test_an_interval_stands_apart_from_its_score(lab: Lab) -> None:
    """So that the page with charts shows scores, not ends of intervals."""

    run = logged(
        lab, Run("key", "name", metrics={"gate/ece": 0.3, "gate/ece_low": 0.2, "gate/ece_high": 0.4})
    )
    assert run.data.metrics == {"gate/ece": 0.3, "interval/gate/ece_low": 0.2, "interval/gate/ece_high": 0.4}


def test_a_run_lasts_as_long_as_its_fit(lab: Lab) -> None:
    """Not as long as logging it."""

    run = logged(lab, Run("key", "name", metrics={"fit_seconds": 50.0}))
    assert run.info.end_time - run.info.start_time == 50_000
    assert run.info.end_time <= time.time() * 1000 + 1


@pytest.mark.parametrize(("error", "status"), [(KeyboardInterrupt(), "KILLED"), (OSError("full"), "FAILED")])
def test_a_run_that_does_not_end_by_itself(
    lab: Lab, monkeypatch: pytest.MonkeyPatch, error: BaseException, status: str
) -> None:
    """Cancelled runs are killed, failed ones are failed."""

    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr("tasks.tracking.run_tree.add_to_run", fail)
    with pytest.raises(type(error)):
        log_tree(lab.tracking, TASK.experiment, Run("key", "name"), [], {})
    experiment = lab.tracking.experiment(TASK.experiment)
    assert [run.info.status for run in lab.tracking.client.search_runs([experiment])] == [status]


def test_runs_left_open_by_a_kill_are_ended(lab: Lab) -> None:
    """Those of this project alone: a notebook's run is nobody's business."""

    assert not has_open_runs(lab.home)
    ours = lab.tracking.start(TASK.experiment, "ours", {"git_commit": "abc"})
    other = lab.tracking.client.create_run(lab.tracking.experiment(TASK.experiment)).info.run_id
    assert has_open_runs(lab.home)
    assert end_open_runs(lab.home) == 1
    assert lab.tracking.client.get_run(ours).info.status == "KILLED"
    assert lab.tracking.client.get_run(other).info.status == "RUNNING"


def test_descriptions_lead_to_the_champion_and_its_scores(lab: Lab) -> None:
    """The first line of an experiment links to the card; the registered model has a table of scores."""

    lab.challenge(GOOD)
    run = lab.tracking.client.get_run(lab.champion.run_id)
    scores = {"grouped/accuracy": 0.4113, "grouped/accuracy_low": 0.3971, "grouped/accuracy_high": 0.4252}
    lab.tracking.log(run.info.run_id, metrics={**scores, "grouped/baseline_accuracy": 0.151})
    pages = describe(lab.tracking)
    experiment = lab.tracking.client.get_experiment_by_name(TASK.experiment)
    assert pages[TASK.experiment].startswith(f"#/experiments/{experiment.experiment_id}/runs?workflowType=")
    first = experiment.tags[NOTE].splitlines()[0]
    assert f"[{NAME}]({version_page(NAME, lab.version)}) Accuracy 41.1 %" in first
    assert "metrics.`grouped/accuracy`" in json.loads(experiment.tags[VIEW_TAG])["selectedColumns"]
    model = lab.tracking.client.get_registered_model(NAME).description
    assert "| Accuracy | 41.1 % (39.7 to 42.5) |" in model
    assert "| Accuracy, commonest genre | 15.1 % |" in model
    assert lab.tracking.client.get_experiment("0").tags[NOTE] == ABOUT_DEFAULT


def test_scores_that_an_earlier_version_logged_are_read(lab: Lab) -> None:
    """It logged the ends of an interval beside the score."""

    lab.challenge(GOOD)
    for name, value in (("grouped/ece", 0.05), ("grouped/ece_low", 0.04), ("grouped/ece_high", 0.06)):
        lab.tracking.client.log_metric(lab.champion.run_id, name, value)
    describe(lab.tracking)
    assert "| 0.050 (0.040 to 0.060) |" in lab.tracking.client.get_registered_model(NAME).description


def test_a_description_that_somebody_edited_stays(lab: Lab) -> None:
    """Ours is replaced when the champion changes, a person's never."""

    lab.challenge(GOOD)
    describe(lab.tracking)
    lab.tracking.client.update_registered_model(NAME, "Ask Anna before you use it.")
    describe(lab.tracking)
    assert lab.tracking.client.get_registered_model(NAME).description == "Ask Anna before you use it."


def test_a_stored_model_takes_integers_and_answers_with_names(lab: Lab) -> None:
    """The lake's own integers, of any size."""

    lab.challenge(GOOD)
    model = mlflow.pyfunc.load_model(f"models:/{NAME}@champion")
    frame = lab.data.features.head(3).astype({"mode": np.int8, "time_signature": np.int64})
    answer = model.predict(frame)
    assert isinstance(answer, pd.DataFrame)
    assert tuple(answer.columns) == split_list(lab.champion.tags["labels"])
    assert answer.sum(axis=1).to_numpy() == pytest.approx(1)
    assert model.metadata.signature.outputs.input_names() == list(answer.columns)

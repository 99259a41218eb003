"""The step that audits labels: the table, MLflow runs, skipping, and records of another version."""

import pytest
from doubtful_labels_facts import made_rows, publish_rows

from genrelab.analyses.doubtful_labels.analysis import DOUBTFUL_LABELS
from genrelab.analyses.inputs import Inputs, UndeclaredError
from genrelab.runtime.errors import RefusedError
from genrelab.runtime.files import read_json, write_json
from genrelab.runtime.settings import Settings
from genrelab.tables.label_doubts import LABEL_DOUBTS
from tasks import analysis as step
from tasks.run.step import facts_of, failures, read_record

NAME = DOUBTFUL_LABELS.name


@pytest.fixture
def quiet(monkeypatch):
    """Without artifacts of a Prefect server."""
    for name in ("publish_rows", "publish_text", "publish_table_summary"):
        monkeypatch.setattr(step, name, lambda *_: None)


def run(lake):
    """Run the step."""
    return step.run_analysis.fn(NAME, Settings(home=lake.home, cores=1))


@pytest.mark.usefixtures("quiet")
def test_an_audit_is_published_logged_and_not_repeated(lake):
    """One run for each task; the table is sample data as its source; a record that does not fit runs again."""
    from mlflow import MlflowClient  # noqa: PLC0415 - takes a while

    publish_rows(lake, made_rows(200, swapped=2))
    state = run(lake)
    record = read_record(lake.home.state / f"{NAME}.json")
    version = lake.current(LABEL_DOUBTS.name)

    assert state.is_completed(), state.message
    assert (version.is_sample, version.counts.rows) == (True, 1_000)
    assert record.published == {LABEL_DOUBTS.name: version.id}
    client = MlflowClient(f"sqlite:///{lake.home.mlruns / 'mlflow.db'}")
    logged = client.get_run(record.run_ids["spotify-bins-classic"]).data
    (task,) = facts_of(lake.home, NAME)["tasks"]
    assert logged.metrics["doubtful"] == task["doubts"]["found"]
    assert (logged.tags["table"], logged.tags["rule_set"]) == ("spotify_binned", "classic")

    assert run(lake).name == "Unchanged"
    path = lake.home.state / f"{NAME}.json"
    write_json(path, {**read_json(path), "facts": {"tasks": []}})
    assert "cannot read its last record" in run(lake).message


@pytest.mark.usefixtures("quiet")
def test_labels_that_cannot_be_audited_complete_the_step_with_the_reason(lake):
    """One artist: an empty table, so that rows of earlier labels are not taken for its own."""
    publish_rows(lake, made_rows().assign(artist_group="artist:one"))
    state = run(lake)

    assert state.is_completed()
    assert "so few artists; found: 1 artists with 300 labelled tracks" in state.message
    assert lake.current(LABEL_DOUBTS.name).counts.rows == 0


@pytest.mark.usefixtures("quiet")
def test_a_refused_table_leaves_no_run_and_no_record(lake, monkeypatch):
    """What was computed is wrong, so it is not logged either."""

    def refused(*_given):
        raise RefusedError("label_doubts is not published")

    monkeypatch.setattr("tasks.publishing.publish.publish_derived", refused)
    publish_rows(lake, made_rows(20))
    state = run(lake)

    assert state.is_failed()
    assert list(failures(lake.home)) == [NAME]
    assert not (lake.home.mlruns / "mlflow.db").exists()


def test_an_analysis_publishes_only_what_it_declares(lake):
    """As it reads only what it declares."""
    inputs = Inputs(DOUBTFUL_LABELS, Settings(home=lake.home))

    with pytest.raises(UndeclaredError, match="publishes the table 'predictions', which it does not declare"):
        inputs.publish("predictions", LABEL_DOUBTS.schema.empty_table())


def test_without_any_table_there_is_nothing_to_do(lake):
    """Nothing was ingested yet."""
    assert run(lake).name == "Skipped"

"""From pulls with all features to ReccoBeats, which has no time signature: training, champions and predictions."""

import pyarrow as pa
import pytest
from champion_lab import NAME, Lab
from model_rows import lacking, spotify_binned

from genrelab.lake.lake import Lake
from genrelab.lake.version import Counts
from genrelab.models import zoo
from genrelab.runtime.files import read_json, write_json
from genrelab.runtime.home import Home
from genrelab.runtime.records import encode
from genrelab.runtime.settings import Settings
from tasks.run.step import Outcome, facts_of
from tasks.tracking.registry import Rollback, update_report_record
from tasks.tracking.tag_text import split_list
from tasks.training import apply_champions
from tasks.training.fit_task import train_and_judge
from tasks.training.predict import predict_genres
from tasks.training.train import step_of

LESS = f"{NAME}-without-time-signature"
ROWS = 1_500


@pytest.fixture
def publish(home: Home):
    """Publishes tracks without time signatures in some rows."""
    lake = Lake(home)

    def run(rows: slice | None) -> Lake:
        data = spotify_binned(ROWS, gaps=0)
        data = data if rows is None else lacking(data, "time_signature", rows)
        told = {
            "track_id": [f"id{row}" for row in data["source_row"].to_pylist()],
            "artist_id": data["artist_group"],
            "artist_name": data["artist_group"],
            "genres": pa.array([["deep house"]] * len(data)),
        }
        for name, values in told.items():
            data = data.append_column(
                name, values if isinstance(values, pa.ChunkedArray) else pa.array(values)
            )
        lake.publish("spotify_binned", data, Counts(len(data), len(data)), source="pulls", is_sample=False)
        return lake

    return run


@pytest.fixture
def train(lab: Lab, monkeypatch: pytest.MonkeyPatch):
    """Trains one model of the classic bins, and keeps the record as the step does."""
    monkeypatch.setattr(zoo, "models_for", lambda *_: zoo.find_models(["logistic_regression"]))

    def run() -> Outcome:
        settings = Settings(home=lab.home, budget="quick", cores=1)
        message, found = train_and_judge(NAME, settings, 1, None)
        done = Outcome(message, encode(found))
        record = {
            "facts": done.facts,
            "message": done.message,
            "finished_at": "",
            "seconds": 0,
            "step": step_of(NAME),
        }
        write_json(lab.home.state / f"{step_of(NAME)}.json", record)
        return done

    return run


@pytest.fixture
def predict(home: Home, monkeypatch: pytest.MonkeyPatch):
    """Runs the step; returns its message."""
    for function in ("publish_rows", "publish_text", "publish_table_summary"):
        monkeypatch.setattr(apply_champions, function, lambda *_: None)
    write_json(home.state / "bin_genres.json", {"facts": {"rule_set": "classic"}})

    def run() -> str:
        state = predict_genres.fn(Settings(home=home))
        assert state.name == "Completed", state.message
        return str(state.message)

    return run


def test_a_source_without_time_signatures_is_trained_and_predicted(lab: Lab, publish, train, predict) -> None:
    """The model says in its name, its run, its card and the step's line what it does without."""

    lake = publish(slice(None))
    done = train()

    assert done.message.startswith(f"{LESS}: 2 runs on spotify_binned version 0, 1,490 of 1,500 rows used")
    assert "trained without time_signature, which all rows lack" in done.message
    champion = lab.tracking.champion(LESS)
    assert lab.tracking.champion(NAME) is None
    assert "time_signature" not in split_list(champion.tags["features"])
    assert "- left out: time_signature, which all rows lack; no value is made up" in champion.description
    run = lab.tracking.client.get_run(champion.run_id)
    assert run.data.params["without_features"] == "time_signature"
    assert run.data.params["features"] == ", ".join(split_list(champion.tags["features"]))
    assert run.data.tags["task"] == "bins-without-time-signature"
    assert f"{LESS} version 1: 1,500 tracks, 10 of them without a label" in predict()
    rows = lake.read("predictions").to_pandas()
    assert rows["genre"].notna().all()
    assert (set(rows["task"]), set(rows["model"])) == ({NAME}, {LESS})


def test_a_source_that_loses_a_feature_goes_on_without_it(lab: Lab, publish, train, predict) -> None:
    """All features, then a mixed table, then none has it: each track by the champion that takes what it has."""

    lake = publish(None)
    train()
    assert f"{NAME} version 1: 1,500 tracks" in predict()

    publish(slice(0, 500))
    first = train()
    assert f"; {LESS}: 2 runs on spotify_binned version 1" in first.message
    assert first.facts["tasks"][1]["champion"]
    assert lab.tracking.champion(LESS).tags["replaces"] == ""
    said = predict()
    assert f"{NAME}: 1,500 tracks, 10 of them without a label (1,000 by version" in said
    assert f"500 by version 1 of {LESS}" in said
    rows = lake.read("predictions").to_pandas()
    assert rows["model"].value_counts().to_dict() == {NAME: 1_000, LESS: 500}
    assert rows["genre"].notna().all()
    assert [one["task"] for one in first.facts["tasks"]] == [NAME, LESS]
    update_report_record(lab.home, LESS, lab.tracking.champion(LESS), Rollback(LESS, "2", "1", "to see"))
    record = read_json(lab.home.state / f"{step_of(NAME)}.json")
    assert record is not None
    assert "to see" in record["facts"]["tasks"][1]["champion"]["reason"]

    publish(slice(None))
    said = predict()
    assert f"1,500 by version 1 of {LESS}" in said
    assert f"of {NAME}: no track has time_signature" in said
    assert set(lake.read("predictions")["model"].to_pylist()) == {LESS}
    (facts,) = facts_of(lab.home, "predict")["models"]
    assert (facts["model"], facts["unserved"]) == (LESS, 0)


def test_a_champion_that_takes_what_is_gone_is_not_applied(publish, train, predict) -> None:
    """Before the next training nobody can be predicted, and the message says why; no value is made up."""

    lake = publish(None)
    train()
    publish(slice(None))

    said = predict()

    assert (
        f"{NAME} version 1: 1,500 tracks, 10 of them without a label (none by version 1 of {NAME}: no track has"
        in said
    )
    assert "1,500 not predicted: they lack a feature of every champion" in said
    assert lake.read("predictions")["genre"].null_count == ROWS

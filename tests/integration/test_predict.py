"""Predictions in a real lake by a champion of a real registry: published, skipped, made again, and failing well."""

import pyarrow as pa
import pytest
from champion_lab import GOOD, NAME, WEAK, Lab
from model_rows import spotify_binned

from genrelab.lake.lake import Lake
from genrelab.lake.version import Counts
from genrelab.runtime.files import write_json
from genrelab.runtime.home import Home
from genrelab.runtime.settings import Settings
from tasks.run.step import facts_of
from tasks.training import apply_champions
from tasks.training.predict import predict_genres

REVIEWED = "spotify-bins-reviewed"


@pytest.fixture
def lake(lab: Lab) -> Lake:
    """A lake with the tracks that the champion was trained on, and what people are told of them."""
    data = spotify_binned(2_000)
    told = {
        "track_id": [f"id{row}" for row in data["source_row"].to_pylist()],
        "track_name": [f"Track {row}" for row in data["source_row"].to_pylist()],
        "artist_id": data["artist_group"],
        "artist_name": data["artist_group"],
        "genres": pa.array([["deep house"]] * len(data)),
    }
    for name, values in told.items():
        if name in data.column_names:
            continue
        data = data.append_column(name, values if isinstance(values, pa.ChunkedArray) else pa.array(values))
    made = Lake(lab.home)
    made.publish("spotify_binned", data, Counts(len(data), len(data)), source="pulls", is_sample=False)
    return made


@pytest.fixture
def predict(home: Home, monkeypatch: pytest.MonkeyPatch):
    """Runs the step; returns the name of its state and its message."""
    for function in ("publish_rows", "publish_text", "publish_table_summary"):
        monkeypatch.setattr(apply_champions, function, lambda *_: None)

    def run() -> tuple[str, str]:
        state = predict_genres.fn(Settings(home=home))
        return state.name, state.message

    return run


def decided_by(home: Home, rule_set: str) -> None:
    """Let a rule set have decided last."""
    write_json(home.state / "bin_genres.json", {"facts": {"rule_set": rule_set}})


def test_the_champion_names_every_track_once_and_again_when_it_changes(lab: Lab, lake: Lake, predict) -> None:
    """Published with its version; unchanged the second time; a rollback makes it run again."""

    decided_by(lab.home, "classic")
    lab.challenge(WEAK)
    lab.challenge(GOOD)

    name, said = predict()
    assert name == "Completed", said
    assert (
        f"predictions: 2,000 rows; {NAME} version 2: 2,000 tracks, 10 of them without a label, 5 not predicted"
        in said
    )
    assert "fma-top-genre: no champion" in said
    rows = lake.read("predictions").to_pandas()
    assert (len(rows), set(rows["model_version"]), rows["label"].isna().sum()) == (2_000, {2}, 10)
    (facts,) = facts_of(lab.home, "predict")["models"]
    assert facts["knows_fitted_rows"]
    assert facts["fitted"] == rows["was_fitted_on"].sum() > 1_000
    unknown = rows[~rows["was_fitted_on"] & rows["label"].notna() & rows["has_features"]]
    assert (facts["judged"], facts["agreeing"]) == (
        len(unknown),
        (unknown["genre"] == unknown["label"]).sum(),
    )
    surprise = facts["surprises"][0]
    assert surprise["genre"] != surprise["label"]
    assert (surprise["rule"], surprise["micro_genre"]) == ("dance", "deep house")

    assert predict()[0] == "Unchanged"
    lab.tracking.client.set_registered_model_alias(NAME, "champion", "1")
    assert predict()[0] == "Completed"
    assert set(lake.read("predictions")["model_version"].to_pylist()) == {1}


def test_a_champion_that_cannot_be_loaded_is_told_and_tried_again(lab: Lab, lake: Lake, predict) -> None:
    """The others are applied; the step is not skipped until it works."""

    decided_by(lab.home, "reviewed")
    lab.challenge(GOOD)
    client = lab.tracking.client
    client.create_registered_model(REVIEWED)
    tags = {"labels": '["pop", "rock"]', "features": '["energy"]', "model": "random_forest"}
    client.create_model_version(REVIEWED, source=(lab.home.root / "nowhere").as_uri(), tags=tags)
    client.set_registered_model_alias(REVIEWED, "champion", "1")

    for _ in range(2):
        name, said = predict()
        assert name == "Completed"
        assert f"{REVIEWED}: version 1 of {REVIEWED} cannot be loaded" in said
    assert set(lake.read("predictions")["model"].to_pylist()) == {NAME}
    assert REVIEWED in facts_of(lab.home, "predict")["missing"]


def test_without_a_champion_there_is_nothing_to_predict_with(lab: Lab, lake: Lake, predict) -> None:
    """Never trained: a message and a failed state. Trained, and nobody earned it: nobody's mistake."""

    name, said = predict()
    assert name == "Failed"
    assert "there is no champion to predict with" in said
    assert "run `genrelab train` first" in said
    write_json(lab.home.state / "train_fma_top_genre.json", {"facts": {"task": "fma-top-genre"}})
    name, said = predict()
    assert name == "Skipped"
    assert "no model has been promoted to champion yet" in said
    assert lake.find("predictions") is None


def test_another_decision_names_genres_anew_and_changes_no_probability(
    lab: Lab, lake: Lake, predict, home: Home
) -> None:
    """The step runs again; a champion without a calibration is used as it is, and the message says so."""

    decided_by(lab.home, "classic")
    lab.challenge(GOOD)
    assert predict()[0] == "Completed"
    before = lake.read("predictions", ["genre", "probabilities", "decision"])

    home.settings_file.write_text('[predict]\ndecision = "fair"\n')
    name, said = predict()

    assert (name, predict()[0]) == ("Completed", "Unchanged"), said
    assert "genres are named fairly to rare ones" in said
    after = lake.read("predictions", ["genre", "probabilities", "decision"])
    assert set(after["decision"].to_pylist()) == {"fair"}
    assert set(before["decision"].to_pylist()) == {"most-accurate"}
    assert after["probabilities"].equals(before["probabilities"])
    assert not after["genre"].equals(before["genre"])

    lab.tracking.client.delete_model_version_tag(NAME, lab.version, "calibration")
    (home.state / "predict.json").unlink()
    _, said = predict()
    assert f"{NAME} has no calibration: its own probabilities are published" in said
    assert set(lake.read("predictions", ["decision"])["decision"].to_pylist()) == {"most-accurate"}

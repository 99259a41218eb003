"""The gate in a real registry: who is promoted, who is not, and what is kept of it."""

import json
import re
import shutil
from dataclasses import replace

import numpy as np
import pytest
from champion_lab import GOOD, NAME, TASK, WEAK, Lab, declared
from mlflow.exceptions import MlflowException
from model_rows import Quick

from genrelab.evaluation.predictions import row_hashes
from genrelab.models.data import make_splits
from genrelab.models.tasks import REMOVED
from genrelab.models.training import variant_rows
from tasks.tracking.champion_versions import champion_versions
from tasks.tracking.registry import FITTED_ROWS, history, load_stored
from tasks.tracking.tag_text import split_named
from tasks.training.champion import CANDIDATE


def test_the_first_champion_is_stored_with_all_that_the_decision_rests_on(lab: Lab) -> None:
    """Alias, tags, numbers, card, fitted rows and artifact say the same."""

    verdict = lab.challenge(GOOD)

    assert verdict.promoted
    assert "the first champion" in verdict.reason
    champion = lab.champion
    assert (lab.version, verdict.version) == ("1", "1")
    assert champion.tags["promoted"] == "true"
    assert champion.tags["decision"] == verdict.reason
    assert champion.tags["replaces"] == ""
    assert split_named(champion.tags["numbers"]) == verdict.numbers
    assert set(verdict.numbers) >= {"macro_f1", "log_loss"}
    told = (
        "spotify_binned, version 4",
        "the rule set classic",
        "licence of the data",
        "95 % bootstrap intervals over artists",
        "## Limits",
    )
    for part in (*told, "## Why it became champion", verdict.reason):
        assert part in champion.description
    ((key, text),) = lab.published
    assert key == f"champion-{NAME}"
    assert verdict.reason in text
    assert verdict.numbers["log_loss"] in text
    rows = variant_rows(lab.data, REMOVED)
    train = make_splits(TASK, lab.data, rows, Quick().seed)[0].train
    known = lab.tracking.find_array(champion.run_id, FITTED_ROWS)
    assert set(known.tolist()) == set(row_hashes(lab.data.features.iloc[rows[train]]).tolist())
    stored = load_stored(lab.tracking, champion)
    assert stored.features == TASK.features
    assert stored.estimator.predict_proba(lab.data.features).shape == (len(lab.data), len(stored.labels))
    assert stored.calibration is not None
    assert json.loads(champion.tags["calibration"])["temperature"] == stored.calibration.temperature
    assert set(stored.calibration.priors) == set(lab.data.labels)
    assert "## Probabilities and decision" in champion.description
    assert "| Good |" in champion.description.partition("## Why this model challenges")[2]
    assert list(lab.home.mlruns.rglob("model.skops")), "stored outside the home"


def test_a_champion_without_a_calibration_is_judged_as_it_is(lab: Lab) -> None:
    """A version of earlier days: its own probabilities count, and the decision says so."""

    lab.challenge(WEAK)
    lab.tracking.client.delete_model_version_tag(NAME, lab.version, "calibration")

    verdict = lab.challenge(GOOD)

    assert verdict.promoted, verdict.reason
    assert "The champion, version 1, has no calibration: its own probabilities count." in verdict.reason


def test_better_worse_and_the_same(lab: Lab) -> None:
    """A better challenger takes the place; the same again and a worse one do not, and only the last loser is kept."""

    assert lab.challenge(WEAK).version == "1"

    better = lab.challenge(GOOD)
    assert better.promoted, better.reason
    assert "better beyond noise" in better.reason
    assert (better.version, lab.champion.tags["replaces"]) == ("2", "1")

    same = lab.challenge(GOOD)
    assert not same.promoted
    assert "no difference beyond noise" in same.reason
    assert same.version == "2"
    loser = lab.tracking.client.get_model_version_by_alias(NAME, CANDIDATE)
    assert (str(loser.version), loser.tags["promoted"]) == ("3", "false")
    assert "## Why it did not become champion" in loser.description

    worse = lab.challenge(WEAK)
    assert not worse.promoted
    assert "worse in log loss" in worse.reason
    assert lab.version == "2"
    with pytest.raises(MlflowException):
        lab.tracking.client.get_model_version(NAME, "3")
    assert len(list(lab.home.mlruns.rglob("model.skops"))) == 3, "two champions and one candidate"
    assert [one["state"] for one in history(lab.tracking, NAME)] == [
        "candidate",
        "champion",
        "earlier champion",
    ]


def test_sample_data_never_replace_real_data_and_real_data_do_replace_sample_data(lab: Lab) -> None:
    """Whatever the scores."""

    lab.is_sample = True
    assert lab.challenge(GOOD).promoted
    lab.is_sample = False
    real = lab.challenge(WEAK)
    assert real.promoted
    assert "the first trained on real data" in real.reason
    lab.is_sample = True
    sample = lab.challenge(GOOD)
    assert not sample.promoted
    assert "sample data" in sample.reason
    assert sample.version == "2"


@pytest.mark.parametrize("damage", ["gone", "garbage", "tags", "columns"])
def test_training_goes_on_with_a_champion_that_cannot_be_used(lab: Lab, damage: str) -> None:
    """Its files gone or damaged, its tags lost, or made for other columns: the challenger meets the baseline."""

    lab.challenge(GOOD)
    champion, client = lab.champion, lab.tracking.client
    files = next(lab.home.mlruns.rglob(champion.source.removeprefix("models:/"))) / "artifacts"
    match damage:
        case "gone":
            shutil.rmtree(files)
        case "garbage":
            (files / "model.skops").write_bytes(b"no archive")
        case "tags":
            client.delete_model_version_tag(NAME, champion.version, "labels")
        case "columns":
            client.set_model_version_tag(NAME, champion.version, "features", '["energy", "sparkle"]')

    verdict = lab.challenge(WEAK)

    assert verdict.promoted, verdict.reason
    assert "in place of a champion that cannot be compared" in verdict.reason
    assert (
        "The champion, version 1, could not be compared: version 1 of spotify-bins-classic" in verdict.reason
    )
    assert verdict.version == "2"


def test_rows_that_the_champion_was_fitted_on_do_not_judge(lab: Lab) -> None:
    """A lake made anew may put an artist into another part: what the champion knows is left out, and said."""

    lab.challenge(GOOD)
    part = lab.data.columns["part"].to_numpy().copy()
    train, gate = np.flatnonzero(part == "train"), np.flatnonzero(part == "gate")
    part[train[-50:]], part[gate[-50:]] = "gate", "train"  # the first rows have twins
    lab.data = replace(lab.data, columns=lab.data.columns.assign(part=part))

    verdict = lab.challenge(WEAK)

    left_out = re.search(
        r"(\d+) of (\d+) gate rows are left out, because the champion was fitted", verdict.reason
    )
    assert left_out, verdict.reason
    assert int(left_out[1]) == 50
    assert verdict.gate_rows == int(left_out[2]) - int(left_out[1])
    assert not verdict.promoted


def test_a_champion_that_knows_the_whole_gate_is_not_compared(lab: Lab) -> None:
    """It would win by memory."""

    lab.challenge(GOOD)
    part = lab.data.columns["part"].replace({"train": "gate", "gate": "train"})
    lab.data = replace(lab.data, columns=lab.data.columns.assign(part=part))

    verdict = lab.challenge(WEAK)

    assert "against the baseline" in verdict.reason
    assert "gate rows are left out, because the champion was fitted on them" in verdict.reason


def test_a_model_without_skill_never_becomes_the_first_champion(lab: Lab, champion_command) -> None:
    """It is stored as candidate; the registry has no champion, and says how to get one."""

    verdict = lab.challenge(declared("logistic_regression", "Guess", 1e-9))

    assert not verdict.promoted
    assert lab.champion is None
    assert (verdict.version, champion_versions(lab.home, [NAME])) == ("", {})
    code, said = champion_command("show", NAME)
    assert code == 1
    assert f"{NAME} has no champion; found: 1 versions" in said
    assert champion_command("show") == (0, f"{NAME}: no champion\n")


def test_a_model_that_is_too_large_stays_out(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is not registered, the champion stays, and the decision says how large it was."""

    lab.challenge(WEAK)
    monkeypatch.setattr("tasks.tracking.skops_flavor.LARGEST", 10)
    verdict = lab.challenge(GOOD)

    assert not verdict.promoted
    assert "too large to be stored" in verdict.reason
    assert lab.version == "1"
    assert len(history(lab.tracking, NAME)) == 1

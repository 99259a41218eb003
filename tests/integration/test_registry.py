"""What people do with the registry: ask who is champion, and go back to the one before."""

import json
from dataclasses import replace

import pytest
from champion_lab import GOOD, NAME, WEAK, Lab
from training_facts import made_training, made_verdict

from genrelab.analyses.training.result import Trainings
from genrelab.runtime.files import read_json, write_json
from genrelab.runtime.home import Home
from genrelab.runtime.records import encode
from tasks.tracking.champion_versions import champion_versions
from tasks.tracking.client import StoredModelError
from tasks.tracking.place import ALIAS, tracking_uri
from tasks.tracking.registry import champion_info, rollback, rolled_back


def test_a_rolled_back_version_does_not_come_back_the_next_night(lab: Lab, champion_command) -> None:
    """One command back; its double is refused; put back by hand it is champion again, and may be beaten."""

    lab.challenge(WEAK)
    lab.challenge(GOOD)
    record = lab.home.state / "train_spotify_bins_classic.json"
    write_json(
        record,
        {
            "facts": encode(Trainings((made_training(task=NAME, champion=made_verdict("forest")),))),
            "finished_at": "2026-01-01T00:00:00+00:00",
        },
    )

    code, said = champion_command("rollback", NAME, "--reason", "calls every ballad classical")
    assert (code, lab.version) == (0, "1")
    assert "version 1 is champion again, replacing version 2 (calls every ballad classical)" in said
    told = read_json(record)
    assert told["finished_at"] > "2026-01-01"
    assert told["facts"]["tasks"][0]["champion"]["version"] == "1"
    assert "calls every ballad classical" in told["facts"]["tasks"][0]["champion"]["reason"]
    assert "Restored by rollback, replacing version 2" in lab.champion.description
    assert [str(one.version) for one in rolled_back(lab.tracking, lab.champion)] == ["2"]

    again = lab.challenge(GOOD)
    assert not again.promoted
    assert "no different beyond noise from version 2, which was rolled back on" in again.reason
    assert "(calls every ballad classical)" in again.reason
    renamed = replace(GOOD, name="random_forest")
    assert lab.challenge(renamed).promoted, "another kind of model is not its double"

    code, said = champion_command("rollback", NAME, "--to", "2")
    assert code == 0, said
    assert lab.version == "2"
    assert champion_info(lab.champion).why.startswith("Restored by rollback, replacing version")
    assert not {"2", "1"} & {str(one.version) for one in rolled_back(lab.tracking, lab.champion)}


def test_the_first_champion_has_none_before_it(lab: Lab, champion_command) -> None:
    """The message says so, and the champion stays."""

    lab.challenge(GOOD)
    code, said = champion_command("rollback", NAME)
    assert code == 1
    assert f"{NAME} has no champion before version 1" in said
    code, said = champion_command("rollback", NAME, "--to", "9")
    assert code == 1
    assert f"{NAME} has no version 9" in said
    code, said = champion_command("rollback", NAME, "--to", "1")
    assert "is already champion" in said
    assert lab.version == "1"


def test_nobody_goes_back_to_a_version_that_cannot_be_loaded(lab: Lab) -> None:
    """The alias stays where it is."""

    lab.challenge(WEAK)
    first = lab.champion.source.removeprefix("models:/")
    lab.challenge(GOOD)
    (next(lab.home.mlruns.rglob(first)) / "artifacts" / "model.skops").write_bytes(b"no archive")

    with pytest.raises(StoredModelError, match="version 1 of spotify-bins-classic cannot be loaded"):
        rollback(lab.tracking, NAME)
    assert lab.version == "2"
    assert not rolled_back(lab.tracking, lab.champion)


def test_people_can_ask_who_is_champion(lab: Lab, champion_command) -> None:
    """Who, since when, why, by which numbers, and what was before; an unknown name lists those that exist."""

    lab.challenge(WEAK)
    verdict = lab.challenge(GOOD)

    code, said = champion_command("show", NAME)
    assert code == 0
    flat = " ".join(said.split())
    assert f"{NAME}: version 2, Logistic regression, since {verdict.since[:16].replace('T', ' ')} UTC" in flat
    assert "trained on spotify_binned version 4" in flat
    assert "Challenger: Good. Promoted: better beyond noise" in flat
    assert f"Macro F1 {verdict.numbers['macro_f1']}" in flat
    assert "1 earlier champion" in flat
    facts = json.loads(champion_command("show", NAME, "--json")[1])
    assert [(one["version"], one["state"]) for one in facts["versions"]] == [
        (2, "champion"),
        (1, "earlier champion"),
    ]
    assert json.loads(champion_command("show", "--json")[1])[0]["version"] == "2"
    code, said = champion_command("show", "no-such-model")
    assert code == 1
    assert f"there is no registered model no-such-model; found: 'no-such-model'; allowed: {NAME}" in said


def test_without_a_registry_there_is_a_message(
    home: Home, champion_command, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is made by asking."""

    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    code, said = champion_command("show")
    assert code == 1
    assert "there is no registered model" in said
    assert "genrelab train" in said
    assert not home.mlruns.exists()


def test_the_champion_is_told_without_mlflow_as_mlflow_tells_it(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The quick way and the long way agree; a database of another layout is left to MLflow."""

    lab.challenge(GOOD)
    lab.tracking.client.set_registered_model_alias(NAME, "other", "1")
    quick = champion_versions(lab.home, [NAME, "nobody"])
    assert quick == {NAME: str(lab.tracking.client.get_model_version_by_alias(NAME, ALIAS).version)}
    monkeypatch.setenv("MLFLOW_TRACKING_URI", tracking_uri(lab.home))
    assert champion_versions(lab.home, [NAME, "nobody"]) == quick

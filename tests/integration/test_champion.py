"""The gate and the registry together: a real MLflow database, real stored models, and what people do to them."""

import json
import re
import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from mlflow.exceptions import MlflowException
from model_rows import Quick, spotify_binned
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer

from genrelab.errors import GenrelabError
from genrelab.files import read_json, write_json
from genrelab.home import Home
from genrelab.lake import Counts, TableVersion
from genrelab.models.declaration import Model
from genrelab.models.fitting import fit
from genrelab.models.tasks import REMOVED, SPOTIFY_BINS_CLASSIC, TaskData, make_splits, prepare
from genrelab.models.training import Trained, variant_rows
from genrelab.predictions import row_hashes
from genrelab_cli.main import cli
from tasks import champion as champion_task
from tasks.champion import CANDIDATE, challenge
from tasks.model_card import model_card
from tasks.registry import FITTED_ROWS, history, load_stored, rollback, rolled_back, standing
from tasks.tracking import Door, StoredModelError, connect
from tasks.tracking_place import ALIAS, champion_versions, tracking_uri

NAME = SPOTIFY_BINS_CLASSIC.name
TASK = replace(SPOTIFY_BINS_CLASSIC, splits=("gate", "grouped"), duplicates=(REMOVED,))


def one_feature(frame: Any) -> Any:
    """Not much to go by."""
    return frame[["tempo"]]


def declared(name: str, label: str, regularisation: float, *, columns: int = 11) -> Model:
    """A model of a certain skill: strong regularisation or few columns make a weak one."""

    def build(_seed: int, _cores: int, _budget: str) -> Any:
        estimator = LogisticRegression(C=regularisation, max_iter=2_000)
        return estimator if columns == 11 else make_pipeline(FunctionTransformer(one_feature), estimator)

    return Model(name=name, label=label, why="Made for tests.", build=build, families=(TASK.family,))


GOOD = declared("logistic_regression", "Good", 10.0)
WEAK = declared("logistic_regression", "Weak", 0.002)


@dataclass
class Lab:
    """A training that can challenge, in a home of its own."""

    home: Home
    door: Door
    data: TaskData
    is_sample: bool = False

    def trained(self, model: Model) -> Trained:
        """One model, fitted and judged on the gate."""
        rows = variant_rows(self.data, REMOVED)
        splits = make_splits(TASK, self.data, rows, Quick().seed)
        result = fit(model, TASK, self.data, rows, splits, settings=Quick(), duplicates=REMOVED)
        return Trained(TASK, self.data, (result,), {})

    def challenge(self, model: Model) -> dict[str, Any]:
        """Let a model challenge the champion."""
        trained = self.trained(model)
        version = TableVersion(
            "spotify_binned",
            4,
            "4@now",
            Counts(400, 400),
            "pulls",
            self.is_sample,
            "2026-03-12T03:14:07+00:00",
        )
        run = self.door.start(TASK.experiment, model.name, {})
        log: Any = SimpleNamespace(
            door=self.door,
            version=version,
            settings=Quick(),
            data=self.data,
            run_ids={(model.name, REMOVED): run},
            card=lambda fitted: model_card(fitted, TASK, self.data, version),
        )
        return challenge(log, trained)

    @property
    def champion(self) -> Any:
        """The registered version with the alias."""
        return self.door.champion(NAME)

    @property
    def version(self) -> str:
        """Its number."""
        return str(self.champion.version)


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """MLflow's database, migrated once: 4 s."""
    home = Home(tmp_path_factory.mktemp("registry"))
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("MLFLOW_TRACKING_URI", raising=False)
        connect(home).client.search_experiments()
    return home.mlruns


@pytest.fixture(scope="module")
def data() -> TaskData:
    """Rows whose gate has enough of them to tell models apart."""
    return prepare(TASK, {"spotify_binned": spotify_binned(2_000)})


@pytest.fixture
def lab(migrated: Path, home: Home, data: TaskData, monkeypatch: pytest.MonkeyPatch) -> Lab:
    """A home with an empty registry; what would go to Prefect is kept in `Lab.published`."""
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    shutil.copytree(migrated, home.mlruns)
    made = Lab(home, connect(home), data)
    made.published = []  # type: ignore[attr-defined]
    monkeypatch.setattr(champion_task, "publish_text", lambda *told: made.published.append(told))
    return made


@pytest.fixture
def run():
    """Runs `genrelab champion ...` in this process."""

    def run(*words: str) -> tuple[int, str]:
        done = CliRunner().invoke(cli, ["champion", *words])
        return (
            (1, str(done.exception))
            if isinstance(done.exception, GenrelabError)
            else (done.exit_code, done.output)
        )

    return run


def test_the_first_champion_is_stored_with_all_that_the_decision_rests_on(lab: Lab) -> None:
    """Alias, tags, numbers, card, fitted rows and artifact say the same."""

    verdict = lab.challenge(GOOD)

    assert verdict["promoted"]
    assert "the first champion" in verdict["reason"]
    champion = lab.champion
    assert (lab.version, verdict["version"]) == ("1", "1")
    assert champion.tags["promoted"] == "true"
    assert champion.tags["decision"] == verdict["reason"]
    assert champion.tags["replaces"] == ""
    assert json.loads(champion.tags["numbers"]) == verdict["numbers"]
    assert set(verdict["numbers"]) >= {"macro_f1", "log_loss"}
    told = (
        "spotify_binned, version 4",
        "the rule set classic",
        "licence of the data",
        "95 % bootstrap",
        "## Limits",
    )
    for part in (*told, "## Why it became champion", verdict["reason"]):
        assert part in champion.description
    ((key, text),) = lab.published  # type: ignore[attr-defined]
    assert key == f"champion-{NAME}"
    assert verdict["reason"] in text
    assert verdict["numbers"]["log_loss"] in text
    rows = variant_rows(lab.data, REMOVED)
    train = make_splits(TASK, lab.data, rows, Quick().seed)[0].train
    known = lab.door.find_array(champion.run_id, FITTED_ROWS)
    assert set(known.tolist()) == set(row_hashes(lab.data.features.iloc[rows[train]]).tolist())
    stored = load_stored(lab.door, champion)
    assert stored.features == TASK.features
    assert stored.estimator.predict_proba(lab.data.features).shape == (len(lab.data), len(stored.labels))
    assert list(lab.home.mlruns.rglob("model.skops")), "stored outside the home"


def test_better_worse_and_the_same(lab: Lab) -> None:
    """A better challenger takes the place; the same again and a worse one do not, and only the last loser is kept."""

    assert lab.challenge(WEAK)["version"] == "1"

    better = lab.challenge(GOOD)
    assert better["promoted"], better["reason"]
    assert "better beyond noise" in better["reason"]
    assert (better["version"], lab.champion.tags["replaces"]) == ("2", "1")

    same = lab.challenge(GOOD)
    assert not same["promoted"]
    assert "no difference beyond noise" in same["reason"]
    assert same["version"] == "2"
    loser = lab.door.client.get_model_version_by_alias(NAME, CANDIDATE)
    assert (str(loser.version), loser.tags["promoted"]) == ("3", "false")
    assert "## Why it did not become champion" in loser.description

    worse = lab.challenge(WEAK)
    assert not worse["promoted"]
    assert "worse in macro F1" in worse["reason"]
    assert lab.version == "2"
    with pytest.raises(MlflowException):
        lab.door.client.get_model_version(NAME, "3")
    assert len(list(lab.home.mlruns.rglob("model.skops"))) == 3, "two champions and one candidate"
    assert [one["state"] for one in history(lab.door, NAME)] == ["candidate", "champion", "earlier champion"]


def test_sample_data_never_replace_real_data_and_real_data_do_replace_sample_data(lab: Lab) -> None:
    """Whatever the scores."""

    lab.is_sample = True
    assert lab.challenge(GOOD)["promoted"]
    lab.is_sample = False
    real = lab.challenge(WEAK)
    assert real["promoted"]
    assert "the first trained on real data" in real["reason"]
    lab.is_sample = True
    sample = lab.challenge(GOOD)
    assert not sample["promoted"]
    assert "sample data" in sample["reason"]
    assert sample["version"] == "2"


def test_a_rolled_back_version_does_not_come_back_the_next_night(lab: Lab, run) -> None:
    """One command back; its double is refused; put back by hand it is champion again, and may be beaten."""

    lab.challenge(WEAK)
    lab.challenge(GOOD)
    record = lab.home.state / "train_spotify_bins_classic.json"
    write_json(
        record, {"facts": {"champion": {"reason": "earlier"}}, "finished_at": "2026-01-01T00:00:00+00:00"}
    )

    code, said = run("rollback", NAME, "--reason", "calls every ballad classical")
    assert (code, lab.version) == (0, "1")
    assert "version 1 is champion again, instead of version 2 (calls every ballad classical)" in said
    told = read_json(record)
    assert told["finished_at"] > "2026-01-01"
    assert told["facts"]["champion"]["version"] == "1"
    assert "calls every ballad classical" in told["facts"]["champion"]["reason"]
    assert "Put back by hand in place of version 2" in lab.champion.description
    assert [str(one.version) for one in rolled_back(lab.door, lab.champion)] == ["2"]

    again = lab.challenge(GOOD)
    assert not again["promoted"]
    assert "no different beyond noise from version 2, which was rolled back on" in again["reason"]
    assert "(calls every ballad classical)" in again["reason"]
    renamed = replace(GOOD, name="random_forest")
    assert lab.challenge(renamed)["promoted"], "another kind of model is not its double"

    code, said = run("rollback", NAME, "--to", "2")
    assert code == 0, said
    assert lab.version == "2"
    assert standing(lab.champion)["why"].startswith("Put back by hand in place of version")
    assert not {"2", "1"} & {str(one.version) for one in rolled_back(lab.door, lab.champion)}


def test_the_first_champion_has_none_before_it(lab: Lab, run) -> None:
    """The message says so, and the champion stays."""

    lab.challenge(GOOD)
    code, said = run("rollback", NAME)
    assert code == 1
    assert f"{NAME} has no champion before version 1" in said
    code, said = run("rollback", NAME, "--to", "9")
    assert code == 1
    assert f"{NAME} has no version 9" in said
    code, said = run("rollback", NAME, "--to", "1")
    assert "is champion already" in said
    assert lab.version == "1"


def test_nobody_goes_back_to_a_version_that_cannot_be_loaded(lab: Lab) -> None:
    """The alias stays where it is."""

    lab.challenge(WEAK)
    first = lab.champion.source.removeprefix("models:/")
    lab.challenge(GOOD)
    (next(lab.home.mlruns.rglob(first)) / "artifacts" / "model.skops").write_bytes(b"no archive")

    with pytest.raises(StoredModelError, match="version 1 of spotify-bins-classic cannot be loaded"):
        rollback(lab.door, NAME)
    assert lab.version == "2"
    assert not rolled_back(lab.door, lab.champion)


@pytest.mark.parametrize("damage", ["gone", "garbage", "tags", "columns"])
def test_training_goes_on_with_a_champion_that_cannot_be_used(lab: Lab, damage: str) -> None:
    """Its files gone or damaged, its tags lost, or made for other columns: the challenger meets the baseline."""

    lab.challenge(GOOD)
    champion, client = lab.champion, lab.door.client
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

    assert verdict["promoted"], verdict["reason"]
    assert "in place of a champion that cannot be compared" in verdict["reason"]
    assert (
        "The champion, version 1, could not be compared: version 1 of spotify-bins-classic"
        in verdict["reason"]
    )
    assert verdict["version"] == "2"


def test_rows_that_the_champion_was_fitted_on_do_not_judge(lab: Lab) -> None:
    """A lake made anew may put an artist into another part: what the champion knows is left out, and said."""

    lab.challenge(GOOD)
    part = lab.data.columns["part"].to_numpy().copy()
    train, gate = np.flatnonzero(part == "train"), np.flatnonzero(part == "gate")
    part[train[-50:]], part[gate[-50:]] = "gate", "train"  # the first rows have twins
    lab.data = replace(lab.data, columns=lab.data.columns.assign(part=part))

    verdict = lab.challenge(WEAK)

    left_out = re.search(
        r"(\d+) of (\d+) rows of the gate are left out: the champion was fitted", verdict["reason"]
    )
    assert left_out, verdict["reason"]
    assert int(left_out[1]) == 50
    assert verdict["gate_rows"] == int(left_out[2]) - int(left_out[1])
    assert not verdict["promoted"]


def test_a_champion_that_knows_the_whole_gate_is_not_compared(lab: Lab) -> None:
    """It would win by memory."""

    lab.challenge(GOOD)
    part = lab.data.columns["part"].replace({"train": "gate", "gate": "train"})
    lab.data = replace(lab.data, columns=lab.data.columns.assign(part=part))

    verdict = lab.challenge(WEAK)

    assert "against the baseline" in verdict["reason"]
    assert "rows of the gate are left out: the champion was fitted on them" in verdict["reason"]


def test_a_model_without_skill_never_becomes_the_first_champion(lab: Lab, run) -> None:
    """It is stored as candidate; the registry has no champion, and says how to get one."""

    verdict = lab.challenge(declared("logistic_regression", "Guess", 1e-9))

    assert not verdict["promoted"]
    assert lab.champion is None
    assert (verdict["version"], champion_versions(lab.home, [NAME])) == ("", {})
    code, said = run("show", NAME)
    assert code == 1
    assert f"{NAME} has no champion; found: 1 versions" in said
    assert run("show") == (0, f"{NAME}: no champion\n")


def test_people_can_ask_who_is_champion(lab: Lab, run) -> None:
    """Who, since when, why, by which numbers, and what was before; an unknown name lists those that exist."""

    lab.challenge(WEAK)
    verdict = lab.challenge(GOOD)

    code, said = run("show", NAME)
    assert code == 0
    flat = " ".join(said.split())
    assert (
        f"{NAME}: version 2, logistic_regression, since {verdict['since'][:16].replace('T', ' ')} UTC" in flat
    )
    assert "trained on spotify_binned version 4" in flat
    assert "Good challenged. Promoted: better beyond noise" in flat
    assert f"macro F1 {verdict['numbers']['macro_f1']}" in flat
    assert "1 earlier champion" in flat
    facts = json.loads(run("show", NAME, "--json")[1])
    assert [(one["version"], one["state"]) for one in facts["versions"]] == [
        (2, "champion"),
        (1, "earlier champion"),
    ]
    assert json.loads(run("show", "--json")[1])[0]["version"] == "2"
    code, said = run("show", "no-such-model")
    assert code == 1
    assert f"there is no registered model no-such-model; found: 'no-such-model'; allowed: {NAME}" in said


def test_without_a_registry_there_is_a_message(home: Home, run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is made by asking."""

    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    code, said = run("show")
    assert code == 1
    assert "there is no registered model" in said
    assert "genrelab train" in said
    assert not home.mlruns.exists()


def test_the_champion_is_told_without_mlflow_as_mlflow_tells_it(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The quick way and the long way agree; a database of another layout is left to MLflow."""

    lab.challenge(GOOD)
    lab.door.client.set_registered_model_alias(NAME, "other", "1")
    quick = champion_versions(lab.home, [NAME, "nobody"])
    assert quick == {NAME: str(lab.door.client.get_model_version_by_alias(NAME, ALIAS).version)}
    monkeypatch.setenv("MLFLOW_TRACKING_URI", tracking_uri(lab.home))
    assert champion_versions(lab.home, [NAME, "nobody"]) == quick

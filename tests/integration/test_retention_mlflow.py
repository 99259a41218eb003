"""Retention and recovery on a real MLflow database and a real lake."""

import contextlib
import errno
import json
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pytest
from mlflow import MlflowClient
from mlflow.exceptions import MlflowException

from genrelab.lake.lake import Lake
from genrelab.lake.version import Counts
from genrelab.runtime.files import read_json, write_json
from genrelab.runtime.home import Home
from genrelab.runtime.operations import Retention
from tasks import retention
from tasks.retention import RECORD, back_up_tracking, clean_up, do, plan
from tasks.tracking.client import TrackingClient, connect
from tasks.tracking.place import ALIAS, is_there
from tasks.tracking.recovery import repair_tracking
from tasks.tracking.registry import ROLLED_BACK_AT

NAME = "spotify-bins-reviewed"
RULES = Retention(reports=1, table_versions_days=30, runs_days=90, champions=2, backups=2)
TAGS = {"table": "spotify_binned", "table_version": "0", "git_commit": "x"}
NOW = datetime.now(UTC)
LATER = NOW + timedelta(days=200)
OLD = int((NOW - timedelta(days=100)).timestamp() * 1000)


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database of MLflow: making one takes seconds."""
    home = Home(tmp_path_factory.mktemp("migrated"))
    connect(home)
    MlflowClient(f"sqlite:///{home.mlruns / 'mlflow.db'}").search_experiments()
    return home.mlruns / "mlflow.db"


@pytest.fixture
def tracking(home: Home, migrated: Path, monkeypatch: pytest.MonkeyPatch) -> TrackingClient:
    """MLflow of an empty home."""
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    home.mlruns.mkdir()
    shutil.copy(migrated, home.mlruns / "mlflow.db")
    return connect(home)


def training(
    tracking: TrackingClient, started: int, *, tags: dict[str, str] = TAGS, experiment: str = "spotify-genres"
) -> list[str]:
    """A parent run with a child, each with an artifact."""
    place = tracking.experiment(experiment)
    runs: list[str] = []
    for name in ("training", "model"):
        above = {"mlflow.parentRunId": runs[0]} if runs else {}
        run = tracking.client.create_run(place, start_time=started, tags={**tags, **above}, run_name=name)
        tracking.client.log_text(run.info.run_id, "x" * 100, "card.md")
        runs.append(run.info.run_id)
    return runs


def register(tracking: TrackingClient, run: str, table_version: int, **tags: str) -> str:
    """A version of the registered model."""
    with contextlib.suppress(MlflowException):  # it is there already
        tracking.client.create_registered_model(NAME)
    found = {**TAGS, "table_version": str(table_version), "promoted": "true", **tags}
    return tracking.client.create_model_version(NAME, f"runs:/{run}/x", run, tags=found).version


def publish(home: Home, table: str, rows: int) -> int:
    data = pa.table({"a": list(range(rows))})
    return Lake(home).publish(table, data, Counts(rows, rows), source="x", is_sample=False).version


def exists(tracking: TrackingClient, run: str) -> bool:
    try:
        tracking.client.get_run(run)
    except MlflowException:
        return False
    return True


def folders(home: Home) -> set[str]:
    return {path.parent.parent.name for path in (home.mlruns / "artifacts").rglob("card.md")}


def test_old_trainings_go_with_their_files_and_the_rest_stays(home: Home, tracking: TrackingClient) -> None:
    """What a record draws, what is young, and what is somebody else's stay; a training goes as a whole."""

    gone, drawn, theirs = (
        training(tracking, OLD),
        training(tracking, OLD),
        training(tracking, OLD, tags={"owner": "somebody"}),
    )
    young = training(tracking, int(NOW.timestamp() * 1000))
    clusters = training(tracking, OLD, experiment="clusters")
    write_json(home.state / "train_x.json", {"published": {}, "facts": {"runs": [{"run_id": drawn[1]}]}})
    clusterings = {"clusterings": [{"run_ids": {"classic": clusters[1]}}]}
    write_json(home.state / "compare_clusters_x.json", {"published": {}, "facts": clusterings})
    found = plan(home, RULES, NOW)
    assert [(each.kind, each.what.split(" of ")[0]) for each in found] == [
        ("run", "spotify-genres: training")
    ]
    assert found[0].size == 200
    assert exists(tracking, gone[0]), "a plan touches nothing"
    cleaned = do(found)
    assert cleaned.failed == ()
    assert not any(exists(tracking, run) for run in gone)
    stayed = {*drawn, *clusters, *theirs, *young}
    assert all(exists(tracking, run) for run in stayed)
    assert folders(home) == stayed
    assert plan(home, RULES, NOW) == []


def test_champions_to_go_back_to_stay_with_their_runs_and_their_data(
    home: Home, tracking: TrackingClient
) -> None:
    """Two of four, the one rolled back, and the newest candidate; the oldest two go, and so do their data."""

    promoted = {4: {ROLLED_BACK_AT: "2026-03-12T02:30:00+00:00"}, 5: {"promoted": "false"}}
    runs = []
    for number in range(6):
        publish(home, "spotify_binned", number + 1)
        publish(home, "artist_groups", number + 1)
        runs.append(training(tracking, OLD)[0])
        register(tracking, runs[-1], number, **promoted.get(number, {}))
    tracking.client.set_registered_model_alias(NAME, ALIAS, "4")
    tracking.client.set_registered_model_alias(NAME, "candidate", "6")
    found = plan(home, RULES, LATER)
    assert {each.what for each in found if each.kind == "model"} == {f"{NAME} version 1", f"{NAME} version 2"}
    assert {each.what for each in found if each.kind == "table version"} == {
        "spotify_binned: versions 0 to 1",
        "artist_groups: versions 0 to 1",
    }
    assert do(found).failed == ()
    left = {each.version for each in tracking.client.search_model_versions(f"name = '{NAME}'")}
    assert {str(each) for each in left} == {"3", "4", "5", "6"}
    for version in (2, 3, 4, 5):
        assert len(Lake(home).read("spotify_binned", version=version)) == version + 1
    with pytest.raises(FileNotFoundError):
        Lake(home).read("spotify_binned", version=1)
    do(plan(home, RULES, LATER))
    assert [exists(tracking, run) for run in runs] == [False, False, True, True, True, True]


def test_a_champion_protects_what_it_read_beside_its_main_table(home: Home, tracking: TrackingClient) -> None:
    """Its tags name one table; of the others it read the newest of that time."""

    publish(home, "fma_echonest", 1)
    publish(home, "fma_echonest", 2)
    register(tracking, training(tracking, OLD)[0], 0, table="fma_tracks")
    tracking.client.set_registered_model_alias(NAME, ALIAS, "1")
    for rows in (3, 4, 5):
        publish(home, "fma_echonest", rows)
    do(plan(home, RULES, LATER))
    lake = Lake(home)
    assert [len(lake.read("fma_echonest", version=version)) for version in (1, 3, 4)] == [2, 4, 5]
    for version in (0, 2):
        with pytest.raises(FileNotFoundError):
            lake.read("fma_echonest", version=version)


def test_a_champion_protects_every_table_that_its_tags_name(home: Home, tracking: TrackingClient) -> None:
    """By identity: a training may have read another version than the newest of the time when its model was stored."""

    publish(home, "fma_tracks", 1)
    for rows in (1, 2, 3):
        publish(home, "fma_echonest", rows)
    lake = Lake(home)
    read = {"fma_tracks": lake.find("fma_tracks", 0), "fma_echonest": lake.find("fma_echonest", 1)}
    tables = json.dumps({name: version.id for name, version in read.items()})
    register(tracking, training(tracking, OLD)[0], 0, table="fma_tracks", tables=tables)
    tracking.client.set_registered_model_alias(NAME, ALIAS, "1")
    for rows in (4, 5, 6):
        publish(home, "fma_echonest", rows)
    do(plan(home, RULES, LATER))
    assert len(lake.read("fma_echonest", version=1)) == 2
    with pytest.raises(FileNotFoundError):
        lake.read("fma_echonest", version=0)


def test_one_thing_that_cannot_go_does_not_keep_the_others(home: Home, tracking: TrackingClient) -> None:
    """A model is a name and says why it stayed."""

    training(tracking, OLD)
    publish(home, "t", 1)
    found = plan(home, RULES, NOW)
    broken = [each for each in found if each.kind == "run"]

    def refuse() -> None:
        raise PermissionError("no")

    stuck = type(broken[0])("report", "2026", "old", 5, refuse)
    cleaned = do([stuck, *broken])
    assert cleaned.failed == ("report 2026: PermissionError: no",)
    assert cleaned.removed == tuple(broken)


@pytest.fixture
def night(tracking: TrackingClient, home: Home, monkeypatch: pytest.MonkeyPatch):
    """A night's clean-up at a moment; returns its state."""

    def at(moment: datetime):
        class Clock(datetime):
            @classmethod
            def now(cls, tz=None):
                return moment.astimezone(tz)

        monkeypatch.setattr(retention, "datetime", Clock)
        return clean_up.fn()

    assert tracking.home == home
    return at


def test_a_night_backs_up_once_a_day_and_keeps_the_newest(home: Home, night) -> None:
    """Default: the seven newest."""

    home.settings_file.write_text("[retention]\nbackups = 2\n")
    for day in range(4):
        for _ in range(2):
            assert night(NOW + timedelta(days=day)).is_completed()
    kept = sorted(path.name for path in (home.mlruns / "backups").iterdir())
    assert kept == [f"mlflow-{NOW + timedelta(days=day):%Y-%m-%d}.db" for day in (2, 3)]
    assert "1 x backup removed" in read_json(home.state / RECORD)["message"] or "nothing to remove" in str(
        read_json(home.state / RECORD)
    )


def test_a_clock_that_jumped_removes_nothing_that_night(tracking: TrackingClient, night) -> None:
    """In the next night the same time is taken for the right one."""

    run = training(tracking, int(NOW.timestamp() * 1000))[0]
    night(NOW)
    state = night(LATER)
    assert (state.is_completed(), state.name) == (True, "Warned")
    assert "the clock moved" in state.message
    assert exists(tracking, run)
    night(LATER + timedelta(days=1))
    assert not exists(tracking, run)


def test_a_clean_up_that_breaks_is_a_warning(home: Home, night) -> None:
    """The night's results stand."""

    home.settings_file.write_text("[retention]\nbackups = 0\n")
    state = night(NOW)
    assert (state.is_completed(), state.name) == (True, "Warned")
    assert "retention.backups" in state.message


@pytest.mark.parametrize("has_backup", [True, False])
def test_a_damaged_database_gives_way_to_its_backup(
    home: Home, tracking: TrackingClient, *, has_backup: bool
) -> None:
    """The champion of the backup is champion again; the damaged file is kept; steps that logged run again."""

    register(tracking, training(tracking, OLD)[0], 0)
    tracking.client.set_registered_model_alias(NAME, ALIAS, "1")
    if has_backup:
        assert back_up_tracking(home, NOW) == []
    record = {"step": "train", "fingerprint": "abc", "published": {}, "facts": {"run_id": "0" * 32}}
    write_json(home.state / "train.json", record)
    write_json(home.state / "ingest.json", {**record, "facts": {}})
    write_json(home.state / "clusters.json", {**record, "facts": {"run_ids": {"classic": "0" * 32}}})
    damaged = b"not a database at all" * 1000
    (home.mlruns / "mlflow.db").write_bytes(damaged)
    assert not is_there(home)
    assert "backed up" in back_up_tracking(home, NOW + timedelta(days=1))[0]
    champion = connect(home).champion(NAME)
    assert (champion is not None) == has_backup
    [kept] = home.mlruns.glob("mlflow.db.corrupt-*")
    assert kept.read_bytes() == damaged
    assert is_there(home)
    assert read_json(home.state / "train.json")["fingerprint"] == ""
    assert read_json(home.state / "clusters.json")["fingerprint"] == ""
    assert read_json(home.state / "train.json")["facts"] == {"run_id": "0" * 32}
    assert read_json(home.state / "ingest.json")["fingerprint"] == "abc"
    assert repair_tracking(home) == ""


@pytest.mark.parametrize("is_gone", [True, False])
@pytest.mark.usefixtures("tracking")
def test_nothing_goes_while_nobody_can_say_what_champions_rest_on(home: Home, *, is_gone: bool) -> None:
    """The database is damaged, or lies where only another environment looks for it."""

    for rows in (1, 2, 3):
        publish(home, "spotify_binned", rows)
    database = home.mlruns / "mlflow.db"
    database.unlink() if is_gone else database.write_bytes(b"damaged" * 1000)
    assert [each.kind for each in plan(home, RULES, LATER)] == ["table version"]  # nothing was ever trained
    write_json(home.state / "train_x.json", {"published": {}, "facts": {}})
    assert plan(home, RULES, LATER) == []


def test_a_restore_that_has_no_room_leaves_everything_for_the_next_try(
    home: Home, tracking: TrackingClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An empty registry would take the place of the champions."""

    register(tracking, training(tracking, OLD)[0], 0)
    tracking.client.set_registered_model_alias(NAME, ALIAS, "1")
    assert back_up_tracking(home, NOW) == []
    database = home.mlruns / "mlflow.db"
    database.write_bytes(b"damaged" * 1000)

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("shutil.copyfileobj", full)
        with pytest.raises(OSError, match="No space left"):
            connect(home)
    assert database.read_bytes() == b"damaged" * 1000
    with monkeypatch.context() as patch:  # killed after the damaged file was put aside
        patch.setattr(
            "tasks.tracking.recovery.set_aside", lambda path: path.rename(path.with_name("aside")) and full()
        )
        with pytest.raises(OSError, match="No space left"):
            connect(home)
    assert not database.exists()
    assert str(connect(home).champion(NAME).version) == "1"


def test_the_command_shows_before_it_does(tracking: TrackingClient) -> None:
    """--dry-run touches nothing; without it the same things go; JSON says both."""

    from click.testing import CliRunner  # noqa: PLC0415 - beside its only use

    from genrelab_cli.main import cli  # noqa: PLC0415

    run = training(tracking, OLD)[0]
    shown = CliRunner().invoke(cli, ["clean", "--dry-run"])
    assert shown.exit_code == 0, shown.output
    assert "spotify-genres: training of" in shown.output
    assert "1 items, 200 bytes would be removed; this was a dry run" in shown.output
    assert exists(tracking, run)
    done = CliRunner().invoke(cli, ["clean", "--json"])
    found = json.loads(done.stdout)
    assert (done.exit_code, found["removed"], found["bytes"], found["failed"]) == (0, 1, 200, [])
    assert not exists(tracking, run)
    assert "nothing would be removed" in CliRunner().invoke(cli, ["clean", "--dry-run"]).output

"""Records of steps that homes share through the bucket of their lake."""

from pathlib import Path

import pytest
from hostile_s3 import HostileS3

from genrelab.lake import lease as lease_module
from genrelab.lake.bucket import Bucket
from genrelab.lake.bucket_errors import StorageError
from genrelab.lake.lease import LostLeaseError
from genrelab.lake.shared_records import place_of_records, refresh_records, send_records
from genrelab.lake.storage import Storage
from genrelab.runtime.files import read_json, write_json
from genrelab.runtime.home import Home
from genrelab.runtime.run_lock import one_run

pytest.importorskip("boto3", reason="boto3 is not installed")


@pytest.fixture
def shared(bucket: Bucket, monkeypatch: pytest.MonkeyPatch) -> Bucket:
    """The bucket of homes that also share an MLflow server."""
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://mlflow:5000")
    return bucket


@pytest.fixture
def other(tmp_path: Path) -> Home:
    """A second home with the same lake."""
    return Home(tmp_path / "other")


def run(home: Home, **records: object) -> None:
    """A run of a home that writes these records."""
    with one_run(home, "nightly", when_busy="refuse"):
        for name, value in records.items():
            write_json(home.state / f"{name}.json", value)


@pytest.mark.usefixtures("shared")
def test_a_second_home_finds_what_the_first_one_did(home: Home, other: Home) -> None:
    """It gets the records with the lease; a record that a run removed is gone for the other home too."""

    write_json(home.state / "failures" / "predict.json", "failed")
    run(home, train=1, predict=1)
    with one_run(other, "nightly", when_busy="refuse"):
        assert read_json(other.state / "train.json") == 1
        assert read_json(other.state / "failures" / "predict.json") == "failed"
        (other.state / "failures" / "predict.json").unlink()
        write_json(other.state / "train.json", 2)
    with one_run(home, "nightly", when_busy="refuse"):
        assert read_json(home.state / "train.json") == 2
        assert read_json(home.state / "predict.json") == 1
        assert not (home.state / "failures" / "predict.json").exists()


@pytest.mark.usefixtures("shared")
def test_what_a_killed_run_finished_is_there_for_the_next_one(home: Home, other: Home) -> None:
    """Records are sent after each step, not only at the end."""

    with one_run(home, "nightly", when_busy="refuse"):
        write_json(home.state / "train.json", 1)
        send_records(home)
        refresh_records(other)
        assert read_json(other.state / "train.json") == 1


@pytest.mark.usefixtures("shared")
def test_the_first_home_of_a_lake_keeps_the_records_that_it_has(home: Home, other: Home) -> None:
    """A lake without records takes them from it."""

    write_json(home.state / "train.json", 1)
    run(home)
    run(other)
    assert read_json(home.state / "train.json") == read_json(other.state / "train.json") == 1


@pytest.mark.usefixtures("shared")
def test_what_belongs_to_one_home_stays_there(home: Home, other: Home, store: HostileS3) -> None:
    """Its report, its runs, its tracebacks and its lock."""

    run(home, **{"report": 1, "runs/000001": 1, "errors/now": 1, "train": 1})
    write_json(other.state / "report.json", 2)
    run(other)
    assert [name for name in store.objects if "/state/" in name] == ["bucket/lake/state/train.json"]
    assert read_json(other.state / "report.json") == 2
    assert not (other.state / "runs").exists()


@pytest.mark.parametrize("mlflow", ["", "sqlite:////mlflow.db"])
def test_homes_with_an_mlflow_of_their_own_share_nothing(
    home: Home, other: Home, bucket: Bucket, monkeypatch: pytest.MonkeyPatch, mlflow: str
) -> None:
    """A second home would skip a training whose models it does not have."""

    monkeypatch.setenv("MLFLOW_TRACKING_URI", mlflow)
    run(home, train=1)
    run(other)
    assert not (other.state / "train.json").exists()
    assert list(bucket.store.files("state")) == []
    assert place_of_records(home) == str(home.state)


def test_a_lake_in_a_folder_shares_nothing(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its records lie beside it, and no step waits for a store."""

    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://mlflow:5000")
    monkeypatch.setattr(Storage, "sizes", lambda *_: pytest.fail("a folder was read"))
    run(home, train=1)
    send_records(home)
    refresh_records(home)
    assert place_of_records(home) == str(home.state)


def test_a_run_that_lost_its_lease_sends_nothing(
    home: Home, shared: Bucket, store: HostileS3, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The records of the run that took it stay as they are."""

    monkeypatch.setattr(lease_module, "RENEW_SECONDS", 0.01)
    with one_run(home, "nightly", when_busy="refuse"):
        write_json(home.state / "train.json", 1)
        [lease] = lease_module._held
        taken = b'{"owner": {"flow": "train", "pid": 1, "started_at": "2026-01-01T00:00:00+00:00", "host": "two"}}'
        shared.write(lease_module.NAME, taken)
        assert lease._thread is not None
        lease._thread.join(60)
        with pytest.raises(LostLeaseError):
            send_records(home)
    assert [name for name in store.objects if "/state/" in name] == []


@pytest.mark.usefixtures("shared")
def test_records_that_cannot_be_fetched_stop_the_run_and_are_not_overwritten(
    home: Home, other: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half of the records would make the lake's records older than they are."""

    run(home, train=1)
    write_json(other.state / "train.json", "old")
    broken = StorageError("the store does not answer")
    monkeypatch.setattr("genrelab.lake.object_store.ObjectStore.download", lambda *_: _raise(broken))
    with pytest.raises(StorageError), one_run(other, "nightly", when_busy="refuse"):
        pytest.fail("it began")
    monkeypatch.undo()
    assert read_json(other.state / "train.json") == "old"


def _raise(error: Exception) -> None:
    raise error

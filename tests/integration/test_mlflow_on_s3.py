"""MLflow's files in the bucket of the lake: stored with a client of MLflow's own, which must fail as clearly."""

from pathlib import Path

import pytest
from hostile_s3 import KEY, SECRET, TOKEN, HostileS3
from mlflow.store.artifact import s3_artifact_repo
from seaweed import Seaweed

from genrelab.lake import retention, s3_connection
from genrelab.lake.bucket_errors import StorageError
from genrelab.lake.lake import Lake
from genrelab.lake.retention import left_in_storage
from genrelab.lake.storage import PROBES, WORK, bucket_of
from genrelab.runtime.home import Home
from genrelab.runtime.unexpected import explain
from tasks.tracking.client import StoredModelError, TrackingClient, connect

SAYS = {
    "answers 500": "does not answer as it should",
    "hangs": "does not answer as it should",
    "expired": "have expired",
    "wrong key": "does not accept the credentials",
    "clock": "clock of this machine differs",
    "no bucket": "bucket of the lake does not exist",
    "region": "in another region",
    "full": "object store is full",
}


@pytest.fixture(autouse=True)
def _new_client() -> None:
    """MLflow keeps its client for minutes, whatever the environment says since."""
    s3_artifact_repo._cached_get_s3_client.cache_clear()


@pytest.fixture
def tracking(home: Home, store: HostileS3, monkeypatch: pytest.MonkeyPatch) -> TrackingClient:  # noqa: ARG001 - its server
    """MLflow of a home with its lake in the stand-in, which is asked once, for a second."""
    monkeypatch.setattr(s3_connection, "TRIES", 1)
    monkeypatch.setattr(s3_connection, "READ_SECONDS", 1)
    return connect(home)


def test_a_store_that_fails_in_a_training_is_named(
    tracking: TrackingClient, store: HostileS3, home: Home
) -> None:
    """MLflow's client has the waits of the lake's, and its errors the same messages, without secrets."""

    run = tracking.start("spotify-genres", "training", {})
    tracking.client.log_text(run, "works", "card.md")
    assert [key for key in store.objects if key.endswith("card.md")]

    for fault, says in SAYS.items():
        store.fault = fault
        with pytest.raises(Exception) as raised:  # noqa: PT011 - whatever MLflow raises
            tracking.client.log_text(run, "fails", "other.md")
        known = explain(raised.value, home, "train")
        assert isinstance(known, StorageError)
        assert says in known.what
        assert "s3://bucket/lake" in known.found
        assert known.allowed
        assert known.do
        assert not [secret for secret in (KEY, SECRET, TOKEN) if secret in str(known)]


def test_a_champion_on_a_store_that_fails_is_not_called_damaged(
    tracking: TrackingClient, store: HostileS3
) -> None:
    """MLflow says that files are missing, whatever the store has answered."""

    run = tracking.start("spotify-genres", "training", {})
    tracking.client.create_registered_model("m")
    place = tracking.client.get_run(run).info.artifact_uri
    version = tracking.client.create_model_version("m", f"{place}/model", run).version
    with pytest.raises(StoredModelError):
        tracking.load("m", version, ())

    store.fault = "expired"

    with pytest.raises(StorageError, match="have expired"):
        tracking.load("m", version, ())


def test_the_files_of_a_model_that_is_removed_leave_the_bucket(
    s3_location: str, s3_server: Seaweed, tmp_path: Path
) -> None:
    """Those of other models and of its run stay."""

    tracking = connect(Home(tmp_path))
    bucket = bucket_of(Home(tmp_path))
    assert bucket is not None
    run = tracking.start("spotify-genres", "training", {})
    tracking.client.log_text(run, "a card", "card.md")
    experiment = tracking.client.get_run(run).info.experiment_id
    tracking.client.create_registered_model("m")
    versions = []
    for number in range(2):
        model = tracking.client.create_logged_model(experiment, name="m", source_run_id=run)
        bucket.write(bucket.name_of(f"{model.artifact_location}/model.skops"), b"%d" % number)
        made = tracking.client.create_model_version(
            "m", f"models:/{model.model_id}", run, model_id=model.model_id
        )
        versions.append((made.version, bucket.name_of(str(model.artifact_location))))

    tracking.forget("m", versions[0][0])

    assert bucket.sizes(versions[0][1]) == {}
    assert list(bucket.sizes(versions[1][1]).values()) == [1]
    assert [name for name in bucket.sizes("mlruns/artifacts") if name.endswith("card.md")]
    assert s3_server.address in str(bucket.store)
    assert s3_location == bucket.location


def test_what_killed_runs_left_goes_when_it_is_old(
    s3_location: str, s3_server: Seaweed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows for workers, probes and parts of uploads; a file of a table stays, however old."""

    storage, client = Lake(Home(tmp_path)).storage, s3_server.client()
    name, _, prefix = s3_location.removeprefix("s3://").partition("/")
    for file in (f"{WORK}/abc", f"{PROBES}/def", "lake/t/part-1.parquet"):
        storage.write(file, b"12345")
    upload = client.create_multipart_upload(Bucket=name, Key=f"{prefix}/lake/t/part-2.parquet")["UploadId"]
    client.upload_part(
        Bucket=name, Key=f"{prefix}/lake/t/part-2.parquet", UploadId=upload, PartNumber=1, Body=b"x"
    )
    assert left_in_storage(storage) == [], "a run may be at work with them"

    monkeypatch.setattr(retention, "ORPHAN_AGE", -retention.ORPHAN_AGE)
    found = left_in_storage(storage)

    assert [(each.kind, each.what, each.size) for each in found] == [
        ("leftover", "2 files in the lake", 10),
        ("leftover", "1 unfinished uploads", 0),
    ]
    for each in found:
        each.remove()
    assert left_in_storage(storage) == []
    assert client.list_multipart_uploads(Bucket=name).get("Uploads", []) == []
    assert list(storage.sizes("lake")) == ["lake/t/part-1.parquet"]


def test_a_training_that_waits_for_a_store_ends_within_minutes(home: Home, store: HostileS3) -> None:
    """The sum of the waits of one file, as MLflow's client has them."""

    connect(home)
    client = s3_artifact_repo._get_s3_client()
    config = client.meta.config
    tries = config.retries["total_max_attempts"]
    assert tries * (config.connect_timeout + config.read_timeout) <= 120
    assert store.environment["AWS_ENDPOINT_URL"] == client.meta.endpoint_url

"""The lease of a lake in a bucket: one run at a time, whatever home it is in."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pytest
from hostile_s3 import HostileS3

from genrelab.lake import lease as lease_module
from genrelab.lake.bucket import Bucket
from genrelab.lake.lake import Lake
from genrelab.lake.lease import NAME, Lease, LostLeaseError, holder_of, take, this_host
from genrelab.lake.storage import bucket_of
from genrelab.lake.version import Counts
from genrelab.runtime.home import Home
from genrelab.runtime.run_lock import BusyError, LockOwner, one_run

pytest.importorskip("boto3", reason="boto3 is not installed")

HOLD = """
import sys, time
from genrelab.runtime.home import Home
from genrelab.runtime.run_lock import one_run
with one_run(Home.find(), "train", when_busy="refuse"):
    print("held", flush=True)
    time.sleep(600)
"""
OWNER = LockOwner("nightly", 1, "2026-01-01T00:00:00+00:00", host="one")


@pytest.fixture
def other(store: HostileS3, tmp_path: Path) -> Iterator["subprocess.Popen[str]"]:  # noqa: ARG001 - its server
    """A run of another home with the same lake."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD],
        env={**os.environ, "GENRELAB_HOME": str(tmp_path / "other")},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.wait()


def test_a_run_of_another_home_is_refused_and_the_holder_is_named(
    home: Home, other: "subprocess.Popen[str]"
) -> None:
    """The message names the flow, its process and its machine."""

    with pytest.raises(BusyError) as raised, one_run(home, "nightly", when_busy="refuse"):
        pytest.fail("two runs on one lake")

    assert f"train, process {other.pid} on {this_host()}, since " in str(raised.value)
    assert "wait for it to end" in str(raised.value)


def test_after_a_run_the_lake_is_free(home: Home, bucket: Bucket, tmp_path: Path) -> None:
    """Runs of two homes follow each other without a wait."""

    with one_run(home, "nightly", when_busy="refuse"):
        holder = holder_of(bucket)
        assert holder is not None
        assert (holder.flow, holder.pid) == ("nightly", os.getpid())
    assert holder_of(bucket) is None
    with one_run(Home(tmp_path / "other"), "nightly", when_busy="refuse") as held:
        assert held.left_behind is None


def test_a_run_that_was_killed_leaves_the_lake_when_its_lease_expires(
    home: Home, bucket: Bucket, store: HostileS3, other: "subprocess.Popen[str]"
) -> None:
    """Another home cannot know that it was killed, and waits for the end of the lease."""

    other.kill()
    other.wait()
    store.stopped_at = store.stamps[f"bucket/lake/{NAME}"] + lease_module.LEASE_SECONDS - 5
    with pytest.raises(BusyError), one_run(home, "nightly", when_busy="refuse"):
        pytest.fail("two runs on one lake")
    store.stopped_at += 10
    with one_run(home, "nightly", when_busy="refuse") as held:
        assert held.left_behind is not None
        assert held.left_behind.pid == other.pid
        held.left_behind = None
    assert holder_of(bucket) is None


def test_a_killed_run_of_the_same_home_is_followed_at_once(bucket: Bucket, home: Home) -> None:
    """The lock of the home itself says that it has ended."""

    left = take(bucket, replace(OWNER, host=this_host()))
    assert isinstance(left, Lease)

    with one_run(home, "nightly", when_busy="refuse") as held:
        assert held.left_behind == left.owner
        held.left_behind = None


def test_of_two_runs_one_takes_an_expired_lease(bucket: Bucket, store: HostileS3, tmp_path: Path) -> None:
    """Both found it expired; the second put fails, because the file has changed."""

    assert isinstance(take(bucket, OWNER), Lease)
    store.stopped_at = store.stamps[f"bucket/lake/{NAME}"] + lease_module.LEASE_SECONDS + 1
    rival = bucket_of(Home(tmp_path / "rival"))
    assert rival is not None
    found = rival.store.get(NAME)
    assert found is not None

    won = take(bucket, replace(OWNER, host="two"))

    assert isinstance(won, Lease)
    assert rival.store.put_if(NAME, b"late", found.etag) is None


def test_a_run_that_lost_its_lease_publishes_nothing_more(
    bucket: Bucket, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It slept longer than the lease lasts, and another run began."""

    monkeypatch.setattr(lease_module, "RENEW_SECONDS", 0.01)
    lake = Lake(home)

    with one_run(home, "nightly", when_busy="refuse"):
        [lease] = lease_module._held
        taken = {"owner": {**vars(OWNER), "flow": "train", "host": "elsewhere"}, "home": "x", "boot": "y"}
        bucket.write(NAME, json.dumps(taken).encode())
        assert lease._thread is not None
        lease._thread.join(60)
        with pytest.raises(LostLeaseError, match="train, process 1 on elsewhere"):
            lake.publish("t", pa.table({"x": [1]}), Counts(1, 1), source="x", is_sample=False)
    assert json.loads(bucket.read(NAME) or b"") == taken, "the lease of the other run is left alone"


def test_a_lease_is_renewed_while_a_run_lasts(
    bucket: Bucket, home: Home, store: HostileS3, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each renewal is a new content, so that nobody takes it by the content before."""

    monkeypatch.setattr(lease_module, "RENEW_SECONDS", 0.01)
    key = f"bucket/lake/{NAME}"

    with one_run(home, "nightly", when_busy="refuse"):
        contents = {store.objects[key]}
        while len(contents) < 4:
            contents.add(store.objects[key])
    assert holder_of(bucket) is None


def test_the_bucket_names_the_run_of_prefect(
    home: Home, bucket: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another home can then mark it as crashed; it is named at once, not with the next renewal."""

    monkeypatch.setattr(lease_module, "RENEW_SECONDS", 600)

    with one_run(home, "nightly", when_busy="refuse") as held:
        held.name_run("0123")
        while (holder := holder_of(bucket)) is None or holder.flow_run_id != "0123":
            pass
    assert holder_of(bucket) is None

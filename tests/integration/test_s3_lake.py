"""A lake on a real S3 server."""

import os
import random
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from seaweed import Seaweed, running

from genrelab.lake import s3_connection
from genrelab.lake.bucket_errors import StorageError
from genrelab.lake.ingested import Reject, rejects_table
from genrelab.lake.lake import Lake
from genrelab.lake.retention import old_versions
from genrelab.lake.version import Counts
from genrelab.lake.waivers import Waiver, add_waiver, read_waivers
from genrelab.runtime.home import Home
from genrelab.runtime.run_lock import one_run

RACERS = 8
ROWS_OF_A_MEGABYTE = 130_000


def rows(*numbers: int) -> pa.Table:
    """A table of numbers."""
    return pa.table({"number": pa.array(numbers, pa.int64())})


def publish(lake: Lake, *numbers: int) -> int:
    """Publish numbers and return the version."""
    return lake.publish(
        "t", rows(*numbers), Counts(len(numbers), len(numbers)), source="x", is_sample=False
    ).version


@pytest.mark.parametrize("rounds", [5, pytest.param(40, marks=pytest.mark.long)])
def test_the_server_lets_one_of_eight_racers_create_a_file(s3_server: Seaweed, rounds: int) -> None:
    """What the lake rests on: of eight conditional puts of one name, one wins."""
    from botocore.exceptions import ClientError  # noqa: PLC0415 - boto3 is an extra

    name = s3_server.bucket(f"race-{rounds}").removeprefix("s3://")
    client = s3_server.client()

    def create(key: str, racer: int) -> bool:
        try:
            client.put_object(Bucket=name, Key=key, Body=b"%d" % racer, IfNoneMatch="*")
        except ClientError as error:
            if error.response["Error"]["Code"] != "PreconditionFailed":
                raise
            return False
        return True

    with ThreadPoolExecutor(RACERS) as racers:
        for round_number in range(rounds):
            key = f"round-{round_number}"
            won = list(racers.map(create, [key] * RACERS, range(RACERS)))
            assert won.count(True) == 1
            assert client.get_object(Bucket=name, Key=key)["Body"].read() == b"%d" % won.index(True)


def test_a_published_table_is_read_back_in_every_version(s3_location: str, tmp_path: Path) -> None:
    """Also by another home that has cached nothing."""
    lake = Lake(Home(tmp_path))

    assert [publish(lake, 1, 2), publish(lake, 3)] == [0, 1]

    for reader in (lake, Lake(Home(tmp_path / "other"))):
        assert reader.storage.location == s3_location
        assert reader.tables() == ["t"]
        assert reader.read("t").column("number").to_pylist() == [3]
        assert sorted(reader.read("t", version=0).column("number").to_pylist()) == [1, 2]
    assert not (tmp_path / "data" / "lake").exists()


WRITER = """
import sys
import pyarrow as pa
from genrelab.lake.lake import Lake
from genrelab.lake.version import Counts
from genrelab.runtime.home import Home

writer, commits = map(int, sys.argv[1:])
lake = Lake(Home.find())
for commit in range(commits):
    rows = pa.table({"number": [writer * 1000 + commit]})
    lake.publish("t", rows, Counts(1, 1), source="x", is_sample=False)
"""


@pytest.mark.parametrize("commits", [10, pytest.param(200, marks=pytest.mark.long)])
@pytest.mark.usefixtures("s3_location")
def test_of_two_writers_no_commit_is_lost(tmp_path: Path, commits: int) -> None:
    """Each commit is a version of its own, and every version can be read."""

    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, str(writer), str(commits)],
            env={**os.environ, "GENRELAB_HOME": str(tmp_path / str(writer))},
        )
        for writer in (1, 2)
    ]
    assert [writer.wait() for writer in writers] == [0, 0]

    lake = Lake(Home(tmp_path / "reader"))
    versions = [each.version for each in lake.versions("t")]
    found = [lake.read("t", version=version).column("number").to_pylist() for version in versions]
    assert sorted(number for [number] in found) == [
        writer * 1000 + commit for writer in (1, 2) for commit in range(commits)
    ]


def test_versions_that_are_not_kept_leave_the_bucket_and_every_cache(
    s3_location: str, s3_server: Seaweed, tmp_path: Path
) -> None:
    """The versions that are kept stay readable, for this home and for another."""

    lake, other = Lake(Home(tmp_path)), Lake(Home(tmp_path / "other"))
    for number in range(3):
        publish(lake, number)
    assert [other.read("t", version=version).column("number").to_pylist() for version in range(3)] == [
        [0],
        [1],
        [2],
    ]

    [removal] = old_versions(lake, "t", {1, 2})
    assert removal.what == "t: version 0"
    assert removal.size > 0
    removal.remove()

    assert old_versions(lake, "t", {1, 2}) == []
    assert old_versions(other, "t", {1, 2}) == []
    bucket, _, prefix = s3_location.removeprefix("s3://").partition("/")
    found = s3_server.client().list_objects_v2(Bucket=bucket, Prefix=f"{prefix}/lake/t/part")["Contents"]
    assert len(found) == 2
    for each in (lake, other):
        assert len(list(each.path("t").glob("*.parquet"))) <= 2
        assert each.read("t", version=1).column("number").to_pylist() == [1]
        with pytest.raises(FileNotFoundError):
            each.read("t", version=0)


def test_what_was_read_once_is_not_fetched_again(
    s3_location: str, s3_server: Seaweed, tmp_path: Path
) -> None:
    """Files of a version never change, so the cached ones are read even when the bucket has lost them."""

    lake = Lake(Home(tmp_path))
    publish(lake, 1, 2)
    assert len(lake.read("t")) == 2
    bucket, _, prefix = s3_location.removeprefix("s3://").partition("/")
    for name in lake.storage.sizes("lake/t"):
        if name.endswith(".parquet"):
            s3_server.client().delete_object(Bucket=bucket, Key=f"{prefix}/{name}")

    assert len(lake.read("t")) == 2
    assert len(lake.missing("t")) == 1


@pytest.mark.usefixtures("s3_location")
def test_a_server_that_hangs_is_given_up_and_used_again_when_it_answers(
    s3_server: Seaweed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A stopped process takes connections and never answers; what is cached is read meanwhile."""

    monkeypatch.setattr(s3_connection, "TRIES", 1)
    monkeypatch.setattr(s3_connection, "READ_SECONDS", 1)
    lake = Lake(Home(tmp_path))
    publish(lake, 1)
    assert len(lake.read("t")) == 1
    assert s3_server.process is not None

    s3_server.process.send_signal(signal.SIGSTOP)
    try:
        with pytest.raises(StorageError, match=r"does not answer as it should.*AWS_ENDPOINT_URL"):
            publish(lake, 2)
        assert lake.read("t").column("number").to_pylist() == [1]
    finally:
        s3_server.process.send_signal(signal.SIGCONT)

    publish(lake, 3)
    assert lake.read("t").column("number").to_pylist() == [3]


@pytest.mark.usefixtures("s3_location")
def test_on_a_full_server_the_last_good_version_stays_in_use(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SeaweedFS answers 500 where its disk is full; the message says to look there."""

    small = ["-master.volumeSizeLimitMB=1", "-volume.max=20"]
    with running(tmp_path / "small", more=small) as server:
        monkeypatch.setenv("AWS_ENDPOINT_URL", server.address)
        monkeypatch.setenv("GENRELAB_LAKE", f"{server.bucket('small')}/lake")
        lake, published = Lake(Home(tmp_path)), list[int]()
        with pytest.raises(StorageError, match="room on its disk"):
            fill(lake, published)

        assert lake.current("t").version == published[-1]
        assert len(lake.read("t")) == ROWS_OF_A_MEGABYTE


def fill(lake: Lake, published: list[int]) -> None:
    """Publish a megabyte again and again, and note each version."""
    for number in range(100):
        rows = random.Random(number).sample(range(2**62), ROWS_OF_A_MEGABYTE)  # noqa: S311 - no secrets
        publish(lake, *rows)
        published.append(number)


@pytest.mark.usefixtures("s3_location")
def test_staged_files_and_rejected_rows_go_to_the_bucket(tmp_path: Path) -> None:
    """Wide tables are written to files first; another home reads them and what was rejected."""

    lake = Lake(Home(tmp_path))
    reject = Reject("x.csv", 3, ("number: a number",), ("number: 'x'",), {"number": "x"})
    for numbers in ((1, 2), (3,)):
        file = lake.staging("t") / "t.parquet"
        pq.write_table(rows(*numbers), file)
        counts = Counts(len(numbers) + 1, len(numbers), quarantined=1)
        rejected = rejects_table([reject])
        lake.publish_files("t", [file], rows().schema, counts, source="x", is_sample=False, rejected=rejected)

    other = Lake(Home(tmp_path / "other"))
    assert other.read("t").column("number").to_pylist() == [3]
    assert len(other.read("t", version=0)) == 2
    assert other.rejected("t").to_pylist()[0]["source_row"] == 3


@pytest.mark.usefixtures("s3_location")
def test_a_waiver_holds_for_every_home_of_the_lake(tmp_path: Path) -> None:
    """It is a decision about the data, not about a machine."""

    waiver = Waiver("t", "energy: 0 to 1", "x.csv", "checked", "me", "2026-01-01T00:00:00+00:00")
    add_waiver(Home(tmp_path), waiver)

    assert read_waivers(Home(tmp_path / "other")) == [waiver]


PUBLISH = """
import sys
import pyarrow as pa
from genrelab.lake.bucket_errors import StorageError
from genrelab.lake.lake import Lake
from genrelab.lake.version import Counts
from genrelab.runtime.home import Home
from genrelab.runtime.run_lock import one_run

home = Home.find()
with one_run(home, "train", when_busy="queue"):
    lake = Lake(home)
    print("held", flush=True)
    for number in range(int(sys.argv[1]), 10**9):
        rows = pa.table({"number": [number] * 3})
        try:
            lake.publish("t", rows, Counts(3, 3), source="x", is_sample=False)
        except StorageError as error:
            print("failed", flush=True)
            continue
        print(number, flush=True)
"""


@pytest.mark.long
@pytest.mark.usefixtures("s3_location")
def test_kills_of_the_server_and_of_the_run_lose_and_double_nothing(
    s3_server: Seaweed, tmp_path: Path
) -> None:
    """Thirty kill -9 at random moments: what was said to be published is there, once, and the next run works."""

    draw, said, number = random.Random(24), [], 0  # noqa: S311 - moments, no secrets
    for kill in range(30):
        run = subprocess.Popen(
            [sys.executable, "-c", PUBLISH, str(number)], stdout=subprocess.PIPE, text=True
        )
        assert run.stdout.readline() == "held\n"
        time.sleep(draw.uniform(0.1, 3.0))
        if kill % 6 == 0:
            s3_server.kill()
            time.sleep(draw.uniform(0.1, 3.0))
            s3_server.start()
        run.kill()
        lines = run.communicate()[0].split()
        said += [int(line) for line in lines if line.isdecimal()]
        number += 1000

    lake = Lake(Home(tmp_path))
    found = [lake.read("t", version=each.version).column("number").to_pylist() for each in lake.versions("t")]
    assert all(numbers == [numbers[0]] * 3 for numbers in found)
    published = [numbers[0] for numbers in found]
    assert set(said) <= set(published)
    assert len(published) == len(set(published))
    with one_run(Home(tmp_path), "nightly", when_busy="refuse"):
        assert publish(lake, 7) == lake.current("t").version

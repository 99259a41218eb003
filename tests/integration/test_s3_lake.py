"""A lake on a real S3 server."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyarrow as pa
import pytest
from seaweed import Seaweed

from genrelab.lake.lake import Lake
from genrelab.lake.version import Counts
from genrelab.runtime.home import Home

RACERS = 8


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

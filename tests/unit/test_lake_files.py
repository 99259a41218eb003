"""Staged files become a version of a table in one commit."""

import os
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from genrelab.lake import Lake
from genrelab.table_version import Counts, TableVersion

SCHEMA = pa.schema([pa.field("track_id", pa.int64()), pa.field("x", pa.float32())])
WIDER = SCHEMA.append(pa.field("title", pa.string()))


def staged(lake: Lake, ids: list[int], schema: pa.Schema = SCHEMA) -> Path:
    path = lake.staging("numbers") / "numbers.parquet"
    columns = {"track_id": ids, "x": [float(i) for i in ids], "title": [str(i) for i in ids]}
    pq.write_table(pa.table({name: columns[name] for name in schema.names}, schema=schema), path)
    return path


def publish(lake: Lake, *ids: list[int], schema: pa.Schema = SCHEMA) -> TableVersion:
    files = [staged(lake, one, schema) for one in ids]
    rows = sum(map(len, ids))
    return lake.publish_files(
        "numbers", files, schema, Counts(rows, rows), source="made", is_sample=True, notes=["a note"]
    )


def ids_of(lake: Lake, version: int | None = None) -> list[int]:
    return sorted(lake.read("numbers", version=version)["track_id"].to_pylist())


def test_the_first_publication_is_version_0(lake: Lake) -> None:
    """There is no empty version before it, and its facts can be read back."""

    version = publish(lake, [1, 2], [3])
    assert (version.version, version.counts.rows, version.notes, version.is_sample) == (
        0,
        3,
        ("a note",),
        True,
    )
    assert lake.find("numbers") == version
    assert lake.tables() == ["numbers"]
    assert ids_of(lake) == [1, 2, 3]


def test_the_next_one_replaces_it_and_the_old_one_stays_readable(lake: Lake) -> None:
    """Time travel: a model can be retrained on its data."""

    first, second = publish(lake, [1, 2]), publish(lake, [3])
    assert (ids_of(lake), ids_of(lake, 0)) == ([3], [1, 2])
    assert (lake.find("numbers", 0), lake.find("numbers", 1)) == (first, second)


def test_both_ways_to_publish_take_turns(lake: Lake) -> None:
    """An empty table by `publish` between two staged ones, and other columns."""

    publish(lake, [1])
    lake.publish("numbers", SCHEMA.empty_table(), Counts(0, 0), source="none", is_sample=True)
    assert ids_of(lake) == []
    publish(lake, [5], schema=WIDER)
    assert lake.read("numbers").column_names == ["track_id", "x", "title"]
    assert [ids_of(lake, version) for version in range(3)] == [[1], [], [5]]


def test_three_columns_are_read_without_the_rest(lake: Lake) -> None:
    """Parquet holds columns apart."""

    publish(lake, [2, 1], schema=WIDER)
    assert lake.read("numbers", ["title"]).column_names == ["title"]


def test_wrong_counts_publish_nothing(lake: Lake) -> None:
    """The files stay where they are."""

    file = staged(lake, [1, 2])
    with pytest.raises(ValueError, match="2 rows to publish, counted 3"):
        lake.publish_files("numbers", [file], SCHEMA, Counts(3, 3), source="x", is_sample=True)
    assert lake.find("numbers") is None
    assert file.exists()


def test_a_failed_commit_leaves_the_version_before(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    """What moved into the folder is named by no version."""

    publish(lake, [1])
    monkeypatch.setattr("deltalake.DeltaTable.create_write_transaction", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        publish(lake, [2])
    assert (ids_of(lake), lake.current("numbers").version) == ([1], 0)


def test_staging_is_emptied_by_publishing(lake: Lake) -> None:
    """Nothing is copied, nothing is left."""

    publish(lake, [1])
    assert list((lake.home.lake / ".staging").iterdir()) == []


def test_what_a_killed_process_left_in_staging_is_removed(lake: Lake) -> None:
    """What a living one is writing stays."""

    mine = lake.staging("numbers")
    dead = mine.with_name("numbers-4194305-abcdef01")
    other = mine.with_name(f"numbers-{os.getppid()}-abcdef02")
    for folder in (dead, other):
        folder.mkdir()
    lake.staging("numbers")
    assert [dead.exists(), other.exists(), mine.exists()] == [False, True, True]

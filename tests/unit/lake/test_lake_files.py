"""Staged files become a version of a table in one commit."""

import os
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from genrelab.lake.lake import Lake
from genrelab.lake.retention import old_versions
from genrelab.lake.version import Counts, TableVersion
from genrelab.runtime.errors import GenrelabError, SettingsError
from genrelab.runtime.home import Home

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


@pytest.mark.parametrize("folder", ["My Music", "jürgen's müsic", "日本", "a+b&c=d", "{x}; *"])
def test_a_home_may_have_any_ordinary_name(tmp_path: Path, folder: str) -> None:
    """Delta writes blanks and letters beyond ASCII otherwise than the disk does."""

    lake = Lake(Home(tmp_path / folder))
    publish(lake, [1, 2])
    publish(lake, [3])
    empty = SCHEMA.empty_table()
    lake.publish("others", empty, Counts(0, 0), source="made", is_sample=True)

    assert (ids_of(lake), ids_of(lake, 0)) == ([3], [1, 2])
    assert all(file.is_file() for file in (*lake.files("numbers"), *lake.files("numbers", 0)))
    [removal] = old_versions(lake, "numbers", {1})
    removal.remove()
    assert not any(file.is_file() for file in lake.files("numbers", 0))
    assert lake.read("others").schema.names == SCHEMA.names


@pytest.mark.parametrize("folder", ["100%", "#1", "why?", "a[1]", "a^b", "a|b", "new\nline"])
def test_a_home_that_no_database_can_lie_behind_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: str
) -> None:
    """At the door, and not by a panic of a library."""

    monkeypatch.setenv("GENRELAB_HOME", str(tmp_path / folder))
    with pytest.raises(SettingsError, match="path in UTF-8 without % #"):
        Home.find()


def test_a_log_without_a_commit_is_no_table_and_a_damaged_one_is_told(lake: Lake) -> None:
    """What a full disk leaves is published over; what cannot be opened does not hide the others."""

    publish(lake, [1])
    (lake.path("half_born") / "_delta_log").mkdir(parents=True)
    (lake.path("damaged") / "_delta_log").mkdir(parents=True)
    (lake.path("damaged") / "_delta_log" / f"{0:020}.json").write_text("{torn")

    assert lake.tables() == ["damaged", "numbers"]
    newest = lake.newest()
    assert newest["damaged"] is None
    assert newest["numbers"].version == 0
    with pytest.raises(GenrelabError, match=r"damaged cannot be opened.*move"):
        lake.current("damaged")
    lake.publish("half_born", SCHEMA.empty_table(), Counts(0, 0), source="made", is_sample=True)
    assert lake.current("half_born").version == 0


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

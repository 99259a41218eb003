"""What may go, and what must stay whatever its date says."""

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from deltalake import DeltaTable
from hypothesis import given
from hypothesis import strategies as st
from validation_facts import record

from genrelab.lake.lake import Lake
from genrelab.lake.retention import (
    compared_versions,
    old_backups,
    old_pages,
    old_reports,
    old_run_records,
    old_versions,
    versions_to_keep,
)
from genrelab.lake.validation_records import REFUSED, write_record
from genrelab.lake.version import Counts, TableVersion
from genrelab.runtime.home import Home

NOW = datetime(2026, 3, 12, 3, 0, tzinfo=UTC)
LATER = datetime.now(UTC) + timedelta(days=400)


def version(number: int, days_ago: float, source: str = "pulls") -> TableVersion:
    published = (NOW - timedelta(days=days_ago)).isoformat(timespec="microseconds")
    return TableVersion("t", number, f"{number}@x", Counts(1, 1), source, False, published)


def publish(lake: Lake, rows: int, source: str = "pulls") -> TableVersion:
    rejected = pa.table({"source": ["a"], "source_row": [1]})
    data = pa.table({"a": list(range(rows))})
    return lake.publish(
        "t", data, Counts(rows + 1, rows, 1), source=source, is_sample=False, rejected=rejected
    )


def report(folder: Path, name: str) -> Path:
    (folder / name).mkdir(parents=True)
    (folder / name / "index.html").write_text("x" * 10)
    return folder / name


def names(removals) -> list[str]:
    return [removal.what for removal in removals]


def test_the_newest_reports_stay(tmp_path: Path) -> None:
    """Three of five; a folder of somebody else's is nobody's report."""

    for day in range(1, 6):
        report(tmp_path, f"2026-03-0{day}T030000")
    report(tmp_path, "my-notes")
    (tmp_path / "latest").symlink_to("2026-03-05T030000")
    found = old_reports(tmp_path, 3, NOW)
    assert names(found) == ["2026-03-01T030000", "2026-03-02T030000"]
    assert found[0].size == 10
    for removal in found:
        removal.remove()
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "2026-03-03T030000",
        "2026-03-04T030000",
        "2026-03-05T030000",
        "latest",
        "my-notes",
    ]


def test_the_report_that_people_see_stays_when_the_clock_was_set_back(tmp_path: Path) -> None:
    """Its name is the oldest, and `latest` leads to it."""

    for day in range(1, 6):
        report(tmp_path, f"2026-03-0{day}T030000")
    (tmp_path / "latest").symlink_to("2026-03-01T030000")
    assert names(old_reports(tmp_path, 1, NOW)) == [
        "2026-03-02T030000",
        "2026-03-03T030000",
        "2026-03-04T030000",
    ]


def test_what_a_killed_report_left_goes_after_a_day(tmp_path: Path) -> None:
    """One that is being written at this moment stays."""

    report(tmp_path, ".2026-03-05T030000.abc")
    assert old_reports(tmp_path, 1, datetime.now(UTC)) == []
    assert names(old_reports(tmp_path, 1, LATER)) == [".2026-03-05T030000.abc"]


def test_raw_pages_stay_for_ever_unless_told(tmp_path: Path) -> None:
    """They cannot be fetched again; with a rule the newest segment stays all the same."""

    pages = tmp_path / "spotify" / "api" / "pages"
    pages.mkdir(parents=True)
    for stamp in ("20240101T000000000000", "20250101T000000000000", "20260301T000000000000"):
        (pages / f"{stamp}-0001.jsonl.gz").write_bytes(b"12345")
    (pages / "20230101T000000000000-0001.jsonl.gz.part").write_bytes(b"open")
    (pages / "manifest.jsonl").write_text("{}\n")
    assert old_pages(tmp_path, 0, NOW) == []
    [removal] = old_pages(tmp_path, 365, NOW)
    assert (removal.what, removal.size) == ("api: 2 segments", 10)
    removal.remove()
    assert {path.name for path in pages.iterdir()} == {
        "20260301T000000000000-0001.jsonl.gz",
        "20230101T000000000000-0001.jsonl.gz.part",
        "manifest.jsonl",
    }
    assert old_pages(tmp_path, 365, LATER) == []


def test_the_newest_backups_stay(tmp_path: Path) -> None:
    """Other files in the folder are left alone."""

    for day in range(1, 5):
        (tmp_path / f"mlflow-2026-03-0{day}.db").write_text("x")
    (tmp_path / "before-the-move.db").write_text("x")
    assert names(old_backups(tmp_path, 3)) == ["mlflow-2026-03-01.db"]


def test_records_of_runs_go_by_age_but_for_the_newest(tmp_path: Path) -> None:
    """So do the predictions that changed in these runs; a wrong clock takes not everything."""

    now = datetime(2026, 6, 1, tzinfo=UTC)
    for name, days in (
        ("000001.json", 200),
        ("000002.json", 10),
        ("000003.json", 200),
        ("flips/a.json.gz", 200),
    ):
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.write_text("x", encoding="utf-8")
        os.utime(file, ((now - timedelta(days=days)).timestamp(),) * 2)
    [removal] = old_run_records(tmp_path, 90, now)
    removal.remove()

    left = sorted(path.name for path in tmp_path.rglob("*") if path.is_file())
    assert left == ["000002.json", "000003.json"]
    assert old_run_records(tmp_path, 90, now) == []
    assert old_run_records(tmp_path / "nowhere", 90, now) == []


def test_old_versions_go_but_for_the_newest_the_one_before_and_the_protected() -> None:
    """A drift is measured against the one before of the same source."""

    versions = [version(5, 40), version(4, 50, "sample"), version(3, 60), version(2, 70), version(1, 80)]
    assert versions_to_keep(versions, 30, NOW) == {5, 3}
    assert versions_to_keep(versions, 55, NOW) == {5, 4, 3}
    assert versions_to_keep(versions, 30, NOW, protected={1, 99}) == {5, 3, 1}
    assert versions_to_keep([], 30, NOW) == set()


def test_a_computed_table_is_compared_by_the_tables_it_is_made_from() -> None:
    """Its source names versions, which differ every night."""

    made_from = ("spotify_tracks version 9", "x", "spotify_tracks version 8")
    versions = [version(2 - index, 40 + index, source) for index, source in enumerate(made_from)]
    assert versions_to_keep(versions, 30, NOW) == {2, 0}


@given(
    ages=st.lists(st.floats(-1000, 1000), min_size=1, max_size=12),
    days=st.integers(0, 400),
    protected=st.sets(st.integers(0, 15)),
)
def test_the_newest_and_the_protected_always_stay(ages: list[float], days: int, protected: set[int]) -> None:
    """Whatever the clock said when they were published."""

    versions = [version(len(ages) - 1 - index, age) for index, age in enumerate(ages)]
    keep = versions_to_keep(versions, days, NOW, protected)
    assert versions[0].version in keep
    assert len(keep) >= min(2, len(versions))
    assert protected & {each.version for each in versions} <= keep
    assert {each.version for each, age in zip(versions, ages, strict=True) if age < days} <= keep


def test_data_of_versions_go_and_those_of_kept_ones_can_be_read(lake: Lake) -> None:
    """No commit is made, so no step runs again; rejected rows go with their version."""

    for rows in range(1, 6):
        publish(lake, rows)
    before = lake.current("t")
    [removal] = old_versions(lake, "t", {4, 1})
    assert removal.what == "t: versions 0, 2 to 3"
    assert removal.size > 0
    removal.remove()
    assert lake.current("t") == before
    assert [len(lake.read("t", version=number)) for number in (4, 1)] == [5, 2]
    with pytest.raises(FileNotFoundError):
        lake.read("t", version=2)
    assert len(list((lake.home.quarantine / "t").iterdir())) == 2
    assert len(lake.rejected("t")) == 1
    assert old_versions(lake, "t", {4, 1}) == []


def test_rejected_rows_of_a_refused_try_stay_until_the_table_is_published(lake: Lake) -> None:
    """No version names them: the try made none. Whoever mends the source has to see them."""

    publish(lake, 3)
    file = lake.home.quarantine / "t" / "20260312T031407.parquet"
    pq.write_table(pa.table({"source": ["a"], "source_row": [1]}), file)
    write_record(lake.home, record("t", verdict=REFUSED, quarantine=f"t/{file.name}"))
    assert old_versions(lake, "t", {0}) == []
    write_record(lake.home, record("t"))
    [removal] = old_versions(lake, "t", {0})
    removal.remove()
    assert not file.exists()


def test_files_that_a_killed_writer_left_go(lake: Lake) -> None:
    """No version names them."""

    publish(lake, 3)
    orphan = lake.path("t") / "part-of-nothing.parquet"
    orphan.write_bytes(b"half")
    [removal] = old_versions(lake, "t", {0})
    assert (removal.what, removal.size) == ("t: files of no version", 4)
    removal.remove()
    assert not orphan.exists()
    assert len(lake.read("t")) == 3


def test_what_a_drift_is_measured_against_is_named(home: Home) -> None:
    """For every source that was measured, not only the one at hand."""

    path = home.state / "drift" / "t.json"
    path.parent.mkdir(parents=True)
    sources = {"a": {"version": 7, "earlier": {"version": 4}}, "b": {"version": 2, "earlier": None}}
    path.write_text(json.dumps({"table": "t", "source": "a", "sources": sources}))
    assert compared_versions(home, "t") == {7, 4, 2}
    assert compared_versions(home, "none") == set()


def test_the_log_keeps_every_version_however_many_follow(lake: Lake) -> None:
    """Delta Lake would drop entries older than 30 days when it writes a checkpoint."""

    publish(lake, 1)
    DeltaTable(lake.path("t")).alter.set_table_properties({"delta.checkpointInterval": "3"})
    log = lake.path("t") / "_delta_log"
    for _ in range(2):
        for _ in range(4):
            publish(lake, 2)
        for file in log.iterdir():
            old = file.stat().st_mtime - 90 * 86_400
            os.utime(file, (old, old))
    for _ in range(4):
        publish(lake, 2)
    assert len(list(log.glob("*.checkpoint.parquet"))) >= 3
    assert len(lake.read("t", version=0)) == 1
    assert len(lake.versions("t")) == 13

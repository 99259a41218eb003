"""Reports and raw pages in the bucket of a lake."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from genrelab.lake.bucket import Bucket
from genrelab.lake.sent import old_sent, send_report
from genrelab.lake.storage import Storage, bucket_of
from genrelab.runtime.home import Home

pytest.importorskip("boto3", reason="boto3 is not installed")

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def put(home: Home, name: str, text: str = "x") -> None:
    """Write a file below `data/`."""
    path = home.root / "data" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def test_latest_in_the_bucket_leads_to_the_newest_report(home: Home, bucket: Bucket) -> None:
    """An object store has no links."""

    for name in ("2026-01-01T000000", "2026-01-02T000000"):
        put(home, f"reports/{name}/index.html", name)
        send_report(bucket, name)

    assert bucket.read("reports/2026-01-01T000000/index.html") == b"2026-01-01T000000"
    assert b"../2026-01-02T000000/index.html" in (bucket.read("reports/latest/index.html") or b"")


def test_only_the_newest_reports_stay(home: Home, bucket: Bucket) -> None:
    """Whichever home wrote them."""

    for day in range(1, 5):
        put(home, f"reports/2026-01-0{day}T000000/index.html")
        send_report(bucket, f"2026-01-0{day}T000000")

    removals = old_sent(bucket, 2, 0, NOW)

    assert [removal.what for removal in removals] == ["2026-01-01T000000", "2026-01-02T000000"]
    for removal in removals:
        removal.remove()
    left = {name.split("/")[1] for name in bucket.sizes("reports")}
    assert left == {"2026-01-03T000000", "2026-01-04T000000", "latest"}


def test_of_raw_pages_the_newest_segment_stays(home: Home, bucket: Bucket) -> None:
    """Age decides about the others, and 0 days keep all."""

    for stamp in ("20250101T000000", "20250102T000000", "20260228T000000"):
        put(home, f"raw/spotify/api/pages/{stamp}000-1.jsonl.gz")
    bucket.send("raw/spotify/api")

    assert old_sent(bucket, 9, 0, NOW) == []
    [removal] = old_sent(bucket, 9, 30, NOW)
    removal.remove()
    assert list(bucket.sizes("raw")) == ["raw/spotify/api/pages/20260228T000000000-1.jsonl.gz"]


def test_a_home_without_a_journal_gets_that_of_the_bucket(home: Home, bucket: Bucket, tmp_path: Path) -> None:
    """A scrape goes on elsewhere; a file that is newer here is not replaced by an older one."""

    put(home, "raw/spotify/api/journal.jsonl", "one\n")
    bucket.send("raw/spotify/api")
    other = Home(tmp_path / "other")
    elsewhere = bucket_of(other)
    assert elsewhere is not None
    elsewhere.bring("raw/spotify/api")
    journal = other.raw / "spotify" / "api" / "journal.jsonl"
    assert journal.read_text() == "one\n"

    put(other, "raw/spotify/api/journal.jsonl", "one\ntwo\n")
    elsewhere.bring("raw/spotify/api")
    assert journal.read_text() == "one\ntwo\n"
    elsewhere.send("raw/spotify/api")
    bucket.bring("raw/spotify/api")
    assert (home.raw / "spotify/api/journal.jsonl").read_text() == "one\ntwo\n"


def test_a_lake_in_the_home_sends_nothing(tmp_path: Path) -> None:
    """Its reports are where they are read."""

    storage = Storage(Home(tmp_path))
    send_report(storage, "2026-01-01T000000")

    assert old_sent(storage, 1, 1, NOW) == []
    assert not (tmp_path / "data").exists()

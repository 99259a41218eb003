"""What a home sends to the bucket of its lake besides tables: reports and raw pages, so that others find them.

Conventions: both are written to the home first, as without a bucket, and keep their names below `reports/` and `raw/`.
An object store has no links: `reports/latest/index.html` in the bucket is a page that leads to the newest report.
"""

from datetime import datetime, timedelta
from functools import partial

from genrelab.lake.retention import REPORT, SEGMENT, Removal, stamped
from genrelab.lake.storage import Storage

LATEST_PAGE = "reports/latest/index.html"


def send_report(storage: Storage, name: str) -> None:
    """Send the report in a folder of `data/reports`, and let `latest` in the bucket lead to it.

    Raises:
        StorageError: It cannot be written; the report in the home is complete.
    """
    if not storage.location:
        return
    storage.send(f"reports/{name}")
    page = (
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>genrelab</title>'
        f'<meta http-equiv="refresh" content="0; url=../{name}/index.html">'
        f'<a href="../{name}/index.html">The newest report</a></html>'
    )
    storage.write(LATEST_PAGE, page.encode())


def old_sent(storage: Storage, reports: int, raw_days: int, now: datetime) -> list[Removal]:
    """Return what the bucket holds beyond the newest reports, and raw pages older than `raw_days`.

    Args:
        storage: Of the lake; a folder holds nothing that was sent.
        reports: How many reports stay.
        raw_days: Age from which a segment of raw pages goes; 0 for never.
        now: With a time zone.
    """
    if not storage.location:
        return []
    found = []
    sizes = storage.sizes("reports")
    names = sorted({name.split("/")[1] for name in sizes if REPORT.fullmatch(name.split("/")[1])})
    for old in names[:-reports]:
        files = {name: size for name, size in sizes.items() if name.startswith(f"reports/{old}/")}
        why = f"more than {reports} reports in the bucket"
        found.append(Removal("report", old, why, sum(files.values()), partial(storage.delete, files)))
    segments = {
        name: size
        for name, size in (storage.sizes("raw") if raw_days else {}).items()
        if SEGMENT.fullmatch(name.rpartition("/")[2])
    }
    newest = {name.rpartition("/")[0]: name for name in sorted(segments)}
    too_old = {
        name: size
        for name, size in segments.items()
        if name not in newest.values() and now - stamped(name.rpartition("/")[2]) > timedelta(days=raw_days)
    }
    if too_old:
        why, what = f"older than {raw_days} days", f"{len(too_old)} segments in the bucket"
        found.append(Removal("raw pages", what, why, sum(too_old.values()), partial(storage.delete, too_old)))
    return found

"""The records of steps that all homes of a lake in a bucket share, so that one home skips what another one did.

Conventions: `state/` in the bucket is a copy of `data/state/` of the home whose run held the lease last. A run fetches
it with the lease, and sends what has changed after each step and before it releases the lease. What belongs to one
home stays there: its lock, its tracebacks, its runs, and the record of its report.

A step that logged to MLflow is done for others only if they use the same MLflow. Homes with a database of their own
keep all records to themselves. A lake in a folder shares nothing: its records lie beside it.
"""

import logging
import os
import threading
from contextlib import suppress

from genrelab.lake.bucket import Bucket
from genrelab.lake.bucket_errors import StorageError
from genrelab.lake.lease import is_held, require_held
from genrelab.lake.storage import bucket_of, storage_of
from genrelab.runtime.files import hash_file
from genrelab.runtime.home import Home
from genrelab.runtime.run_lock import lock_owner

log = logging.getLogger("genrelab")
FOLDER = "state"
OWN = ("run.lock", "errors/", "runs/", "report.json")
"""What stays in each home, below `data/state/`."""
_sending = threading.Lock()  # steps may run in parallel


def are_shared(bucket: Bucket | None) -> bool:
    """Whether homes of this lake share their records: it is in a bucket, and MLflow is on a server."""
    named = os.environ.get("MLFLOW_TRACKING_URI", "")
    return bucket is not None and "://" in named and not named.startswith(("sqlite:", "file:"))


def place_of_records(home: Home) -> str:
    """Return where the records lie that decide whether a step runs."""
    return storage_of(home).uri(FOLDER) if are_shared(bucket_of(home)) else str(home.state)


def fetch_records(bucket: Bucket) -> None:
    """Replace the records of this home by those of the lake; if the lake has none, they stay.

    Raises:
        StorageError: They cannot be read.
    """
    if not are_shared(bucket) or not (there := _there(bucket)):
        return
    here = _here(bucket.home)
    data = bucket.home.root / "data"
    bucket.store.download({name: data / name for name, etag in there.items() if here.get(name) != etag})
    for name in here.keys() - there.keys():
        (data / name).unlink(missing_ok=True)


def refresh_records(home: Home) -> None:
    """Fetch the records for a run without the lock, which only reads them; not while a run of this home writes them.

    Raises:
        StorageError: They cannot be read.
    """
    bucket = bucket_of(home)
    if bucket is not None and not is_held(home) and lock_owner(home) is None:
        fetch_records(bucket)


def send_records(home: Home) -> None:
    """Send the records that have changed, if this run holds the lease.

    Raises:
        StorageError: They cannot be written.
        LostLeaseError: Another run took the lease.
    """
    bucket = bucket_of(home)
    if bucket is None or not is_held(home) or not are_shared(bucket):
        return
    with _sending:
        require_held()
        here, there = _here(home), _there(bucket)
        for name in [name for name, etag in here.items() if there.get(name) != etag]:
            with suppress(FileNotFoundError):  # a step that runs beside this one removed its failure
                bucket.store.put(name, (home.root / "data" / name).read_bytes())
        for name in there.keys() - here.keys():
            bucket.store.delete(name)


def send_last_records(home: Home) -> None:
    """Send the records at the end of a run; if that fails, the next run repeats the steps that it does not know."""
    try:
        send_records(home)
    except StorageError as error:
        log.warning(
            "the records of the last steps were not sent, so the next run repeats these steps: %s", error
        )


def _there(bucket: Bucket) -> dict[str, str]:
    return {name: etag.strip('"') for name, etag, _ in bucket.store.files(FOLDER) if _is_shared(name)}


def _here(home: Home) -> dict[str, str]:
    """The md5 of each record of a home, by name, which is the ETag of what was put at once."""
    data = home.root / "data"
    found = {}
    for file in home.state.rglob("*.*"):
        if _is_shared(name := file.relative_to(data).as_posix()):
            with suppress(FileNotFoundError):  # as above
                found[name] = hash_file(file, "md5")
    return found


def _is_shared(name: str) -> bool:
    rest = name.removeprefix(f"{FOLDER}/")
    return not rest.startswith(OWN) and not any(part.startswith(".") for part in rest.split("/"))

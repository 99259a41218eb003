"""The lock of a home: one run at a time, also between processes.

Conventions: the lock is `flock` on `data/state/run.lock`, so the kernel releases it when its process ends, even by a
kill. The file names the owner; an owner in the file of a free lock is a run that was killed. A flow that runs inside
another flow shares its lock.

A lake in a bucket is shared by homes and machines: a run of such a home also holds the lake's lease
(`genrelab.lake.lease`).

Which flows need the lock does not belong here but in `tasks.run.one_run`.
"""

import contextlib
import fcntl
import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING

from genrelab.runtime.errors import GenrelabError
from genrelab.runtime.home import Home

if TYPE_CHECKING:
    from genrelab.lake.lease import Lease

NAME = "run.lock"
POLL_SECONDS = 1.0
LEASE_POLL_SECONDS = 3.0
GLANCES = 5
GLANCE_SECONDS = 0.05
"""A process that looks up the owner holds the lock for a moment, so a refusal is retried this often and this long."""


class BusyError(GenrelabError):
    """Another run holds the lock, and `when_busy` is `refuse`."""


@dataclass(frozen=True)
class LockOwner:
    """The run that holds the lock.

    Args:
        flow: Name of the flow.
        pid: Process id.
        started_at: When it took the lock, ISO 8601.
        flow_run_id: Prefect's id of the run; empty before it is known.
        host: Name of the machine, where the lake is shared; empty for this one.
    """

    flow: str
    pid: int
    started_at: str
    flow_run_id: str = ""
    host: str = ""

    def __str__(self) -> str:
        where = f" on {self.host}" if self.host else ""
        return f"{self.flow}, process {self.pid}{where}, since {self.started_at[:16].replace('T', ' ')} UTC"


@dataclass
class HeldLock:
    """A lock held by this run.

    Args:
        file: The open lock file.
        owner: The owner that the file names.
        left_behind: The previous owner, if it was killed; None once that was reported.
        lease: Of the lake, where it is in a bucket.
    """

    file: IO[bytes]
    owner: LockOwner
    left_behind: LockOwner | None = None
    lease: "Lease | None" = None

    def name_run(self, flow_run_id: str) -> None:
        """Record the id of the Prefect run that holds the lock."""
        self.owner = replace(self.owner, flow_run_id=flow_run_id)
        _write(self.file, self.owner)
        if self.lease is not None:
            self.lease.name_run(flow_run_id)


_held: ContextVar[tuple[tuple[Path, HeldLock], ...]] = ContextVar("held", default=())


@contextmanager
def one_run(
    home: Home, flow: str, *, when_busy: str, on_wait: Callable[[LockOwner | None], None] = lambda _: None
) -> Iterator[HeldLock]:
    """Hold the lock of a home for the duration of a run.

    Args:
        home: The home.
        flow: Name of the flow, shown to runs that wait.
        when_busy: `queue` waits until the lock is free, `refuse` does not.
        on_wait: Called once with the owner before a wait.

    Yields:
        The lock; inside a run that holds it already, the same one.

    Raises:
        BusyError: Another run holds it, and `when_busy` is `refuse`.
        GenrelabError: The lock file cannot be opened.
    """
    path = home.state / NAME
    for held_path, held in _held.get():
        if held_path == path:
            yield held
            return
    file = _take(path, flow, when_busy=when_busy, on_wait=on_wait)
    token = None
    started_at = datetime.now(UTC).isoformat(timespec="seconds")
    held = HeldLock(file, LockOwner(flow, os.getpid(), started_at), left_behind=_read(file))
    try:
        _write(file, held.owner)
        with _lease(home, held, when_busy=when_busy, on_wait=on_wait):
            token = _held.set((*_held.get(), (path, held)))
            yield held
    finally:
        if token is not None:
            _held.reset(token)
        # This run ended properly; only an earlier killed run that was not reported yet stays in the file.
        _write(file, held.left_behind)
        file.close()  # closing releases the lock


def held_by_this_run() -> LockOwner | None:
    """Return the owner of the lock that this run holds, such as the nightly run around a flow; None without one."""
    held = _held.get()
    return held[-1][1].owner if held else None


def lock_owner(home: Home) -> LockOwner | None:
    """Return the run that holds the lock now, or None."""
    path = home.state / NAME
    if not path.is_file():
        return None
    with path.open("rb", buffering=0) as file:
        if _locks(file, fcntl.LOCK_SH):
            return None
        return _read(file) or LockOwner("another run", 0, "")


def last_owner(home: Home) -> LockOwner | None:
    """Return the owner in the lock file, whether or not the lock is held; an owner of a free lock was killed."""
    path = home.state / NAME
    if not path.is_file():
        return None
    with path.open("rb", buffering=0) as file:
        return _read(file)


def _take(path: Path, flow: str, *, when_busy: str, on_wait: Callable[[LockOwner | None], None]) -> IO[bytes]:
    reported, glances = False, 0
    while True:
        file = _open(path)
        if _locks(file, fcntl.LOCK_EX):
            if _is_at(file, path):
                return file
            file.close()  # the file was deleted or replaced while this run waited
            continue
        owner = _read(file)
        file.close()
        glances += 1
        if glances < GLANCES:
            time.sleep(GLANCE_SECONDS)
            continue
        if when_busy == "refuse":
            raise _busy(flow, owner)
        if not reported:
            on_wait(owner)
            reported = True
        time.sleep(POLL_SECONDS)


@contextmanager
def _lease(
    home: Home, held: HeldLock, *, when_busy: str, on_wait: Callable[[LockOwner | None], None]
) -> Iterator[None]:
    """Hold the lease of a lake that other homes share; a lake in a folder of the home has none."""
    from genrelab.lake.storage import bucket_of  # noqa: PLC0415 - the lake imports this package

    bucket = bucket_of(home)
    if bucket is None:
        yield
        return
    from genrelab.lake.lease import Lease, take, this_host  # noqa: PLC0415 - as above
    from genrelab.lake.shared_records import fetch_records, send_last_records  # noqa: PLC0415 - as above

    owner, reported = replace(held.owner, host=this_host()), False
    while not isinstance(lease := take(bucket, owner), Lease):
        if when_busy == "refuse":
            raise _busy(held.owner.flow, lease)
        if not reported:
            on_wait(lease)
            reported = True
        time.sleep(LEASE_POLL_SECONDS)
    held.left_behind = held.left_behind or lease.left_behind
    held.lease = lease
    lease.start()
    try:
        fetch_records(bucket)
        try:
            yield
        finally:
            send_last_records(home)
    finally:
        lease.release()


def _busy(flow: str, owner: LockOwner | None) -> BusyError:
    return BusyError(
        f"{flow} was refused: another run is in progress",
        found=str(owner) if owner else "its lock is held",
        allowed="one run at a time (schedule.when_busy is refuse)",
        do='wait for it to end, stop it, or set schedule.when_busy = "queue" in genrelab.toml',
    )


def _open(path: Path) -> IO[bytes]:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644), "r+b", buffering=0)
    except OSError as error:
        raise GenrelabError(
            f"{path} cannot be opened",
            found=error.strerror or str(error),
            do="make its folder writable, or point GENRELAB_HOME elsewhere",
        ) from None


def _locks(file: IO[bytes], kind: int) -> bool:
    try:
        fcntl.flock(file, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _is_at(file: IO[bytes], path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(file.fileno()), path.stat())
    except FileNotFoundError:
        return False


def _read(file: IO[bytes]) -> LockOwner | None:
    file.seek(0)
    try:
        return LockOwner(**json.loads(file.read()))
    except (ValueError, TypeError):  # empty, or torn by a kill
        return None


def _write(file: IO[bytes], owner: LockOwner | None) -> None:
    with contextlib.suppress(OSError):  # a full disk: the lock is held anyway, but the file names no owner
        file.seek(0)
        file.truncate()
        if owner is not None:
            file.write(json.dumps(asdict(owner)).encode())

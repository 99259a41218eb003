"""The lease of a lake in a bucket: one run at a time, from whatever home and machine.

Conventions: the lease is one small file in the bucket, `lock/run.json`. It is taken and renewed by conditional puts, so
of several runs one gets it. It expires when it was not renewed for `LEASE_SECONDS`; ages are measured by the clock of
the store alone, because those of two machines differ. A run whose lease was taken by another publishes nothing more.

Runs of one home on one machine exclude each other by `genrelab.runtime.run_lock`, which takes the lease too.
"""

import json
import socket
import threading
import uuid
from dataclasses import asdict, dataclass, field, replace

from genrelab.lake.bucket import Bucket
from genrelab.lake.bucket_errors import StorageError
from genrelab.lake.object_store import StoredFile
from genrelab.runtime.home import Home
from genrelab.runtime.processes import boot_id
from genrelab.runtime.run_lock import LockOwner

NAME = "lock/run.json"
LEASE_SECONDS = 60.0
RENEW_SECONDS = 15.0

_held: list["Lease"] = []


class LostLeaseError(StorageError):
    """Another run took the lease, because this one did not renew it in time."""


@dataclass
class Lease:
    """The lease of a lake, held by this run.

    Args:
        bucket: The lake.
        owner: The run.
        etag: ETag of the file that names this run.
        left_behind: The run that held it before and did not release it, or None.
        is_lost: Whether another run took it.
    """

    bucket: Bucket
    owner: LockOwner
    etag: str
    left_behind: LockOwner | None = None
    is_lost: bool = False
    _has_ended: bool = False
    _wake: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def start(self) -> None:
        """Renew it from now on."""
        _held.append(self)
        self.bucket.hold(is_held=True)
        self._thread = threading.Thread(target=self._renew, name="lease", daemon=True)
        self._thread.start()

    def name_run(self, flow_run_id: str) -> None:
        """Add the id of the Prefect run to the owner, and say so in the bucket: another home may have to mark it."""
        self.owner = replace(self.owner, flow_run_id=flow_run_id)
        self._wake.set()

    def release(self) -> None:
        """Stop renewing it, and let the next run take it at once."""
        self._has_ended = True
        self._wake.set()
        if self._thread is not None:
            self._thread.join()
        _held.remove(self)
        self.bucket.hold(is_held=False)
        if not self.is_lost:
            try:
                self.bucket.store.put_if(NAME, b"{}", self.etag)
            except StorageError:
                return  # it expires

    def _renew(self) -> None:
        while True:
            self._wake.wait(RENEW_SECONDS)
            self._wake.clear()
            if self._has_ended:
                return
            try:
                etag = self.bucket.store.put_if(NAME, _content(self.owner, self.bucket), self.etag)
            except StorageError:
                continue  # while the store does not answer, nobody else can take the lease
            if etag is None and not self._is_still_ours():
                self.is_lost = True
                self.bucket.hold(is_held=False)
                return
            self.etag = etag or self.etag

    def _is_still_ours(self) -> bool:
        """Whether the file names this run: the answer to an earlier renewal may have been lost on its way."""
        found = self.bucket.store.get(NAME)
        owner = _owner(found)
        if found is None or owner is None or replace(self.owner, flow_run_id=owner.flow_run_id) != owner:
            return False
        self.etag = found.etag
        return True


def take(bucket: Bucket, owner: LockOwner) -> Lease | LockOwner:
    """Take the lease of a lake; return it, or the run that holds it.

    Args:
        bucket: The lake.
        owner: The run that wants it.

    Raises:
        StorageError: The store cannot be used, or lets two runs take the same lease.
    """
    bucket.require_safe()
    found = bucket.store.get(NAME)
    holder = _owner(found)
    if found and holder and found.age < LEASE_SECONDS and not _is_left_by_this_home(found, bucket):
        return holder
    etag = bucket.store.put_if(NAME, _content(owner, bucket), found.etag if found else None)
    if etag is None:  # another run was faster
        return _owner(bucket.store.get(NAME)) or LockOwner("another run", 0, "")
    return Lease(bucket, owner, etag, left_behind=holder)


def holder_of(bucket: Bucket) -> LockOwner | None:
    """Return the run that holds the lease of a lake now, or None."""
    found = bucket.store.get(NAME)
    return _owner(found) if found and found.age < LEASE_SECONDS else None


def is_held(home: Home) -> bool:
    """Whether a run of this home in this process holds a lease, or held it until another run took it."""
    return any(lease.bucket.home == home for lease in _held)


def require_held() -> None:
    """Raise an error if the lease of this process's run was taken by another run.

    Raises:
        LostLeaseError: It was.
    """
    for lease in _held:
        if lease.is_lost:
            holder = _owner(lease.bucket.store.get(NAME)) or "another run"
            raise LostLeaseError(
                "this run no longer holds the lake, so it publishes nothing more",
                found=f"{holder} took {lease.bucket.location} after {LEASE_SECONDS:.0f} s without a renewal",
                do="wait for that run to end, then run the same command again: finished steps are skipped",
            )


def this_host() -> str:
    """Return the name of this machine."""
    return socket.gethostname()


def _content(owner: LockOwner, bucket: Bucket) -> bytes:
    # The random part gives each renewal an ETag of its own: whoever finds it expired cannot take it after a renewal.
    more = {"home": str(bucket.home.root), "boot": boot_id(), "renewal": uuid.uuid4().hex}
    return json.dumps({"owner": asdict(owner), **more}).encode()


def _owner(file: StoredFile | None) -> LockOwner | None:
    """Return the run that the file of the lease names; None if there is no file, or it names none."""
    if file is None:
        return None
    try:
        return LockOwner(**json.loads(file.content)["owner"])
    except (ValueError, TypeError, KeyError):  # free
        return None


def _is_left_by_this_home(file: StoredFile, bucket: Bucket) -> bool:
    """Whether a killed run of this home left it: the home's own lock, which this run holds, says it has ended."""
    found = json.loads(file.content)
    return (found["home"], found["boot"], found["owner"]["host"]) == (
        str(bucket.home.root),
        boot_id(),
        this_host(),
    )

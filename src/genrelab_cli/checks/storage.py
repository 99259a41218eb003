"""The check of `genrelab doctor` on the object store of the lake: reachable, safe for two writers, and its clock."""

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING
from uuid import uuid4

from genrelab.lake.storage import PROBES, bucket_of
from genrelab.runtime.errors import GenrelabError
from genrelab.runtime.home import Home
from genrelab_cli.checks.environment import FIX, LOOK, OK, Finding

if TYPE_CHECKING:
    from genrelab.lake.bucket import Bucket

AREA = "object store"
RACERS = 8
SKEW_SECONDS = 60
"""S3 refuses requests that are 15 minutes old."""


def object_store(home: Home) -> list[Finding]:
    """Check the object store that `lake.location` names; nothing where the lake is in the home."""
    try:
        storage = bucket_of(home)
        if storage is None:
            return []
        from genrelab.lake.lease import holder_of

        ahead = storage.store.check()
        storage.store.require_conditions()
        winners = _race(storage)
        holder = holder_of(storage)
    except GenrelabError as error:
        says = f"{error.what}; found: {error.found}" if error.found else error.what
        return [Finding(AREA, FIX, says, error.do)]
    where = str(storage.store)
    findings = [Finding(AREA, OK, f"{where} answers and refuses a second commit of the same version")]
    if winners != 1:
        says = f"{where} let {winners} of {RACERS} writers create the same file at the same time"
        findings = [Finding(AREA, FIX, says, "put the lake on another store, or remove lake.location")]
    if abs(ahead) > SKEW_SECONDS:
        says = f"its clock is {abs(ahead):,.0f} s {'ahead of' if ahead > 0 else 'behind'} the clock of this machine"
        findings.append(Finding(AREA, LOOK, says, "set the clock (`timedatectl set-ntp true`)"))
    if holder is not None:
        findings.append(Finding(AREA, OK, f"the lake is in use: {holder}"))
    return findings


def _race(storage: "Bucket") -> int:
    """How many of several writers could create the same file at the same time."""
    name = f"{PROBES}/{uuid4()}"
    try:
        with ThreadPoolExecutor(RACERS) as racers:
            won = list(
                racers.map(lambda racer: storage.store.put_if(name, b"%d" % racer, None), range(RACERS))
            )
    finally:
        storage.delete([name])
    return sum(etag is not None for etag in won)

"""What a Dask worker does before it works for this machine: read its arguments, and show that it is equal to it.

Conventions: an argument is this project's own pickle; one that lies in the lake is checked by its sha256 before it is
opened. Versions are asked through Dask itself, so that a worker without genrelab, or of another Python, can answer.
Sending jobs does not belong here but in `genrelab.runtime.dask_workers`.
"""

import hashlib
import pickle
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import genrelab
from genrelab.lake.object_store import ObjectStore
from genrelab.runtime.errors import GenrelabError
from genrelab.runtime.files import digest, hash_file

Reference = tuple[str, str, str]
"""An argument that lies in the lake: the location (a bucket or a folder), its name there, and its sha256."""
Sent = bytes | Reference
"""An argument as a worker gets it."""
PACKAGES = ("genrelab", "numpy", "pandas", "scikit-learn", "xgboost")
"""What must have the same version on all machines, as Python."""


def require_equal_workers(client: Any, sent: Sent) -> None:
    """Check that every worker has the versions and the code of this process, and reads the lake.

    Args:
        client: A `distributed.Client`.
        sent: An argument that lies in the lake.

    Raises:
        GenrelabError: A worker has not, or cannot.
    """
    found = client.get_versions(packages=PACKAGES)
    own = _named(found["client"])
    for address, each in found["workers"].items():
        _compare(address, _named(each), own)
    for address, (code, problem) in client.run(try_out, sent).items():
        _compare(address, [f"code {code}"], [f"code {code_here()}"])
        if problem is not None:
            raise GenrelabError(
                f"the Dask worker {address} cannot read the lake",
                found=problem.found,
                allowed=problem.allowed,
                do=problem.do,
            )


def _named(versions: Mapping[str, Mapping[str, str | None]]) -> list[str]:
    """Return Python and the packages with their versions, from what Dask reports of a process."""
    packages = versions["packages"]
    python = ".".join(str(packages["python"]).split(".")[:3])
    return [f"Python {python}", *(f"{name} {packages.get(name) or 'not installed'}" for name in PACKAGES)]


def _compare(address: str, theirs: Sequence[str], own: Sequence[str]) -> None:
    different = [pair for pair in zip(theirs, own, strict=True) if pair[0] != pair[1]]
    if different:
        raise GenrelabError(
            f"the Dask worker {address} has other versions than this machine",
            found=", ".join(their for their, _ in different),
            allowed=", ".join(our for _, our in different),
            do="install the same genrelab there with the same lock files, then start the worker again",
        )


@cache
def code_here() -> str:
    """Return a hash of the code of the library in this process, since two checkouts may share a version."""
    top = Path(genrelab.__path__[0])
    files = sorted(file for kind in ("*.py", "*.toml") for file in top.rglob(kind))
    return digest([(file.relative_to(top).as_posix(), hash_file(file)) for file in files])


def try_out(sent: Sent) -> tuple[str, GenrelabError | None]:
    """Return the code of this worker, and why it cannot read the lake; runs in a worker."""
    try:
        received(sent)
    except GenrelabError as error:
        return code_here(), error
    return code_here(), None


def received(sent: Sent) -> Any:
    """Return an argument; it is of this project's own client, and what lay in the lake is checked by its sha256.

    Raises:
        GenrelabError: They are not there, or were changed.
    """
    if isinstance(sent, bytes):
        return pickle.loads(sent)  # noqa: S301 - see above
    location, name, sha256 = sent
    if location.startswith("s3://"):
        found = ObjectStore(location).get(name)
        data = found.content if found else b""
    else:
        path = Path(location) / name
        data = path.read_bytes() if path.is_file() else b""
    if hashlib.sha256(data).hexdigest() != sha256:
        raise GenrelabError(
            "a worker cannot read the rows of a job",
            found=f"{location}/{name} is {'changed' if data else 'not there'}",
            allowed="a lake that every worker reads: a bucket (lake.location), or the same folder on every machine",
            do="set lake.location in genrelab.toml, and the credentials of the bucket on every worker",
        )
    return pickle.loads(data)  # noqa: S301 - see above

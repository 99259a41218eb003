"""Downloads fma_metadata.zip: resumes an interrupted download, and verifies the file before it is used.

Conventions: bytes go to `<name>.part` beside the target, which is renamed once its hash is right, so the target is
complete or absent. A resumed part is hashed again from its first byte. `GENRELAB_FMA_URL` sets another address, for
instance of a mirror; a file with other bytes also needs `GENRELAB_FMA_SHA1`.

Retrying does not belong here: `tasks.publishing.work_fma.download_archive` retries after a `BrokenOffError`.
"""

import os
from pathlib import Path

import requests

from genrelab.runtime.errors import SourceError
from genrelab.runtime.files import hash_file
from genrelab.runtime.progress import say, track

URL = "https://os.unil.cloud.switch.ch/fma/fma_metadata.zip"
SHA1 = "f0df49ffe5f2a6008d7dc83c6915b31835dfe733"
TIMEOUT = (10.0, 60.0)
"""Seconds to connect, and between two chunks of the answer."""
PIECE = 1 << 16
"""Bytes of a chunk; an incomplete chunk is lost when the connection breaks."""
PARTIAL, WHOLE, BEYOND = 206, 200, 416
PASSING = (408, 425, 429)
"""Temporary error statuses below 500; all from 500 on count as temporary too."""


class BrokenOffError(SourceError):
    """A download was interrupted; another try resumes it."""


def download(target: Path, *, address: str | None = None, sha1: str | None = None) -> Path:
    """Download the official archive to `target`, unless the file exists.

    Args:
        target: File of the archive, e.g. `Home.raw / "fma" / "fma_metadata.zip"`.
        address: Address to fetch; by default `GENRELAB_FMA_URL`, else `URL`.
        sha1: Expected hash; by default `GENRELAB_FMA_SHA1`, else `SHA1`.

    Returns:
        `target`, for `open_archive(target, is_download=True)`.

    Raises:
        BrokenOffError: The server cannot be reached or the connection broke. The received bytes are kept, and the next
            call resumes from there.
        SourceError: The server refuses, sends a different file (which is not kept), or the file cannot be written.
    """
    address = address or os.environ.get("GENRELAB_FMA_URL") or URL
    sha1 = sha1 or os.environ.get("GENRELAB_FMA_SHA1") or SHA1
    if target.is_file() and hash_file(target, "sha1") == sha1:
        say(f"{target} exists already, sha1 {sha1}")
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f"{target.name}.part")
    try:
        _fetch(address, part)
    except (requests.RequestException, OSError) as error:
        have = part.stat().st_size if part.is_file() else 0
        kind = BrokenOffError if _may_pass(error) else SourceError
        raise kind(
            f"the download from {address} was interrupted",
            found=f"{error}; {have:,} bytes are kept in {part}",
            allowed="a complete answer of the server",
            do="run it again: it resumes from there. Or download the file yourself and pass its path as --fma",
        ) from error
    found = hash_file(part, "sha1")
    if found != sha1:
        part.unlink()
        raise SourceError(
            f"{address} sent a different file",
            found=f"sha1 {found}",
            allowed=f"sha1 {sha1}",
            do="run it again; if the error persists, the server or a proxy changes the file",
        )
    part.replace(target)
    return target


def _may_pass(error: Exception) -> bool:
    """Whether a retry may help: not after a refusal or on a full disk."""
    answer = getattr(error, "response", None)
    if answer is not None:
        return answer.status_code >= 500 or answer.status_code in PASSING  # noqa: PLR2004 - the server's own fault
    return isinstance(error, requests.RequestException)


def _fetch(address: str, part: Path) -> None:
    have = part.stat().st_size if part.is_file() else 0
    wanted = {"Range": f"bytes={have}-"} if have else {}
    with requests.get(address, headers=wanted, stream=True, timeout=TIMEOUT) as answer:
        if answer.status_code == BEYOND:  # the part is as long as the file, or longer
            return
        answer.raise_for_status()
        if answer.status_code == WHOLE:
            have = 0  # the server does not resume
        elif answer.status_code != PARTIAL or not _starts_at(answer, have):
            raise requests.RequestException(
                f"unexpected answer {answer.status_code} to a request for bytes {have}-"
            )
        total = have + int(answer.headers.get("Content-Length", 0))
        with (
            part.open("ab" if have else "wb") as file,
            track(f"downloading {part.stem}", total / 1e6, "MB") as advance,
        ):
            for chunk in answer.iter_content(PIECE):
                file.write(chunk)
                have += len(chunk)
                advance(have / 1e6)
        if total and have < total and "Content-Encoding" not in answer.headers:
            raise requests.ConnectionError(f"{have:,} of {total:,} bytes received")


def _starts_at(answer: requests.Response, place: int) -> bool:
    return answer.headers.get("Content-Range", "").startswith(f"bytes {place}-")

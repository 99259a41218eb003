"""Fetching fma_metadata.zip: resumed where it broke off, and verified before anybody reads it.

Conventions: bytes go to `<name>.part` beside the target and are renamed once their hash is right, so the
target is whole or absent. A resumed part is hashed again from its first byte. `GENRELAB_FMA_URL` names
another address, for a proxy; a stand-in with other bytes needs `GENRELAB_FMA_SHA1` as well.

Retrying does not belong here: `tasks.publishing.work_fma.download_archive` retries what is a `BrokenOffError`.
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
"""Seconds to connect, and between two pieces of the answer."""
PIECE = 1 << 16
"""Bytes at a time; what came of the last piece is lost when the connection breaks."""
PARTIAL, WHOLE, BEYOND = 206, 200, 416
PASSING = (408, 425, 429)
"""Refusals that a later request may not meet; those of 500 and above are as passing."""


class BrokenOffError(SourceError):
    """A download ended too early; trying again goes on where it stopped."""


def download(target: Path, *, address: str | None = None, sha1: str | None = None) -> Path:
    """The official archive as the file `target`; fetched only when it is not there yet.

    Args:
        target: Where it is kept, e.g. `Home.raw / "fma" / "fma_metadata.zip"`.
        address: Where from; by default `GENRELAB_FMA_URL`, else `URL`.
        sha1: What its bytes must hash to; by default `GENRELAB_FMA_SHA1`, else `SHA1`.

    Returns:
        `target`, for `open_archive(target, is_download=True)`.

    Raises:
        BrokenOffError: The server cannot be reached, or breaks off. What came is kept, and the next call goes on
            from there.
        SourceError: The server refuses, or sends other bytes, which are not kept; or they cannot be written.
    """
    address = address or os.environ.get("GENRELAB_FMA_URL") or URL
    sha1 = sha1 or os.environ.get("GENRELAB_FMA_SHA1") or SHA1
    if target.is_file() and hash_file(target, "sha1") == sha1:
        say(f"{target} is there already, sha1 {sha1}")
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f"{target.name}.part")
    try:
        _fetch(address, part)
    except (requests.RequestException, OSError) as error:
        have = part.stat().st_size if part.is_file() else 0
        kind = BrokenOffError if _may_pass(error) else SourceError
        raise kind(
            f"the download from {address} broke off",
            found=f"{error}; {have:,} bytes are kept in {part}",
            allowed="a server that answers to the end",
            do="run it again: it goes on from there. Or fetch the file yourself and pass its path as --fma",
        ) from error
    found = hash_file(part, "sha1")
    if found != sha1:
        part.unlink()
        raise SourceError(
            f"{address} sent another file",
            found=f"sha1 {found}",
            allowed=f"sha1 {sha1}",
            do="run it again; if it stays so, the server or a proxy changes the file",
        )
    part.replace(target)
    return target


def _may_pass(error: Exception) -> bool:
    """Whether trying again may help: not after a refusal, nor when the disk is full."""
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
            raise requests.ConnectionError(f"{have:,} of {total:,} bytes came")


def _starts_at(answer: requests.Response, place: int) -> bool:
    return answer.headers.get("Content-Range", "").startswith(f"bytes {place}-")

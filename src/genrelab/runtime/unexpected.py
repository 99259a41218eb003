"""Explains unexpected errors: a sentence for the user and a traceback in a file, without secrets in either.

Conventions: an error with a known cause outside of the program (permissions, disk space, memory, a server that does not
answer) becomes a `GenrelabError`. Everything else is a bug: its traceback is written to `data/state/errors/`, which
`genrelab doctor` checks. What was printed already stays.
"""

import errno
import os
import re
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from genrelab.runtime.access import refusal, refusals
from genrelab.runtime.disk import disk_full, is_full
from genrelab.runtime.errors import GenrelabError
from genrelab.runtime.files import write_atomically
from genrelab.runtime.home import Home

FOLDER = "errors"
KEPT = 20
"""Newest tracebacks to keep."""
KEPT_IN = "traceback kept in "
MASK = "***"
SECRET_NAME = re.compile(
    r"SECRET|TOKEN|PASSW|API_KEY|APIKEY|WEBHOOK|AUTH_STRING|CLIENT_ID|CREDENTIAL", re.IGNORECASE
)
SHORTEST_SECRET = 4
PATTERNS = (
    (re.compile(r"(://)[^\s/'\"]+@"), rf"\1{MASK}@"),  # a password may hold an @
    (re.compile(r"\b(Bearer|Basic)\s+[\w.~+/=-]+"), rf"\1 {MASK}"),
    (re.compile(r"\b(api_?key|access_token|token|secret|password)=[^\s&'\"]+", re.IGNORECASE), rf"\1={MASK}"),
)
REFUSED = (errno.EACCES, errno.EPERM, errno.EROFS)
REFUSED_WORDS = (
    "permission denied",
    "readonly database",
    "unable to open database file",
    "read-only file system",
)
"""Messages of SQLite, Delta Lake and Arrow about a file that may not be read or written."""
OBJECT_STORE = ("botocore", "boto3", "s3transfer")
"""Packages whose errors are those of an object store: MLflow stores files there without the lake's code."""
GONE_WORDS = (
    "max retries exceeded",
    "api request to",
    "connection refused",
    "could not connect",
    "connection failed",
)


def explain(error: BaseException, home: Home, what: str) -> GenrelabError | None:
    """Return an error that names the cause, if the cause lies outside of the program.

    Args:
        error: Any error.
        home: Home of the run.
        what: Name of the step or command that failed.

    Returns:
        The error to show; None if the cause is unknown.
    """
    chain = list(_chain(error))
    for each in chain:
        if isinstance(each, GenrelabError):
            return each
        if type(each).__module__.startswith(OBJECT_STORE):
            return _object_store(each, home)
    if is_full(error):
        return disk_full(home, what)
    for each in chain:
        if (said := _system(each, home, what)) is not None:
            return said
    return None


def _system(error: BaseException, home: Home, what: str) -> GenrelabError | None:
    text = str(error).lower()
    if isinstance(error, MemoryError):
        return GenrelabError(
            "out of memory",
            found=f"{what} failed: {str(error) or 'no memory left'}",
            do="close other programs, or set training.cores = 1 in genrelab.toml",
        )
    if isinstance(error, OSError) and error.errno in REFUSED and isinstance(error.filename, str | bytes):
        return refusal(home, Path(os.fsdecode(error.filename)))
    if any(words in text for words in REFUSED_WORDS) and (path := next(refusals(home), None)):
        return refusal(home, path)
    if isinstance(error, NotADirectoryError | FileExistsError) and (path := next(refusals(home), None)):
        return refusal(home, path)
    if isinstance(error, FileNotFoundError) and "usable temporary directory" in text:
        return GenrelabError(
            "there is no folder for temporary files",
            found=str(error.strerror or error),
            do="set TMPDIR to a writable folder: export TMPDIR=...",
        )
    if isinstance(error, FileNotFoundError) and error.filename is None and not _has_folder():
        return GenrelabError(
            "the current folder no longer exists", do="cd to another folder and run the command again"
        )
    if isinstance(error, OSError) and error.errno in (errno.EMFILE, errno.ENFILE):
        return GenrelabError("too many files are open", found=what, do="raise the limit: ulimit -n 4096")
    if isinstance(error, RuntimeError) and "failed to reach api at" in text:  # message of Prefect's client
        return GenrelabError(
            "the server at PREFECT_API_URL is not a Prefect server",
            found=mask(str(error).splitlines()[0]),
            allowed="the address of a Prefect server's API, such as http://127.0.0.1:4200/api",
            do="correct the address, or unset PREFECT_API_URL: genrelab then starts a server",
        )
    if type(error).__module__.startswith("mlflow") and any(words in text for words in GONE_WORDS):
        named = mask(os.environ.get("MLFLOW_TRACKING_URI", ""))
        return GenrelabError(
            "the MLflow server no longer answers",
            found=f"MLFLOW_TRACKING_URI = {named}" if named else mask(str(error).splitlines()[0]),
            do="start it, then run the same command again: finished steps are skipped",
        )
    return None


def _object_store(error: BaseException, home: Home) -> GenrelabError:
    """Return the message for an error of the object store."""
    from genrelab.lake.bucket_errors import explained  # noqa: PLC0415 - the lake imports this package
    from genrelab.lake.storage import bucket_of  # noqa: PLC0415 - as above

    bucket = bucket_of(home)
    return bucket.store.explain(error) if bucket else explained(error, "the files of MLflow", "")


def write_down(error: BaseException, home: Home, what: str) -> Path | None:
    """Write the traceback of an error to a file; return the file, or None if it cannot be written.

    Args:
        error: The error.
        home: The home that keeps it.
        what: Name of the step or command that failed.
    """
    for note in getattr(error, "__notes__", ()):
        if note.startswith(KEPT_IN):  # the step that failed has written it
            return Path(note.removeprefix(KEPT_IN))
    folder = home.state / FOLDER
    stamp = datetime.now(UTC).strftime("%Y-%m-%dT%H%M%S.%f")
    path = folder / f"{stamp}-{re.sub(r'[^a-z0-9_-]+', '-', what.lower())[:40]}.txt"
    text = mask("".join(traceback.format_exception(error)))
    try:
        write_atomically(path, f"{what}, {stamp} UTC\n\n{text}".encode(errors="backslashreplace"))
        for old in kept(home)[:-KEPT]:
            old.unlink(missing_ok=True)
    except OSError:
        return None
    error.add_note(f"{KEPT_IN}{path}")
    return path


def kept(home: Home) -> list[Path]:
    """Return the files of the stored tracebacks, oldest first."""
    return sorted((home.state / FOLDER).glob("*.txt"))


def first_line(error: BaseException) -> str:
    """Return the type of an error and the first line of its message, without secrets."""
    said = str(error).strip().partition("\n")[0]
    return mask(f"{type(error).__name__}: {said}" if said else type(error).__name__)


def mask(text: str) -> str:
    """Return the text without secrets of the environment, passwords in addresses and keys in queries.

    >>> mask("postgresql://me:sesame@db/x?password=sesame")
    'postgresql://***@db/x?password=***'
    """
    for name, value in os.environ.items():
        if SECRET_NAME.search(name) and len(value) >= SHORTEST_SECRET:
            text = text.replace(value, MASK)
    for pattern, instead in PATTERNS:
        text = pattern.sub(instead, text)
    return text


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    each: BaseException | None = error
    while each is not None and id(each) not in seen:
        seen.add(id(each))
        yield each
        each = each.__cause__ or each.__context__


def _has_folder() -> bool:
    try:
        Path.cwd()
    except OSError:
        return False
    return True

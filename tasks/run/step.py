"""Run one step of the pipeline: skip it if nothing has changed, record its result, report its failure.

A step has a fingerprint of everything it reads (sources, table versions, settings, its code). Its record under
`data/state/` has that fingerprint, the versions of the tables it published, the facts for the report and the runs it
logged. A step is up to date if the fingerprint is the same and those versions are still the newest. The record is
written last, so a step that is killed simply runs again. Homes with one lake share the records
(`genrelab.lake.shared_records`).

A user error (`GenrelabError`) and an error with a known external cause become a failed state with a message. Any other
error is raised, and its traceback is stored in `data/state/errors/`.
"""

import threading
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from prefect import State
from prefect.states import Completed, Failed

from genrelab.analyses.analysis import SHOWN
from genrelab.analyses.registry import used_by
from genrelab.lake.lake import Lake
from genrelab.lake.shared_records import send_records
from genrelab.lake.validation_records import fallback_notices
from genrelab.lake.version import TableVersion, asides
from genrelab.runtime import progress
from genrelab.runtime.errors import GenrelabError
from genrelab.runtime.files import digest, hash_file, read_json, write_json
from genrelab.runtime.home import Home
from genrelab.runtime.records import decode, encode
from genrelab.runtime.unexpected import explain, first_line, write_down
from tasks.publishing.audit import CAVEAT, caveats_refused
from tasks.run.cancelled import SIGNALS, cancel, is_cancelled, not_started

ORDER = "order/last.json"
"""Number of the last finished step; in its own folder, because the files in `data/state/` are records."""

FAILURES, LEFT_OUT = "failures", "left_out"
"""Folders of the records of failed steps, and of those whose input did not exist."""

PACKAGES = ("genrelab", "tasks", "expectations")
REPORT_ONLY = (
    "genrelab/report",
    "genrelab/analyses/registry.py",
    "genrelab/notebook",
    "tasks/report.py",
    "tasks/tracking/pictures.py",
)
"""Code whose changes affect no step but `report`; what notebooks use affects none."""
ANALYSES = "genrelab/analyses/"
ALL_CODE = ("*",)
"""Marks a step that depends on all code, such as the report."""

_counting = threading.Lock()  # steps may run in parallel


@dataclass(frozen=True)
class Outcome:
    """The result of a step.

    Args:
        message: One line for the user.
        facts: Values for the report, as JSON values.
        published: The table versions it published.
        run_ids: Id of every run that it logged to MLflow, by key.
    """

    message: str
    facts: Mapping[str, object] = field(default_factory=dict)
    published: tuple[TableVersion, ...] = ()
    run_ids: Mapping[str, str] = field(default_factory=dict)


def work_at(path: str, *args: object) -> Callable[[], Outcome]:
    """Return work that is imported only when a step runs, so that a skipped step imports nothing.

    Args:
        path: `package.module:function`.
        args: Arguments of the function.
    """

    def work() -> Outcome:
        module, _, name = path.partition(":")
        outcome: Outcome = getattr(import_module(module), name)(*args)
        return outcome

    return work


def refusal(error: GenrelabError) -> Callable[[], Outcome]:
    """Return work that fails with an error that was found before it could begin."""

    def work() -> Outcome:
        raise error

    return work


@dataclass(frozen=True)
class StepRecord:
    """The record of the last run of a step; the defaults apply to records of earlier versions.

    Args:
        step: Its name.
        fingerprint: Fingerprint of everything it read.
        finished_at: When it finished, ISO 8601.
        seconds: How long it took.
        message: One line for the user.
        published: Identity of the version of each table that it published.
        facts: Its results, as JSON values.
        order: A number that increases with every finished step.
        caveats: Caveats of the tables that it published.
        run_ids: Id of every run that it logged to MLflow, by key.
    """

    step: str
    fingerprint: str
    finished_at: str
    seconds: float
    message: str
    published: Mapping[str, str]
    facts: Mapping[str, object]
    order: int = 0
    caveats: tuple[str, ...] = ()
    run_ids: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Failure:
    """The record of a failed step.

    Args:
        step: Its name, or that of a flow that failed outside of its steps.
        message: Why.
        failed_at: When it failed last, ISO 8601.
        since: When it failed for the first time without a success after it; empty in records of earlier versions.
    """

    step: str
    message: str
    failed_at: str
    since: str = ""

    @property
    def began(self) -> str:
        """Return when it began to fail, as far as it is known."""
        return self.since or self.failed_at


@dataclass(frozen=True)
class LeftOut:
    """The record of a step that did not run because its input does not exist."""

    step: str
    reason: str
    at: str


def run_step(
    name: str,
    home: Home,
    inputs: Mapping[str, object],
    work: Callable[[], Outcome],
    *,
    is_there: Callable[[], bool] = lambda: True,
    always: bool = False,
    strict: bool = False,
    holds: Callable[[Mapping[str, object]], bool] = lambda _facts: True,
    code: Sequence[str] = (),
) -> State[None]:
    """Run `work` unless its inputs have not changed and its results still exist; return the state.

    Args:
        name: Name of the step, and of its record.
        home: The home of records and tables.
        inputs: Everything `work` reads, as JSON values.
        work: The step itself.
        is_there: Whether results outside the lake (a report folder, MLflow's database) still exist.
        always: Always run, because changes of its external inputs cannot be detected.
        strict: Whether caveats of its tables are an error, even if nothing changed.
        holds: Whether the facts of a record fit this version; if not, the record is ignored.
        code: Folders of the analyses whose code it runs, or `ALL_CODE`.

    Returns:
        `Completed`, named `Unchanged` when the step was skipped; `Failed` with a message for the user; or `Cancelled`.
    """
    if is_cancelled():
        return not_started()
    path, failure = home.state / f"{name}.json", home.state / FAILURES / f"{name}.json"
    (home.state / LEFT_OUT / f"{name}.json").unlink(missing_ok=True)
    fingerprint = digest(name, inputs, code_digest(*code))
    record, again = read_record(path), ""
    if path.exists() and (record is None or not holds(record.facts)):
        again = "; ran again because this version cannot read its last record"
        record = None
    if (
        not always
        and record
        and record.fingerprint == fingerprint
        and _still_newest(home, record)
        and is_there()
    ):
        if strict and record.caveats:
            stays = "the tables with these caveats stay in use"
            return _failed(failure, name, caveats_refused(list(record.published), record.caveats, stays))
        message = f"unchanged since {record.finished_at[:16].replace('T', ' ')}: {record.message}"
        progress.say(f"{name:<22} {message}")
        failure.unlink(missing_ok=True)
        return Completed(
            name="Unchanged",
            message=message + _show_caveats(record.caveats) + _show_fallbacks(home, inputs),
        )
    started = time.monotonic()
    try:
        outcome = work()
        seconds = time.monotonic() - started
        _write_record(home, path, name, fingerprint, outcome, seconds)
        send_records(home)
    except GenrelabError as error:
        return _failed(failure, name, error)
    except SIGNALS as signal:
        return cancel(signal)
    except Exception as error:
        if (known := explain(error, home, name)) is not None:
            return _failed(failure, name, known)
        file = write_down(error, home, name)
        message = first_line(error) + (f"; to do: read the traceback in {file}" if file else "")
        progress.say(f"{name:<22} FAILED: {message}")
        _note_failure(failure, name, message)
        raise
    failure.unlink(missing_ok=True)
    progress.say(f"{name:<22} {outcome.message}{again} ({seconds:.1f} s)")
    notices = _show_caveats(_caveats(outcome)) + _show_fallbacks(home, inputs)
    for table, counts in asides(outcome.published):
        progress.say(f"{'':<22} {table}: {counts} (genrelab tables --notes)")
    return Completed(message=outcome.message + again + notices)


def _caveats(outcome: Outcome) -> tuple[str, ...]:
    """The caveats of the tables that a step published, one sentence each."""
    return tuple(f"{version.table}: {caveat}" for version in outcome.published for caveat in version.caveats)


def _show_caveats(caveats: Sequence[str]) -> str:
    """Print each caveat on its own line below the step, and return them as text for the state."""
    for caveat in caveats:
        progress.say(f"{'':<22} {CAVEAT}{caveat}")
    return "".join(f"; {CAVEAT}{caveat}" for caveat in caveats)


def _show_fallbacks(home: Home, inputs: Mapping[str, object]) -> str:
    """Print which input tables are the last good version because a newer one was refused; return the text."""
    sentences = fallback_notices(home, inputs)
    for sentence in sentences:
        progress.say(f"{'':<22} {sentence}")
    return "".join(f"; {sentence}" for sentence in sentences)


def _write_record(
    home: Home, path: Path, name: str, fingerprint: str, outcome: Outcome, seconds: float
) -> None:
    record = encode(
        StepRecord(
            step=name,
            fingerprint=fingerprint,
            finished_at=_now(),
            seconds=round(seconds, 2),
            message=outcome.message,
            published={version.table: version.id for version in outcome.published},
            facts=outcome.facts,
            order=_next_order(home),
            caveats=_caveats(outcome),
            run_ids=outcome.run_ids,
        )
    )
    if not outcome.run_ids:  # `tasks.tracking.recovery` looks for records that have any
        del record["run_ids"]
    write_json(path, record)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _next_order(home: Home) -> int:
    """Return the next step number; unlike a time it always increases, even if the clock is set back."""
    path = home.state / ORDER
    with _counting:
        order = int(read_json(path) or 0) + 1
        write_json(path, order)
    return order


def _failed(failure: Path, name: str, error: GenrelabError) -> State[None]:
    progress.say(f"{name:<22} FAILED: {error}")
    _note_failure(failure, name, str(error))
    return Failed(message=f"{name}: {error}")


def failures(home: Home) -> dict[str, Failure]:
    """Return the steps that failed last time, with message and time; their earlier tables stay in use."""
    files = sorted((home.state / FAILURES).glob("*.json"))
    return {file.stem: found for file in files if (found := decode(Failure, read_json(file)))}


def left_out(home: Home) -> dict[str, LeftOut]:
    """Return the steps that did not run last time because their input does not exist."""
    files = sorted((home.state / LEFT_OUT).glob("*.json"))
    return {file.stem: found for file in files if (found := decode(LeftOut, read_json(file)))}


def note_failure(home: Home, name: str, message: str) -> None:
    """Record that a step, or a flow outside of its steps, failed; the first failure of a series keeps its time."""
    _note_failure(home.state / FAILURES / f"{name}.json", name, message)


def forget_failure(home: Home, name: str) -> None:
    """Remove the record of a failure."""
    (home.state / FAILURES / f"{name}.json").unlink(missing_ok=True)


def _note_failure(path: Path, name: str, message: str) -> None:
    earlier, now = decode(Failure, read_json(path)), _now()
    try:
        write_json(path, encode(Failure(name, message, now, earlier.began if earlier else now)))
    except OSError as error:  # the disk may be full; the state of the run has the message
        progress.say(f"{name:<22} the failure could not be recorded: {error.strerror}")


def nothing_to_do(home: Home, name: str, reason: str) -> State[None]:
    """Return the state of a step that is left out because its input does not exist; this is not an error."""
    forget_failure(home, name)
    with suppress(OSError):  # the disk may be full; the state of the run has the reason
        write_json(home.state / LEFT_OUT / f"{name}.json", encode(LeftOut(name, reason, _now())))
    progress.say(f"{name:<22} skipped: {reason}")
    return Completed(name="Skipped", message=f"skipped: {reason}")


def facts_of(home: Home, step: str) -> Mapping[str, Any]:
    """Return the facts of the last run of a step; empty if it never ran."""
    record = read_json(home.state / f"{step}.json")
    return record.get("facts", {}) if isinstance(record, dict) else {}


def read_record(path: Path) -> StepRecord | None:
    """Return the record of a step; None if there is none, or it is incomplete or from another version."""
    return decode(StepRecord, read_json(path))


def step_records(home: Home) -> dict[str, StepRecord]:
    """Return the records of all steps, by the name of the step; without those that `read_record` cannot read."""
    files = sorted(home.state.glob("*.json"))
    return {file.stem: found for file in files if (found := read_record(file))}


def version_ids(home: Home, *tables: str) -> dict[str, str]:
    """Return the identity of the newest version of each table, for a fingerprint; empty text if there is none.

    A table that cannot be opened gets an identity that no version has, so that the step runs and reports the error.
    """
    if not tables:
        return {}
    found = Lake(home).newest(*tables)
    ids = {table: version.id if version else "cannot be opened" for table, version in found.items()}
    return {table: ids.get(table, "") for table in tables}


def empty_tables(home: Home, *tables: str) -> list[str]:
    """Return the tables that were published without rows, because their source lacks them."""
    newest = Lake(home).newest(*tables)
    return [table for table in tables if (version := newest.get(table)) and version.counts.rows == 0]


def _still_newest(home: Home, record: StepRecord) -> bool:
    return version_ids(home, *record.published) == record.published


@cache
def code_digest(*folders: str) -> str:
    """Return a fingerprint of the code that a step runs, so that the step runs again when its code changes.

    It covers the tasks, the expectations and the library without the report and the analyses; of the analyses it covers
    those named and what they use, without their pages.

    Args:
        folders: Folders of the analyses whose code the step runs, or `ALL_CODE`.
    """
    used = {name for folder in folders if folders != ALL_CODE for name in used_by(folder)}
    return digest([file for file in _hashes() if folders == ALL_CODE or runs_in_step(file[0], used)])


def runs_in_step(name: str, folders: Collection[str]) -> bool:
    """Whether a source file belongs to the code of a step that runs the given analyses.

    Args:
        name: Path of the file relative to the folder of the packages: `genrelab/lake/lake.py`.
        folders: The folders of these analyses.

    >>> runs_in_step("genrelab/lake/lake.py", set()), runs_in_step("genrelab/report/figure.py", set())
    (True, False)
    >>> runs_in_step("genrelab/analyses/drift/judge.py", {"origin"})
    False
    """
    if name.startswith(REPORT_ONLY):
        return False
    folder, slash, rest = name.removeprefix(ANALYSES).partition("/")
    if not (name.startswith(ANALYSES) and slash):
        return True
    return folder in folders and not rest.startswith(f"{SHOWN}/")


@cache
def _hashes() -> tuple[tuple[str, str], ...]:
    """Every source file: its path relative to the folder of the packages, and its hash."""
    tops = [Path(__import__(package).__path__[0]) for package in PACKAGES]
    return tuple(
        (file.relative_to(top.parent).as_posix(), hash_file(file))
        for top in tops
        for file in sorted(top.rglob("*"))
        if file.is_file() and "__pycache__" not in file.parts
    )

"""Run control of the flows that write: one run at a time, a time limit, and the correct state of killed runs.

Conventions: `one_at_a_time` goes between `@flow` and the function, `RUN_OPTIONS` into `@flow`. A flow inside another
one shares its lock and has its own time limit: a flow that hangs fails, and the rest of the nightly run continues.
Flows that only read the lake and replace their own result in one step (`report`) need no lock.
"""

import functools
import inspect
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, NoReturn, ParamSpec, TypeVar
from uuid import UUID

import httpx
from prefect import State
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterParentFlowRunId
from prefect.exceptions import ObjectNotFound, PrefectException
from prefect.runtime import flow_run
from prefect.states import Cancelled, Crashed, Failed, Running

from genrelab.report.wording import plural
from genrelab.runtime import progress
from genrelab.runtime.home import Home
from genrelab.runtime.operations import load_operations
from genrelab.runtime.run_lock import BusyError, LockOwner, one_run
from genrelab.runtime.unexpected import first_line
from tasks.run import cancelled
from tasks.run.history import record_killed_run, record_run
from tasks.run.notify import notify_caveats, notify_failure
from tasks.run.release import require_same_release
from tasks.run.run_name import run_name
from tasks.tracking.left_behind import end_open_runs, has_open_runs
from tasks.tracking.place import database

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")

RUN_OPTIONS: dict[str, Any] = {
    "flow_run_name": run_name,
    "on_completion": [record_run, notify_caveats],
    "on_failure": [record_run, notify_failure],
    "on_crashed": [record_run, notify_failure],
    "on_cancellation": [record_run],
}
"""Arguments of `@flow`: the name of a run, and the hooks that record and report how it ended."""
WAITING = "Waiting"
HOUR_SECONDS = 3600.0


class TimeLimitError(TimeoutError):
    """A flow exceeded its time limit; Prefect calls such a run timed out."""


def one_at_a_time(body: Callable[Parameters, Result]) -> Callable[Parameters, Result]:
    """Decorate a flow to run under the lock of its home, and within the time limit unless it is `nightly`."""

    @functools.wraps(body)
    def run(*words: Parameters.args, **named: Parameters.kwargs) -> Result:
        home, schedule = Home.find(), load_operations().schedule
        require_same_release()
        name = body.__name__
        run_id = str(flow_run.id or "")
        waits: list[LockOwner | None] = []

        def wait(owner: LockOwner | None) -> None:
            waits.append(owner)
            _wait(run_id, owner)

        try:
            with one_run(home, name, when_busy=schedule.when_busy, on_wait=wait) as held:
                if waits:
                    _end_of_wait(run_id)
                was_killed = held.left_behind is not None
                if held.left_behind is not None:
                    notify_killed_run(held.left_behind)
                    record_killed_run(home, held.left_behind)
                    held.left_behind = None
                if not (is_inside := bool(held.owner.flow_run_id)):
                    held.name_run(run_id)
                    cancelled.begin()
                    _end_open_runs(home, was_killed=was_killed)
                hours = schedule.timeout_hours if _is_leaf(body) else 0.0
                with time_limit(name, hours):
                    work = functools.partial(body, *words, **named)
                    return _run_cancellable(home, work, is_inside=is_inside)
        except BusyError as error:
            progress.say(str(error))
            return Cancelled(message=str(error))  # type: ignore[return-value] # Prefect accepts a state as a result

    return run


def _run_cancellable(home: Home, work: Callable[[], Result], *, is_inside: bool) -> Result:
    """Run the body of a flow so that it ends as cancelled, not as crashed, and that its message has the reasons."""
    if cancelled.is_cancelled():
        return cancelled.not_started()  # type: ignore[return-value] # Prefect accepts a state as a result
    try:
        result = with_reasons(work())
    except cancelled.SIGNALS as received:
        result = cancelled.cancel(received)
    if not cancelled.is_cancelled():
        return result  # type: ignore[return-value] # as above
    if is_inside:
        return cancelled.stopped()  # type: ignore[return-value] # as above
    _end_open_runs(home)
    return cancelled.end()  # type: ignore[return-value] # as above


def with_reasons(result: object) -> object:
    """Return the result of a flow; if some of its steps failed, a failed state with their messages.

    Prefect's own message would be "1/3 states failed.".

    Args:
        result: What the flow returns: a list of the states of its steps, or a state.
    """
    if not isinstance(result, list):
        return result
    failed = [each for each in result if isinstance(each, State) and (each.is_failed() or each.is_crashed())]
    if not failed:
        return result
    reasons = "; ".join(each.message or each.name or "no reason given" for each in failed)
    count = f"{len(failed)} of {len(result)} steps failed: " if len(result) > 1 else ""
    return Failed(message=f"{count}{reasons}", data=result)


def _end_open_runs(home: Home, *, was_killed: bool = False) -> None:
    """Mark the runs that were left open in MLflow as killed.

    Args:
        home: The home.
        was_killed: Whether the previous run of the home was killed; then a server is asked, too.
    """
    try:
        if has_open_runs(home) or (was_killed and database(home) is None):
            ended = plural(end_open_runs(home), "open run")
            progress.say(f"{'':<22} {ended} of an interrupted run marked as killed in MLflow")
    except Exception as error:  # noqa: BLE001 - whatever is wrong with MLflow, its steps say so themselves
        progress.say(f"{'':<22} open runs in MLflow could not be marked as killed: {first_line(error)}")


def _is_leaf(body: Callable[..., object]) -> bool:
    """Whether a flow is one part of a nightly run, not the nightly run itself."""
    return bool(inspect.unwrap(body).__name__ != "nightly")


@contextmanager
def time_limit(name: str, hours: float) -> Iterator[None]:
    """Raise an error if the code inside takes too long; works only in the main thread.

    Args:
        name: Of the flow.
        hours: The limit; 0 for none.

    Raises:
        TimeLimitError: The code took longer.
    """
    if hours <= 0 or threading.current_thread() is not threading.main_thread():
        yield
        return

    def on_alarm(*_: object) -> NoReturn:
        raise TimeLimitError(
            f"{name} took longer than the limit of {hours:g} hours (schedule.timeout_hours); find the step that hung, "
            "raise the limit in genrelab.toml, or run the flow by itself"
        )

    before = signal.signal(signal.SIGALRM, on_alarm)
    started = time.monotonic()
    left, interval = signal.setitimer(signal.ITIMER_REAL, hours * HOUR_SECONDS)
    try:
        yield
    finally:
        rest = max(left - (time.monotonic() - started), 1e-3) if left else 0.0
        signal.signal(signal.SIGALRM, before)
        signal.setitimer(signal.ITIMER_REAL, rest, interval)


def _wait(run_id: str, owner: LockOwner | None) -> None:
    message = f"waiting for another run to end: {owner or 'unknown run'}"
    progress.say(message)
    if run_id:
        with get_client(sync_client=True) as client:
            client.set_flow_run_state(UUID(run_id), Running(name=WAITING, message=message), force=True)


def _end_of_wait(run_id: str) -> None:
    """Set the state of a run that waited back to running."""
    if not run_id:
        return
    with suppress(PrefectException, httpx.HTTPError), get_client(sync_client=True) as client:
        state = client.read_flow_run(UUID(run_id)).state
        if state is not None and state.name == WAITING:
            client.set_flow_run_state(UUID(run_id), Running(), force=True)


def notify_killed_run(owner: LockOwner) -> None:
    """Mark a killed run, and the flows inside it, as crashed in Prefect."""
    when = f"{owner.started_at[:16].replace('T', ' ')} UTC"
    progress.say(f"{'':<22} the run {owner.flow} of {when} was killed; its unfinished steps run again")
    if not owner.flow_run_id:
        return
    state: State[None] = Crashed(
        message="The process ended without reporting a state: it was killed, or the power failed."
    )
    try:
        with get_client(sync_client=True) as client:
            inside = client.read_flow_runs(
                flow_run_filter=FlowRunFilter(
                    parent_flow_run_id=FlowRunFilterParentFlowRunId(any_=[UUID(owner.flow_run_id)])
                )
            )
            for run in [client.read_flow_run(UUID(owner.flow_run_id)), *inside]:
                if run.state is not None and not run.state.is_final():
                    client.set_flow_run_state(run.id, state, force=True)
    except ObjectNotFound:
        progress.say(f"{'':<22} the killed run is not on this Prefect server")
    except (PrefectException, httpx.HTTPError, ValueError) as error:  # ValueError: an invalid id
        progress.say(
            f"{'':<22} the state of the killed run in Prefect could not be corrected: {type(error).__name__}"
        )

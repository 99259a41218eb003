"""Run control of the flows that write: one run at a time, a time limit, and the correct state of killed runs.

Conventions: `one_at_a_time` goes between `@flow` and the function, `FAILURE_HOOKS` into `@flow`. A flow inside another
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
from prefect.states import Cancelled, Crashed, Running

from genrelab.runtime import progress
from genrelab.runtime.home import Home
from genrelab.runtime.operations import load_operations
from genrelab.runtime.run_lock import BusyError, LockOwner, one_run
from tasks.run.history import record_killed_run, record_run
from tasks.run.notify import notify_caveats, notify_failure

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")

FAILURE_HOOKS: dict[str, Any] = {
    "on_completion": [record_run, notify_caveats],
    "on_failure": [record_run, notify_failure],
    "on_crashed": [record_run, notify_failure],
}
"""Arguments of `@flow`: the hooks that record and report how a run ended."""
WAITING = "Waiting"
HOUR_SECONDS = 3600.0


class TimeLimitError(TimeoutError):
    """A flow exceeded its time limit; Prefect calls such a run timed out."""


def one_at_a_time(body: Callable[Parameters, Result]) -> Callable[Parameters, Result]:
    """Decorate a flow to run under the lock of its home, and within the time limit unless it is `nightly`."""

    @functools.wraps(body)
    def run(*words: Parameters.args, **named: Parameters.kwargs) -> Result:
        home, schedule = Home.find(), load_operations().schedule
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
                if held.left_behind is not None:
                    notify_killed_run(held.left_behind)
                    record_killed_run(home, held.left_behind)
                    held.left_behind = None
                if not held.owner.flow_run_id:
                    held.name_run(run_id)
                hours = schedule.timeout_hours if _is_leaf(body) else 0.0
                with time_limit(name, hours):
                    return body(*words, **named)
        except BusyError as error:
            progress.say(str(error))
            return Cancelled(message=str(error))  # type: ignore[return-value] # Prefect accepts a state as a result

    return run


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

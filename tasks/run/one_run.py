"""What every flow that writes stands under: one run at a time, a time limit, and the truth about killed runs.

Conventions: `one_at_a_time` goes between `@flow` and the function, `FAILURE_HOOKS` into `@flow`. A flow inside another
one shares its lock and has a time limit of its own: a branch that hangs fails, and the rest of the night goes on.
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
from tasks.run.notify import notify_caveats, notify_failure

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")

FAILURE_HOOKS: dict[str, Any] = {
    "on_completion": [notify_caveats],
    "on_failure": [notify_failure],
    "on_crashed": [notify_failure],
}
"""Arguments of `@flow`: who is told how a run ended."""
WAITING = "Waiting"
HOUR_SECONDS = 3600.0


class TimeLimitError(TimeoutError):
    """A flow took longer than it may; Prefect calls such a run timed out."""


def one_at_a_time(body: Callable[Parameters, Result]) -> Callable[Parameters, Result]:
    """Run a flow's function under the lock of its home, and within the time limit when it is not `nightly`."""

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
                    held.left_behind = None
                if not held.owner.flow_run_id:
                    held.name_run(run_id)
                hours = schedule.timeout_hours if _is_leaf(body) else 0.0
                with time_limit(name, hours):
                    return body(*words, **named)
        except BusyError as error:
            progress.say(str(error))
            return Cancelled(message=str(error))  # type: ignore[return-value] # what Prefect takes for a result

    return run


def _is_leaf(body: Callable[..., object]) -> bool:
    """Whether a flow's function is one branch of a night, rather than the night itself."""
    return bool(inspect.unwrap(body).__name__ != "nightly")


@contextmanager
def time_limit(name: str, hours: float) -> Iterator[None]:
    """Raise in the main thread when what is inside takes too long; elsewhere there is no limit.

    Args:
        name: Of the flow.
        hours: Limit; 0 for none.

    Raises:
        TimeLimitError: It took longer.
    """
    if hours <= 0 or threading.current_thread() is not threading.main_thread():
        yield
        return

    def ring(*_: object) -> NoReturn:
        raise TimeLimitError(
            f"{name} took longer than the {hours:g} hours that schedule.timeout_hours allows; see where it hung, "
            "raise the limit in genrelab.toml, or run it by hand"
        )

    before = signal.signal(signal.SIGALRM, ring)
    started = time.monotonic()
    left, interval = signal.setitimer(signal.ITIMER_REAL, hours * HOUR_SECONDS)
    try:
        yield
    finally:
        rest = max(left - (time.monotonic() - started), 1e-3) if left else 0.0
        signal.signal(signal.SIGALRM, before)
        signal.setitimer(signal.ITIMER_REAL, rest, interval)


def _wait(run_id: str, owner: LockOwner | None) -> None:
    message = f"waiting for another run to end: {owner or 'its lock is held'}"
    progress.say(message)
    if run_id:
        with get_client(sync_client=True) as client:
            client.set_flow_run_state(UUID(run_id), Running(name=WAITING, message=message), force=True)


def _end_of_wait(run_id: str) -> None:
    """Let a run that waited say that it runs."""
    if not run_id:
        return
    with suppress(PrefectException, httpx.HTTPError), get_client(sync_client=True) as client:
        state = client.read_flow_run(UUID(run_id)).state
        if state is not None and state.name == WAITING:
            client.set_flow_run_state(UUID(run_id), Running(), force=True)


def notify_killed_run(owner: LockOwner) -> None:
    """Give a run that was killed the state that it could not give itself, and the flows inside it too."""
    when = f"{owner.started_at[:16].replace('T', ' ')} UTC"
    progress.say(f"{'':<22} {owner.flow} of {when} was killed before it ended; its steps run again")
    if not owner.flow_run_id:
        return
    state: State[None] = Crashed(
        message="The process ended without a word: it was killed, or the power was cut."
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
        progress.say(f"{'':<22} this Prefect server does not know that run")
    except (PrefectException, httpx.HTTPError, ValueError) as error:  # the last: an id that is none
        progress.say(f"{'':<22} its state in Prefect could not be mended: {type(error).__name__}")

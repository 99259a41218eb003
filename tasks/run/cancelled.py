"""Cancelling a run: by Ctrl-C, or in the Prefect UI, which sends a termination signal.

Conventions: the step in progress ends at once as cancelled, all later steps and flows of the run as soon as they begin,
so that Prefect shows what was cancelled and not a crash. `tasks.run.one_run` begins and ends a run.
"""

from prefect import State
from prefect.exceptions import TerminationSignal
from prefect.states import Cancelled

SIGNALS = (KeyboardInterrupt, TerminationSignal)
"""What is raised in a run that is cancelled."""

MESSAGE = "The run was cancelled; its finished steps are kept, and the next run continues after them."

_signals: list[BaseException] = []  # one process has one run


def begin() -> None:
    """Forget the cancellation of an earlier run of this process."""
    _signals.clear()


def cancel(signal: BaseException) -> State[None]:
    """Note that the run is cancelled, and return the state of what was in progress."""
    _signals.append(signal)
    return stopped()


def is_cancelled() -> bool:
    """Whether the run of this process has been cancelled."""
    return bool(_signals)


def stopped() -> State[None]:
    """Return the state of a step or flow that was in progress."""
    return Cancelled(message=MESSAGE)


def not_started() -> State[None]:
    """Return the state of a step or flow that would begin after the run was cancelled."""
    return Cancelled(message="Not started, because the run was cancelled.")


def end() -> State[None]:
    """Return the state of the outermost flow of a run that was cancelled.

    Raises:
        TerminationSignal: Prefect sent it, and sets the state by what it was sent for.
    """
    if isinstance(_signals[0], TerminationSignal):
        raise _signals[0]
    return stopped()

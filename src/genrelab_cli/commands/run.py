"""Run one flow from the command line, with a Prefect API, progress on the terminal and an exit code."""

import logging
import os
import sys
import time
from contextlib import nullcontext
from functools import partial
from typing import TYPE_CHECKING, Any

from flows import find_flow
from genrelab.analyses.registry import STUDIES, run_by
from genrelab.runtime import progress
from genrelab.runtime.access import require_access
from genrelab.runtime.disk import require_room
from genrelab.runtime.errors import GenrelabError
from genrelab.runtime.home import Home
from genrelab.runtime.operations import load_operations
from genrelab.runtime.settings import load_settings
from genrelab_cli.commands.lock import command_lock
from genrelab_cli.failure import in_a_sentence
from genrelab_cli.servers.prefect_api import gone, prefect_api
from genrelab_cli.servers.server import answers, prepare_environment
from genrelab_cli.terminal import TerminalSink
from tasks.tracking.artifact_places import correct_addresses
from tasks.tracking.place import require_answer

if TYPE_CHECKING:
    from prefect import State

LOGGING = ("train", "predict")
"""Flows that need MLflow, like those of the analyses that log to it."""
UNLOCKED = ("report",)
"""Flows that only read the lake: they may run at the same time as another one."""


def run_flow(name: str, parameters: dict[str, Any], *, verbose: bool) -> int:
    """Run a flow and return the exit code.

    Args:
        name: File stem in `flows/`, which is also the name of the function.
        parameters: The options that the user gave.
        verbose: Whether to show Prefect's own log.

    Returns:
        The exit code: 0 only when the flow completed.

    Raises:
        GenrelabError: A setting is invalid, another run is in progress, the disk is full, or the server stopped.
    """
    settings = {name: value for name, value in parameters.items() if name != "tasks"}
    load_settings(**settings)  # report an invalid value before anything starts
    home = Home.find()
    load_operations(home)  # likewise
    prepare_environment(home, verbose=verbose)
    _show_progress()
    require_access(home)
    # the lock that the flow would take itself, taken before a server is started for it
    with nullcontext() if name in UNLOCKED else command_lock(home, name, say=progress.say):
        require_room(home)
        correct_addresses(home)
        _require_tracking(home, name)
        started = time.monotonic()
        with prefect_api(home, meanwhile=partial(find_flow, name)) as url:
            flow = find_flow(name)
            try:
                state = flow(**parameters, return_state=True)
            except KeyboardInterrupt:
                _send_logs()  # otherwise Prefect tries for a minute to reach the server, which ended with this run
                raise
            if not state.is_completed() and not answers(f"{url.rstrip('/')}/health"):
                raise gone(url)  # the state only reflects the lost server
            _send_logs()
            from tasks.run import cancelled  # imports Prefect, as the flow has done

            if cancelled.is_cancelled():
                raise KeyboardInterrupt
        seconds = time.monotonic() - started
    if state.is_completed():
        print(f"{name.replace('_', '-')} done in {seconds:.0f} s")
    else:
        print(f"genrelab: {name.replace('_', '-')} failed: {_why(state, name)}", file=sys.stderr)
    report = home.reports / "latest" / "index.html"
    if report.is_file():
        print(f"report: {report.absolute().as_uri()}")
    return 0 if state.is_completed() else 1


def _require_tracking(home: Home, name: str) -> None:
    """Report an MLflow that does not answer before the flow starts; a nightly run continues without it."""
    logs = name in LOGGING or (name in STUDIES and any(each.experiment for each in run_by(name)))
    try:
        if logs or name == "nightly":
            require_answer(home)
    except GenrelabError as error:
        if logs:
            raise
        progress.say(f"{'':<22} {error}; steps that need MLflow fail, the others run")


def _why(state: "State[Any]", name: str) -> str:
    """Why a flow failed: the messages of its failed steps, or the error outside of any step."""
    from prefect.exceptions import PrefectException

    result = state.result(raise_on_failure=False) if state.data is not None else None
    if isinstance(result, Exception) and not isinstance(result, PrefectException):
        return str(in_a_sentence(result, name))
    steps = result if isinstance(result, list) else []
    failed = [each for each in steps if not each.is_completed()]
    if not failed:
        return str(state.message)
    message = failed[0].message or failed[0].name
    return (
        f"{len(failed)} of {len(steps)} steps failed, the first: {message}"
        if len(failed) > 1
        else str(message)
    )


def _send_logs() -> None:
    """Send the rest of the log to the server before it stops."""
    from prefect.logging.handlers import APILogHandler

    APILogHandler().flush()


def _show_progress() -> None:
    if sys.stderr.isatty() and os.environ.get("TERM") != "dumb":
        progress.use(TerminalSink())
        return
    log = logging.getLogger("genrelab")
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s", "%H:%M:%S"))
    log.addHandler(handler)
    log.setLevel(logging.INFO)
    log.propagate = False

"""The state of a nightly run: what completed, what failed and why, in one message."""

from collections.abc import Mapping
from typing import Any

from prefect import State
from prefect.states import Completed, Failed

from genrelab.settings import load_settings
from tasks.artifacts import publish_rows

SCRAPED = ("sample", "api")
"""Spotify sources that the scraper serves; everything else is a path of earlier pulls."""


def is_scraped(spotify: str | None) -> bool:
    """Whether the configured Spotify source is scraped, rather than read from files."""
    return load_settings(spotify=spotify).spotify in SCRAPED


def tell_the_truth(states: Mapping[str, State[Any]]) -> State[Any]:
    """One state for a run of several flows: completed only when all of them are.

    Args:
        states: The final state of each flow, by name.

    Returns:
        `Completed`, or `Failed` with the reason of each failed flow.
    """
    rows = [
        {"flow": name, "state": "completed" if state.is_completed() else "FAILED", "what": line}
        for name, state in states.items()
        for line in _lines(state)
    ]
    publish_rows("nightly", rows, "What each flow did; a failed one leaves its last good tables in use.")
    failed = {name: state for name, state in states.items() if not state.is_completed()}
    if not failed:
        return Completed(message=f"all {len(states)} flows completed")
    reasons = "; ".join(line for state in failed.values() for line in _lines(state, only_failed=True))
    return Failed(message=f"{len(failed)} of {len(states)} flows failed ({', '.join(failed)}): {reasons}")


def _lines(state: State[Any], *, only_failed: bool = False) -> list[str]:
    """Messages of the tasks of a flow, or of the flow itself when it broke before them."""
    result = state.result(raise_on_failure=False)
    tasks = [each for each in result if isinstance(each, State)] if isinstance(result, (list, tuple)) else []
    if only_failed:
        tasks = [each for each in tasks if each.is_failed()]
    return [each.message or each.name or "" for each in tasks] or [state.message or state.name or ""]

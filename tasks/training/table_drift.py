"""What a training asks about the drift of its tables, and what blocks a new champion.

Conventions: a training goes on where the code of drift cannot be loaded. The drift is then unknown, which blocks a new
champion like open drift does.

The drift status of tables does not belong here but in `tasks.drift_status`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from importlib import import_module
from typing import TYPE_CHECKING, TypeVar

from genrelab.analyses.analysis import cannot_run
from genrelab.analyses.broken import fault_of
from genrelab.lake.validation_records import fallback_notices
from genrelab.runtime.home import Home
from tasks.measure_drift import STEP
from tasks.run.step import failures

if TYPE_CHECKING:
    from genrelab.models.champion import Decision

A = TypeVar("A")
Tables = Iterable[str] | Mapping[str, Iterable[str]]
"""Names of tables, or the columns that a model reads of each: a drift of another column does not count."""

Concerns = Callable[[str], bool]
"""Whether the drift since the champion of a registered model was trained counts, by the name of the model."""


def blocking(home: Home, tables: Tables, model: str = "") -> list[str]:
    """Return why no model of these tables may become champion now: open drift, a refused table.

    Args:
        home: The home.
        tables: The tables that a model reads.
        model: Name of the registered model. Drift since its champion was trained counts, not that since others were.

    Returns:
        A sentence for each reason; empty if nothing blocks a champion.
    """
    failure = failures(home).get(STEP)
    unknown = [_unmeasured(failure.message)] if failure else []
    refused = [f"validation: based {sentence}" for sentence in fallback_notices(home, tables)]
    drifts = open_drifts(home, tables, lambda name: name == model)
    return list(dict.fromkeys([*drifts, *unknown, *refused]))


def hold_back(decision: "Decision", reasons: Sequence[str]) -> "Decision":
    """Return the decision, changed to "not promoted" if there are reasons that block any promotion."""
    if not (reasons and decision.promoted):
        return decision
    reason = f"Not promoted: blocked by {'; '.join(reasons)}. Otherwise: {decision.reason}"
    return replace(decision, promoted=False, reason=reason)


def open_drifts(home: Home, tables: Tables, concerns: Concerns = lambda _: True) -> list[str]:
    """As `tasks.drift_status.open_drifts`; where drift is unknown, a sentence that says why."""
    return _ask("open_drifts", lambda fault: [_unmeasured(fault)], home, tables, concerns)


def metrics_of(
    home: Home, tables: Iterable[str], features: Iterable[str], concerns: Concerns = lambda _: True
) -> dict[str, float]:
    """As `tasks.drift_status.metrics_of`; empty where drift is unknown."""
    return _ask("metrics_of", lambda _: {}, home, tables, features, concerns)


def tag_of(home: Home, tables: Iterable[str], concerns: Concerns = lambda _: True) -> str:
    """As `tasks.drift_status.tag_of`; where drift is unknown, why."""
    return _ask("tag_of", lambda fault: f"unknown: {fault}", home, tables, concerns)


def _ask(function: str, unknown: Callable[[str], A], *args: object) -> A:
    """What a function of `tasks.drift_status` returns, or what is said where the code of drift cannot be loaded."""
    try:
        found = getattr(import_module("tasks.drift_status"), function)
    except Exception as error:  # noqa: BLE001 - any error of the code
        return unknown(str(cannot_run(STEP, fault_of(error))))
    answer: A = found(*args)
    return answer


def _unmeasured(why: str) -> str:
    return f"drift: it could not be measured ({why})"

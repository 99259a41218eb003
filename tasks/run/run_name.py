"""Names of flow runs in the Prefect UI: what runs, on what, and how much work it may do."""

from collections.abc import Mapping
from pathlib import Path

from prefect.runtime import flow_run

from genrelab.runtime.run_lock import held_by_this_run

SHORT = 40
"""Characters of a value."""
UNNAMED = ("configured", "")
"""Values that leave the choice to the settings."""


def run_name() -> str:
    """Return the name of the flow run that begins now, for Prefect."""
    owner = held_by_this_run()
    return name_of(str(flow_run.flow_name or "run"), flow_run.parameters or {}, owner.flow if owner else "")


def name_of(flow: str, parameters: Mapping[str, object], within: str = "") -> str:
    """Return the name of a run of a flow with these parameters.

    Args:
        flow: Its name.
        parameters: What it was given.
        within: Name of the flow around it.

    >>> name_of("train", {"budget": "nightly", "tasks": ["spotify-bins-classic"]})
    'train spotify-bins-classic, nightly'
    >>> name_of("nightly", {"spotify": "/music/pulls", "fma": "sample", "budget": "configured", "strict": True})
    'nightly, spotify pulls, fma sample, strict'
    >>> name_of("predict", {}, within="nightly")
    'predict, nightly'
    """
    tasks = parameters.get("tasks") or []
    what = " ".join(map(str, tasks)) if isinstance(tasks, list) else str(tasks)
    rest = [
        name if value is True else _short(value) if name == "budget" else f"{name} {_short(value)}"
        for name, value in parameters.items()
        if name != "tasks" and (value is True or (isinstance(value, str) and value not in UNNAMED))
    ]
    around = [within] if within not in {"", flow, *rest} else []
    return ", ".join([f"{flow} {what}".strip(), *rest, *around])


def _short(value: object) -> str:
    """The last part of a path, which says enough and shows nobody's folders."""
    return (Path(str(value)).name or str(value))[:SHORT]

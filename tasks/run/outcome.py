"""The final state of a nightly run: which flows completed or failed and why, and the state of each table.

Conventions: "fresh": a step of this run published the table. "unchanged": its inputs have not changed. "last good":
the step that computes it failed, so an earlier version stays in use.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from prefect import State
from prefect.states import Completed, Failed

from genrelab.analyses.broken import fault_of
from genrelab.lake.lake import Lake
from genrelab.runtime import progress
from genrelab.runtime.files import write_json
from genrelab.runtime.home import Home
from genrelab.runtime.settings import load_settings
from tasks.run.artifacts import publish_rows
from tasks.run.step import failures, forget_failure, note_failure, step_records
from tasks.run.step_states import flow_of_step

SCRAPED = ("sample", "api")
"""Spotify sources that are scraped; any other source is a path of files."""
NIGHTLY_RECORD = "operations/nightly.json"
"""Record of the last nightly run, for `genrelab doctor`; not in the folder of the step records."""
STEPS_OF = {"scrape": ("scrape", "publish_scraped"), "ingest_spotify": ("ingest_spotify",)}
"""Steps of the two ways to fill spotify_tracks: a run takes one, and failures of the other are forgotten."""


def is_scraped(spotify: str | None) -> bool:
    """Whether the configured Spotify source is scraped, not read from files."""
    return load_settings(spotify=spotify).spotify in SCRAPED


def published_tables() -> dict[str, str]:
    """Return the identity of the newest version of each table, to find out later what a run published."""
    newest = Lake(Home.find()).newest()
    return {name: version.id for name, version in newest.items() if version}


def cannot_load(flow: str, error: Exception) -> State[None]:
    """Return the state of a flow whose code cannot be imported.

    Args:
        flow: Its name.
        error: What the import raised.
    """
    message = f"the code of the flow {flow} cannot be loaded; found: {fault_of(error)}"
    progress.say(f"{flow:<22} FAILED: {message}")
    return Failed(message=message)


def finalize_nightly_state(states: Mapping[str, State[None]], before: Mapping[str, str]) -> State[None]:
    """Return the state of a nightly run: completed only if all its flows are.

    Args:
        states: The final state of each flow, by name.
        before: `published_tables` when the run began.

    Returns:
        `Completed`, or `Failed` with the reason of each failed flow, the tables that are fresh and those that are
        last good.
    """
    home = Home.find()
    _forget_other_source(home, states)
    _note_flows(home, states)
    rows = [
        {"flow": name, "state": "completed" if state.is_completed() else "FAILED", "what": line}
        for name, state in states.items()
        for line in _lines(state)
    ]
    publish_rows("nightly", rows, "Result of each flow; the last good tables of a failed flow stay in use.")
    stands = table_states(home, before)
    publish_rows("nightly-tables", [asdict(one) for one in stands], "State of each table after this run.")
    failed = {name: state for name, state in states.items() if not state.is_completed()}
    if not failed:
        message = f"all {len(states)} flows completed"
        _note(home, "completed", message)
        return Completed(message=message)
    reasons = "; ".join(line for state in failed.values() for line in _lines(state, only_failed=True))
    message = f"{len(failed)} of {len(states)} flows failed ({', '.join(failed)}): {reasons}"
    _note(home, "failed", message)
    return Failed(message=f"{message}. {in_words(stands)}")


@dataclass(frozen=True)
class TableState:
    """The state of a table after a run: its version, and whether it is fresh, unchanged, last good or unreadable."""

    table: str
    version: int | str
    stands: str
    published: str


def table_states(home: Home, before: Mapping[str, str]) -> list[TableState]:
    """Return the state of each table: its version, and whether it is fresh, unchanged or last good.

    Args:
        home: Whose tables.
        before: Identity of the newest version of each table when the run began.
    """
    made_by = {
        (table, identity): step
        for step, record in step_records(home).items()
        for table, identity in record.published.items()
    }
    failed = failures(home)
    found = []
    for name, version in Lake(home).newest().items():
        if version is None:
            found.append(TableState(name, "", "cannot be opened", ""))
            continue
        stands = "unchanged"
        if before.get(name) != version.id:
            stands = "fresh"
        elif failed.keys() & _behind(made_by.get((name, version.id), "")):
            stands = "last good"
        published = version.published_at[:16].replace("T", " ")
        found.append(TableState(name, version.version, stands, published))
    return found


def in_words(tables: Sequence[TableState]) -> str:
    """Describe which tables are fresh and which are last good, in one line."""
    fresh = [f"{one.table} version {one.version}" for one in tables if one.stands == "fresh"]
    kept = [
        f"{one.table} version {one.version} of {one.published} UTC"
        for one in tables
        if one.stands == "last good"
    ]
    unchanged = sum(one.stands == "unchanged" for one in tables)
    damaged = [one.table for one in tables if one.stands == "cannot be opened"]
    unreadable = f"; cannot be opened: {', '.join(damaged)}" if damaged else ""
    return (
        f"Fresh: {', '.join(fresh) or 'no table'}; last good, still in use: {', '.join(kept) or 'no table'}; "
        f"unchanged: {unchanged} tables{unreadable}"
    )


def _behind(step: str) -> set[str]:
    """Steps whose failure prevents an update of a table: its own step and the one that fetches its data."""
    return {step, *(each for steps in STEPS_OF.values() if step in steps for each in steps)}


def _forget_other_source(home: Home, states: Mapping[str, State[None]]) -> None:
    """Remove the failures of the other way to fill spotify_tracks, which this run did not take."""
    for flow, steps in STEPS_OF.items():
        if flow not in states:
            for step in steps:
                forget_failure(home, step)


def _note_flows(home: Home, states: Mapping[str, State[None]]) -> None:
    """Record each flow that failed outside of its steps, such as one whose code cannot be loaded; forget the others."""
    failing = {flow_of_step(step) for step in failures(home) if step not in states}
    for flow, state in states.items():
        if state.is_completed():
            forget_failure(home, flow)
        elif not state.is_cancelled() and flow not in failing and flow not in failures(home):
            note_failure(home, flow, state.message or state.name or "no reason given")


def _note(home: Home, state: str, message: str) -> None:
    at = datetime.now(UTC).isoformat(timespec="seconds")
    write_json(home.state / NIGHTLY_RECORD, {"at": at, "state": state, "message": message})


def _lines(state: State[None], *, only_failed: bool = False) -> list[str]:
    """Messages of the tasks of a flow, or of the flow itself if it failed before them."""
    result = state.result(raise_on_failure=False) if state.data is not None else None
    tasks: list[State] = (
        [each for each in result if isinstance(each, State)] if isinstance(result, (list, tuple)) else []
    )
    if only_failed:
        tasks = [each for each in tasks if each.is_failed()]
    return [each.message or each.name or "" for each in tasks] or [state.message or state.name or ""]

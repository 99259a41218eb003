"""The state of a nightly run: what completed, what failed and why, what is fresh and what is last good.

Conventions: fresh means that a step of this run published the table; unchanged, that nothing it is made from has
changed; last good, that the step which makes it failed, so that an earlier version stays in use.
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
from tasks.run.step import FAILURES, failures, read_record

SCRAPED = ("sample", "api")
"""Spotify sources that the scraper serves; everything else is a path of earlier pulls."""
NIGHT = "operations/nightly.json"
"""Record of the last night, for `genrelab doctor`; beside the records of steps, not among them."""
STEPS_OF = {"scrape": ("scrape", "publish_scraped"), "ingest_spotify": ("ingest_spotify",)}
"""Steps of the two ways to spotify_tracks: a night takes one, and what failed in the other is past."""


def is_scraped(spotify: str | None) -> bool:
    """Whether the configured Spotify source is scraped, rather than read from files."""
    return load_settings(spotify=spotify).spotify in SCRAPED


def published_tables() -> dict[str, str]:
    """The identity of the newest version of each table, to see later what a run published."""
    newest = Lake(Home.find()).newest()
    return {name: version.id for name, version in newest.items() if version}


def cannot_load(flow: str, error: Exception) -> State[None]:
    """The state of a flow whose code cannot be imported.

    Args:
        flow: Its name.
        error: What the import raised.
    """
    message = f"the code of the flow {flow} cannot be loaded; found: {fault_of(error)}"
    progress.say(f"{flow:<22} FAILED: {message}")
    return Failed(message=message)


def finalize_nightly_state(states: Mapping[str, State[None]], before: Mapping[str, str]) -> State[None]:
    """One state for a run of several flows: completed only when all of them are.

    Args:
        states: The final state of each flow, by name.
        before: `published_tables` when the run began.

    Returns:
        `Completed`, or `Failed` with the reason of each failed flow, the tables that are fresh and those that are
        last good.
    """
    home = Home.find()
    _forget_the_other_way(home, states)
    rows = [
        {"flow": name, "state": "completed" if state.is_completed() else "FAILED", "what": line}
        for name, state in states.items()
        for line in _lines(state)
    ]
    publish_rows("nightly", rows, "What each flow did; a failed one leaves its last good tables in use.")
    stands = how_tables_stand(home, before)
    publish_rows("nightly-tables", [asdict(one) for one in stands], "Where each table stands after this run.")
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
    """A table after a run: its version, and whether that is fresh, unchanged, last good or cannot be opened."""

    table: str
    version: int | str
    stands: str
    published: str


def how_tables_stand(home: Home, before: Mapping[str, str]) -> list[TableState]:
    """Each table with its version and whether that is fresh, unchanged or last good.

    Args:
        home: Whose tables.
        before: Identity of the newest version of each when the run began.
    """
    made_by = {
        (table, identity): path.stem
        for path in home.state.glob("*.json")
        if (record := read_record(path))
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
    """What is fresh and what is last good, in a line."""
    fresh = [f"{one.table} version {one.version}" for one in tables if one.stands == "fresh"]
    kept = [
        f"{one.table} version {one.version} of {one.published} UTC"
        for one in tables
        if one.stands == "last good"
    ]
    unchanged = sum(one.stands == "unchanged" for one in tables)
    damaged = [one.table for one in tables if one.stands == "cannot be opened"]
    told = f"; cannot be opened: {', '.join(damaged)}" if damaged else ""
    return (
        f"Fresh: {', '.join(fresh) or 'no table'}; last good, still in use: {', '.join(kept) or 'no table'}; "
        f"unchanged: {unchanged} tables{told}"
    )


def _behind(step: str) -> set[str]:
    """Steps whose failure keeps a table from being made anew: its own, and the one that fetches for it."""
    return {step, *(each for steps in STEPS_OF.values() if step in steps for each in steps)}


def _forget_the_other_way(home: Home, states: Mapping[str, State[None]]) -> None:
    """A failure of the way to spotify_tracks that this night did not take says nothing of this night."""
    for flow, steps in STEPS_OF.items():
        if flow not in states:
            for step in steps:
                (home.state / FAILURES / f"{step}.json").unlink(missing_ok=True)


def _note(home: Home, state: str, message: str) -> None:
    at = datetime.now(UTC).isoformat(timespec="seconds")
    write_json(home.state / NIGHT, {"at": at, "state": state, "message": message})


def _lines(state: State[None], *, only_failed: bool = False) -> list[str]:
    """Messages of the tasks of a flow, or of the flow itself when it broke before them."""
    result = state.result(raise_on_failure=False) if state.data is not None else None
    tasks: list[State] = (
        [each for each in result if isinstance(each, State)] if isinstance(result, (list, tuple)) else []
    )
    if only_failed:
        tasks = [each for each in tasks if each.is_failed()]
    return [each.message or each.name or "" for each in tasks] or [state.message or state.name or ""]

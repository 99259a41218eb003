"""The runs that are kept, as plain values: one record per run of a flow, the newest last.

Conventions: a flow inside another one belongs to the run of the outer one. Times are ISO 8601 in UTC. A step is *done*
if it finished in this run, *unchanged* if its last result is older, *left out* if its input does not exist, *failed*
if its last attempt failed; a failed step keeps its last good result in use. The defaults apply to records that an
earlier version wrote.

Which files hold the records does not belong here but in `tasks.run.history`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

DONE, UNCHANGED, LEFT_OUT, FAILED = "done", "unchanged", "left out", "failed"

RUNNING, COMPLETED, ENDED_FAILED, KILLED, CANCELLED = "running", "completed", "failed", "killed", "cancelled"
"""State of a run; `running` in a report that is written before the run has ended."""


@dataclass(frozen=True)
class RunStep:
    """A step as a run left it.

    Args:
        step: Its name.
        flow: The flow that runs it.
        state: `DONE`, `UNCHANGED`, `LEFT_OUT` or `FAILED`.
        message: One line: what it did, or why it was left out or failed.
        seconds: How long its last result took; 0 without one.
        last_done: When its last result was finished; empty if it never was.
        since: When it failed for the first time without a success after it; empty unless it failed.
        in_use: The last good result that is still in use, in words; empty unless it failed.
        affects: Steps and tables that depend on it, by name; only of a failed step.
    """

    step: str
    flow: str
    state: str
    message: str
    seconds: float
    last_done: str
    since: str = ""
    in_use: str = ""
    affects: tuple[str, ...] = ()


@dataclass(frozen=True)
class TableInUse:
    """The version of a table that is in use.

    Args:
        version: Its number.
        id: Its identity.
        rows: Rows published.
        quarantined: Records rejected.
        sample: Whether it holds sample data.
    """

    version: int
    id: str
    rows: int
    quarantined: int
    sample: bool


@dataclass(frozen=True)
class ChampionInUse:
    """The champion of a task and its headline score.

    Args:
        title: The task as people read it.
        model: The kind of model as people read it.
        version: Its version in the registry.
        split: The split of the score; empty where it was not scored.
        metric: The score: `accuracy`, or `jaccard` for several genres.
        value: The score; None where there is none.
        low: Lower end of its 95 % interval.
        high: Upper end of its 95 % interval.
        sample: Whether it was trained on sample data.
    """

    title: str
    model: str
    version: str
    split: str
    metric: str
    value: float | None
    low: float | None
    high: float | None
    sample: bool


@dataclass(frozen=True)
class LargestDrift:
    """The feature of a table that changed most since the earlier version of its source.

    Args:
        feature: Its name.
        psi: Its population stability index.
        findings: How many measures are above their limits.
    """

    feature: str
    psi: float
    findings: int


@dataclass(frozen=True)
class RunRecord:
    """One run.

    Args:
        key: Name of its record; later runs have later names.
        flow: The outermost flow.
        name: Prefect's name of the run.
        run_id: Prefect's id of the run.
        state: `RUNNING`, `COMPLETED`, `ENDED_FAILED`, `KILLED` or `CANCELLED`.
        began: When it began.
        ended: When it ended; empty while it runs.
        message: How it ended, in a line.
        steps: Every step, in the order in which they were done.
        tables: The tables in use after the run, by name.
        coverage: Share of the tracks with a target genre, by rule set.
        rules: Fingerprint of each rule set that made labels, by name.
        champions: The champions in use after the run, by task.
        drift: The largest drift of each table that was compared, by table.
        flips: How many predictions changed since the run before, by task.
    """

    key: str
    flow: str
    name: str
    run_id: str
    state: str
    began: str
    ended: str
    message: str
    steps: tuple[RunStep, ...] = ()
    tables: Mapping[str, TableInUse] = field(default_factory=dict)
    coverage: Mapping[str, float] = field(default_factory=dict)
    rules: Mapping[str, str] = field(default_factory=dict)
    champions: Mapping[str, ChampionInUse] = field(default_factory=dict)
    drift: Mapping[str, LargestDrift] = field(default_factory=dict)
    flips: Mapping[str, int] = field(default_factory=dict)

    def in_state(self, state: str) -> tuple[RunStep, ...]:
        """Return the steps in a state."""
        return tuple(step for step in self.steps if step.state == state)

    @property
    def failed(self) -> tuple[RunStep, ...]:
        """Return the failed steps."""
        return self.in_state(FAILED)


@dataclass(frozen=True)
class Flip:
    """A track whose predicted genre changed since the run before.

    Args:
        task: What is predicted.
        track_id: Id of the track at its source.
        track: Its title.
        artist: Its artist.
        before: Genre predicted before; several are separated by commas.
        after: Genre predicted now.
    """

    task: str
    track_id: str
    track: str
    artist: str
    before: str
    after: str


@dataclass(frozen=True)
class RunHistory:
    """The runs that are kept.

    Args:
        runs: Records, the newest last.
        flips: Predictions that changed in a run, by the key of its record; at most `genrelab.analyses.run_history.
            changes.MOST_NAMED` of a run, the most probable first.
    """

    runs: tuple[RunRecord, ...]
    flips: Mapping[str, tuple[Flip, ...]]

"""The records of runs: collected from the state of all steps when a run ends, and shown beside the newest report.

A record is a file in `data/state/runs/`, named by a number that increases with every run, because a clock may be set
back. A flow inside another one belongs to the run of the outer one. The record of a run that changed nothing is written
too, so that the band on the pages of the report says so although the report itself is not written again.

Which predictions changed is computed in `tasks.run.flips`; the words are in `genrelab.analyses.run_history`.
"""

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from genrelab.analyses.run_history.result import (
    CANCELLED,
    COMPLETED,
    DONE,
    ENDED_FAILED,
    KILLED,
    RUNNING,
    UNCHANGED,
    ChampionInUse,
    LargestDrift,
    RunHistory,
    RunRecord,
    TableInUse,
)
from genrelab.analyses.run_history.status import as_text, status_of
from genrelab.lake.lake import Lake
from genrelab.lake.storage import storage_of
from genrelab.lake.version import TableVersion
from genrelab.runtime import progress
from genrelab.runtime.files import read_json, write_json
from genrelab.runtime.home import Home
from genrelab.runtime.records import decode, encode
from genrelab.runtime.run_lock import LockOwner, last_owner
from tasks.run.flips import flips_between
from tasks.run.step import (
    facts_of,
    failures,
    forget_failure,
    note_failure,
)
from tasks.run.step_states import steps_of

if TYPE_CHECKING:
    from prefect import Flow, State
    from prefect.client.schemas import FlowRun

RUNS = "runs"
"""Folder of the records of runs in `data/state/`; not in the folder of the step records."""
ARTIFACT = "run-status"


def record_run(flow: "Flow[..., object]", flow_run: "FlowRun", state: "State[object]") -> None:
    """Prefect hook that records how a run ended, and renews the status beside the newest report.

    Args:
        flow: The flow.
        flow_run: Its run; Prefect requires this argument name.
        state: How it ended.
    """
    if flow_run.parent_task_run_id is not None:
        return
    from tasks.run.artifacts import publish_text  # noqa: PLC0415 - imports this module's caller

    home = Home.find()
    began = flow_run.start_time or flow_run.expected_start_time or datetime.now(UTC)
    _note_flow(home, flow.name, state, _iso(began))
    history = end_run(
        home,
        RunRecord(
            key="",
            flow=flow.name,
            name=flow_run.name,
            run_id=str(flow_run.id),
            state=_how(state),
            began=_iso(began),
            ended=_iso(datetime.now(UTC)),
            message=state.message or state.name or "",
        ),
    )
    if status := status_of(history):
        publish_text(ARTIFACT, as_text(status))


def record_killed_run(home: Home, owner: LockOwner) -> None:
    """Record a run that was killed, when the next one finds what it left behind."""
    end_run(
        home,
        RunRecord(
            "", owner.flow, "", owner.flow_run_id, KILLED, owner.started_at, "", "the process was killed"
        ),
    )


def end_run(home: Home, run: RunRecord) -> RunHistory:
    """Write the record of a run, and the status beside the newest report; return all runs kept.

    Args:
        home: The home.
        run: The run, as far as it is known without the state of the steps.
    """
    from genrelab.report.status import write_status  # noqa: PLC0415 - needs templates

    history = with_run(home, run)
    newest = history.runs[-1]
    write_json(home.state / RUNS / f"{newest.key}.json", encode(_compact(newest)))
    storage = storage_of(home)
    for file in write_status(home.reports / "latest", history):
        if storage.location:
            storage.write(f"reports/{file.parent.name}/{file.name}", file.read_bytes())
    return history


def _compact(run: RunRecord) -> RunRecord:
    """A record without the messages of steps that succeeded, which nothing shows of an earlier run."""
    steps = (replace(step, message="") if step.state in {DONE, UNCHANGED} else step for step in run.steps)
    return replace(run, steps=tuple(steps))


def runs_so_far(home: Home, *, flow: str, name: str, run_id: str) -> RunHistory:
    """Return all runs kept and the one that is writing the report.

    Args:
        home: The home.
        flow: Name of the flow that writes the report.
        name: Prefect's name of its run.
        run_id: Prefect's id of its run.
    """
    owner = last_owner(home)
    if owner is not None and owner.pid == os.getpid():  # a nightly run holds the lock
        flow, began = owner.flow, owner.started_at
    else:
        began = _iso(datetime.now(UTC))
    return with_run(home, RunRecord("", flow, name, run_id, RUNNING, began, "", ""))


def with_run(home: Home, run: RunRecord) -> RunHistory:
    """Return the runs kept, followed by a run with the state of all steps, tables and champions."""
    runs = read_runs(home)
    before = runs[-1] if runs else None
    number = int(before.key.partition("-")[0]) + 1 if before else 1
    lake = Lake(home)
    newest = lake.newest()
    run = replace(
        run,
        key=f"{number:06d}",
        steps=steps_of(home, newest, run.began),
        tables={name: _in_use(version) for name, version in newest.items() if version},
        coverage=_coverage(home),
        rules={
            name: digest for version in newest.values() if version for name, digest in version.rules.items()
        },
        champions=_champions(home, before),
        drift=_drift(home),
    )
    flips = {}
    for earlier, later in zip([None, *runs], [*runs, run], strict=True):
        found = flips_between(home, earlier, later) if earlier else None
        if found:
            flips[later.key] = found.flips
            if later is run:
                run = replace(run, flips=found.counts)
    return RunHistory((*runs, run), flips)


def read_runs(home: Home) -> tuple[RunRecord, ...]:
    """Return the records of the runs kept, the newest last; records that this version cannot read are left out."""
    files = sorted((home.state / RUNS).glob("*.json"))
    return tuple(found for file in files if (found := decode(RunRecord, read_json(file))))


def _in_use(version: TableVersion) -> TableInUse:
    counts = version.counts
    return TableInUse(version.version, version.id, counts.rows, counts.quarantined, version.is_sample)


def _champions(home: Home, before: RunRecord | None) -> dict[str, ChampionInUse]:
    """The champion of each task with its headline score; one fitted in an earlier training keeps that score."""
    from tasks.training.train import all_trainings  # noqa: PLC0415 - imports this module's caller

    found = {}
    trained = all_trainings(home)
    for task in trained.tasks if trained else ():
        if task.champion is None or not task.champion.version:
            continue
        run, split, metric = task.champion_run, task.headline(), task.headline_score
        score = run.score(split, metric) if run else None
        champion = ChampionInUse(
            task.title,
            task.champion_name,
            task.champion.version,
            split if score else "",
            metric,
            score.value if score else None,
            score.low if score else None,
            score.high if score else None,
            task.champion.sample,
        )
        earlier = before.champions.get(task.task) if before else None
        if score is None and earlier and earlier.version == champion.version:
            champion = earlier
        found[task.task] = champion
    return found


def _coverage(home: Home) -> dict[str, float]:
    """The share of tracks with a genre by rule set, that of the rule set in use first."""
    facts = facts_of(home, "bin_genres")
    shares: Mapping[str, Any] = facts.get("coverage", {})
    return {
        str(name): float(shares[name])
        for name in sorted(shares, key=lambda name: name != facts.get("rule_set"))
    }


def _drift(home: Home) -> dict[str, LargestDrift]:
    """The largest drift of each table; the facts are read as they lie, because the code of drift may be broken."""
    found = {}
    tables: Iterable[Mapping[str, Any]] = facts_of(home, "measure_drift").get("tables", ())
    for table in tables:
        measured: Sequence[Mapping[str, Any]] = [
            feature for feature in table.get("features", ()) if feature.get("psi") is not None
        ]
        if measured and table.get("status") == "compared":
            most = max(measured, key=lambda feature: float(feature["psi"]))
            found[str(table["table"])] = LargestDrift(
                str(most["feature"]), float(most["psi"]), len(table.get("findings", ()))
            )
    return found


def _how(state: "State[object]") -> str:
    """How a run ended, by its last state in Prefect."""
    if state.is_completed():
        return COMPLETED
    return CANCELLED if state.is_cancelled() or state.is_cancelling() else ENDED_FAILED


def _note_flow(home: Home, flow: str, state: "State[object]", began: str) -> None:
    """Record the failure of a flow that failed outside of its steps; forget it when the flow succeeds."""
    if _how(state) == COMPLETED:
        forget_failure(home, flow)
    elif _how(state) == ENDED_FAILED and not any(
        failure.failed_at >= began for failure in failures(home).values()
    ):
        message = state.message or state.name or "no reason given"
        progress.say(f"{flow:<22} FAILED: {message}")
        note_failure(home, flow, message)


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")

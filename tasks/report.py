"""The report site, from what every step last found."""

import itertools
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from prefect import State, task
from prefect.runtime import flow_run

from genrelab import __version__
from genrelab.analyses.records import result_of
from genrelab.analyses.registry import ANALYSES
from genrelab.analyses.training.analysis import TRAINING
from genrelab.errors import GenrelabError
from genrelab.lake import Lake
from genrelab.settings import Settings
from genrelab.tables import TABLES
from genrelab.validation import read_records
from tasks.artifacts import publish_report_link
from tasks.checkout import git_commit
from tasks.step import ALL_CODE, Outcome, facts_of, failures, read_record, run_step
from tasks.train import all_trainings

REJECTED_EXAMPLES = 5
OWN_RECORD = "report"


@task
def write_report(settings: Settings) -> State[Any]:
    """Write the site for everything that has been found so far."""
    home = settings.home

    def work() -> Outcome:
        from genrelab.report.site import publish_site  # noqa: PLC0415 - a skipped step needs no template

        name = _free_name(home.reports, datetime.now(UTC).strftime("%Y-%m-%dT%H%M%S"))
        try:
            page = publish_site(collect_facts(settings), home.reports, name)
        finally:
            publish_report_link()
        return Outcome(home.short(page))

    records = {
        path.stem: read_record(path) for path in sorted(home.state.glob("*.json")) if path.stem != OWN_RECORD
    }
    inputs: dict[str, object] = {
        name: [record.get("order", 0), record["finished_at"]] for name, record in records.items() if record
    }
    inputs |= {f"failed {name}": record["failed_at"] for name, record in failures(home).items()}
    page = home.reports / "latest" / "index.html"
    return run_step(OWN_RECORD, home, inputs, work, is_there=page.is_file, code=ALL_CODE)


def _free_name(reports: Path, stamp: str) -> str:
    """A folder for this report: a clock that was set back gives a time that another report has already."""
    taken = (f"{stamp}-{number}" for number in itertools.count(2))
    return next(name for name in itertools.chain([stamp], taken) if not (reports / name).exists())


def collect_facts(settings: Settings) -> dict[str, Any]:
    """Everything the pages draw: results of analyses by name, JSON values of the rest; what never ran is absent."""
    home = settings.home
    tables = _table_facts(Lake(home))
    facts: dict[str, Any] = {
        "generated_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "run": {
            "name": flow_run.flow_name or "report",
            "flow_run_id": flow_run.id or "",
            "git_commit": git_commit(),
            "genrelab_version": __version__,
        },
        "is_sample": bool(tables) and all(table["sample"] for table in tables),
        "tables": tables,
        "steps": _steps(settings),
    }
    found = {
        "bins": facts_of(home, "bin_genres"),
        "fma": facts_of(home, "ingest_fma"),
        "origin": facts_of(home, "ingest_origin"),
        TRAINING.name: all_trainings(home),
        "validation": {"records": records} if (records := read_records(home)) else {},
    }
    results = {
        analysis.name: result
        for analysis in ANALYSES
        if (result := result_of(analysis.result, read_record(home.state / f"{analysis.name}.json")))
        is not None
    }
    return facts | {name: value for name, value in found.items() if value} | results


def _steps(settings: Settings) -> list[dict[str, Any]]:
    """What each step last did, in the order in which it was done; a failed one says why."""
    records = [record for path in settings.home.state.glob("*.json") if (record := read_record(path))]
    done = {
        record["step"]: {
            "step": record["step"],
            "state": "done",
            "message": record["message"],
            "seconds": record["seconds"],
            "finished_at": record["finished_at"],
        }
        for record in sorted(records, key=lambda record: (record.get("order", 0), str(record["finished_at"])))
        if record["step"] != OWN_RECORD
    }
    for name, failure in failures(settings.home).items():
        last_good = done.pop(name, None)
        kept = (
            f"; in use: what it made on {last_good['finished_at'][:16].replace('T', ' ')}"
            if last_good
            else ""
        )
        done[name] = {
            "step": name,
            "state": "failed",
            "message": f"{failure['message']}{kept}",
            "seconds": 0.0,
            "finished_at": failure["failed_at"],
        }
    return list(done.values())


def _table_facts(lake: Lake) -> list[dict[str, Any]]:
    facts = []
    for name, version in lake.newest().items():
        if version is None:
            continue  # its step and those that read it fail, and the report shows that
        warnings = list(version.warnings)
        try:
            rejected = lake.rejected(name).slice(0, REJECTED_EXAMPLES).to_pylist()
        except GenrelabError as error:
            rejected = []
            warnings.append(str(error))
        facts.append(
            {
                **version.facts(),
                "meaning": TABLES[name].meaning if name in TABLES else "",
                "caveats": list(version.caveats),
                "notes": list(version.notes),
                "warnings": warnings,
                "rejected": [
                    {key: row[key] for key in ("source", "source_row", "reasons", "record")}
                    for row in rejected
                ],
            }
        )
    return facts

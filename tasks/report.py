"""The step that writes the report site from the last results of every step."""

import itertools
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from prefect import State, task
from prefect.runtime import flow_run
from pyarrow import ArrowException

from genrelab import __version__
from genrelab.analyses.data_quality.analysis import TABLES, VALIDATION
from genrelab.analyses.data_quality.result import Audits, PublishedTable, PublishedTables, RejectedRecord
from genrelab.analyses.overview.analysis import OVERVIEW
from genrelab.analyses.overview.result import ReportedRun, StepReport
from genrelab.analyses.registry import ANALYSES
from genrelab.analyses.run_history.analysis import RUN_HISTORY
from genrelab.analyses.run_history.result import FAILED, RunRecord
from genrelab.analyses.training.analysis import TRAINING
from genrelab.lake.lake import Lake
from genrelab.lake.missing import missing_shares
from genrelab.lake.sent import send_report
from genrelab.lake.storage import storage_of
from genrelab.lake.stored_rows import marked_rows, numbers_of
from genrelab.lake.validation_records import read_records
from genrelab.lake.version import TableVersion
from genrelab.runtime.errors import GenrelabError
from genrelab.runtime.records import decode
from genrelab.runtime.settings import Settings
from genrelab.tables import TABLES as DECLARED
from tasks.run.artifacts import publish_report_link
from tasks.run.checkout import git_commit
from tasks.run.history import runs_so_far
from tasks.run.step import ALL_CODE, Outcome, failures, left_out, run_step, step_records
from tasks.training.train import all_trainings

if TYPE_CHECKING:
    from genrelab.report.search_index import Names

REJECTED_EXAMPLES = 5
OWN_RECORD = "report"
NAMED = (
    (
        "spotify_binned",
        {
            "artist": "artist_name",
            "artist_id": "artist_id",
            "title": "track_name",
            "track_id": "track_id",
            "genre": "genre_bin",
        },
        "popularity",
        "Spotify",
    ),
    (
        "fma_tracks",
        {
            "artist": "artist_name",
            "artist_id": "artist_id",
            "title": "track_title",
            "track_id": "track_id",
            "genre": "genre_top",
        },
        "track_listens",
        "FMA",
    ),
)
"""Tables with names for the search: their columns, the one that says how popular a track is, and their source."""


@task
def write_report(settings: Settings) -> State[None]:
    """Write the report site from all results so far."""
    home = settings.home

    def work() -> Outcome:
        from genrelab.report.servers import read_servers, server_links, write_servers  # noqa: PLC0415 - likewise
        from genrelab.report.site import publish_site  # noqa: PLC0415 - a skipped step needs no template

        servers = read_servers(home.reports / "latest") | server_links(home)
        name = _free_name(home.reports, datetime.now(UTC).strftime("%Y-%m-%dT%H%M%S"))
        try:
            page = publish_site(collect_facts(settings), home.reports, name, collect_names(Lake(home)))
        finally:
            publish_report_link()
        write_servers(page.parent, servers)
        send_report(storage_of(home), name)
        return Outcome(home.short(page))

    inputs: dict[str, object] = {
        name: [record.order, record.finished_at]
        for name, record in step_records(home).items()
        if name != OWN_RECORD
    }
    inputs |= {f"failed {name}": [failure.began, failure.message] for name, failure in failures(home).items()}
    inputs |= {f"left out {name}": one.reason for name, one in left_out(home).items()}
    page = home.reports / "latest" / "index.html"
    return run_step(OWN_RECORD, home, inputs, work, is_there=page.is_file, code=ALL_CODE)


def _free_name(reports: Path, stamp: str) -> str:
    """A free folder name for this report; if the clock was set back, the time may be taken already."""
    taken = (f"{stamp}-{number}" for number in itertools.count(2))
    return next(name for name in itertools.chain([stamp], taken) if not (reports / name).exists())


def collect_facts(settings: Settings) -> dict[str, object]:
    """Collect the input of the pages: results of analyses by name, JSON values of the other steps."""
    home = settings.home
    records = step_records(home)
    history = runs_so_far(
        home, flow=flow_run.flow_name or OWN_RECORD, name=flow_run.name or "", run_id=flow_run.id or ""
    )
    found: dict[str, object] = {
        OVERVIEW.name: ReportedRun(
            generated_at=datetime.now(UTC).isoformat(timespec="seconds"),
            name=flow_run.flow_name or "report",
            flow_run_id=flow_run.id or "",
            git_commit=git_commit(),
            genrelab_version=__version__,
            steps=_steps(history.runs[-1]),
        ),
        RUN_HISTORY.name: history,
        TABLES.name: PublishedTables(tables) if (tables := _tables(Lake(home))) else None,
        VALIDATION.name: Audits(audits) if (audits := tuple(read_records(home))) else None,
        TRAINING.name: all_trainings(home),
    }
    found |= {
        analysis.name: decode(analysis.result, records[analysis.name].facts)
        for analysis in ANALYSES
        if analysis.name in records
    }
    return {name: value for name, value in found.items() if value}


def collect_names(lake: Lake) -> "Names":
    """Collect the artists and tracks that the search of the report finds; a table that cannot be read has none."""
    from genrelab.report.search_index import Names, most_popular  # noqa: PLC0415 - as in write_report

    names = Names()
    for table, columns, popularity, source in NAMED:
        if not lake.newest(table).get(table):
            continue
        try:
            rows = lake.stored(table)
            is_found = most_popular(numbers_of(rows, popularity))
            found = marked_rows(rows, is_found, list(columns.values()))
        except (GenrelabError, OSError, ArrowException):
            continue  # its own step fails, and the report shows that
        if len(found) < len(rows):
            names.add_note(len(rows), source)
        values = {name: found[column].to_pylist() for name, column in columns.items()}
        names.add(values, has_ids=source == "Spotify")
    return names


def _steps(run: RunRecord) -> tuple[StepReport, ...]:
    """The last result of each step, failed ones first, with the reason and what is still in use."""
    return tuple(
        StepReport(
            step.step,
            step.state,
            step.message + (f"; still in use: {step.in_use}" if step.in_use else ""),
            step.seconds,
            step.last_done,
        )
        for step in sorted(run.steps, key=lambda step: step.state != FAILED)
    )


def _tables(lake: Lake) -> tuple[PublishedTable, ...]:
    # an unreadable table fails its step and those that read it, and the report shows that
    return tuple(_table(lake, version) for version in lake.newest().values() if version)


def _table(lake: Lake, version: TableVersion) -> PublishedTable:
    name, warnings = version.table, version.warnings
    try:
        rejected = lake.rejected(name).slice(0, REJECTED_EXAMPLES).to_pylist()
        missing = missing_shares(lake.files(name))
    except GenrelabError as error:
        rejected, missing, warnings = [], {}, (*warnings, str(error))
    return PublishedTable(
        **version.facts(),
        meaning=DECLARED[name].meaning if name in DECLARED else "",
        caveats=version.caveats,
        notes=version.notes,
        warnings=warnings,
        rejected=tuple(
            RejectedRecord(row["source"], row["source_row"], tuple(row["reasons"]), row["record"])
            for row in rejected
        ),
        missing=missing,
    )

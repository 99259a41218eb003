"""The drift status of every table: its last measurement, the version it was compared with, and any acceptance.

Conventions: `data/state/drift/<table>.json` has one status per source, because versions of different sources are
never compared, and names the source of the current version. A drift stays open until the data return to their former
state or a person accepts it; publishing the same content again changes nothing. docs/decisions/0009-drift.md gives
the reasons.

Measuring drift belongs in `tasks.drift`, not here.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from genrelab.analyses.drift.judge import in_words
from genrelab.analyses.drift.result import COMPARED, Acceptance, DriftStatus
from genrelab.runtime.errors import GenrelabError
from genrelab.runtime.files import read_json, write_json
from genrelab.runtime.home import Home
from genrelab.runtime.records import decode, encode


def read_status(home: Home, table: str, source: str | None = None) -> DriftStatus | None:
    """Return the drift status of a table, for its current source or a given one; None if it was never measured."""
    found = read_json(_file(home, table))
    if not found:
        return None
    return decode(DriftStatus, found["sources"].get(source if source is not None else found["source"]))


def write_status(home: Home, status: DriftStatus) -> None:
    """Store the drift status of a table; its source becomes the current one."""
    path, source = _file(home, status.table), status.source
    kept = (read_json(path) or {}).get("sources", {})
    sources = {**kept, source: encode(status)}
    write_json(path, {"table": status.table, "source": source, "sources": sources})


def statuses(home: Home) -> list[DriftStatus]:
    """Return the drift status of every measured table, sorted by name."""
    tables = sorted(path.stem for path in (home.state / "drift").glob("*.json"))
    return [status for table in tables if (status := read_status(home, table))]


def accept(home: Home, table: str, reason: str) -> DriftStatus:
    """Accept the drift of a table, so that later versions are compared with the current one; return its status.

    Args:
        home: Where.
        table: Its name.
        reason: Why the new data are correct; it is stored and shown.

    Raises:
        GenrelabError: The table has no open drift, or the reason is empty.
    """
    status = read_status(home, table)
    if status is None or not status.is_open:
        open_ones = [each.table for each in statuses(home) if each.is_open]
        raise GenrelabError(
            f"{table} has no open drift to accept",
            allowed=", ".join(open_ones) or "no table has open drift",
            do="see `genrelab drift show`",
        )
    if not reason.strip():
        raise GenrelabError(
            "accepting a drift needs a reason", found="an empty reason", do="pass --reason TEXT"
        )
    now = datetime.now(UTC).isoformat(timespec="seconds")
    status = replace(status, accepted=Acceptance(reason.strip(), now, status.version))
    write_status(home, status)
    return status


def open_drifts(home: Home, tables: Iterable[str] | Mapping[str, Iterable[str]]) -> list[str]:
    """Return what a person can accept: a sentence for each table with open drift."""
    sentences = []
    for table in tables:
        status = read_status(home, table)
        if status is None or not status.is_open or status.earlier is None:
            continue
        read = set(tables[table]) if isinstance(tables, Mapping) else None
        findings = [one for one in status.findings if read is None or one.column in read]
        if findings:
            versions = f"version {status.version} against version {status.earlier.version}"
            sentences.append(f"drift: {table} {versions}: {in_words(findings)}")
    return sentences


def metrics_of(
    home: Home, tables: Iterable[str], features: Iterable[str], most: int = 50
) -> dict[str, float]:
    """Return the drift metrics to log for the tables of a training; empty if nothing was compared.

    Args:
        home: Where.
        tables: Their names.
        features: Features of the model; only these are logged individually.
        most: Maximum number of features, starting with the largest drift.
    """
    compared = [each for table in tables if (each := read_status(home, table)) and each.status == COMPARED]
    wanted = set(features)
    metrics: dict[str, float] = {}
    for kind in ("psi", "ks"):
        measured = [(one.feature, one.measure(kind)[0]) for each in compared for one in each.features]
        own = [(name, value) for name, value in measured if value is not None and name in wanted]
        own.sort(key=lambda pair: -pair[1])
        metrics |= {f"drift/{kind}_{name}": value for name, value in own[:most]}
        if own:
            metrics[f"drift/max_{kind}"] = own[0][1]
    changes = [abs(one.change) for each in compared for group in each.classes for one in group.shares]
    if changes:
        metrics["drift/max_class_share"] = max(changes)
    return metrics


def tag_of(home: Home, tables: Iterable[str]) -> str:
    """Return the text of the tag `drift` of a training run."""
    texts = []
    for table in tables:
        status = read_status(home, table)
        if status is None:
            texts.append(f"{table}: not measured")
        elif status.status != COMPARED or status.earlier is None:
            texts.append(f"{table}: nothing to compare")
        elif not status.findings:
            texts.append(f"{table}: none against version {status.earlier.version}")
        else:
            accepted = f" (accepted: {status.accepted.reason})" if status.accepted else ""
            against = f"against version {status.earlier.version}"
            texts.append(f"{table}: {in_words(status.findings)} {against}{accepted}")
    return "; ".join(texts)


def _file(home: Home, table: str) -> Path:
    return home.state / "drift" / f"{table}.json"

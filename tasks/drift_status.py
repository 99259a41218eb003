"""The drift status of every table: what was measured of it last, against which version, and whether that was accepted.

Conventions: `data/state/drift/<table>.json` holds one status per source, because versions of two sources
are never compared, and names the source of the version at hand. A drift stands until the data return or a
person accepts it: publishing the same content again, under whatever number, changes nothing.
docs/decisions/0009-drift.md says why.

What is measured, and when, does not belong here but in `tasks.drift`.
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
    """How a table stands, for the source at hand or a given one; None when it was never measured."""
    found = read_json(_file(home, table))
    if not found:
        return None
    return decode(DriftStatus, found["sources"].get(source if source is not None else found["source"]))


def write_status(home: Home, status: DriftStatus) -> None:
    """Keep how a table stands; its source is the one at hand from now on."""
    path, source = _file(home, status.table), status.source
    kept = (read_json(path) or {}).get("sources", {})
    sources = {**kept, source: encode(status)}
    write_json(path, {"table": status.table, "source": source, "sources": sources})


def statuses(home: Home) -> list[DriftStatus]:
    """How every measured table stands, by name."""
    tables = sorted(path.stem for path in (home.state / "drift").glob("*.json"))
    return [status for table in tables if (status := read_status(home, table))]


def accept(home: Home, table: str, reason: str) -> DriftStatus:
    """Accept the drift of a table: the version at hand is what later ones are compared with.

    Args:
        home: Where.
        table: Its name.
        reason: Why the new data are right; it is kept and shown.

    Raises:
        GenrelabError: No drift of this table stands, or the reason is empty.
    """
    status = read_status(home, table)
    if status is None or not status.is_open:
        open_ones = [each.table for each in statuses(home) if each.is_open]
        raise GenrelabError(
            f"no drift of {table} waits to be accepted",
            allowed=", ".join(open_ones) or "nothing: no table has drifted",
            do="see `genrelab drift show`",
        )
    if not reason.strip():
        raise GenrelabError("a drift is accepted for a reason", found="an empty one", do="pass --reason TEXT")
    now = datetime.now(UTC).isoformat(timespec="seconds")
    status = replace(status, accepted=Acceptance(reason.strip(), now, status.version))
    write_status(home, status)
    return status


def open_drifts(home: Home, tables: Iterable[str] | Mapping[str, Iterable[str]]) -> list[str]:
    """What a person can accept: a sentence for each table that has drifted."""
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
    """What MLflow is told of the tables that a training uses, by metric name; empty where nothing was compared.

    Args:
        home: Where.
        tables: Their names.
        features: Features of the model; only their measures are told one by one.
        most: Of how many features at the most, those that moved most first.
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
    """The tag `drift` of a training run, in words."""
    told = []
    for table in tables:
        status = read_status(home, table)
        if status is None:
            told.append(f"{table}: not measured")
        elif status.status != COMPARED or status.earlier is None:
            told.append(f"{table}: nothing to compare")
        elif not status.findings:
            told.append(f"{table}: none against version {status.earlier.version}")
        else:
            accepted = f" (accepted: {status.accepted.reason})" if status.accepted else ""
            against = f"against version {status.earlier.version}"
            told.append(f"{table}: {in_words(status.findings)} {against}{accepted}")
    return "; ".join(told)


def _file(home: Home, table: str) -> Path:
    return home.state / "drift" / f"{table}.json"

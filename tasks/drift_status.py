"""The drift status of every table: its last measurement, the versions it was compared with, and any acceptance.

Conventions: `data/state/drift/<table>.json` has one status per source, because versions of different sources are
never compared, and names the source of the current version. A drift stays open until the data return to their former
state or a person accepts it; publishing the same content again changes nothing. docs/decisions/0009-drift.md gives
the reasons.

Measuring drift belongs in `tasks.drift`, not here.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from genrelab.analyses.drift.judge import in_words
from genrelab.analyses.drift.result import (
    COMPARED,
    Acceptance,
    ChampionDrift,
    Comparison,
    DriftStatus,
    Measured,
)
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


def accepted_in(home: Home, compared: Mapping[str, Collection[str]]) -> dict[str, list[object]]:
    """Return every acceptance in force, by table, as JSON values.

    Args:
        home: Where.
        compared: Identities of the versions behind champions that each table is compared with now.
    """
    found = {
        status.table: [
            status.accepted,
            *(one.accepted for one in status.champions if one.trained_on in compared.get(status.table, ())),
        ]
        for status in statuses(home)
    }
    return {
        table: [encode(one) for one in several if one] for table, several in found.items() if any(several)
    }


def accept(home: Home, table: str, reason: str) -> DriftStatus:
    """Accept the drift of a table, so that later versions are compared with the current one; return its status.

    This covers the drift since the last version and since champions were trained, whichever is open.

    Args:
        home: Where.
        table: Its name.
        reason: Why the new data are correct; it is stored and shown.

    Raises:
        GenrelabError: The table has no open drift, or the reason is empty.
    """
    status = read_status(home, table)
    if status is None or not status.waits:
        open_ones = [each.table for each in statuses(home) if each.waits]
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
    accepted = Acceptance(reason.strip(), now, status.version)
    champions = tuple(replace(one, accepted=accepted) if one.is_open else one for one in status.champions)
    status = replace(status, champions=champions, accepted=accepted if status.is_open else status.accepted)
    write_status(home, status)
    return status


def open_drifts(
    home: Home,
    tables: Iterable[str] | Mapping[str, Iterable[str]],
    concerns: Callable[[str], bool] = lambda _: True,
) -> list[str]:
    """Return what a person can accept: a sentence for each comparison of a table with open drift.

    Args:
        home: Where.
        tables: Their names, or the columns of each that count.
        concerns: Whether the drift since the champion of a registered model was trained counts.
    """
    sentences = []
    for table in tables:
        status = read_status(home, table)
        if status is None:
            continue
        read = set(tables[table]) if isinstance(tables, Mapping) else None
        for one in [status, *concerning(status, concerns)]:
            findings = [each for each in one.findings if read is None or each.column in read]
            if one.is_open and findings:
                sentences.append(
                    f"drift: {table} version {status.version} against {one.against}: {in_words(findings)}"
                )
    return sentences


def metrics_of(
    home: Home,
    tables: Iterable[str],
    features: Iterable[str],
    concerns: Callable[[str], bool] = lambda _: True,
    most: int = 50,
) -> dict[str, float]:
    """Return the drift metrics to log for the tables of a training; empty if nothing was compared.

    Args:
        home: Where.
        tables: Their names.
        features: Features of the model; only these are logged individually.
        concerns: Whether the drift since the champion of a registered model was trained is logged.
        most: Maximum number of features, starting with the largest drift.
    """
    found = [each for table in tables if (each := read_status(home, table))]
    since_training = [one for each in found for one in concerning(each, concerns)]
    since_last = _measures([each for each in found if each.status == COMPARED], set(features), most)
    largest = _measures(since_training, set(features), 0)
    return {f"drift/{name}": value for name, value in since_last.items()} | {
        f"drift_since_training/{name}": value for name, value in largest.items()
    }


def _measures(compared: Sequence[Measured], wanted: Collection[str], most: int) -> dict[str, float]:
    """The largest measures, and those of the features that changed most."""
    metrics: dict[str, float] = {}
    for kind in ("psi", "ks"):
        measured = [(one.feature, one.measure(kind)[0]) for each in compared for one in each.features]
        own = [(name, value) for name, value in measured if value is not None and name in wanted]
        own.sort(key=lambda pair: -pair[1])
        metrics |= {f"{kind}_{name}": value for name, value in own[:most]}
        if own:
            metrics[f"max_{kind}"] = own[0][1]
    changes = [abs(one.change) for each in compared for group in each.classes for one in group.shares]
    if changes:
        metrics["max_class_share"] = max(changes)
    return metrics


def tag_of(home: Home, tables: Iterable[str], concerns: Callable[[str], bool] = lambda _: True) -> str:
    """Return the text of the tag `drift` of a training run.

    Args:
        home: Where.
        tables: The tables of the training.
        concerns: Whether the drift since the champion of a registered model was trained is named.
    """
    texts = []
    for table in tables:
        status = read_status(home, table)
        if status is None:
            texts.append(f"{table}: not measured")
        elif status.status != COMPARED or status.earlier is None:
            texts.append(f"{table}: nothing to compare")
        else:
            texts.append(f"{table}: {_moved(status)}")
        since_training = concerning(status, concerns) if status else ()
        texts += [f"{table}: {one.obstacle or _moved(one)}" for one in since_training]
    return "; ".join(texts)


def concerning(status: DriftStatus, concerns: Callable[[str], bool]) -> list[ChampionDrift]:
    """Return the comparisons with the versions behind certain champions, chosen by the names of their models."""
    return [one for one in status.champions if any(map(concerns, one.champions))]


def _moved(one: Comparison) -> str:
    """What drifted, for a tag."""
    if not one.findings:
        return f"none against {one.against}"
    accepted = f" (accepted: {one.accepted.reason})" if one.accepted else ""
    return f"{in_words(one.findings)} against {one.against}{accepted}"


def _file(home: Home, table: str) -> Path:
    return home.state / "drift" / f"{table}.json"

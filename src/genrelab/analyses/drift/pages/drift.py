"""What moved between two versions of a table: features, classes, micro-genres, and what follows for the champion."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from genrelab.analyses.drift.pages.charts import Panel, overlaid
from genrelab.report.charts import pairs
from genrelab.report.exploration import items, mapping, numbers
from genrelab.report.feature_words import shown, value_name, words_for
from genrelab.report.figure import Cell, Chart, Column, Grid, Picker, View, columns, single, text_cells
from genrelab.report.page import Facts, Page, Summary
from genrelab.report.palette import genre_colour, slug
from genrelab.report.wording import (
    count,
    decimal,
    listing,
    number,
    percent,
    plural,
    points,
    said,
    sentence,
    when,
)

COMPARED, LOST = "compared", "lost"
NO_CLASS = "none"
"""How the facts call rows without a class."""
MOST_NUMBERS = 60
"""Features whose measures stand in the table below the drawing."""
CALM, MOVED = "var(--accent)", "var(--density-line)"


def fill(facts: Facts) -> Summary:
    """One part per table that was compared, and the tables with nothing to compare."""
    given = mapping(facts.get("drift"))
    thresholds = mapping(given.get("thresholds"))
    tables = items(given.get("tables"))
    compared = [one for one in tables if one.get("status") == COMPARED]
    compared.sort(key=lambda one: (not _is_open(one), not items(one.get("findings"))))
    return {
        "finding": _finding(compared, tables),
        "parts_of": [_part(one, thresholds) for one in compared],
        "alone": _alone([one for one in tables if one.get("status") != COMPARED]),
        "nothing": not compared,
        "limits": _limits(thresholds),
    }


def _is_open(table: Mapping[str, Any]) -> bool:
    return bool(items(table.get("findings"))) and not mapping(table.get("accepted"))


def _finding(compared: Sequence[Mapping[str, Any]], tables: Sequence[Mapping[str, Any]]) -> str:
    waiting = [one for one in tables if _is_open(one)]
    if waiting:
        told = [
            f"the table {said(one.get('table'))} has drifted ({_measures(items(one.get('findings')))})"
            for one in waiting
        ]
        return f"{sentence(listing(told))}: no model trained on it becomes champion until that is looked at."
    if not compared:
        return "Nothing to compare yet: every table is the first version of its source."
    return f"No drift stands in the way of a new champion; {plural(len(compared), 'table')} compared."


def _measures(findings: Sequence[Mapping[str, Any]]) -> str:
    """What drifted, by name and without numbers."""
    names = list(dict.fromkeys(said(one.get("class") or one.get("column")) for one in findings))
    rest = len(names) - 3
    return listing([*names[:3], f"{rest} more"] if rest > 0 else names)


def _limits(thresholds: Mapping[str, Any]) -> str:
    psi, ks = decimal(thresholds.get("psi"), 2), decimal(thresholds.get("ks"), 2)
    share = number(thresholds.get("class_share"))
    return (
        f"A drift is a population stability index (PSI) above {psi}, a Kolmogorov-Smirnov distance (KS) above {ks}, "
        f"or a class whose share changes by more than {points(share, 0).lstrip('+')}; each only where it is also "
        "more than chance would do. The limits are set in genrelab.toml under [drift]."
    )


def _alone(tables: Sequence[Mapping[str, Any]]) -> Grid | None:
    if not tables:
        return None
    return Grid(
        columns(
            "Table",
            "Version",
            "Rows",
            "Published",
            Column("Source", is_number=False),
        ),
        tuple(
            text_cells(
                Cell(
                    said(one.get("table")),
                    "the version before is no longer kept" if one.get("status") == LOST else "",
                ),
                count(one.get("version")),
                count(one.get("rows")),
                when(one.get("published_at")),
                said(one.get("source")),
            )
            for one in tables
        ),
    )


def _part(table: Mapping[str, Any], thresholds: Mapping[str, Any]) -> Summary:
    name = said(table.get("table"))
    earlier = mapping(table.get("earlier"))
    now, before = f"version {count(table.get('version'))}", f"version {count(earlier.get('version'))}"
    findings, accepted = items(table.get("findings")), mapping(table.get("accepted"))
    charts = [_features(table, thresholds, before, now), _classes(table, before, now)]
    return {
        "name": name,
        "anchor": slug(name),
        "now": now,
        "before": before,
        "source": said(table.get("source")),
        "rows": f"{count(earlier.get('rows'))} rows then, {count(table.get('rows'))} now",
        "published": f"{when(earlier.get('published_at'))}, then {when(table.get('published_at'))}",
        "state": "accepted" if accepted and findings else "drifted" if findings else "calm",
        "accepted": said(accepted.get("reason"), ""),
        "accepted_at": when(accepted.get("at")),
        "findings": [said(one.get("says"), "") for one in findings],
        "charts": [chart for chart in charts if chart],
        "words": _words(mapping(table.get("words"))),
    }


def _features(table: Mapping[str, Any], thresholds: Mapping[str, Any], before: str, now: str) -> Chart | None:
    features = [one for one in items(table.get("features")) if one.get("feature")]
    moved = {
        said(one.get("column")) for one in items(table.get("findings")) if one.get("kind") != "class_share"
    }
    panels = [panel for one in features if (panel := _panel(one, is_moved=one["feature"] in moved))]
    if not panels:
        return None
    view = View(
        title=_title(features[0], moved, thresholds),
        caption=f"Share of the tracks along each feature, those that moved most first. Filled: {now}; line: {before}. "
        "What lies beyond the axis is in its outermost bars. Orange panels are past a limit.",
        grid=_numbers(features, moved),
        **overlaid(panels, earlier=before, later=now),
    )
    return single(f"features-{slug(said(table.get('table')))}", view)


def _title(first: Mapping[str, Any], moved: set[str], thresholds: Mapping[str, Any]) -> str:
    name, index = words_for(str(first["feature"])).label, number(first.get("psi"))
    if not index:
        return "No feature moved"
    told = f"{name} moved most: PSI {decimal(index, 2)}, KS {decimal(first.get('ks'), 2)}"
    limit = decimal(thresholds.get("psi"), 2)
    if not moved:
        return f"{told}, within the limits"
    return f"{told}; {plural(len(moved), 'feature')} past a limit (PSI {limit}, KS {decimal(thresholds.get('ks'), 2)})"


def _panel(feature: Mapping[str, Any], *, is_moved: bool) -> Panel | None:
    name = str(feature["feature"])
    before, after = numbers(feature.get("earlier")), numbers(feature.get("later"))
    edges, values = numbers(feature.get("edges")), [round(value) for value in numbers(feature.get("values"))]
    ticks: list[str] = []
    if values:
        ticks = [value_name(name, value) for value in values]
        bars, edges = ticks, [place - 0.5 for place in range(len(values) + 1)]
    else:
        bars = [f"{low:g} to {high:g}" for low, high in pairwise(edges)]
    if not (bars and len(before) == len(after) == len(bars)):
        return None
    return Panel(
        words_for(name).label,
        f"PSI {decimal(feature.get('psi'), 2)}, KS {decimal(feature.get('ks'), 2)}",
        edges,
        bars,
        ticks,
        before,
        after,
        MOVED if is_moved else CALM,
    )


def _numbers(features: Sequence[Mapping[str, Any]], moved: set[str]) -> Grid:
    rest = len(features) - MOST_NUMBERS
    return Grid(
        columns("Feature", Column("PSI", "by chance"), Column("KS", "by chance"), "Median then", "Median now",
                "Missing then", "Missing now"),
        tuple(
            text_cells(
                Cell(words_for(str(one["feature"])).label, "past a limit" if one["feature"] in moved else ""),
                *(Cell(decimal(one.get(kind)), decimal(one.get(f"{kind}_chance"))) for kind in ("psi", "ks")),
                *(shown(str(one["feature"]), value, said(one.get("unit"), "")) for value in _two(one.get("medians"))),
                *(percent(value) for value in _two(one.get("missing"))),
            )
            for one in features[:MOST_NUMBERS]
        ),
        "The second line is the level that chance exceeds once in a thousand."
        + (f" {plural(rest, 'more feature')} moved less." if rest > 0 else ""),
    )  # fmt: skip


def _two(given: Any) -> list[Any]:
    return list(given) if isinstance(given, list | tuple) and len(given) == 2 else [None, None]  # noqa: PLR2004


def _classes(table: Mapping[str, Any], before: str, now: str) -> Chart | None:
    views = {}
    for group in items(table.get("classes")):
        rows = [
            (said(one.get("class"), NO_CLASS), p, q)
            for one in items(group.get("shares"))
            if (p := number(one.get("earlier"))) is not None and (q := number(one.get("later"))) is not None
        ]
        if rows and group.get("column"):
            views[str(group["column"])] = _class_view(str(group["column"]), rows, before, now)
    if not views:
        return None
    options = tuple((name, name.removeprefix("bin_").replace("_", " ")) for name in views)
    pickers = (Picker("Classes", options),) if len(views) > 1 else ()
    return Chart(f"classes-{slug(said(table.get('table')))}", views, pickers)


def _class_view(column: str, rows: list[tuple[str, float, float]], before: str, now: str) -> View:
    name, p, q = max(rows, key=lambda row: abs(row[2] - row[1]))
    rows = sorted(rows, key=lambda row: -row[2])
    called = ["no genre" if one == NO_CLASS else one for one, _, _ in rows]
    most = "no genre" if name == NO_CLASS else name
    title = (
        f"{sentence(most)} went from {percent(p)} to {percent(q)} of the tracks"
        if p != q
        else "No class changed its share"
    )
    return View(
        title=title,
        caption=f"Share of all tracks by {column}, in {before} (hollow) and in {now} (full).",
        grid=Grid(
            columns("Class", sentence(before), sentence(now), "Change"),
            tuple(
                text_cells(
                    Cell(one, swatch=genre_colour(one)), percent(share), percent(later), points(later - share)
                )
                for one, (_, share, later) in zip(called, rows, strict=True)
            ),
        ),
        **pairs(
            called,
            [share for _, share, _ in rows],
            [later for _, _, later in rows],
            [genre_colour(one) for one in called],
            before_name=before,
            after_name=now,
            axis="Share of the tracks",
        ),
    )


def _words(given: Mapping[str, Any]) -> Summary | None:
    """New and vanished micro-genres by how many tracks carry them."""
    word = said(given.get("word"), "word")
    lists = []
    for kind, heading in (("new", "New"), ("vanished", "Vanished")):
        found, total = items(given.get(kind)), round(number(given.get(f"{kind}_count")) or 0)
        grid = Grid(
            columns(sentence(word), "Tracks"),
            tuple(text_cells(said(one.get("word")), count(one.get("tracks"))) for one in found),
            f"{count(total - len(found))} more" if total > len(found) else "",
        )
        lists.append(
            {
                "heading": f"{heading}: {count(total)}",
                "grid": grid if found else None,
                "name": f"{heading} {word}s",
            }
        )
    if not given:
        return None
    return {"word": word, "kept": count(given.get("kept_count")), "lists": lists}


PAGE = Page(
    name="drift",
    label="Drift",
    group="Data",
    title="What moved since the last version?",
    question="The newest version of every table that models read, against the one before it of the same source. Data "
    "that have moved too far may need a second look before a model trained on them takes over.",
    needs=("drift",),
    command="genrelab train",
    fill=fill,
)

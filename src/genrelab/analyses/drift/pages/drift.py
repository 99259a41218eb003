"""The page of drift: features, classes and micro-genres that changed between two versions of a table."""

from collections.abc import Sequence
from itertools import pairwise

from genrelab.analyses.drift.analysis import DRIFT
from genrelab.analyses.drift.pages.charts import Panel, overlaid
from genrelab.analyses.drift.result import (
    CLASS_SHARE,
    COMPARED,
    LOST,
    NO_CLASS,
    DriftReport,
    DriftStatus,
    Earlier,
    FeatureDrift,
    Finding,
    ShareChange,
    Thresholds,
    Words,
)
from genrelab.report.charts import pairs
from genrelab.report.feature_words import shown, value_name, words_for
from genrelab.report.figure import Cell, Chart, Column, Grid, Picker, View, columns, single, text_cells
from genrelab.report.page import Page, Summary, of_result
from genrelab.report.palette import genre_colour, slug
from genrelab.report.wording import (
    count,
    decimal,
    listing,
    percent,
    plural,
    points,
    sentence,
    when,
)

MOST_NUMBERS = 60
"""Features whose measures are listed in the table below the drawing."""
CALM, MOVED = "var(--accent)", "var(--density-line)"


def fill(drift: DriftReport) -> Summary:
    """Return one part for each compared table, and the tables with nothing to compare."""
    thresholds = drift.thresholds
    compared = [one for one in drift.tables if one.status == COMPARED]
    compared.sort(key=lambda one: (not one.is_open, not one.findings))
    return {
        "finding": _finding(compared, drift.tables),
        "parts_of": [_part(one, one.earlier, thresholds) for one in compared if one.earlier],
        "alone": _alone([one for one in drift.tables if one.status != COMPARED]),
        "nothing": not compared,
        "limits": _limits(thresholds),
    }


def _finding(compared: Sequence[DriftStatus], tables: Sequence[DriftStatus]) -> str:
    waiting = [one for one in tables if one.is_open]
    if waiting:
        drifted = [f"the table {one.table} has drifted ({_measures(one.findings)})" for one in waiting]
        return f"{sentence(listing(drifted))}: no model trained on it becomes champion until this is fixed or accepted."
    if not compared:
        return "Nothing to compare yet: every table is the first version of its source."
    return f"No drift blocks a new champion; {plural(len(compared), 'table')} compared."


def _measures(findings: Sequence[Finding]) -> str:
    """Return the names of what drifted, without numbers."""
    names = list(dict.fromkeys(one.name or one.column for one in findings))
    rest = len(names) - 3
    return listing([*names[:3], f"{rest} more"] if rest > 0 else names)


def _limits(thresholds: Thresholds) -> str:
    psi, ks = decimal(thresholds.psi, 2), decimal(thresholds.ks, 2)
    share = points(thresholds.class_share, 0).lstrip("+")
    return (
        f"A drift is a population stability index (PSI) above {psi}, a Kolmogorov-Smirnov distance (KS) above {ks}, "
        f"or a class whose share changes by more than {share}. Each counts only if it also exceeds what chance "
        "explains. The limits are set in genrelab.toml under [drift]."
    )


def _alone(tables: Sequence[DriftStatus]) -> Grid | None:
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
                    one.table,
                    "the previous version is no longer stored" if one.status == LOST else "",
                ),
                count(one.version),
                count(one.rows),
                when(one.published_at),
                one.source,
            )
            for one in tables
        ),
    )


def _part(table: DriftStatus, earlier: Earlier, thresholds: Thresholds) -> Summary:
    now, before = f"version {count(table.version)}", f"version {count(earlier.version)}"
    findings, accepted = table.findings, table.accepted
    charts = [_features(table, thresholds, before, now), _classes(table, before, now)]
    return {
        "name": table.table,
        "anchor": slug(table.table),
        "now": now,
        "before": before,
        "source": table.source,
        "rows": f"{count(earlier.rows)} before, {count(table.rows)} now",
        "published": f"{when(earlier.published_at)}, then {when(table.published_at)}",
        "state": "accepted" if accepted and findings else "drifted" if findings else "calm",
        "accepted": accepted.reason if accepted else "",
        "accepted_at": when(accepted.at if accepted else ""),
        "findings": [one.says for one in findings],
        "charts": [chart for chart in charts if chart],
        "words": _words(table.words),
    }


def _features(table: DriftStatus, thresholds: Thresholds, before: str, now: str) -> Chart | None:
    features = table.features
    moved = {one.column for one in table.findings if one.kind != CLASS_SHARE}
    panels = [_panel(one, is_moved=one.feature in moved) for one in features if one.earlier]
    if not panels:
        return None
    view = View(
        title=_title(features[0], moved, thresholds),
        caption="Distribution of the tracks over each feature; features that changed most come first. Filled: "
        f"{now}; line: {before}. "
        "The outermost bars include values beyond the axis. Orange panels exceed a limit.",
        grid=_numbers(features, moved),
        **overlaid(panels, earlier=before, later=now),
    )
    return single(f"features-{slug(table.table)}", view)


def _title(first: FeatureDrift, moved: set[str], thresholds: Thresholds) -> str:
    if not first.psi:
        return "No feature changed"
    name = words_for(first.feature).label
    largest = f"{name} changed most: PSI {decimal(first.psi, 2)}, KS {decimal(first.ks, 2)}"
    if not moved:
        return f"{largest}, within the limits"
    limits = f"PSI {decimal(thresholds.psi, 2)}, KS {decimal(thresholds.ks, 2)}"
    return f"{largest}; {plural(len(moved), 'feature')} over a limit ({limits})"


def _panel(feature: FeatureDrift, *, is_moved: bool) -> Panel:
    name, edges = feature.feature, feature.edges
    ticks = [value_name(name, value) for value in feature.values]
    if ticks:
        bars, edges = ticks, tuple(place - 0.5 for place in range(len(ticks) + 1))
    else:
        bars = [f"{low:g} to {high:g}" for low, high in pairwise(edges)]
    return Panel(
        words_for(name).label,
        f"PSI {decimal(feature.psi, 2)}, KS {decimal(feature.ks, 2)}",
        edges,
        bars,
        ticks,
        feature.earlier,
        feature.later,
        MOVED if is_moved else CALM,
    )


def _numbers(features: Sequence[FeatureDrift], moved: set[str]) -> Grid:
    rest = len(features) - MOST_NUMBERS
    return Grid(
        columns("Feature", Column("PSI", "by chance"), Column("KS", "by chance"), "Median then", "Median now",
                "Missing then", "Missing now"),
        tuple(
            text_cells(
                Cell(words_for(one.feature).label, "past a limit" if one.feature in moved else ""),
                Cell(decimal(one.psi), decimal(one.psi_chance)),
                Cell(decimal(one.ks), decimal(one.ks_chance)),
                *(shown(one.feature, value, one.unit) for value in one.medians),
                *(percent(value) for value in one.missing),
            )
            for one in features[:MOST_NUMBERS]
        ),
        "The second line is the level that chance exceeds once in a thousand if every track is by another artist."
        " Tracks of an artist are alike, so that chance exceeds it more often; the limits above decide."
        + (f" {plural(rest, 'more feature')} moved less." if rest > 0 else ""),
    )  # fmt: skip


def _classes(table: DriftStatus, before: str, now: str) -> Chart | None:
    views = {
        group.column: _class_view(group.column, group.shares, before, now)
        for group in table.classes
        if group.shares
    }
    if not views:
        return None
    options = tuple((name, name.removeprefix("bin_").replace("_", " ")) for name in views)
    pickers = (Picker("Classes", options),) if len(views) > 1 else ()
    return Chart(f"classes-{slug(table.table)}", views, pickers)


def _class_view(column: str, shares: Sequence[ShareChange], before: str, now: str) -> View:
    most = max(shares, key=lambda one: abs(one.later - one.earlier))
    rows = sorted(shares, key=lambda one: -one.later)
    called = [_called(one.name) for one in rows]
    title = (
        f"{sentence(_called(most.name))} changed from {percent(most.earlier)} to {percent(most.later)} of the tracks"
        if most.earlier != most.later
        else "No class changed its share"
    )
    return View(
        title=title,
        caption=f"Share of all tracks by {column}, in {before} (hollow) and in {now} (full).",
        grid=Grid(
            columns("Class", sentence(before), sentence(now), "Change"),
            tuple(
                text_cells(
                    Cell(name, swatch=genre_colour(name)),
                    percent(one.earlier),
                    percent(one.later),
                    points(one.later - one.earlier),
                )
                for name, one in zip(called, rows, strict=True)
            ),
        ),
        **pairs(
            called,
            [one.earlier for one in rows],
            [one.later for one in rows],
            [genre_colour(name) for name in called],
            before_name=before,
            after_name=now,
            axis="Share of the tracks",
        ),
    )


def _called(name: str) -> str:
    """Return the display name of a class."""
    return "no genre" if name == NO_CLASS else name


def _words(words: Words | None) -> Summary | None:
    """Return new and vanished micro-genres, those on most tracks first."""
    if words is None:
        return None
    lists = []
    for heading, found, total in (
        ("New", words.new, words.new_count),
        ("Vanished", words.vanished, words.vanished_count),
    ):
        grid = Grid(
            columns(sentence(words.word), "Tracks"),
            tuple(text_cells(one.word, count(one.tracks)) for one in found),
            f"{count(total - len(found))} more" if total > len(found) else "",
        )
        lists.append(
            {
                "heading": f"{heading}: {count(total)}",
                "grid": grid if found else None,
                "name": f"{heading} {words.word}s",
            }
        )
    return {"word": words.word, "kept": count(words.kept_count), "lists": lists}


PAGE = Page(
    name="drift",
    label="Drift",
    group="Data",
    title="What changed since the last version?",
    question="Each table that models read is compared with its previous version from the same source. If the data have "
    "changed too much, no new model becomes champion until someone fixes the source or accepts the change.",
    needs=(DRIFT.name,),
    command="genrelab train",
    fill=of_result(DRIFT, fill),
)

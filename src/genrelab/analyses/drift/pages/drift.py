"""The page of drift: what changed in a table since its last version, and since champions were trained on it."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from genrelab.analyses.drift.analysis import DRIFT
from genrelab.analyses.drift.pages.charts import Panel, overlaid
from genrelab.analyses.drift.result import (
    CLASS_SHARE,
    COMPARED,
    LOST,
    NO_CLASS,
    ChampionDrift,
    Comparison,
    DriftReport,
    DriftStatus,
    FeatureDrift,
    Finding,
    ShareChange,
    Thresholds,
    Words,
)
from genrelab.report.charts import pairs
from genrelab.report.feature_words import shown, value_name, words_for
from genrelab.report.figure import Cell, Chart, Column, Grid, Picker, View, columns, text_cells
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
MOST_CHANGES = 12
"""Measures in the table of all comparisons."""
CALM, MOVED = "var(--accent)", "var(--density-line)"


def fill(drift: DriftReport) -> Summary:
    """Return one part for each compared table, and the tables with nothing to compare."""
    thresholds = drift.thresholds
    compared = [one for one in drift.tables if _compared(one) or one.waits]
    compared.sort(key=lambda one: (not one.waits, not any(each.findings for each in one.comparisons)))
    return {
        "finding": _finding(compared, drift.tables),
        "parts_of": [_part(one, thresholds) for one in compared],
        "alone": _alone([one for one in drift.tables if one not in compared]),
        "nothing": not compared,
        "limits": _limits(thresholds),
    }


def _compared(table: DriftStatus) -> list[Comparison]:
    """Return the comparisons that were made, those with drift first."""
    found = [one for one in table.comparisons if one.status == COMPARED and one.earlier]
    return sorted(found, key=lambda one: not one.findings)


def _finding(compared: Sequence[DriftStatus], tables: Sequence[DriftStatus]) -> str:
    waiting = [one for one in tables if one.is_open]
    found = []
    if waiting:
        drifted = [f"the table {one.table} has drifted ({_measures(one.findings)})" for one in waiting]
        found.append(
            f"{sentence(listing(drifted))}: no model trained on it becomes champion until this is fixed or accepted."
        )
    found += [
        f"The table {table.table} has drifted since the training of {one.whose} ({_measures(one.findings)}): no model "
        "takes that place until this is fixed or accepted."
        for table in tables
        for one in table.champions
        if one.is_open
    ]
    if found:
        return " ".join(found)
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
                    "; ".join(
                        [
                            *(["the previous version is no longer stored"] if one.status == LOST else []),
                            *(each.obstacle for each in one.champions),
                        ]
                    ),
                ),
                count(one.version),
                count(one.rows),
                when(one.published_at),
                one.source,
            )
            for one in tables
        ),
    )


def _part(table: DriftStatus, thresholds: Thresholds) -> Summary:
    compared, now = _compared(table), f"version {count(table.version)}"
    earlier = [one.earlier for one in (table, *compared) if one.earlier]
    charts = [_features(table, compared, thresholds), _classes(table, compared)] if compared else []
    return {
        "name": table.table,
        "anchor": slug(table.table),
        "now": now,
        "before": listing(list(dict.fromkeys(f"version {count(one.version)}" for one in earlier))),
        "source": table.source,
        "versions": _versions(table, compared),
        "verdicts": [_verdict(one) for one in table.comparisons if one.findings or one in compared],
        "notes": [sentence(one.obstacle) for one in table.champions if one.obstacle],
        "changes": _changes(table, compared, thresholds)
        if any(one in table.champions for one in compared)
        else None,
        "charts": [chart for chart in charts if chart],
        "words": _words(table.words),
    }


def _versions(table: DriftStatus, compared: Sequence[Comparison]) -> list[tuple[str, str]]:
    """Return a line for each version: its number and part in the comparison, its rows and its date."""
    found = [
        (
            sentence(one.against) + ("" if isinstance(one, ChampionDrift) else ", the last"),
            f"{count(one.earlier.rows)} rows, published {when(one.earlier.published_at)}",
        )
        for one in compared
        if one.earlier
    ]
    return [
        *found,
        (
            f"Version {count(table.version)}, now",
            f"{count(table.rows)} rows, published {when(table.published_at)}",
        ),
    ]


def _verdict(one: Comparison) -> Summary:
    """Return what the comparison with one version found, and what follows."""
    accepted = one.accepted if one.findings else None
    blocked = "no model trained on these columns becomes champion"
    if isinstance(one, ChampionDrift):
        blocked = f"no model that reads these columns replaces {one.whose}"
    return {
        "state": "accepted" if accepted else "drifted" if one.findings else "calm",
        "against": one.against,
        "blocked": blocked,
        "accepted": accepted.reason if accepted else "",
        "accepted_at": when(accepted.at if accepted else ""),
        "findings": [finding.says for finding in one.findings],
    }


def _changes(table: DriftStatus, compared: Sequence[Comparison], thresholds: Thresholds) -> Grid:
    """Return the largest changes since each version, side by side."""
    in_order = [one for one in table.comparisons if one in compared]
    cells: dict[str, dict[int, Cell]] = {}
    largest: dict[str, float] = {}
    limits: dict[str, str] = {}
    for place, one in enumerate(in_order):
        over = {(finding.column, finding.kind, finding.name) for finding in one.findings}
        for name, key, text, ratio, limit in _measured(one, thresholds):
            is_over = key in over
            cells.setdefault(name, {})[place] = Cell(
                text, "over the limit" if is_over else "", mark="bad" if is_over else ""
            )
            largest[name] = max(largest.get(name, 0.0), ratio + is_over)
            limits[name] = limit
    unread = Cell("not read")
    names = sorted(cells, key=lambda name: -largest[name])[:MOST_CHANGES]
    return Grid(
        columns("Change", *(Column(f"Since {_key(one)}", _role(one)) for one in in_order), "Limit"),
        tuple(
            (Cell(name), *(cells[name].get(place, unread) for place in range(len(in_order))), Cell(limits[name]))
            for name in names
        ),
        "The largest changes, by their share of the limit. A change that chance explains is not over the limit. "
        "Columns that a champion does not read are not compared with the version that it was trained on.",
    )  # fmt: skip


def _measured(
    one: Comparison, thresholds: Thresholds
) -> Iterator[tuple[str, tuple[str, str, str], str, float, str]]:
    """Yield each measure: its name, what a finding calls it, its value, its share of the limit, and the limit."""
    for feature in one.features:
        for kind, limit in (("psi", thresholds.psi), ("ks", thresholds.ks)):
            value, _ = feature.measure(kind)
            if value is not None:
                name = f"{words_for(feature.feature).label}, {kind.upper()}"
                yield name, (feature.feature, kind, ""), decimal(value, 2), value / limit, decimal(limit, 2)
    for group in one.classes:
        for share in group.shares:
            name = f"{sentence(_called(share.name))}, share by {group.column}"
            text = f"{percent(share.earlier)} to {percent(share.later)}"
            limit_text = points(thresholds.class_share, 0).lstrip("+")
            ratio = abs(share.change) / thresholds.class_share
            yield name, (group.column, CLASS_SHARE, share.name), text, ratio, limit_text


def _role(one: Comparison) -> str:
    """Return what the version of a comparison is to the reader."""
    if not isinstance(one, ChampionDrift):
        return "the last version"
    if one.earlier and one.earlier.id != one.trained_on:
        return f"accepted for {one.whose}"
    return f"training of {one.whose}"


def _features(table: DriftStatus, compared: Sequence[Comparison], thresholds: Thresholds) -> Chart | None:
    views = {
        _key(one): _feature_view(
            one, thresholds, f"version {count(one.earlier.version)}", f"version {count(table.version)}"
        )
        for one in compared
        if one.earlier and any(feature.earlier for feature in one.features)
    }
    return _chart(
        f"features-{slug(table.table)}",
        "Compared with",
        views,
        {_key(one): f"{_key(one)}, {_role(one)}" for one in compared},
    )


def _key(one: Comparison) -> str:
    return f"version {one.earlier.version}" if one.earlier else ""


def _chart(name: str, label: str, views: dict[str, View], texts: dict[str, str]) -> Chart | None:
    """Return a chart with a selection, where there is one."""
    if not views:
        return None
    pickers = (Picker(label, tuple((key, texts[key]) for key in views)),) if len(views) > 1 else ()
    return Chart(name, views, pickers)


def _feature_view(one: Comparison, thresholds: Thresholds, before: str, now: str) -> View:
    features = one.features
    moved = {finding.column for finding in one.findings if finding.kind != CLASS_SHARE}
    panels = [_panel(each, is_moved=each.feature in moved) for each in features if each.earlier]
    return View(
        title=_title(features[0], moved, thresholds),
        caption="Distribution of the tracks over each feature; features that changed most come first. Filled: "
        f"{now}; line: {before}. "
        "The outermost bars include values beyond the axis. Orange panels exceed a limit.",
        grid=_numbers(features, moved),
        **overlaid(panels, earlier=before, later=now),
    )


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


def _classes(table: DriftStatus, compared: Sequence[Comparison]) -> Chart | None:
    now = f"version {count(table.version)}"
    views, texts = {}, {}
    for one in compared:
        for group in one.classes:
            if one.earlier and group.shares:
                before = f"version {count(one.earlier.version)}"
                key = f"{group.column}, {before}"
                views[key] = _class_view(group.column, group.shares, before, now)
                called = group.column.removeprefix("bin_").replace("_", " ")
                texts[key] = f"{called}, since {before}" if len(compared) > 1 else called
    return _chart(f"classes-{slug(table.table)}", "Classes", views, texts)


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
    title="What changed since the last version, and since the champions were trained?",
    question="Each table that models read is compared with its previous version from the same source, and with the "
    "version that each champion was trained on, because many small changes add up. If the data have changed too much, "
    "no new model becomes champion until someone fixes the source or accepts the change.",
    needs=(DRIFT.name,),
    command="genrelab train",
    fill=of_result(DRIFT, fill),
)

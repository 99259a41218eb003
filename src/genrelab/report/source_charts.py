"""Spotify and the FMA under the same rules: how large each genre is in both, and what it sounds like in both.

Conventions: hollow marks are Spotify's, full ones FMA's. Entries are those of `genrelab.rules.fma` and
`genrelab.analyses.features.compare_sources`.
"""

from collections.abc import Mapping
from typing import Any

from genrelab.report.charts import pairs
from genrelab.report.exploration import items, mapping
from genrelab.report.feature_words import axis_of, shown, words_for
from genrelab.report.figure import Cell, Chart, Column, Grid, Picker, View, columns, text_cells
from genrelab.report.palette import genre_colour
from genrelab.report.rule_charts import Entries, rule_set_picker
from genrelab.report.wording import count, listing, number, percent, said, sentence

FIRST = "energy"
"""The feature shown first: it tells the sources apart, and everybody knows what it means."""
LOWER, MEDIAN, UPPER = range(3)


def fma_chart(by_set: Mapping[str, Mapping[str, Any]], sets: Entries) -> Chart | None:
    """Share of each bin among binned tracks, Spotify against FMA, one view for each set."""
    views = {}
    for found in sets:
        name = said(found.get("rule_set"))
        spotify = _among_binned(found.get("bins"))
        archive = _among_binned(mapping(by_set.get(name)).get("bins"))
        if not spotify or not archive:
            continue
        order = sorted(spotify, key=lambda bin_: -archive.get(bin_, 0.0))
        widest = max(order, key=lambda bin_: abs(archive.get(bin_, 0.0) - spotify[bin_]))
        views[name] = View(
            title=f"{sentence(widest)} sets the two apart: {percent(spotify[widest])} of Spotify's binned tracks,"
            f" {percent(archive.get(widest))} of FMA's",
            caption=f"Share of binned tracks by the rules of {name}: hollow on Spotify, full on FMA.",
            grid=Grid(
                columns("Genre", "Spotify", "FMA"),
                tuple(
                    text_cells(
                        Cell(bin_, swatch=genre_colour(bin_)),
                        percent(spotify[bin_]),
                        percent(archive.get(bin_)),
                    )
                    for bin_ in order
                ),
            ),
            **pairs(
                order,
                [spotify[bin_] for bin_ in order],
                [archive.get(bin_, 0.0) for bin_ in order],
                [genre_colour(bin_) for bin_ in order],
                before_name="Spotify",
                after_name="FMA",
                axis="Share of the source's binned tracks",
            ),
        )
    return Chart("fma-bins", views, rule_set_picker("Rule set", views)) if views else None


def sound_chart(by_set: Mapping[str, Any], sets: Entries) -> Chart | None:
    """Medians of every genre in both sources, one view for each rule set and feature."""
    views: dict[str, View] = {}
    names, features = [], []
    for name in (said(found.get("rule_set")) for found in sets):
        told = mapping(by_set.get(name))
        found = sorted(items(told.get("features")), key=lambda each: each.get("feature") != FIRST)
        drawn = {str(each["feature"]): view for each in found if (view := _sound_view(name, told, each))}
        views |= {f"{name}|{feature}": view for feature, view in drawn.items()}
        names += [name] if drawn else []
        features += [feature for feature in drawn if feature not in features]
    if not views:
        return None
    pickers = (
        Picker("Rule set", tuple((name, name) for name in names)),
        Picker("Feature", tuple((feature, words_for(feature).label) for feature in sorted(features))),
    )
    return Chart("fma-sound", views, pickers)


def _sound_view(rule_set: str, told: Mapping[str, Any], given: Mapping[str, Any]) -> View | None:
    rows = [
        row
        for row in items(given.get("genres"))
        if all(number(_median(row, source)) is not None for source in ("first", "second"))
    ]
    if not rows or not given.get("feature"):
        return None
    feature, unit = str(given["feature"]), said(given.get("unit"), "")
    sizes = {row.get("genre"): row for row in items(told.get("genres"))}
    rows.sort(key=lambda row: -_median(row, "second"))
    names = [said(row.get("genre")) for row in rows]
    apart = max(rows, key=lambda row: abs(number(row.get("delta")) or 0.0))
    few = [said(row.get("genre")) for row in items(told.get("too_few"))]
    return View(
        title=f"{words_for(feature).label} sets the two sounds of {said(apart.get('genre'))} apart most: median"
        f" {shown(feature, _median(apart, 'first'), unit)} on Spotify,"
        f" {shown(feature, _median(apart, 'second'), unit)} on FMA",
        caption=f"Median of each genre's tracks by the rules of {rule_set}: hollow on Spotify, full on FMA,"
        " where The Echo Nest measured it."
        + (f" Too few tracks in one of them: {listing(few)}." if few else ""),
        grid=Grid(
            columns(
                "Genre",
                Column("Spotify", "median, middle half"),
                Column("FMA", "median, middle half"),
                Column("FMA has more in", "of 100 pairs of tracks"),
                Column("Tracks", "Spotify, FMA"),
            ),
            tuple(
                text_cells(
                    Cell(name, swatch=genre_colour(name)),
                    _spread(row, "first", feature, unit),
                    _spread(row, "second", feature, unit),
                    _of_100(row.get("delta")),
                    ", ".join(count(mapping(sizes.get(name)).get(source)) for source in ("first", "second")),
                )
                for name, row in zip(names, rows, strict=True)
            ),
        ),
        **pairs(
            names,
            [_median(row, "first") for row in rows],
            [_median(row, "second") for row in rows],
            [genre_colour(name) for name in names],
            before_name="Spotify",
            after_name="FMA",
            axis=axis_of(feature, unit),
            is_share=False,
        ),
    )


def _median(row: Mapping[str, Any], source: str) -> Any:
    quartiles = row.get(source)
    return quartiles[MEDIAN] if isinstance(quartiles, list) and len(quartiles) > MEDIAN else None


def _spread(row: Mapping[str, Any], source: str, feature: str, unit: str) -> Cell:
    quartiles = row[source]
    return Cell(
        shown(feature, quartiles[MEDIAN], unit),
        f"{shown(feature, quartiles[LOWER])} to {shown(feature, quartiles[UPPER])}",
    )


def _of_100(delta: Any) -> str:
    found = number(delta)
    return count(None if found is None else (found + 1) / 2 * 100)


def _among_binned(rows: Any) -> dict[str, float]:
    """Share of each bin among the tracks that have one."""
    counted = {row["bin"]: number(row.get("tracks")) or 0.0 for row in items(rows) if row.get("bin")}
    total = sum(counted.values())
    return {bin_: tracks / total for bin_, tracks in counted.items()} if total else {}

"""Spotify and the FMA under the same rules: how large each genre is in both, and what it sounds like in both.

Conventions: hollow marks are Spotify's, full ones FMA's. Entries are those of `genrelab.rules.fma` and
`genrelab.analyses.features.compare_sources`.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from genrelab.analyses.features.result import FeatureInSources, Quartiles, SourceComparison
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


def sound_chart(by_set: Mapping[str, SourceComparison], names: Sequence[str]) -> Chart | None:
    """Medians of every genre in both sources, one view for each rule set and feature; the sets in the order given."""
    views: dict[str, View] = {}
    drawn_sets, features = [], []
    for name in names:
        told = by_set.get(name)
        found = sorted(told.features, key=lambda each: each.feature != FIRST) if told else []
        drawn = {each.feature: view for each in found if told and (view := _sound_view(name, told, each))}
        views |= {f"{name}|{feature}": view for feature, view in drawn.items()}
        drawn_sets += [name] if drawn else []
        features += [feature for feature in drawn if feature not in features]
    if not views:
        return None
    pickers = (
        Picker("Rule set", tuple((name, name) for name in drawn_sets)),
        Picker("Feature", tuple((feature, words_for(feature).label) for feature in sorted(features))),
    )
    return Chart("fma-sound", views, pickers)


def _sound_view(rule_set: str, told: SourceComparison, given: FeatureInSources) -> View | None:
    found = [(row, row.first, row.second) for row in given.genres]
    rows = [(row, first, second) for row, first, second in found if first and second]
    if not rows:
        return None
    feature, unit = given.feature, given.unit
    sizes = {one.genre: one for one in told.genres}
    rows.sort(key=lambda row: -row[2][MEDIAN])
    names = [row.genre for row, _, _ in rows]
    colours = [genre_colour(name) for name in names]
    apart, first, second = max(rows, key=lambda row: abs(row[0].delta or 0.0))
    few = [one.genre for one in told.too_few]
    return View(
        title=f"{words_for(feature).label} sets the two sounds of {apart.genre} apart most: median"
        f" {shown(feature, first[MEDIAN], unit)} on Spotify,"
        f" {shown(feature, second[MEDIAN], unit)} on FMA",
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
                    Cell(row.genre, swatch=colour),
                    _spread(first, feature, unit),
                    _spread(second, feature, unit),
                    count(None if row.delta is None else (row.delta + 1) / 2 * 100),
                    f"{count(sizes[row.genre].first)}, {count(sizes[row.genre].second)}",
                )
                for (row, first, second), colour in zip(rows, colours, strict=True)
            ),
        ),
        **pairs(
            names,
            [first[MEDIAN] for _, first, _ in rows],
            [second[MEDIAN] for _, _, second in rows],
            colours,
            before_name="Spotify",
            after_name="FMA",
            axis=axis_of(feature, unit),
            is_share=False,
        ),
    )


def _spread(quartiles: Quartiles, feature: str, unit: str) -> Cell:
    return Cell(
        shown(feature, quartiles[MEDIAN], unit),
        f"{shown(feature, quartiles[LOWER])} to {shown(feature, quartiles[UPPER])}",
    )


def _among_binned(rows: Any) -> dict[str, float]:
    """Share of each bin among the tracks that have one."""
    counted = {row["bin"]: number(row.get("tracks")) or 0.0 for row in items(rows) if row.get("bin")}
    total = sum(counted.values())
    return {bin_: tracks / total for bin_, tracks in counted.items()} if total else {}

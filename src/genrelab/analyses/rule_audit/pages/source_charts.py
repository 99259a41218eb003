"""Charts of Spotify and the FMA under the same rules: share and sound of each genre in both sources.

Conventions: hollow marks are Spotify's, full ones FMA's.
"""

from collections.abc import Mapping, Sequence

from genrelab.analyses.features.result import FeatureInSources, Quartiles, SoundInSources, SourceComparison
from genrelab.analyses.rule_audit.pages.charts import Sets, shares_view
from genrelab.analyses.rule_audit.result import BinCount, BinShare, FmaSet
from genrelab.evaluation.samples import in_words
from genrelab.report.charts import pairs
from genrelab.report.feature_words import axis_of, shown, words_for
from genrelab.report.figure import Cell, Chart, Column, Picker, View, genre_cell, picked, table_of
from genrelab.report.palette import genre_colour
from genrelab.report.wording import count, listing, percent, sentence

FIRST = "energy"
"""The feature shown first: it separates the sources, and its meaning is widely known."""


def fma_chart(by_set: Mapping[str, FmaSet], sets: Sets) -> Chart | None:
    """Draw the share of each genre among tracks with a genre, Spotify against FMA, one view for each rule set."""
    views = {}
    for found in sets:
        name = found.rule_set
        spotify, archive = _among_binned(found.bins), _among_binned(by_set[name].bins)
        if not spotify or not archive:
            continue
        order = sorted(spotify, key=lambda bin_: -archive[bin_])
        widest = max(order, key=lambda bin_: abs(archive[bin_] - spotify[bin_]))
        views[name] = shares_view(
            order,
            ("Spotify", spotify),
            ("FMA", archive),
            title=f"{sentence(widest)} differs most: {percent(spotify[widest])} of Spotify's tracks with a genre,"
            f" {percent(archive[widest])} of FMA's",
            caption=f"Share of the tracks with a genre by the rules of {name}: hollow for Spotify, full for FMA.",
            axis="Share of the source's tracks with a genre",
        )
    return picked("fma-bins", "Rule set", views)


def sound_chart(by_set: Mapping[str, SourceComparison], sets: Sets) -> Chart | None:
    """Draw the medians of every genre in both sources, one view for each rule set and feature."""
    views: dict[str, View] = {}
    names, features = [], []
    for name in (one.rule_set for one in sets if one.rule_set in by_set):
        comparison = by_set[name]
        found = sorted(comparison.features, key=lambda each: each.feature != FIRST)
        drawn = {each.feature: view for each in found if (view := _sound_view(name, comparison, each))}
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


def _sound_view(rule_set: str, comparison: SourceComparison, given: FeatureInSources) -> View | None:
    rows: list[tuple[SoundInSources, Quartiles, Quartiles]] = [
        (row, row.first, row.second) for row in given.genres if row.first and row.second
    ]
    if not rows:
        return None
    feature, unit = given.feature, given.unit
    sizes = {row.genre: (row.first, row.second) for row in comparison.genres}
    rows.sort(key=lambda row: -row[2][1])
    names = [row.genre for row, _, _ in rows]
    # the same medians that are drawn choose the genre of the title
    apart, before, after = max(rows, key=lambda row: abs(row[2][1] - row[1][1]))
    few = [row.genre for row in comparison.too_few]
    return View(
        title=f"{words_for(feature).label} of {apart.genre} differs most between the sources: median"
        f" {shown(feature, before[1], unit)} on Spotify, {shown(feature, after[1], unit)} on FMA",
        caption=f"Median of each genre's tracks by the rules of {rule_set}: hollow for Spotify, full for FMA,"
        " whose features come from The Echo Nest."
        + _of_samples(comparison)
        + (f" Too few tracks in one source: {listing(few)}." if few else ""),
        grid=table_of(
            rows,
            ("Genre", lambda row: genre_cell(row[0].genre)),
            (Column("Spotify", "median, middle half"), lambda row: _spread(row[1], feature, unit)),
            (Column("FMA", "median, middle half"), lambda row: _spread(row[2], feature, unit)),
            (Column("FMA is higher in", "of 100 pairs of tracks"), lambda row: _of_100(row[0].delta)),
            (Column("Tracks", "Spotify, FMA"), lambda row: ", ".join(map(count, sizes[row[0].genre]))),
        ),
        **pairs(
            names,
            [first[1] for _, first, _ in rows],
            [second[1] for _, _, second in rows],
            [genre_colour(name) for name in names],
            before_name="Spotify",
            after_name="FMA",
            axis=axis_of(feature, unit),
            is_share=False,
        ),
    )


def _of_samples(comparison: SourceComparison) -> str:
    """Say which of the sources are compared by a sample; empty for none."""
    sources = zip(("Spotify", "FMA"), comparison.rows, comparison.of, strict=True)
    said = [f"{in_words(rows, of)} for {name}" for name, rows, of in sources if rows < of]
    return f" Compared on {' and '.join(said)}." if said else ""


def _spread(quartiles: Quartiles, feature: str, unit: str) -> Cell:
    low, median, high = quartiles
    return Cell(shown(feature, median, unit), f"{shown(feature, low)} to {shown(feature, high)}")


def _of_100(delta: float | None) -> str:
    return count(None if delta is None else (delta + 1) / 2 * 100)


def _among_binned(rows: Sequence[BinCount | BinShare]) -> dict[str, float]:
    """Return the share of each genre among the tracks that have one."""
    counted = {row.bin: row.tracks for row in rows if row.bin}
    total = sum(counted.values())
    return {bin_: tracks / total for bin_, tracks in counted.items()} if total else {}

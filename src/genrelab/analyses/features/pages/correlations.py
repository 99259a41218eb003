"""The page of correlations: correlation matrices, and densities of selected pairs of features."""

from collections.abc import Sequence

from genrelab.analyses.features.analysis import FEATURES
from genrelab.analyses.features.pages.facts import unique_pairs, whole
from genrelab.analyses.features.result import Density, Exploration, ExploredCollection
from genrelab.evaluation.samples import in_words
from genrelab.report.feature_words import absent_features, axis_of, shown, words_for
from genrelab.report.figure import Chart, Column, Grid, Picker, View, columns, label, single, text_cells
from genrelab.report.heatmap import density_map, values_heat
from genrelab.report.page import Page, Summary, of_result
from genrelab.report.wording import MINUS, count, decimal

SPEARMAN = (
    f"Spearman's rank correlation (Spearman 1904): 1 if both always rise together, {MINUS}1 if one falls whenever the "
    "other rises, 0 if there is no such relation."
)
PEARSON = (
    f"Pearson's correlation: 1 or {MINUS}1 if the tracks lie on a straight line, 0 without a linear relation."
)
KINDS = (("spearman", "Spearman", SPEARMAN), ("pearson", "Pearson", PEARSON))
STEPS = ((0.1, "hardly"), (0.3, "weakly"), (0.5, "moderately"), (1.1, "strongly"))
"""Words for the strength of a correlation: up to 0.1, 0.3, 0.5 (the conventions of Cohen 1988, chapter 3)."""
BENT = 0.15
"""Share of the range of the medians by which the middle third lies above or below both others in a hump."""
ENOUGH = 20
"""Least number of tracks in a column of a density for a median."""


def fill(found: Exploration) -> Summary:
    """Return one section for each collection."""
    sections = [_section(collection) for collection in found.collections]
    sections = [one for one in sections if one["charts"]]
    finding = f"{sections[0]['charts'][0].first.title}." if sections else ""
    return {"collections": sections, "finding": finding}


def _section(collection: ExploredCollection) -> Summary:
    charts = [
        _matrices(collection),
        *(_density(collection, density) for density in collection.densities if density.tracks),
    ]
    return {
        "anchor": collection.name,
        "title": collection.title,
        "tracks": count(collection.correlations.tracks),
        "sample": in_words(collection.sampled, collection.described)
        if collection.sampled < collection.described
        else "",
        "absent": absent_features(collection.correlations.absent),
        "charts": [chart for chart in charts if chart],
    }


def _matrices(collection: ExploredCollection) -> Chart | None:
    found = collection.correlations
    names = list(found.features)
    tables = {"spearman": whole(found.spearman), "pearson": whole(found.pearson)}
    views = {
        kind: _matrix(names, tables[kind], text, meaning)
        for kind, text, meaning in KINDS
        if len(names) > 1 and tables[kind]
    }
    if not views:
        return None
    options = tuple((kind, text) for kind, text, _ in KINDS if kind in views)
    return Chart(f"correlations-{collection.name}", views, (Picker("Correlation", options),))


def _matrix(names: list[str], table: list[list[float]], kind: str, meaning: str) -> View:
    pairs = sorted(
        ((table[one][other], names[one], names[other]) for one, other in unique_pairs(len(names))),
        key=lambda pair: -abs(pair[0]),
    )
    top = pairs[0]
    verb = "oppose each other" if top[0] < 0 else "go together"
    size = range(len(names))
    cells = [[None if row == column else table[row][column] for column in size] for row in size]
    return View(
        title=f"{words_for(top[1]).label} and {words_for(top[2]).label.lower()} {verb} most: "
        f"{kind} {decimal(top[0], 2)}",
        caption=f"{meaning} Blue: the features rise together; orange: one falls as the other rises. Every cell "
        "shows its value.",
        grid=Grid(
            columns("Feature", Column("With", is_number=False), kind),
            tuple(text_cells(words_for(one).label, words_for(other).label.lower(), decimal(value, 2))
                  for value, one, other in pairs),
        ),
        **values_heat(
            [words_for(name).label for name in names],
            [words_for(name).lines for name in names],
            cells,
            [["" if value is None else decimal(value, 2) for value in row] for row in cells],
            [
                [f"<b>{label(words_for(row).label)}</b> and <b>{label(words_for(column).label.lower())}</b><br>"
                 f"{kind} {decimal(table[names.index(row)][names.index(column)], 3)}" for column in names]
                for row in names
            ],
            short_texts=[["" if value is None else _short(value) for value in row] for row in cells],
            is_signed=True,
        ),
    )  # fmt: skip


def _short(value: float) -> str:
    text = decimal(value, 1)
    return "0" if text == "0.0" else text.replace("0.", ".")


def _density(collection: ExploredCollection, given: Density) -> Chart:
    across, up = given.across, given.up
    across_edges, up_edges, counts = given.across_edges, given.up_edges, given.counts
    units = {across: given.across_unit, up: given.up_unit}
    columns_of = [list(column) for column in zip(*counts, strict=True)]
    # A column of too few tracks interrupts the line.
    middle = [
        (
            round((across_edges[place] + across_edges[place + 1]) / 2, 4),
            round(quantile(tracks, up_edges, 0.5), 4) if sum(tracks) >= ENOUGH else None,
        )
        for place, tracks in enumerate(columns_of)
    ]
    view = View(
        title=_says(across, up, given.spearman, [value for _, value in middle]),
        caption=f"{count(given.tracks)} tracks, counted in cells; the colour scale is logarithmic. "
        f"Line: the median of {up} among tracks with that {across}. Pearson "
        f"{decimal(given.pearson, 2)}, Spearman {decimal(given.spearman, 2)}.",
        grid=Grid(
            columns(
                axis_of(across, units[across]),
                "Tracks",
                *(
                    Column(text, words_for(up).label)
                    for text in ("Lower quartile", "Median", "Upper quartile")
                ),
            ),
            tuple(
                text_cells(
                    f"{across_edges[place]:g} to {across_edges[place + 1]:g}",
                    count(sum(tracks)),
                    *(
                        shown(
                            up,
                            quantile(tracks, up_edges, share) if sum(tracks) >= ENOUGH else None,
                            units[up],
                        )
                        for share in (0.25, 0.5, 0.75)
                    ),
                )
                for place, tracks in enumerate(columns_of)
                if sum(tracks)
            ),
            caption=f"Quartiles, exact to the width of a cell; a dash for fewer than {ENOUGH} tracks.",
        ),
        **density_map(
            counts,
            across_edges,
            up_edges,
            middle,
            across_axis=axis_of(across, units[across]),
            up_axis=axis_of(up, units[up]),
        ),
    )
    return single(f"{across}-{up}-{collection.name}", view)


def _says(across: str, up: str, rank: float | None, middle: Sequence[float | None] = ()) -> str:
    pair = f"{words_for(up).label} and {words_for(across).label.lower()}"
    if rank is None:
        return f"{pair}, cell by cell"
    strength = next(word for limit, word in STEPS if abs(rank) < limit)
    if strength == "hardly":
        if bend := _bend([value for value in middle if value is not None]):
            return (
                f"{words_for(up).label} is {bend} at a middling {words_for(across).label.lower()}; a rank correlation"
                f" of {decimal(rank, 2)} does not show that"
            )
        return f"{pair} are hardly related: rank correlation {decimal(rank, 2)}"
    way = "rises" if rank > 0 else "falls"
    return (
        f"{words_for(up).label} {strength} {way} with {words_for(across).label.lower()}: "
        f"rank correlation {decimal(rank, 2)}"
    )


def _bend(middle: Sequence[float]) -> str:
    """Return `highest` or `lowest` if the medians that are drawn are so in the middle third; empty for neither.

    >>> _bend([0.3, 0.4, 0.6, 0.7, 0.6, 0.5, 0.3]), _bend([0.1, 0.2, 0.3, 0.4, 0.5, 0.6]), _bend([0.5] * 6)
    ('highest', '', '')
    """
    third = len(middle) // 3
    if not third:
        return ""
    left, centre, right = (
        sum(part) / len(part) for part in (middle[:third], middle[third:-third], middle[-third:])
    )
    bend = BENT * (max(middle) - min(middle))
    if centre > max(left, right) + bend:
        return "highest"
    return "lowest" if centre < min(left, right) - bend else ""


def quantile(tracks: Sequence[float], edges: Sequence[float], share: float) -> float:
    """Return a quantile of counted values, assumed to be uniform within a cell.

    >>> quantile([1, 2, 1], [0, 1, 2, 3], 0.5)
    1.5
    """
    wanted, before = share * sum(tracks), 0.0
    for place, here in enumerate(tracks):
        if here and before + here >= wanted:
            return edges[place] + (edges[place + 1] - edges[place]) * (wanted - before) / here
        before += here
    return edges[-1]


PAGE = Page(
    name="correlations",
    label="Correlations",
    group="Sound",
    title="Which features are correlated?",
    question="Two strongly correlated features give a model the same information twice. This page shows how "
    "strongly each "
    "pair of features is correlated.",
    needs=(FEATURES.name,),
    command="genrelab bin-genres",
    fill=of_result(FEATURES, fill),
)

"""Charts of features by genre: medians as a heat map, histograms, medians with quartiles.

Conventions: a feature of whole numbers has no useful median; the share of its typical number (major, four beats) is
shown instead and labelled as such. A function returns None where nothing can be drawn.
"""

from collections.abc import Sequence
from itertools import pairwise

from genrelab.analyses.features.pages.facts import GenreFeature, features_of
from genrelab.analyses.features.result import ExploredCollection
from genrelab.report.charts import bars
from genrelab.report.distributions import histograms, spreads
from genrelab.report.feature_words import (
    FeatureWords,
    axis_of,
    shown,
    value_name,
    words_for,
)
from genrelab.report.figure import Cell, Chart, Column, Grid, Picker, View, columns, label, single, text_cells
from genrelab.report.heatmap import values_heat
from genrelab.report.palette import genre_colour
from genrelab.report.wording import count, listing, percent, sentence

LOWER, MEDIAN, UPPER = range(3)


def middle_of(feature: GenreFeature) -> list[float]:
    """Return the median of each genre, or the share of the feature's typical number; empty for neither."""
    typical = words_for(feature.name).typical
    if feature.values and typical is not None:
        return feature.share_at(typical)
    return [row[MEDIAN] for row in feature.quartiles] if not feature.values else []


def shown_middle(feature: GenreFeature, value: float, *, short: bool = False) -> str:
    """Return the value of `middle_of` as text."""
    if feature.values:
        return percent(value, 0) if not short else f"{value * 100:.0f}"
    return shown(feature.name, value, feature.unit, short=short)


def medians(collection: ExploredCollection) -> Chart | None:
    """Draw the medians by genre and feature, coloured from the lowest to the highest of each feature."""
    features = [feature for feature in features_of(collection) if middle_of(feature)]
    if not features:
        return None
    table = [[middle_of(feature)[row] for feature in features] for row in range(len(collection.genre_names))]
    scaled = [_scaled([row[place] for row in table]) for place in range(len(features))]
    texts = [[_cell(feature, value) for feature, value in zip(features, row, strict=True)] for row in table]
    heads = [_head(feature) for feature in features]
    far, place = max(
        (sum(abs(column[row] - 0.5) for column in scaled) / len(scaled), row)
        for row in range(len(collection.genre_names))
    )
    extremes = [
        f"{words.most if column[place] == 1 else words.least}"
        for feature, column in zip(features, scaled, strict=True)
        for words in [words_for(feature.name)]
        if column[place] in {0.0, 1.0}
    ]
    name = collection.genre_names[place]
    title = (
        f"{sentence(name)} stands out most: lowest or highest in {len(extremes)} of {len(features)} features"
    )
    hovers = [
        [
            f"<b>{label(genre)}</b><br>{label(words_for(feature.name).label)}: {label(shown_middle(feature, value))}"
            for feature, value in zip(features, row, strict=True)
        ]
        for genre, row in zip(collection.genre_names, table, strict=True)
    ]
    view = View(
        title=title if far and extremes else "All genres have the same medians",
        caption="Median of each feature by genre. In each column, colour runs from the lowest genre (pale) to the "
        "highest. "
        f"{_units(features)}",
        grid=Grid(
            columns("Genre", *(Column(words_for(one.name).label, _below(one)) for one in features)),
            tuple(
                text_cells(Cell(genre, swatch=genre_colour(genre)), *row)
                for genre, row in zip(collection.genre_names, texts, strict=True)
            ),
        ),
        **values_heat(
            collection.genre_names,
            heads,
            [[column[row] for column in scaled] for row in range(len(collection.genre_names))],
            texts,
            hovers,
            short_texts=[
                [
                    shown_middle(feature, value, short=True)
                    for feature, value in zip(features, row, strict=True)
                ]
                for row in table
            ],
        ),
    )
    return single(f"medians-{collection.name}", view)


def _cell(feature: GenreFeature, value: float) -> str:
    return percent(value, 0) if feature.values else shown(feature.name, value)


def _head(feature: GenreFeature) -> tuple[str, ...]:
    words = words_for(feature.name)
    if feature.values:
        return (*words.lines, words.typical_means)
    return words.lines


def _below(feature: GenreFeature) -> str:
    return f"share {words_for(feature.name).typical_means}" if feature.values else feature.unit


def _units(features: Sequence[GenreFeature]) -> str:
    """Return one sentence on the units of the columns."""
    with_unit = [f"{feature.name} in {feature.unit}" for feature in features if feature.unit]
    shares = [
        f"'{words_for(one.name).typical_means}' is the share of tracks" for one in features if one.values
    ]
    rest = ["the others run from 0 to 1"]
    return sentence(listing([*with_unit, *shares, *rest])) + "."


def _scaled(values: Sequence[float]) -> list[float]:
    low, high = min(values), max(values)
    return [(value - low) / (high - low) if high > low else 0.5 for value in values]


def distributions(collection: ExploredCollection) -> Chart | None:
    """Draw a histogram for each genre, one feature at a time."""
    views = {feature.name: _histogram(feature) for feature in features_of(collection)}
    return _pickable(f"distributions-{collection.name}", views)


def _rest(feature: GenreFeature, genre: int) -> list[float]:
    """Return the share of all other genres' tracks per bar."""
    totals = [sum(column) for column in zip(*feature.counts, strict=True)]
    others = [total - own for total, own in zip(totals, feature.counts[genre], strict=True)]
    return [tracks / (sum(others) or 1) for tracks in others]


def overlap(one: Sequence[float], other: Sequence[float]) -> float:
    """Return the overlap of two histograms: 1 if they are equal, 0 if they are disjoint."""
    return sum(min(left, right) for left, right in zip(one, other, strict=True))


def _histogram(feature: GenreFeature) -> View:
    words = words_for(feature.name)
    shares = feature.shares
    others = [_rest(feature, genre) for genre in range(len(feature.genres))]
    common = [overlap(own, rest) for own, rest in zip(shares, others, strict=True)]
    odd = min(range(len(common)), key=lambda genre: common[genre])
    if feature.values:
        names = [value_name(feature.name, value) for value in feature.values]
        edges = [place - 0.5 for place in range(len(names) + 1)]
        held, ticks = [f"{words.label} {name}" for name in names], names
    else:
        edges, ticks = list(feature.edges), []
        held = [f"{low:g} to {high:g}" for low, high in pairwise(edges)]
    notes = [shown_middle(feature, value) for value in middle_of(feature)] or [""] * len(feature.genres)
    means = f"share {words.typical_means}" if feature.values else "median"
    commonest = [held[max(range(len(row)), key=row.__getitem__)] for row in shares]
    heading = [Column(sentence(means))] if any(notes) else []
    return View(
        title=f"{words.label}: {feature.genres[odd]} differs most; its histogram overlaps by {percent(common[odd], 0)} "
        "with the other genres",
        caption=f"{feature.meaning} Bars: the genre's own tracks; line: all other genres together."
        + (f" Beside each name: {means}." if any(notes) else ""),
        grid=Grid(
            columns("Genre", "Tracks", *heading, "Commonest", "Overlap with the others"),
            tuple(
                text_cells(Cell(genre, swatch=genre_colour(genre)), count(size), *([note] if heading else []), top,
                           percent(share, 0))
                for genre, size, note, top, share in zip(
                    feature.genres, feature.sizes, notes, commonest, common, strict=True
                )
            ),
        ),
        **histograms(
            feature.genres,
            notes,
            shares,
            others,
            [genre_colour(genre) for genre in feature.genres],
            edges=edges,
            bars=held,
            ticks=ticks,
            axis=axis_of(feature.name, feature.unit),
        ),
    )  # fmt: skip


def medians_and_spreads(collection: ExploredCollection) -> Chart | None:
    """Draw the median and the middle half of every genre, one feature at a time."""
    views = {feature.name: _spread(feature) for feature in features_of(collection) if middle_of(feature)}
    return _pickable(f"spreads-{collection.name}", views)


def _spread(feature: GenreFeature) -> View:
    words = words_for(feature.name)
    middles = middle_of(feature)
    order = sorted(range(len(middles)), key=lambda genre: -middles[genre])
    genres = [feature.genres[place] for place in order]
    texts = [shown_middle(feature, middles[place]) for place in order]
    colours = [genre_colour(genre) for genre in genres]
    title = _ends(words, genres, texts)
    if feature.values:
        shares = [middles[place] for place in order]
        return View(
            title=title,
            caption=f"{feature.meaning} Share of each genre's tracks {words.typical_means}.",
            grid=Grid(
                columns("Genre", "Tracks", f"Share {words.typical_means}"),
                tuple(
                    text_cells(
                        Cell(feature.genres[place], swatch=genre_colour(feature.genres[place])),
                        count(feature.sizes[place]),
                        percent(middles[place]),
                    )
                    for place in order
                ),
            ),
            **bars(
                genres, shares, texts, colours, axis=f"Share of tracks {words.typical_means}", is_share=True
            ),
        )
    quartiles = [feature.quartiles[place] for place in order]
    return View(
        title=title,
        caption=f"{feature.meaning} Dot: the median; bar: the middle half of the genre's tracks, from the lower to the "
        "upper quartile.",
        grid=Grid(
            columns("Genre", "Tracks", "Lower quartile", "Median", "Upper quartile"),
            tuple(
                text_cells(
                    Cell(feature.genres[place], swatch=genre_colour(feature.genres[place])),
                    count(feature.sizes[place]),
                    *(shown(feature.name, value, feature.unit) for value in feature.quartiles[place]),
                )
                for place in order
            ),
        ),
        **spreads(genres, quartiles, texts, colours, axis=axis_of(feature.name, feature.unit)),
    )


def _ends(words: FeatureWords, genres: Sequence[str], texts: Sequence[str]) -> str:
    if texts[0] == texts[-1]:
        return f"{words.label}: all genres have the same {words.typical_means or 'median'} ({texts[0]})"
    return f"{sentence(genres[0])} is {words.most} ({texts[0]}), {genres[-1]} {words.least} ({texts[-1]})"


def _pickable(name: str, views: dict[str, View]) -> Chart | None:
    if not views:
        return None
    # Energy is shown first because it separates genres well; the picker keeps the order of the table.
    first = "energy" if "energy" in views else next(iter(views))
    ordered = {first: views[first]} | views
    picker = Picker("Feature", tuple((feature, words_for(feature).label) for feature in views))
    return Chart(name, ordered, (picker,))


def feature_table(collection: ExploredCollection) -> Grid:
    """Return every feature with its unit and meaning."""
    return Grid(
        columns("Feature", Column("Unit", is_number=False), Column("Meaning", is_number=False)),
        tuple(
            text_cells(
                words_for(feature.name).label,
                feature.unit
                or axis_of(feature.name, "").rpartition("(")[2].rstrip(")").replace("Mode", "none"),
                feature.meaning,
            )
            for feature in features_of(collection)
        ),
    )

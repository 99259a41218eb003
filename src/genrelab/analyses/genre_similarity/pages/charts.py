"""Charts of the similar genres: bars of each genre beside the priors, a chord diagram, and all pairs as a matrix.

The sentences around them belong in `words`.
"""

from genrelab.analyses.genre_similarity.pages.words import (
    genre_says,
    pair_says,
    similar_title,
    with_priors,
)
from genrelab.analyses.genre_similarity.result import Collection, Genre, Pair
from genrelab.report.charts import NARROW_NAME, ROW, WIDE_NAME, Drawing, names_axis
from genrelab.report.chord import Chord, Flow, Node
from genrelab.report.figure import Cell, Chart, Column, Grid, Picker, View, genre_cell, label, table, table_of
from genrelab.report.heatmap import values_heat
from genrelab.report.palette import genre_colour
from genrelab.report.wording import DASH, INTERVAL, count, decimal, percent, plural, points

STRONGEST = 0.4
"""Difference from the priors that has the strongest colour."""


def runners_up_chart(found: Collection) -> Chart:
    """Draw the runners-up of each genre beside what the priors alone would give; a view is named by its place."""
    genres = [one for one in found.genres if one.pairs]
    return Chart(
        f"runners-up-{found.name}",
        {str(place): _runners_up(one) for place, one in enumerate(genres)},
        (Picker("Genre", tuple((str(place), one.genre) for place, one in enumerate(genres))),),
    )


def _runners_up(one: Genre) -> View:
    first = one.pairs[0]
    return View(
        title=f"{one.genre}: the runner-up of {percent(first.share.value, 0)} of its tracks is {first.other}, by the "
        f"priors {percent(first.prior, 0)}",
        caption="Bar: share of the genre's tracks whose most probable other genre it is. Grey line: its 95 % interval, "
        "artists as the unit. Upright mark: the share if only the number of tracks counted.",
        grid=table_of(
            one.pairs,
            ("Runner-up", lambda pair: genre_cell(pair.other)),
            ("Tracks", lambda pair: count(pair.tracks)),
            (Column("Share", INTERVAL), _share_cell),
            ("By the priors", lambda pair: percent(pair.prior)),
            (Column("Difference", "p, corrected"), _difference_cell),
            (
                Column("Second highest", "of all genres"),
                lambda pair: DASH if pair.second is None else percent(pair.second),
            ),
            caption=_about(one),
        ),
        **_drawing(one.pairs),
    )


def _about(one: Genre) -> str:
    text = f"{plural(one.tracks, 'track')} of {plural(one.artists, 'artist')}."
    if one.itself is None:
        return text
    return (
        f"{text} Second highest of all genres is the student project's definition; for {percent(one.itself)} of the"
        f" tracks it "
        f"is {one.genre} itself."
    )


def _share_cell(pair: Pair) -> Cell:
    low, high = pair.share.low, pair.share.high
    ends = "one artist" if low is None or high is None else f"{percent(low)} to {percent(high)}"
    return Cell(percent(pair.share.value), ends)


def _difference_cell(pair: Pair) -> Cell:
    p = "< 0.001" if pair.p < 0.001 else f"{pair.p:.3f}"  # noqa: PLR2004 - as the text says
    return Cell(points(pair.share.value - pair.prior), f"p {p}", mark="best" if pair.is_more else "")


def _drawing(pairs: tuple[Pair, ...]) -> Drawing:
    places = list(range(len(pairs)))
    shares = [pair.share.value for pair in pairs]
    lows = [pair.share.value if pair.share.low is None else pair.share.low for pair in pairs]
    highs = [pair.share.value if pair.share.high is None else pair.share.high for pair in pairs]
    priors = [pair.prior for pair in pairs]
    ends = [max(high, prior) for high, prior in zip(highs, priors, strict=True)]
    names = [label(pair.other) for pair in pairs]
    texts = [
        f"  {percent(share)} · priors {percent(prior)}" for share, prior in zip(shares, priors, strict=True)
    ]
    short = [
        f"  {percent(share, 0)} · {percent(prior, 0)}" for share, prior in zip(shares, priors, strict=True)
    ]
    hover = "<b>%{customdata}</b><br>%{text}<extra></extra>"
    return {
        "traces": [
            {
                "type": "bar",
                "orientation": "h",
                "x": shares,
                "y": places,
                "width": 0.68,
                "marker": {"color": [genre_colour(pair.other) for pair in pairs]},
                "error_x": {
                    "type": "data",
                    "symmetric": False,
                    "array": [high - share for high, share in zip(highs, shares, strict=True)],
                    "arrayminus": [share - low for low, share in zip(lows, shares, strict=True)],
                    "thickness": 2,
                    "width": 0,
                    "color": "var(--soft)",
                },
                "customdata": names,
                "hovertext": texts,
                "hovertemplate": "<b>%{customdata}</b><br>%{hovertext}<extra></extra>",
            },
            {
                "type": "scatter",
                "mode": "markers",
                "x": priors,
                "y": places,
                "marker": {
                    "symbol": "line-ns-open",
                    "size": 20,
                    "color": "var(--ink)",
                    "line": {"width": 2.5, "color": "var(--ink)"},
                },
                "customdata": names,
                "text": texts,
                "hovertemplate": hover,
                "cliponaxis": False,
            },
            {
                "type": "scatter",
                "mode": "text",
                "x": ends,
                "y": places,
                "text": texts,
                "textposition": "middle right",
                "hoverinfo": "skip",
                "cliponaxis": False,
            },
        ],
        "layout": {
            "xaxis": {
                "title": {"text": "Share of the genre's tracks"},
                "range": [0, max(ends) * 1.35],
                "tickformat": ".0%",
                "nticks": 6,
            },
            "yaxis": names_axis([pair.other for pair in pairs], WIDE_NAME),
        },
        "narrow": {
            "traces": [{}, {"marker": {"size": 16}}, {"text": short}],
            "layout": {
                "xaxis": {"range": [0, max(ends) * 1.7], "nticks": 4},
                "yaxis": {"ticktext": [label(pair.other, NARROW_NAME) for pair in pairs]},
            },
        },
        "height": 84 + ROW * len(pairs),
    }


def chord(found: Collection) -> Chord:
    """Draw the runners-up of all genres as a chord diagram."""
    places = {one.genre: place for place, one in enumerate(found.genres)}
    several = " A track with several genres counts in the arc of each." if found.has_several else ""
    return Chord(
        name=f"chord-{found.name}",
        title=similar_title(found),
        caption="An arc holds the tracks of a genre. A ribbon begins, as wide as their number, at the tracks whose "
        "most probable other genre is the one at its tip. Strong colour: more often than the number of tracks "
        f"explains, beyond chance.{several}",
        says="Choose a genre, or point at an arc or a ribbon.",
        nodes=tuple(
            Node(
                one.genre,
                genre_colour(one.genre),
                one.tracks,
                genre_says(found, one),
                tuple(
                    Flow(places[pair.other], pair.tracks, pair_says(one, pair), pair.is_more)
                    for pair in one.pairs
                ),
            )
            for one in found.genres
        ),
        grid=_matrix(found),
        bars=f"runners-up-{found.name}",
    )


def _matrix(found: Collection) -> Grid:
    """Return the share of every pair beside that by the priors."""

    def cell(one: Genre, other: str) -> Cell:
        pair = one.pair(other)
        if pair is None:
            return Cell(DASH)
        text = percent(pair.share.value, 0)
        return Cell(text, percent(pair.prior, 0), mark="best" if pair.is_more else "")

    names = [one.genre for one in found.genres]
    return table(
        ["Genre", "Tracks", *names],
        [
            [genre_cell(one.genre), count(one.tracks), *(cell(one, other) for other in names)]
            for one in found.genres
        ],
        caption="Share of the tracks of the row whose runner-up is the column; below, the share by the priors. Bold: "
        "more often than the priors explain, beyond chance.",
    )


def matrix_view(found: Collection) -> View:
    """Draw how far the share of every pair is from the priors."""
    names = [one.genre for one in found.genres]
    pairs = [[one.pair(other) for other in names] for one in found.genres]
    apart = [[None if pair is None else pair.share.value - pair.prior for pair in row] for row in pairs]
    return View(
        title=similar_title(found),
        caption="Share of the tracks of the row whose runner-up is the column, less the share by the priors, in "
        "percentage points.",
        grid=_matrix(found),
        **values_heat(
            names,
            [name.split() or [name] for name in names],
            [
                [None if value is None else max(-1.0, min(1.0, value / STRONGEST)) for value in row]
                for row in apart
            ],
            [
                ["" if value is None else decimal(100 * value, 0, signed=True) for value in row]
                for row in apart
            ],
            [["" if pair is None else label(with_priors(pair)) for pair in row] for row in pairs],
            is_signed=True,
        ),
    )

"""The charts of popularity, for the report and for MLflow."""

from collections.abc import Sequence

from genrelab.analyses.popularity.pages.words import ends, explained, score_cells
from genrelab.analyses.popularity.result import (
    ALL_TRACKS,
    MEAN,
    OFFICIAL,
    RANDOM,
    Age,
    AgeBin,
    Decile,
    GenrePlays,
    TrackGroup,
)
from genrelab.report.charts import Drawing, intervals
from genrelab.report.curves import Line, lines
from genrelab.report.figure import Cell, Chart, Column, Grid, View, genre_cell, single, table, table_of
from genrelab.report.palette import genre_colour
from genrelab.report.wording import DASH, count, decimal, inside

PLAYS_AXIS = {"title": {"text": "Plays of a track"}, "type": "log", "tickformat": ",~g", "dtick": "D2"}
ROOT_ROW = 40


def inputs_chart(group: TrackGroup) -> Chart:
    """Draw how much each set of inputs explains for new artists, and for random tracks."""
    sets = group.sets
    new = [one.by_split[OFFICIAL].r2 for one in sets]
    mean = group.baseline(MEAN).by_split[OFFICIAL].r2.value
    view = View(
        title=_inputs_title(group),
        caption="R2, the share of the variance of log plays that is explained, on test tracks by artists that are not "
        "in the training part: dots with 95 % intervals by artist. Hollow diamonds: the same inputs on test tracks "
        "drawn at random, whose artists are in the training part too. Dotted: the mean of the training tracks.",
        grid=_inputs_table(group),
        **intervals(
            [one.label for one in sets],
            [score.value for score in new],
            [score.low for score in new],
            [score.high for score in new],
            [decimal(score.value, 2) for score in new],
            ["var(--bad)" if one.is_forbidden else "var(--accent)" for one in sets],
            axis="R2 on tracks of new artists",
            is_share=False,
            lines=[(mean, "the mean")],
            others=[(row, one.by_split[RANDOM].r2.value, "Random tracks") for row, one in enumerate(sets)],
        ),
    )
    return single(f"inputs-{group.name}", view, shows_numbers=group.name == ALL_TRACKS)


def _inputs_title(group: TrackGroup) -> str:
    if group.name == ALL_TRACKS:
        best = max(group.allowed, key=lambda one: one.by_split[OFFICIAL].r2.value)
        return (
            f"{best.label}: {explained(best.by_split[OFFICIAL].r2)} of the variance for new artists, "
            f"{explained(best.by_split[RANDOM].r2)} for random tracks"
        )
    alone = group.sets[0]
    return f"{alone.label}: R2 {decimal(alone.by_split[OFFICIAL].r2.value, 2)} for new artists"


def _inputs_table(group: TrackGroup) -> Grid:
    rows = [
        [one.label, DASH, *score_cells(one.by_split[OFFICIAL], one.by_split[RANDOM]), DASH]
        for one in group.baselines
    ]
    rows += [
        [
            Cell(one.label, mark="bad" if one.is_forbidden else ""),
            count(one.inputs),
            *score_cells(one.by_split[OFFICIAL], one.by_split[RANDOM]),
            Cell(decimal(one.gain.value, 3, signed=True), ends(one.gain, 3, signed=True)),
        ]
        for one in group.sets
    ]
    return table(
        [
            "Predicted from",
            "Inputs",
            Column("R2", "new artists"),
            Column("R2", "random tracks"),
            Column("Spearman", "new artists"),
            Column("AUC, top tenth", "new artists"),
            Column("Absolute error", "new artists, log plays"),
            Column("Gain in R2", "over what it extends"),
        ],
        rows,
    )


def deciles_chart(group: TrackGroup) -> Chart:
    """Draw the plays of the test tracks by predicted plays."""
    tenths = group.deciles
    first, last = tenths[0], tenths[-1]
    last_set = group.allowed[-1]
    places = list(range(1, len(tenths) + 1))
    view = View(
        title=f"Half of the tenth predicted highest is played more than {count(last.plays[1])} times, half of the "
        f"tenth predicted lowest less than {count(first.plays[1])} times",
        caption=f"Test tracks of new artists, in tenths by the plays predicted from {inside(last_set.label)}. Line: "
        "median of the true plays; dashed: the middle half; dots: median prediction. The vertical axis is "
        "logarithmic: the wide middle half is what the inputs do not tell.",
        grid=table_of(
            list(zip(places, tenths, strict=True)),
            ("Tenth", lambda one: f"{one[0]}"),
            ("Tracks", lambda one: count(one[1].tracks)),
            ("Predicted, median", lambda one: count(one[1].predicted)),
            ("Plays, lower quartile", lambda one: count(one[1].plays[0])),
            ("Plays, median", lambda one: count(one[1].plays[1])),
            ("Plays, upper quartile", lambda one: count(one[1].plays[2])),
        ),
        **lines(
            [
                *_quartile_lines(places, tenths, "tenth %{x}"),
                Line(
                    places,
                    [one.predicted + 1 for one in tenths],
                    "tenth %{x}: %{y:,.0f} predicted",
                    "Median prediction",
                    "var(--density-line)",
                    width=0,
                    dots=9,
                    symbol="diamond",
                ),
            ],
            across={"title": {"text": "Tenth by predicted plays, the lowest first"}, "dtick": 1},
            up=PLAYS_AXIS,
        ),
    )
    return single(f"deciles-{group.name}", view)


def age_chart(age: Age) -> Chart | None:
    """Draw the plays of tracks by their age."""
    if len(age.bins) < 2:  # noqa: PLR2004 - one point is no curve
        return None
    most = max(age.bins, key=lambda one: one.plays[1])
    oldest = age.bins[-1]
    middles = [sum(one.years) / 2 for one in age.bins]
    view = View(
        title=f"Tracks that have been there for {_years(most)} are played most (median {count(most.plays[1])}), the "
        f"oldest {count(oldest.plays[1])} times"
        if most is not oldest
        else f"The oldest tracks are played most: median {count(oldest.plays[1])}",
        caption="Plays by years since the track was added to the site. Line: median; dashed: the middle half. Each "
        "point is about a tenth of the tracks; the vertical axis is logarithmic.",
        grid=table_of(
            age.bins,
            ("Years on the site", _years),
            ("Tracks", lambda one: count(one.tracks)),
            ("Plays, lower quartile", lambda one: count(one.plays[0])),
            ("Plays, median", lambda one: count(one.plays[1])),
            ("Plays, upper quartile", lambda one: count(one.plays[2])),
        ),
        **lines(
            _quartile_lines(middles, age.bins, "%{x:.1f} years"),
            across={"title": {"text": "Years on the site"}, "rangemode": "tozero"},
            up=PLAYS_AXIS,
        ),
    )
    return single("age", view)


def _years(one: AgeBin) -> str:
    return f"{decimal(one.years[0], 1)} to {decimal(one.years[1], 1)} years"


def _quartile_lines(places: Sequence[float], shown: Sequence[AgeBin | Decile], at: str) -> list[Line]:
    """Median and quartiles of plays as lines; 1 is added, since a logarithmic axis has no 0."""
    low, middle, high = ([one.plays[place] + 1 for one in shown] for place in range(3))
    return [
        Line(places, middle, f"{at}: median %{{y:,.0f}}", "Median", dots=7),
        *(
            Line(places, quartile, f"{at}: {says} %{{y:,.0f}}", name, "var(--soft)", "dash", 1.5)
            for quartile, says, name in (
                (high, "a quarter above", "Upper quartile"),
                (low, "a quarter below", "Lower quartile"),
            )
        ),
    ]


def genres_chart(genres: Sequence[GenrePlays]) -> Chart | None:
    """Draw how often the top genres are played, compared with tracks of the same age."""
    shown = [one for one in genres if one.is_root] or list(genres[:16])
    if not shown:
        return None
    most, least = shown[0], shown[-1]
    view = View(
        title=f"At equal age, {most.genre} is played {decimal(most.ratio.value, 1)} times as often as all tracks, "
        f"{least.genre} {decimal(least.ratio.value, 1)} times",
        caption="Plays of the tracks of each top genre as a multiple of those of all tracks of about the same age "
        "(geometric means), with 95 % intervals, artists as clusters. A track counts for each of its genres.",
        grid=genres_table(shown),
        **with_height(
            intervals(
                [one.genre for one in shown],
                [one.ratio.value for one in shown],
                [one.ratio.low for one in shown],
                [one.ratio.high for one in shown],
                [decimal(one.ratio.value, 2) for one in shown],
                [genre_colour(one.genre) for one in shown],
                axis="Plays, as a multiple of all tracks of the same age",
                is_share=False,
                lines=[(1.0, "all tracks")],
            ),
            110 + ROOT_ROW * len(shown),
        ),
    )
    return single("genres", view)


def with_height(drawing: Drawing, height: int) -> Drawing:
    """Return a drawing with another height, in CSS pixels."""
    changed = drawing.copy()
    changed["height"] = height
    return changed


def genres_table(shown: Sequence[GenrePlays]) -> Grid:
    """Return a table of genres by plays at equal age."""
    return table_of(
        shown,
        ("Genre", lambda one: genre_cell(one.genre) if one.is_root else one.genre),
        ("Tracks", lambda one: count(one.tracks)),
        ("Artists", lambda one: count(one.artists)),
        ("Plays, median", lambda one: count(one.median)),
        (
            Column("At equal age", "all tracks: 1"),
            lambda one: Cell(decimal(one.ratio.value, 2), ends(one.ratio)),
        ),
    )

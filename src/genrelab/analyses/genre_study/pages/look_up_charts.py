"""Charts of nearest neighbours: the index over k under each protocol, per track, and principal components."""

from collections.abc import Sequence

from genrelab.analyses.genre_study import document
from genrelab.analyses.genre_study.pages.words import (
    COLOURS,
    DOCUMENT_COLOUR,
    INPUTS,
    LABELS,
    PROTOCOLS,
    by_features,
)
from genrelab.analyses.genre_study.result import (
    ALL,
    APART,
    COMPONENTS,
    FEATURES,
    GIVEN,
    OFFICIAL,
    RANDOM,
    ByNeighbours,
    FeatureStudy,
    Spread,
)
from genrelab.report.curves import Line, Mark, lines
from genrelab.report.figure import Cell, Chart, Column, Grid, Picker, View, table, text_column
from genrelab.report.heatmap import heat
from genrelab.report.wording import DASH, count, decimal, listing, percent, plural, sentence

SHOWN_COMPONENTS = (1, 2, 5, 10, 20, 50, 100, 155, 200, 300, 400, 500)
REPORTED = {(FEATURES, GIVEN): document.KNN, (COMPONENTS, GIVEN): document.KNN_ON_COMPONENTS}


def by_k(studies: Sequence[FeatureStudy]) -> Chart:
    """Draw the index over k, one line per protocol, beside the student project's."""
    views = {
        f"{one.name}|{labels}|{inputs}": _by_k(one, labels, inputs)
        for one in studies
        for labels in (GIVEN, ALL)
        for inputs in (FEATURES, COMPONENTS)
    }
    return Chart(
        "by-k",
        views,
        (
            Picker("Features", tuple((one.name, one.title) for one in studies)),
            Picker("Genres", tuple((name, sentence(text)) for name, text in LABELS.items())),
            Picker("Neighbours by", tuple((name, sentence(text)) for name, text in INPUTS.items())),
        ),
    )


def _by_k(found: FeatureStudy, labels: str, inputs: str) -> View:
    curves = [curve for name in PROTOCOLS if (curve := found.curve(name, inputs, labels))]
    reported = REPORTED.get((inputs, labels), ())
    series = [
        Line(
            curve.k,
            curve.mean,
            f"{PROTOCOLS[curve.protocol]}, k = %{{x}}: %{{y:.3f}}",
            name=PROTOCOLS[curve.protocol],
            colour=COLOURS[curve.protocol],
            dots=6,
            errors=curve.sd if curve.repeats > 1 else (),
        )
        for curve in curves
    ]
    if reported:
        series.append(
            Line(
                curves[0].k,
                reported,
                "the student project, k = %{x}: %{y:.3f}",
                name="The student project",
                colour=DOCUMENT_COLOUR,
                dash="dash",
                dots=5,
                symbol="diamond",
            )
        )
    rows = [
        (
            f"k = {k}",
            *([decimal(reported[place])] if reported else []),
            *(
                Cell(decimal(curve.mean[place]), f"± {decimal(curve.sd[place])}" if curve.repeats > 1 else "")
                for curve in curves
            ),
        )
        for place, k in enumerate(curves[0].k)
    ]
    baseline = (
        "Three most frequent genres",
        *([DASH] if reported else []),
        *(decimal(c.baseline) for c in curves),
    )
    headings = [
        "Neighbours",
        *(["The student project"] if reported else []),
        *(PROTOCOLS[c.protocol] for c in curves),
    ]
    return View(
        title=_by_k_title(curves),
        caption=_by_k_caption(found, curves, inputs),
        grid=table(headings, [*rows, baseline]),
        **lines(
            series,
            across={"title": {"text": "Neighbours that vote (k)"}, "dtick": 1},
            up={"title": {"text": "Jaccard index"}, "rangemode": "tozero", "tickformat": ".2f"},
        ),
    )


def _by_k_title(curves: Sequence[ByNeighbours]) -> str:
    of = {curve.protocol: curve for curve in curves}
    if RANDOM not in of or APART not in of:
        return f"The nearest neighbours reach {decimal(max(curves[0].mean))} at most"
    random, apart = of[RANDOM].mean[0], of[APART].mean[0]
    if random <= apart:
        return f"The nearest track reaches {decimal(random)}, and as much when it must be another artist's"
    return (
        f"The nearest track's genres: {decimal(random)} on random tracks, {decimal(apart)} with artists kept apart; "
        f"{percent(1 - apart / random, 0)} of that is lost"
    )


def _by_k_caption(found: FeatureStudy, curves: Sequence[ByNeighbours], inputs: str) -> str:
    sizes = "; ".join(
        f"{PROTOCOLS[one.protocol].lower() if one.protocol != 'official' else PROTOCOLS[one.protocol]}: "
        f"{plural(one.repeats, 'draw')}, {count(one.train)} to look in, {count(one.test)} to name"
        for one in curves
    )
    on = f" on {plural(found.components.needed, 'component')}" if inputs == COMPONENTS else ""
    return (
        "Jaccard index (genres right, of all that are named or true), mean over tracks; bars are the standard "
        "deviation "
        f"over draws. A genre is named where at least 0.49 of the k nearest tracks{on} have it. With two neighbours "
        "one "
        f"vote is enough, with three it takes two: hence the zigzag. {sentence(sizes)}."
    )


def per_track(studies: Sequence[FeatureStudy]) -> Chart | None:
    """Draw how the index of the nearest neighbour spreads over tracks."""
    return by_features("per-track", studies, _per_track)


def _per_track(found: FeatureStudy) -> View | None:
    spreads = found.spreads
    if not spreads:
        return None
    last = len(spreads[0].counts) - 2
    columns = ["none right", *(f"to {(place + 1) / last:.1f}" for place in range(last)), "all right"]
    return View(
        title=f"No genre is right for {_none_right(spreads)}",
        caption="Tracks by the Jaccard index of the genres of their nearest neighbour, all draws together; percent "
        f"of the row. The student project has {percent(document.NONE_RIGHT, 0)} with none and "
        f"{percent(document.ALL_RIGHT, 0)} with all right in one draw, and says about 60 % in its text.",
        grid=_spread_table(spreads),
        **heat(
            [PROTOCOLS[one.protocol] for one in spreads],
            columns,
            [[number / max(one.tracks, 1) for number in one.counts] for one in spreads],
            [one.counts for one in spreads],
            row_axis="",
            column_axis="Jaccard index of a track",
            reads="{row}, {column}",
        ),
    )


def _none_right(spreads: Sequence[Spread]) -> str:
    """Return the share of tracks without a right genre under each protocol."""
    where = {RANDOM: "of random tracks", APART: "with artists kept apart", OFFICIAL: "on FMA's split"}
    return listing([f"{percent(one.none, 0)} {where[one.protocol]}" for one in spreads])


def _spread_table(spreads: Sequence[Spread]) -> Grid:
    return table(
        ("Test tracks", "Tracks", "No genre right", "One at least", "All right"),
        [
            (
                PROTOCOLS[one.protocol],
                count(one.tracks),
                *(percent(v) for v in (one.none, one.some, one.every)),
            )
            for one in spreads
        ],
    )


def neighbours_table(found: FeatureStudy) -> Grid:
    """Whose track the nearest neighbour is, and what that is worth."""
    return table(
        (
            text_column("Test tracks"),
            "Nearest track is of the same artist",
            Column("On the same album", "where it is known"),
            "With the same features",
            "Index where it is the same artist's",
            "Index of the other tracks",
        ),
        [
            (
                PROTOCOLS[one.protocol],
                percent(one.same_artist),
                percent(one.same_album),
                percent(one.twins),
                decimal(one.known),
                decimal(one.new),
            )
            for one in found.spreads
        ],
        f"{found.title}, genres that the artist chose, k = 1",
    )


def components(studies: Sequence[FeatureStudy]) -> Chart | None:
    """Draw the share of the variance that principal components hold."""
    return by_features("components", studies, _components)


def _components(found: FeatureStudy) -> View:
    one = found.components
    numbers = range(1, len(one.shares) + 1)
    shown = sorted(
        {number for number in (*SHOWN_COMPONENTS, one.needed, len(one.shares)) if number <= len(one.shares)}
    )
    return View(
        title=f"{one.needed} of {len(one.shares)} components hold {percent(one.share, 0)} of the variance",
        caption="Share of the variance of the scaled features that the first components hold together, fitted on "
        "training "
        f"tracks of the first draw. The student project has {document.COMPONENTS} of {document.FEATURES}.",
        grid=table(
            ("Components", "Share of the variance"),
            [(str(number), percent(one.shares[number - 1])) for number in shown],
        ),
        **lines(
            [Line(numbers, one.shares, "%{x} components: %{y:.1%}", dots=0)],
            across={"title": {"text": "Components"}},
            up={"title": {"text": "Share of the variance"}, "tickformat": ".0%", "range": [0, 1.02]},
            marks=[Mark(one.needed, f"{one.needed}")],
        ),
    )

"""Charts of what is missing: shares, agreement within artists, phi coefficients, genres.

The picture of the rows is in `nullity`; the text is in `words` and `missing`.
"""

from collections.abc import Sequence

from genrelab.analyses.missing_values.pages.words import (
    CLEAR,
    DIFFERENCES,
    NO_GENRE,
    SUBSETS,
    official,
    widest,
)
from genrelab.analyses.missing_values.result import Gaps, Matrix, Pair, Part, TrackColumn
from genrelab.report.charts import bars, intervals
from genrelab.report.figure import Cell, Chart, Grid, Picker, View, single, table, table_of, text_column
from genrelab.report.figure import label as label_text
from genrelab.report.heatmap import values_heat
from genrelab.report.wording import DASH, count, decimal, percent, plural

COLOURS = {"artist": "var(--accent)", "album": "var(--warn)", "track": "var(--quiet)"}
SHARE_ROW = 40
BESIDE = 10
"""Columns of a heat map whose names have room beside each other."""
FITS = 14
"""Columns up to which the cells of the heat map of phi have room for their number on a phone."""


def shares_chart(found: Gaps) -> Chart | None:
    """Draw the share missing of each column beside the student project."""
    rows = sorted(found.gappy, key=lambda one: (one.level, -one.share.value, one.column))
    if not rows:
        return None
    most = max(rows, key=lambda one: one.share.value)
    drawing = intervals(
        [official(one.column) for one in rows],
        [one.share.value for one in rows],
        [one.share.low for one in rows],
        [one.share.high for one in rows],
        [percent(one.share.value) for one in rows],
        [COLOURS[one.level] for one in rows],
        axis="Share of tracks without a value",
        is_share=True,
        others=[
            (place, one.document, f"{official(one.column)} in the student project")
            for place, one in enumerate(rows)
            if one.document is not None
        ],
    )
    for trace in drawing["traces"][1:]:
        trace["mode"] = "markers"
    drawing["layout"]["xaxis"]["range"] = [-0.04, 1.06]
    drawing["height"] = 90 + SHARE_ROW * len(rows)
    over = sum(one.share.value > found.limit for one in rows)
    view = View(
        title=f"{plural(over, 'column')} of tracks.csv {'lacks' if over == 1 else 'lack'} more than "
        f"{percent(found.limit, 0)} of their values; {official(most.column)} lacks {percent(most.share.value)}",
        caption="Dot: share missing here, with its 95 % interval, artists as clusters. Hollow diamond: the "
        "student project, of all 106,574 tracks. Listed are columns above 20 % here or there.",
        grid=table_of(
            rows,
            ("Column", lambda one: official(one.column)),
            ("Missing here", lambda one: Cell(percent(one.share.value), _interval(one))),
            ("Artists counted once", lambda one: percent(one.by_artist)),
            ("Document", lambda one: DASH if one.document is None else percent(one.document)),
            (text_column("Difference"), lambda one: DIFFERENCES[one.difference] or DASH),
        ),
        **drawing,
    )
    return single("shares", view, shows_numbers=True)


def _interval(one: TrackColumn) -> str:
    if one.share.low is None or one.share.high is None:
        return "no interval: one artist"
    return f"{decimal(one.share.low * 100, 1)} to {decimal(one.share.high * 100, 1)}"


def agreement_chart(found: Gaps) -> Chart | None:
    """Draw the share of the variance of each gap that lies between artists."""
    rows = [one for one in found.gappy if one.agreement is not None]
    if not rows:
        return None
    rows.sort(key=lambda one: (-(one.agreement or 0), one.column))
    many = sum((one.agreement or 0) >= CLEAR for one in rows)
    view = View(
        title=f"{many} of {len(rows)} gaps belong to the artist more than to the track",
        caption="Share of the variance of a gap that lies between artists (intraclass correlation): at 100 "
        "% all tracks of an artist have the gap or none has, at 0 % tracks of one artist are no "
        "more alike than any others.",
        grid=table_of(
            rows,
            ("Column", lambda one: official(one.column)),
            (text_column("Field of the"), lambda one: one.level),
            ("Between artists", lambda one: percent(one.agreement, 0)),
            ("Between albums", lambda one: percent(one.album_agreement, 0)),
            ("Artists all or none", lambda one: percent(one.all_or_none, 0)),
        ),
        **bars(
            [official(one.column) for one in rows],
            [one.agreement or 0 for one in rows],
            [percent(one.agreement, 0) for one in rows],
            [COLOURS[one.level] for one in rows],
            axis="Share of the variance between artists",
            is_share=True,
        ),
    )
    view.layout["xaxis"]["range"] = [0, 1.12]
    return single("agreement", view)


def phi_chart(found: Gaps) -> Chart | None:
    """Draw the phi coefficients, and what share they are of their bound."""
    names = found.association.columns
    if len(names) < 2:  # noqa: PLR2004 - one column has no other
        return None
    top = found.association.strongest[0]
    views = {
        "phi": _matrix_view(
            names,
            found.association.phi,
            f"{official(top.first)} and {official(top.second)} are missing together most: phi {decimal(top.phi, 2)}",
            "Phi of every two columns, times 100, in the order of their clusters (average linkage on 1 - |phi|). Blue: "
            "missing together; brown: one or the other.",
        ),
        "bound": _matrix_view(
            names,
            found.association.of_bound,
            f"{_full(found)} of {_pairs(names)} pairs go together as closely as their shares allow, or nearly",
            "Phi as a percentage of the largest phi that the shares missing of both columns allow. At 100 "
            "every row that lacks the rarer one lacks the other.",
        ),
    }
    options = (("phi", "phi"), ("bound", "phi as a share of its bound"))
    return Chart("phi", views, (Picker("Measure", options),))


def _pairs(names: Sequence[str]) -> int:
    return len(names) * (len(names) - 1) // 2


def _full(found: Gaps) -> int:
    nearly = 0.9
    cells = (
        value
        for number, row in enumerate(found.association.of_bound)
        for value in row[number + 1 :]
        if value is not None
    )
    return sum(value > nearly for value in cells)


def _matrix_view(names: Sequence[str], values: Matrix, title: str, caption: str) -> View:
    shown = [
        [None if row == column else value for column, value in enumerate(cells)]
        for row, cells in enumerate(values)
    ]
    texts = [["" if value is None else decimal(value * 100, 0) for value in row] for row in shown]
    labels = [official(name) for name in names]
    drawing = values_heat(
        labels,
        [[label] for label in labels],
        shown,
        texts,
        [
            [
                f"<b>{first}</b> and <b>{second}</b>: {decimal(value, 3)}"
                for second, value in zip(labels, row, strict=True)
            ]
            for first, row in zip(labels, shown, strict=True)
        ],
        is_signed=True,
        short_texts=texts if len(names) <= FITS else [["" for _ in row] for row in texts],
    )
    drawing["layout"]["xaxis"]["tickangle"] = -90
    drawing["traces"][1]["textfont"]["size"] = 10
    drawing["height"] = 190 + 26 * len(names)
    drawing["narrow"]["height"] = 210 + 18 * len(names)
    return View(
        title=title,
        caption=caption,
        grid=table(
            ["Column", *labels],
            [
                [label, *(decimal(value, 2) for value in row)]
                for label, row in zip(labels, values, strict=True)
            ],
        ),
        **drawing,
    )


def pairs_table(rows: Sequence[Pair]) -> Grid:
    """Return pairs of columns with their phi, here and in the student project."""
    return table_of(
        rows,
        ("Columns", lambda one: Cell(official(one.first), official(one.second))),
        ("Phi here", lambda one: decimal(one.phi, 3)),
        ("Of its bound", lambda one: percent(one.of_bound, 0)),
        ("Artists counted once", lambda one: decimal(one.by_artist, 3)),
        ("Document", lambda one: decimal(one.document, 3)),
        ("Of its bound", lambda one: percent(one.document_of_bound, 0)),
    )


def parts_chart(found: Gaps) -> Chart | None:
    """Draw the share missing by genre, or by subset."""
    if not found.gappy:
        return None
    views = {}
    if found.genres:
        far = widest(found)
        title = (
            f"{official(far[0].column)} is missing for {percent(far[2], 0)} of {far[1]} and "
            f"{percent(far[4], 0)} of {far[3]}"
            if far
            else "One genre alone has enough tracks"
        )
        names = [one.name or NO_GENRE for one in found.genres]
        views["genre"] = _parts_view(found, names, found.genres, title)
    if found.subsets:
        names = [SUBSETS[one.name] for one in found.subsets]
        views["subset"] = _parts_view(found, names, found.subsets, _subset_title(found))
    options = tuple((key, f"by {key}") for key in views)
    return Chart("parts", views, (Picker("Shares", options),)) if views else None


def _subset_title(found: Gaps) -> str:
    first, last = found.subsets[0], found.subsets[-1]
    places = [number for number, one in enumerate(found.columns) if one in found.gappy]
    means = [sum(part.shares[place] for place in places) / len(places) for part in (first, last)]
    return (
        f"The subset {first.name} lacks {percent(means[0], 0)} of these fields, all tracks {percent(means[1], 0)}"
        if len(found.subsets) > 1
        else "These tracks lie in one subset"
    )


def _parts_view(found: Gaps, names: Sequence[str], parts: Sequence[Part], title: str) -> View:
    places = {one.column: number for number, one in enumerate(found.columns)}
    rows = sorted(found.gappy, key=lambda one: (one.level, -one.share.value, one.column))
    shares = [[part.shares[places[one.column]] for part in parts] for one in rows]
    texts = [[decimal(share * 100, 0) for share in row] for row in shares]
    labels = [official(one.column) for one in rows]
    drawing = values_heat(
        labels,
        [[word for word in name.replace("/", "/ ").split(" ") if word] for name in names],
        shares,
        texts,
        [
            [
                f"<b>{label}</b>, {name}: {percent(share)} of {plural(part.tracks, 'track')} by "
                f"{plural(part.artists, 'artist')}"
                for name, share, part in zip(names, row, parts, strict=True)
            ]
            for label, row in zip(labels, shares, strict=True)
        ],
    )
    drawing["height"] = 130 + 30 * len(rows)
    if len(parts) > BESIDE:
        drawing["layout"]["xaxis"] |= {"tickangle": -90, "ticktext": [label_text(name) for name in names]}
        drawing["height"] += 90
    return View(
        title=title,
        caption="Percentage of the tracks without a value. A genre is listed from ten tracks on; few "
        "artists stand behind many of them, as the table says.",
        grid=table(
            ["Tracks of", "Tracks", "Artists", *labels],
            [
                [name, count(part.tracks), count(part.artists), *(percent(row[place], 0) for row in shares)]
                for place, (name, part) in enumerate(zip(names, parts, strict=True))
            ],
        ),
        **drawing,
    )

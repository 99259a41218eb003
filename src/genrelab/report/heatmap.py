"""Heat maps of values and counts, and density maps of two features.

Conventions: as in `genrelab.report.charts`; rows and columns in the order given, the first row on top. Every cell
shows its value as text, so that no meaning depends on colour alone; a density map has too many cells and shows a colour
scale instead.
"""

import math
from collections.abc import Sequence

from genrelab.report.charts import NARROW_NAME, WIDE_NAME, Drawing, names_axis
from genrelab.report.figure import label
from genrelab.report.palette import density_scale, heat_scale, heat_text, signed_scale
from genrelab.report.wording import plural

Matrix = list[list[float]]

ROW, NARROW_ROW = 40, 28
COUNTS_ROW, NARROW_COUNTS_ROW = 44, 30
"""CSS pixels of a row whose cells have two lines: a share, and a count below."""
COLUMN_NAME = 10
COLUMN_ROOM, COLUMN_SIGN = 900, 6.8
"""CSS pixels of all columns together on a desktop, and of a letter of their names."""
FEW = 30
"""The share of fewer tracks says little: such a row is paler."""
PALE = f"Rows of fewer than {FEW} tracks are paler."
"""For the captions of these charts."""
SMALLEST_SHARE = 0.005
"""A smaller share rounds to 0 %; its cell stays empty."""


def row_shares(counts: Sequence[Sequence[float]]) -> Matrix:
    """Return counts as shares of their row; a row without tracks stays 0."""
    totals = [sum(row) for row in counts]
    return [
        [cell / total if total else 0.0 for cell in row] for row, total in zip(counts, totals, strict=True)
    ]


def values_heat(
    rows: Sequence[str],
    columns: Sequence[Sequence[str]],
    strengths: Sequence[Sequence[float | None]],
    texts: Sequence[Sequence[str]],
    hovers: Sequence[Sequence[str]],
    *,
    row_axis: str = "",
    column_axis: str = "",
    short_texts: Sequence[Sequence[str]] = (),
    is_signed: bool = False,
) -> Drawing:
    """Draw a heat map whose cells show their value.

    Args:
        rows: Name of each row.
        columns: Lines of the name of each column.
        strengths: Colour of each cell: 0 to 1, or -1 to 1 where it is signed; None for an empty cell.
        texts: Text of each cell.
        hovers: Hover text of each cell; markup in it is interpreted.
        row_axis: Label of the rows.
        column_axis: Label of the columns.
        short_texts: Text of each cell on a phone.
        is_signed: Whether negative strengths have a colour of their own.
    """
    return _cells(
        rows,
        ["<br>".join(label(line) for line in lines) for lines in columns],
        [label(_one_line(lines)) for lines in columns],
        strengths,
        [[label(text) for text in row] for row in texts],
        hovers,
        [[label(text) for text in row] for row in short_texts or texts],
        axes=(row_axis, column_axis),
        heights=(90 + ROW * len(rows), 130 + NARROW_ROW * len(rows)),
        is_signed=is_signed,
    )


SAME = "{row} in both"
"""What is read of a cell whose row and column have the same name."""


def heat(
    rows: Sequence[object],
    columns: Sequence[object],
    shares: Sequence[Sequence[float]],
    counts: Sequence[Sequence[float]],
    *,
    row_axis: str,
    column_axis: str,
    reads: str,
) -> Drawing:
    """Draw a heat map of counts, coloured by the share of the row; a row of few tracks is paler.

    Args:
        rows: Name of each row.
        columns: Name of each column.
        shares: Share of the row, per cell.
        counts: Count, per cell.
        row_axis: Label of the rows.
        column_axis: Label of the columns.
        reads: Sentence for one cell, with placeholders `{row}` and `{column}`.
    """
    rounded = [[f"{share * 100:.0f}%" if share >= SMALLEST_SHARE else "" for share in row] for row in shares]
    both, short = (
        [
            [
                f"<b>{text}</b><br>{show(count)}" if text else ""
                for text, count in zip(texts, row, strict=True)
            ]
            for texts, row in zip(rounded, counts, strict=True)
        ]
        for show in ("{:,.0f}".format, _short)
    )
    hovers = [
        [
            (SAME if row == column else reads).format(
                row=f"<b>{label(row)}</b>", column=f"<b>{label(column)}</b>"
            )
            + f"<br>{plural(round(count), 'track')}, {share * 100:.1f} % of the row"
            for column, share, count in zip(columns, of_row, of_counts, strict=True)
        ]
        for row, of_row, of_counts in zip(rows, shares, counts, strict=True)
    ]
    return _cells(
        rows,
        [label(column, COLUMN_NAME) for column in columns],
        [label(column) for column in columns],
        [
            [share * min(1.0, sum(of_counts) / FEW) for share in row]
            for row, of_counts in zip(shares, counts, strict=True)
        ],
        both,
        hovers,
        short,
        axes=(row_axis, column_axis),
        heights=(120 + COUNTS_ROW * len(rows), 170 + NARROW_COUNTS_ROW * len(rows)),
        text_size=11,
        short_size=8,
    )


def _short(count: float) -> str:
    """Return a count in at most four characters, for a cell on a phone.

    >>> _short(986), _short(1369), _short(12345)
    ('986', '1.4k', '12k')
    """
    if count < 1000:  # noqa: PLR2004 - fits as it is
        return f"{count:.0f}"
    return f"{count / 1000:.1f}k" if count < 9950 else f"{count / 1000:.0f}k"  # noqa: PLR2004 - "10.0k" is longer


def _is_too_narrow(heads: Sequence[str]) -> bool:
    """Return whether the names of neighbouring columns would touch."""
    longest = max((len(line) for head in heads for line in head.split("<br>")), default=0)
    return longest * COLUMN_SIGN > COLUMN_ROOM / max(len(heads), 1)


def _cells(
    rows: Sequence[object],
    heads: Sequence[str],
    upright: Sequence[str],
    strengths: Sequence[Sequence[float | None]],
    texts: Sequence[Sequence[str]],
    hovers: Sequence[Sequence[str]],
    short_texts: Sequence[Sequence[str]],
    *,
    axes: tuple[str, str],
    heights: tuple[int, int],
    is_signed: bool = False,
    text_size: int = 12,
    short_size: int = 9,
) -> Drawing:
    """Draw the heat map; all texts except the names of the rows are markup."""
    places = list(range(len(heads)))
    row_axis, column_axis = axes
    is_upright = _is_too_narrow(heads)
    return {
        "traces": [
            {
                "type": "heatmap",
                "z": [[None if value is None else round(value, 3) for value in row] for row in strengths],
                "x": places,
                "y": list(range(len(rows))),
                "zmin": -1 if is_signed else 0,
                "zmax": 1,
                "colorscale": signed_scale() if is_signed else heat_scale(),
                "showscale": False,
                "xgap": 2,
                "ygap": 2,
                "hoverongaps": False,
                "hovertext": [list(row) for row in hovers],
                "hovertemplate": "%{hovertext}<extra></extra>",
            },
            {
                # Text with a colour for each cell, which a heat map does not support.
                "type": "scatter",
                "mode": "text",
                "x": places * len(rows),
                "y": [row for row in range(len(rows)) for _ in places],
                "text": [text for row in texts for text in row],
                "textfont": {
                    "size": text_size,
                    "color": [heat_text(abs(value or 0)) for row in strengths for value in row],
                },
                "hoverinfo": "skip",
            },
        ],
        "layout": {
            "xaxis": {
                "title": {"text": column_axis},
                "tickmode": "array",
                "tickvals": places,
                "ticktext": list(upright if is_upright else heads),
                "side": "top",
                "tickangle": -90 if is_upright else 0,
                "tickfont": {"size": 12},
                "showgrid": False,
                "ticks": "",
                "range": [-0.5, len(heads) - 0.5],
                "automargin": True,
            },
            "yaxis": names_axis(rows, WIDE_NAME)
            | {"title": {"text": row_axis}, "range": [len(rows) - 0.5, -0.5]},
            "margin": {"t": 20, "b": 12},
        },
        "narrow": {
            "traces": [
                {"xgap": 1, "ygap": 1},
                {"text": [text for row in short_texts for text in row], "textfont": {"size": short_size}},
            ],
            "layout": {
                "xaxis": {"tickangle": -90, "ticktext": list(upright), "title": {"text": ""}},
                "yaxis": {
                    "ticktext": [label(row, NARROW_NAME) for row in rows],
                    "title": {"text": ""},
                    "tickfont": {"size": 11},
                },
            },
            "height": heights[1],
        },
        "height": heights[0],
    }


def _one_line(lines: Sequence[str]) -> str:
    """Join the lines of a name, without a space after a hyphen or a slash."""
    return "".join(
        line.removesuffix("-") if line.endswith(("-", "/")) else f"{line} " for line in lines
    ).strip()


def density_map(
    counts: Sequence[Sequence[float]],
    across_edges: Sequence[float],
    up_edges: Sequence[float],
    middle: Sequence[tuple[float, float | None]],
    *,
    across_axis: str,
    up_axis: str,
) -> Drawing:
    """Draw the tracks per cell of two features on a logarithmic colour scale, with a line of medians.

    Args:
        counts: Tracks per cell, rows from the bottom.
        across_edges: Edges of the columns.
        up_edges: Edges of the rows.
        middle: Points of the line: the vertical median at each horizontal position; None interrupts it.
        across_axis: Horizontal quantity and unit.
        up_axis: Vertical quantity and unit.
    """
    largest = max([value for row in counts for value in row] or [0])
    top = math.log10(largest) if largest > 1 else 1.0
    ticks = [10**power for power in range(math.floor(top) + 1)]
    bar: dict[str, object] = {
        "title": {"text": "Tracks<br>per cell", "font": {"size": 12, "color": "var(--muted)"}},
        "tickvals": [math.log10(tick) for tick in ticks],
        "ticktext": [f"{tick:,}" for tick in ticks],
        "tickfont": {"size": 12, "color": "var(--ink)"},
        "thickness": 12,
        "len": 0.7,
        "outlinewidth": 0,
    }
    return {
        "traces": [
            {
                "type": "heatmap",
                "x": list(across_edges),
                "y": list(up_edges),
                "z": [[round(math.log10(value), 3) if value else None for value in row] for row in counts],
                "customdata": [list(row) for row in counts],
                "zmin": 0,
                "zmax": top,
                "colorscale": density_scale(),
                "colorbar": bar,
                "hoverongaps": False,
                "hovertemplate": "x %{x:.3~g}, y %{y:.3~g}<br>tracks: %{customdata:,}<extra></extra>",
            },
            {
                "type": "scatter",
                "mode": "lines",
                "connectgaps": False,
                "x": [point[0] for point in middle],
                "y": [point[1] for point in middle],
                "line": {"color": "var(--density-line)", "width": 2.5},
                "hovertemplate": "median at %{x:.3~g}: %{y:.3~g}<extra></extra>",
            },
        ],
        "layout": {
            "xaxis": {
                "title": {"text": across_axis},
                "range": [across_edges[0], across_edges[-1]],
                "showgrid": False,
                "nticks": 8,
            },
            "yaxis": {
                "title": {"text": up_axis},
                "range": [up_edges[0], up_edges[-1]],
                "showgrid": False,
                "nticks": 6,
            },
        },
        "narrow": {
            "traces": [{"colorbar": {"orientation": "h", "y": 1.0, "yanchor": "bottom", "len": 1,
                                     "title": {"text": "Tracks per cell", "side": "top"}}}],
            "layout": {"xaxis": {"nticks": 5}},
            "height": 420,
        },
        "height": 440,
        "max_width": 760,
    }  # fmt: skip

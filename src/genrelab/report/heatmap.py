"""How a table of counts looks as a heat map.

Conventions: rows and columns in the order given, the first row on top; colour follows the share of the row,
and every cell says its share and its count as text. On a phone the count moves into the label that a tap
opens.
"""

from collections.abc import Sequence

from genrelab.report.charts import NARROW_NAME, WIDE_NAME, Drawing, names_axis
from genrelab.report.figure import label
from genrelab.report.palette import heat_scale, heat_text

HEAT_ROW = 44
SMALLEST_SHARE = 0.005
"""A smaller share rounds to 0 %; its cell stays empty."""


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
    """A heat map of counts, coloured by each row's shares.

    Args:
        rows: Name of each row.
        columns: Name of each column.
        shares: Share of the row, per cell.
        counts: Count, per cell.
        row_axis: What the rows are.
        column_axis: What the columns are.
        reads: Sentence for one cell, with `{row}`, `{column}` as its places.
    """
    rounded = [[f"{share * 100:.0f}" if share >= SMALLEST_SHARE else "" for share in row] for row in shares]
    both = [
        [f"<b>{text}</b><br>{count:,.0f}" if text else "" for text, count in zip(texts, row, strict=True)]
        for texts, row in zip(rounded, counts, strict=True)
    ]
    hover = [
        [
            reads.format(row=f"<b>{label(row)}</b>", column=f"<b>{label(column)}</b>")
            + f"<br>{count:,.0f} tracks, {share * 100:.1f} % of the row"
            for column, share, count in zip(columns, row_shares, row_counts, strict=True)
        ]
        for row, row_shares, row_counts in zip(rows, shares, counts, strict=True)
    ]
    places = list(range(len(columns)))
    return {
        "traces": [
            {
                "type": "heatmap",
                "z": [list(row) for row in shares],
                "x": places,
                "y": list(range(len(rows))),
                "zmin": 0,
                "zmax": 1,
                "colorscale": heat_scale(),
                "showscale": False,
                "xgap": 2,
                "ygap": 2,
                "hovertext": hover,
                "hovertemplate": "%{hovertext}<extra></extra>",
            },
            {
                # Text of its own colour per cell, which a heat map cannot have.
                "type": "scatter",
                "mode": "text",
                "x": places * len(rows),
                "y": [row for row in range(len(rows)) for _ in columns],
                "text": [text for row in both for text in row],
                "textfont": {"size": 11, "color": [heat_text(share) for row in shares for share in row]},
                "hoverinfo": "skip",
            },
        ],
        "layout": {
            "xaxis": {
                "title": {"text": column_axis},
                "tickmode": "array",
                "tickvals": places,
                "ticktext": [label(column, 10) for column in columns],
                "side": "top",
                "tickangle": 0,
                "showgrid": False,
                "ticks": "",
                "range": [-0.5, len(columns) - 0.5],
                "automargin": True,
            },
            "yaxis": names_axis(rows, WIDE_NAME)
            | {"title": {"text": row_axis}, "range": [len(rows) - 0.5, -0.5]},
            "margin": {"t": 20, "b": 12},
        },
        "narrow": {
            "traces": [
                {"xgap": 1, "ygap": 1},
                {"text": [text for row in rounded for text in row], "textfont": {"size": 9}},
            ],
            "layout": {
                "xaxis": {"tickangle": -90, "ticktext": [label(column) for column in columns]},
                "yaxis": {"ticktext": [label(row, NARROW_NAME) for row in rows], "title": {"text": ""}},
            },
            "height": 170 + 30 * len(rows),
        },
        "height": 120 + HEAT_ROW * len(rows),
    }

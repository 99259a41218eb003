"""A picture of the rows: filled where there is a value, empty where it is missing, and how complete each row is.

The picture is that which users of missingno know (Bilogur, "Missingno: a missing data visualization suite", JOSS 3,
2018), drawn in the style of this report.
"""

from collections import Counter

from genrelab.analyses.missing_values.pages.words import official
from genrelab.analyses.missing_values.result import Gaps
from genrelab.report.charts import Drawing
from genrelab.report.figure import Chart, View, single, table_of
from genrelab.report.wording import count, plural

HEIGHT, NARROW_HEIGHT = 640, 560
MATRIX, LINE = 0.84, 0.88
"""Where the matrix ends and where the line of completeness begins, as shares of the width."""


def nullity_chart(found: Gaps) -> Chart | None:
    """Draw the rows; None where no column has a gap."""
    drawn = found.nullity
    if not drawn.columns:
        return None
    patterns = Counter(drawn.rows)
    pattern, rows = patterns.most_common(1)[0]
    title = (
        f"{plural(len(drawn.rows), 'track')} at equal distances show {plural(len(patterns), 'pattern')} of "
        f"gaps; {plural(rows, 'row')} share the commonest"
        if len(patterns) < len(drawn.rows)
        else f"Each of {plural(len(drawn.rows), 'track')} at equal distances has gaps of its own"
    )
    lowest, highest = min(drawn.known), max(drawn.known)
    view = View(
        title=title,
        caption="A row is a track, in the order of FMA's ids; a column is a field that is missing for some "
        f"track. Filled: a value; empty: none. The line counts the fields with a value: {lowest} to "
        f"{highest} of {len(drawn.columns)}. The commonest pattern, of {plural(rows, 'row')}, has "
        f"{plural(pattern.count('1'), 'field')}.",
        grid=table_of(
            list(enumerate(drawn.columns)),
            ("Column", lambda one: official(one[1])),
            ("Rows with a value", lambda one: count(sum(row[one[0]] == "1" for row in drawn.rows))),
            ("Rows", lambda _: count(len(drawn.rows))),
        ),
        **_drawing(found),
    )
    return single("nullity", view)


def _drawing(found: Gaps) -> Drawing:
    drawn = found.nullity
    names = [official(column) for column in drawn.columns]
    rows, width = list(range(len(drawn.rows))), len(names)
    low, high = min(drawn.known), max(drawn.known)
    return {
        "traces": [
            {
                "type": "heatmap",
                "z": [[int(cell) for cell in row] for row in drawn.rows],
                "x": list(range(width)),
                "y": rows,
                "zmin": 0,
                "zmax": 1,
                "colorscale": [[0.0, "var(--heat-0)"], [1.0, "var(--heat-3)"]],
                "showscale": False,
                "xgap": 2,
                "customdata": [[f"{name}, track {track}" for name in names] for track in drawn.tracks],
                "hovertemplate": "%{customdata}<extra></extra>",
            },
            {
                "type": "scatter",
                "mode": "lines",
                "x": list(drawn.known),
                "y": rows,
                "xaxis": "x2",
                "yaxis": "y2",
                "line": {"color": "var(--ink)", "width": 1.2},
                "hovertemplate": "%{x} fields<extra></extra>",
            },
        ],
        "layout": {
            "xaxis": {
                "domain": [0, MATRIX],
                "tickmode": "array",
                "tickvals": list(range(width)),
                "ticktext": names,
                "tickangle": -60,
                "side": "top",
                "showgrid": False,
                "ticks": "",
                "range": [-0.5, width - 0.5],
                "automargin": True,
            },
            "yaxis": {
                "range": [len(rows) - 0.5, -0.5],
                "showgrid": False,
                "tickmode": "array",
                "tickvals": [0, len(rows) - 1],
                "ticktext": [f"track {drawn.tracks[0]}", f"track {drawn.tracks[-1]}"],
                "ticks": "",
                "automargin": True,
            },
            "xaxis2": {
                "domain": [LINE, 1],
                "anchor": "y2",
                "range": [low - 0.5, high + 0.5],
                "tickmode": "array",
                "tickvals": [low, high] if low != high else [low],
                "ticktext": [str(low), str(high)] if low != high else [str(low)],
                "side": "top",
                "showgrid": False,
                "title": {"text": "fields"},
            },
            "yaxis2": {
                "anchor": "x2",
                "range": [len(rows) - 0.5, -0.5],
                "showticklabels": False,
                "showgrid": False,
                "ticks": "",
            },
            "showlegend": False,
            "margin": {"t": 20, "b": 12},
        },
        "narrow": {
            "traces": [{"xgap": 1}],
            "layout": {
                "xaxis": {"tickangle": -90, "tickfont": {"size": 9}},
                "yaxis": {
                    "ticktext": [str(drawn.tracks[0]), str(drawn.tracks[-1])],
                    "tickfont": {"size": 10},
                },
            },
            "height": NARROW_HEIGHT,
        },
        "height": HEIGHT,
    }

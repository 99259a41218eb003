"""Charts of distributions: histograms as small multiples, and medians with quartiles.

Conventions: as in `genrelab.report.charts`. All panels of a drawing share both ranges, so that they can be
compared; each has the name of its genre.
"""

from collections.abc import Sequence
from itertools import pairwise

from genrelab.report.charts import NARROW_NAME, ROW, WIDE_NAME, Drawing, names_axis, panel_title
from genrelab.report.figure import label

PANELS, NARROW_PANELS = 4, 2
PANEL, NARROW_PANEL = 168, 132
FOOT = 66
PANEL_NAME = 20
GAP_ACROSS, NARROW_GAP_ACROSS = 0.035, 0.08


def histograms(
    names: Sequence[str],
    notes: Sequence[str],
    shares: Sequence[Sequence[float]],
    others: Sequence[Sequence[float]],
    colours: Sequence[str],
    *,
    edges: Sequence[float],
    bars: Sequence[str],
    ticks: Sequence[str] = (),
    axis: str,
) -> Drawing:
    """Draw one histogram per genre, with the other genres together as an outline.

    Args:
        names: The genres.
        notes: Text beside each name.
        shares: Share of the genre's tracks per bar.
        others: Share of all other genres' tracks per bar.
        colours: CSS colour of each.
        edges: Edges of the bars.
        bars: Range of each bar, in words.
        ticks: Names of the bars on the axis, where they represent whole numbers.
        axis: Quantity and unit.
    """
    middles = [(low + high) / 2 for low, high in pairwise(edges)]
    top = max([value for row in (*shares, *others) for value in row] or [0]) * 1.06 or 1
    traces: list[dict[str, object]] = []
    for place, (name, own, rest, colour) in enumerate(zip(names, shares, others, colours, strict=True)):
        axes = {"xaxis": f"x{place + 1}", "yaxis": f"y{place + 1}"}
        traces += [
            {
                "type": "bar",
                "x": middles,
                "y": [round(value, 4) for value in own],
                "marker": {"color": colour, "line": {"width": 0}},
                "customdata": list(bars),
                "hovertemplate": f"<b>{label(name)}</b><br>%{{customdata}}: %{{y:.1%}} of its tracks"
                "<extra></extra>",
                **axes,
            },
            {
                "type": "scatter",
                "mode": "lines",
                "x": list(edges),
                "y": [round(value, 4) for value in (*rest, *rest[-1:])],
                "line": {"shape": "hv", "color": "var(--ink)", "width": 1.2},
                "hoverinfo": "skip",
                **axes,
            },
        ]
    across: dict[str, object] = {
        "range": [edges[0], edges[-1]],
        "showgrid": False,
        "automargin": False,
        "pad": 2,
    }
    across |= {"tickfont": {"size": 11}, "nticks": 5}
    if ticks:
        across |= {"tickmode": "array", "tickvals": middles, "ticktext": [label(tick) for tick in ticks]}
        across |= {"tickangle": 0, "tickfont": {"size": 11 if len(ticks) < 9 else 8}}  # noqa: PLR2004 - twelve keys
    return {
        "traces": traces,
        "layout": {
            **_panels(len(names), PANELS, GAP_ACROSS, across, top, PANEL),
            "annotations": [*_names(names, notes), _foot(axis, "; ")],
            "bargap": 0.06,
            "margin": {"t": 4, "b": FOOT, "l": 46, "r": 6, "pad": 0},
        },
        "narrow": {
            "layout": {
                **_panels(len(names), NARROW_PANELS, NARROW_GAP_ACROSS, {}, top, NARROW_PANEL),
                "annotations": [*_names(names, notes, PANEL_NAME), _foot(axis, "<br>")],
                "margin": {"l": 36},
            },
            "height": FOOT + 14 + NARROW_PANEL * -(-len(names) // NARROW_PANELS),
        },
        "height": 4 + FOOT + PANEL * -(-len(names) // PANELS),
    }


def _panels(
    count: int, wide: int, gap: float, across: dict[str, object], top: float, size: int
) -> dict[str, object]:
    """Return the axes of all panels, row by row from the top."""
    rows = -(-count // wide)
    room = 46 / (size * rows)  # for the ticks of the panel above and the name of this one
    axes: dict[str, object] = {}
    for place in range(count):
        row, column = divmod(place, wide)
        width, height = (1 - gap * (wide - 1)) / wide, 1 / rows
        left, foot = column * (width + gap), 1 - (row + 1) * height
        key = "" if place == 0 else str(place + 1)
        axes[f"xaxis{key}"] = {**across, "domain": [left, left + width], "anchor": f"y{place + 1}"}
        axes[f"yaxis{key}"] = {
            "domain": [foot, foot + height - room],
            "anchor": f"x{place + 1}",
            "range": [0, top],
            "nticks": 4,
            "tickformat": ".0%",
            "tickfont": {"size": 11},
            "automargin": False,
            "showticklabels": column == 0,
        }
    return axes


def _names(names: Sequence[str], notes: Sequence[str], width: int = 0) -> list[dict[str, object]]:
    return [
        panel_title(
            place,
            f"<b>{label(name, width, 1) if width else label(name)}</b>"
            + (f"  {label(note)}" if note else ""),
            11 if width else 12,
        )
        for place, (name, note) in enumerate(zip(names, notes, strict=True))
    ]


def _foot(axis: str, between: str) -> dict[str, object]:
    """Return the common label of the axes of all panels."""
    return {
        "text": f"Horizontal: {label(axis)}{between}vertical: share of the genre's tracks",
        "xref": "paper",
        "yref": "paper",
        "x": 0,
        "y": 0,
        "yshift": -26,
        "xanchor": "left",
        "yanchor": "top",
        "align": "left",
        "showarrow": False,
        "font": {"size": 13, "color": "var(--muted)"},
    }


def spreads(
    names: Sequence[str],
    quartiles: Sequence[Sequence[float]],
    texts: Sequence[str],
    colours: Sequence[str],
    *,
    axis: str,
) -> Drawing:
    """Draw the middle half of each genre as a bar, and its median as a dot with the value.

    Args:
        names: The genres.
        quartiles: Lower quartile, median and upper quartile of each.
        texts: The median of each, as text.
        colours: CSS colour of each.
        axis: Quantity and unit.
    """
    lows, middles, highs = ([row[place] for row in quartiles] for place in range(3))
    places = list(range(len(names)))
    low, high = min(lows), max(highs)
    span = (high - low) or 1.0
    return {
        "traces": [
            {
                "type": "bar",
                "orientation": "h",
                "base": lows,
                "x": [top - bottom for top, bottom in zip(highs, lows, strict=True)],
                "y": places,
                "width": 0.5,
                "marker": {"color": list(colours), "opacity": 0.38, "line": {"width": 0}},
                "hoverinfo": "skip",
            },
            {
                "type": "scatter",
                "mode": "markers",
                "x": middles,
                "y": places,
                "marker": {
                    "color": list(colours),
                    "size": 12,
                    "line": {"width": 1.5, "color": "var(--page)"},
                },
                "customdata": [
                    f"<b>{label(name)}</b><br>median {label(text)}, middle half {bottom:.4g} to {top:.4g}"
                    for name, text, bottom, top in zip(names, texts, lows, highs, strict=True)
                ],
                "hovertemplate": "%{customdata}<extra></extra>",
                "cliponaxis": False,
            },
            {
                "type": "scatter",
                "mode": "text",
                "x": highs,
                "y": places,
                "text": [f"  {label(text)}" for text in texts],
                "textposition": "middle right",
                "hoverinfo": "skip",
                "cliponaxis": False,
            },
        ],
        "layout": {
            "xaxis": {"title": {"text": axis}, "range": [low - span * 0.03, high + span * 0.16], "nticks": 7},
            "yaxis": names_axis(names, WIDE_NAME),
        },
        "narrow": {
            "layout": {
                "xaxis": {"nticks": 4, "range": [low - span * 0.05, high + span * 0.34]},
                "yaxis": {"ticktext": [label(name, NARROW_NAME) for name in names]},
            },
        },
        "height": 84 + ROW * len(names),
    }

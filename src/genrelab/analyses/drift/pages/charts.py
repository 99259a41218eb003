"""Charts of drift: the earlier and the later distribution of every feature overlaid, as small multiples.

Conventions: as in `genrelab.report.charts`. Every panel has its own axis, because features differ in unit;
the later version is filled, the earlier one a line. A panel names its feature and its two measures, so that
no meaning depends on colour alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from genrelab.report.charts import Drawing, panel_title
from genrelab.report.figure import label

WIDE, NARROW = 4, 2
PANEL, NARROW_PANEL = 190, 168
NAME_ROOM = 44
"""Pixels above a panel: its two lines, and the ticks of the panel above."""
TICKS, FOOT = 24, 8
GAP, NARROW_GAP = 0.045, 0.09
NARROW_NAME = 20
FEW_TICKS = 9


@dataclass(frozen=True)
class Panel:
    """One feature.

    Args:
        name: Text above the panel.
        note: Its measures.
        edges: Edges of the bars.
        bars: What each bar holds, in words.
        ticks: Names of the bars on the axis, where they represent whole numbers.
        earlier: Share of the tracks per bar, in the earlier version.
        later: The same in the later version.
        colour: CSS colour of the later version.
    """

    name: str
    note: str
    edges: Sequence[float]
    bars: Sequence[str]
    ticks: Sequence[str]
    earlier: Sequence[float]
    later: Sequence[float]
    colour: str


def overlaid(panels: Sequence[Panel], *, earlier: str, later: str) -> Drawing:
    """Draw a panel for each feature: the later version as bars, the earlier one as a line.

    Args:
        panels: The features, in order.
        earlier: What the line is: `version 3`.
        later: What the bars are.
    """
    wide_rows, narrow_rows = (-(-len(panels) // across) for across in (WIDE, NARROW))
    return {
        "traces": [
            trace for place, panel in enumerate(panels) for trace in _traces(panel, place, earlier, later)
        ],
        "layout": {
            **_axes(panels, WIDE, GAP, PANEL),
            "annotations": _names(panels),
            "bargap": 0.04,
            "margin": {"t": 4, "b": FOOT, "l": 6, "r": 6, "pad": 0},
        },
        "narrow": {
            "layout": {
                **_axes(panels, NARROW, NARROW_GAP, NARROW_PANEL),
                "annotations": _names(panels, NARROW_NAME),
            },
            "height": FOOT + NARROW_PANEL * narrow_rows,
        },
        "height": FOOT + PANEL * wide_rows,
    }


def _traces(panel: Panel, place: int, earlier: str, later: str) -> list[dict[str, object]]:
    axes = {"xaxis": f"x{place + 1}", "yaxis": f"y{place + 1}"}
    return [
        {
            "type": "bar",
            "x": [(low + high) / 2 for low, high in pairwise(panel.edges)],
            "y": list(panel.later),
            "width": [high - low for low, high in pairwise(panel.edges)],
            "marker": {"color": panel.colour, "opacity": 0.55, "line": {"width": 0}},
            "customdata": [
                [label(bar), f"{before:.1%}"] for bar, before in zip(panel.bars, panel.earlier, strict=True)
            ],
            "hovertemplate": f"<b>{label(panel.name)}</b> %{{customdata[0]}}<br>{label(later)}: %{{y:.1%}}<br>"
            f"{label(earlier)}: %{{customdata[1]}}<extra></extra>",
            **axes,
        },
        {
            "type": "scatter",
            "mode": "lines",
            "x": [panel.edges[0], *panel.edges, panel.edges[-1]],
            "y": [0, *panel.earlier, panel.earlier[-1], 0],
            "line": {"shape": "hv", "color": "var(--ink)", "width": 1.4},
            "hoverinfo": "skip",
            **axes,
        },
    ]


def _axes(panels: Sequence[Panel], across: int, gap: float, size: int) -> dict[str, object]:
    """The axes of all panels, row by row from the top."""
    rows = -(-len(panels) // across)
    name, ticks = NAME_ROOM / (size * rows), TICKS / (size * rows)
    axes: dict[str, object] = {}
    for place, panel in enumerate(panels):
        row, column = divmod(place, across)
        width = (1 - gap * (across - 1)) / across
        left, top = column * (width + gap), 1 - row / rows
        key = "" if place == 0 else str(place + 1)
        axes[f"xaxis{key}"] = {
            "domain": [left, left + width],
            "anchor": f"y{place + 1}",
            "range": [panel.edges[0], panel.edges[-1]],
            "showgrid": False,
            "automargin": False,
            "tickfont": {"size": 11},
            "tickangle": 0,
            "nticks": 4,
            **_ticks(panel, across),
        }
        axes[f"yaxis{key}"] = {
            "domain": [max(top - 1 / rows + ticks, 0), top - name],
            "anchor": f"x{place + 1}",
            "range": [0, max([*panel.earlier, *panel.later, 0]) * 1.06 or 1],
            "showticklabels": False,
            "showgrid": False,
            "automargin": False,
        }
    return axes


def _ticks(panel: Panel, across: int) -> dict[str, object]:
    if not panel.ticks:
        return {}
    middles = [(low + high) / 2 for low, high in pairwise(panel.edges)]
    every = 1 if len(panel.ticks) <= FEW_TICKS else 2 if across == WIDE else 3
    shown = list(zip(middles, panel.ticks, strict=True))[::every]
    return {
        "tickmode": "array",
        "tickvals": [middle for middle, _ in shown],
        "ticktext": [label(text) for _, text in shown],
    }


def _names(panels: Sequence[Panel], width: int = 0) -> list[dict[str, object]]:
    names = [label(panel.name, width, 1) if width else label(panel.name) for panel in panels]
    return [
        {
            **panel_title(place, f"<b>{name}</b><br>{label(panel.note)}", 11 if width else 12),
            "align": "left",
        }
        for place, (panel, name) in enumerate(zip(panels, names, strict=True))
    ]

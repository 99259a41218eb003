"""How charts with two measured axes look: a calibration curve, points with their names, lines.

Conventions: as in `genrelab.report.charts`.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from genrelab.report.charts import Drawing
from genrelab.report.figure import label

DOT, SIGN, LINE = 0.012, 0.0105, 0.055
"""Half the size of a dot, the width of a letter and the height of a line, as shares of the drawing."""

Box = tuple[float, float, float, float]


def calibration(confidence: Sequence[float], accuracy: Sequence[float], counts: Sequence[float]) -> Drawing:
    """Share right against stated confidence; the area of a dot is its count of tracks."""
    largest = max([*counts, 1])
    return {
        "traces": [
            {
                "type": "scatter",
                "mode": "lines+markers",
                "x": list(confidence),
                "y": list(accuracy),
                "line": {"color": "var(--accent)", "width": 2},
                "marker": {
                    "color": "var(--accent)",
                    "size": [6 + 20 * (count / largest) ** 0.5 for count in counts],
                    "opacity": 0.85,
                    "line": {"width": 0},
                },
                "customdata": list(counts),
                "hovertemplate": "says %{x:.0%}, right %{y:.0%}<br>%{customdata:,} tracks<extra></extra>",
            }
        ],
        "layout": {
            "xaxis": {
                "title": {"text": "Confidence the model states"},
                "range": [0, 1.02],
                "tickformat": ".0%",
            },
            "yaxis": {"title": {"text": "Share it gets right"}, "range": [0, 1.02], "tickformat": ".0%"},
            "shapes": [
                {
                    "type": "line",
                    "x0": 0,
                    "y0": 0,
                    "x1": 1,
                    "y1": 1,
                    "layer": "below",
                    "line": {"color": "var(--soft)", "width": 1.5, "dash": "dot"},
                }
            ],
        },
        "narrow": {"layout": {"yaxis": {"nticks": 5}, "xaxis": {"nticks": 5}}, "height": 380},
        "height": 480,
        "max_width": 640,
    }


def named_points(
    names: Sequence[object],
    across: Sequence[float],
    up: Sequence[float],
    colours: Sequence[str],
    *,
    across_axis: str,
    up_axis: str,
) -> Drawing:
    """Points with their names; the axis across is logarithmic.

    Args:
        names: Name of each point.
        across: Position across, above 0.
        up: Height, a share.
        colours: CSS colour of each.
        across_axis: What is measured across, with its unit.
        up_axis: What is measured upwards, with its unit.
    """
    sides = name_sides(names, [math.log10(value) for value in across], up)
    return {
        "traces": [
            {
                "type": "scatter",
                "mode": "markers+text",
                "x": list(across),
                "y": list(up),
                "text": [
                    f"  {label(name)}  " if side else "" for name, side in zip(names, sides, strict=True)
                ],
                "customdata": [label(name) for name in names],
                "textposition": [side or "middle right" for side in sides],
                "marker": {"color": list(colours), "size": 12, "line": {"width": 0}},
                "hovertemplate": "<b>%{customdata}</b><br>%{x:,.1f} s<br>%{y:.1%}<extra></extra>",
                "cliponaxis": False,
            }
        ],
        "layout": {
            "xaxis": {"title": {"text": across_axis}, "type": "log", "dtick": 1, "tickformat": ",~g"},
            "yaxis": {"title": {"text": up_axis}, "tickformat": ".0%", "nticks": 6},
        },
        # On a phone there is no room for names: the numbers below have them.
        "narrow": {"traces": [{"text": [""] * len(names)}], "layout": {"yaxis": {"nticks": 5}}},
        "height": 480,
    }


def name_sides(names: Sequence[object], across: Sequence[float], up: Sequence[float]) -> list[str]:
    """On which side of its point each name stands so that none covers another; empty where there is no room.

    Args:
        names: Names, the ones to place first in front.
        across: Positions across, in the units in which the axis is even.
        up: Heights.

    >>> name_sides(["one", "two"], [0.0, 1.0], [0.0, 1.0])
    ['middle right', 'middle left']
    """
    left, bottom = min(across), min(up)
    wide, high = (max(across) - left) or 1.0, (max(up) - bottom) or 1.0
    points = [((x - left) / wide, (y - bottom) / high) for x, y in zip(across, up, strict=True)]
    taken = [(x - DOT, y - DOT, x + DOT, y + DOT) for x, y in points]
    sides = []
    for place, (name, (x, y)) in enumerate(zip(names, points, strict=True)):
        own = [box for number, box in enumerate(taken) if number != place]
        size = SIGN * len(str(name))
        boxes = {
            "middle right": (x + DOT, y - LINE / 2, x + DOT + size, y + LINE / 2),
            "middle left": (x - DOT - size, y - LINE / 2, x - DOT, y + LINE / 2),
            "top center": (x - size / 2, y + DOT, x + size / 2, y + DOT + LINE),
            "bottom center": (x - size / 2, y - DOT - LINE, x + size / 2, y - DOT),
        }
        free = [
            side for side, box in boxes.items() if _fits(box) and not any(_overlap(box, one) for one in own)
        ]
        sides.append(free[0] if free else "")
        if free:
            taken.append(boxes[free[0]])
    return sides


def _fits(box: Box) -> bool:
    return box[0] >= -0.04 and box[2] <= 1.03  # noqa: PLR2004 - the axes have a little room beyond the points


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def lines(
    across: Sequence[float],
    series: Mapping[str, Sequence[float]],
    *,
    across_axis: str,
    up_axis: str,
    errors: Sequence[float] = (),
) -> Drawing:
    """Shares over a quantity; the axis across is logarithmic, and its ticks are the measured values.

    Args:
        across: Positions across, above 0.
        series: Heights by name, shares; told apart by dash and symbol too.
        across_axis: What is measured across, with its unit.
        up_axis: What is measured upwards.
        errors: Standard errors of the first series.
    """
    looks = (("var(--accent)", "solid", "circle"), ("var(--quiet)", "dash", "diamond"))
    traces: list[dict[str, Any]] = []
    for place, (name, heights) in enumerate(series.items()):
        colour, dash, symbol = looks[place % len(looks)]
        traces.append(
            {
                "type": "scatter",
                "mode": "lines+markers",
                "name": label(name),
                "x": list(across),
                "y": list(heights),
                "line": {"color": colour, "width": 2, "dash": dash},
                "marker": {"color": colour, "size": 9, "symbol": symbol, "line": {"width": 0}},
                "hovertemplate": f"<b>{label(name)}</b><br>%{{x:,}}: %{{y:.1%}}<extra></extra>",
            }
        )
    if errors:
        traces[0]["error_y"] = {
            "type": "data",
            "array": list(errors),
            "thickness": 1.5,
            "width": 0,
            "color": "var(--soft)",
        }
    return {
        "traces": traces,
        "layout": {
            "xaxis": {
                "title": {"text": across_axis},
                "type": "log",
                "tickmode": "array",
                "tickvals": list(across),
                "ticktext": [f"{value:,.0f}" for value in across],
            },
            "yaxis": {"title": {"text": up_axis}, "tickformat": ".0%", "nticks": 6},
            "showlegend": len(series) > 1,
            "margin": {"t": 34},
        },
        "narrow": {"layout": {"yaxis": {"nticks": 5}}},
        "height": 380,
        "max_width": 760,
    }

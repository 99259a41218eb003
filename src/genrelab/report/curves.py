"""Charts with two numeric axes: a calibration curve, named points, lines.

Conventions: as in `genrelab.report.charts`.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from genrelab.report.charts import Drawing
from genrelab.report.figure import label

DOT, SIGN, LINE = 0.012, 0.0105, 0.055
"""Half the size of a dot, the width of a letter and the height of a line, as shares of the drawing."""

Box = tuple[float, float, float, float]


def calibration(confidence: Sequence[float], accuracy: Sequence[float], counts: Sequence[float]) -> Drawing:
    """Draw the share of correct predictions against confidence; the area of a dot is its number of tracks."""
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
                "hovertemplate": "confidence %{x:.0%}, correct %{y:.0%}<br>tracks: %{customdata:,}<extra></extra>",
            }
        ],
        "layout": {
            "xaxis": {
                "title": {"text": "Confidence of the model"},
                "range": [0, 1.02],
                "tickformat": ".0%",
            },
            "yaxis": {
                "title": {"text": "Share of correct predictions"},
                "range": [0, 1.02],
                "tickformat": ".0%",
            },
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
    """Draw named points; the horizontal axis is logarithmic.

    Args:
        names: Name of each point.
        across: Horizontal position, above 0.
        up: Vertical position, a share.
        colours: CSS colour of each.
        across_axis: Horizontal quantity and unit.
        up_axis: Vertical quantity and unit.
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
        # A phone has no room for names; the table of numbers has them.
        "narrow": {"traces": [{"text": [""] * len(names)}], "layout": {"yaxis": {"nticks": 5}}},
        "height": 480,
    }


def name_sides(names: Sequence[object], across: Sequence[float], up: Sequence[float]) -> list[str]:
    """Return the side of each point on which its name fits without overlap; empty where there is no room.

    Args:
        names: Names; the first ones are placed first.
        across: Horizontal positions, in units in which the axis is linear.
        up: Vertical positions.

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


@dataclass(frozen=True)
class Line:
    """A line of a chart.

    Args:
        x: Horizontal positions.
        y: Vertical positions.
        says: Hover text of a point; markup in it is interpreted.
        name: Name above the chart, or empty.
        colour: CSS colour.
        dash: Plotly's name of the dash style.
        width: In CSS pixels.
        dots: Size of the dot at each point; 0 for none.
        symbol: Plotly's name of the marker.
        errors: Standard errors of `y`.
        end: Text at the end of the line.
        opacity: 0 to 1.
    """

    x: Sequence[float]
    y: Sequence[float]
    says: str
    name: str = ""
    colour: str = "var(--accent)"
    dash: str = "solid"
    width: float = 2
    dots: int = 0
    symbol: str = "circle"
    errors: Sequence[float] = ()
    end: str = ""
    opacity: float = 1.0

    @property
    def trace(self) -> dict[str, object]:
        """Return the Plotly trace."""
        mode = ["lines", *(["markers"] if self.dots else []), *(["text"] if self.end else [])]
        trace: dict[str, object] = {
            "type": "scatter",
            "mode": "+".join(mode),
            "x": list(self.x),
            "y": list(self.y),
            "line": {"color": self.colour, "width": self.width, "dash": self.dash},
            "opacity": self.opacity,
            "hovertemplate": f"{self.says}<extra></extra>",
            "cliponaxis": False,
        }
        if self.name:
            trace["name"] = label(self.name)
        if self.dots:
            look = {"color": self.colour, "size": self.dots, "symbol": self.symbol, "line": {"width": 0}}
            trace["marker"] = look
        if self.end:
            trace |= {"text": [""] * (len(self.x) - 1) + [self.end], "textposition": "middle right"}
        if self.errors:
            errors = {"type": "data", "array": list(self.errors), "thickness": 1.5, "width": 0}
            trace["error_y"] = errors | {"color": "var(--soft)"}
        return trace


@dataclass(frozen=True)
class Mark:
    """A vertical line with its name at the top or bottom."""

    at: float
    text: str
    is_at_foot: bool = False


def lines(
    series: Sequence[Line],
    *,
    across: Mapping[str, object],
    up: Mapping[str, object],
    narrow_across: Mapping[str, object] = {},
    marks: Sequence[Mark] = (),
) -> Drawing:
    """Draw lines over a quantity; named lines are listed above the chart.

    Args:
        series: The lines.
        across: Plotly settings of the horizontal axis.
        up: Plotly settings of the vertical axis.
        narrow_across: Changes of the horizontal axis on a phone.
        marks: Vertical lines.
    """
    last = max((place for line in series for place in line.x), default=1)
    is_named = sum(bool(line.name) for line in series) > 1
    return {
        "traces": [line.trace for line in series],
        "layout": {
            "xaxis": dict(across),
            "yaxis": dict(up),
            "shapes": [
                {
                    "type": "line",
                    "x0": mark.at,
                    "x1": mark.at,
                    "yref": "paper",
                    "y0": 0,
                    "y1": 1,
                    "layer": "below",
                    "line": {"color": "var(--soft)", "width": 1.5, "dash": "dot"},
                }
                for mark in marks
            ],
            "annotations": [
                {
                    "x": mark.at,
                    "y": 0 if mark.is_at_foot else 1,
                    "yref": "paper",
                    "yanchor": "bottom",
                    "xanchor": ("right" if mark.at > last / 2 else "left") if mark.is_at_foot else "center",
                    "yshift": 14 * place,
                    "text": label(mark.text),
                    "showarrow": False,
                    "font": {"color": "var(--muted)", "size": 12},
                }
                for place, mark in enumerate(marks)
            ],
            "showlegend": is_named,
            "margin": {"t": 40},
        },
        "narrow": {
            "layout": {
                "xaxis": {"nticks": 6, **narrow_across},
                "yaxis": {"nticks": 5},
                **({"margin": {"t": 76}} if is_named else {}),
            },
            "height": 340,
        },
        "height": 400,
    }

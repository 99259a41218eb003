"""A view of the report as a picture for the MLflow UI, which shows PNG and not our report.

Conventions: a view is drawn once, as the Plotly JSON that its chart declares (`genrelab.report.figure.View`); here the
same traces and axes go to Matplotlib, in the colours of the light theme. What only a pointer finds is left out.

What is drawn does not belong here but in the charts.
"""

import html
import re
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure, SubFigure
from matplotlib.font_manager import findfont, get_font
from matplotlib.ticker import FuncFormatter

from genrelab.report.figure import View
from genrelab.report.palette import resolved

FloatArray = npt.NDArray[np.float64]

DPI = 96
WIDTH = 860
"""CSS pixels of a view that says nothing of its width."""
SMALL = (480, 320)
"""CSS pixels of a view beside others."""
TALLEST = 1_200
HEAD, TITLE_SIGNS = 46, 90
NO_SIGN = "□"
TITLE, TICK = 10, 8
"""Points of the title of a view and of the names at its axes."""
DASHES = {"solid": "-", "dash": "--", "dot": ":", "dashdot": "-.", "longdash": (0, (8, 3))}
SYMBOLS = {
    "circle": "o",
    "circle-open": "o",
    "square": "s",
    "diamond": "D",
    "diamond-open": "D",
    "triangle-up": "^",
    "triangle-down": "v",
    "star": "*",
    "cross": "P",
    "x": "X",
    "pentagon": "p",
    "hourglass": "d",
    "line-ns-open": "|",
    "arrow": "^",
}
STEPS = {"hv": "steps-post", "hvh": "steps-mid"}
SIDES = {"right": ("left", 4), "left": ("right", -4)}
"""Where a text stands of its point: its alignment, and how far it is moved, in points."""


def picture(rows: Sequence[Sequence[View]]) -> Figure:
    """Views beside and below each other, each with its title.

    Args:
        rows: The views, row by row.
    """
    widths = [
        sum(min(view.max_width or WIDTH, SMALL[0] if len(row) > 1 else WIDTH) for view in row) for row in rows
    ]
    heights = [
        min(max(view.height for view in row), SMALL[1] if len(row) > 1 else TALLEST) + HEAD for row in rows
    ]
    figure = Figure(figsize=(max(widths) / DPI, sum(heights) / DPI), dpi=DPI, layout="constrained")
    bands = figure.subfigures(len(rows), 1, height_ratios=heights, squeeze=False)[:, 0]
    for band, row in zip(bands, rows, strict=True):
        for part, view in zip(band.subfigures(1, len(row), squeeze=False)[0], row, strict=True):
            _draw(part, view)
    return figure


def _draw(part: SubFigure, view: View) -> None:
    """One view: its panels where their domains say."""
    part.suptitle(textwrap.fill(plain(view.title), TITLE_SIGNS), fontsize=TITLE)
    panels: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for trace in view.traces:
        panels.setdefault((trace.get("xaxis", "x"), trace.get("yaxis", "y")), []).append(trace)
    grid = part.subplots(*_shape(view.layout, list(panels)), squeeze=False).ravel()
    for axes in grid[len(panels) :]:
        axes.set_axis_off()
    for axes, ((across, up), traces) in zip(grid, panels.items(), strict=False):
        for trace in traces:
            _draw_trace(axes, trace)
        _set_axis(axes, view.layout.get(across.replace("x", "xaxis", 1), {}), "x")
        _set_axis(axes, view.layout.get(up.replace("y", "yaxis", 1), {}), "y")
        _draw_marks(axes, view.layout, across)
        if view.layout.get("showlegend") and any("name" in trace for trace in traces):
            axes.legend(fontsize=TICK, loc="best")


def _shape(layout: Mapping[str, Any], panels: Sequence[tuple[str, str]]) -> tuple[int, int]:
    """Rows and columns of the panels, from where their axes lie."""
    left = {tuple(layout.get(across.replace("x", "xaxis", 1), {}).get("domain", ())) for across, _ in panels}
    return -(-len(panels) // len(left)), len(left)


def _draw_trace(axes: Axes, trace: Mapping[str, Any]) -> None:
    draw = {"scatter": _scatter, "bar": _bars, "heatmap": _heat}[trace["type"]]
    draw(axes, trace)


def _scatter(axes: Axes, trace: Mapping[str, Any]) -> None:
    x, y = _positions(trace), _numbers(trace["y"])
    mode, line, marker = trace.get("mode", "lines"), trace.get("line", {}), trace.get("marker", {})
    colour = resolved(line.get("color") or "")
    alpha, name = trace.get("opacity", 1.0), plain(trace["name"]) if "name" in trace else None
    if trace.get("fill") == "toself":
        axes.fill(x, y, color=resolved(trace["fillcolor"]), linewidth=0)
    if "lines" in mode:
        style = DASHES[line.get("dash", "solid")]
        axes.plot(
            x,
            y,
            color=colour or None,
            linewidth=line.get("width", 2) * 0.75,
            linestyle=style,
            drawstyle=STEPS.get(line.get("shape", ""), "default"),
            alpha=alpha,
            label=name if "markers" not in mode else None,
        )
    if "markers" in mode and marker.get("opacity", 1.0) and not isinstance(marker.get("symbol"), list):
        _markers(axes, x, y, marker, alpha, name)
    for axis, error in (("xerr", trace.get("error_x")), ("yerr", trace.get("error_y"))):
        if error:
            low = error.get("arrayminus", error["array"])
            spread: dict[str, Any] = {axis: np.array([low, error["array"]], dtype=float)}
            axes.errorbar(x, y, **spread, fmt="none", ecolor=resolved(error["color"]), zorder=1)
    if "text" in mode:
        _texts(axes, x, y, trace)


def _markers(
    axes: Axes, x: FloatArray, y: FloatArray, marker: Mapping[str, Any], alpha: float, name: str | None
) -> None:
    colour = marker.get("color", "")
    symbol = marker.get("symbol", "circle")
    drawn: dict[str, Any]
    if "colorscale" in marker:
        drawn = {"c": colour, "cmap": _colour_map(marker["colorscale"])}
        drawn |= {"vmin": marker["cmin"], "vmax": marker["cmax"]}
    elif symbol.endswith("-open") and symbol != "line-ns-open":  # a line has no inside
        drawn = {"facecolors": "none", "edgecolors": _colours(colour)}
    else:
        drawn = {"color": _colours(colour)}
    size = np.square(np.asarray(marker.get("size", 6), dtype=float) * 0.75)
    alpha *= marker.get("opacity", 1.0)
    axes.scatter(x, y, s=size, marker=SYMBOLS[symbol], alpha=alpha, label=name, zorder=2, **drawn)


def _texts(axes: Axes, x: FloatArray, y: FloatArray, trace: Mapping[str, Any]) -> None:
    count, font = len(y), trace.get("textfont", {})
    sides = _each(trace.get("textposition", "middle center"), count)
    colours = _each(font.get("color", "var(--ink)"), count)
    for at, text in enumerate(trace["text"]):
        if not plain(text).strip():
            continue
        height, side = sides[at].split(" ")
        align, move = SIDES.get(side, ("center", 0))
        lift = {"top": 4, "bottom": -4}.get(height, 0)
        axes.annotate(
            plain(text).strip(),
            (x[at], y[at]),
            (move, lift),
            textcoords="offset points",
            ha=align,
            va={"top": "bottom", "bottom": "top"}.get(height, "center"),
            fontsize=font.get("size", 11) * 0.7,
            color=resolved(colours[at]),
            annotation_clip=True,
        )


def _bars(axes: Axes, trace: Mapping[str, Any]) -> None:
    x, y = _positions(trace), _numbers(trace["y"])
    width, colours = trace.get("width", 0.8), _colours(trace["marker"]["color"])
    look: dict[str, Any] = {"color": colours, "alpha": trace["marker"].get("opacity", 1.0)}
    if trace.get("orientation") != "h":
        axes.bar(x, y, width, **look)
        return
    drawn = axes.barh(y, x, width, **look)
    axes.bar_label(
        drawn, [plain(text).strip() for text in trace.get("text", [""] * len(y))], fontsize=TICK, padding=3
    )


def _heat(axes: Axes, trace: Mapping[str, Any]) -> None:
    cells = np.array([_numbers(row) for row in trace["z"]])
    rows, columns = cells.shape
    across, up = (
        edges if len(edges) == size + 1 else np.arange(size + 1) - 0.5
        for edges, size in ((_numbers(trace["x"]), columns), (_numbers(trace["y"]), rows))
    )
    colours = _colour_map(trace["colorscale"])
    axes.pcolormesh(
        across, up, np.ma.masked_invalid(cells), cmap=colours, vmin=trace["zmin"], vmax=trace["zmax"]
    )


def _set_axis(axes: Axes, given: Mapping[str, Any], way: str) -> None:
    axis = axes.xaxis if way == "x" else axes.yaxis
    if given.get("type") == "log":
        (axes.set_xscale if way == "x" else axes.set_yscale)("log")
    if "range" in given:
        low, high = (10.0**end if given.get("type") == "log" else end for end in given["range"])
        (axes.set_xlim if way == "x" else axes.set_ylim)(low, high)
    axis.set_label_text(plain(given.get("title", {}).get("text", "")), fontsize=TICK + 1)
    if "tickvals" in given:
        texts = [plain(text, "\n") for text in given.get("ticktext", given["tickvals"])]
        is_slanted = way == "x" and max((len(text) for text in texts), default=0) > TICK
        align = "right" if is_slanted or way == "y" else "center"
        axis.set_ticks(given["tickvals"], texts, rotation=40 if is_slanted else 0, ha=align)
    elif str(given.get("tickformat", "")).endswith("%"):
        axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:.0%}"))
    axis.set_tick_params(labelsize=TICK)
    if given.get("showticklabels") is False:
        axis.set_ticks([])


def _draw_marks(axes: Axes, layout: Mapping[str, Any], across: str) -> None:
    """Lines and notes beside the traces, those of this panel."""
    low, high = sorted(axes.get_xlim())
    for shape in layout.get("shapes", ()):
        look: dict[str, Any] = {"color": resolved(shape["line"]["color"]), "linewidth": 1, "zorder": 0}
        look["linestyle"] = DASHES[shape["line"].get("dash", "solid")]
        if shape.get("yref") == "paper":
            axes.axvline(shape["x0"], **look)
        else:
            axes.plot([shape["x0"], shape["x1"]], [shape["y0"], shape["y1"]], **look)
    for note in layout.get("annotations", ()):
        is_inside = note.get("xref", "").endswith("domain")
        if note.get("xref", across) not in {across, f"{across} domain"}:
            continue
        if not is_inside and not low <= note["x"] <= high:
            continue
        frame = axes.transAxes if is_inside else axes.transData
        if not is_inside and note.get("yref") == "paper":
            frame = axes.get_xaxis_transform()
        axes.text(
            note["x"],
            note["y"],
            plain(note["text"], "\n"),
            transform=frame,
            fontsize=TICK,
            ha={"left": "left", "right": "right"}.get(note.get("xanchor", ""), "center"),
            va={"bottom": "bottom", "top": "top"}.get(note.get("yanchor", ""), "center"),
            color=resolved(note["font"]["color"]),
        )


def _positions(trace: Mapping[str, Any]) -> FloatArray:
    """Places across: given one by one, or by the first and the step."""
    if "x" in trace:
        return _numbers(trace["x"])
    return np.asarray(trace["x0"] + trace["dx"] * np.arange(len(trace["y"])), dtype=float)


def _numbers(values: Iterable[float | None]) -> FloatArray:
    return np.array([np.nan if value is None else value for value in values], dtype=float)


def _each(given: str | Sequence[str], count: int) -> list[str]:
    return [given] * count if isinstance(given, str) else list(given)


def _colours(given: str | Sequence[str]) -> str | list[str] | None:
    return (resolved(given) or None) if isinstance(given, str) else [resolved(one) for one in given]


def _colour_map(scale: Sequence[tuple[float, str]]) -> LinearSegmentedColormap:
    return LinearSegmentedColormap.from_list("report", [(at, resolved(colour)) for at, colour in scale])


def plain(text: object, line: str = " ") -> str:
    """Text of a drawing without its markup; a sign that Matplotlib's font lacks is drawn as `NO_SIGN`.

    >>> plain("<b>R&amp;B</b><br>12 %")
    'R&B 12 %'
    """
    broken = re.sub(r"<br ?/?>", line, str(text))
    words = html.unescape(re.sub(r"<[^>]*>", "", broken)).replace("$", r"\$")
    return "".join(sign if ord(sign) in _drawable() or not sign.isprintable() else NO_SIGN for sign in words)


@cache
def _drawable() -> frozenset[int]:
    """Code points that the font of the pictures has."""
    return frozenset(get_font(findfont("DejaVu Sans")).get_charmap())

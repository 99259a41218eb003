"""Charts with one category per row: bars, scores with intervals, pairs.

Conventions: categories run down the page in the order given; their names are on the left and every mark
has its value as text, so that no meaning depends on colour alone. A function returns `(traces, layout, narrow,
height)`, the keyword arguments of `genrelab.report.figure.View`. Axes always name their quantity and
unit. Texts from the data are passed raw and escaped here.

The choice of numbers and the titles belong in the pages. Heat maps are in
`genrelab.report.heatmap`, curves and points in `genrelab.report.curves`.
"""

from collections.abc import Sequence
from typing import Any, NotRequired, TypedDict

from genrelab.report.figure import label

ROW = 30
SCORE_ROW, TIGHT_ROW, MANY = 64, 48, 12
"""CSS pixels of a score with its text above, and of each where there are more than `MANY`."""
WIDE_NAME, NARROW_NAME = 22, 15
WIDE_SCORE_NAME, NARROW_SCORE_NAME = 32, 20
WIDE_BAR, NARROW_BAR = 700, 230
"""Minimum CSS pixels for a bar and its text together, on a desktop and on a phone."""
SIGN = 6.6
"""Mean width of a character of that text in CSS pixels."""


class Drawing(TypedDict):
    """The part of a `View` that a drawing provides."""

    traces: list[dict[str, Any]]
    layout: dict[str, Any]
    narrow: dict[str, Any]
    height: int
    max_width: NotRequired[int]


def names_axis(names: Sequence[object], width: int, lines: int = 2) -> dict[str, object]:
    """Return the axis of categories: numbered positions, because names may be equal or look like numbers."""
    return {
        "tickmode": "array",
        "tickvals": list(range(len(names))),
        "ticktext": [label(name, width, lines) for name in names],
        "range": [len(names) - 0.45, -0.55],
        "showgrid": False,
        "ticks": "",
        "automargin": True,
    }


def panel_title(place: int, text: str, size: int = 12) -> dict[str, object]:
    """Return the title of a small panel, above it on the left.

    Args:
        place: Position among the panels, from 0.
        text: Text of the title; tags in it are interpreted.
        size: Font size.
    """
    return {
        "text": text,
        "xref": f"x{place + 1} domain",
        "yref": f"y{place + 1} domain",
        "x": 0,
        "y": 1,
        "xanchor": "left",
        "yanchor": "bottom",
        "showarrow": False,
        "font": {"size": size, "color": "var(--ink)"},
    }


def bars(
    names: Sequence[object],
    values: Sequence[float],
    texts: Sequence[str],
    colours: Sequence[str],
    *,
    axis: str,
    is_share: bool = False,
    short_texts: Sequence[str] = (),
) -> Drawing:
    """Draw horizontal bars, each with its value at the end.

    Args:
        names: Name of each bar.
        values: Length of each bar.
        texts: Text at the end of each bar.
        colours: CSS colour of each.
        axis: Quantity and unit.
        is_share: Whether the axis counts in percent.
        short_texts: Text at the end on a phone, if different.
    """
    return {
        "traces": [
            {
                "type": "bar",
                "orientation": "h",
                "x": list(values),
                "y": list(range(len(names))),
                "text": [f" {label(text)}" for text in texts],
                "textposition": "outside",
                "cliponaxis": False,
                "width": 0.68,
                "marker": {"color": list(colours)},
                "customdata": [label(name) for name in names],
                "hovertemplate": "<b>%{customdata}</b><br>%{text}<extra></extra>",
            }
        ],
        "layout": {
            "xaxis": {
                "title": {"text": axis},
                "range": [0, _room(values, texts, WIDE_BAR, 1.22)],
                "tickformat": ".0%" if is_share else ",",
                "nticks": 6,
            },
            "yaxis": names_axis(names, WIDE_NAME),
        },
        "narrow": {
            "traces": [{"text": [f" {label(text)}" for text in short_texts or texts]}],
            "layout": {
                "xaxis": {"range": [0, _room(values, short_texts or texts, NARROW_BAR, 1.75)], "nticks": 4},
                "yaxis": {"ticktext": [label(name, NARROW_NAME) for name in names]},
            },
        },
        "height": 84 + ROW * len(names),
    }


def _room(values: Sequence[float], texts: Sequence[str], width: int, least: float) -> float:
    """Return the end of an axis with room for the text of every bar: at least `least` times the longest bar."""
    top = max([*values, 0]) or 1
    ends = [
        value / max(1 - (SIGN * len(text) + 12) / width, 1 / 3)
        for value, text in zip(values, texts, strict=True)
    ]
    return float(max([top * least, *ends]))


def intervals(
    names: Sequence[object],
    values: Sequence[float],
    lows: Sequence[float | None],
    highs: Sequence[float | None],
    texts: Sequence[str],
    colours: Sequence[str],
    *,
    axis: str,
    is_share: bool,
    lines: Sequence[tuple[float, str]] = (),
    others: Sequence[tuple[int, float, str]] = (),
) -> Drawing:
    """Draw scores as dots with their 95 % intervals.

    Args:
        names: Name of each row.
        values: Score of each row.
        lows: Lower end of the interval; None where it is not known.
        highs: Upper end of the interval; None where it is not known.
        texts: Text beside each dot.
        colours: CSS colour of each.
        axis: Quantity and split.
        is_share: Whether the axis counts in percent.
        lines: Vertical lines with their label: baselines.
        others: Published results as hollow diamonds: row, score and name.
    """
    ends = [end for end in (*lows, *highs) if end is not None]
    everything = [*values, *ends, *(line for line, _ in lines), *(score for _, score, _ in others)]
    low, high = min(everything, default=0.0), max(everything, default=1.0)
    span = (high - low) or 0.1
    traces: list[dict[str, object]] = [
        {
            "type": "scatter",
            "mode": "markers+text",
            "x": list(values),
            "y": list(range(len(names))),
            "error_x": {
                "type": "data",
                "symmetric": False,
                "array": [None if top is None else top - at for top, at in zip(highs, values, strict=True)],
                "arrayminus": [
                    None if end is None else at - end for end, at in zip(lows, values, strict=True)
                ],
                "thickness": 2,
                "width": 0,
                "color": "var(--soft)",
            },
            "marker": {"color": list(colours), "size": 11, "line": {"width": 0}},
            "text": [label(text) for text in texts],
            "textposition": "top center",
            "customdata": [
                [
                    label(name),
                    "not known" if bottom is None or top is None else f"{bottom:.3f} to {top:.3f}",
                ]
                for name, bottom, top in zip(names, lows, highs, strict=True)
            ],
            "hovertemplate": "<b>%{customdata[0]}</b><br>%{text}, 95 % interval %{customdata[1]}<extra></extra>",
            "cliponaxis": False,
        }
    ]
    if others:
        traces.append(
            {
                "type": "scatter",
                "mode": "markers+text",
                "text": [f"{score:.1%}" if is_share else f"{score:.3f}" for _, score, _ in others],
                "textposition": "bottom center",
                "textfont": {"color": "var(--muted)", "size": 11},
                "x": [score for _, score, _ in others],
                "y": [row for row, _, _ in others],
                "marker": {
                    "symbol": "diamond-open",
                    "size": 11,
                    "color": "var(--ink)",
                    "line": {"width": 1.6},
                },
                "customdata": [label(name, 40) for _, _, name in others],
                "hovertemplate": "%{customdata}: %{text}<extra></extra>",
                "cliponaxis": False,
            }
        )
    return {
        "traces": traces,
        "layout": {
            "xaxis": {
                "title": {"text": axis},
                "range": [low - span * 0.1, high + span * 0.12],
                "tickformat": ".0%" if is_share else ".2f",
                "nticks": 7,
            },
            "yaxis": names_axis(names, WIDE_SCORE_NAME, lines=3)
            | {"showgrid": True, "range": [len(names) - 0.5, -0.8]},
            "shapes": [
                {
                    "type": "line",
                    "x0": line,
                    "x1": line,
                    "yref": "paper",
                    "y0": 0,
                    "y1": 1,
                    "layer": "below",
                    "line": {"color": "var(--soft)", "width": 1.5, "dash": "dot"},
                }
                for line, _ in lines
            ],
            "annotations": [
                {
                    "x": line,
                    "y": 1,
                    "yref": "paper",
                    "yanchor": "bottom",
                    "xanchor": "left" if line < (low + high) / 2 else "right",
                    "text": label(text),
                    "showarrow": False,
                    "font": {"color": "var(--muted)", "size": 12},
                }
                for line, text in lines
            ],
            "margin": {"t": 34},
        },
        "narrow": {
            "layout": {
                "xaxis": {"nticks": 4},
                "yaxis": {
                    "ticktext": [label(name, NARROW_SCORE_NAME, 3) for name in names],
                    "tickfont": {"size": 12},
                },
            },
        },
        "height": 110 + (SCORE_ROW if len(names) <= MANY else TIGHT_ROW) * len(names),
    }


def pairs(
    names: Sequence[object],
    before: Sequence[float],
    after: Sequence[float],
    colours: Sequence[str],
    *,
    before_name: str,
    after_name: str,
    axis: str,
    is_share: bool = True,
    before_colours: Sequence[str] = (),
) -> Drawing:
    """Draw two values per row, joined by a line: a hollow dot and a full one.

    Args:
        names: Name of each row.
        before: Value at the hollow dot.
        after: Value at the full dot.
        colours: CSS colour of each row.
        before_name: Name of the hollow dots.
        after_name: Name of the full dots.
        axis: Quantity and unit.
        is_share: Whether the axis counts in percent, from 0.
        before_colours: CSS colour of each hollow dot, if that of the row is not its own.
    """
    places = list(range(len(names)))
    joined: list[dict[str, object]] = [
        {
            "type": "line",
            "x0": low,
            "x1": high,
            "y0": place,
            "y1": place,
            "layer": "below",
            "line": {"color": colour, "width": 2},
        }
        for place, low, high, colour in zip(places, before, after, colours, strict=True)
    ]
    ends = [*before, *after, *([0.0] if is_share else [])]
    low, top = min(ends, default=0.0), max(ends, default=1.0) or 1.0
    span, form = (top - low) or 1, ".1%" if is_share else ".3~g"

    def dots(values: Sequence[float], name: str, symbol: str, colours: Sequence[str]) -> dict[str, object]:
        return {
            "type": "scatter",
            "mode": "markers",
            "name": label(name),
            "x": list(values),
            "y": places,
            "marker": {
                "symbol": symbol,
                "size": 11,
                "color": list(colours),
                "line": {"width": 2, "color": list(colours)},
            },
            "customdata": [label(row) for row in names],
            "hovertemplate": f"<b>%{{customdata}}</b><br>{label(name)}: %{{x:{form}}}<extra></extra>",
        }

    return {
        "traces": [
            dots(before, before_name, "circle-open", before_colours or colours),
            dots(after, after_name, "circle", colours),
        ],
        "layout": {
            "xaxis": {"title": {"text": axis}, "range": [-0.015, top * 1.08], "tickformat": ".0%"}
            if is_share
            else {"title": {"text": axis}, "range": [low - span * 0.05, top + span * 0.05]},
            "yaxis": names_axis(names, WIDE_NAME) | {"showgrid": True},
            "shapes": joined,
            "showlegend": True,
            "margin": {"t": 34},
        },
        "narrow": {
            "layout": {
                "xaxis": {"nticks": 4 if is_share else 6},
                "yaxis": {"ticktext": [label(name, NARROW_NAME) for name in names]},
            },
        },
        "height": 120 + ROW * len(names),
    }

"""A directed chord diagram: who goes to whom, as arcs around a circle and ribbons between them, in SVG.

Conventions: an arc stands for all tracks of a name and is as long as their number. A ribbon begins at the arc of the
tracks, as wide as their number there, and ends in a tip before the arc that they go to. Angles are in radians,
clockwise from the top; lengths are in units of the drawing, whose centre is (0, 0). The template `chord.html` draws
it, `chord.js` lights the ribbons of one name. Every ribbon and every name is also text, for readers who do not see it.

What the numbers mean and how they are worded belongs in the pages.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, degrees, pi, sin

from genrelab.report.figure import Grid

SIZE = 250.0
"""Half the width of the drawing, without names."""
INNER, OUTER = 200.0, 212.0
"""Radii of the arcs."""
NAMED = 222.0
"""Radius where the names begin."""
TIP = 186.0
"""Radius where the ribbons end."""
GAP = 0.018
"""Angle between two arcs."""
APART = 0.125
"""Angle between two names at least: the height of a number on a phone."""
LONGEST = 20
"""Characters of a name in the drawing."""


@dataclass(frozen=True)
class Flow:
    """The tracks of a name that go to another one.

    Args:
        to: Place of the other name.
        tracks: Their number.
        says: What it means, in a sentence.
        is_strong: Whether it is drawn strongly.
    """

    to: int
    tracks: int
    says: str
    is_strong: bool


@dataclass(frozen=True)
class Node:
    """A name of the diagram.

    Args:
        name: The name.
        colour: CSS colour.
        tracks: Its tracks; the flows hold at most as many.
        says: What its ribbons mean, in sentences.
        flows: Where its tracks go.
    """

    name: str
    colour: str
    tracks: int
    says: str
    flows: tuple[Flow, ...]


@dataclass(frozen=True)
class Arc:
    """An arc with its name: paths and positions of the drawing.

    Args:
        path: Outline.
        line: Points from the arc to its name.
        turn: Angle by which the name is turned, in degrees.
        side: Where the name is anchored: `start` on the right half, `end` on the left half.
        shift: Distance from the centre to the name along its line; negative on the left half.
        x: Position of its number across.
        y: Position of its number down.
        short: The name, cut to fit.
    """

    path: str
    line: str
    turn: float
    side: str
    shift: float
    x: float
    y: float
    short: str


@dataclass(frozen=True)
class Ribbon:
    """A ribbon of the drawing: from which place to which, its outline and what it says."""

    source: int
    to: int
    path: str
    says: str
    is_strong: bool


@dataclass(frozen=True)
class Chord:
    """A chord diagram of a page.

    Args:
        name: Unique on its page; the address of the diagram.
        title: The finding, as a sentence computed from the data.
        caption: How to read it.
        says: What is said while no name is chosen.
        nodes: The names, clockwise from the top.
        grid: The same numbers as a table.
        bars: Name of the chart whose first picker shows the chosen name; its values are the places of the names.
    """

    name: str
    title: str
    caption: str
    says: str
    nodes: tuple[Node, ...]
    grid: Grid
    bars: str = ""

    @property
    def view_box(self) -> str:
        """Return the view box of the drawing."""
        return f"{-SIZE:g} {-SIZE:g} {2 * SIZE:g} {2 * SIZE:g}"

    @property
    def spans(self) -> list[tuple[float, float]]:
        """Return the first and the last angle of each arc."""
        total = sum(node.tracks for node in self.nodes) or 1
        gap = GAP if len(self.nodes) > 1 else 0.0
        unit = (2 * pi - gap * len(self.nodes)) / total
        spans, at = [], 0.0
        for node in self.nodes:
            spans.append((at, at + node.tracks * unit))
            at += node.tracks * unit + gap
        return spans

    @property
    def arcs(self) -> list[Arc]:
        """Return the arcs, in the order of the names."""
        spans = self.spans
        middles = spread([(first + last) / 2 for first, last in spans])
        return [_arc(node.name, *span, at) for node, span, at in zip(self.nodes, spans, middles, strict=True)]

    @property
    def ribbons(self) -> list[Ribbon]:
        """Return the ribbons in the order of drawing: strong ones above the others, narrow ones above wide ones."""
        slots = self._slots()
        drawn = [
            (flow.is_strong, -flow.tracks, place, flow)
            for place, node in enumerate(self.nodes)
            for flow in node.flows
            if flow.tracks
        ]
        return [
            Ribbon(
                place,
                flow.to,
                _ribbon(*slots[place, flow.to], sum(slots[flow.to, place]) / 2),
                flow.says,
                flow.is_strong,
            )
            for _, _, place, flow in sorted(drawn, key=lambda one: one[:3])
        ]

    def _slots(self) -> dict[tuple[int, int], tuple[float, float]]:
        """Return the part of each arc where the ribbon to another one begins, ordered so that few ribbons cross."""
        slots: dict[tuple[int, int], tuple[float, float]] = {}
        number = len(self.nodes)
        for place, (node, (first, last)) in enumerate(zip(self.nodes, self.spans, strict=True)):
            tracks = {flow.to: flow.tracks for flow in node.flows}
            at = first
            for step in range(1, number):
                to = (place - step) % number
                end = at + (last - first) * tracks.get(to, 0) / (node.tracks or 1)
                slots[place, to] = (at, end)
                at = end
        return slots


def spread(angles: Sequence[float], apart: float = APART) -> list[float]:
    """Return angles near those given, in their order, and at least so far apart where there is room on the circle.

    >>> spread([0.0, 0.1, 3.0], 0.2)
    [-0.05, 0.15, 3.0]
    """
    apart = min(apart, 2 * pi / max(len(angles), 1))
    blocks: list[tuple[float, int]] = []  # middle of the first one, how many
    for angle in angles:
        first, members = angle, 1
        while blocks and first - (blocks[-1][0] + (blocks[-1][1] - 1) * apart) < apart - 1e-12:
            before, number = blocks.pop()
            # the block's names keep their mean distance from their arcs
            first = (before * number + (first - number * apart) * members) / (number + members)
            members += number
        blocks.append((first, members))
    return [round(first + step * apart, 6) for first, members in blocks for step in range(members)]


def _at(angle: float, radius: float) -> str:
    return f"{radius * sin(angle):.1f} {-radius * cos(angle):.1f}"


def _arc(name: str, first: float, last: float, named: float) -> Arc:
    large = int(last - first > pi)
    is_left = pi < named % (2 * pi) < 2 * pi
    middle = (first + last) / 2
    return Arc(
        f"M{_at(first, INNER)} A{INNER:g} {INNER:g} 0 {large} 1 {_at(last, INNER)} "
        f"L{_at(last, OUTER)} A{OUTER:g} {OUTER:g} 0 {large} 0 {_at(first, OUTER)} Z",
        f"{_at(middle, OUTER)} {_at(named, NAMED - 3)}",
        round(degrees(named) + (90 if is_left else -90), 2),
        "end" if is_left else "start",
        -NAMED if is_left else NAMED,
        round((NAMED + 13) * sin(named), 1),
        round(-(NAMED + 13) * cos(named), 1),
        name if len(name) <= LONGEST else f"{name[: LONGEST - 1]}…",
    )


def _ribbon(first: float, last: float, tip: float) -> str:
    large = int(last - first > pi)
    return (
        f"M{_at(first, INNER - 2)} A{INNER - 2:g} {INNER - 2:g} 0 {large} 1 {_at(last, INNER - 2)} "
        f"Q0 0 {_at(tip, TIP)} Q0 0 {_at(first, INNER - 2)} Z"
    )

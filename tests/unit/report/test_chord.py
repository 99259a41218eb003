"""The geometry of a chord diagram: arcs as long as their tracks, ribbons within them, names apart."""

from itertools import pairwise
from math import pi

import pytest

from genrelab.report.chord import APART, GAP, Chord, Flow, Node, spread
from genrelab.report.figure import table


def drawn(*flows: tuple[int, ...]) -> Chord:
    """A diagram of names whose tracks go to the others as given."""
    nodes = tuple(
        Node(
            f"genre {place}",
            "var(--accent)",
            sum(row),
            "",
            tuple(Flow(to, tracks, "", is_strong=False) for to, tracks in enumerate(row) if to != place),
        )
        for place, row in enumerate(flows)
    )
    return Chord("c", "t", "", "", nodes, table(["Genre"], []))


def test_an_arc_is_as_long_as_its_tracks():
    """And all arcs with their gaps go round the circle."""
    spans = drawn((0, 30, 10), (10, 0, 10), (20, 0, 0)).spans
    lengths = [last - first for first, last in spans]

    assert lengths[0] == pytest.approx(2 * lengths[1])
    assert lengths[1] == pytest.approx(lengths[2])
    assert sum(lengths) == pytest.approx(2 * pi - 3 * GAP)
    assert spans[1][0] - spans[0][1] == pytest.approx(GAP)


def test_ribbons_share_the_arc_that_they_begin_at():
    """Side by side, as wide as their tracks; none for a pair without tracks."""
    chord = drawn((0, 30, 10), (10, 0, 10), (20, 0, 0))
    slots, (first, last) = chord._slots(), chord.spans[0]

    assert slots[0, 2][0] == first
    assert slots[0, 2][1] == slots[0, 1][0]
    assert slots[0, 1][1] == pytest.approx(last)
    assert slots[0, 1][1] - slots[0, 1][0] == pytest.approx(0.75 * (last - first))
    assert {(one.source, one.to) for one in chord.ribbons} == {(0, 1), (0, 2), (1, 0), (1, 2), (2, 0)}


def test_an_arc_of_more_than_half_the_circle_goes_the_long_way():
    """The flag of SVG for large arcs."""
    small, large = drawn((0, 1), (1, 0)), drawn((0, 90), (10, 0))

    assert " 0 0 1 " in small.arcs[0].path
    assert " 0 1 1 " in large.arcs[0].path


def test_names_of_small_arcs_are_kept_apart():
    """In their order, none far from its arc, and evenly where there is no room."""
    near = spread([0.0, 0.01, 0.02, 3.0])

    assert [round(after - before, 6) for before, after in pairwise(near[:3])] == [APART] * 2
    assert near[1] == pytest.approx(0.01, abs=1e-6)
    assert near[3] == 3.0
    assert len(spread([0.1] * 80)) == 80
    assert spread([0.1] * 80)[-1] - spread([0.1] * 80)[0] < 2 * pi


def test_one_name_and_no_tracks_are_drawn_too():
    """A circle without ribbons."""
    assert drawn((0,)).ribbons == []
    assert drawn((0, 0), (0, 0)).spans[0] == (0.0, 0.0)

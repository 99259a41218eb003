"""The genre tree: what lies above a genre, closures, and tables that are wrong."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from genrelab.evaluation.genre_tree import ROOT, make_tree

ROCK, PUNK, POST_PUNK, POP = 12, 25, 89, 10
TREE = make_tree(
    [POST_PUNK, ROCK, PUNK, POP], [PUNK, None, ROCK, 0], ["Post-Punk", "Rock", "Punk", float("nan")]
)

TABLES = st.lists(st.tuples(st.integers(1, 8), st.integers(0, 9)), max_size=12)


def test_genres_above_one_are_listed_from_its_parent_up():
    """A root has none, whether its parent is 0 or missing."""
    assert TREE.ancestors(POST_PUNK) == (PUNK, ROCK)
    assert TREE.ancestors(ROCK) == TREE.ancestors(POP) == ()
    assert [TREE.root(one) for one in (POST_PUNK, ROCK, POP)] == [ROCK, ROCK, POP]
    assert TREE.problems == ()


def test_a_genre_without_a_title_is_named_by_its_id():
    """Pages have something to show."""
    assert TREE.titles[POP] == "10"


def test_a_closure_adds_the_genres_above_that_are_no_labels_themselves():
    """Columns are the labels, then the other genres by id."""
    labels = [POST_PUNK, POP]
    has = np.array([[True, False], [False, True], [False, False]])

    assert TREE.nodes(labels) == (POST_PUNK, POP, ROCK, PUNK)
    assert TREE.closure(has, labels).tolist() == [
        [True, False, True, True],
        [False, True, False, False],
        [False, False, False, False],
    ]


@pytest.mark.parametrize(
    ("ids", "parents", "expected", "problem"),
    [
        ([1, 2], [0, 7], {1: 0, 2: 0}, "1 genre has a parent that is not in the table and is a root: 2"),
        ([1, 2], [8, 7], {1: 0, 2: 0}, "2 genres have a parent that is not in the table and are roots: 1, 2"),
        ([1, 1], [0, 1], {1: 0}, "1 genre has several rows, of which the first counts: 1"),
        ([3], [3], {3: 0}, "genre 3 is its own parent and becomes a root"),
        (
            [3, 2, 1, 4],
            [1, 3, 2, 2],
            {1: 0, 2: 3, 3: 1, 4: 2},
            "genres lie above each other in a circle, cut above 1: 1, 2, 3",
        ),
    ],
    ids=["unknown parent", "unknown parents", "duplicate", "own parent", "cycle"],
)
def test_a_wrong_table_is_repaired_and_reported(ids, parents, expected, problem):
    """The rest of the tree stays."""
    tree = make_tree(ids, parents, map(str, ids))

    assert tree.parents == expected
    assert tree.problems == (problem,)


def test_a_table_without_rows_is_an_empty_tree():
    """No genre is above any."""
    assert make_tree([], [], []).ancestors(1) == ()


def test_a_genre_of_tracks_that_the_tree_does_not_know_is_a_root():
    """It is counted, and known ones change nothing."""
    assert TREE.root(999) == 999
    assert TREE.with_labels([ROCK, PUNK]) is TREE
    known = TREE.with_labels([999, ROCK, 998])
    assert known.problems == ("2 genres of tracks are not in the tree and count as roots: 998, 999",)
    assert known.parents[999] == ROOT
    assert known.titles[999] == "999"
    assert known.closure(np.array([[True]]), [999]).tolist() == [[True]]


@given(TABLES)
def test_every_table_makes_a_tree_that_ends(rows):
    """Whatever the parents: each genre is reached, paths end at a root, and no genre is above itself."""
    ids, parents = ([row[place] for row in rows] for place in (0, 1))
    tree = make_tree(ids, parents, map(str, ids))

    assert set(tree.parents) == set(ids)
    for genre in tree.parents:
        assert genre not in tree.ancestors(genre)
        assert tree.parents[tree.root(genre)] == ROOT
    first = dict(reversed(list(zip(ids, parents, strict=True))))
    assert bool(tree.problems) == (dict(tree.parents) != first or len(first) < len(ids))


@given(TABLES, st.randoms())
def test_the_order_of_different_rows_plays_no_part(rows, random):
    """The same cycles are cut at the same place."""
    once = list({genre: (genre, parent) for genre, parent in rows}.values())
    other = once.copy()
    random.shuffle(other)
    trees = [
        make_tree([row[0] for row in one], [row[1] for row in one], "x" * len(one)) for one in (once, other)
    ]

    assert trees[0] == trees[1]


@given(TABLES, st.integers(0, 2**8 - 1))
def test_a_closure_is_closed(rows, which):
    """A closure of a closure adds nothing, and no label is lost."""
    tree = make_tree([row[0] for row in rows], [row[1] for row in rows], "x" * len(rows))
    labels = list(range(1, 9))
    has = np.array([[bool(which >> place & 1) for place in range(8)]])
    closed = tree.closure(has, labels)
    nodes = tree.nodes(labels)

    assert tree.nodes(nodes) == nodes
    assert (tree.closure(closed, nodes) == closed).all()
    assert (closed[:, :8] >= has).all()

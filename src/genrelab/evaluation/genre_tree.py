"""A tree of genres: what lies above each one, and the same labels with everything above them.

Conventions
    - Genres are ids (int). A parent of 0, or none at all, marks a root. Genres above one are listed from its parent up.
    - Every tree ends: a parent that is not in the table makes its child a root, a cycle is cut above its smallest id,
      and of an id that occurs twice the first row counts. Each of these is a sentence of `problems`.
    - A genre that the tree does not know is a root of its own.

Scores that respect the tree are in `genrelab.evaluation.label_sets`. Reading genres.csv does not belong here but in
`genrelab.sources.fma`.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    import pyarrow as pa

BoolArray = npt.NDArray[np.bool_]

ROOT = 0
"""Parent of a root."""

TREE_COLUMNS = ("genre_id", "parent_id", "title")
"""Columns of `fma_genres` that make up the tree."""


@dataclass(frozen=True)
class GenreTree:
    """A tree, or several: FMA's has 16 roots.

    Args:
        parents: Parent by genre id, `ROOT` for a root; without cycles, and every parent is a key.
        titles: Name by genre id.
        problems: What was wrong with the table, one sentence each.
    """

    parents: Mapping[int, int]
    titles: Mapping[int, str]
    problems: tuple[str, ...]

    def ancestors(self, genre: int) -> tuple[int, ...]:
        """The genres above one, from its parent to its root; none for a root and for a genre that is not in the tree.

        >>> tree = make_tree([12, 25, 89], [0, 12, 25], ["Rock", "Punk", "Post-Punk"])
        >>> tree.ancestors(89), tree.ancestors(12)
        ((25, 12), ())
        """
        found: list[int] = []
        while parent := self.parents.get(found[-1] if found else genre, ROOT):
            found.append(parent)
        return tuple(found)

    def root(self, genre: int) -> int:
        """The root above a genre; a root and a genre that is not in the tree are their own."""
        return (genre, *self.ancestors(genre))[-1]

    def with_labels(self, labels: Sequence[int]) -> "GenreTree":
        """This tree with the labels that it does not know as roots, and a sentence that says so.

        >>> tree = make_tree([12], [0], ["Rock"]).with_labels([12, 99])
        >>> tree.parents, tree.problems
        ({12: 0, 99: 0}, ('1 genre of tracks is not in the tree and counts as a root: 99',))
        """
        unknown = sorted(set(labels) - set(self.parents))
        if not unknown:
            return self
        is_one = len(unknown) == 1
        problem = (
            f"{_genres(unknown)} of tracks {'is' if is_one else 'are'} not in the tree and "
            f"{'counts as a root' if is_one else 'count as roots'}: {_first(unknown)}"
        )
        return GenreTree(
            parents={**self.parents, **dict.fromkeys(unknown, ROOT)},
            titles={**self.titles, **{genre: str(genre) for genre in unknown}},
            problems=(*self.problems, problem),
        )

    def nodes(self, labels: Sequence[int]) -> tuple[int, ...]:
        """The labels in their order, then the other genres above them by id: columns of `closure`."""
        above = {genre for label in labels for genre in self.ancestors(label)} - set(labels)
        return (*labels, *sorted(above))

    def closure(self, has: BoolArray, labels: Sequence[int]) -> BoolArray:
        """Which genres each row has when a genre also means everything above it.

        Args:
            has: Which labels each row has, shape (rows, labels).
            labels: Genre of each column.

        Returns:
            Shape (rows, nodes), columns as `nodes` lists them.

        >>> tree = make_tree([12, 25], [0, 12], ["Rock", "Punk"])
        >>> tree.closure(np.array([[True], [False]]), [25]).tolist()
        [[True, True], [False, False]]
        """
        nodes = {genre: column for column, genre in enumerate(self.nodes(labels))}
        means = np.zeros((len(labels), len(nodes)), dtype=np.float32)
        for row, label in enumerate(labels):
            means[row, [nodes[genre] for genre in (label, *self.ancestors(label))]] = 1
        return np.asarray(has.astype(np.float32) @ means > 0)


def make_tree(ids: Iterable[int], parents: Iterable[int | None], titles: Iterable[str | None]) -> GenreTree:
    """The tree of a table, repaired where the table is wrong: see the conventions above.

    Args:
        ids: Genre of each row.
        parents: Its parent; 0, None or NaN for a root.
        titles: Its name; a genre without one is named by its id.

    >>> make_tree([1, 2, 3], [2, 1, 8], ["a", "b", "c"])  # doctest: +NORMALIZE_WHITESPACE
    GenreTree(parents={1: 0, 2: 1, 3: 0}, titles={1: 'a', 2: 'b', 3: 'c'},
              problems=('1 genre has a parent that is not in the table and is a root: 3',
                        'genres lie above each other in a circle, cut above 1: 1, 2'))
    """
    table: dict[int, int] = {}
    names: dict[int, str] = {}
    twice: set[int] = set()
    for genre, parent, title in zip(ids, parents, titles, strict=True):
        if genre in table:
            twice.add(genre)
            continue
        table[genre] = ROOT if _is_missing(parent) else int(parent or ROOT)
        names[genre] = str(genre) if _is_missing(title) else str(title)
    orphans = sorted(genre for genre, parent in table.items() if parent != ROOT and parent not in table)
    table |= dict.fromkeys(orphans, ROOT)
    circles = _circles(table)
    table |= {circle[0]: ROOT for circle in circles}
    problems = []
    if twice:
        problems.append(
            f"{_genres(twice)} {_have(twice)} several rows, of which the first counts: {_first(twice)}"
        )
    if orphans:
        problems.append(
            f"{_genres(orphans)} {_have(orphans)} a parent that is not in the table and "
            f"{'is a root' if len(orphans) == 1 else 'are roots'}: {_first(orphans)}"
        )
    problems += [
        f"genre {circle[0]} is its own parent and becomes a root"
        if len(circle) == 1
        else f"genres lie above each other in a circle, cut above {circle[0]}: {_first(circle)}"
        for circle in circles
    ]
    return GenreTree(table, names, tuple(problems))


def _is_missing(value: object) -> bool:
    """Whether a value is None or NaN."""
    return value is None or value != value  # noqa: PLR0124 - NaN is not itself


def tree_of(genres: "pa.Table | None") -> GenreTree:
    """The tree of the rows of `fma_genres`; an empty one without that table."""
    if genres is None:
        return make_tree([], [], [])
    return make_tree(*(genres[name].to_pylist() for name in TREE_COLUMNS))


def _circles(parents: Mapping[int, int]) -> list[list[int]]:
    """The genres of each cycle, sorted; cycles by their smallest id."""
    found: list[list[int]] = []
    done: set[int] = {ROOT}
    for genre in sorted(parents):
        path: list[int] = []
        one = genre
        while one not in done:
            done.add(one)
            path.append(one)
            one = parents[one]
        if one in path:
            found.append(sorted(path[path.index(one) :]))
    return sorted(found)


def _genres(which: Collection[int]) -> str:
    return f"{len(which)} {'genre' if len(which) == 1 else 'genres'}"


def _have(which: Collection[int]) -> str:
    return "has" if len(which) == 1 else "have"


def _first(which: Collection[int], most: int = 5) -> str:
    """The smallest ids as text."""
    return ", ".join(map(str, sorted(which)[:most])) + (", ..." if len(which) > most else "")

"""Connected components of a graph whose edges are read more than once instead of being held."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

IntArray = npt.NDArray[np.integer[Any]]
Edges = Callable[[], Iterator[tuple[IntArray, IntArray]]]
"""Returns all edges, some at a time, as two arrays of nodes."""


def least_connected(least: npt.NDArray[np.int32], edges: Edges) -> npt.NDArray[np.int32]:
    """Return the least node that each node is connected with, shape (nodes,); 8 bytes a node are held.

    Each pass over the edges links the roots of two trees, the greater one below the less, and then every node with its
    root. A link may replace another one of the same pass: the edge of that one still joins two trees in the next pass.

    Args:
        least: For each node itself, or a lesser node that it is connected with; written over.
        edges: The other connections.

    >>> least_connected(np.arange(5, dtype=np.int32), lambda: iter([(np.array([4, 1]), np.array([3, 3]))])).tolist()
    [0, 1, 2, 1, 1]
    """
    is_done = False
    while not is_done:
        is_done = True
        for one, other in edges():
            roots = least[one], least[other]
            apart = roots[0] != roots[1]
            if apart.any():
                is_done = False
                np.minimum.at(least, np.maximum(*roots)[apart].astype(np.intp), np.minimum(*roots)[apart])
        while not is_done and not np.array_equal(above := least[least], least):
            least = above
    return least

"""The loops that find the leaf of each row in each tree, compiled by numba; and the forms of trees that they read.

Conventions: trees are built from records of a node (feature, threshold, right child), in preorder: the left child is
the next node. Values and thresholds are compared as `ordered` numbers.

    deep     one integer of 64 bits for a node: threshold, right child within its tree, feature. Rows are divided among
             the children as long as there are many of them; few rows walk down side by side.
    shallow  at most 64 leaves. For each node a mask of the leaves that a row can still reach when it goes right; where
             all masks that apply are combined, the first leaf that is left is the row's. It reads no memory that
             depends on a row, so the processor compares 16 rows at once. Source: Lucchese et al., "QuickScorer: a fast
             algorithm to rank documents with additive ensembles of regression trees", SIGIR 2015, without its sorting.
"""

from collections.abc import Mapping
from typing import Any

import numba
import numpy as np
import numpy.typing as npt

from genrelab.runtime.errors import GenrelabError

Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]
Words = npt.NDArray[Any]
"""Masks of 32 or 64 bits."""
FloatArray = npt.NDArray[np.float64]
Arrays = dict[str, npt.NDArray[Any]]

FEATURE, THRESHOLD, RIGHT = range(3)
FEATURE_BITS, RIGHT_BITS = 10, 22
LEAF = (1 << FEATURE_BITS) - 1
"""In place of the feature; the right child of a leaf is its row of the table."""
MOST_RIGHT = (1 << RIGHT_BITS) - 1
MOST_LEAVES = 64
TOGETHER = 8
"""Rows that walk through a deep tree side by side, so that the processor waits for several reads of memory at once."""
BLOCK, FEW = 128, 4
"""Rows that visit a shallow tree at once; few rows visit it one after the other."""
PRIME = 67
"""The remainders of 1, 2, 4, ..., 2 ** 63 by it are all different."""
FIRST = np.zeros(PRIME, dtype=np.int64)
"""The position of a bit, by the remainder of its value."""
FIRST[[(1 << bit) % PRIME for bit in range(MOST_LEAVES)]] = np.arange(MOST_LEAVES)


def ordered(values: npt.NDArray[Any]) -> Ints:
    """Return integers that compare as values do as numbers of 32 bits: the bits of a negative one are turned round."""
    bits = (np.ascontiguousarray(values, dtype=np.float32) + np.float32(0)).view(np.int32)  # -0 becomes 0
    return np.asarray(bits ^ ((bits >> 31) & np.int32(0x7FFFFFFF)))


def deep(nodes: Ints, roots: Longs) -> Arrays:
    """Return trees in the deep form.

    Args:
        nodes: Shape (nodes, 3); the right child within its tree, a leaf has the feature -1.
        roots: The first node of each tree.

    Raises:
        GenrelabError: There are too many features, nodes or leaves.
    """
    if nodes[:, FEATURE].max() >= LEAF or nodes[:, RIGHT].max() > MOST_RIGHT:
        raise GenrelabError(
            "the trees cannot be compiled",
            found=f"{nodes[:, FEATURE].max() + 1:,} features, up to {nodes[:, RIGHT].max() + 1:,} nodes or leaves",
            allowed=f"{LEAF:,} features, {MOST_RIGHT + 1:,} nodes in a tree and as many leaves that differ",
            do="train smaller trees",
        )
    feature = np.where(nodes[:, FEATURE] < 0, LEAF, nodes[:, FEATURE]).astype(np.int64)
    right, threshold = nodes[:, RIGHT].astype(np.int64), nodes[:, THRESHOLD].astype(np.int64)
    return {"nodes": (threshold << 32) | (right << FEATURE_BITS) | feature, "roots": roots}


def shallow(nodes: Ints, roots: Longs, table: FloatArray) -> Arrays:
    """Return trees in the shallow form.

    Args:
        nodes: As of `deep`.
        roots: As of `deep`.
        table: The value of each leaf, shape (leaves, 1).
    """
    is_leaf = nodes[:, FEATURE] < 0
    inner = np.flatnonzero(~is_leaf)
    leaves_before = np.concatenate([[0], np.cumsum(is_leaf)])
    root = np.repeat(roots, np.diff([*roots, len(nodes)]))[inner]
    first, end = (
        (leaves_before[place] - leaves_before[root]).astype(np.uint64)
        for place in (inner, nodes[inner, RIGHT] + root)
    )
    one = np.uint64(1)
    masks = ~((one << end) - (one << first))  # the leaves of the left branch are those from first to end
    few = np.diff(leaves_before[[*roots, len(nodes)]]).max() <= MOST_LEAVES / 2
    return {
        "features": nodes[inner, FEATURE],
        "thresholds": nodes[inner, THRESHOLD],
        "masks": masks.astype(np.uint32) if few else masks,
        "starts": np.searchsorted(inner, [*roots, len(nodes)]),
        "leaves": table[nodes[is_leaf, RIGHT], 0],
        "first_leaves": leaves_before[roots],
    }


def add_deep(arrays: Mapping[str, npt.NDArray[Any]], trees: slice, rows: Ints, sums: FloatArray) -> None:
    """Add the leaves that rows reach in trees of the deep form.

    Args:
        arrays: From `deep`, with `table` and `places`.
        trees: Which trees.
        rows: Ordered numbers, shape (rows, features).
        sums: Shape (rows, labels), changed.
    """
    _add_deep(arrays["nodes"], arrays["roots"][trees], arrays["places"][trees], arrays["table"], rows, sums)


def add_shallow(arrays: Mapping[str, npt.NDArray[Any]], trees: slice, rows: Ints, sums: FloatArray) -> None:
    """Add the leaves that rows reach in trees of the shallow form; arguments as of `add_deep`."""
    room = len(rows) if len(rows) <= FEW else -(-len(rows) // BLOCK) * BLOCK
    columns = np.zeros((rows.shape[1], room), dtype=np.int32)
    columns[:, : len(rows)] = rows.T
    by_label = np.zeros(sums.T.shape)
    _add_shallow(
        arrays["features"],
        arrays["thresholds"],
        arrays["masks"],
        arrays["starts"][trees.start : trees.stop + 1],
        arrays["leaves"],
        arrays["first_leaves"][trees],
        arrays["places"][trees],
        columns,
        by_label,
    )
    sums += by_label.T


@numba.njit(nogil=True)
def _add_deep(  # noqa: C901, PLR0912 - numba inlines no loop that writes several variables
    nodes: Longs, roots: Longs, places: Longs, table: FloatArray, values: Ints, sums: FloatArray
) -> None:
    """Add to `sums` the leaf of each row in each tree of the deep form."""
    rows = len(values)
    at = np.empty(TOGETHER, dtype=np.int64)
    order, to_right = np.empty(rows, dtype=np.uint32), np.empty(rows, dtype=np.uint32)
    # a node, and which of `order` wait there: at least one row
    waiting = np.empty((rows + 1, 3), dtype=np.int64)
    for tree in range(len(roots)):
        root, place = roots[tree], places[tree]
        for row in range(rows):
            order[row] = row
        waiting[0, 0], waiting[0, 1], waiting[0, 2] = root, 0, rows
        left_to_do = 1
        while left_to_do:
            left_to_do -= 1
            node, start, end = waiting[left_to_do, 0], waiting[left_to_do, 1], waiting[left_to_do, 2]
            while end - start > TOGETHER and nodes[node] & LEAF != LEAF:
                word = nodes[node]
                threshold, feature = np.int32(word >> 32), np.uint64(word & LEAF)
                middle, gone = start, np.int64(0)
                for each in range(start, end):  # no branch: the processor cannot guess the child
                    row = order[each]
                    is_right = np.int64(values[row, feature] > threshold)
                    order[middle] = to_right[gone] = row
                    middle += 1 - is_right
                    gone += is_right
                for each in range(gone):
                    order[middle + each] = to_right[each]
                if gone:
                    waiting[left_to_do, 0] = root + ((word >> FEATURE_BITS) & MOST_RIGHT)
                    waiting[left_to_do, 1], waiting[left_to_do, 2] = middle, end
                    left_to_do += 1
                node, end = node + 1, middle
            while start < end:
                together = min(TOGETHER, end - start)
                for each in range(together):
                    at[each] = node
                walking = np.int64(1)
                while walking:
                    walking = np.int64(0)
                    for each in range(together):
                        word = nodes[np.uint64(at[each])]
                        is_inner = np.int64(word & LEAF != LEAF)
                        value = values[order[np.uint64(start + each)], np.uint64((word & LEAF) * is_inner)]
                        right = root + ((word >> FEATURE_BITS) & MOST_RIGHT)
                        child = right if value > word >> 32 else at[each] + 1
                        at[each] = child if is_inner else at[each]
                        walking += is_inner
                for each in range(together):
                    leaf = (nodes[at[each]] >> FEATURE_BITS) & MOST_RIGHT
                    for label in range(table.shape[1]):
                        sums[order[start + each], place + label] += table[leaf, label]
                start += together


@numba.njit(nogil=True)
def _add_shallow(
    features: Ints,
    thresholds: Ints,
    masks: Words,
    starts: Longs,
    leaves: FloatArray,
    first_leaves: Longs,
    places: Longs,
    columns: Ints,
    sums: FloatArray,
) -> None:
    """Add to `sums` the leaf of each row in each tree of the shallow form.

    A leaf is one number. `columns` has room for whole blocks of rows; `sums` has the shape (labels, rows).
    """
    rows, everything = sums.shape[1], ~(masks[0] & ~masks[0])
    reached = np.empty(BLOCK, dtype=masks.dtype)
    for first in range(0, rows, BLOCK):
        together = min(BLOCK, rows - first)
        for tree in range(len(first_leaves)):
            if together <= FEW:
                for each in range(together):
                    can_reach = everything
                    for node in range(starts[tree], starts[tree + 1]):
                        is_right = (
                            columns[np.uint64(features[node]), np.uint64(first + each)] > thresholds[node]
                        )
                        can_reach &= masks[node] if is_right else everything
                    reached[each] = can_reach
            else:
                for each in range(BLOCK):
                    reached[each] = everything
                for node in range(starts[tree], starts[tree + 1]):
                    threshold, mask = thresholds[node], masks[node]
                    column = columns[features[node], first : first + BLOCK]
                    for each in range(BLOCK):
                        reached[each] &= mask if column[each] > threshold else everything
            total = sums[places[tree], first : first + together]
            for each in range(together):
                bit = reached[each] & (~reached[each] + masks.dtype.type(1))
                total[each] += leaves[first_leaves[tree] + FIRST[bit % PRIME]]

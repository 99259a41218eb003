"""Forests of scikit-learn as flat arrays, traversed level by level for all trees at once.

Conventions: a node is a record of four numbers of 32 bits: feature, threshold, left and right child (over all trees).
A leaf has the feature -1, and as its left child the row of `table` with its shares of the labels. scikit-learn compares
a float32 value with a float64 threshold, and goes left when it is not larger; the largest float32 not above the
threshold decides the same. docs/decisions/0036-compiled-champions.md says why.
"""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
Arrays = Mapping[str, npt.NDArray[Any]]
ROWS_AT_ONCE = 256
THREADS = 2
"""NumPy lets go of Python's lock while it gathers nodes."""
FEATURE, THRESHOLD, LEFT, RIGHT = range(4)


def flatten(trees: Sequence[Any]) -> dict[str, npt.NDArray[Any]]:
    """Return the arrays of fitted classification trees; a leaf stands for its shares of the labels.

    Args:
        trees: `tree_` of each estimator.
    """
    features, thresholds, lefts, rights, shares, roots = [], [], [], [], [], [0]
    for tree in trees:
        is_leaf = tree.children_left < 0
        exact = tree.threshold.astype(np.float32)
        above = exact > tree.threshold
        exact[above] = np.nextafter(exact[above], np.float32(-np.inf))
        features.append(np.where(is_leaf, -1, tree.feature))
        thresholds.append(exact)
        lefts.append(tree.children_left + roots[-1])
        rights.append(tree.children_right + roots[-1])
        shares.append(tree.value[is_leaf, 0, :])
        roots.append(roots[-1] + tree.node_count)
    table, leaf = np.unique(np.concatenate(shares), axis=0, return_inverse=True)
    feature = np.concatenate(features)
    nodes = np.empty((len(feature), 4), dtype=np.int32)
    nodes[:, FEATURE] = feature
    nodes[:, THRESHOLD] = np.concatenate(thresholds).view(np.int32)
    nodes[:, LEFT], nodes[:, RIGHT] = np.concatenate(lefts), np.concatenate(rights)
    nodes[feature < 0, LEFT] = leaf.reshape(-1)
    return {"nodes": nodes, "table": table, "roots": np.array(roots[:-1])}


def forest_probabilities(arrays: Arrays, values: npt.NDArray[Any]) -> FloatArray:
    """Return the mean of the trees' shares, shape (rows, labels).

    Args:
        arrays: From `flatten`.
        values: Shape (rows, features).
    """
    table = arrays["table"]
    if len(values) <= ROWS_AT_ONCE:
        return np.asarray(table[_leaves(arrays, values)].mean(axis=1))
    blocks = np.array_split(values, -(-len(values) // ROWS_AT_ONCE))
    with ThreadPoolExecutor(THREADS) as pool:
        return np.concatenate(list(pool.map(lambda block: forest_probabilities(arrays, block), blocks)))


def _leaves(arrays: Arrays, values: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
    """Row of the table of each row's leaf in each tree, shape (rows, trees)."""
    rows = np.ascontiguousarray(values, dtype=np.float32)
    nodes, roots, flat = arrays["nodes"], arrays["roots"], rows.reshape(-1)
    at = np.tile(roots, len(rows))
    base = np.repeat(np.arange(len(rows)) * rows.shape[1], len(roots))
    place = np.arange(len(at))
    found = np.empty(len(at), dtype=np.int64)
    while len(place):
        here = nodes.take(at, axis=0)
        is_leaf = here[:, FEATURE] < 0
        if is_leaf.any():
            found[place[is_leaf]] = here[is_leaf, LEFT]
            here, place, base = here[~is_leaf], place[~is_leaf], base[~is_leaf]
        value = flat.take(base + here[:, FEATURE])
        goes_left = value <= here[:, THRESHOLD].view(np.float32) if here.size else np.empty(0, dtype=bool)
        at = np.where(goes_left, here[:, LEFT], here[:, RIGHT])
    return found.reshape(len(rows), len(roots))

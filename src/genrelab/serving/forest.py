"""Forests of scikit-learn as flat arrays, traversed level by level for all trees at once.

Conventions: of each node `feature` (int16), `threshold` (float32), `left` and `right` (int32, over all trees); a leaf
points to itself. scikit-learn compares a float32 value with a float64 threshold; the largest float32 not above the
threshold decides the same. Leaves hold the row of a table of the distinct shares of the labels.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
ROWS_AT_ONCE = 64


def flatten(trees: Sequence[Any]) -> dict[str, npt.NDArray[Any]]:
    """Return the arrays of fitted classification trees.

    Args:
        trees: `tree_` of each estimator.
    """
    parts: dict[str, list[npt.NDArray[Any]]] = {
        "feature": [],
        "threshold": [],
        "left": [],
        "right": [],
        "shares": [],
    }
    roots, offset = [], 0
    for tree in trees:
        here = np.arange(offset, offset + tree.node_count)
        is_leaf = tree.children_left < 0
        exact = tree.threshold.astype(np.float32)
        exact = np.where(exact > tree.threshold, np.nextafter(exact, np.float32(-np.inf)), exact)
        parts["feature"].append(np.where(is_leaf, 0, tree.feature).astype(np.int16))
        parts["threshold"].append(np.where(is_leaf, np.float32(np.inf), exact).astype(np.float32))
        parts["left"].append(np.where(is_leaf, here, tree.children_left + offset).astype(np.int32))
        parts["right"].append(np.where(is_leaf, here, tree.children_right + offset).astype(np.int32))
        parts["shares"].append(np.where(is_leaf[:, None], tree.value[:, 0, :], 0.0))
        roots.append(offset)
        offset += tree.node_count
    table, leaf = np.unique(np.concatenate(parts.pop("shares")), axis=0, return_inverse=True)
    arrays = {name: np.concatenate(each) for name, each in parts.items()}
    return {
        **arrays,
        "leaf": leaf.reshape(-1).astype(np.int32),
        "table": table,
        "roots": np.array(roots, dtype=np.int32),
    }


def forest_probabilities(arrays: Mapping[str, npt.NDArray[Any]], values: npt.NDArray[Any]) -> FloatArray:
    """Return the mean of the trees' shares, shape (rows, labels).

    Args:
        arrays: From `flatten`.
        values: Shape (rows, features).
    """
    table, total = arrays["table"], np.empty((len(values), arrays["table"].shape[1]))
    for start in range(0, len(values), ROWS_AT_ONCE):
        rows = np.ascontiguousarray(values[start : start + ROWS_AT_ONCE], dtype=np.float32)
        leaves = _leaves(arrays, rows)
        shares = table[arrays["leaf"][leaves].reshape(len(rows), -1)]
        total[start : start + ROWS_AT_ONCE] = shares.mean(axis=1)
    return total


def _leaves(arrays: Mapping[str, npt.NDArray[Any]], rows: npt.NDArray[np.float32]) -> npt.NDArray[np.int32]:
    """Node of the leaf of each row in each tree, flat."""
    trees = len(arrays["roots"])
    node = np.tile(arrays["roots"], len(rows))
    base = np.repeat(np.arange(len(rows)) * rows.shape[1], trees)
    flat, active = rows.reshape(-1), np.arange(len(node))
    while len(active):
        at = node[active]
        goes_left = flat[base[active] + arrays["feature"][at]] <= arrays["threshold"][at]
        new = np.where(goes_left, arrays["left"][at], arrays["right"][at])
        node[active] = new
        active = active[new != at]
    return node

"""Forests of scikit-learn and boosted trees of XGBoost as flat arrays, walked by one compiled loop.

Conventions: a node is a record of three numbers of 32 bits: feature, threshold, right child (over all trees); its left
child is the next node. A leaf has the feature -1, and as its right child its row in `table`: the shares of the labels
of a forest's leaf, or the one value of a boosted tree, which adds to the label `places[tree]`. A value goes left when
it is not larger than the threshold. scikit-learn compares a float32 value with a float64 threshold: the largest float32
not above it decides the same. XGBoost goes left below the threshold: the largest float32 below it decides the same.
docs/decisions/0036-compiled-champions.md says why.
"""

import json
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numba
import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
Arrays = Mapping[str, npt.NDArray[Any]]
ROWS_AT_ONCE = 128
THREADS = 2
"""The compiled loop lets go of Python's lock."""
FEATURE, THRESHOLD, RIGHT = range(3)
TOGETHER = 16
"""Rows that walk through a tree side by side, so that the processor waits for several reads of memory at once."""


def flatten(trees: Sequence[Any]) -> dict[str, npt.NDArray[Any]]:
    """Return the arrays of fitted classification trees of scikit-learn; a leaf stands for its shares of the labels.

    Args:
        trees: `tree_` of each estimator.
    """
    leaves = [tree.children_left < 0 for tree in trees]
    return _arrays(
        [np.where(is_leaf, -1, tree.feature) for tree, is_leaf in zip(trees, leaves, strict=True)],
        [_not_above(tree.threshold) for tree in trees],
        [(tree.children_left, tree.children_right) for tree in trees],
        [tree.value[is_leaf, 0, :] for tree, is_leaf in zip(trees, leaves, strict=True)],
        np.zeros(len(trees), dtype=np.int64),
    )


def flatten_boosted(learner: Mapping[str, Any]) -> dict[str, npt.NDArray[Any]]:
    """Return the arrays of boosted trees with one output for each label, and `base`, the margins that they start from.

    Args:
        learner: `learner` of the JSON of an XGBoost model: https://xgboost.readthedocs.io/en/stable/tutorials/saving_model.html
    """
    ensemble = learner["gradient_booster"]["model"]
    trees = [{name: np.array(values) for name, values in tree.items()} for tree in ensemble["trees"]]
    cuts = [tree["split_conditions"].astype(np.float32) for tree in trees]
    leaves = [tree["left_children"] < 0 for tree in trees]
    labels = int(learner["learner_model_param"]["num_class"])
    base = np.broadcast_to(json.loads(learner["learner_model_param"]["base_score"]), labels)
    arrays = _arrays(
        [np.where(is_leaf, -1, tree["split_indices"]) for tree, is_leaf in zip(trees, leaves, strict=True)],
        [np.nextafter(cut, np.float32(-np.inf)) for cut in cuts],
        [(tree["left_children"], tree["right_children"]) for tree in trees],
        [cut[is_leaf, None].astype(np.float64) for cut, is_leaf in zip(cuts, leaves, strict=True)],
        np.array(ensemble["tree_info"], dtype=np.int64),
    )
    return {**arrays, "base": base.astype(np.float64)}


def _not_above(thresholds: FloatArray) -> npt.NDArray[np.float32]:
    exact = thresholds.astype(np.float32)
    above = exact > thresholds
    exact[above] = np.nextafter(exact[above], np.float32(-np.inf))
    return exact


def _arrays(
    features: Sequence[npt.NDArray[Any]],
    thresholds: Sequence[npt.NDArray[np.float32]],
    children: Sequence[tuple[npt.NDArray[Any], npt.NDArray[Any]]],
    leaves: Sequence[FloatArray],
    places: npt.NDArray[np.int64],
) -> dict[str, npt.NDArray[Any]]:
    """The arrays of trees, each argument with one entry for each tree."""
    table, leaf = np.unique(np.concatenate(leaves), axis=0, return_inverse=True)
    roots = np.concatenate([[0], np.cumsum([len(each) for each in features])])
    nodes = np.empty((roots[-1], 3), dtype=np.int32)
    used = 0
    for tree, (feature, (left, right)) in enumerate(zip(features, children, strict=True)):
        here = nodes[roots[tree] : roots[tree + 1]]
        is_leaf = feature < 0
        here[:, FEATURE], here[:, THRESHOLD] = feature, thresholds[tree].view(np.int32)
        here[:, RIGHT] = right
        here[is_leaf, RIGHT] = leaf[used : used + is_leaf.sum()]
        used += is_leaf.sum()
        order = _preorder(left, right)
        place = np.argsort(order)
        here[~is_leaf, RIGHT] = place[right[~is_leaf]] + roots[tree]
        nodes[roots[tree] : roots[tree + 1]] = here[order]
    return {"nodes": nodes, "table": np.ascontiguousarray(table), "roots": roots[:-1], "places": places}


def _preorder(left: npt.NDArray[Any], right: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
    """The nodes of a tree in the order parent, left branch, right branch; scikit-learn's are in it already."""
    inner = np.flatnonzero(left >= 0)
    if np.array_equal(left[inner], inner + 1):
        return np.arange(len(left))
    order, waiting = [], [0]
    while waiting:
        node = waiting.pop()
        order.append(node)
        if left[node] >= 0:
            waiting += [right[node], left[node]]
    return np.array(order)


def forest_probabilities(arrays: Arrays, values: npt.NDArray[Any]) -> FloatArray:
    """Return the mean of the trees' shares, shape (rows, labels).

    Args:
        arrays: From `flatten`.
        values: Shape (rows, features).
    """
    return _sums(arrays, values, arrays["table"].shape[1]) / len(arrays["roots"])


def boosted_probabilities(arrays: Arrays, values: npt.NDArray[Any]) -> FloatArray:
    """Return the softmax of the margins, shape (rows, labels).

    Args:
        arrays: From `flatten_boosted`.
        values: Shape (rows, features).
    """
    margins = arrays["base"] + _sums(arrays, values, len(arrays["base"]))
    raised = np.exp(margins - margins.max(axis=1, keepdims=True, initial=-np.inf))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True))


def _sums(arrays: Arrays, values: npt.NDArray[Any], labels: int) -> FloatArray:
    """Sum of the leaves that each row reaches, shape (rows, labels)."""
    rows = np.ascontiguousarray(values, dtype=np.float32)
    nodes = arrays["nodes"]
    sums = np.zeros((len(rows), labels))

    def add(start: int) -> None:
        block = slice(start, start + ROWS_AT_ONCE)
        _add_leaves(
            nodes,
            nodes.view(np.float32),
            arrays["roots"],
            arrays["places"],
            arrays["table"],
            rows[block],
            sums[block],
        )

    starts = range(0, len(rows), ROWS_AT_ONCE)
    if len(starts) <= 1:
        for start in starts:
            add(start)
    else:
        with ThreadPoolExecutor(THREADS) as pool:
            list(pool.map(add, starts))
    return sums


@numba.njit(nogil=True)
def _add_leaves(
    nodes: npt.NDArray[np.int32],
    thresholds: npt.NDArray[np.float32],
    roots: npt.NDArray[np.int64],
    places: npt.NDArray[np.int64],
    table: FloatArray,
    rows: npt.NDArray[np.float32],
    sums: FloatArray,
) -> None:
    """Add to `sums` the leaf of each row in each tree; blocks of rows walk side by side."""
    at = np.empty(TOGETHER, dtype=np.int32)
    for tree in range(len(roots)):
        for first in range(0, len(rows), TOGETHER):
            together = min(TOGETHER, len(rows) - first)
            at[:together] = roots[tree]
            walking = np.int32(1)
            while walking:
                walking = np.int32(0)
                for each in range(together):  # no branch: the processor cannot guess the next child
                    node = at[each]
                    feature = nodes[node, FEATURE]
                    is_inner = np.int32(feature >= 0)
                    is_right = np.int32(rows[first + each, max(feature, 0)] > thresholds[node, THRESHOLD])
                    at[each] = node + is_inner * (1 + is_right * (nodes[node, RIGHT] - node - 1))
                    walking += is_inner
            for each in range(together):
                leaf = nodes[at[each], RIGHT]
                for label in range(table.shape[1]):
                    sums[first + each, places[tree] + label] += table[leaf, label]

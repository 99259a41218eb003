"""Forests of scikit-learn and boosted trees of XGBoost as arrays, which `genrelab.serving.tree_walk` walks.

Conventions: a leaf stands for a row of `table`: the shares of the labels of a forest's leaf, or the one value of a
boosted tree, which adds to the label `places[tree]`. A value goes left when it is not larger than the threshold.
scikit-learn compares a float32 value with a float64 threshold: the largest float32 not above it decides the same.
XGBoost goes left below the threshold: the largest float32 below it decides the same.
docs/decisions/0036-compiled-champions.md says why.
"""

import json
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import numpy.typing as npt

from genrelab.serving.tree_walk import (
    FEATURE,
    MOST_LEAVES,
    RIGHT,
    THRESHOLD,
    add_deep,
    add_shallow,
    deep,
    ordered,
    shallow,
)

FloatArray = npt.NDArray[np.float64]
Arrays = Mapping[str, npt.NDArray[Any]]
AT_ONCE = 1_024
"""Rows that visit all trees together: the more, the fewer times the trees are read from memory."""
FEW = 50
"""Rows for which a second thread does not pay."""


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
        here[:, FEATURE], here[:, THRESHOLD] = feature, ordered(thresholds[tree])
        here[:, RIGHT] = right
        here[is_leaf, RIGHT] = leaf[used : used + is_leaf.sum()]
        used += is_leaf.sum()
        order = _preorder(left, right)
        place = np.argsort(order)
        here[~is_leaf, RIGHT] = place[right[~is_leaf]]
        nodes[roots[tree] : roots[tree + 1]] = here[order]
    if table.shape[1] == 1 and max(map(len, leaves)) <= MOST_LEAVES:
        return {"places": places, **shallow(nodes, roots[:-1], table)}
    return {"places": places, "table": np.ascontiguousarray(table), **deep(nodes, roots[:-1])}


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
    return _sums(arrays, values, arrays["table"].shape[1]) / len(arrays["places"])


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
    """Sum of the leaves that each row reaches, shape (rows, labels).

    Many rows visit two halves of the trees at once: the compiled loops let go of Python's lock.
    """
    middle, trees = len(arrays["places"]) // 2, len(arrays["places"])
    add = add_deep if "nodes" in arrays else add_shallow
    rows = ordered(values)

    def half(start: int, end: int) -> FloatArray:
        sums = np.zeros((len(values), labels))
        for first in range(0, len(values), AT_ONCE):
            block = slice(first, first + AT_ONCE)
            add(arrays, slice(start, end), rows[block], sums[block])
        return sums

    parts = (0, middle), (middle, trees)
    if len(values) <= FEW:
        return half(*parts[0]) + half(*parts[1])
    with ThreadPoolExecutor(1) as other:
        first = other.submit(half, *parts[0])
        second = half(*parts[1])
        return first.result() + second

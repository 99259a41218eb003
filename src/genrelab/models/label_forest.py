"""One forest for all labels, grown on what the labels have in common.

A tree that looks for the best split of 114 labels takes 15 times as long as one of a dozen numbers, and most labels
are too rare to say anything about a split. So trees are grown on the first principal components of the label matrix
(Tai and Lin, "Multilabel Classification with Principal Label Space Transformation", Neural Computation 2012): labels
that go together, like a genre and its parent, move the same component. The leaves then know all labels again: a
label's probability is its share among the training rows of a leaf, averaged over the trees.

Conventions: targets are 0 or 1, shape (rows, labels). Leaves hold shares, so a label is never more probable than one
that all its rows have too: in `genres_all` no genre exceeds its parent.
"""

from typing import Any, Self

import numpy as np
import numpy.typing as npt
from scipy import sparse
from sklearn.base import BaseEstimator
from sklearn.ensemble import ExtraTreesRegressor
from sklearn.utils.extmath import randomized_svd

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
FEW_ROWS = 100
"""Rows for which scikit-learn takes longer to start its jobs than to visit the trees."""


class ForestOfLabels(BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """Extra trees on the components of the labels, with the labels in their leaves.

    Args:
        n_estimators: Trees.
        components: Components of the labels that the trees are grown on; all labels where there are no more.
        min_samples_leaf: Rows of a leaf at least.
        max_features: Features that a split looks at, at most.
        n_jobs: Processor cores.
        random_state: Seed.
    """

    def __init__(
        self,
        n_estimators: int = 100,
        components: int = 12,
        min_samples_leaf: int = 3,
        max_features: int = 18,
        n_jobs: int | None = None,
        random_state: int | None = None,
    ) -> None:
        self.n_estimators = n_estimators
        self.components = components
        self.min_samples_leaf = min_samples_leaf
        self.max_features = max_features
        self.n_jobs = n_jobs
        self.random_state = random_state

    def fit(self, X: Any, y: IntArray) -> Self:  # noqa: N803 - scikit-learn's name
        """Grow the trees and put the labels into their leaves.

        Args:
            X: Shape (rows, features).
            y: Which labels each row has, shape (rows, labels).
        """
        target = np.asarray(y, dtype=np.float32)
        self.forest_ = ExtraTreesRegressor(
            self.n_estimators,
            min_samples_leaf=self.min_samples_leaf,
            max_features=min(self.max_features, np.shape(X)[1]),
            n_jobs=self.n_jobs,
            random_state=self.random_state,
        ).fit(X, self._compressed(target - target.mean(axis=0)))
        inside = self._leaves(X)
        sizes = np.maximum(np.asarray(inside.sum(axis=0)).ravel(), 1)
        # most leaves lack most labels: stored sparse, a hundredth of the memory
        self.shares_ = sparse.csr_matrix(sparse.diags(1 / sizes) @ inside.T @ sparse.csr_matrix(target))
        return self

    def predict_proba(self, X: Any) -> FloatArray:  # noqa: N803
        """Probability of each label, shape (rows, labels)."""
        found = (self._leaves(X) @ self.shares_).toarray()
        return np.asarray(found / len(self.forest_.estimators_), dtype=np.float64)

    def _compressed(self, target: Any) -> Any:
        """The components of the labels, shape (rows, components)."""
        if target.shape[1] <= self.components:
            return target[:, 0] if target.shape[1] == 1 else target
        left, sizes, _ = randomized_svd(target, self.components, random_state=self.random_state)
        return left * sizes

    def _leaves(self, X: Any) -> Any:  # noqa: N803
        """Whether each row ends in each node of each tree, sparse, shape (rows, nodes of all trees)."""
        nodes = [tree.tree_.node_count for tree in self.forest_.estimators_]
        starts = np.concatenate([[0], np.cumsum(nodes)])
        if len(X) <= FEW_ROWS:
            rows = np.ascontiguousarray(X, dtype=np.float32)
            found = np.column_stack([tree.tree_.apply(rows) for tree in self.forest_.estimators_])
        else:
            found = self.forest_.apply(X)
        places = found + starts[:-1]
        return sparse.csr_matrix(
            (
                np.ones(places.size, dtype=np.float32),
                places.ravel(),
                np.arange(len(places) + 1) * places.shape[1],
            ),
            shape=(len(places), int(starts[-1])),
        )

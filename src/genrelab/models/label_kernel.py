"""Regression of label sets: how probable each label is, as a smooth function of the features.

Conventions: features are standardised before (a pipeline does it); targets are 0 or 1, shape (rows, labels). A
squared loss is least at the probability (Brier 1950), so what is predicted is one, once it is cut to 0..1.
All labels share one factorisation: 114 labels cost what one does.

How labels hang together is not looked at here but in `genrelab.models.label_forest` and `label_network`.
"""

from typing import Any, Self

import numpy as np
import numpy.typing as npt
from scipy.linalg import cho_factor, cho_solve
from sklearn.base import BaseEstimator
from sklearn.linear_model import Ridge
from sklearn.metrics.pairwise import rbf_kernel

from genrelab.evaluation.samples import sample_rows

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


class RidgeOfLabels(Ridge):  # type: ignore[misc]  # scikit-learn has no types
    """Ridge regression of each label; its predictions, cut to 0..1, are the probabilities."""

    def predict_proba(self, features: Any) -> FloatArray:
        """Probability of each label, shape (rows, labels)."""
        found = np.asarray(self.predict(features), dtype=np.float64)
        return np.clip(found.reshape(len(found), -1), 0.0, 1.0)


class KernelOfLabels(BaseEstimator):  # type: ignore[misc]
    """Kernel ridge regression of each label with an RBF kernel, around its share of the training rows.

    Args:
        width: The kernel is exp(-width * squared distance / number of features).
        penalty: Ridge penalty on the size of the function.
        most_rows: Of more rows, so many are drawn: memory grows with the square of the rows, time with the cube.
        chunk: Rows that are predicted at once.
        random_state: Seed of the draw.
    """

    def __init__(
        self,
        width: float = 1.0,
        penalty: float = 1.0,
        most_rows: int = 12_000,
        chunk: int = 2_000,
        random_state: int | None = None,
    ) -> None:
        self.width = width
        self.penalty = penalty
        self.most_rows = most_rows
        self.chunk = chunk
        self.random_state = random_state

    def fit(self, X: Any, y: IntArray) -> Self:  # noqa: N803 - scikit-learn's name
        """Find the weight of each training row for each label.

        Args:
            X: Shape (rows, features).
            y: Which labels each row has, shape (rows, labels).
        """
        rows = sample_rows(len(X), self.random_state or 0, self.most_rows)
        self.rows_ = np.asarray(X, dtype=np.float32)[rows]
        target = np.asarray(y, dtype=np.float32)[rows]
        self.shares_ = target.mean(axis=0)
        kernel = self._kernel(self.rows_)
        kernel[np.diag_indices_from(kernel)] += self.penalty
        weights = cho_solve(cho_factor(kernel, lower=True, overwrite_a=True), target - self.shares_)
        # sums of thousands of terms in single precision would depend on how many rows are asked for at once
        self.weights_ = weights.astype(np.float64)
        return self

    def predict_proba(self, X: Any) -> FloatArray:  # noqa: N803
        """Probability of each label, shape (rows, labels)."""
        features = np.asarray(X, dtype=np.float32)
        found = np.empty((len(features), len(self.shares_)), dtype=np.float64)
        for start in range(0, len(features), self.chunk):
            rows = slice(start, start + self.chunk)
            found[rows] = self._kernel(features[rows]) @ self.weights_ + self.shares_
        return np.clip(found, 0.0, 1.0)

    def _kernel(self, features: Any) -> Any:
        return rbf_kernel(features, self.rows_, gamma=self.width / features.shape[1])

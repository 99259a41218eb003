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

JITTER = 1e-5
"""Added to the diagonal of a kernel matrix, so that rows that are the same can be factorised in 32 bits."""


class RidgeOfLabels(Ridge):  # type: ignore[misc]  # scikit-learn has no types
    """Ridge regression of each label; its predictions, cut to 0..1, are the probabilities."""

    def predict_proba(self, features: Any) -> FloatArray:
        """Probability of each label, shape (rows, labels)."""
        found = np.asarray(self.predict(features), dtype=np.float64)
        return np.clip(found.reshape(len(found), -1), 0.0, 1.0)


class KernelOfLabels(BaseEstimator):  # type: ignore[misc]
    """Kernel ridge regression of each label with an RBF kernel.

    Of more rows than `exact_rows`, `landmarks` are drawn as centres of the kernel and all are fitted: the subset of
    regressors (Rasmussen and Williams, "Gaussian Processes for Machine Learning", 2006, section 8.3.1).

    Args:
        width: The kernel is exp(-width * squared distance / number of features).
        penalty: Ridge penalty on the size of the function.
        exact_rows: Rows up to which each row is a centre of the kernel.
        landmarks: Centres of the kernel where there are more rows.
        chunk: Rows whose kernel is computed at once.
        random_state: Seed of the draw of the centres.
    """

    def __init__(
        self,
        width: float = 1.0,
        penalty: float = 1.0,
        exact_rows: int = 8_000,
        landmarks: int = 3_000,
        chunk: int = 4_000,
        random_state: int | None = None,
    ) -> None:
        self.width = width
        self.penalty = penalty
        self.exact_rows = exact_rows
        self.landmarks = landmarks
        self.chunk = chunk
        self.random_state = random_state

    def fit(self, X: Any, y: IntArray) -> Self:  # noqa: N803 - scikit-learn's name
        """Find the weight of each centre for each label.

        Args:
            X: Shape (rows, features).
            y: Which labels each row has, shape (rows, labels).
        """
        features = np.asarray(X, dtype=np.float32)
        target = np.asarray(y, dtype=np.float32)
        self.share_ = target.mean(axis=0)
        target = target - self.share_
        if len(features) <= self.exact_rows:
            self.centres_ = features
            left, right = self._kernel(features), target
            left[np.diag_indices_from(left)] += self.penalty
        else:
            drawn = sample_rows(len(features), self.random_state or 0, self.landmarks)
            self.centres_ = features[drawn]
            left = self.penalty * self._kernel(self.centres_)
            right = np.zeros((len(drawn), target.shape[1]), dtype=np.float32)
            for start in range(0, len(features), self.chunk):
                part = self._kernel(features[start : start + self.chunk])
                left += part.T @ part
                right += part.T @ target[start : start + self.chunk]
        left[np.diag_indices_from(left)] += JITTER * float(left.diagonal().mean())
        self.weights_ = cho_solve(cho_factor(left, lower=True, overwrite_a=True), right)
        return self

    def predict_proba(self, X: Any) -> FloatArray:  # noqa: N803
        """Probability of each label, shape (rows, labels)."""
        features = np.asarray(X, dtype=np.float32)
        found = np.empty((len(features), len(self.share_)), dtype=np.float64)
        for start in range(0, len(features), self.chunk):
            rows = slice(start, start + self.chunk)
            found[rows] = self._kernel(features[rows]) @ self.weights_ + self.share_
        return np.clip(found, 0.0, 1.0)

    def _kernel(self, features: Any) -> Any:
        return rbf_kernel(features, self.centres_, gamma=self.width / features.shape[1])

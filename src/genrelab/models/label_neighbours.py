"""Nearest neighbours with several labels per row.

Scikit-learn's classifier counts the votes of one label after the other; here all labels are one sum.

Conventions: targets are 0 or 1, shape (rows, labels). A label's probability is the share of the votes for it, so no
label is more probable than one that all its rows have too.
"""

from typing import Any, Self

import numpy as np
import numpy.typing as npt
from sklearn.base import BaseEstimator
from sklearn.neighbors import NearestNeighbors

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


class NeighboursOfLabels(BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """The labels of the nearest training rows, weighted.

    Args:
        n_neighbors: Neighbours; all training rows where there are fewer.
        metric: Any of scikit-learn's for a search by brute force.
        power: A neighbour weighs 1 / distance to this power; 0 for equal votes. A row at distance 0 is followed alone.
        n_jobs: Processor cores.
    """

    def __init__(
        self, n_neighbors: int = 50, metric: str = "cosine", power: float = 1.0, n_jobs: int | None = None
    ) -> None:
        self.n_neighbors = n_neighbors
        self.metric = metric
        self.power = power
        self.n_jobs = n_jobs

    def fit(self, X: Any, y: IntArray) -> Self:  # noqa: N803 - scikit-learn's name
        """Remember the rows.

        Args:
            X: Shape (rows, features).
            y: Which labels each row has, shape (rows, labels).
        """
        features = np.asarray(X, dtype=np.float32)
        self.target_ = np.asarray(y, dtype=np.bool_)
        self.nearest_ = NearestNeighbors(
            n_neighbors=min(self.n_neighbors, len(features)),
            algorithm="brute",
            metric=self.metric,
            n_jobs=self.n_jobs,
        ).fit(features)
        return self

    def predict_proba(self, X: Any) -> FloatArray:  # noqa: N803
        """Share of the votes for each label, shape (rows, labels)."""
        distances, neighbours = self.nearest_.kneighbors(np.asarray(X, dtype=np.float32))
        least = 1e-6  # below it 32 bits do not tell rows apart
        weights = np.maximum(distances.astype(np.float64), least) ** -self.power
        weights /= weights.sum(axis=1, keepdims=True)
        found = np.zeros((len(neighbours), self.target_.shape[1]))
        for of_rank, weight in zip(neighbours.T, weights.T, strict=True):
            found += self.target_[of_rank] * weight[:, None]
        return found

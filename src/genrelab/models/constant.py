"""Estimators that give every row the same answer, where scikit-learn has none: what every model has to beat."""

from typing import Any, Self

import numpy as np
import numpy.typing as npt
from sklearn.base import BaseEstimator

from genrelab.evaluation.geography import central_place

FloatArray = npt.NDArray[np.float64]


class MostFrequentLabels(BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """Names the same labels for every row: those of most training rows.

    Args:
        k: How many labels.
    """

    def __init__(self, k: int = 3) -> None:
        self.k = k

    def fit(self, _features: Any, target: npt.NDArray[np.int64]) -> Self:
        """Find the labels.

        Args:
            _features: Not looked at.
            target: Which labels each row has, shape (rows, labels).
        """
        order = np.argsort(-target.sum(axis=0), kind="stable")
        self.named_ = np.isin(np.arange(target.shape[1]), order[: self.k]).astype(np.float64)
        return self

    def predict_proba(self, features: Any) -> FloatArray:
        """1 for the labels that are named, 0 for the others, shape (rows, labels)."""
        return np.tile(self.named_, (len(features), 1))


class CentralPlace(BaseEstimator):  # type: ignore[misc]
    """Puts every row at the place of the training rows from which they all are least far away on average."""

    def fit(self, _features: Any, target: FloatArray) -> Self:
        """Find the place.

        Args:
            _features: Not looked at.
            target: Latitude and longitude in degrees, shape (rows, 2).
        """
        self.place_ = central_place(target)[0]
        return self

    def predict(self, features: Any) -> FloatArray:
        """Latitude and longitude, shape (rows, 2)."""
        return np.tile(self.place_, (len(features), 1))

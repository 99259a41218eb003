"""A chain of classifiers: each label's classifier is also told the labels before it.

Source: Read, Pfahringer, Holmes and Frank, "Classifier Chains for Multi-label Classification", 2009. The order is that
of frequency: a genre comes after its parent, which is at least as frequent.

Conventions: targets are 0 or 1, shape (rows, labels).
"""

from typing import Any, Self

import numpy as np
import numpy.typing as npt
from sklearn.base import BaseEstimator, clone
from sklearn.multioutput import ClassifierChain

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


class ChainOfLabels(BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """A chain in the order of frequency; a label is told the probabilities of those before it.

    Args:
        estimator: A classifier of one label.
    """

    def __init__(self, estimator: Any) -> None:
        self.estimator = estimator

    def fit(self, X: Any, y: IntArray) -> Self:  # noqa: N803 - scikit-learn's name
        """Fit the classifiers in order; a label that all rows have, or none, needs none.

        Args:
            X: Shape (rows, features).
            y: Which labels each row has, shape (rows, labels).
        """
        target = np.asarray(y, dtype=np.int64)
        self.shares_ = target.mean(axis=0)
        self.varies_ = (self.shares_ > 0) & (self.shares_ < 1)
        self.chain_ = None
        if self.varies_.any():
            order = np.argsort(-self.shares_[self.varies_], kind="stable").tolist()
            chain = ClassifierChain(clone(self.estimator), order=order, chain_method="predict_proba")
            self.chain_ = chain.fit(np.asarray(X), target[:, self.varies_])
        return self

    def predict_proba(self, X: Any) -> FloatArray:  # noqa: N803
        """Probability of each label, shape (rows, labels)."""
        features = np.asarray(X)
        found = np.tile(self.shares_, (len(features), 1))
        if self.chain_ is not None:
            found[:, self.varies_] = self.chain_.predict_proba(features)
        return found

"""A support vector machine with probabilities for many classes, by pairwise coupling.

libsvm fits one machine per pair of classes. Each decision value becomes the probability of one class against
the other by a logistic curve; the pairs are then coupled into one distribution per track by the second method
of Wu, Lin and Weng, "Probability Estimates for Multi-class Classification by Pairwise Coupling", JMLR 5, 2004.
scikit-learn's own `SVC(probability=True)` did the same with curves fitted by five more fits, and is deprecated.
"""

from typing import Self

import numpy as np
import numpy.typing as npt
from scipy.special import expit
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.svm import SVC

FloatArray = npt.NDArray[np.float64]


class PairwiseSVM(ClassifierMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """RBF support vector machines, one per pair of classes, coupled into probabilities.

    Args:
        C: Cost of a row on the wrong side of its margin.
        gamma: Of the RBF kernel, as scikit-learn takes it.
        slope: Steepness of the logistic curve over decision values; at the margin the likelier class of a pair
            has probability 1 / (1 + exp(-slope)).
    """

    def __init__(self, C: float = 5.0, gamma: str | float = "scale", slope: float = 3.0) -> None:  # noqa: N803 - scikit-learn's name
        self.C, self.gamma, self.slope = C, gamma, slope

    def fit(self, features: FloatArray, target: npt.NDArray[np.generic]) -> Self:
        """Fit every pair.

        Args:
            features: Shape (rows, features).
            target: Shape (rows,).
        """
        self.machine_ = SVC(C=self.C, gamma=self.gamma, decision_function_shape="ovo").fit(features, target)
        self.classes_ = self.machine_.classes_
        return self

    def predict_proba(self, features: FloatArray) -> FloatArray:
        """Probability of each class, shape (rows, classes)."""
        decision = self.machine_.decision_function(features)
        classes = len(self.classes_)
        if decision.ndim == 1:  # two classes: scikit-learn gives the second's side
            second = expit(self.slope * decision)
            return np.column_stack([1 - second, second])
        pairs = np.full((len(features), classes, classes), 0.5)
        first, second = np.triu_indices(classes, 1)
        pairs[:, first, second] = expit(self.slope * decision)
        pairs[:, second, first] = 1 - pairs[:, first, second]
        return couple(pairs)

    def predict(self, features: FloatArray) -> npt.NDArray[np.generic]:
        """The likeliest class of each row."""
        return np.asarray(self.classes_[self.predict_proba(features).argmax(axis=1)])


def couple(pairs: FloatArray) -> FloatArray:
    """The distribution that fits all pairs best.

    Minimises the sum over pairs of (r_ji p_i - r_ij p_j)^2 under sum p = 1, a linear system per row (formula 21
    of the paper).

    Args:
        pairs: r_ij, the probability of class i where it is i or j, shape (rows, classes, classes).

    Returns:
        Probabilities, shape (rows, classes).
    """
    rows, classes, _ = pairs.shape
    diagonal = np.arange(classes)
    others = pairs.copy()
    others[:, diagonal, diagonal] = 0
    system = np.zeros((rows, classes + 1, classes + 1))
    system[:, :classes, :classes] = -np.swapaxes(pairs, 1, 2) * pairs
    system[:, diagonal, diagonal] = (others**2).sum(axis=1)
    system[:, :classes, classes] = system[:, classes, :classes] = 1
    right = np.zeros((rows, classes + 1, 1))
    right[:, classes] = 1
    found = np.linalg.solve(system, right)[:, :classes, 0].clip(min=0)
    return np.asarray(found / found.sum(axis=1, keepdims=True))

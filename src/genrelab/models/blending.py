"""Probabilities made from other probabilities: blends of models, in stored ones rescaled by the priors.

A classifier that maximises accuracy answers rare genres too seldom. Dividing its probabilities by a power of
the genres' shares in training and normalising again (Saerens, Latinne and Decaestecker, "Adjusting the
Outputs of a Classifier to New a Priori Probabilities", Neural Computation 2002, with the exponent as a
degree) gives rare genres back what macro F1 asks for; the exponent is chosen on validation rows.

Conventions: arrays of probabilities have shape (rows, labels). Which models are blended does not belong here
but in `genrelab.models.zoo.ensembles`.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Self

import numpy as np
import numpy.typing as npt
from sklearn.base import BaseEstimator, ClassifierMixin, clone

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


def blended(probabilities: Sequence[FloatArray], weights: Sequence[float]) -> FloatArray:
    """Weighted mean of several models' probabilities of the same rows."""
    return np.asarray(np.average(np.stack(probabilities), axis=0, weights=np.asarray(weights)))


def rescaled(
    probabilities: FloatArray, priors: FloatArray, *, sharpness: float = 1.0, prior_power: float = 0.0
) -> FloatArray:
    """Probabilities to the power of `sharpness`, divided by the priors to the power of `prior_power`.

    Args:
        probabilities: Shape (rows, labels).
        priors: Share of each label in the training rows; a label of share 0 keeps its probability of 0.
        sharpness: Above 0; 1 changes nothing.
        prior_power: 0 changes nothing.
    """
    weights = np.zeros_like(priors)
    np.power(priors, -prior_power, out=weights, where=priors > 0)
    # the least positive number keeps a row of zeros from being divided by 0
    scaled = np.maximum(probabilities, np.finfo(np.float64).tiny) ** sharpness * weights
    return np.asarray(scaled / scaled.sum(axis=1, keepdims=True))


class Blend(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Soft voting of several estimators: the estimator of a `Recipe`.

    Args:
        estimators: Unfitted estimators by name.
        weights: Weight of each.
        sharpness: See `rescaled`. Older stored models have one; recipes leave it at 1, since calibration
            decides how sure a model is.
        prior_power: See `rescaled`. Recipes leave it at 0, since a decision names rare genres.
    """

    def __init__(
        self,
        estimators: Mapping[str, Any],
        weights: Mapping[str, float],
        sharpness: float = 1.0,
        prior_power: float = 0.0,
    ) -> None:
        self.estimators = estimators
        self.weights = weights
        self.sharpness = sharpness
        self.prior_power = prior_power

    def fit(self, X: Any, y: IntArray) -> Self:  # noqa: N803 - scikit-learn's name
        """Fit every part on the same rows."""
        self.classes_, counts = np.unique(y, return_counts=True)
        self.priors_ = counts / counts.sum()
        self.fitted_ = {name: clone(each).fit(X, y) for name, each in self.estimators.items()}
        if hasattr(X, "columns"):
            self.feature_names_in_ = np.asarray(X.columns, dtype=object)
        return self

    def predict_proba(self, X: Any) -> FloatArray:  # noqa: N803
        """Probability of each class."""
        mean = blended(
            [each.predict_proba(X) for each in self.fitted_.values()],
            [self.weights[name] for name in self.fitted_],
        )
        if (self.sharpness, self.prior_power) == (1.0, 0.0):
            return mean
        return rescaled(mean, self.priors_, sharpness=self.sharpness, prior_power=self.prior_power)

    def predict(self, X: Any) -> IntArray:  # noqa: N803
        """The likeliest class."""
        return np.asarray(self.classes_[self.predict_proba(X).argmax(axis=1)])

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """Own parameters and, when deep, those of the parts as `<part>__<parameter>`."""
        own = dict(super().get_params(deep=False))
        if deep:
            for name, each in self.estimators.items():
                own |= {f"{name}__{key}": value for key, value in each.get_params(deep=True).items()}
        return own

"""What turns a model's probabilities into published ones, and a published probability into a named genre.

Conventions
    - Arrays of probabilities have shape (rows, labels) and sum to 1 in each row. 0 counts as `SMALLEST`, so that every
      function is defined for probabilities of 0 and 1.
    - Calibration changes how sure a model is, and by one exponent for all labels never which label is most probable.
    - The decision changes which genre is named, never a probability. "Most accurate" names the most probable genre.
      "Fair to rare genres" divides the probabilities by a power of the genres' shares of the training rows first
      (Saerens, Latinne and Decaestecker, "Adjusting the Outputs of a Classifier to New a Priori Probabilities", Neural
      Computation 2002, with the exponent as a degree).

On which rows the numbers are chosen does not belong here but in `genrelab.models.out_of_fold`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize_scalar

from genrelab.evaluation.scores import SMALLEST
from genrelab.runtime.choices import MOST_ACCURATE, GenreDecision

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

TEMPERATURES = (0.05, 20.0)
"""Exponents that are tried; a model outside is of no use with any."""


@dataclass(frozen=True)
class Calibration:
    """What turns a model's probabilities into published ones; fitted on out-of-fold probabilities of the train part.

    Args:
        temperature: Exponent of the probabilities that minimises their log loss: the reciprocal of the temperature of
            Guo et al., "On Calibration of Modern Neural Networks", ICML 2017. Below 1 makes them less sure.
        artist_temperature: The same for means over an artist's tracks.
        fair_power: Power of the shares that the decision "fair to rare genres" divides by.
        priors: Share of each label in the training rows; a label that is not named here has none.
    """

    temperature: float
    artist_temperature: float
    fair_power: float
    priors: Mapping[str, float]


def calibrated(proba: FloatArray, calibration: Calibration | None) -> FloatArray:
    """Published probabilities of a model; its own where it has no calibration.

    >>> half = Calibration(0.5, 1.0, 0.0, {})
    >>> calibrated(np.array([[0.8, 0.2]]), half).round(3).tolist()
    [[0.667, 0.333]]
    """
    return proba if calibration is None else powered(proba, calibration.temperature)


def powered(proba: FloatArray, exponent: float) -> FloatArray:
    """Probabilities raised to an exponent and brought to a sum of 1 again."""
    logs = exponent * np.log(np.clip(proba, SMALLEST, 1.0))
    raised = np.exp(logs - logs.max(axis=1, keepdims=True, initial=-np.inf))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True))


def weighed(
    proba: FloatArray, calibration: Calibration | None, labels: Sequence[str], decision: GenreDecision
) -> FloatArray:
    """What a decision orders the labels by, shape (rows, labels): the largest is named, the next one is second.

    Args:
        proba: Published probabilities.
        calibration: Of the model; without one every decision is that of the most probable label.
        labels: The labels, in the order of the columns.
        decision: How a genre is named.
    """
    if calibration is None or decision == MOST_ACCURATE:
        return proba
    shares = np.array([calibration.priors.get(label, 0.0) for label in labels])
    return proba * prior_weights(shares, calibration.fair_power)


def named(
    proba: FloatArray, calibration: Calibration | None, labels: Sequence[str], decision: GenreDecision
) -> IntArray:
    """Number of the label that a decision names in each row, shape (rows,); of equal ones the first.

    >>> fair = Calibration(1.0, 1.0, 1.0, {"pop": 0.8, "folk": 0.2})
    >>> named(np.array([[0.7, 0.3]]), fair, ["pop", "folk"], "fair").tolist()
    [1]
    """
    return np.asarray(weighed(proba, calibration, labels, decision).argmax(axis=1), dtype=np.int64)


def prior_weights(shares: FloatArray, power: float) -> FloatArray:
    """What the decision "fair" multiplies each label by: its share to the power of minus `power`; 0 without a share."""
    weights = np.zeros_like(shares)
    np.power(shares, -power, out=weights, where=shares > 0)
    return weights


def find_temperature(proba: FloatArray, truth: IntArray) -> float:
    """The exponent of the least log loss.

    Args:
        proba: Out-of-fold probabilities.
        truth: Number of the true label of each row, shape (rows,); without a row the exponent is 1.
    """
    if not len(truth):
        return 1.0
    logs = np.log(np.clip(proba, SMALLEST, 1.0))
    own = logs[np.arange(len(truth)), truth]

    def loss(log_exponent: float) -> float:
        scaled = np.exp(log_exponent) * logs
        top = scaled.max(axis=1)
        total = top + np.log(np.exp(scaled - top[:, None]).sum(axis=1))
        return float(np.mean(total - np.exp(log_exponent) * own))

    found: Any = minimize_scalar(loss, bounds=tuple(np.log(TEMPERATURES)), method="bounded")
    return float(np.exp(found.x))

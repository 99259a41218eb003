"""What a model publishes, chosen on out-of-fold predictions of the training rows, and what it is worth there.

Conventions
    - One label: a calibration of the probabilities, judged by log loss. Several labels: thresholds, judged by Jaccard.
    - Losses are those of single rows, in the unit of the score; less is better.
    - Predictions are out of fold: no fit has seen the artist of the row that it predicts.

Which rows these are belongs in `genrelab.models.out_of_fold`; which model challenges, in `genrelab.models.candidates`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from genrelab.evaluation import label_sets
from genrelab.evaluation.judged import ValidationTarget
from genrelab.evaluation.prior_shift import out_of_fold_means
from genrelab.evaluation.results import ThresholdPoint, Thresholds
from genrelab.evaluation.sampling import Groups
from genrelab.evaluation.scores import accuracy, count, macro_f1
from genrelab.evaluation.thresholds import CURVE, choose_thresholds, curve, named
from genrelab.models import calibration
from genrelab.models.calibration import (
    Calibration,
    calibrated,
    find_artist_temperature,
    find_fair_power,
    find_smoothing,
    losses,
)
from genrelab.runtime.choices import FAIR

FloatArray = npt.NDArray[np.float64]

Published = Calibration | Thresholds
"""What stands between a model's predictions and published ones."""


@dataclass(frozen=True)
class OnFolds:
    """A model on the folds.

    Args:
        published_by: What its published predictions are made by.
        losses: Loss of each judged row with it, shape (rows,).
        numbers: What else a run says of it, by metric name without `cv/`.
        curve: Jaccard by threshold; none for one label.
    """

    published_by: Published
    losses: FloatArray
    numbers: Mapping[str, float]
    curve: tuple[ThresholdPoint, ...] = ()

    @property
    def scores(self) -> dict[str, float]:
        """Jaccard and the numbers of the thresholds, for a model of several labels."""
        return {"jaccard": 1 - float(self.losses.mean()), **self.numbers}


def calibrate(proba: FloatArray, target: npt.NDArray[Any], labels: Sequence[str], artists: Groups) -> OnFolds:
    """Calibrate a model of one label and measure what is left.

    Args:
        proba: Out-of-fold probabilities, shape (rows, labels).
        target: Label of each row, which the folds know.
        labels: The labels, sorted.
        artists: Artist of each row.
    """
    truth = np.searchsorted(np.asarray(labels), target)
    shares = np.bincount(truth, minlength=len(labels)) / max(len(truth), 1)
    temperature, smoothing = find_smoothing(proba, truth)
    priors = dict(zip(labels, shares.tolist(), strict=True))
    first = Calibration(temperature, 1.0, 0.0, priors, smoothing)
    published = calibrated(proba, first)
    found = replace(
        first,
        out_of_fold=out_of_fold_means(published, artists, labels),
        artist_temperature=find_artist_temperature(published, artists, truth),
        fair_power=find_fair_power(published, truth, shares),
    )
    fair = np.eye(len(labels))[calibration.named(published, found, labels, FAIR)]
    plain, fairer = (count(target, one, labels) for one in (published, fair))
    return OnFolds(
        found,
        losses(published, truth),
        {
            "temperature": temperature,
            "smoothing": smoothing,
            "fair_power": found.fair_power,
            "fair_accuracy_cost": float(accuracy(plain) - accuracy(fairer)),
            "fair_macro_f1_gain": float(macro_f1(fairer) - macro_f1(plain)),
        },
    )


def set_thresholds(
    predicted: FloatArray,
    truth: npt.NDArray[np.bool_],
    labels: Sequence[Any],
    artists: Groups,
    minimum_support: int,
) -> OnFolds:
    """Choose the thresholds of a model of several labels, and judge what it then names.

    Args:
        predicted: Out-of-fold probabilities, shape (rows, labels); of a label of one artist alone always 0, since no
            fold was fitted on it: it takes the common threshold and never counts for another one.
        truth: Which labels each row has, same shape.
        labels: The labels.
        artists: Artist of each row.
        minimum_support: Artists that a label needs for a threshold of its own.
    """
    found = choose_thresholds(truth, predicted, labels, artists, minimum_support=minimum_support)
    judged = ValidationTarget(truth, predicted, named(predicted, labels, found))
    return OnFolds(
        found,
        1 - label_sets.jaccard(judged),
        numbers_of(found),
        tuple(
            ThresholdPoint(threshold, float(value))
            for threshold, value in zip(CURVE, curve(truth, predicted, found.at_least), strict=True)
        ),
    )


def most_frequent(truth: npt.NDArray[np.bool_], most: int | None = None) -> npt.NDArray[np.bool_]:
    """The best answer that is the same for every row: the most frequent labels, shape (labels,).

    Args:
        truth: Which labels each row has, shape (rows, labels). As many labels are named as have the highest mean
            Jaccard on these rows; of equal ones the fewest, and of equally frequent labels the first.
        most: Labels that are named at most; None for no limit.

    >>> most_frequent(np.array([[True, True, False], [True, False, False], [True, False, True]])).tolist()
    [True, False, False]
    """
    order = np.argsort(-truth.sum(axis=0), kind="stable")[:most]
    hits = truth[:, order].cumsum(axis=1)
    count_of = np.arange(1, len(order) + 1)
    means = (hits / (truth.sum(axis=1, keepdims=True) + count_of - hits)).mean(axis=0)
    return np.isin(np.arange(truth.shape[1]), order[: means.argmax() + 1])


def numbers_of(found: Thresholds) -> dict[str, float]:
    """What a run says of thresholds."""
    return {
        "threshold": found.overall,
        "own_thresholds": float(len(found.by_label)),
        "at_least": float(found.at_least),
    }

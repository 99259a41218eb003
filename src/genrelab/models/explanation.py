"""What a fitted model says about the features, and how far it tells the genres apart.

Conventions: importances are permutation importances (Breiman, "Random Forests", 2001; on rows the model was
not fitted on): the loss of accuracy when a feature's values are shuffled among the rows, so that models of
every kind can be compared. Coefficients belong to standardised features. How well a model predicts does not
belong here.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from genrelab.evaluation.results import Density, Importance
from genrelab.models.declaration import Estimator

FloatArray = npt.NDArray[np.float64]

CELLS = 22_000
"""Rows times features that a model predicts for its importances; 2,000 rows of eleven features."""

DENSITY_BINS = 20


def permutation_importances(
    predict_proba: Callable[[pd.DataFrame], FloatArray],
    features: pd.DataFrame,
    y_true: npt.NDArray[np.str_],
    labels: Sequence[str],
    seed: int,
) -> tuple[Importance, ...]:
    """Loss of accuracy by feature, largest first.

    Args:
        predict_proba: Gives probabilities of shape (rows, labels).
        features: Rows the model was not fitted on; at most `CELLS` / features of them are used.
        y_true: Their labels.
        labels: The labels, in the order of the columns of the probabilities.
        seed: Seed of sample and shuffling.
    """
    generator = np.random.default_rng(seed)
    names = list(features.columns)
    size = min(len(features), max(CELLS // len(names), 100))
    # from the same generator as the shuffling, whose numbers would otherwise change
    rows = np.sort(generator.choice(len(features), size, replace=False))
    sample, truth = features.iloc[rows].reset_index(drop=True), y_true[rows]
    shuffled = []
    for name in names:
        changed = sample.copy()
        changed[name] = sample[name].to_numpy()[generator.permutation(size)]
        shuffled.append(changed)
    answers = predict_proba(pd.concat([sample, *shuffled], ignore_index=True)).argmax(axis=1)
    right = (np.asarray(labels)[answers].reshape(len(names) + 1, size) == truth).mean(axis=1)
    lost = right[0] - right[1:]
    order = np.argsort(-lost, kind="stable")
    return tuple(Importance(names[number], float(lost[number]), size, len(features)) for number in order)


def coefficients(
    estimator: Estimator, features: Sequence[str], labels: Sequence[str]
) -> dict[str, dict[str, float]]:
    """Coefficient of each feature for each label of a linear model; empty for any other.

    With two labels scikit-learn keeps one row, which speaks for the second.
    """
    rows = _coefficient_rows(estimator)
    if rows is None or rows.shape[1] != len(features):
        return {}
    named = labels if len(rows) == len(labels) else labels[-1:]
    return {
        label: {feature: float(value) for feature, value in zip(features, row, strict=True)}
        for label, row in zip(named, rows, strict=True)
    }


def _coefficient_rows(estimator: Estimator) -> FloatArray | None:
    last: Any = estimator.calibrated_classifiers_[0].estimator if _is_calibrated(estimator) else estimator
    last = last.steps[-1][1] if hasattr(last, "steps") else last
    if hasattr(last, "estimators_") and hasattr(last, "label_binarizer_"):  # one-vs-rest
        if not all(hasattr(each, "coef_") for each in last.estimators_):
            return None
        return np.concatenate([np.asarray(each.coef_, dtype=np.float64) for each in last.estimators_])
    # an SVM with a kernel has the attribute and raises when asked for it
    kernel = getattr(last, "kernel", "linear")
    return np.asarray(last.coef_, dtype=np.float64) if kernel == "linear" and hasattr(last, "coef_") else None


def _is_calibrated(estimator: Estimator) -> bool:
    return hasattr(estimator, "calibrated_classifiers_")


def densities(y_true: npt.NDArray[np.str_], proba: FloatArray, labels: Sequence[str]) -> dict[str, Density]:
    """How the probability given to a genre is spread among its own tracks and among all others.

    Returns:
        By genre, shares of these tracks in `DENSITY_BINS` equal bins of probability. A genre without tracks among the
        rows is left out.
    """
    edges = np.linspace(0, 1, DENSITY_BINS + 1)
    found = {}
    for column, label in enumerate(labels):
        own = y_true == label
        if own.any() and not own.all():
            shares = [np.histogram(proba[rows, column], edges)[0] / rows.sum() for rows in (own, ~own)]
            found[label] = Density(*(tuple(each.tolist()) for each in shares))
    return found

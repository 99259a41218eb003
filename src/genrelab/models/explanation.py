"""What a fitted model says about the features.

Conventions: importances are as the estimator defines them (`Model.importance` says which kind) and are
sorted, largest first; coefficients belong to standardised features. How well a model predicts does not belong
here.
"""

from collections.abc import Sequence

import numpy as np

from genrelab.models.declaration import Estimator


def importances(estimator: Estimator, features: Sequence[str]) -> list[dict[str, float | str]]:
    """Importance of each feature, largest first; empty for a model that has none."""
    last = estimator.steps[-1][1] if hasattr(estimator, "steps") else estimator
    if hasattr(last, "feature_importances_"):
        values = np.asarray(last.feature_importances_, dtype=np.float64)
    elif hasattr(last, "coef_"):
        values = np.abs(np.asarray(last.coef_, dtype=np.float64)).mean(axis=0)
    else:
        return []
    order = np.argsort(-values, kind="stable")
    return [{"feature": features[number], "value": float(values[number])} for number in order]


def coefficients(
    estimator: Estimator, features: Sequence[str], labels: Sequence[str]
) -> dict[str, dict[str, float]]:
    """Coefficient of each feature for each label of a linear model; empty for any other.

    With two labels scikit-learn keeps one row, which speaks for the second.
    """
    last = estimator.steps[-1][1] if hasattr(estimator, "steps") else estimator
    if not hasattr(last, "coef_"):
        return {}
    rows = np.asarray(last.coef_, dtype=np.float64)
    named = labels if len(rows) == len(labels) else labels[-1:]
    return {
        label: {feature: float(value) for feature, value in zip(features, row, strict=True)}
        for label, row in zip(named, rows, strict=True)
    }

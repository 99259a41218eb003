"""Scores of a place per row.

Conventions: truth and predictions are latitude and longitude in degrees, shape (rows, 2); errors are great-circle
distances in km.
"""

import numpy as np

from genrelab.evaluation.geography import great_circle_km
from genrelab.evaluation.judged import FloatArray, OfWeights, Score, ValidationTarget, mean_of


def error_km(judged: ValidationTarget) -> FloatArray:
    """Distance of the predicted place from the true one, for each row."""
    return great_circle_km(judged.predicted, judged.truth)


def median_km(judged: ValidationTarget) -> OfWeights:
    """The distance within which half of the rows lie, the lower one where two share the middle."""
    errors = error_km(judged)
    order = np.argsort(errors)

    def of(weights: FloatArray) -> FloatArray:
        reached = np.cumsum(weights[..., order], axis=-1)
        return np.asarray(errors[order][(reached >= reached[..., -1:] / 2).argmax(axis=-1)])

    return of


SCORES = {
    "great_circle_km": Score(mean_of(error_km), is_loss=True),
    "great_circle_km_median": Score(median_km, is_loss=True),
}
"""Every score by its metric name."""

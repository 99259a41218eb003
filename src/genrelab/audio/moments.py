"""The seven statistics of FMA's features over the frames of a file.

Conventions: values have the shape (coefficients, frames). A coefficient that is the same in every frame has skewness 0
and kurtosis -3, as in SciPy 0.19, with which FMA's features were computed; newer versions answer NaN.

What the features are does not belong here.
"""

import numpy as np
from numpy.typing import NDArray

from genrelab.tables.fma import MOMENTS, feature_name

FloatArray = NDArray[np.floating]


def moments(values: FloatArray) -> dict[str, FloatArray]:
    """Return each statistic, one number per coefficient; skewness and excess kurtosis are the biased ones.

    Args:
        values: Shape (coefficients, frames).
    """
    values = values.astype(np.float64)  # the fourth power of small values underflows in 32 bits
    mean = values.mean(axis=1)
    squares = (values - mean[:, None]) ** 2
    variance = squares.mean(axis=1)
    lowest, highest = values.min(axis=1), values.max(axis=1)
    is_constant = lowest == highest  # the variance is no help: rounding moves the mean
    safe = np.where(is_constant, 1, variance)
    third = ((values - mean[:, None]) * squares).mean(axis=1)
    fourth = (squares * squares).mean(axis=1)
    return {
        "kurtosis": np.where(is_constant, 0, fourth / safe**2) - 3,
        "max": highest,
        "mean": mean,
        "median": np.median(values, axis=1),
        "min": lowest,
        "skew": np.where(is_constant, 0, third / safe**1.5),
        "std": np.sqrt(variance),
    }


def named_moments(feature: str, values: FloatArray, wanted: tuple[str, ...] = MOMENTS) -> dict[str, float]:
    """Return the wanted statistics of a feature by the names of their columns.

    Args:
        feature: Name of the feature, e.g. `mfcc`.
        values: Shape (coefficients, frames).
        wanted: Which statistics.
    """
    found = moments(values)
    return {
        feature_name(feature, moment, number): float(value)
        for moment in wanted
        for number, value in enumerate(found[moment], 1)
    }

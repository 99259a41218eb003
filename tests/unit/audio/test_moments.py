"""The seven statistics equal SciPy's, and are finite for constants."""

import numpy as np
import pytest
from scipy import stats

from genrelab.audio.moments import moments, named_moments


@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_moments_equal_scipy(kind):
    """Skewness and kurtosis are the biased ones, the deviation that of the population."""

    values = np.random.default_rng(1).gamma(2, size=(3, 500)).astype(kind)
    found = moments(values)
    np.testing.assert_allclose(found["skew"], stats.skew(values, axis=1), rtol=1e-4)
    np.testing.assert_allclose(found["kurtosis"], stats.kurtosis(values, axis=1), rtol=1e-4)
    np.testing.assert_allclose(found["std"], values.std(axis=1), rtol=1e-5)
    np.testing.assert_array_equal(found["median"], np.median(values, axis=1))
    np.testing.assert_array_equal(found["max"], values.max(axis=1))


def test_a_constant_has_finite_moments():
    """A coefficient that never changes has skewness 0 and kurtosis -3, even if rounding moves its mean."""

    found = moments(np.array([[0.1] * 1001, [0.0] * 1001], np.float32))
    assert found["skew"].tolist() == [0, 0]
    assert found["kurtosis"].tolist() == [-3, -3]


def test_moments_are_named_as_columns():
    """Only the wanted statistics are returned, numbered from 01."""

    assert named_moments("mfcc", np.array([[1.0, 3.0], [5.0, 5.0]]), ("mean", "max")) == {
        "mfcc_mean_01": 2.0,
        "mfcc_mean_02": 5.0,
        "mfcc_max_01": 3.0,
        "mfcc_max_02": 5.0,
    }

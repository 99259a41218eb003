"""The faster quantile transformation has the numbers of scikit-learn."""

import copy

import numpy as np
from sklearn.calibration import CalibratedClassifierCV
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import QuantileTransformer

from genrelab.serving.quantiles import RowQuantiles, transform_rows_faster


def test_values_inside_at_and_beyond_the_training_rows_are_transformed_alike():
    """Also in a feature with repeated values."""

    generator = np.random.default_rng(1)
    rows = np.column_stack([generator.normal(size=500), generator.integers(0, 4, 500)])
    fitted = QuantileTransformer(n_quantiles=100, output_distribution="normal").fit(rows)
    asked = np.concatenate([rows, rows.min(axis=0) + np.array([[0, 0], [-1, -1], [1e-8, 0.5]]), [[9, 9]]])
    expected = fitted.transform(asked)

    transform_rows_faster(fitted)

    assert isinstance(fitted, RowQuantiles)
    assert np.abs(fitted.transform(asked) - expected).max() < 1e-12


def test_transformers_inside_other_estimators_are_found():
    """In a calibrated pipeline inside another; one to a uniform distribution stays as it is."""

    generator = np.random.default_rng(2)
    rows, target = generator.normal(size=(60, 2)), np.arange(60) % 2
    normal = QuantileTransformer(n_quantiles=20, output_distribution="normal")
    uniform = QuantileTransformer(n_quantiles=20)
    machine = CalibratedClassifierCV(make_pipeline(normal, LogisticRegression()), ensemble=False)
    fitted = make_pipeline(uniform, machine).fit(rows, target)
    faster = copy.deepcopy(fitted)

    transform_rows_faster(faster)

    assert [type(faster[0]), type(faster[1].calibrated_classifiers_[0].estimator[0])] == [
        QuantileTransformer,
        RowQuantiles,
    ]
    assert np.abs(faster.predict_proba(rows) - fitted.predict_proba(rows)).max() < 1e-12

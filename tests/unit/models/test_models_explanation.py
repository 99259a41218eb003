"""What models say about features and genres."""

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from genrelab.models.derived import DerivedFeatures, derive
from genrelab.models.explanation import coefficients, densities, permutation_importances

LABELS = ("a", "b")


def test_a_feature_that_decides_loses_all_and_one_that_does_not_loses_nothing():
    """The model reads the first of two features."""
    generator = np.random.default_rng(5)
    features = pd.DataFrame({"read": generator.normal(size=900), "idle": generator.normal(size=900)})
    truth = np.where(features["read"] > 0, "b", "a")

    def predict_proba(rows):
        sure = (rows["read"] > 0).to_numpy(float)
        return np.stack([1 - sure, sure], axis=1)

    found = permutation_importances(predict_proba, features, truth, LABELS, 1)

    assert [one.feature for one in found] == ["read", "idle"]
    assert found[0].value == pytest.approx(0.5, abs=0.06)
    assert found[1].value == 0


def test_importances_have_a_seed():
    """The same rows are shuffled the same way."""
    features = pd.DataFrame({"one": np.arange(50.0)})
    truth = np.array(["a", "b"] * 25)

    def predict_proba(rows):
        return np.stack([rows["one"] / 50, 1 - rows["one"] / 50], axis=1)

    one, two = (permutation_importances(predict_proba, features, truth, LABELS, 3) for _ in range(2))

    assert one == two


def test_densities_are_shares_of_own_and_other_tracks():
    """By hand: two own tracks at 0.9, two others at 0.1 and 0.4; a genre without tracks is left out."""
    proba = np.array([[0.9, 0.1, 0.0], [0.9, 0.1, 0.0], [0.1, 0.9, 0.0], [0.4, 0.6, 0.0]])

    found = densities(np.array(["a", "a", "b", "b"]), proba, ("a", "b", "c"))

    assert set(found) == {"a", "b"}
    assert found["a"].own[18] == 1
    assert (found["a"].others[2], found["a"].others[8]) == (0.5, 0.5)
    assert sum(found["b"].others) == pytest.approx(1)


def test_one_vs_rest_has_a_row_of_coefficients_for_each_genre():
    """As the multinomial form has."""
    generator = np.random.default_rng(0)
    features = pd.DataFrame(generator.normal(size=(90, 2)), columns=["x", "y"])
    codes = np.arange(90) % 3
    model = make_pipeline(StandardScaler(), OneVsRestClassifier(LogisticRegression())).fit(features, codes)

    found = coefficients(model, ["x", "y"], ["a", "b", "c"])

    own = model.steps[-1][1].estimators_[1].coef_[0]
    assert found["b"] == {"x": pytest.approx(own[0]), "y": pytest.approx(own[1])}


def test_derived_features_by_hand():
    """A tempo of 60 is one of 120; what loudness would give is left out where there is none."""
    row = pd.DataFrame([{"tempo": 60.25, "energy": 0.5, "valence": 0.7, "danceability": 0.4}])

    made = derive(row).iloc[0]

    assert made["folded_tempo"] == 120.5
    assert made["tempo_off_beat"] == 0.25
    assert made["valence_less_energy"] == pytest.approx(0.2)
    assert made["danceability_by_valence"] == pytest.approx(0.28)
    assert "loudness_for_energy" not in made
    assert list(derive(row).columns[:4]) == list(row.columns)


def test_derived_features_refuse_other_columns():
    """A champion of other columns is told so."""
    step = DerivedFeatures().fit(pd.DataFrame({"tempo": [1.0]}))

    with pytest.raises(ValueError, match=r"fitted on .*tempo.*, given .*energy"):
        step.transform(pd.DataFrame({"energy": [1.0]}))

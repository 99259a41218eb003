"""Storing models without pickle: each needs exactly the types it declares."""

import numpy as np
import pytest
import skops.io
from model_rows import spotify_binned

from genrelab.models.tasks import SPOTIFY_BINS_CLASSIC, prepare
from genrelab.models.zoo import MODELS, trusted_types


@pytest.fixture(scope="module")
def data():
    return prepare(SPOTIFY_BINS_CLASSIC, {"spotify_binned": spotify_binned()})


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
def test_a_stored_model_predicts_as_before_and_needs_just_its_declared_types(model, data):
    """Round trip through skops, trusting what the model declares and nothing else."""
    codes = np.unique(data.target, return_inverse=True)[1]
    estimator = model.build(24, 1, "quick").fit(data.features, codes)
    stored = skops.io.dumps(estimator)

    loaded = skops.io.loads(stored, trusted=list(trusted_types(model.name)))

    assert set(skops.io.get_untrusted_types(data=stored)) == set(trusted_types(model.name))
    assert loaded.predict_proba(data.features) == pytest.approx(
        estimator.predict_proba(data.features), abs=1e-9
    )

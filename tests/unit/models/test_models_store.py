"""Storing models without pickle: each needs exactly the types it declares."""

from dataclasses import replace

import numpy as np
import pytest
import skops.io
from model_rows import Quick, spotify_binned

from genrelab.models.data import prepare
from genrelab.models.declaration import limit_threads
from genrelab.models.estimation import unfitted
from genrelab.models.families import MULTILABEL
from genrelab.models.tasks import TASKS
from genrelab.models.zoo import MODELS

TITLES = TASKS["spotify-bins-classic-titles"]
OF_ONE_LABEL = [model for model in MODELS if MULTILABEL not in model.families]
"""The others are stored in test_models_several_labels.py."""


@pytest.fixture(scope="module")
def data():
    return prepare(TITLES, {"spotify_binned": spotify_binned(220)})


@pytest.mark.parametrize("model", OF_ONE_LABEL, ids=lambda model: model.name)
def test_a_stored_model_predicts_as_before_and_needs_just_its_declared_types(model, data):
    """Fit on a small frame, round trip through skops, trusting what the model declares and nothing else."""
    codes = np.unique(data.target, return_inverse=True)[1]
    features = data.features if model.reads_text else data.features[data.numbers]
    task = replace(TITLES, family=model.families[0])
    with limit_threads(1):
        estimator = unfitted(model, task, Quick(), {}).fit(features, codes)
    stored = skops.io.dumps(estimator)

    loaded = skops.io.loads(stored, trusted=list(model.trusted))

    assert set(skops.io.get_untrusted_types(data=stored)) == set(model.trusted)
    expected = estimator.predict_proba(features)
    assert expected.shape == (len(data), 4)
    assert expected.sum(axis=1) == pytest.approx(1)
    # guesses by chance are drawn anew at each call, from the seed
    assert loaded.predict_proba(features) == pytest.approx(expected, abs=1e-9)

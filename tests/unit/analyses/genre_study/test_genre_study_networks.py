"""Networks, the autoencoder's code, and the sigmoid applied twice."""

import numpy as np

from genrelab.analyses.genre_study.components import fit
from genrelab.analyses.genre_study.networks import (
    CODE,
    autoencoder,
    classifier,
    encode,
    outputs,
    sigmoid_twice,
)

TRUTH = np.array([[True, False], [False, True]])
ONCE = np.array([[0.9, 0.2], [0.1, 0.6]])


def test_a_network_learns_labels():
    """Two labels that two features tell."""
    rng = np.random.default_rng(2)
    features = rng.normal(size=(400, 2)).astype(np.float32)
    has = features > 0

    found = outputs(classifier(features, has, (16,), seed=1, epochs=60), features)

    assert found.shape == has.shape
    assert ((found >= 0.5) == has).mean() > 0.9


def test_the_code_is_the_middle_layer():
    """Its second half turns the code into what the whole network answers."""
    features = np.random.default_rng(2).normal(size=(60, 5)).astype(np.float32)
    network = autoencoder(features, seed=1, epochs=1)
    code = encode(network, features)
    assert code.shape == (60, CODE)

    values = code
    for weights, shift in zip(network.coefs_[4:-1], network.intercepts_[4:-1], strict=True):
        values = np.maximum(values @ weights + shift, 0)
    values = values @ network.coefs_[-1] + network.intercepts_[-1]

    assert np.allclose(values, network.predict(features), atol=1e-5)


def test_the_documents_rule_names_nothing():
    """No output of a second sigmoid is 1."""
    found = sigmoid_twice(TRUTH, ONCE, 0.3)
    rule = found.rules[0]

    assert (rule.sigmoids, rule.named, rule.jaccard) == (2, 0.0, 0.0)
    assert 0.5 <= found.twice[0] < found.twice[1] < 0.732


def test_half_as_threshold_of_a_second_sigmoid_names_everything():
    """All its outputs are above 0.5; with one sigmoid the same rule is right."""
    found = sigmoid_twice(TRUTH, ONCE, 0.3)

    assert found.rules[1].named == 2
    assert found.rules[3].jaccard == 1


def test_components_for_a_share_of_the_variance():
    """Two of three features carry nearly everything."""
    rng = np.random.default_rng(2)
    values = (rng.normal(size=(500, 3)) * [3, 2, 0.1]).astype(np.float32)
    found = fit(values)

    assert found.needed == 2
    assert found.shares[1] > 0.99
    assert found.of(values).shape == (500, 2)

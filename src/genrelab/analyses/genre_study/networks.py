"""The student project's networks: one hidden layer, a deep one, and an autoencoder whose encoder feeds a classifier.

Conventions: scikit-learn's `MLPClassifier`, fitted to a matrix of labels, has one sigmoid unit per label and
cross-entropy; layers, rectified units and Adam are the student project's. What differs: there is no dropout, which
scikit-learn has not; batches are of 256 tracks, not 32, an eighth of the time; features are scaled to mean 0 and
variance 1, on training tracks, not to 0 to 1, where a few extreme tracks press all others together. Arrays are
float32.

Source: the code of the student project (`genrelab.evaluation.references.MULTI_LABEL_DOCUMENT`).
"""

import numpy as np
import numpy.typing as npt
from scipy.special import expit
from sklearn.neural_network import MLPClassifier, MLPRegressor

from genrelab.analyses.genre_study.result import SigmoidRule, SigmoidTwice
from genrelab.evaluation.label_sets import jaccard_of

BoolArray = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float32]
FloatArray = npt.NDArray[np.float64]

DEEP = (512, 512, 256)
CODE = 164
"""Units in the middle of the autoencoder: the student project has as many as genres, with one for "no genre"."""
AUTOENCODER = (512, 512, 256, CODE, 256, 512, 512)
ENCODER = 4
"""Layers from the features to the code."""
ON_CODE = (1024,)
WIDTHS = (2, 4, 8, 16, 32, 64, 128, 256, 512)
BATCH = 256
RATE = 0.001
"""Adam's step, the student project's library's default and scikit-learn's."""


def classifier(
    train: Floats, has: BoolArray, hidden: tuple[int, ...], *, seed: int, epochs: int
) -> MLPClassifier:
    """A network from features to labels.

    Args:
        train: Shape (tracks, features), scaled.
        has: Shape (tracks, labels), two labels at least.
        hidden: Units of each hidden layer.
        seed: Seed of weights and batches.
        epochs: Passes over the tracks.
    """
    network = MLPClassifier(
        hidden, alpha=0.0, batch_size=min(BATCH, len(train)), learning_rate_init=RATE, random_state=seed
    )
    target = has.astype(np.int64)
    for _ in range(epochs):  # one by one: `fit` warns that so few are too few
        network.partial_fit(train, target, classes=np.arange(has.shape[1]))
    return network


def outputs(network: MLPClassifier, features: Floats) -> FloatArray:
    """Probability of each label, shape (tracks, labels)."""
    return np.asarray(network.predict_proba(features), dtype=np.float64)


def autoencoder(train: Floats, *, seed: int, epochs: int) -> MLPRegressor:
    """A network that reproduces its input through a layer of `CODE` units."""
    network = MLPRegressor(
        hidden_layer_sizes=AUTOENCODER,
        alpha=0.0,
        batch_size=min(BATCH, len(train)),
        learning_rate_init=RATE,
        random_state=seed,
    )
    for _ in range(epochs):
        network.partial_fit(train, train)
    return network


def encode(network: MLPRegressor, features: Floats) -> Floats:
    """What the units in the middle of an autoencoder answer, shape (tracks, `CODE`)."""
    values = features
    for weights, shift in zip(network.coefs_[:ENCODER], network.intercepts_[:ENCODER], strict=False):
        values = np.maximum(values @ weights + shift, 0)
    return values


def sigmoid_twice(truth: BoolArray, once: FloatArray, threshold: float) -> SigmoidTwice:
    """The student project's error, on the outputs of a network without it.

    Its first networks end in a sigmoid and are scored on the sigmoid of that. The second one of values from 0 to 1 lies
    between 0.5 and 0.73, so no output is 1, and a label counts only where it is: nothing is ever named.

    Args:
        truth: Labels of each track.
        once: Outputs of a network, shape (tracks, labels).
        threshold: From which a label is named, chosen on other tracks.
    """
    twice = expit(once)

    def rule(sigmoids: int, name: str, decided: BoolArray) -> SigmoidRule:
        named, index = decided.sum(axis=1).mean(), jaccard_of(truth, decided).mean()
        return SigmoidRule(sigmoids, name, float(named), float(index))

    return SigmoidTwice(
        tracks=len(truth),
        once=(float(once.min()), float(once.max())),
        twice=(float(twice.min()), float(twice.max())),
        rules=(
            rule(2, "the output is 1, as the student project counts", twice == 1),
            rule(2, "the output is 0.5 at least", twice >= 0.5),  # noqa: PLR2004 - the usual rule
            rule(1, "the output is 1", once == 1),
            rule(1, "the output is 0.5 at least", once >= 0.5),  # noqa: PLR2004
            rule(
                1, f"the output is {threshold:g} at least, chosen on the validation part", once >= threshold
            ),
        ),
    )

"""The steps of the path that are fitted: random forest, networks, and the baselines that hear nothing.

Conventions: a step takes features and labels of training tracks and returns probabilities of shape (tracks, labels) for
each array of other features. Scaling is fitted on the training tracks. Labels that no training track has get
probability 0.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.ensemble import ExtraTreesClassifier

from genrelab.analyses.genre_study import document, networks
from genrelab.analyses.genre_study.neighbours import scaled
from genrelab.models.declaration import Model
from genrelab.models.kinds import SEVERAL_LABELS
from genrelab.models.zoo import baselines

BoolArray = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float32]
FloatArray = npt.NDArray[np.float64]

LEAF = 10
"""Tracks in a leaf of a tree, at least: leaves with a single track would repeat the nearest neighbour."""


@dataclass(frozen=True)
class FitBudget:
    """How much work a fit may be: trees, passes of networks, processor cores, and the seed."""

    trees: int
    epochs: int
    cores: int
    seed: int


Predict = Callable[[Floats, BoolArray, Sequence[Floats], FitBudget], list[FloatArray]]


@dataclass(frozen=True)
class Fitted:
    """A step that is fitted.

    Args:
        name: Its name in runs.
        title: Its name for people.
        predict: See the conventions above.
        params: Its settings, beside those of the effort.
        document: Best Jaccard index that the student project reports; None without one.
        document_threshold: The output from which it is reached.
    """

    name: str
    title: str
    predict: Predict
    params: dict[str, int | float | str]
    document: float | None = None
    document_threshold: float | None = None


def random_forest(
    train: Floats, has: BoolArray, others: Sequence[Floats], effort: FitBudget
) -> list[FloatArray]:
    """Extremely randomised trees: with hundreds of labels a forest's exact splits take seven to sixty times as long."""
    forest = ExtraTreesClassifier(
        effort.trees, min_samples_leaf=LEAF, random_state=effort.seed, n_jobs=effort.cores
    )
    return _of_estimator(forest, train, has, others)


def deep_network(
    train: Floats, has: BoolArray, others: Sequence[Floats], effort: FitBudget
) -> list[FloatArray]:
    """The student project's approach 1: from features to genres."""
    values, *rest = scaled(train, *others)
    return _of_network(values, has, rest, networks.DEEP, effort)


def one_layer(units: int) -> Predict:
    """A network with one hidden layer of so many units."""

    def predict(
        train: Floats, has: BoolArray, others: Sequence[Floats], effort: FitBudget
    ) -> list[FloatArray]:
        values, *rest = scaled(train, *others)
        return _of_network(values, has, rest, (units,), effort)

    return predict


def autoencoder(
    train: Floats, has: BoolArray, others: Sequence[Floats], effort: FitBudget
) -> list[FloatArray]:
    """The student project's approach 2: an encoder that learned to reproduce the features, then a classifier."""
    values, *rest = scaled(train, *others)
    coder = networks.autoencoder(values, seed=effort.seed, epochs=effort.epochs)
    code, *codes = (networks.encode(coder, one) for one in (values, *rest))
    return _of_network(code, has, codes, networks.ON_CODE, effort)


FITTED = (
    Fitted("random_forest", "Random forest", random_forest, {"leaf": LEAF, "splits": "random"}),
    Fitted(
        "deep_network",
        "Deep network",
        deep_network,
        {"hidden": "512, 512, 256", "batch": networks.BATCH, "rate": networks.RATE},
        document.DEEP,
        document.DEEP_THRESHOLD,
    ),
    Fitted(
        "autoencoder",
        "Autoencoder, then a classifier",
        autoencoder,
        {"hidden": "512, 512, 256, 164, 256, 512, 512; on the code: 1024", "batch": networks.BATCH},
        document.ENCODED,
        document.ENCODED_THRESHOLD,
    ),
)


def baseline(model: Model) -> Fitted:
    """One of the baselines that every training of several labels has."""

    def predict(
        train: Floats, has: BoolArray, others: Sequence[Floats], effort: FitBudget
    ) -> list[FloatArray]:
        return _of_estimator(model.build(effort.seed, effort.cores, "quick"), train, has, others)

    return Fitted(model.name, model.label, predict, {})


BASELINES = tuple(map(baseline, baselines.SEVERAL_LABELS))


def _of_estimator(
    estimator: Any, train: Floats, has: BoolArray, others: Sequence[Floats]
) -> list[FloatArray]:
    """Probabilities of one of scikit-learn's estimators."""
    labels = range(has.shape[1])
    target, own = SEVERAL_LABELS.encode(has, labels)
    estimator.fit(train, target)
    return [SEVERAL_LABELS.predict(estimator, own, one, labels) for one in others]


def _of_network(
    train: Floats, has: BoolArray, others: Sequence[Floats], hidden: tuple[int, ...], effort: FitBudget
) -> list[FloatArray]:
    """Probabilities of a network on scaled features; a single label, which it cannot learn, gets its share."""
    seen = np.flatnonzero(has.any(axis=0))
    found = [np.tile(has.mean(axis=0), (len(one), 1)) for one in others]
    if len(seen) > 1:
        network = networks.classifier(train, has[:, seen], hidden, seed=effort.seed, epochs=effort.epochs)
        for predicted, one in zip(found, others, strict=True):
            predicted[:, seen] = networks.outputs(network, one)
    return found

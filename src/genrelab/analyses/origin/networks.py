"""The student project's two networks, by epoch, and a way to stop them in time.

Conventions: Adam, batches of 64 and 100 epochs as in `seeds/004`; features as they came. The single layer has
one sigmoid unit where the student project has two that share one decision; the hidden one has 32 rectified units.
scikit-learn's `MLPClassifier` takes one epoch at a time.

Stopping: a part of the training rows is held out, and the weights kept are those of the epoch with the least
log loss on it. The student project reports the best epoch on its validation rows, which no one can know beforehand;
`by_epoch` shows both.
"""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier

from genrelab.analyses.origin.result import NetworkCurves

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

BATCH = 64
EPOCHS = 100
PATIENCE = 10
"""Epochs without a better log loss after which training ends."""
STOPPING_SHARE = 0.15
SMALLEST = float(np.finfo(np.float64).eps)
HELD_BACK = 259 / 1059
"""The student project keeps 800 of its 1,059 tracks for training."""


@dataclass(frozen=True)
class Network:
    """One of the student project's networks.

    Args:
        name: Name in runs.
        label: Name that people read.
        hidden: Hidden units; empty for a single layer.
    """

    name: str
    label: str
    hidden: tuple[int, ...]


NETWORKS = (
    Network("network_single", "Network, single layer", ()),
    Network("network_hidden", "Network, 32 hidden units", (32,)),
)


class StoppedNetwork(ClassifierMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """A network that keeps the weights of its best epoch on rows held out of the training.

    Args:
        hidden: Hidden units.
        seed: Seed of the held-out rows, the weights and the batches.
        epochs: At most so many.
        patience: Epochs without a better log loss after which it stops.
    """

    def __init__(
        self, hidden: tuple[int, ...] = (32,), seed: int = 0, epochs: int = EPOCHS, patience: int = PATIENCE
    ) -> None:
        self.hidden, self.seed, self.epochs, self.patience = hidden, seed, epochs, patience

    def fit(self, features: FloatArray, target: npt.NDArray[np.generic]) -> Self:
        """Train until the held-out rows say stop.

        Args:
            features: Shape (rows, features).
            target: Shape (rows,).
        """
        fitted, held = train_test_split(
            np.arange(len(target)), test_size=STOPPING_SHARE, stratify=target, random_state=self.seed
        )
        self.classes_ = np.unique(target)
        self.network_ = _network(self.hidden, self.seed)
        best, self.best_epoch_ = np.inf, 0
        self.losses_: list[float] = []
        for epoch in range(1, self.epochs + 1):
            self.network_.partial_fit(features[fitted], target[fitted], classes=self.classes_)
            self.losses_.append(_log_loss(self.network_, features[held], target[held]))
            if self.losses_[-1] < best:
                best, self.best_epoch_, kept = self.losses_[-1], epoch, _weights(self.network_)
            elif epoch - self.best_epoch_ >= self.patience:
                break
        self.network_.coefs_, self.network_.intercepts_ = kept
        return self

    def predict_proba(self, features: FloatArray) -> FloatArray:
        """Probability of each class, shape (rows, classes)."""
        return np.asarray(self.network_.predict_proba(features))

    def predict(self, features: FloatArray) -> npt.NDArray[np.generic]:
        """The likelier class of each row."""
        return np.asarray(self.classes_[self.predict_proba(features).argmax(axis=1)])


def by_epoch(
    features: FloatArray,
    is_north: BoolArray,
    network: Network,
    *,
    seed: int,
    splits: int,
    epochs: int = EPOCHS,
) -> NetworkCurves:
    """Accuracy of a network after every epoch, averaged over random splits of the student project's sizes.

    Args:
        features: Shape (tracks, features).
        is_north: Side of each track, shape (tracks,).
        network: Which one.
        seed: Seed of the splits; split number n uses seed + n.
        splits: How many splits.
        epochs: How many epochs.
    """
    histories = [_history(features, is_north, network, seed + split, epochs) for split in range(splits)]
    curves = {
        name: np.array([history[name] for history in histories]) for name in ("train", "stopping", "test")
    }
    losses = np.array([history["losses"] for history in histories])
    stopped = losses.argmin(axis=1)
    test = curves["test"]
    return NetworkCurves(
        network=network.name,
        label=network.label,
        splits=splits,
        train=tuple(curves["train"].mean(axis=0).tolist()),
        stopping=tuple(curves["stopping"].mean(axis=0).tolist()),
        test=tuple(test.mean(axis=0).tolist()),
        test_low=tuple(test.min(axis=0).tolist()),
        test_high=tuple(test.max(axis=0).tolist()),
        stopped_at=tuple((stopped + 1).tolist()),
        stopped_accuracy=tuple(test[np.arange(splits), stopped].tolist()),
        best_epoch=tuple((test.argmax(axis=1) + 1).tolist()),
        best_accuracy=tuple(test.max(axis=1).tolist()),
        rows=histories[0]["rows"],
    )


def _history(
    features: FloatArray, is_north: BoolArray, network: Network, seed: int, epochs: int
) -> dict[str, Any]:
    rows = np.arange(len(is_north))
    training, test = train_test_split(rows, test_size=HELD_BACK, stratify=is_north, random_state=seed)
    fitted, held = train_test_split(
        training, test_size=STOPPING_SHARE, stratify=is_north[training], random_state=seed
    )
    model = _network(network.hidden, seed)
    history: dict[str, Any] = {"train": [], "stopping": [], "test": [], "losses": []}
    parts = {"train": fitted, "stopping": held, "test": test}
    history["rows"] = {name: len(part) for name, part in parts.items()}
    for _ in range(epochs):
        model.partial_fit(features[fitted], is_north[fitted], classes=[False, True])
        for name, part in parts.items():
            history[name].append(float((model.predict(features[part]) == is_north[part]).mean()))
        history["losses"].append(_log_loss(model, features[held], is_north[held]))
    return history


def _network(hidden: tuple[int, ...], seed: int) -> MLPClassifier:
    return MLPClassifier(hidden, solver="adam", alpha=0.0, batch_size=BATCH, random_state=seed)


def _log_loss(network: MLPClassifier, features: FloatArray, target: npt.NDArray[np.generic]) -> float:
    """Mean surprise at the true class in nats; scikit-learn's own costs as much as an epoch."""
    proba = network.predict_proba(features)
    of_truth = proba[np.arange(len(target)), np.searchsorted(network.classes_, target)]
    return float(-np.log(of_truth.clip(min=SMALLEST)).mean())


def _weights(network: MLPClassifier) -> tuple[list[FloatArray], list[FloatArray]]:
    return [one.copy() for one in network.coefs_], [one.copy() for one in network.intercepts_]

"""Neural networks with several labels per row: one that looks at each label alone, one that knows which go together.

Conventions: targets are 0 or 1, shape (rows, labels). Networks compute in 32 bits. Several of them, from different
initial weights, are averaged.
"""

from typing import Any, Self

import numpy as np
import numpy.typing as npt
from scipy import sparse
from sklearn.base import BaseEstimator
from sklearn.neural_network import MLPClassifier

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


class NetworkOfLabels(BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """Networks with one sigmoid output for each label, or with one softmax over the sets of labels.

    With `most_sets` it is aware of labels: it learns which *set* of labels a row has (the label powerset of
    Tsoumakas and Vlahavas, "Random k-Labelsets", 2007), and a label's probability is the sum of those of
    the sets that contain it. So it only thinks of labels together that occurred together, and where every row of a
    genre has its parent too, no genre is more probable than its parent. Rows of a rarer set count as rows of the
    frequent one that is nearest by Jaccard (pruned sets: Read, Pfahringer and Holmes, "Multi-label Classification Using
    Ensembles of Pruned Sets", 2008); a set then stands for the labels of all its rows by their share, so
    that rare labels are not lost.

    Args:
        hidden: Units of each hidden layer.
        most_sets: Sets that are told apart at most; 0 for a sigmoid output for each label.
        networks: How many are averaged.
        alpha: Penalty on the squared weights.
        epochs: Passes over the rows.
        batch_size: Rows of a step.
        random_state: Seed of the first network; the next ones count on from it.
    """

    def __init__(
        self,
        hidden: tuple[int, ...] = (256, 128),
        most_sets: int = 0,
        networks: int = 2,
        alpha: float = 1.0,
        epochs: int = 15,
        batch_size: int = 128,
        random_state: int = 0,
    ) -> None:
        self.hidden = hidden
        self.most_sets = most_sets
        self.networks = networks
        self.alpha = alpha
        self.epochs = epochs
        self.batch_size = batch_size
        self.random_state = random_state

    def fit(self, X: Any, y: IntArray) -> Self:  # noqa: N803 - scikit-learn's name
        """Fit the networks.

        Args:
            X: Shape (rows, features), of a size near 1.
            y: Which labels each row has, shape (rows, labels).
        """
        features, target = np.asarray(X, dtype=np.float32), np.asarray(y, dtype=np.int64)
        self.shares_ = target.mean(axis=0)
        self.networks_ = []
        if (target == target[0]).all():  # nothing to tell apart
            return self
        if self.most_sets:
            target, self.sets_ = label_sets(target, self.most_sets)
        elif target.shape[1] == 1:
            target = target[:, 0]
        self.networks_ = [
            MLPClassifier(
                self.hidden,
                alpha=self.alpha,
                batch_size=min(self.batch_size, len(features)),
                max_iter=self.epochs,
                random_state=self.random_state + number,
            ).fit(features, target)
            for number in range(self.networks)
        ]
        return self

    def predict_proba(self, X: Any) -> FloatArray:  # noqa: N803
        """Probability of each label, shape (rows, labels)."""
        features = np.asarray(X, dtype=np.float32)
        if not self.networks_:
            return np.tile(self.shares_, (len(features), 1))
        found = np.stack([each.predict_proba(features) for each in self.networks_]).mean(
            axis=0, dtype=np.float64
        )
        if self.most_sets:
            found = found @ self.sets_
        elif len(self.shares_) == 1:  # to scikit-learn one label is two classes
            found = found[:, -1:]
        return np.asarray(found)


def label_sets(target: IntArray, most: int) -> tuple[IntArray, FloatArray]:
    """Number of each row's set of labels, and the share of each label among the rows of each set.

    Args:
        target: Which labels each row has, shape (rows, labels).
        most: Sets that are told apart at most; rows of a rarer one join the frequent one of the highest Jaccard.

    Returns:
        Shapes (rows,) and (sets, labels).

    >>> numbers, shares = label_sets(np.array([[0, 1, 0], [0, 1, 0], [0, 1, 1], [1, 0, 0], [1, 0, 0]]), 2)
    >>> numbers.tolist(), shares.round(2).tolist()
    ([0, 0, 0, 1, 1], [[0.0, 1.0, 0.33], [1.0, 0.0, 0.0]])
    """
    sets, numbers, counts = np.unique(target, axis=0, return_inverse=True, return_counts=True)
    kept = np.sort(np.argsort(-counts, kind="stable")[:most])
    sizes = sets.sum(axis=1)
    both = np.asarray((sparse.csr_matrix(sets) @ sparse.csr_matrix(sets[kept]).T).todense())
    nearest = (both / np.maximum(sizes[:, None] + sizes[kept] - both, 1)).argmax(axis=1)
    nearest[kept] = np.arange(len(kept))
    of_row = nearest[numbers.ravel()]
    rows = np.bincount(of_row, minlength=len(kept))
    totals = np.zeros((len(kept), target.shape[1]))
    np.add.at(totals, of_row, target)
    return of_row, totals / rows[:, None]

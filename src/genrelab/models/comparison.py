"""Which differences between models are real: paired tests on the same rows.

Conventions: one model, chosen on the gate, is compared with every other one on the rows of the shown split.
Accuracy: the exact test of McNemar (1947) on the rows that just one of the two names right, its p-values
corrected for the number of comparisons by Holm (1979). Macro F1: the 95 % interval of the paired bootstrap
(`genrelab.evaluation.scores.compare`). A difference is called real when the corrected p-value is below 0.05.

Choosing by these tests does not belong here: the shown rows are test rows.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy.stats import binomtest

from genrelab.evaluation.results import Comparison, Difference
from genrelab.evaluation.scores import compare
from genrelab.models.fitting import Evaluation, Fitted

LEVEL = 0.05
Hits = npt.NDArray[np.bool_]


def mcnemar(first: Hits, second: Hits) -> tuple[float, float, float, float]:
    """Difference of two accuracies on the same rows, its 95 % interval (normal), and the exact p-value.

    Args:
        first: Whether one model names each row right.
        second: Whether the other does.

    >>> mcnemar(np.array([True, True, False]), np.array([True, True, False]))
    (0.0, 0.0, 0.0, 1.0)
    """
    rows, only_first, only_second = len(first), int((first & ~second).sum()), int((second & ~first).sum())
    difference = (only_first - only_second) / rows
    error = np.sqrt(only_first + only_second - (only_first - only_second) ** 2 / rows) / rows
    apart = only_first + only_second
    p = float(binomtest(only_first, apart).pvalue) if apart else 1.0
    return difference, float(difference - 1.96 * error), float(difference + 1.96 * error), p


def holm(p_values: Sequence[float]) -> list[float]:
    """P-values corrected for their number, in the order given.

    >>> [round(p, 3) for p in holm([0.01, 0.04, 0.03])]
    [0.03, 0.06, 0.06]
    """
    corrected = [0.0] * len(p_values)
    running = 0.0
    for place, number in enumerate(sorted(range(len(p_values)), key=lambda index: p_values[index])):
        running = max(running, min(1.0, p_values[number] * (len(p_values) - place)))
        corrected[number] = running
    return corrected


def compare_models(
    best: Fitted, others: Sequence[Fitted], split: str, labels: Sequence[str], seed: int
) -> tuple[Comparison, ...]:
    """The best model minus each other one, on the rows that both were judged on.

    Args:
        best: The model chosen on the gate.
        others: Models with the same duplicates.
        split: The shown split.
        labels: Labels of the task.
        seed: Seed of the bootstrap.
    """
    own = best.evaluations[split]
    found, p_values = [], []
    for other in others:
        rival = other.evaluations.get(split)
        if other is best or rival is None or not np.array_equal(rival.rows, own.rows):
            continue
        difference, low, high, p = mcnemar(_hits(own, labels), _hits(rival, labels))
        f1 = compare(own.y_true, own.proba, rival.proba, labels, seed, groups=own.artists)["macro_f1"]
        p_values.append(p)
        found.append((other.model, Difference(difference, low, high), f1))
    return tuple(
        Comparison(model.name, model.label, accuracy, macro_f1, p, p < LEVEL)
        for (model, accuracy, macro_f1), p in zip(found, holm(p_values), strict=True)
    )


def _hits(one: Evaluation, labels: Sequence[str]) -> Hits:
    return np.asarray(np.asarray(labels)[one.proba.argmax(axis=1)] == one.y_true)

"""Which differences between models are real: paired tests on the same rows, with artists as clusters.

Conventions: one model, chosen on folds of the training rows, is compared with every other one on the rows of the
shown split. Intervals are those of the paired bootstrap over artists (`genrelab.evaluation.scores.compare`). The
p-value of the difference in accuracy comes from `sign_flip`, corrected for the number of comparisons by Holm (1979).
A difference is called real when the corrected p-value is below 0.05.

Choosing by these tests does not belong here: the shown rows are test rows.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from genrelab.evaluation.results import Comparison
from genrelab.evaluation.sampling import Groups, artist_numbers
from genrelab.evaluation.scores import compare
from genrelab.models.fitting import Evaluation, Fitted

LEVEL = 0.05
FLIPS = 9_999
CHUNK = 1_000
"""Flips at a time, so that the signs of 4,000 artists stay below 32 MB."""

Hits = npt.NDArray[np.bool_]


def sign_flip(first: Hits, second: Hits, groups: Groups, seed: int) -> float:
    """P-value of the difference of two accuracies on the same rows, two-sided.

    If the models are equally good, which of the two is ahead on an artist is a coin's throw. So the sign of each
    artist's difference is flipped at random, and p is the share of flips whose sum is at least as large: a
    randomization test with clusters (Canay, Romano and Shaikh 2017), counted as Phipson and Smyth (2010) advise. On
    the 169 artists of FMA's test part, one of whom has 11 % of the tracks, it rejects two equal models in 4 to 6 % of
    simulated trials at the level of 5 %, a z-test with the clusters' variance in 6 to 8 %, and the test of McNemar
    by rows in 16 to 56 %.

    Args:
        first: Whether one model names each row right.
        second: Whether the other does.
        groups: Artist of each row; one artist alone gives 1.
        seed: Seed of the flips.

    >>> sign_flip(np.array([True, True, False]), np.array([True, True, False]), ["a", "b", "c"], 1)
    1.0
    """
    ahead = np.bincount(artist_numbers(groups), first.astype(np.float64) - second)
    ahead = ahead[ahead != 0]
    found, generator = 1, np.random.default_rng(seed)
    for start in range(0, FLIPS, CHUNK):
        signs = 2.0 * generator.integers(2, size=(min(CHUNK, FLIPS - start), len(ahead))) - 1
        found += int((np.abs(signs @ ahead) >= abs(ahead.sum())).sum())
    return found / (FLIPS + 1)


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
        best: The model that challenges the champion.
        others: Models with the same duplicates.
        split: The shown split.
        labels: Labels of the task.
        seed: Seed of bootstrap and flips.
    """
    own = best.evaluations[split]
    found, p_values = [], []
    for other in others:
        rival = other.evaluations.get(split)
        if other is best or rival is None or not np.array_equal(rival.rows, own.rows):
            continue
        difference = compare(own.y_true, own.proba, rival.proba, labels, seed, groups=own.artists)
        p_values.append(sign_flip(_hits(own, labels), _hits(rival, labels), own.artists, seed))
        found.append((other.model, difference["accuracy"], difference["macro_f1"]))
    return tuple(
        Comparison(model.name, model.label, accuracy, macro_f1, p, p < LEVEL)
        for (model, accuracy, macro_f1), p in zip(found, holm(p_values), strict=True)
    )


def _hits(one: Evaluation, labels: Sequence[str]) -> Hits:
    return np.asarray(np.asarray(labels)[one.proba.argmax(axis=1)] == one.y_true)

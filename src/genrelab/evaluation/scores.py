"""Scores: how good a prediction is, and how sure we are of that.

Conventions
    - `proba` has shape (rows, labels): the probability of each label, in the order of `labels`.
    - The prediction is the most probable label; equal probabilities go to the first of them.
    - Every score is a function of `Counted`, the sums over rows that it needs. Its arrays may carry a leading
      axis of bootstrap resamples, so one function gives the score and its 1,000 resampled values at once.
    - Artists are the sampling unit of every interval: `genrelab.evaluation.sampling`. The sums are made by artist
      first, so that a resample costs as much as there are artists, not rows.
    - A label that no row has takes no part in means over labels.

Which rows are scored is decided in `genrelab.evaluation.splits`; figures are drawn by the report.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from genrelab.evaluation.results import CalibrationBin, Difference
from genrelab.evaluation.sampling import Groups, artist_numbers, interval, resample_weights, sampled

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
Labels = Sequence[str] | npt.NDArray[np.str_]

ECE_BINS = 15
"""Equal-width bins of confidence, as in Guo et al., "On Calibration of Modern Neural Networks", ICML 2017."""

SMALLEST = float(np.finfo(np.float64).eps)
"""Probabilities below this count as this in the log loss, as in scikit-learn."""


@dataclass(frozen=True)
class Counted:
    """Sums over rows that the scores are made of; every array may have leading axes of resamples.

    Args:
        confusion: Rows by true and predicted label, shape (..., labels, labels).
        loss: Sum of the negative logarithm of the true label's probability, shape (...).
        top2: Rows whose label is among the two most probable, shape (...).
        bin_rows: Rows by bin of confidence, shape (..., ECE_BINS).
        bin_confidence: Sum of confidences by bin.
        bin_hits: Right predictions by bin.
    """

    confusion: FloatArray
    loss: FloatArray
    top2: FloatArray
    bin_rows: FloatArray
    bin_confidence: FloatArray
    bin_hits: FloatArray


def accuracy(counted: Counted) -> FloatArray:
    """Share of rows predicted right."""
    hits = np.trace(counted.confusion, axis1=-2, axis2=-1)
    return np.asarray(hits / counted.confusion.sum((-2, -1)))


def balanced_accuracy(counted: Counted) -> FloatArray:
    """Mean recall over the labels that occur."""
    support = counted.confusion.sum(-1)
    recall = _ratio(_hits(counted), support)
    return np.asarray(recall.sum(-1) / (support > 0).sum(-1))


def macro_f1(counted: Counted) -> FloatArray:
    """Mean F1 over the labels that occur in truth or prediction, as scikit-learn's default does."""
    both = counted.confusion.sum(-1) + counted.confusion.sum(-2)
    f1 = _ratio(2 * _hits(counted), both)
    return np.asarray(f1.sum(-1) / (both > 0).sum(-1))


def log_loss(counted: Counted) -> FloatArray:
    """Mean negative logarithm of the true label's probability; nats."""
    return np.asarray(counted.loss / counted.confusion.sum((-2, -1)))


def top2_accuracy(counted: Counted) -> FloatArray:
    """Share of rows whose label is among the two most probable."""
    return np.asarray(counted.top2 / counted.confusion.sum((-2, -1)))


def ece(counted: Counted) -> FloatArray:
    """Expected calibration error: mean distance of confidence and accuracy over bins of confidence."""
    distance = np.abs(counted.bin_confidence - counted.bin_hits)
    return np.asarray(distance.sum(-1) / counted.bin_rows.sum(-1))


SCORES: dict[str, Callable[[Counted], FloatArray]] = {
    "accuracy": accuracy,
    "balanced_accuracy": balanced_accuracy,
    "macro_f1": macro_f1,
    "log_loss": log_loss,
    "top2_accuracy": top2_accuracy,
    "ece": ece,
}
"""Every score by its metric name."""

MEANS = frozenset({"accuracy", "log_loss", "top2_accuracy"})
"""Scores that are means over rows."""


def validate(y_true: Labels, proba: FloatArray, labels: Sequence[str]) -> IntArray:
    """Check that truth and probabilities belong together.

    Returns:
        Number of the true label of each row, shape (rows,).

    Raises:
        ValueError: Wrong shapes, no rows, an unknown label, or a probability that is none.
    """
    truth, expected = np.asarray(y_true), (len(y_true), len(labels))
    if proba.shape != expected or not len(truth):
        raise ValueError(f"probabilities of shape {proba.shape}, expected {expected} with at least one row")
    order = np.argsort(np.asarray(labels))
    place = np.searchsorted(np.asarray(labels)[order], truth).clip(max=len(labels) - 1)
    codes = order[place]
    wrong = np.asarray(labels)[codes] != truth
    if wrong.any():
        raise ValueError(f"labels {sorted(set(truth[wrong].tolist()))} are not among {list(labels)}")
    if not np.isfinite(proba).all() or proba.min() < 0 or proba.max() > 1 + 1e-6:
        raise ValueError("probabilities must lie between 0 and 1")
    return np.asarray(codes, dtype=np.int64)


def count(y_true: Labels, proba: FloatArray, labels: Sequence[str]) -> Counted:
    """The sums over all rows, each counted once.

    Raises:
        ValueError: See `validate`.
    """
    table = _table(validate(y_true, proba, labels), proba)
    return _counted(np.asarray(table.sum(axis=1)), len(labels))


def evaluate(
    split: str,
    y_true: Labels,
    proba: FloatArray,
    labels: Sequence[str],
    seed: int,
    *,
    groups: Groups,
    majority: str | None = None,
) -> dict[str, float]:
    """Every score with its interval, keyed by MLflow metric name.

    Args:
        split: Name of the split.
        y_true: Label of each row.
        proba: Probability of each label, shape (rows, labels).
        labels: The labels, in the order of the columns.
        seed: Seed of the bootstrap.
        groups: Artist of each row, shape (rows,); see `genrelab.evaluation.sampling` for rows without one.
        majority: The most frequent label of the *training* rows, for `baseline_accuracy`.

    Returns:
        `<split>/<metric>`; `<split>/<metric>_low` and `<split>/<metric>_high` unless all rows are one artist's;
        `<split>/rows`, `<split>/artists`, `<split>/largest_artist`; `<split>/baseline_accuracy`.

    Raises:
        ValueError: See `validate`; or not one artist per row.
    """
    whole, (resampled,) = _resampled(y_true, [proba], labels, groups, seed)
    found = sampled(split, groups)
    for name, score in SCORES.items():
        value = found[f"{split}/{name}"] = float(score(whole[0]))
        if len(resampled[name]):
            low, high = interval(value, resampled[name], is_mean=name in MEANS)
            highest = np.inf if name == "log_loss" else 1.0
            found |= {f"{split}/{name}_low": max(low, 0.0), f"{split}/{name}_high": min(high, highest)}
    if majority is not None:
        found[f"{split}/baseline_accuracy"] = float(np.mean(np.asarray(y_true) == majority))
    return found


def renamed(found: Mapping[str, float], names: Mapping[str, str]) -> dict[str, float]:
    """Some metrics under other names, each with its interval where it has one.

    >>> renamed({"gate/accuracy": 0.5, "gate/accuracy_low": 0.4}, {"gate/accuracy": "gate/fair_accuracy"})
    {'gate/fair_accuracy': 0.5, 'gate/fair_accuracy_low': 0.4}
    """
    return {
        f"{new}{end}": found[key]
        for old, new in names.items()
        for end in ("", "_low", "_high")
        if (key := f"{old}{end}") in found
    }


def compare(
    y_true: Labels,
    first: FloatArray,
    second: FloatArray,
    labels: Sequence[str],
    seed: int,
    *,
    groups: Groups,
) -> dict[str, Difference]:
    """Paired bootstrap: the same artists are drawn for both, so that the difficulty of their rows cancels.

    Args:
        y_true: Label of each row.
        first: Probabilities of one model, shape (rows, labels).
        second: Probabilities of the other, same shape and order.
        labels: The labels.
        seed: Seed of the bootstrap.
        groups: Artist of each row, shape (rows,).

    Returns:
        First minus second, for every score; without an interval where all rows are one artist's.

    Raises:
        ValueError: See `validate`; or not one artist per row.
    """
    whole, (one, two) = _resampled(y_true, [first, second], labels, groups, seed)
    differences = {}
    for name, score in SCORES.items():
        value = float(score(whole[0]) - score(whole[1]))
        apart = one[name] - two[name]
        ends = interval(value, apart, is_mean=name in MEANS) if len(apart) else (None, None)
        differences[name] = Difference(value, *ends)
    return differences


def confidence_bins(confidence: FloatArray) -> IntArray:
    """Bin of each confidence: 0 to `ECE_BINS` - 1; a bin holds its upper end."""
    return np.clip(np.ceil(confidence * ECE_BINS).astype(np.int64) - 1, 0, ECE_BINS - 1)


def confusion_matrix(counted: Counted) -> list[list[int]]:
    """Rows by true (first index) and predicted (second index) label."""
    return [[round(cell) for cell in row] for row in counted.confusion.tolist()]


def calibration_bins(counted: Counted) -> tuple[CalibrationBin, ...]:
    """Mean confidence, accuracy and rows of each bin of confidence that has rows."""
    filled = np.flatnonzero(counted.bin_rows)
    return tuple(
        CalibrationBin(
            confidence=float(counted.bin_confidence[number] / counted.bin_rows[number]),
            accuracy=float(counted.bin_hits[number] / counted.bin_rows[number]),
            count=float(counted.bin_rows[number]),
        )
        for number in filled
    )


def _table(codes: IntArray, proba: FloatArray) -> csr_array:
    """What each row adds to each sum of `Counted`, shape (sums, rows).

    The sums are the cells of the confusion matrix, loss, top two, and rows, confidence and hits of each bin.
    """
    labels, everyone = proba.shape[1], np.arange(len(codes))
    predicted, own = proba.argmax(axis=1), proba[everyone, codes]
    confidence = proba[everyone, predicted]
    columns = np.arange(labels)
    ahead = (proba > own[:, None]) | ((proba == own[:, None]) & (columns < codes[:, None]))
    bins = confidence_bins(confidence)
    cells = labels * labels
    ones = np.ones(len(codes))
    places = [codes * labels + predicted, np.full_like(codes, cells), np.full_like(codes, cells + 1)]
    places += [bins + cells + 2 + number * ECE_BINS for number in range(3)]
    values = [ones, -np.log(np.clip(own, SMALLEST, 1.0)), ahead.sum(axis=1) < 2]  # noqa: PLR2004
    values += [ones, confidence, predicted == codes]
    return csr_array(
        (np.concatenate(values), (np.concatenate(places), np.tile(everyone, len(places)))),
        shape=(cells + 2 + 3 * ECE_BINS, len(codes)),
    )


def _counted(sums: FloatArray, labels: int) -> Counted:
    """The sums by their names; shape (sums,), or (sums, resamples) for a leading axis of resamples."""
    sums, cells = sums.T, labels * labels
    bins = sums[..., cells + 2 :].reshape(*sums.shape[:-1], 3, ECE_BINS)
    return Counted(
        confusion=sums[..., :cells].reshape(*sums.shape[:-1], labels, labels),
        loss=sums[..., cells],
        top2=sums[..., cells + 1],
        bin_rows=bins[..., 0, :],
        bin_confidence=bins[..., 1, :],
        bin_hits=bins[..., 2, :],
    )


def _resampled(
    y_true: Labels, predictions: Sequence[FloatArray], labels: Sequence[str], groups: Groups, seed: int
) -> tuple[list[Counted], list[dict[str, FloatArray]]]:
    """The sums of every prediction, and every score of it under the same resamples."""
    tables = [_table(validate(y_true, proba, labels), proba) for proba in predictions]
    if len(groups) != len(y_true):
        raise ValueError(f"artists of {len(groups)} rows, expected one for each of {len(y_true)} rows")
    artists = artist_numbers(groups)
    of_artist = csr_array((np.ones(len(artists)), (np.arange(len(artists)), artists)))
    sums = [table @ of_artist for table in tables]
    chunks = [[{name: np.empty(0) for name in SCORES}] for _ in tables]
    for weights in resample_weights(of_artist.shape[1], seed):
        for one, found in zip(sums, chunks, strict=True):
            counted = _counted(one @ weights, len(labels))
            found.append({name: score(counted) for name, score in SCORES.items()})
    return (
        [_counted(np.asarray(table.sum(axis=1)), len(labels)) for table in tables],
        [{name: np.concatenate([chunk[name] for chunk in found]) for name in SCORES} for found in chunks],
    )


def _hits(counted: Counted) -> FloatArray:
    return np.diagonal(counted.confusion, axis1=-2, axis2=-1)


def _ratio(part: FloatArray, whole: FloatArray) -> FloatArray:
    """Part over whole, 0 where the whole is 0."""
    return np.divide(part, whole, out=np.zeros_like(part, dtype=np.float64), where=whole > 0)

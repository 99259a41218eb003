"""Scores: how good a prediction is, and how sure we are of that.

Conventions
    - `proba` has shape (rows, labels): the probability of each label, in the order of `labels`.
    - The prediction is the most probable label; equal probabilities go to the first of them.
    - Every score is a function of `Counted`, the sums over rows that it needs. Its arrays may carry a leading
      axis of bootstrap resamples, so one function gives the score and its 1,000 resampled values at once.
    - Intervals are 95 % percentile intervals of the bootstrap over rows (Efron and Tibshirani 1993, chapter
      13), shifted by the mean of the resampled values: resampling makes calibration error look larger than it
      is, and a score outside its own interval is of no use. Rows of one artist are not independent, so with
      many tracks per artist the intervals are somewhat too narrow.

Which rows are scored is decided in `genrelab.evaluation.splits`; figures are drawn by the report.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from genrelab.evaluation.results import CalibrationBin, ClassScores, Difference

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
Labels = Sequence[str] | npt.NDArray[np.str_]

ECE_BINS = 15
"""Equal-width bins of confidence, as in Guo et al., "On Calibration of Modern Neural Networks", ICML 2017."""

RESAMPLES = 1_000
INTERVAL = (2.5, 97.5)
CHUNK = 200
"""Resamples at a time, so that the weights of 8,763 rows stay below 15 MB."""

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
    return _summed(_per_row(validate(y_true, proba, labels), proba), len(labels), None)


def evaluate(
    split: str,
    y_true: Labels,
    proba: FloatArray,
    labels: Sequence[str],
    seed: int,
    *,
    majority: str | None = None,
) -> dict[str, float]:
    """Every score with its interval, keyed by MLflow metric name.

    Args:
        split: Name of the split.
        y_true: Label of each row.
        proba: Probability of each label, shape (rows, labels).
        labels: The labels, in the order of the columns.
        seed: Seed of the bootstrap.
        majority: The most frequent label of the *training* rows, for `baseline_accuracy`.

    Returns:
        `<split>/<metric>`, `<split>/<metric>_low`, `<split>/<metric>_high`, `<split>/baseline_accuracy`.

    Raises:
        ValueError: See `validate`.
    """
    rows = _per_row(validate(y_true, proba, labels), proba)
    whole = _summed(rows, len(labels), None)
    resampled = _resampled([rows], len(labels), seed)[0]
    scores: dict[str, float] = {}
    for name, score in SCORES.items():
        value = float(score(whole))
        low, high = interval(value, resampled[name])
        highest = np.inf if name == "log_loss" else 1.0
        scores[f"{split}/{name}"] = value
        scores[f"{split}/{name}_low"] = max(low, 0.0)
        scores[f"{split}/{name}_high"] = min(high, highest)
    if majority is not None:
        scores[f"{split}/baseline_accuracy"] = float(np.mean(np.asarray(y_true) == majority))
    return scores


def compare(
    y_true: Labels,
    first: FloatArray,
    second: FloatArray,
    labels: Sequence[str],
    seed: int,
) -> dict[str, Difference]:
    """Paired bootstrap: the same resamples for both, so that the difficulty of the rows cancels.

    Args:
        y_true: Label of each row.
        first: Probabilities of one model, shape (rows, labels).
        second: Probabilities of the other, same shape and order.
        labels: The labels.
        seed: Seed of the bootstrap.

    Returns:
        First minus second, for every score.

    Raises:
        ValueError: See `validate`.
    """
    rows = [_per_row(validate(y_true, proba, labels), proba) for proba in (first, second)]
    whole = [_summed(one, len(labels), None) for one in rows]
    one, two = _resampled(rows, len(labels), seed)
    differences = {}
    for name, score in SCORES.items():
        value = float(score(whole[0]) - score(whole[1]))
        differences[name] = Difference(value, *interval(value, one[name] - two[name]))
    return differences


def confusion_matrix(counted: Counted) -> list[list[int]]:
    """Rows by true (first index) and predicted (second index) label."""
    return [[round(cell) for cell in row] for row in counted.confusion.tolist()]


def per_class(counted: Counted, labels: Sequence[str]) -> tuple[ClassScores, ...]:
    """Precision, recall, F1, support and the shares of truth and prediction, for each label in order."""
    hits, support = _hits(counted), counted.confusion.sum(-1)
    predicted, total = counted.confusion.sum(-2), counted.confusion.sum()
    columns = {
        "precision": _ratio(hits, predicted),
        "recall": _ratio(hits, support),
        "f1": _ratio(2 * hits, support + predicted),
        "support": support,
        "true_share": support / total,
        "predicted_share": predicted / total,
    }
    return tuple(
        ClassScores(label, **{name: float(values[number]) for name, values in columns.items()})
        for number, label in enumerate(labels)
    )


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


@dataclass(frozen=True)
class _Rows:
    """What each row adds to `Counted`.

    Args:
        cell: True label times number of labels plus predicted label, shape (rows,).
        bin: Bin of confidence.
        values: Loss, whether in the top two, confidence, whether right; shape (rows, 4).
    """

    cell: IntArray
    bin: IntArray
    values: FloatArray


def _per_row(codes: IntArray, proba: FloatArray) -> _Rows:
    predicted = proba.argmax(axis=1)
    everyone = np.arange(len(codes))
    confidence = proba[everyone, predicted]
    own = proba[everyone, codes]
    loss = -np.log(np.clip(own, SMALLEST, 1.0))
    columns = np.arange(proba.shape[1])
    ahead = (proba > own[:, None]) | ((proba == own[:, None]) & (columns < codes[:, None]))
    values = np.stack([loss, ahead.sum(axis=1) < 2, confidence, predicted == codes], axis=1)  # noqa: PLR2004
    bins = np.clip(np.ceil(confidence * ECE_BINS).astype(np.int64) - 1, 0, ECE_BINS - 1)
    return _Rows(codes * proba.shape[1] + predicted, bins, values.astype(np.float64))


def _summed(rows: _Rows, labels: int, weights: FloatArray | None) -> Counted:
    """Weighted sums over rows; weights of shape (rows, resamples) give a leading axis of resamples."""
    cells, everyone = labels * labels, np.arange(len(rows.cell))
    loss, top2, confidence, hit = rows.values.T
    ones = np.ones(len(everyone))
    first_bin = cells + 2
    columns = [rows.cell, np.full_like(rows.cell, cells), np.full_like(rows.cell, cells + 1)]
    columns += [rows.bin + first_bin + number * ECE_BINS for number in range(3)]
    values = [ones, loss, top2, ones, confidence, hit]
    table = csr_array(
        (np.concatenate(values), (np.concatenate(columns), np.tile(everyone, len(columns)))),
        shape=(first_bin + 3 * ECE_BINS, len(everyone)),
    )
    sums = np.asarray(table @ (ones if weights is None else weights)).T
    bins = sums[..., first_bin:].reshape(*sums.shape[:-1], 3, ECE_BINS)
    return Counted(
        confusion=sums[..., :cells].reshape(*sums.shape[:-1], labels, labels),
        loss=sums[..., cells],
        top2=sums[..., cells + 1],
        bin_rows=bins[..., 0, :],
        bin_confidence=bins[..., 1, :],
        bin_hits=bins[..., 2, :],
    )


def resample_weights(rows: int, seed: int) -> Iterator[FloatArray]:
    """How often each row is drawn, shape (rows, resamples), `CHUNK` resamples at a time."""
    generator = np.random.default_rng(seed)
    for start in range(0, RESAMPLES, CHUNK):
        drawn = generator.integers(rows, size=(min(CHUNK, RESAMPLES - start), rows))
        yield np.stack([np.bincount(one, minlength=rows) for one in drawn], axis=1).astype(np.float64)


def _resampled(predictions: list[_Rows], labels: int, seed: int) -> list[dict[str, FloatArray]]:
    """Every score of every prediction under the same resamples."""
    chunks: list[list[dict[str, FloatArray]]] = [[] for _ in predictions]
    for weights in resample_weights(len(predictions[0].cell), seed):
        for rows, found in zip(predictions, chunks, strict=True):
            counted = _summed(rows, labels, weights)
            found.append({name: score(counted) for name, score in SCORES.items()})
    return [{name: np.concatenate([chunk[name] for chunk in found]) for name in SCORES} for found in chunks]


def interval(value: float, resampled: FloatArray) -> tuple[float, float]:
    """The 95 % interval of a score from its resampled values, shifted as the conventions above say."""
    low, high = np.percentile(resampled, INTERVAL) - resampled.mean()
    return float(value + min(low, 0.0)), float(value + max(high, 0.0))


def _hits(counted: Counted) -> FloatArray:
    return np.diagonal(counted.confusion, axis1=-2, axis2=-1)


def _ratio(part: FloatArray, whole: FloatArray) -> FloatArray:
    """Part over whole, 0 where the whole is 0."""
    return np.divide(part, whole, out=np.zeros_like(part, dtype=np.float64), where=whole > 0)

"""From which probability on a label is named: one threshold, one for each label, or the most probable label at least.

Conventions
    - A rule is chosen by the mean Jaccard of rows, cross-fitted by artist: the thresholds that judge an artist's rows
      were found without them. Among rules that are no further from the best than one standard error of the
      paired difference (artists as clusters) the simplest is chosen.
    - Rows are those that may choose: out-of-fold probabilities of a training part. No gate or test rows belong here.
    - A label has a threshold of its own if rows of enough artists have it. It is shrunk towards the common one: by half
      where the label has just as many artists as the minimum, by less where it has more.

Source: moving the threshold of one label after another while all others stay is the cyclic optimisation of Fan and
Lin, "A Study on Threshold Selection for Multi-label Classification", 2007, here for the Jaccard of rows.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from genrelab.evaluation.results import Rule, Thresholds
from genrelab.evaluation.sampling import Groups, artist_numbers, mean_and_error

__all__ = [
    "CURVE",
    "MINIMUM_SUPPORT",
    "STEPS",
    "Rule",
    "Thresholds",
    "choose_thresholds",
    "curve",
    "named",
    "named_from",
]

BoolArray = npt.NDArray[np.bool_]
FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

STEPS = tuple(step / 100 for step in range(1, 100))
"""Thresholds that are tried."""

CURVE = STEPS[:60]
"""Those that a chart shows: Jaccard only falls above."""

MINIMUM_SUPPORT = 10
"""Artists that a label needs for a threshold of its own."""

FOLDS = 5
PASSES = 2
"""How often each label's threshold is moved while all others stay."""


def named(predicted: FloatArray, labels: Sequence[object], thresholds: Thresholds) -> BoolArray:
    """Which labels each row is given, shape (rows, labels).

    A label of probability 0 is never named: a model that knows nothing of any label names none.

    Args:
        predicted: Probabilities, shape (rows, labels).
        labels: Label of each column.
        thresholds: From `choose_thresholds`.

    >>> rule = Thresholds(0.5, {"b": 0.1}, 1, 0, ())
    >>> named(np.array([[0.6, 0.2, 0.0], [0.3, 0.0, 0.4]]), ["a", "b", "c"], rule).tolist()
    [[True, True, False], [False, False, True]]
    """
    return named_from(predicted, thresholds.of(labels), thresholds.at_least)


def curve(truth: BoolArray, predicted: FloatArray, at_least: int = 0) -> FloatArray:
    """Mean Jaccard at each threshold of `CURVE`, shape (thresholds,).

    Args:
        truth: Which labels each row has, shape (rows, labels), at least one row.
        predicted: Probabilities, shape (rows, labels).
        at_least: See `Thresholds`.
    """
    return np.asarray(_jaccard_by_step(truth, predicted, at_least).mean(axis=0)[: len(CURVE)])


def choose_thresholds(
    truth: BoolArray,
    predicted: FloatArray,
    labels: Sequence[object],
    groups: Groups,
    *,
    minimum_support: int = MINIMUM_SUPPORT,
) -> Thresholds:
    """The simplest rule within one standard error of the best, with thresholds found on all rows.

    Args:
        truth: Which labels each row has, shape (rows, labels), at least one row.
        predicted: Probabilities by a model that has not seen the row's artist, shape (rows, labels).
        labels: Label of each column.
        groups: Artist of each row, shape (rows,); rows without one count as one artist's.
        minimum_support: Artists that a label needs for a threshold of its own.
    """
    artists = artist_numbers(groups)
    steps = [_jaccard_by_step(truth, predicted, at_least) for at_least in (0, 1)]
    compared: tuple[Rule, ...] = ()
    by_label, at_least = False, 0
    if artists.max() > 0:
        compared = _compare(truth, predicted, artists, steps, minimum_support)
        chosen = next(rule for rule in compared if rule.is_chosen)
        by_label, at_least = chosen.by_label, chosen.at_least
    overall = _best_step(steps[at_least])
    own: dict[str, float] = {}
    if by_label:
        cuts, has_own = _by_label(truth, predicted, artists, overall, minimum_support)
        own = {str(labels[column]): float(cuts[column]) for column in np.flatnonzero(has_own).tolist()}
    return Thresholds(overall, own, at_least, minimum_support, compared)


def _compare(
    truth: BoolArray, predicted: FloatArray, artists: IntArray, steps: Sequence[FloatArray], minimum: int
) -> tuple[Rule, ...]:
    """Every rule on artists that it was not fitted on, the simplest first."""
    rules = [(by_label, at_least) for by_label in (False, True) for at_least in (0, 1)]
    found = np.zeros((len(rules), len(truth)))
    fold = _folds(artists)
    for number in range(fold.max() + 1):
        held, fitted = fold == number, fold != number
        for row, (by_label, at_least) in enumerate(rules):
            overall = _best_step(steps[at_least][fitted])
            cuts = np.full(truth.shape[1], overall)
            if by_label:
                cuts, _ = _by_label(truth[fitted], predicted[fitted], artists[fitted], overall, minimum)
            decided = named_from(predicted[held], cuts, at_least)
            found[row, held] = _ratio(
                (decided & truth[held]).sum(axis=1), (decided | truth[held]).sum(axis=1)
            )
    means = found.mean(axis=1)
    best = found[int(np.argmax(means))]
    behind = [mean_and_error(best - one, artists) for one in found]
    chosen = next(row for row, (less, error) in enumerate(behind) if less <= error)
    return tuple(
        Rule(by_label, at_least, float(means[row]), *behind[row], is_chosen=row == chosen)
        for row, (by_label, at_least) in enumerate(rules)
    )


def _folds(artists: IntArray) -> IntArray:
    """Fold of each row: whole artists, the largest first to the fold that has the fewest rows; shape (rows,)."""
    rows = np.bincount(artists)
    sizes = np.zeros(min(FOLDS, len(rows)))
    of_artist = np.zeros(len(rows), dtype=np.int64)
    for artist in np.argsort(-rows, kind="stable"):
        of_artist[artist] = np.argmin(sizes)
        sizes[of_artist[artist]] += rows[artist]
    return of_artist[artists]


def _best_step(of_rows: FloatArray) -> float:
    """The threshold of the highest mean, the least of equal ones."""
    return STEPS[int(np.argmax(of_rows.mean(axis=0)))]


def _jaccard_by_step(truth: BoolArray, predicted: FloatArray, at_least: int) -> FloatArray:
    """Jaccard of each row at each of `STEPS`, shape (rows, steps)."""
    count = len(STEPS)
    reached = np.searchsorted(STEPS, predicted, side="right")  # so many thresholds name the label
    place = reached + (count + 1) * np.arange(len(truth))[:, None]
    shape = (len(truth), count + 1)
    size = shape[0] * shape[1]
    above = np.bincount(place.ravel(), minlength=size).reshape(shape)[:, ::-1].cumsum(axis=1)[:, ::-1]
    hit = np.bincount(place[truth], minlength=size).reshape(shape)[:, ::-1].cumsum(axis=1)[:, ::-1]
    decided, both = above[:, 1:], hit[:, 1:]
    if at_least:
        most = named_from(predicted, np.full(truth.shape[1], np.inf), at_least)
        none = decided == 0
        decided = np.where(none, most.sum(axis=1)[:, None], decided)
        both = np.where(none, (most & truth).sum(axis=1)[:, None], both)
    return _ratio(both, truth.sum(axis=1)[:, None] + decided - both)


def _by_label(
    truth: BoolArray, predicted: FloatArray, artists: IntArray, overall: float, minimum: int
) -> tuple[FloatArray, BoolArray]:
    """Threshold of each label, and whether it is its own; both of shape (labels,).

    All start with the common threshold. Then each label in turn, the one of most artists first, gets the
    threshold at which the mean Jaccard of the rows is highest while all others stay.
    """
    support = np.array([len(np.unique(artists[has])) for has in truth.T])
    has_own = support >= max(minimum, 1)
    cuts = np.full(truth.shape[1], overall)
    decided = predicted >= overall
    both, either = (truth & decided).sum(axis=1), (truth | decided).sum(axis=1)
    for _ in range(PASSES):
        for label in np.argsort(-support, kind="stable")[: int(has_own.sum())]:
            is_true, is_named = truth[:, label], decided[:, label]
            both, either = both - (is_true & is_named), either - (is_true | is_named)
            gain = _ratio(both + is_true, either + 1) - _ratio(both, either + is_true)
            reached = np.searchsorted(STEPS, predicted[:, label], side="right")
            of_step = np.bincount(reached, weights=gain, minlength=len(STEPS) + 1)[::-1].cumsum()[::-1][1:]
            best = int(np.argmax(of_step))
            cuts[label] = STEPS[best] if of_step[best] > 0 else STEPS[-1]
            decided[:, label] = predicted[:, label] >= cuts[label]
            both = both + (is_true & decided[:, label])
            either = either + (is_true | decided[:, label])
    kept = support / np.maximum(support + minimum, 1)
    return np.where(has_own, overall + kept * (cuts - overall), overall), has_own


def named_from(predicted: FloatArray, cuts: FloatArray | float, at_least: int) -> BoolArray:
    """Labels that reach their threshold; where none does, so many of the most probable ones, the first of equals."""
    found = np.asarray(predicted >= cuts)
    if at_least:
        empty = np.flatnonzero(~found.any(axis=1))
        most = np.argsort(-predicted[empty], axis=1, kind="stable")[:, :at_least]
        found[empty[:, None], most] = True
    return np.asarray(found & (predicted > 0))


def _ratio(part: npt.NDArray[np.int64], whole: npt.NDArray[np.int64]) -> FloatArray:
    """Part over whole, 0 where the whole is 0."""
    return np.divide(part, whole, out=np.zeros(whole.shape), where=whole > 0)

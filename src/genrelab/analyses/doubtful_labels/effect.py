"""What dropping or down-weighting doubtful rows changes, and whether changed labels are found.

Conventions
    - The trial takes a sample of whole artists. Every variant is fitted on the same training rows of four folds by
      artist and judged on the held-out artists, with their labels as they are.
    - Doubts are found inside the training rows of a fold alone, by folds by artist of their own.
    - Dropping leaves every label its `KEPT` least doubtful rows, so that no label disappears.
    - Probabilities of a variant are calibrated by one exponent, found on the other folds: rows that are easy to predict
      make a model surer, which would count against dropping.
    - Differences are those to the model on all rows, on the same held-out rows.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from genrelab.analyses.doubtful_labels.doubts import Doubts, find_doubts, mean_difference
from genrelab.analyses.doubtful_labels.held_out import (
    Fold,
    Rows,
    fit_and_predict,
    folds_by_group,
    out_of_fold,
)
from genrelab.analyses.doubtful_labels.names import ALL, DROPPED, HALVED, OFF_LABEL
from genrelab.analyses.doubtful_labels.result import Effect, Planted, Trial
from genrelab.models.calibration import find_temperature, losses, powered
from genrelab.runtime.engine import run_all
from genrelab.runtime.errors import GenrelabError

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

OUTER, INNER = 4, 3
"""Folds of the trial, and those inside its training rows."""
KEPT = 5
CHANGED = 0.05
"""Share of the labels that are changed on purpose."""


def _all_rows(doubts: Doubts, _codes: IntArray) -> FloatArray:
    return np.ones(len(doubts.margin))


def _dropped(doubts: Doubts, codes: IntArray) -> FloatArray:
    return without(doubts.is_doubtful, doubts, codes)


def _halved(doubts: Doubts, _codes: IntArray) -> FloatArray:
    return np.where(doubts.is_doubtful, 0.5, 1.0)


def _off_label_dropped(doubts: Doubts, codes: IntArray) -> FloatArray:
    return without(doubts.is_off_label, doubts, codes)


VARIANTS: dict[str, Callable[[Doubts, IntArray], FloatArray]] = {
    ALL: _all_rows,
    DROPPED: _dropped,
    HALVED: _halved,
    OFF_LABEL: _off_label_dropped,
}
"""Weights of the training rows, from the doubts about them and their labels; rows of weight 0 are dropped."""


def without(is_out: npt.NDArray[np.bool_], doubts: Doubts, codes: IntArray) -> FloatArray:
    """Return weights of 0 for some rows, and 1 for all others and for the `KEPT` least doubtful rows of each label."""
    sizes = np.bincount(codes)
    is_kept = doubts.rank > sizes[codes] - KEPT
    return np.where(is_out & ~is_kept, 0.0, 1.0)


def run_trial(rows: Rows, trees: int, seed: int, cores: int) -> Trial:
    """Return the trials on a sample.

    Args:
        rows: The sample.
        trees: Boosting rounds.
        seed: Seed.
        cores: Processor cores.
    """
    artists, missing = len(np.unique(rows.groups)), ""
    effects: tuple[Effect, ...] = ()
    planted: Planted | None = None
    try:
        planted = find_planted(rows, trees, seed, cores)
        effects = effects_of(rows, trees, seed, cores)
    except TooFewError as error:
        missing = str(error)
    return Trial(len(rows), artists, effects, planted, missing)


class TooFewError(GenrelabError):
    """There are too few artists or labels to hold any out."""


@dataclass(frozen=True)
class Audited:
    """Rows with their doubts.

    Args:
        rows: Positions of the rows that could be audited.
        labels: Codes of the labels that occur among them, sorted.
        proba: Calibrated probabilities of these labels, shape (rows, labels).
        doubts: The doubts; codes number `labels`.
        exponent: What calibrated the probabilities.
    """

    rows: IntArray
    labels: IntArray
    proba: FloatArray
    doubts: Doubts
    exponent: float


def audit_rows(rows: Rows, folds: int, trees: int, seed: int, cores: int = 1) -> Audited:
    """Return the doubts about rows, by models of other artists.

    Rows whose label no other artist has in the training rows of their fold are left out: nothing teaches their label.

    Raises:
        TooFewError: There are fewer artists than folds, or fewer than two labels are known from several artists.
    """
    parts = folds_by_group(rows, folds, seed)
    if not parts:
        found = len(np.unique(rows.groups))
        raise TooFewError(
            "labels cannot be audited with so few artists",
            found=f"{found} artists with {len(rows)} labelled tracks",
            allowed=f"at least {folds}, one for each fold",
        )
    proba, is_known = out_of_fold(rows, parts, trees, seed, cores)
    known = np.flatnonzero(is_known)
    labels = np.unique(rows.codes[known])
    if len(labels) < 2:  # noqa: PLR2004 - one label leaves no other to suggest
        raise TooFewError(
            "labels cannot be audited",
            found=f"{len(np.unique(rows.codes))} labels, {len(labels)} of them known from several artists",
            allowed="at least two labels that several artists have",
        )
    proba = proba[np.ix_(known, labels)]
    codes = np.searchsorted(labels, rows.codes[known])
    exponent = find_temperature(proba, codes)
    proba = powered(proba, exponent)
    artists = np.unique(rows.groups[known], return_inverse=True)[1]
    return Audited(known, labels, proba, find_doubts(codes, proba, artists), exponent)


def find_planted(rows: Rows, trees: int, seed: int, cores: int) -> Planted:
    """Change some labels on purpose and return whether the audit finds them.

    Raises:
        TooFewError: See `audit_rows`.
    """
    chance = np.random.default_rng(seed)
    is_changed = chance.random(len(rows)) < CHANGED
    shares = np.bincount(rows.codes, minlength=rows.labels).astype(np.float64)
    weights = np.tile(shares, (len(rows), 1))
    weights[np.arange(len(rows)), rows.codes] = 0.0
    ends = weights.cumsum(axis=1)
    drawn = (ends < chance.random((len(rows), 1)) * ends[:, -1:]).sum(axis=1)
    codes = np.where(is_changed, drawn, rows.codes)
    audited = audit_rows(Rows(rows.features, codes, rows.groups, rows.labels), OUTER, trees, seed, cores)
    changed, doubts = is_changed[audited.rows], audited.doubts
    if changed.all() or not changed.any():
        raise TooFewError("no label could be changed on purpose", found=f"{len(rows)} rows in the trial")
    return Planted(
        len(changed),
        int(changed.sum()),
        float(doubts.is_doubtful[changed].mean()),
        float(doubts.is_doubtful[~changed].mean()),
        _ranked_below(doubts.margin, changed),
    )


def _ranked_below(margin: FloatArray, changed: npt.NDArray[np.bool_]) -> float:
    """Return the share of pairs in which the changed row has the smaller margin; ties count half."""
    order = np.argsort(margin, kind="stable")
    _, first, counts = np.unique(margin[order], return_index=True, return_counts=True)
    ranks = np.empty(len(margin))
    ranks[order] = np.repeat(first + (counts - 1) / 2, counts)
    ones, others = int(changed.sum()), int((~changed).sum())
    above = ranks[changed].sum() - ones * (ones - 1) / 2
    return float(1 - above / (ones * others))


def effects_of(rows: Rows, trees: int, seed: int, cores: int) -> tuple[Effect, ...]:
    """Return what each variant changes on held-out artists.

    Raises:
        TooFewError: See `audit_rows`; it may be the training rows of a fold that have too few.
    """
    folds = folds_by_group(rows, OUTER, seed)
    if not folds:
        raise TooFewError("too few artists to hold any out", found=str(len(np.unique(rows.groups))))

    jobs = [(rows, fold, trees, seed) for fold in folds]
    results = list(run_all(_judge_fold, jobs, cores, in_threads=True))
    is_judged = np.zeros(len(rows), dtype=bool)
    for training, held in folds:
        is_judged[held] = np.isin(rows.codes[held], rows.codes[training])
    artists = np.unique(rows.groups[is_judged], return_inverse=True)[1]
    measured = {name: _measured(rows, folds, [found[name] for found, _ in results]) for name in VARIANTS}
    first_loss, first_hit = (values[is_judged] for values in measured[ALL])
    effects = []
    for name, (of_loss, of_hit) in measured.items():
        loss, hit = of_loss[is_judged], of_hit[is_judged]
        effects.append(
            Effect(
                name,
                float(np.mean([changed[name] for _, changed in results])),
                float(loss.mean()),
                float(hit.mean()),
                mean_difference(loss - first_loss, artists),
                mean_difference(hit - first_hit, artists),
            )
        )
    return tuple(effects)


def _judge_fold(
    rows: Rows, fold: Fold, trees: int, seed: int
) -> tuple[dict[str, FloatArray], dict[str, float]]:
    """Return the probabilities of the rows held out by variant, and the share of training rows that each changes."""
    training, held = fold
    own = rows.take(training)
    audited = audit_rows(own, INNER, trees, seed)
    codes = np.searchsorted(audited.labels, own.codes[audited.rows])
    found, changed = {}, {}
    for name, weigh in VARIANTS.items():
        weights = np.ones(len(own))
        weights[audited.rows] = weigh(audited.doubts, codes)
        kept = np.flatnonzero(weights > 0)
        found[name] = fit_and_predict(own.take(kept), rows.take(held), trees, seed, weights[kept])
        changed[name] = float((weights < 1).mean())
    return found, changed


def _measured(rows: Rows, folds: list[Fold], found: list[FloatArray]) -> tuple[FloatArray, FloatArray]:
    """Return the loss of each row and whether its most probable genre is its label, each shape (rows,)."""
    proba = np.zeros((len(rows), rows.labels))
    of_fold = np.zeros(len(rows), dtype=np.int64)
    for number, ((_, held), own) in enumerate(zip(folds, found, strict=True)):
        proba[held], of_fold[held] = own, number
    loss = np.zeros(len(rows))
    for number, (_, held) in enumerate(folds):
        # The exponent of a fold is found on the other folds, on labels that their models knew.
        others = np.flatnonzero(of_fold != number)
        known = others[proba[others, rows.codes[others]] > 0]
        exponent = find_temperature(proba[known], rows.codes[known])
        loss[held] = losses(powered(proba[held], exponent), rows.codes[held])
    return loss, (proba.argmax(axis=1) == rows.codes).astype(np.float64)

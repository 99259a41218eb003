"""What treating outliers does to a model of the top genre, judged on the validation part.

Conventions
    - The model is the zoo's logistic regression with the strength that it has for librosa features; it is fitted on the
      training part of FMA's official split and judged on its validation part. The test part takes no part.
    - Means, standard deviations, medians and limits are those of the training rows. They treat both parts alike, but
      `drop` leaves training tracks out only: every treatment is judged on the same tracks.
    - A sample of whole artists is fitted where the training part is larger than `MOST_ROWS`.
    - `missing` is what a missing value comes to in a model that takes none: the mean of the values that are left, and a
      column that says where a value was taken away.
    - Intervals and differences resample the artists of the validation part.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from genrelab.analyses.archive.result import Treated, Trial
from genrelab.analyses.features.outliers import LIMIT
from genrelab.evaluation import scores
from genrelab.evaluation.results import score_of
from genrelab.evaluation.samples import sample_groups
from genrelab.models.declaration import limit_threads
from genrelab.models.families import LIBROSA
from genrelab.models.zoo.linear import MODELS
from genrelab.runtime.engine import run_all
from genrelab.runtime.errors import GenrelabError

FloatArray = npt.NDArray[np.floating]
IntArray = npt.NDArray[np.int64]
ObjectArray = npt.NDArray[np.object_]

MOST_ROWS = 20_000
"""Training rows that a model is fitted on."""
MOST_GAPS = 0.01
"""A feature with a larger share of gaps among the rows is left out."""
LEAVE, MISSING, MEDIAN, MEAN, CLIP, DROP = "leave", "missing", "median", "mean", "clip", "drop"
TREATMENTS = (MISSING, MEDIAN, MEAN, CLIP, DROP)
Z, ROBUST = "z", "robust"
RULES = (Z, ROBUST)
NORMAL_MAD = 1.4826
FEWEST = 2
"""Genres that a model needs."""
MODEL = next(model for model in MODELS if model.name == "logistic_regression")


class TooFewError(GenrelabError):
    """There are too few tracks or genres to fit and judge a model."""


@dataclass
class TrialRows:
    """The rows of the trial; their features are kept while the table is read.

    Args:
        train: Positions of the training rows in the table.
        held: Positions of the rows of the validation part.
        genres: Top genre of every row of the table.
        artists: Artist of every row of the table.
        of: Training rows that there are.
        columns: Values of each kept feature, shape (train and held rows,).
    """

    train: IntArray
    held: IntArray
    genres: ObjectArray
    artists: IntArray
    of: int
    columns: dict[str, FloatArray] = field(default_factory=dict)

    def keep(self, name: str, values: npt.NDArray[np.float64]) -> None:
        """Keep the values of a feature for the rows of the trial, unless too many are missing."""
        kept = values[np.concatenate([self.train, self.held])]
        if np.isnan(kept).mean() <= MOST_GAPS:
            self.columns[name] = kept.astype(np.float32)


def choose_rows(genres: ObjectArray, splits: ObjectArray, artists: IntArray, seed: int) -> TrialRows:
    """Return the rows to fit and those to judge.

    Args:
        genres: Top genre of each row, missing without one.
        splits: Part of each row in FMA's own split.
        artists: Artist of each row.
        seed: Seed of the sample.

    Raises:
        TooFewError: A part has no rows, or there are fewer than two genres.
    """
    is_labelled = np.array([isinstance(genre, str) for genre in genres], dtype=bool)
    every = np.flatnonzero(is_labelled & (splits == "training"))
    train = sample_groups(every, artists, MOST_ROWS, seed) if len(every) else every
    known = set(genres[train])
    held = np.flatnonzero(is_labelled & (splits == "validation"))
    held = held[[genre in known for genre in genres[held]]] if len(held) else held
    if len(known) < FEWEST or not len(held):
        raise TooFewError(
            "treatments of outliers cannot be compared",
            found=f"{len(train)} training and {len(held)} validation tracks with features, {len(known)} genres",
            allowed="tracks of at least two genres in the training part, and of these in the validation part",
        )
    return TrialRows(train, held, genres, artists, len(every))


@dataclass(frozen=True)
class Limits:
    """What is an outlier: farther than `reach` from `centre`, each shape (features,)."""

    centre: FloatArray
    reach: FloatArray

    def outside(self, values: FloatArray) -> npt.NDArray[np.bool_]:
        """Return which values are outliers, shape (rows, features)."""
        return np.asarray(np.abs(values - self.centre) > self.reach)


def limits_of(rule: str, values: FloatArray) -> Limits:
    """Return the limits by one rule, from training rows.

    Args:
        rule: `z` or `robust`.
        values: Shape (rows, features), without gaps.
    """
    if rule == Z:
        return Limits(values.mean(axis=0), LIMIT * values.std(axis=0))
    median = np.median(values, axis=0)
    spread = np.median(np.abs(values - median), axis=0) * NORMAL_MAD
    return Limits(median, np.where(spread > 0, LIMIT * spread, np.inf))


def treated(
    treatment: str, limits: Limits, train: FloatArray, held: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return both parts with their outliers treated; `drop` changes no value.

    Args:
        treatment: One of `TREATMENTS`.
        limits: What is an outlier.
        train: Training rows, shape (rows, features).
        held: Rows to judge, shape (rows, features).
    """
    if treatment in (LEAVE, DROP):
        return train, held
    if treatment == CLIP:
        low, high = limits.centre - limits.reach, limits.centre + limits.reach
        return np.clip(train, low, high), np.clip(held, low, high)
    is_out, is_held_out = limits.outside(train), limits.outside(held)
    fill = _fills(treatment, train, is_out)
    parts = np.where(is_out, fill, train), np.where(is_held_out, fill, held)
    if treatment != MISSING:
        return parts
    flagged = is_out.any(axis=0)
    return (
        np.hstack([parts[0], is_out[:, flagged].astype(train.dtype)]),
        np.hstack([parts[1], is_held_out[:, flagged].astype(train.dtype)]),
    )


def _fills(treatment: str, train: FloatArray, is_out: npt.NDArray[np.bool_]) -> FloatArray:
    """Return what replaces outliers of each feature, shape (features,)."""
    if treatment == MEDIAN:
        return np.asarray(np.median(train, axis=0))
    if treatment == MEAN:
        return np.asarray(train.mean(axis=0))
    left = np.where(is_out, 0, train).sum(axis=0)
    return np.asarray(left / np.maximum((~is_out).sum(axis=0), 1))


def try_treatments(rows: TrialRows, seed: int, cores: int) -> Trial:
    """Fit a model for every treatment and rule, and judge it on the validation part.

    Args:
        rows: The rows, with their features.
        seed: Seed of models and resamples.
        cores: Models that are fitted side by side.

    Raises:
        TooFewError: No feature, or too few rows that have all of them.
    """
    if not rows.columns:
        raise TooFewError("treatments of outliers cannot be compared", found="no feature with values")
    values = np.column_stack(list(rows.columns.values()))
    is_whole = np.asarray(np.isfinite(values).all(axis=1))
    split = len(rows.train)
    train, held = values[:split][is_whole[:split]], values[split:][is_whole[split:]]
    fitted, judged = rows.train[is_whole[:split]], rows.held[is_whole[split:]]
    labels = sorted(set(rows.genres[fitted]))
    is_known = np.isin(rows.genres[judged].astype(str), labels)
    held, judged = held[is_known], judged[is_known]
    if len(labels) < FEWEST or not len(held):
        raise TooFewError(
            "treatments of outliers cannot be compared",
            found=f"{len(train)} training and {len(held)} validation tracks with every feature",
        )
    codes = np.searchsorted(labels, rows.genres[fitted].astype(str))
    truth, artists = rows.genres[judged].astype(str), rows.artists[judged]
    commonest = labels[int(np.bincount(codes).argmax())]
    limits = {rule: limits_of(rule, train) for rule in RULES}

    work = [(LEAVE, ""), *((treatment, rule) for rule in RULES for treatment in TREATMENTS)]
    jobs = [(train, codes, held, limits, len(labels), seed, *each) for each in work]
    with limit_threads(1):
        found = list(run_all(_fit, jobs, cores, in_threads=True))
    models = [one for one in found if isinstance(one, Fitted)]
    return Trial(
        rows=len(train),
        of=rows.of,
        judged=len(judged),
        judged_artists=len(np.unique(artists)),
        features=values.shape[1],
        genres=len(labels),
        baseline=float((truth == commonest).mean()),
        treatments=tuple(_judged(models, truth, labels, artists, seed)),
        untried=tuple(one for one in found if isinstance(one, str)),
    )


@dataclass(frozen=True)
class Fitted:
    """A fitted model: what was treated how, and its probabilities for the judged rows."""

    treatment: str
    rule: str
    changed: float
    rows: int
    proba: npt.NDArray[np.float64]


def _fit(
    train: FloatArray,
    codes: IntArray,
    held: FloatArray,
    limits: Mapping[str, Limits],
    labels: int,
    seed: int,
    treatment: str,
    rule: str,
) -> Fitted | str:
    """Return the model of one treatment by one rule, or why there is none."""
    kept, changed = np.ones(len(train), dtype=bool), 0.0
    if rule:
        is_out = limits[rule].outside(train)
        changed = float(is_out.mean())
        if treatment == DROP:
            kept = np.asarray(~is_out.any(axis=1))
            changed = float(1 - kept.mean())
    if len(np.unique(codes[kept])) < FEWEST:
        return f"{treatment} by the {rule} rule leaves {kept.sum():,} training tracks"
    first, second = treated(treatment, limits.get(rule, limits[Z]), train, held)
    proba = _predict(first[kept], codes[kept], second, labels, seed)
    return Fitted(treatment, rule, changed, int(kept.sum()), proba)


def _predict(
    train: FloatArray, codes: IntArray, held: FloatArray, labels: int, seed: int
) -> npt.NDArray[np.float64]:
    model = MODEL.build(seed, 1, "nightly").set_params(**MODEL.pinned[LIBROSA])
    model.fit(train, codes)
    proba = np.zeros((len(held), labels))
    proba[:, model.classes_] = model.predict_proba(held)
    return np.asarray(proba / proba.sum(axis=1, keepdims=True))


def _judged(
    models: list[Fitted], truth: npt.NDArray[np.str_], labels: list[str], artists: IntArray, seed: int
) -> Iterator[Treated]:
    first = models[0]
    for one in models:
        found = scores.evaluate("validation", truth, one.proba, labels, seed, groups=artists)
        apart = scores.compare(truth, one.proba, first.proba, labels, seed, groups=artists)
        yield Treated(
            one.treatment,
            one.rule,
            one.changed,
            one.rows,
            score_of(found, "validation/accuracy"),
            score_of(found, "validation/log_loss"),
            apart["accuracy"],
            apart["log_loss"],
        )

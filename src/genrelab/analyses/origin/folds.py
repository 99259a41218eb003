"""Held-out answers of every model: computed once, scored for every question.

Conventions: repeated stratified folds over tracks, stratified by country; all models see the same folds. The
data name no artist, so a split is by row: tracks of one recording may sit on both sides, and every score of
the study is that much too kind.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import starmap
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.model_selection import StratifiedKFold
from threadpoolctl import threadpool_limits

from genrelab import progress
from genrelab.analyses.origin.models import COORDINATES, COUNTRY, LATITUDE, MODELS, Effort, OriginModel
from genrelab.analyses.origin.tracks import OriginTracks
from genrelab.workers import Workers

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

FEWEST = 2
"""Training tracks that a country needs to be known: a single one has no spread."""


@dataclass(frozen=True)
class HeldOut:
    """What every model answers for tracks it has not seen.

    Args:
        answers: By model: shape (repeats, tracks, places) of probabilities for a country model, (repeats,
            tracks) of probabilities of the north for a side model, (repeats, tracks, 2) of degrees for a
            regression.
        seconds: Fitting time of each model over all folds.
        folds: Number of folds.
        repeats: Number of repeats.
    """

    answers: dict[str, FloatArray]
    seconds: dict[str, float]
    folds: int
    repeats: int

    def of_task(self, task: str) -> dict[str, FloatArray]:
        """Answers of the models that are fitted to one task."""
        return {model.name: self.answers[model.name] for model in MODELS if model.task == task}


def predict_held_out(
    tracks: OriginTracks, *, repeats: int, folds: int, effort: Effort, seed: int, cores: int
) -> HeldOut:
    """Fit every model on every fold and keep its answers for the rows held out.

    Args:
        tracks: The tracks.
        repeats: How often the folds are drawn anew.
        folds: How many.
        effort: How much work one fit may do.
        seed: Seed; repeat number n draws its folds by seed + n.
        cores: Processor cores; each works on a fold of its own.
    """
    answers = {model.name: np.zeros((repeats, *_shape(model, tracks))) for model in MODELS}
    seconds = dict.fromkeys(answers, 0.0)
    jobs = list(_folds(tracks, repeats, folds, seed))
    with progress.track("asking where tracks come from", len(jobs), "folds") as advance:
        given = [(tracks, training, held, effort, seed + repeat) for repeat, training, held in jobs]
        # Processes: the many small fits of a fold would wait for Python's lock, which kept a quarter of two cores idle.
        with Workers(cores) as workers:
            found = workers.map(_fit_fold, given) if cores > 1 else starmap(_fit_fold, given)
            for done, ((repeat, _, held), of_fold) in enumerate(zip(jobs, found, strict=True), start=1):
                for name, (answer, spent) in of_fold.items():
                    answers[name][repeat, held] = answer
                    seconds[name] += spent
                advance(done, f"repeat {repeat + 1} of {repeats}")
    return HeldOut(answers, seconds, folds, repeats)


def _shape(model: OriginModel, tracks: OriginTracks) -> tuple[int, ...]:
    return {
        COUNTRY: (len(tracks), len(tracks.places)),
        LATITUDE: (len(tracks),),
        COORDINATES: (len(tracks), 2),
    }[model.task]


def _folds(
    tracks: OriginTracks, repeats: int, folds: int, seed: int
) -> Iterator[tuple[int, IntArray, IntArray]]:
    for repeat in range(repeats):
        # A side of the line is a union of countries; where a country has fewer tracks than folds, the side is what
        # every fold must hold.
        strata = tracks.place if tracks.sizes.min() >= folds else tracks.is_north
        splitter = StratifiedKFold(folds, shuffle=True, random_state=seed + repeat)
        for training, held in splitter.split(tracks.features, strata):
            yield repeat, training, held


def _fit_fold(
    tracks: OriginTracks, training: IntArray, held: IntArray, effort: Effort, seed: int
) -> dict[str, tuple[FloatArray, float]]:
    """Answers for the rows held out, and seconds of fitting, by model."""
    targets = {COUNTRY: tracks.place, LATITUDE: tracks.is_north, COORDINATES: tracks.coordinates}
    found = {}
    of_place = np.bincount(tracks.place[training], minlength=len(tracks.places))
    several = training[of_place[tracks.place[training]] >= FEWEST]
    with threadpool_limits(1):  # the matrices are small
        for model in MODELS:
            rows = several if model.task == COUNTRY else training
            started = time.perf_counter()
            fitted = model.make(effort, seed).fit(tracks.features[rows], targets[model.task][rows])
            spent = time.perf_counter() - started
            found[model.name] = (_answer(model, fitted, tracks, held), spent)
    return found


def _answer(model: OriginModel, fitted: Any, tracks: OriginTracks, held: IntArray) -> FloatArray:
    features = tracks.features[held]
    if model.task == COORDINATES:
        degrees = np.asarray(fitted.predict(features))
        return np.column_stack([degrees[:, 0].clip(-90, 90), degrees[:, 1].clip(-180, 180)])
    proba = np.asarray(fitted.predict_proba(features))
    if model.task == LATITUDE:
        return np.asarray(proba[:, 1])
    everywhere = np.zeros((len(held), len(tracks.places)))
    everywhere[:, fitted.classes_] = proba  # a country whose tracks are all held out is not known
    return everywhere

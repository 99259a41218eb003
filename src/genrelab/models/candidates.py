"""Which model challenges the champion: the lowest log loss on folds by artist, and within its error the simplest.

Conventions
    - Candidates are judged on out-of-fold probabilities of the training rows, after each one's own calibration. Gate
      and test play no part, so the gate's test of the one challenger keeps its level.
    - One standard error, of the paired difference to the best with artists as clusters: among models that far from the
      best the least complex one challenges (Breiman et al., "Classification and Regression Trees", 1984, section
      3.4.3). Equal complexity: the lower log loss; equal log loss: the name. So the order of training plays no part.
    - Rows whose label is in no other fold are left out for all models alike.

Whether the challenger wins does not belong here but in `genrelab.models.champion`.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import starmap

import numpy as np
import numpy.typing as npt

from genrelab.evaluation.prior_shift import out_of_fold_means
from genrelab.evaluation.results import Candidate
from genrelab.evaluation.sampling import Groups, artist_numbers, mean_and_error
from genrelab.evaluation.scores import accuracy, count, macro_f1
from genrelab.models.calibration import (
    Calibration,
    calibrated,
    find_artist_temperature,
    find_fair_power,
    find_smoothing,
    losses,
    named,
)
from genrelab.models.data import TaskData, UnfitError
from genrelab.models.declaration import THOROUGH, Model, TrainingSettings
from genrelab.models.estimation import Chosen
from genrelab.models.kinds import kind_of
from genrelab.models.out_of_fold import Fold, Run, make_folds, out_of_fold, seen_labels, training_rows
from genrelab.models.task import Task
from genrelab.runtime.choices import FAIR
from genrelab.runtime.errors import GenrelabError

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

STANDARD_ERRORS = 1.0
"""How far from the best a simpler model may be."""


@dataclass(frozen=True)
class Judged:
    """A model on the folds.

    Args:
        model: Its declaration.
        calibration: Fitted on the same folds.
        losses: Log loss of each judged row, after calibration.
        fair_cost: Accuracy that the decision "fair to rare genres" costs on these rows.
        fair_gain: Macro F1 that it gains.
    """

    model: Model
    calibration: Calibration
    losses: FloatArray
    fair_cost: float
    fair_gain: float


def may_challenge(model: Model, task: Task, settings: TrainingSettings, rows: int) -> bool:
    """Whether a model is judged on the folds.

    Baselines are not, nor models that say why not, nor a model that is fitted on a sample of these rows only.
    """
    is_capped = 0 < model.most_rows < rows and settings.budget != THOROUGH
    return (
        task.has_champion
        and kind_of(task).is_explained
        and not (model.is_baseline or model.why_no_candidate or is_capped)
    )


def judge(model: Model, proba: FloatArray, data: TaskData, rows: IntArray, artists: Groups) -> Judged:
    """Calibrate a model and measure what is left.

    Args:
        model: Its declaration.
        proba: Out-of-fold probabilities of these rows, shape (rows, labels).
        data: The rows of the task.
        rows: Training rows whose label the folds know, as positions in `data`.
        artists: Artist of each of them.
    """
    truth = np.searchsorted(np.asarray(data.labels), data.target[rows])
    shares = np.bincount(truth, minlength=len(data.labels)) / max(len(truth), 1)
    temperature, smoothing = find_smoothing(proba, truth)
    priors = dict(zip(data.labels, shares.tolist(), strict=True))
    first = Calibration(temperature, 1.0, 0.0, priors, smoothing)
    published = calibrated(proba, first)
    calibration = replace(
        first,
        out_of_fold=out_of_fold_means(published, artists, data.labels),
        artist_temperature=find_artist_temperature(published, artists, truth),
        fair_power=find_fair_power(published, truth, shares),
    )
    fair = np.eye(len(data.labels))[named(published, calibration, data.labels, FAIR)]
    plain, fairer = (count(data.target[rows], one, data.labels) for one in (published, fair))
    return Judged(
        model,
        calibration,
        losses(published, truth),
        fair_cost=float(accuracy(plain) - accuracy(fairer)),
        fair_gain=float(macro_f1(fairer) - macro_f1(plain)),
    )


def choose(judged: Iterable[Judged], artists: Groups) -> tuple[Candidate, ...]:
    """The candidates from the lowest log loss to the highest, one of them chosen; none without candidates.

    Args:
        judged: All on the same rows.
        artists: Artist of each row.
    """
    ranked = sorted(judged, key=lambda one: (one.losses.mean(), one.model.name))
    if not ranked:
        return ()
    numbers = artist_numbers(artists)
    found = [_candidate(one, ranked[0], numbers) for one in ranked]
    near = [one for one in found if one.is_near]
    chosen = min(near, key=lambda one: one.complexity)  # the first of equal ones has the lowest log loss
    return tuple(replace(one, is_chosen=one is chosen) for one in found)


def _candidate(one: Judged, best: Judged, artists: IntArray) -> Candidate:
    behind, error = mean_and_error(one.losses - best.losses, artists)
    return Candidate(
        model=one.model.name,
        label=one.model.label,
        complexity=one.model.complexity,
        log_loss=float(one.losses.mean()),
        behind=behind,
        behind_error=error,
        is_near=one is best or behind <= STANDARD_ERRORS * error,
        is_chosen=False,
        temperature=one.calibration.temperature,
        smoothing=one.calibration.smoothing,
        fair_power=one.calibration.fair_power,
        fair_cost=one.fair_cost,
        fair_gain=one.fair_gain,
    )


class CandidateFolds:
    """The folds of a training and what its models do on them.

    Args:
        task: What is predicted.
        data: Its rows.
        settings: Seed, cores and budget.
        run: Does the fits, as `genrelab.models.out_of_fold.Run` says.
    """

    def __init__(self, task: Task, data: TaskData, settings: TrainingSettings, run: Run = starmap) -> None:
        self.task, self.data, self.settings, self.run = task, data, settings, run
        self.rows: IntArray = np.empty(0, dtype=np.int64)
        self.seen = np.empty(0, dtype=np.bool_)
        self.problem = ""
        self._folds: list[Fold] = []
        self._known: dict[str, FloatArray] = {}
        self._judged: dict[str, Judged] = {}
        if not (task.has_champion and kind_of(task).is_explained):
            return
        try:
            self.rows = training_rows(task, data, settings.seed)
            self._folds = make_folds(task, data, self.rows, settings.seed)
            self.seen = seen_labels(data, self.rows, self._folds)
            if not self.seen.any():
                raise UnfitError(
                    f"no model of {task.name} can be a candidate",
                    found="every label belongs to one artist's tracks",
                    do="use more artists",
                )
        except GenrelabError as error:
            self.problem = str(error)

    @property
    def artists(self) -> npt.NDArray[np.object_]:
        """Artist of each judged row."""
        return self.data.columns[self.task.group].to_numpy(dtype=object)[self.rows[self.seen]]

    def calibration_of(self, model: Model, chosen: Chosen) -> Calibration | None:
        """Judge a model on the folds and return its calibration; None for one that may not challenge.

        Args:
            model: Its declaration; a blend after its parts, which are otherwise fitted for it.
            chosen: Parameters that searches found better than the pinned ones, by model.

        Raises:
            ModelError: The estimator refuses a fold, or its training rows have one label.
        """
        if self.problem or not may_challenge(model, self.task, self.settings, len(self.rows)):
            return None
        proba = out_of_fold(
            model,
            self.task,
            self.data,
            self.rows,
            self.settings,
            folds=self._folds,
            chosen=chosen,
            known=self._known,
            run=self.run,
        )
        self._known[model.name] = proba
        judged = judge(model, proba[self.seen], self.data, self.rows[self.seen], self.artists)
        self._judged[model.name] = judged
        return judged.calibration

    def candidates(self, names: Iterable[str]) -> tuple[Candidate, ...]:
        """The candidates among models of these names; see `choose`."""
        wanted = set(names)
        return choose((one for name, one in self._judged.items() if name in wanted), self.artists)


def cv_metrics(candidate: Candidate) -> dict[str, float]:
    """What a model's run says of the folds, by MLflow metric name; a gain is the lower log loss of the two."""
    return {
        "cv/log_loss": candidate.log_loss,
        "cv/log_loss_gain": -candidate.behind,
        "cv/log_loss_gain_error": candidate.behind_error,
        "cv/temperature": candidate.temperature,
        "cv/smoothing": candidate.smoothing,
        "cv/fair_power": candidate.fair_power,
        "cv/fair_accuracy_cost": candidate.fair_cost,
        "cv/fair_macro_f1_gain": candidate.fair_gain,
    }

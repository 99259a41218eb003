"""Which model challenges the champion: the best on folds by artist, and within its error the simplest.

Conventions
    - Candidates are judged on out-of-fold probabilities of the training rows, by what each publishes: one label by log
      loss after its calibration, several labels by mean Jaccard with its thresholds (`genrelab.models.on_folds`). Gate
      and test play no part, so the gate's test of the one challenger keeps its level.
    - One standard error, of the paired difference to the best with artists as clusters: among models that far from the
      best the least complex one challenges (Breiman et al., "Classification and Regression Trees", 1984, section
      3.4.3). Equal complexity: the better score; equal scores: the name. So the order of training plays no part.
    - Rows whose one label is in no other fold are left out for all models alike.

Whether the challenger wins does not belong here but in `genrelab.models.champion`.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import starmap

import numpy as np
import numpy.typing as npt

from genrelab.evaluation.results import LOWER_IS_BETTER, Candidate
from genrelab.evaluation.sampling import Groups, artist_numbers, mean_and_error
from genrelab.models.data import TaskData, UnfitError
from genrelab.models.declaration import THOROUGH, Model, TrainingSettings
from genrelab.models.estimation import Chosen
from genrelab.models.kinds import kind_of
from genrelab.models.on_folds import OnFolds
from genrelab.models.out_of_fold import Fold, Run, make_folds, out_of_fold, seen_labels, training_rows
from genrelab.models.task import Task
from genrelab.runtime.errors import GenrelabError

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

STANDARD_ERRORS = 1.0
"""How far from the best a simpler model may be."""


@dataclass(frozen=True)
class CandidateOnFolds:
    """A model and what it does on the folds."""

    model: Model
    found: OnFolds


def may_challenge(model: Model, task: Task, settings: TrainingSettings, rows: int) -> bool:
    """Whether a model is a candidate.

    Baselines are none, nor models that say why not. A model of one label that is fitted on a sample of these rows
    only is none either; of several labels it is, judged with such samples on the folds too.
    """
    is_capped = 0 < model.most_rows < rows and settings.budget != THOROUGH
    kind = kind_of(task)
    return kind.uses_folds(has_champion=task.has_champion) and not (
        model.is_baseline or model.why_no_candidate or (is_capped and not kind.publishes_all)
    )


def choose(
    judged: Iterable[CandidateOnFolds], artists: Groups, score: str = "log_loss"
) -> tuple[Candidate, ...]:
    """The candidates from the best to the worst, one of them chosen; none without candidates.

    Args:
        judged: All on the same rows.
        artists: Artist of each row.
        score: What their losses are losses of.
    """
    ranked = sorted(judged, key=lambda one: (one.found.losses.mean(), one.model.name))
    if not ranked:
        return ()
    numbers = artist_numbers(artists)
    found = [_candidate(one, ranked[0], numbers, score) for one in ranked]
    near = [one for one in found if one.is_near]
    chosen = min(near, key=lambda one: one.complexity)  # the first of equal ones has the best score
    return tuple(replace(one, is_chosen=one is chosen) for one in found)


def _candidate(one: CandidateOnFolds, best: CandidateOnFolds, artists: IntArray, score: str) -> Candidate:
    losses = one.found.losses
    behind, error = mean_and_error(losses - best.found.losses, artists)
    mean = float(losses.mean())
    return Candidate(
        model=one.model.name,
        label=one.model.label,
        complexity=one.model.complexity,
        score=score,
        value=mean if score in LOWER_IS_BETTER else 1 - mean,
        behind=behind,
        behind_error=error,
        is_near=one is best or behind <= STANDARD_ERRORS * error,
        is_chosen=False,
        numbers=dict(one.found.numbers),
    )


class CandidateFolds:
    """The folds of a training and what its models do on them.

    Args:
        task: What is predicted.
        data: Its rows.
        settings: Seed, cores and budget.
        run: Does the fits, as `genrelab.models.out_of_fold.Run` says.

    Attributes:
        parts: Models whose probabilities are kept for blends: at full size those of one model of 161 labels take 100
            MB. None keeps them all.
    """

    def __init__(self, task: Task, data: TaskData, settings: TrainingSettings, run: Run = starmap) -> None:
        self.task, self.data, self.settings, self.run = task, data, settings, run
        self.rows: IntArray = np.empty(0, dtype=np.int64)
        self.seen = np.empty(0, dtype=np.bool_)
        self.problem = ""
        self.parts: frozenset[str] | None = None
        self._folds: list[Fold] = []
        self._known: dict[str, FloatArray] = {}
        self._judged: dict[str, CandidateOnFolds] = {}
        self.kind = kind_of(task)
        if not self.kind.uses_folds(has_champion=task.has_champion):
            return
        try:
            self.rows = training_rows(task, data, settings.seed)
            self._folds = make_folds(task, data, self.rows, settings.seed)
            self.seen = seen_labels(data, self.rows, self._folds, self.kind)
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

    def judges(self, model: Model) -> bool:
        """Whether a model is judged on the folds: a candidate, or any model whose predictions depend on them."""
        return not self.problem and (
            self.kind.publishes_all or may_challenge(model, self.task, self.settings, len(self.rows))
        )

    def judge(self, model: Model, chosen: Chosen) -> OnFolds | None:
        """Judge a model on the folds; None for one that is not judged there.

        Args:
            model: Its declaration; a blend after its parts, which are otherwise fitted for it.
            chosen: Parameters that searches found better than the pinned ones, by model.

        Raises:
            ModelError: The estimator refuses a fold, or its training rows have one label.
        """
        if not self.judges(model):
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
        if self.parts is None or model.name in self.parts:
            self._known[model.name] = proba
        found = self.kind.on_folds(
            proba[self.seen],
            self.data.target[self.rows[self.seen]],
            self.data.labels,
            self.artists,
            self.task.minimum_support,
        )
        self._judged[model.name] = CandidateOnFolds(model, found)
        return found

    def candidates(self, names: Iterable[str]) -> tuple[Candidate, ...]:
        """The candidates among models of these names; see `choose`."""
        wanted = set(names)
        judged = (
            one
            for name, one in tuple(self._judged.items())  # models may be judged meanwhile, in other threads
            if name in wanted and may_challenge(one.model, self.task, self.settings, len(self.rows))
        )
        return choose(judged, self.artists, self.kind.loss)


def cv_metrics(candidate: Candidate) -> dict[str, float]:
    """What a model's run says of the folds, by MLflow metric name; a gain is how much better it is than the best."""
    score = candidate.score
    return {
        f"cv/{score}": candidate.value,
        f"cv/{score}_gain": -candidate.behind,
        f"cv/{score}_gain_error": candidate.behind_error,
        **{f"cv/{name}": value for name, value in candidate.numbers.items()},
    }

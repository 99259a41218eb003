"""Train the models of a task, one after the other, and complete the best.

Conventions: one result per model and variant of `Task.duplicates`. A model or a split that cannot be had is
noted and the rest goes on; finished results are handed over at once, so an interrupted training keeps them.
The parameters of a model are searched once per task, on the training rows of the gate without duplicates.

Tracking runs, registries and champions' aliases do not belong here: `on_result` is where they begin.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from genrelab.evaluation.perfect_calibration import perfect_ece
from genrelab.evaluation.results import Candidate, Comparison, LearningCurve, LearningPoint
from genrelab.evaluation.splits import Split
from genrelab.models.calibration import Calibration
from genrelab.models.candidates import CandidateFolds
from genrelab.models.comparison import compare_models
from genrelab.models.curves import learning_curve, validation_curve
from genrelab.models.data import TaskData, UnfitError, make_repeats, make_splits, variant_rows
from genrelab.models.declaration import NIGHTLY, QUICK, THOROUGH, Model, TrainingSettings, recipe_for
from genrelab.models.estimation import Known
from genrelab.models.fitting import Fitted, chosen_of, fit, importances_of, refit, spread
from genrelab.models.kinds import kind_of
from genrelab.models.search import Search, search
from genrelab.models.task import Task
from genrelab.runtime import progress
from genrelab.runtime.errors import GenrelabError

__all__ = ["Trained", "best_candidate", "train_task", "variant_rows"]

IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Trained:
    """All results of a task.

    Args:
        task: What is predicted.
        data: Its rows.
        results: One per model and variant, in the order of training; only the best candidate keeps its
            estimator.
        failures: What went wrong, by model or variant.
        comparisons: The best candidate against each other model, from `genrelab.models.comparison`.
        candidates: The models on folds by artist, from `genrelab.models.candidates`; none for a task without a
            champion, or of another kind of target.
    """

    task: Task
    data: TaskData
    results: tuple[Fitted, ...]
    failures: dict[str, str]
    comparisons: tuple[Comparison, ...] = ()
    candidates: tuple[Candidate, ...] = ()


def train_task(
    data: TaskData,
    task: Task,
    models: Sequence[Model],
    settings: TrainingSettings,
    on_result: Callable[[Fitted], None] = lambda _: None,
    *,
    deadline: float | None = None,
) -> Trained:
    """Fit and score every model on every variant of the rows.

    Args:
        data: From `genrelab.models.data.prepare`.
        task: What is predicted.
        models: From `genrelab.models.zoo`; a blend after its parts. The baselines of the kind of target come first.
        settings: Seed, cores and budget.
        on_result: Called with each result as soon as it is there.
        deadline: Moment of `time.monotonic` after which no further fit is begun; None for no limit.

    Raises:
        GenrelabError: Not one model could be fitted.
    """
    training = _Training(data, task, settings, deadline)
    models = [*kind_of(task).baselines, *models]
    models_of = {each: training.models_with(models, each) for each in task.duplicates}
    total = sum(map(len, models_of.values()))
    with progress.track(f"training {task.name}", total, "models") as advance:
        for duplicates in task.duplicates:
            rows = variant_rows(data, duplicates)
            try:
                splits = make_splits(task, data, rows, settings.seed)
            except GenrelabError as error:
                training.failures[f"duplicates {duplicates}"] = str(error)
                continue
            known: Known = {}
            for model in models_of[duplicates]:
                try:
                    result = training.train(model, rows, splits, duplicates, known)
                except GenrelabError as error:
                    training.failures[f"{model.name}, duplicates {duplicates}"] = str(error)
                    continue
                on_result(result)
                training.results.append(result)
                del result
                training.drop_idle_estimators()
                advance(len(training.results), model.label)
    if not training.results:
        raise GenrelabError(
            f"no model of {task.name} could be trained",
            found="; ".join(f"{name}: {reason}" for name, reason in training.failures.items()) or "no models",
            do="fix the errors listed and train again",
        )
    return training.completed()


def best_candidate(trained: Trained) -> Fitted | None:
    """The result that may challenge the champion, duplicates removed where that was tried.

    For a task with a champion it is the one chosen on folds by artist (`genrelab.models.candidates`). For a task
    without, whose best model is only shown, and for other kinds of targets it is the best on the gate by the score of
    the kind. None when no model but a baseline could be judged.
    """
    return _best(trained.task, trained.results, trained.candidates)


def _able(task: Task, results: Sequence[Fitted]) -> list[Fitted]:
    """The results that may be the best one: without duplicates, judged on the gate, no baseline."""
    return [
        result
        for result in results
        if result.duplicates == task.duplicates[-1]
        and not result.model.is_baseline
        and result.stored_split == task.gate
    ]


def _best(task: Task, results: Sequence[Fitted], candidates: Sequence[Candidate]) -> Fitted | None:
    able = _able(task, results)
    if task.has_champion and kind_of(task).is_explained:
        chosen = {one.model for one in candidates if one.is_chosen}
        return next((result for result in able if result.model.name in chosen), None)

    def rank(result: Fitted) -> tuple[float, ...]:
        return kind_of(task).rank(result.scores, task.gate, result.evaluations[task.gate].y_true)

    return max(able, key=rank, default=None)


def _parts(model: Model, task: Task) -> dict[str, float]:
    """The parts of a blend with their weights; none of another model."""
    return dict(recipe_for(model, task.family).parts) if model.recipe is not None else {}


def _with_more_scores(result: Fitted, of_model: Mapping[str, Mapping[str, float]]) -> Fitted:
    """A result with the further scores of its model, if there are any."""
    return replace(result, scores={**result.scores, **of_model.get(result.model.name, {})})


class _Training:
    """The state of one training: results so far, failures, searches.

    Args:
        data: The rows.
        task: What is predicted.
        settings: Seed, cores and budget.
        deadline: See `train_task`.
    """

    def __init__(
        self, data: TaskData, task: Task, settings: TrainingSettings, deadline: float | None
    ) -> None:
        self.data, self.task, self.settings, self.deadline = data, task, settings, deadline
        self.results: list[Fitted] = []
        self.failures: dict[str, str] = {}
        self.searches: dict[str, Search | None] = {}
        self.is_explained = kind_of(task).is_explained
        self.folds = CandidateFolds(task, data, settings)
        if self.folds.problem:
            self.failures["candidates"] = self.folds.problem

    def models_with(self, models: Sequence[Model], duplicates: str) -> list[Model]:
        """The models that a variant is trained with: a slow one is left out where it would have no split."""
        has_split = "author" in self.task.splits or duplicates == self.task.duplicates[-1]
        return [model for model in models if has_split or not (model.is_slow and self._is_shortened())]

    def train(
        self, model: Model, rows: IntArray, splits: Sequence[Split], duplicates: str, known: Known
    ) -> Fitted:
        """One result.

        Raises:
            GenrelabError: It cannot be had.
        """
        self._check_time(model)
        self._search(model)
        result = fit(
            model,
            self.task,
            self.data,
            rows,
            self._splits_of(model, splits, duplicates),
            settings=self.settings,
            duplicates=duplicates,
            searched=self.searches,
            known=known,
            calibration=self._calibration(model, duplicates),
        )
        if duplicates != self.task.duplicates[-1] or not self.is_explained:
            return result
        if model.curve:
            gate = self._gate(splits)
            curve = validation_curve(model, self.task, self.data, rows[gate.train], self.settings)
            result = replace(result, validation_curve=curve)
        if self.settings.budget == THOROUGH and not model.is_baseline:
            result = _with_more_scores(result, self._other_draws([model], rows))
        return result

    def _calibration(self, model: Model, duplicates: str) -> Calibration | None:
        """Judge a model on the folds, if it may challenge the champion in this variant."""
        if duplicates != self.task.duplicates[-1]:
            return None
        try:
            return self.folds.calibration_of(model, chosen_of(self.searches))
        except GenrelabError as error:
            self.failures[f"{model.name}, folds"] = str(error)
            return None

    def _candidates(self) -> tuple[Candidate, ...]:
        """The candidates among the results so far."""
        return self.folds.candidates(one.model.name for one in _able(self.task, self.results))

    def drop_idle_estimators(self) -> None:
        """Keep the estimator of the best candidate alone."""
        best = _best(self.task, self.results, self._candidates())
        self.results = [each if each is best else replace(each, estimator=None) for each in self.results]

    def completed(self) -> Trained:
        """The results, the best candidate with all that only it gets: estimator, importances, curve, spread."""
        candidates = self._candidates()
        best = _best(self.task, self.results, candidates)
        comparisons: tuple[Comparison, ...] = ()
        if best is not None and self.is_explained:
            place = next(place for place, each in enumerate(self.results) if each is best)
            self.results[place] = self._with_perfect_ece(self._complete(best))
            if self.settings.budget == NIGHTLY and self.task.has_champion:
                self._add_seed_spread(best)
            complete = self.results[place]
            competitors = [each for each in self.results if each.duplicates == complete.duplicates]
            if self.task.shown in complete.evaluations:
                comparisons = compare_models(
                    complete, competitors, self.task.shown, self.data.labels, self.settings.seed
                )
        return Trained(self.task, self.data, tuple(self.results), self.failures, comparisons, candidates)

    def _complete(self, best: Fitted) -> Fitted:
        rows = variant_rows(self.data, best.duplicates)
        gate = self._gate(make_splits(self.task, self.data, rows, self.settings.seed))
        if best.estimator is None and self.task.has_champion:
            estimator = refit(best, self.task, self.data, rows, gate, self.settings, self.searches)
            judged = best.evaluations[self.task.gate]
            important = importances_of(
                best.model,
                self.task,
                self.data,
                estimator,
                best.labels,
                judged,
                best.duplicates,
                self.settings,
            )
            best = replace(best, estimator=estimator, importances=important)
        if self.settings.budget == QUICK or not (self.task.is_searched or self.settings.budget == THOROUGH):
            return best
        try:
            self._check_time(best.model)
            points = learning_curve(best.model, self.task, self.data, rows, gate, self.settings)
        except GenrelabError as error:
            self.failures[f"{best.model.name}, learning curve"] = str(error)
            return best
        whole = LearningPoint(
            rows=float(best.evaluations[self.task.gate].train_rows),
            accuracy=best.scores[f"{self.task.gate}/accuracy"],
            macro_f1=best.scores[f"{self.task.gate}/macro_f1"],
        )
        return replace(best, learning_curve=LearningCurve(self.task.gate, (*points, whole)))

    def _with_perfect_ece(self, best: Fitted) -> Fitted:
        """The candidate with the ECE that its probabilities would have if they were perfect, on every split."""
        more: dict[str, float] = {}
        for one in best.evaluations.values():
            more |= perfect_ece(
                one.split, one.y_true, one.proba, self.data.labels, self.settings.seed, groups=one.artists
            )
        return replace(best, scores={**best.scores, **more})

    def _add_seed_spread(self, best: Fitted) -> None:
        """Other draws of artists for the best candidate, its parts, and the other blends of these parts."""
        parts = _parts(best.model, self.task)
        competitors = [each.model for each in self.results if each.duplicates == best.duplicates]
        seeds_of_best = [
            model
            for model in competitors
            if model.name in {best.model.name, *parts} or (parts and _parts(model, self.task) == parts)
        ]
        try:
            self._check_time(best.model)
            scores = self._other_draws(seeds_of_best, variant_rows(self.data, best.duplicates))
        except GenrelabError as error:
            self.failures[f"{best.model.name}, other draws of artists"] = str(error)
            return
        self.results = [
            _with_more_scores(each, scores) if each.duplicates == best.duplicates else each
            for each in self.results
        ]

    def _other_draws(self, models: Sequence[Model], rows: IntArray) -> dict[str, dict[str, float]]:
        """Scores over other draws of artists, by model."""
        repeats = make_repeats(self.task, self.data, rows)
        return spread(models, self.task, self.data, rows, repeats, self.settings)

    def _search(self, model: Model) -> None:
        """Search the parameters of a model, once per task."""
        is_searched = self.task.is_searched and self.is_explained
        if not is_searched or model.name in self.searches:
            return
        self.searches[model.name] = None
        rows = variant_rows(self.data, self.task.duplicates[-1])
        try:
            gate = self._gate(make_splits(self.task, self.data, rows, self.settings.seed))
            self.searches[model.name] = search(
                model,
                self.task.family,
                self.data,
                rows[gate.train],
                self.data.columns[self.task.group].to_numpy(),
                self.settings,
            )
        except GenrelabError as error:
            self.failures[f"{model.name}, search"] = str(error)

    def _splits_of(self, model: Model, splits: Sequence[Split], duplicates: str) -> list[Split]:
        """The splits a model is judged on.

        Where a nightly training makes every model with and without duplicates, a slow one keeps to the fewest: with
        them the author's, without them all but the random one.
        """
        if not (model.is_slow and self._is_shortened()):
            return list(splits)
        if duplicates == self.task.duplicates[-1]:
            return [one for one in splits if one.name != "random"]
        return [one for one in splits if one.name == "author"]

    def _is_shortened(self) -> bool:
        """Whether slow models keep to the fewest splits."""
        return self.settings.budget == NIGHTLY and len(self.task.duplicates) > 1

    def _gate(self, splits: Sequence[Split]) -> Split:
        """The split that promotion reads, or the last one."""
        return next((split for split in splits if split.name == self.task.gate), splits[-1])

    def _check_time(self, model: Model) -> None:
        if self.deadline is not None and time.monotonic() > self.deadline:
            raise UnfitError(
                f"{model.name} was left out",
                found="the time limit for training is reached",
                do="raise training.seconds, or choose a smaller budget",
            )

"""Train the models of a task and complete the best.

Conventions: one result per model and variant of `Task.duplicates`. A model or a split that cannot be had is
noted and the rest goes on; finished results are handed over at once, so an interrupted training keeps them.
The parameters of a model are searched once per task, on the training rows of the gate without duplicates.
Every search and every fit is a job of its own, which may run in another process: it is given plain values.

Tracking runs, registries and champions' aliases do not belong here: `on_result` is where they begin.
"""

import time
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import starmap
from typing import Any

import numpy as np
import numpy.typing as npt

from genrelab.evaluation.perfect_calibration import perfect_ece
from genrelab.evaluation.results import Candidate, Comparison, LearningCurve, LearningPoint
from genrelab.evaluation.splits import Split
from genrelab.models.candidates import CandidateFolds
from genrelab.models.comparison import compare_models
from genrelab.models.curves import learning_curve, validation_curve
from genrelab.models.data import TaskData, UnfitError, make_repeats, make_splits, variant_rows
from genrelab.models.declaration import NIGHTLY, QUICK, THOROUGH, Model, TrainingSettings, recipe_for
from genrelab.models.estimation import Known
from genrelab.models.fitting import Fitted, chosen_of, draw, fit, importances_of, refit, spread
from genrelab.models.jobs import Job, Runner, run_jobs
from genrelab.models.kinds import kind_of
from genrelab.models.on_folds import OnFolds, Published
from genrelab.models.search import Search, search
from genrelab.models.task import Task
from genrelab.runtime import progress
from genrelab.runtime.errors import GenrelabError

__all__ = ["Trained", "best_candidate", "train_task", "variant_rows", "with_estimator"]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Trained:
    """All results of a task.

    Args:
        task: What is predicted.
        data: Its rows.
        results: One per model and variant, in the order of the variants and models; only the best candidate may keep
            its estimator.
        failures: What went wrong, by model or variant.
        comparisons: The best candidate against each other model, from `genrelab.models.comparison`.
        searches: What searches found, by model.
        candidates: The models on folds by artist, from `genrelab.models.candidates`; none for one label without a
            champion, for a number or a place.
    """

    task: Task
    data: TaskData
    results: tuple[Fitted, ...]
    failures: dict[str, str]
    comparisons: tuple[Comparison, ...] = ()
    searches: Mapping[str, Search | None] = field(default_factory=dict)
    candidates: tuple[Candidate, ...] = ()


def train_task(
    data: TaskData,
    task: Task,
    models: Sequence[Model],
    settings: TrainingSettings,
    on_result: Callable[[Fitted], None] = lambda _: None,
    *,
    deadline: float | None = None,
    runner: Runner | None = None,
) -> Trained:
    """Fit and score every model on every variant of the rows.

    Args:
        data: From `genrelab.models.data.prepare`.
        task: What is predicted.
        models: From `genrelab.models.zoo`; a blend after its parts. The baselines of the kind of target come first.
        settings: Seed, cores of one fit, and budget.
        on_result: Called with each result as soon as it is there, by one thread.
        deadline: Moment of `time.monotonic` after which no further fit is begun; None for no limit.
        runner: Runs a fit in a worker process; several are then made side by side, and no estimator comes back
            (`with_estimator` makes that of the best candidate). None fits in this process, one after the other.

    Raises:
        GenrelabError: Not one model could be fitted.
    """
    training = _Training(data, task, settings, deadline, runner)
    jobs = training.jobs([*kind_of(task).baselines, *models])
    results: dict[Hashable, Fitted] = {}
    total = sum(isinstance(job.key, tuple) for job in jobs)
    with progress.track(f"training {task.name}", total, "models") as advance:
        for done in run_jobs(jobs, side_by_side=runner is not None):
            if done.error is not None:
                training.failures[_named(done.key)] = str(done.error)
            elif isinstance(done.result, Fitted):
                on_result(done.result)
                results[done.key] = done.result
                del done  # a forest of 400 trees takes 600 MB
                best = _best(task, list(results.values()), training.candidates(results.values()))
                results = {
                    key: one if one is best else replace(one, estimator=None) for key, one in results.items()
                }
                advance(len(results), list(results.values())[-1].model.label)
    if not results:
        raise GenrelabError(
            f"no model of {task.name} could be trained",
            found="; ".join(f"{name}: {reason}" for name, reason in training.failures.items()) or "no models",
            do="fix the errors listed and train again",
        )
    return training.completed([results[job.key] for job in jobs if job.key in results])


def with_estimator(trained: Trained, settings: TrainingSettings) -> Trained:
    """The same with the estimator and the importances of the best candidate, fitted here if it has none.

    Args:
        trained: From `train_task`.
        settings: Seed, cores and budget.

    Raises:
        ModelError: The estimator refuses the rows.
    """
    best, task, data = best_candidate(trained), trained.task, trained.data
    if best is None or best.estimator is not None:
        return trained
    rows = variant_rows(data, best.duplicates)
    gate = _gate(task, make_splits(task, data, rows, settings.seed))
    estimator = refit(best, task, data, rows, gate, settings, trained.searches)
    important = best.importances or importances_of(
        best.model,
        task,
        data,
        estimator,
        best.labels,
        best.evaluations[task.gate],
        best.duplicates,
        settings,
    )
    complete = replace(best, estimator=estimator, importances=important)
    return replace(trained, results=tuple(complete if each is best else each for each in trained.results))


def best_candidate(trained: Trained) -> Fitted | None:
    """The result that may challenge the champion, duplicates removed where that was tried.

    For one label with a champion, and for several labels, it is the one chosen on folds by artist
    (`genrelab.models.candidates`). For one label without, whose best model is only shown, and for other kinds of
    targets it is the best on the gate by the score of the kind. None when no model but a baseline could be judged.
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
    if kind_of(task).uses_folds(has_champion=task.has_champion):
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


def _gate(task: Task, splits: Sequence[Split]) -> Split:
    """The split that promotion reads, or the last one."""
    return next((split for split in splits if split.name == task.gate), splits[-1])


def _named(key: Hashable) -> str:
    """What a failure calls a job."""
    return ", ".join(map(str, key)) if isinstance(key, tuple) else str(key)


def fit_model(
    model: Model,
    task: Task,
    data: TaskData,
    duplicates: str,
    settings: TrainingSettings,
    searched: Mapping[str, Search | None],
    known: Known,
    published_by: Published | None,
    deadline: float | None,
    is_shortened: bool,
) -> tuple[Fitted, Known]:
    """Fit and score a model on a variant of the rows; may run in any process.

    Args:
        model: Its declaration.
        task: What is predicted.
        data: The rows of the task.
        duplicates: The variant.
        settings: Seed, cores and budget.
        searched: What searches found, by model.
        known: Probabilities of the parts of a blend.
        published_by: What makes its published predictions; None for a model that is not judged on folds.
        deadline: See `train_task`.
        is_shortened: Whether slow models keep to the fewest splits.

    Returns:
        The result, and its probabilities for the blends.

    Raises:
        GenrelabError: It cannot be had.
    """
    _check_time(model, deadline)
    rows = variant_rows(data, duplicates)
    splits = make_splits(task, data, rows, settings.seed)
    is_last, is_explained = duplicates == task.duplicates[-1], kind_of(task).is_explained
    found: Known = dict(known)
    result = fit(
        model,
        task,
        data,
        rows,
        _fewest(model, splits, is_last=is_last) if is_shortened else splits,
        settings=settings,
        duplicates=duplicates,
        searched=searched,
        known=found,
        published_by=published_by,
    )
    if is_last and is_explained:
        if model.curve:
            train = rows[_gate(task, splits).train]
            result = replace(result, validation_curve=validation_curve(model, task, data, train, settings))
        if settings.budget == THOROUGH and not model.is_baseline:
            draws = [
                draw([model], task, data, rows, repeat, settings) for repeat in make_repeats(task, data, rows)
            ]
            result = _with_more_scores(result, spread(task, draws))
    return result, {key: one for key, one in found.items() if key[0] == model.name}


def fit_model_elsewhere(*given: Any) -> tuple[Fitted, Known]:
    """As `fit_model`, in a worker process: the estimator stays there."""
    result, known = fit_model(*given)
    return replace(result, estimator=None), known


def search_model(
    model: Model, task: Task, data: TaskData, settings: TrainingSettings, deadline: float | None
) -> Search | None:
    """Search the parameters of a model on the training rows of the gate; may run in any process.

    Raises:
        GenrelabError: It cannot be had.
    """
    _check_time(model, deadline)
    rows = variant_rows(data, task.duplicates[-1])
    gate = _gate(task, make_splits(task, data, rows, settings.seed))
    groups = data.columns[task.group].to_numpy()
    return search(model, task.family, data, rows[gate.train], groups, settings)


def _fewest(model: Model, splits: Sequence[Split], *, is_last: bool) -> list[Split]:
    """The splits of a slow model: with duplicates the author's, without them all but the random one."""
    if not model.is_slow:
        return list(splits)
    return [one for one in splits if (one.name != "random" if is_last else one.name == "author")]


def _check_time(model: Model, deadline: float | None) -> None:
    if deadline is not None and time.monotonic() > deadline:
        raise UnfitError(
            f"{model.name} was left out",
            found="the time limit for training is reached",
            do="raise training.seconds, or choose a smaller budget",
        )


class _Training:
    """The state of one training: searches, probabilities for the blends, failures.

    Args:
        data: The rows.
        task: What is predicted.
        settings: Seed, cores and budget.
        deadline: See `train_task`.
        runner: See `train_task`.
    """

    def __init__(
        self,
        data: TaskData,
        task: Task,
        settings: TrainingSettings,
        deadline: float | None,
        runner: Runner | None,
    ) -> None:
        self.data, self.task, self.settings, self.deadline = data, task, settings, deadline
        self.runner = runner
        self.failures: dict[str, str] = {}
        self.searches: dict[str, Search | None] = {}
        self.known: Known = {}
        self.is_explained = kind_of(task).is_explained
        self.is_shortened = settings.budget == NIGHTLY and len(task.duplicates) > 1
        self.folds = CandidateFolds(task, data, settings, self._run_folds)
        self.on_folds: dict[str, OnFolds | None] = {}
        if self.folds.problem:
            self.failures["candidates"] = self.folds.problem

    def run(self, work: Callable[..., Any], *given: Any) -> Any:
        """Call a function of this module here, or in a worker process."""
        return work(*given) if self.runner is None else self.runner(work, *given)

    def _run_folds(
        self, work: Callable[..., FloatArray], jobs: Iterable[tuple[Any, ...]]
    ) -> Iterator[FloatArray]:
        runner = self.runner
        if runner is None:
            yield from starmap(work, jobs)
            return
        folds = list(jobs)
        with ThreadPoolExecutor(len(folds)) as threads:  # each waits for a worker
            yield from threads.map(lambda job: runner(work, *job), folds)

    def candidates(self, results: Iterable[Fitted]) -> tuple[Candidate, ...]:
        """The candidates among these results."""
        return self.folds.candidates(one.model.name for one in _able(self.task, list(results)))

    def jobs(self, models: Sequence[Model]) -> list[Job]:
        """Search, folds (of a model that may challenge) and a fit for each variant of the rows, for every model.

        A fit is named by a tuple, everything else by a text.
        """
        found: list[Job] = []
        self.folds.parts = frozenset(part for model in models for part in self._parts(model))
        last = self.task.duplicates[-1]
        for duplicates in self.task.duplicates:
            rows = variant_rows(self.data, duplicates)
            try:
                make_splits(self.task, self.data, rows, self.settings.seed)
            except GenrelabError as error:
                self.failures[f"duplicates {duplicates}"] = str(error)
                continue
            for model in models:
                # A slow model is left out where it would have no split.
                has_split = "author" in self.task.splits or duplicates == last
                if model.is_slow and self.is_shortened and not has_split:
                    continue
                needed = self._parts(model) or (model.name,)
                searched = [f"{name}, search" for name in needed]
                if self._is_searched(model) and all(job.key != searched[0] for job in found):
                    found.append(Job(searched[0], partial(self._search, model)))
                if duplicates == last and self.folds.judges(model):
                    folds = [f"{name}, folds" for name in needed]
                    found.append(
                        Job(f"{model.name}, folds", partial(self._judge, model), (*searched, *folds))
                    )
                    searched.append(f"{model.name}, folds")
                parts = [(name, f"duplicates {duplicates}") for name in needed if name != model.name]
                found.append(
                    Job(
                        (model.name, f"duplicates {duplicates}"),
                        partial(self._fit, model, duplicates),
                        (*searched, *parts),
                    )
                )
        return found

    def _parts(self, model: Model) -> tuple[str, ...]:
        return tuple(_parts(model, self.task))

    def _is_searched(self, model: Model) -> bool:
        return bool(
            self.task.is_searched and self.is_explained and model.search and self.settings.budget != QUICK
        )

    def _judge(self, model: Model) -> None:
        _check_time(model, self.deadline)
        self.on_folds[model.name] = self.folds.judge(model, chosen_of(dict(self.searches)))

    def _search(self, model: Model) -> None:
        self.searches[model.name] = self.run(
            search_model, model, self.task, self.data, self.settings, self.deadline
        )

    def _fit(self, model: Model, duplicates: str) -> Fitted:
        names = {model.name, *self._parts(model)}
        on_folds = self.on_folds.get(model.name) if duplicates == self.task.duplicates[-1] else None
        result: Fitted
        result, known = self.run(
            fit_model if self.runner is None else fit_model_elsewhere,
            model,
            self.task,
            self.data,
            duplicates,
            self.settings,
            {name: found for name, found in list(self.searches.items()) if name in names},
            {key: one for key, one in list(self.known.items()) if key[0] in names},
            on_folds.published_by if on_folds else None,
            self.deadline,
            self.is_shortened,
        )
        self.known |= known
        if on_folds is None or not kind_of(self.task).publishes_all:
            return result
        more = {f"cv/{name}": value for name, value in on_folds.scores.items()}
        return replace(result, threshold_curve=on_folds.curve, scores={**result.scores, **more})

    def completed(self, results: list[Fitted]) -> Trained:
        """The results, the best candidate with what only it gets: learning curve, other draws of artists, tests."""
        candidates = self.candidates(results)
        best = _best(self.task, results, candidates)
        comparisons: tuple[Comparison, ...] = ()
        if best is not None and self.is_explained:
            place = next(place for place, each in enumerate(results) if each is best)
            draws: dict[Hashable, dict[str, dict[str, float]]] = {}
            curve: LearningCurve | None = None
            for done in run_jobs(self._more_jobs(best, results), side_by_side=self.runner is not None):
                if done.error is not None:
                    self.failures[_named(done.key)] = str(done.error)
                elif isinstance(done.result, LearningCurve):
                    curve = done.result
                else:
                    draws[done.key] = done.result
            results[place] = self._with_perfect_ece(replace(best, learning_curve=curve))
            of_draws = spread(self.task, [draws[key] for key in sorted(draws, key=str)])
            results = [
                _with_more_scores(each, of_draws) if each.duplicates == best.duplicates else each
                for each in results
            ]
            best = results[place]
            if self.task.shown in best.evaluations:
                others = [each for each in results if each.duplicates == best.duplicates]
                comparisons = compare_models(
                    best, others, self.task.shown, self.data.labels, self.settings.seed
                )
        trained = Trained(
            self.task,
            self.data,
            tuple(results),
            self.failures,
            comparisons,
            dict(self.searches),
            candidates,
        )
        if self.runner is None and self.is_explained and self.task.has_champion:
            return with_estimator(trained, self.settings)
        return trained

    def _more_jobs(self, best: Fitted, results: Sequence[Fitted]) -> list[Job]:
        """The learning curve of the best candidate, and other draws of artists for it, its parts and their blends."""
        jobs = []
        rows = variant_rows(self.data, best.duplicates)
        more = best.model, self.task, self.data, best.duplicates, self.settings, self.deadline
        if self.settings.budget == THOROUGH or (self.task.is_searched and self.settings.budget == NIGHTLY):
            key = f"{best.model.name}, learning curve"
            jobs.append(Job(key, partial(self.run, _learning_curve, *more, best)))
        if self.settings.budget == NIGHTLY and self.task.has_champion:
            parts = _parts(best.model, self.task)
            models = [
                each.model
                for each in results
                if each.duplicates == best.duplicates
                and (
                    each.model.name in {best.model.name, *parts}
                    or (parts and _parts(each.model, self.task) == parts)
                )
            ]
            for number in range(len(make_repeats(self.task, self.data, rows))):
                key = f"{best.model.name}, draw {number} of artists"
                jobs.append(Job(key, partial(self.run, _draw, models, *more, number)))
        return jobs

    def _with_perfect_ece(self, best: Fitted) -> Fitted:
        """The candidate with the ECE that its probabilities would have if they were perfect, on every split."""
        more: dict[str, float] = {}
        for one in best.evaluations.values():
            more |= perfect_ece(
                one.split, one.y_true, one.proba, self.data.labels, self.settings.seed, groups=one.artists
            )
        return replace(best, scores={**best.scores, **more})


def _learning_curve(
    model: Model,
    task: Task,
    data: TaskData,
    duplicates: str,
    settings: TrainingSettings,
    deadline: float | None,
    best: Fitted,
) -> LearningCurve:
    """The learning curve of the best candidate, which ends with all its training rows; may run in any process."""
    _check_time(model, deadline)
    rows = variant_rows(data, duplicates)
    gate = _gate(task, make_splits(task, data, rows, settings.seed))
    whole = LearningPoint(
        rows=float(best.evaluations[task.gate].train_rows),
        accuracy=best.scores[f"{task.gate}/accuracy"],
        macro_f1=best.scores[f"{task.gate}/macro_f1"],
    )
    points = learning_curve(model, task, data, rows, gate, settings)
    return LearningCurve(task.gate, (*points, whole))


def _draw(
    models: Sequence[Model],
    best: Model,
    task: Task,
    data: TaskData,
    duplicates: str,
    settings: TrainingSettings,
    deadline: float | None,
    number: int,
) -> dict[str, dict[str, float]]:
    """Scores of models on one other draw of artists, by model; may run in any process."""
    _check_time(best, deadline)
    rows = variant_rows(data, duplicates)
    return draw(models, task, data, rows, make_repeats(task, data, rows)[number], settings)

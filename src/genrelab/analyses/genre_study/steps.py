"""The rows of the comparison: every step on FMA's split with the same scores, beside what the student project reports.

Conventions: on FMA's split a step is fitted on the training part, the output from which it names a genre is the one
of the highest Jaccard index on the validation part, and the test part is only scored. On random rows, which reproduce
the student project, that output is chosen on the test tracks as the student project does. Intervals draw artists.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from time import perf_counter

import numpy as np
import numpy.typing as npt

from genrelab.analyses.genre_study import document
from genrelab.analyses.genre_study.components import fit
from genrelab.analyses.genre_study.judge import Judge, Parts
from genrelab.analyses.genre_study.models import BASELINES, FITTED, FitBudget, Fitted, one_layer
from genrelab.analyses.genre_study.neighbours import VOTES, Found, K, nearest, scaled, shares
from genrelab.analyses.genre_study.networks import BATCH, RATE, WIDTHS, sigmoid_twice
from genrelab.analyses.genre_study.result import (
    ALL,
    APART,
    COMPONENTS,
    FEATURES,
    GIVEN,
    RANDOM,
    ByNeighbours,
    SigmoidTwice,
    Step,
    ThresholdStudy,
    Width,
)
from genrelab.analyses.genre_study.tracks import Tracks
from genrelab.evaluation.genre_tree import GenreTree
from genrelab.evaluation.label_sets import jaccard_of
from genrelab.evaluation.results import LabelScores
from genrelab.evaluation.thresholds import CURVE, curve
from genrelab.runtime.engine import run_all

BoolArray = npt.NDArray[np.bool_]
IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]


@dataclass
class StepResults:
    """What the steps find, filled row by row."""

    steps: list[Step] = field(default_factory=list)
    widths: list[Width] = field(default_factory=list)
    thresholds: list[ThresholdStudy] = field(default_factory=list)
    sigmoid_twice: SigmoidTwice | None = None
    genres: tuple[LabelScores, ...] = ()
    best: str = ""


@dataclass(frozen=True)
class OnOfficial:
    """Probabilities of a model on FMA's split, the threshold chosen on validation, its index, and seconds to fit."""

    validation: FloatArray
    test: FloatArray
    threshold: float
    index: float
    seconds: float


def judge_steps(
    tracks: Tracks,
    tree: GenreTree | None,
    curves: Sequence[ByNeighbours],
    parts: Parts,
    effort: FitBudget,
    advance: Callable[..., None],
) -> StepResults:
    """Fit and score every step.

    Args:
        tracks: The tracks.
        tree: The tree of genres, if there is one.
        curves: The student project's rule under every protocol.
        parts: From `parts_of`.
        effort: How much work a fit may be.
        advance: Is called after each step.
    """
    found = StepResults()
    of_best: tuple[Judge, FloatArray, float] | None = None
    judges = {
        column: Judge(tracks, parts, tree, tracks.about.labels[column], column, effort.seed)
        for column in (GIVEN, ALL)
    }
    for judge in judges.values():
        for step, predicted in _neighbours(judge, curves, effort):
            found.steps.append(step)
            of_best = _better(found, step, judge, predicted, of_best)
    judge = judges[ALL]
    advance(1, "neighbours on FMA's split")
    if parts.is_official:
        step, predicted = _widths(judge, found, effort)
        found.steps.append(step)
        of_best = _better(found, step, judge, predicted, of_best)
        found.sigmoid_twice = sigmoid_twice(judge.test, predicted, step.threshold or 0.0)
    advance(2, "networks with one hidden layer")
    for number, model in enumerate(FITTED):
        step, predicted = _fitted(judge, model, effort, found)
        found.steps.append(step)
        of_best = _better(found, step, judge, predicted, of_best)
        advance(3 + number, model.title)
    for judge in judges.values():
        found.steps += [_fitted(judge, model, effort, None)[0] for model in BASELINES]
    if of_best:
        judge, predicted, threshold = of_best
        found.genres = judge.genres(predicted, threshold)
    return found


def _better(
    found: StepResults,
    step: Step,
    judge: Judge,
    predicted: FloatArray,
    best: tuple[Judge, FloatArray, float] | None,
) -> tuple[Judge, FloatArray, float] | None:
    """The best step by its index on the validation part, among those that predict all labels."""
    if judge.column != ALL or step.validation is None or step.threshold is None:
        return best
    held = max((one.validation or 0 for one in found.steps[:-1] if one.labels == ALL), default=-1.0)
    if best is not None and step.validation <= held:
        return best
    found.best = step.name
    return judge, predicted, step.threshold


def _neighbours(
    judge: Judge, curves: Sequence[ByNeighbours], effort: FitBudget
) -> Iterator[tuple[Step, FloatArray]]:
    """The student project's rule on features and on components, and with k and share of votes chosen on validation."""
    parts, features = judge.parts, judge.tracks.features
    by_inputs: dict[str, tuple[list[FloatArray], list[FloatArray]]] = {}
    seconds: dict[str, float] = {}
    if parts.is_official:
        for inputs in (FEATURES, COMPONENTS):
            started = perf_counter()
            train, *others = scaled(features[parts.train], features[parts.validation], features[parts.test])
            if inputs == COMPONENTS:
                on_components = fit(train)
                train, *others = (on_components.of(one) for one in (train, *others))
            has = judge.labels.has[parts.train]
            jobs = [(train, one) for one in others]
            votes = [_votes(has, found) for found in run_all(nearest, jobs, effort.cores, in_threads=True)]
            by_inputs[inputs], seconds[inputs] = (votes[0], votes[1]), perf_counter() - started
    names = {
        FEATURES: ("knn", "Nearest neighbour", document.KNN),
        COMPONENTS: ("knn_components", "Nearest neighbour on components", document.KNN_ON_COMPONENTS),
    }
    for inputs, (name, title, reported) in names.items():
        by_protocol = {
            one.protocol: one for one in curves if (one.inputs, one.labels) == (inputs, judge.column)
        }
        random, apart = by_protocol.get(RANDOM), by_protocol.get(APART)
        if inputs in by_inputs:
            validation, test = (votes[0] for votes in by_inputs[inputs])
            index, scores = judge.index(validation, VOTES), judge.scores(test, VOTES)
        else:
            index, scores, test = None, {}, np.empty((0, len(judge.labels.ids)))
        step = Step(
            name=name,
            title=title,
            labels=judge.column,
            is_baseline=False,
            document=reported[0] if judge.column == GIVEN else None,
            random=random.mean[0] if random else None,
            random_sd=random.sd[0] if random else None,
            apart=apart.mean[0] if apart else None,
            apart_sd=apart.sd[0] if apart else None,
            threshold=VOTES,
            validation=index,
            scores=scores,
            params={"k": 1, "share_of_votes": VOTES, "metric": "manhattan", "inputs": inputs},
            fit_seconds=seconds.get(inputs, 0.0),
        )
        yield step, test
    if parts.is_official:
        validation_votes, test_votes = by_inputs[FEATURES]
        cuts = [judge.threshold(votes) for votes in validation_votes]
        indices = [judge.index(votes, cut) for votes, cut in zip(validation_votes, cuts, strict=True)]
        place = int(np.argmax(indices))
        step = Step(
            name="knn_chosen",
            title=f"Neighbours, k and share of votes chosen: {K[place]} and {cuts[place]:g}",
            labels=judge.column,
            is_baseline=False,
            document=None,
            random=None,
            random_sd=None,
            apart=None,
            apart_sd=None,
            threshold=cuts[place],
            validation=indices[place],
            scores=judge.scores(test_votes[place], cuts[place]),
            params={
                "k": K[place],
                "share_of_votes": cuts[place],
                "metric": "manhattan",
                "inputs": FEATURES,
            },
            fit_seconds=seconds[FEATURES],
        )
        yield step, test_votes[place]


def _votes(has: BoolArray, found: Found) -> list[FloatArray]:
    return [share.astype(np.float64) for share in shares(has, found)]


def _widths(judge: Judge, found: StepResults, effort: FitBudget) -> tuple[Step, FloatArray]:
    """The networks with one hidden layer; that of the highest index on the validation part becomes a step."""
    best: tuple[float, Fitted, OnOfficial] | None = None
    for units in WIDTHS:
        model = Fitted(
            "one_layer",
            f"Network, one hidden layer of {units}",
            one_layer(units),
            {"hidden": str(units), "batch": BATCH, "rate": RATE},
        )
        one = _on_official(judge, model, effort)
        decided = judge.target(one.test, one.threshold).decided
        found.widths.append(Width(units, one.index, float(jaccard_of(judge.test, decided).mean())))
        if best is None or one.index > best[0]:
            best = one.index, model, one
    assert best is not None  # noqa: S101 - there are widths
    _, model, one = best
    return _step(judge, model, effort, one, None), one.test


def _fitted(
    judge: Judge, model: Fitted, effort: FitBudget, found: StepResults | None
) -> tuple[Step, FloatArray]:
    """Fit a model on random rows, and on FMA's split where it is there.

    Args:
        judge: Of the labels.
        model: What is fitted.
        effort: How much work.
        found: Takes the study of the threshold where the student project reports one.
    """
    parts, features = judge.parts, judge.tracks.features
    (of_random,) = model.predict(
        features[parts.random], judge.labels.has[parts.random], [features[parts.random_test]], effort
    )
    random = curve(judge.labels.has[parts.random_test], of_random)
    if not parts.is_official:
        return _step(judge, model, effort, None, random), np.empty((0, len(judge.labels.ids)))
    one = _on_official(judge, model, effort)
    if found and model.document_threshold:
        found.thresholds.append(
            ThresholdStudy(
                step=model.name,
                thresholds=CURVE,
                random=tuple(random.tolist()),
                validation=tuple(curve(judge.validation, one.validation).tolist()),
                official=tuple(curve(judge.test, one.test).tolist()),
                chosen=one.threshold,
                document=model.document_threshold,
            )
        )
    return _step(judge, model, effort, one, random), one.test


def _on_official(judge: Judge, model: Fitted, effort: FitBudget) -> OnOfficial:
    """Fit a model on FMA's training part, and choose its threshold on the validation part."""
    parts, features = judge.parts, judge.tracks.features
    started = perf_counter()
    validation, test = model.predict(
        features[parts.fitted],
        judge.labels.has[parts.fitted],
        [features[parts.validation], features[parts.test]],
        effort,
    )
    seconds = perf_counter() - started
    threshold = judge.threshold(validation)
    return OnOfficial(validation, test, threshold, judge.index(validation, threshold), seconds)


def _step(
    judge: Judge, model: Fitted, effort: FitBudget, one: OnOfficial | None, random: FloatArray | None
) -> Step:
    return Step(
        name=model.name,
        title=model.title,
        labels=judge.column,
        is_baseline=model in BASELINES,
        document=model.document if judge.column == ALL else None,
        random=None if random is None else float(random.max()),
        random_sd=None,
        apart=None,
        apart_sd=None,
        threshold=one.threshold if one else None,
        validation=one.index if one else None,
        scores=judge.scores(one.test, one.threshold) if one else {},
        params={**model.params, "trees": effort.trees, "epochs": effort.epochs},
        fit_seconds=one.seconds if one else 0.0,
    )

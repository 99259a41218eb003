"""Fit one model on the training rows of each split and score it there.

Conventions: splits that share their training rows share one fit. The estimator that is kept is the one fitted
for the split that promotion reads. Probabilities have one column per label of the task, also for labels that
the training rows lack (0 there). A blend needs no fit where its parts were judged on the same rows.

Which splits there are does not belong here but in `genrelab.models.data`; opening a tracking run does not
belong here at all.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from genrelab.evaluation import scores
from genrelab.evaluation.class_scores import per_class
from genrelab.evaluation.results import (
    CalibrationBin,
    ClassScores,
    Densities,
    Importance,
    LearningCurve,
    ThresholdPoint,
    Thresholds,
    ValidationCurve,
)
from genrelab.evaluation.splits import Split
from genrelab.models.artist_scores import artist_scores
from genrelab.models.calibration import Calibration, fair_scores
from genrelab.models.data import TaskData
from genrelab.models.declaration import Estimator, Model, TrainingSettings, map_parallel, recipe_for
from genrelab.models.estimation import (
    Chosen,
    FittedOn,
    Known,
    ModelError,
    columns_of,
    fit_blend,
    fit_known,
    fit_once,
    plain_params,
    probabilities,
    rows_key,
    unfitted,
)
from genrelab.models.explanation import coefficients, densities, permutation_importances
from genrelab.models.kinds import TargetKind, kind_of
from genrelab.models.on_folds import Published, numbers_of
from genrelab.models.search import Search
from genrelab.models.suspect_labels import subset_metrics
from genrelab.models.task import Task

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

__all__ = [
    "Evaluation",
    "Fitted",
    "ModelError",
    "draw",
    "fit",
    "plain_params",
    "probabilities",
    "refit",
    "spread",
]

DENSITIES_OF = frozenset({"one_vs_rest"})
"""Models whose densities are kept."""


@dataclass(frozen=True)
class Evaluation:
    """A model judged on one split.

    Args:
        split: Name.
        rows: The judged rows, as positions in `TaskData`.
        y_true: Their targets.
        artists: Artist of each of them.
        proba: Probability of each label of the task, shape (rows, labels), or what else its kind predicts.
        train_rows: How many rows the model was fitted on.
        majority: The most frequent label among those.
        how: What is special about these training rows, in words; mostly empty.
        is_calibrated: Whether the predictions are published ones.
    """

    split: str
    rows: IntArray
    y_true: npt.NDArray[Any]
    artists: npt.NDArray[Any]
    proba: FloatArray
    train_rows: int
    majority: str
    how: str = ""
    is_calibrated: bool = False


@dataclass(frozen=True)
class Fitted:
    """A model, fitted and judged: all that a tracking run records.

    Args:
        model: Its declaration.
        duplicates: `kept` or `removed`.
        rows: Rows that were split.
        fitted_on: The training rows of each split, in words.
        stored_split: The split whose training rows `estimator` was fitted on.
        estimator: The fitted estimator; predicts numbers that stand for `labels`. None for a blend until it is
            needed, and once training went on, unless the result may challenge the champion: all forests
            together would not fit into memory.
        labels: What the numbers stand for.
        features: Its input columns, in order.
        params: Its parameters as plain values.
        seed: Seed of model and bootstrap.
        scores: Every metric by its MLflow name, without those of time.
        evaluations: Truth and probabilities by split.
        confusion: Confusion matrix by split, labels of the task in order.
        per_class: Per-class report by split.
        calibration: Bins of the calibration curve by split.
        importances: Features by permutation importance, largest first; empty where they were not measured.
        coefficients: Coefficients by label, for linear models.
        fit_seconds: Time to fit `estimator`; of a blend, of all its parts.
        predict_ms_per_1000: Time to predict 1,000 rows with it.
        search: What a search of its parameters found, where there was one.
        densities: How sure it is of each genre, for the models of `DENSITIES_OF`.
        validation_curve: Accuracy over a parameter, where its declaration names one.
        learning_curve: Scores by number of training rows, for the best candidate.
        published_by: What makes its published predictions: a calibration for one label, None for a model that may not
            challenge; thresholds for several labels, None where no folds could be made.
        threshold_curve: Jaccard on the folds by threshold, for several labels.
    """

    model: Model
    duplicates: str
    rows: int
    fitted_on: str
    stored_split: str
    estimator: Estimator
    labels: tuple[Any, ...]
    features: tuple[str, ...]
    params: Mapping[str, Any]
    seed: int
    scores: Mapping[str, float]
    evaluations: Mapping[str, Evaluation]
    confusion: Mapping[str, list[list[int]]]
    per_class: Mapping[str, tuple[ClassScores, ...]]
    calibration: Mapping[str, tuple[CalibrationBin, ...]]
    importances: tuple[Importance, ...]
    coefficients: Mapping[str, dict[str, float]]
    fit_seconds: float
    predict_ms_per_1000: float
    search: Search | None = None
    densities: Densities | None = None
    validation_curve: ValidationCurve | None = None
    learning_curve: LearningCurve | None = None
    published_by: Published | None = None
    threshold_curve: tuple[ThresholdPoint, ...] = ()


def fit(
    model: Model,
    task: Task,
    data: TaskData,
    rows: IntArray,
    splits: Sequence[Split],
    *,
    settings: TrainingSettings,
    duplicates: str,
    on_fit: Callable[[], None] = lambda: None,
    searched: Mapping[str, Search | None] | None = None,
    known: Known | None = None,
    published_by: Published | None = None,
) -> Fitted:
    """Fit a model for each split and score it.

    Args:
        model: Its declaration.
        task: What is predicted.
        data: The rows of the task.
        rows: Those that the splits divide.
        splits: At least one; indices count within `rows`.
        settings: Seed, cores and budget.
        duplicates: Whether `rows` holds duplicates: `kept` or `removed`.
        on_fit: Called after each fit, for progress.
        searched: What searches found, by model (for a blend, by part). Their parameters serve the split that
            promotion reads and those that share its training rows; the others keep the pinned ones, since
            their test rows were searched on.
        known: Probabilities of models fitted before on these splits; added to.
        published_by: Makes the predictions of the split that promotion reads, and of those that share its training
            rows: it was chosen on folds of them. The other splits keep the model's own; sets of labels are named by
            the same thresholds there too.

    Raises:
        ModelError: The estimator refuses the rows.
    """
    known = {} if known is None else known
    found = chosen_of(searched or {})
    stored = task.gate if task.gate in {split.name for split in splits} else splits[-1].name
    evaluations: dict[str, Evaluation] = {}
    kept: FittedOn | None = None
    kind = kind_of(task)
    calibration = published_by if isinstance(published_by, Calibration) else None
    thresholds = published_by if isinstance(published_by, Thresholds) else None

    def fit_one(training: list[tuple[Split, str]]) -> tuple[FittedOn, dict[str, Evaluation]]:
        names = {split.name for split, _ in training}
        chosen = found if task.gate in names else {}
        fitted, judged = _fit_and_judge(model, task, data, rows, training, settings, chosen, known)
        if published_by is not None and task.gate in names:
            judged = {name: _published(one, kind, published_by) for name, one in judged.items()}
        return fitted, judged

    trainings = _by_training_rows(_refitted(split, model) for split in splits)
    for fitted, judged in map_parallel(model, settings, fit_one, trainings):
        evaluations |= judged
        kept = fitted if stored in judged else kept
        del fitted  # a forest of 400 trees takes 600 MB: one at a time
        on_fit()
    if kept is None:
        raise ValueError(f"{model.name}: no split to fit on")
    shown = {split.name: evaluations[split.name] for split in splits}
    counted = (
        {name: scores.count(one.y_true, one.proba, data.labels) for name, one in shown.items()}
        if kind.is_explained
        else {}
    )
    with_artists = (
        artist_scores(one.split, one.y_true, one.proba, data.labels, settings.seed, one.artists, calibration)
        for one in shown.values()
        if calibration is not None and one.is_calibrated
    )
    fair = (
        fair_scores(one.split, one.y_true, one.proba, data.labels, settings.seed, one.artists, calibration)
        for one in shown.values()
        if calibration is not None and one.is_calibrated
    )
    return Fitted(
        model=model,
        duplicates=duplicates,
        rows=len(rows),
        fitted_on=_fitted_on(shown),
        stored_split=stored,
        estimator=kept.estimator,
        labels=kept.labels,
        features=kept.features,
        params={
            **_params(model, task, settings, found if task.gate in shown else {}, kept),
            **(numbers_of(thresholds) if thresholds else {}),
        },
        seed=settings.seed,
        scores={
            name: value
            for one in shown.values()
            for name, value in kind.evaluate(
                one.split,
                kind.judge(one.y_true, one.proba, data.labels, published_by),
                data.labels,
                groups=one.artists,
                majority=one.majority,
                seed=settings.seed,
                tree=data.tree,
            ).items()
        }
        | {name: value for found in (*fair, *with_artists) for name, value in found.items()}
        | (
            subset_metrics(task, data, shown.values(), settings)
            if duplicates == task.duplicates[-1] and not model.is_baseline
            else {}
        ),
        evaluations=shown,
        confusion={name: scores.confusion_matrix(one) for name, one in counted.items()},
        per_class={
            name: per_class(
                shown[name].y_true,
                shown[name].proba,
                data.labels,
                settings.seed,
                groups=shown[name].artists,
            )
            for name in counted
        },
        calibration={name: scores.calibration_bins(one) for name, one in counted.items()},
        importances=importances_of(
            model, task, data, kept.estimator, kept.labels, shown[stored], duplicates, settings
        ),
        coefficients=coefficients(kept.estimator, kept.features, kept.labels)
        if kept.estimator and kind.is_explained
        else {},
        fit_seconds=kept.seconds,
        predict_ms_per_1000=kept.predict_ms_per_1000,
        search=(searched or {}).get(model.name),
        densities=_densities(model, task, data, shown),
        published_by=published_by,
    )


def _published(one: Evaluation, kind: TargetKind, published_by: Published) -> Evaluation:
    """An evaluation by published predictions."""
    how = ", ".join(each for each in (one.how, kind.how_published()) if each)
    return replace(one, proba=kind.publish(one.proba, published_by), how=how, is_calibrated=True)


def importances_of(
    model: Model,
    task: Task,
    data: TaskData,
    estimator: Estimator,
    labels: tuple[Any, ...],
    judged: Evaluation,
    duplicates: str,
    settings: TrainingSettings,
) -> tuple[Importance, ...]:
    """Permutation importances on the rows of the gate.

    Empty for a baseline, for a blend whose estimator was not put together, and with duplicates where the same
    model is asked without.
    """
    is_asked = kind_of(task).is_explained and not model.is_baseline and estimator is not None
    if not is_asked or duplicates != task.duplicates[-1]:
        return ()
    columns = columns_of(model, data)

    def predict_proba(features: pd.DataFrame) -> FloatArray:
        return probabilities(estimator, labels, features, data.labels)

    return permutation_importances(
        predict_proba, data.features[columns].iloc[judged.rows], judged.y_true, data.labels, settings.seed
    )


def chosen_of(searched: Mapping[str, Search | None]) -> Chosen:
    """The parameters that searches found better than the pinned ones, by model."""
    return {name: found.chosen for name, found in searched.items() if found and found.chosen}


def refit(
    result: Fitted,
    task: Task,
    data: TaskData,
    rows: IntArray,
    split: Split,
    settings: TrainingSettings,
    searched: Mapping[str, Search | None],
) -> Estimator:
    """The estimator of a result that was made without one, on the training rows of its stored split.

    Args:
        result: Of a blend.
        task: What is predicted.
        data: The rows of the task.
        rows: Those that the split divides.
        split: The stored split.
        settings: Seed, cores and budget.
        searched: What searches found, by model.
    """
    chosen = chosen_of(searched)
    return fit_once(result.model, task, data, rows[split.train], settings, chosen).estimator


def draw(
    models: Sequence[Model],
    task: Task,
    data: TaskData,
    rows: IntArray,
    repeat: Split,
    settings: TrainingSettings,
) -> dict[str, dict[str, float]]:
    """Every score on another draw of artists, by model.

    Args:
        models: Their declarations; a blend after its parts, which are then fitted once.
        task: What is predicted.
        data: The rows of the task.
        rows: Those that the repeat divides.
        repeat: One of `genrelab.models.data.make_repeats`.
        settings: Seed, cores and budget.

    Raises:
        ModelError: The estimator refuses the rows.
    """
    known: Known = {}
    found: dict[str, dict[str, float]] = {}
    for model in models:
        judged = _fit_and_judge(model, task, data, rows, [(repeat, "")], settings, {}, known)[1][repeat.name]
        counted = scores.count(judged.y_true, judged.proba, data.labels)
        found[model.name] = {name: float(score(counted)) for name, score in scores.SCORES.items()}
    return found


def spread(task: Task, draws: Sequence[Mapping[str, Mapping[str, float]]]) -> dict[str, dict[str, float]]:
    """Mean and standard deviation of every score over draws of artists, by model.

    The shown split names them because their spread is to be read beside its scores; they stand for other test parts.

    Args:
        task: What is predicted.
        draws: From `draw`; fewer than two have no spread.

    Returns:
        `<shown>/<metric>_sd` and `<shown>/<metric>_seeds_mean`.
    """
    if len(draws) < 2:  # noqa: PLR2004 - one value has no spread
        return {}
    return {
        model: {
            f"{task.shown}/{name}_{end}": float(of(values))
            for name in draws[0][model]
            for values in [[one[model][name] for one in draws]]
            for end, of in (("sd", _sd), ("seeds_mean", np.mean))
        }
        for model in draws[0]
    }


def _sd(values: Sequence[float]) -> float:
    return float(np.std(values, ddof=1))


def _params(
    model: Model, task: Task, settings: TrainingSettings, chosen: Chosen, kept: FittedOn
) -> dict[str, Any]:
    """Parameters as plain values; of a blend, those of its parts as `<part>__<parameter>` too."""
    if model.recipe is None:
        return plain_params(kept.estimator)
    weights = recipe_for(model, task.family).parts
    return {
        **{f"weight_{name}": weight for name, weight in weights.items()},
        **plain_params(unfitted(model, task, settings, chosen)),
    }


def _densities(model: Model, task: Task, data: TaskData, shown: Mapping[str, Evaluation]) -> Densities | None:
    if model.name not in DENSITIES_OF or task.shown not in shown:
        return None
    one = shown[task.shown]
    return Densities(task.shown, densities(one.y_true, one.proba, data.labels))


def _refitted(split: Split, model: Model) -> tuple[Split, str]:
    """A split with its validation part among the training rows, for a model that says so."""
    if split.name != "author" or not model.refits:
        return split, ""
    both = np.concatenate([split.train, split.validation])
    return replace(split, train=both), "training and validation part, after choosing on validation"


def _by_training_rows(splits: Iterable[tuple[Split, str]]) -> list[list[tuple[Split, str]]]:
    """Splits in groups that share their training rows, in the order given, each with its remark."""
    groups: dict[bytes, list[tuple[Split, str]]] = {}
    for split, remark in splits:
        groups.setdefault(rows_key(split.train), []).append((split, remark))
    return list(groups.values())


def _fit_and_judge(
    model: Model,
    task: Task,
    data: TaskData,
    rows: IntArray,
    splits: Sequence[tuple[Split, str]],
    settings: TrainingSettings,
    chosen: Chosen,
    known: Known,
) -> tuple[FittedOn, dict[str, Evaluation]]:
    """Fit once for splits that share their training rows, and judge each."""
    train = rows[splits[0][0].train]
    tested = [rows[split.test] for split, _ in splits]
    if model.recipe is not None:
        fitted, probas = fit_blend(model, task, data, train, tested, settings, chosen, known)
    else:
        fitted, probas = fit_known(model, task, data, train, tested, settings, chosen, known)
    judged, artists = {}, data.columns[task.group].to_numpy()
    for (split, remark), part, proba in zip(splits, tested, probas, strict=True):
        how = ", ".join(each for each in (remark, fitted.how) if each)
        judged[split.name] = Evaluation(
            split.name,
            part,
            data.target[part],
            artists[part],
            proba,
            fitted.train_rows,
            fitted.majority,
            how,
        )
    return fitted, judged


def _fitted_on(evaluations: Mapping[str, Evaluation]) -> str:
    """Training rows of the splits in words: `author 19,714; gate and grouped 24,162`."""
    names: dict[tuple[int, str], list[str]] = {}
    for name, one in evaluations.items():
        names.setdefault((one.train_rows, one.how), []).append(name)
    return "; ".join(
        f"{' and '.join(found)} {rows:,}{f' ({how})' if how else ''}" for (rows, how), found in names.items()
    )

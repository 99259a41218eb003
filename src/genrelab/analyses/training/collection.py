"""Convert trained models to the result that the record, the report and MLflow use."""

from collections.abc import Mapping

from genrelab.analyses.training.result import TrainedModel, Training, Verdict
from genrelab.evaluation.label_sets import SCORES as SETS
from genrelab.evaluation.label_sets import per_label
from genrelab.evaluation.references import references_for
from genrelab.evaluation.results import LabelScores, PerfectEce, Sampled, SeedSpread, Thresholds, score_of
from genrelab.evaluation.scores import SCORES
from genrelab.lake.version import TableVersion
from genrelab.models.artist_scores import PREFIX
from genrelab.models.artist_scores import SCORES as ARTIST_MEAN
from genrelab.models.calibration import DECIDED
from genrelab.models.data import TaskData
from genrelab.models.fitting import Fitted
from genrelab.models.kinds import SEVERAL_LABELS, kind_of
from genrelab.models.suspect_labels import subset_scores
from genrelab.models.task import Task
from genrelab.models.training import Trained, best_candidate

FAIR_SCORES = tuple(f"fair_{name}" for name in DECIDED)
ARTIST_SCORES = tuple(
    f"{PREFIX}_{name}" for name in ("rows", *ARTIST_MEAN, *(f"{score}_difference" for score in ARTIST_MEAN))
)
OF_SETS = (*SETS, "hierarchical_precision", "hierarchical_recall", "hierarchical_f1")
"""Scores of several labels; those of one label have other names, except macro F1."""

SEEDS = ("accuracy", "macro_f1", "log_loss", "ece")


def training_of(
    trained: Trained,
    version: TableVersion,
    run_ids: Mapping[tuple[str, str], str],
    champion: Verdict | None,
) -> Training:
    """Return the result of one training.

    Args:
        trained: The trained models.
        version: Version of the table.
        run_ids: Id of the run of each model and variant.
        champion: Decision on the best candidate; None without a champion.
    """
    task, labels = trained.task, [one.model.label for one in trained.results]
    best = best_candidate(trained)
    return Training(
        task=task.name,
        title=task.title,
        about=task.note,
        is_variant=not task.has_champion,
        kind=task.kind,
        target=task.target,
        features=features_of(task),
        feature_count=trained.data.features.shape[1],
        labels=trained.data.labels,
        shown=task.shown,
        note=trained.data.note(),
        drawn=trained.data.drawn,
        failures=trained.failures,
        runs=tuple(
            model_of(
                one,
                run_id=run_ids[one.model.name, one.duplicates],
                is_repeated=labels.count(one.model.label) > 1,
            )
            for one in trained.results
        ),
        comparisons=trained.comparisons,
        candidates=trained.candidates,
        suspects=trained.data.suspects,
        references=references_for(task.name),
        table=version.table,
        table_version=version.version,
        rule_set=task.rule_set,
        sample=version.is_sample,
        champion=champion,
        tree=trained.data.tree,
        label_scores=label_scores(best, task, trained.data) if best else (),
    )


def features_of(task: Task) -> str:
    """Return where the features of a task come from: `librosa`, `echonest` or `spotify`."""
    table = next(table for table, columns in task.columns.items() if set(task.features) & set(columns))
    return {"fma_features": "librosa", "fma_echonest": "echonest"}.get(table, "spotify")


def label_scores(fitted: Fitted, task: Task, data: TaskData) -> tuple[LabelScores, ...]:
    """Return how well a model names each of several labels on the shown split."""
    one, kind = fitted.evaluations.get(task.shown), kind_of(task)
    if kind is not SEVERAL_LABELS or one is None:
        return ()
    thresholds = _thresholds(fitted)
    return per_label(
        kind.judge(one.y_true, one.proba, data.labels, thresholds),
        data.labels,
        one.artists,
        thresholds=thresholds.of(data.labels) if thresholds else None,
        seen=fitted.labels,
    )


def _thresholds(fitted: Fitted) -> Thresholds | None:
    return fitted.published_by if isinstance(fitted.published_by, Thresholds) else None


def model_of(fitted: Fitted, *, run_id: str = "", is_repeated: bool = False) -> TrainedModel:
    """Return the result of one model.

    Args:
        fitted: The model.
        run_id: Its run in MLflow.
        is_repeated: Whether its training has another one of that label.
    """
    model, scores = fitted.model, fitted.scores
    return TrainedModel(
        model=model.name,
        label=model.label,
        name=f"{model.label} (duplicates {fitted.duplicates})" if is_repeated else model.label,
        why=model.why,
        duplicates=fitted.duplicates,
        fitted_on=fitted.fitted_on,
        rows=fitted.rows,
        run_id=run_id,
        scores={
            key: score_of(scores, key)
            for split in fitted.evaluations
            for key in (f"{split}/{name}" for name in (*SCORES, *FAIR_SCORES, *ARTIST_SCORES, *OF_SETS))
            if key in scores
        },
        sampled={
            split: Sampled(
                int(scores[f"{split}/rows"]),
                int(scores[f"{split}/artists"]),
                scores[f"{split}/largest_artist"],
            )
            for split in fitted.evaluations
        },
        subsets=subset_scores(scores, fitted.evaluations),
        baseline={
            split: scores[key]
            for split in fitted.evaluations
            if (key := f"{split}/baseline_accuracy") in scores
        },
        confusion={split: tuple(map(tuple, rows)) for split, rows in fitted.confusion.items()},
        per_class=dict(fitted.per_class),
        calibration=dict(fitted.calibration),
        importances=fitted.importances,
        coefficients=dict(fitted.coefficients),
        params=dict(fitted.params),
        fit_seconds=fitted.fit_seconds,
        predict_ms_per_1000=fitted.predict_ms_per_1000,
        search=fitted.search.in_words() if fitted.search else "",
        seeds={
            name: SeedSpread(scores[f"{split}/{name}_seeds_mean"], scores[f"{split}/{name}_sd"])
            for split in fitted.evaluations
            for name in SEEDS
            if f"{split}/{name}_sd" in scores
        },
        perfect_ece={
            split: PerfectEce(scores[f"{split}/ece_perfect_mean"], scores[f"{split}/ece_perfect_p95"])
            for split in fitted.evaluations
            if f"{split}/ece_perfect_mean" in scores
        },
        densities=fitted.densities,
        validation_curve=fitted.validation_curve,
        learning_curve=fitted.learning_curve,
        is_baseline=model.is_baseline,
        thresholds=_thresholds(fitted),
        threshold_curve=fitted.threshold_curve,
    )

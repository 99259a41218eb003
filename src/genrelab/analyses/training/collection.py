"""Convert trained models to the result that the record, the report and MLflow use."""

from collections.abc import Mapping

from genrelab.analyses.training.result import TrainedModel, Training, Verdict
from genrelab.evaluation.references import references_for
from genrelab.evaluation.results import PerfectEce, Sampled, SeedSpread, score_of
from genrelab.evaluation.scores import SCORES
from genrelab.lake.version import TableVersion
from genrelab.models.artist_scores import PREFIX
from genrelab.models.artist_scores import SCORES as ARTIST_MEAN
from genrelab.models.calibration import DECIDED
from genrelab.models.fitting import Fitted
from genrelab.models.training import Trained

FAIR_SCORES = tuple(f"fair_{name}" for name in DECIDED)
ARTIST_SCORES = tuple(
    f"{PREFIX}_{name}" for name in ("rows", *ARTIST_MEAN, *(f"{score}_difference" for score in ARTIST_MEAN))
)
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
    return Training(
        task=task.name,
        title=task.title,
        about=task.note,
        is_variant=not task.has_champion,
        labels=trained.data.labels,
        shown=task.shown,
        note=trained.data.note(),
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
        references=references_for(task.name),
        table=version.table,
        table_version=version.version,
        rule_set=task.rule_set,
        sample=version.is_sample,
        champion=champion,
    )


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
            for key in (f"{split}/{name}" for name in (*SCORES, *FAIR_SCORES, *ARTIST_SCORES))
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
        baseline={split: scores[f"{split}/baseline_accuracy"] for split in fitted.evaluations},
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
    )

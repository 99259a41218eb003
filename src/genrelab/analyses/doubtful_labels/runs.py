"""The audit in MLflow: a parent run, and below it one run per task."""

from genrelab.analyses.doubtful_labels.pages.charts import effects_chart, genres_chart
from genrelab.analyses.doubtful_labels.result import DoubtfulLabels, TaskDoubts
from genrelab.analyses.runs import Run
from genrelab.runtime.records import encode


def runs_of(found: DoubtfulLabels) -> Run:
    """The tree of runs."""
    return Run(
        "audit",
        "doubtful labels",
        tags={"model": "all", "task": "all", "rule_set": "", "duplicates": "kept"},
        params={"tasks": ", ".join(one.task for one in found.tasks) or "none"},
        metrics={"tasks": len(found.tasks)},
        files={"missing.json": dict(found.missing)} if found.missing else {},
        runs=[_task(one) for one in found.tasks],
    )


def _task(found: TaskDoubts) -> Run:
    excess, planted = found.doubts.excess, found.trial.planted
    metrics: dict[str, float | None] = {
        "audited": found.audited,
        "doubtful": found.doubts.found,
        "doubtful_share": found.doubts.found / found.audited,
        "doubtful_by_overlap": found.doubts.overlap,
        "doubtful_at_random": found.doubts.random,
        "excess": excess.value,
        "excess_low": excess.low,
        "excess_high": excess.high,
        "off_label": found.off_label.found,
        "off_label_by_overlap": found.off_label.overlap,
        "off_label_at_random": found.off_label.random,
        "accuracy": found.accuracy,
        "log_loss": found.log_loss,
        **{f"doubtful/{one.genre}": one.doubtful for one in found.genres},
    }
    if planted:
        metrics |= {
            "planted/found": planted.found,
            "planted/others": planted.others,
            "planted/ranked": planted.ranked,
        }
    for one in found.trial.effects:
        metrics |= {
            f"{one.variant}/changed": one.changed,
            f"{one.variant}/log_loss": one.log_loss,
            f"{one.variant}/log_loss_change": one.log_loss_change.value,
            f"{one.variant}/log_loss_change_low": one.log_loss_change.low,
            f"{one.variant}/log_loss_change_high": one.log_loss_change.high,
            f"{one.variant}/accuracy": one.accuracy,
            f"{one.variant}/accuracy_change": one.accuracy_change.value,
            f"{one.variant}/accuracy_change_low": one.accuracy_change.low,
            f"{one.variant}/accuracy_change_high": one.accuracy_change.high,
        }
    charts = {"genres.png": genres_chart(found), "effect.png": effects_chart(found)}
    return Run(
        found.task,
        f"doubtful labels · {found.task} · {found.table} version {found.table_version}",
        tags={
            "model": "xgboost",
            "task": found.task,
            "table": found.table,
            "table_version": str(found.table_version),
            "sample": str(found.sample).lower(),
            "rule_set": found.rule_set,
            "duplicates": "kept",
            "fitted_on": f"{found.folds - 1} of {found.folds} folds by artist",
        },
        params={
            "budget": found.budget,
            "folds": found.folds,
            "features": found.features,
            "exponent": found.exponent,
            "trial_rows": found.trial.rows,
        },
        metrics={name: value for name, value in metrics.items() if value is not None},
        views={name: [[chart.first]] for name, chart in charts.items() if chart},
        files={"doubts.json": encode(found)},
    )

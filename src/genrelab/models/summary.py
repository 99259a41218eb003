"""What the report shows of a training, as plain JSON values.

Conventions: scores are keyed `<split>/<metric>` and come with their 95 % interval. Details of the random
split are left out: it is never shown without the grouped one beside it.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from genrelab.models.explanation import IMPORTANCE
from genrelab.models.fitting import Fitted
from genrelab.models.search import Search
from genrelab.references import references_for
from genrelab.scores import SCORES

if TYPE_CHECKING:
    from genrelab.models.training import Trained

SEEDS = ("accuracy", "macro_f1", "log_loss", "ece")


def training_summary(trained: "Sequence[Trained]") -> dict[str, list[dict[str, object]]]:
    """What the report shows of training."""
    return {"tasks": [_task_summary(one) for one in trained]}


def _task_summary(trained: "Trained") -> dict[str, object]:
    return {
        "task": trained.task.name,
        "title": trained.task.title,
        "about": trained.task.note,
        "is_variant": not trained.task.has_champion,
        "labels": list(trained.data.labels),
        "shown": trained.task.shown,
        "note": trained.data.note(),
        "failures": dict(trained.failures),
        "runs": [run_summary(result) for result in trained.results],
        "comparisons": list(trained.comparisons),
        "references": [reference.as_dict() for reference in references_for(trained.task.name)],
    }


def run_summary(result: Fitted) -> dict[str, object]:
    """What the report shows of one model."""
    return {
        "model": result.model.name,
        "label": result.model.label,
        "why": result.model.why,
        "duplicates": result.duplicates,
        "fitted_on": result.fitted_on,
        "rows": result.rows,
        "scores": {
            f"{split}/{name}": {
                "value": result.scores[f"{split}/{name}"],
                "low": result.scores[f"{split}/{name}_low"],
                "high": result.scores[f"{split}/{name}_high"],
            }
            for split in result.evaluations
            for name in SCORES
        },
        "baseline": {split: result.scores[f"{split}/baseline_accuracy"] for split in result.evaluations},
        "confusion": dict(result.confusion),
        "per_class": dict(result.per_class),
        "calibration": dict(result.calibration),
        "importances": list(result.importances),
        "importance_kind": IMPORTANCE if result.importances else "",
        "coefficients": dict(result.coefficients),
        "params": dict(result.params),
        "fit_seconds": result.fit_seconds,
        "predict_ms_per_1000": result.predict_ms_per_1000,
        "search": search_summary(result.search),
        "seeds": _seeds(result),
        **result.details,
    }


def search_summary(found: Search | None) -> dict[str, Any]:
    """A search, empty where there was none."""
    if found is None:
        return {}
    return {
        "trials": len(found.trials),
        "was_cut": found.was_cut,
        "rows": found.rows,
        "said": found.in_words(),
        "pinned": found.trials[0].accuracy,
        "best": max(trial.accuracy for trial in found.trials),
    }


def _seeds(result: Fitted) -> dict[str, dict[str, float]]:
    """Mean and standard deviation over other draws of artists, where they were made."""
    return {
        name: {
            "mean": result.scores[f"grouped/{name}_seeds_mean"],
            "sd": result.scores[f"grouped/{name}_sd"],
        }
        for name in SEEDS
        if f"grouped/{name}_sd" in result.scores
    }

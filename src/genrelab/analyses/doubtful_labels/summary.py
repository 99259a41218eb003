"""Summary of the audit: one line for the log, and a table for the Prefect UI."""

from genrelab.analyses.analysis import Summary
from genrelab.analyses.doubtful_labels.names import DROPPED
from genrelab.analyses.doubtful_labels.result import DoubtfulLabels, TaskDoubts


def summarise(found: DoubtfulLabels) -> Summary:
    """Summarise the doubts of each task, and why a task has none."""
    missing = "\n".join(f"- **{name}**: {why}" for name, why in found.missing.items())
    said = [*map(_sentence, found.tasks), *(f"{name}: {why}" for name, why in found.missing.items())]
    return Summary(
        "; ".join(said),
        [
            {
                "task": one.task,
                "audited": one.audited,
                "doubtful": one.doubts.found,
                "by overlap of genres": round(one.doubts.overlap),
                "by random labels": round(one.doubts.random),
            }
            for one in found.tasks
        ],
        "Doubtful labels: found, expected where genres only sound alike, and expected if labels were random.",
        {"doubtful-labels-missing": missing} if missing else {},
    )


def _sentence(found: TaskDoubts) -> str:
    said = (
        f"{found.task}: {found.doubts.found:,} of {found.audited:,} labels are doubtful "
        f"({found.doubts.overlap:,.0f} expected where genres sound alike)"
    )
    effect = next((one for one in found.trial.effects if one.variant == DROPPED), None)
    if effect:
        said += f", dropping them changes the log loss by {effect.log_loss_change}"
    return said

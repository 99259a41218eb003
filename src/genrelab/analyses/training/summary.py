"""Summary of a training: a table of scores for the Prefect UI."""

from genrelab.analyses.training.result import Training

KEY_METRICS = ("accuracy", "macro_f1", "log_loss", "jaccard", "hierarchical_f1", "macro_auc")


def score_rows(training: Training) -> list[dict[str, object]]:
    """Return the scores of each model, by split, with their intervals."""
    return [
        {
            "model": run.label,
            "duplicates": run.duplicates,
            **{key: str(score) for key, score in run.scores.items() if key.split("/")[1] in KEY_METRICS},
        }
        for run in training.runs
    ]

"""Summary of the origin study: one line for the log, and a table for the Prefect UI."""

from genrelab.analyses.analysis import Summary
from genrelab.analyses.origin.result import Answer, OriginStudy, Question


def summarise(study: OriginStudy) -> Summary:
    """Summarise the best score of each question, with a row for every model."""
    best = {asked.task: asked.score(asked.runs[0]) for asked in study.tasks}
    return Summary(
        f"{study.tracks:,} tracks of {len(study.places)} places, {study.table} version {study.table_version}, "
        f"{study.repeats} x {study.folds} folds: north or south {best['latitude']:.3f}, "
        f"country {best['country']:.3f}, {best['coordinates']:,.0f} km off on average",
        [_row(asked, run) for asked in study.tasks for run in asked.runs],
        f"{study.repeats} x {study.folds} stratified folds over tracks, with 95 % intervals.",
    )


def _row(asked: Question, run: Answer) -> dict[str, object]:
    digits = 0 if asked.is_distance else 3
    value, low, high = (f"{asked.score(run, end):,.{digits}f}" for end in ("", "_low", "_high"))
    return {
        "question": asked.title,
        "model": run.label,
        "score": f"{value} ({low} to {high})",
        "measured as": asked.metric,
        "baseline": f"{asked.baseline:,.{digits}f}",
    }

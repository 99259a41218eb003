"""Summary of the origin study: one line for the log, and a table for the Prefect UI."""

from genrelab.analyses.analysis import Summary
from genrelab.analyses.origin.result import CV, LEFT_OUT, Answer, OriginStudy, Question


def summarise(study: OriginStudy) -> Summary:
    """Summarise the best score of each question, with a row for every model."""
    best = {asked.task: asked.score(asked.blend) for asked in study.tasks}
    new = {asked.task: _new(asked) for asked in study.tasks}
    return Summary(
        f"{study.tracks:,} tracks of {len(study.places)} places, {study.table} version {study.table_version}, "
        f"{study.repeats} x {study.folds} folds: north or south {best['latitude']:.3f}{new['latitude']}, "
        f"country {best['country']:.3f}, {best['coordinates']:,.0f} km off on average{new['coordinates']}",
        [_row(asked, run) for asked in study.tasks for run in asked.runs],
        f"{study.repeats} x {study.folds} stratified folds over tracks, with 95 % intervals over countries. "
        + (
            study.why_not_left_out
            or f"New countries: {study.repeats} x {study.country_folds} folds over countries; a country that is not in "
            "training cannot be named."
        ),
    )


def _new(asked: Question) -> str:
    """The blend's score for new countries, beside the baseline; nothing where there is none."""
    if asked.left_out is None:
        return ""
    score, baseline = (
        _text(asked, value) for value in (asked.score(asked.blend, split=LEFT_OUT), asked.left_out.baseline)
    )
    return f" (countries left out: {score}, without music {baseline})"


def _row(asked: Question, run: Answer) -> dict[str, object]:
    return {
        "question": asked.title,
        "model": run.label,
        "score": _interval(asked, run, CV),
        "measured as": asked.metric,
        "baseline": _text(asked, asked.baseline),
        "new countries": _interval(asked, run, LEFT_OUT),
        "baseline for them": _text(asked, asked.left_out.baseline) if asked.left_out else "",
    }


def _interval(asked: Question, run: Answer, split: str) -> str:
    if f"{split}/{asked.metric}" not in run.scores:
        return ""
    value, low, high = (_text(asked, asked.score(run, end, split)) for end in ("", "_low", "_high"))
    return f"{value} ({low} to {high})"


def _text(asked: Question, value: float) -> str:
    return f"{value:,.0f}" if asked.is_distance else f"{value:.3f}"

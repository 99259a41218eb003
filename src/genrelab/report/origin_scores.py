"""How well each question of the study of origins is answered, as a chart and a table.

Conventions: scores are means over repeated folds with 95 % intervals, beside what needs no music; published
results of the same kind of model are hollow diamonds.
"""

from collections.abc import Sequence

from genrelab.report.charts import intervals
from genrelab.report.exploration import items, mapping, numbers
from genrelab.report.figure import Chart, Grid, View, columns, label, single, text_cells
from genrelab.report.origin_facts import OriginRun, Question
from genrelab.report.wording import (
    DASH,
    INTERVAL,
    MINUS,
    NO_BREAK,
    count,
    listing,
    number,
    percent,
    points,
    said,
)

BLEND = "blend"
HALF, HALF_STEP = 0.5, 0.005
TOLD = (0.1, 0.3, 0.5, 0.7, 0.9)
PUBLISHED = {
    ("latitude", "mlp"): "network_hidden",
    ("latitude", "logistic_regression"): "network_single",
    ("coordinates", "random_forest"): "forest_regression",
}
"""Models here of the same kind as published ones."""


def scores(question: Question, folds: str) -> Chart:
    """Every model's score on one question, with intervals, baseline and published results."""
    runs = question.runs
    published = [
        (row, value, f"{said(one.get('label'))}, {said(one.get('source'), 'published')}")
        for one in items(question.facts.get("references"))
        for row, run in enumerate(runs)
        if run.model == PUBLISHED.get((question.task, said(one.get("model"), "")))
        for value in [number(one.get("value"))]
        if value is not None
    ]
    drawing = intervals(
        [run.label for run in runs],
        [run.score.value for run in runs],
        [_end(run.score.low, run) for run in runs],
        [_end(run.score.high, run) for run in runs],
        [show(question, run.score.value) for run in runs],
        ["var(--accent)" if run.model == BLEND else "var(--quiet)" for run in runs],
        axis="Mean great-circle error in km" if question.is_distance else "Accuracy",
        is_share=not question.is_distance,
        lines=[(question.baseline, _baseline_text(question))] if question.baseline is not None else (),
        others=published,
    )
    if question.is_distance:
        drawing["layout"]["xaxis"]["tickformat"] = ",.0f"
        if published:
            drawing["traces"][1]["text"] = [show(question, value) for _, value, _ in published]
    caption = f"Mean over {folds}. Lines are {INTERVAL}s over tracks."
    if published:
        caption += (
            " Hollow diamonds are published results of the same kind of model on other splits: "
            + listing([f"{show(question, value)} ({name})" for _, value, name in published])
        )
        caption += "."
    view = View(
        title=score_sentence(question),
        caption=caption,
        grid=_score_grid(question),
        **drawing,
    )
    return single(f"scores-{question.task}", view)


def _end(end: float | None, run: OriginRun) -> float:
    return run.score.value if end is None else end


def within(question: Question) -> Chart | None:
    """Share of the tracks that end within a distance of where they come from, by model."""
    shares = numbers(question.facts.get("shares"))
    curves = [
        (run, run.quantiles) for run in question.runs if run.quantiles and len(run.quantiles) == len(shares)
    ]
    if not curves:
        return None
    styles = ("solid", "dash", "dot", "dashdot")
    traces = [
        {
            "type": "scatter",
            "mode": "lines",
            "name": label(run.label),
            "x": list(curve),
            "y": shares,
            "line": {
                "color": "var(--accent)" if run.model == BLEND else "var(--quiet)",
                "width": 2.4 if run.model == BLEND else 1.8,
                "dash": styles[place % len(styles)],
            },
            "hovertemplate": f"{label(run.label)}<br>%{{y:.0%}} within %{{x:,.0f}} km<extra></extra>",
        }
        for place, (run, curve) in enumerate(curves)
    ]
    best, curve = curves[0]
    middle = min(range(len(shares)), key=lambda place: abs(shares[place] - HALF))
    view = View(
        title=f"Half of the tracks end within {show(question, curve[middle])} of their capital",
        caption=f"Share of the tracks whose answer is at most so far from their capital, on tracks held out. "
        f"{best.label}: {percent(_exact(shares, curve), 0)} are placed exactly, because it answers with a capital.",
        grid=Grid(
            columns("Model", *(f"{percent(shares[place], 0)} within" for place in _told(shares))),
            tuple(
                text_cells(run.label, *(show(question, one[place]) for place in _told(shares)))
                for run, one in curves
            ),
        ),
        traces=traces,
        layout={
            "xaxis": {"title": {"text": "Great-circle distance in km"}, "tickformat": ",.0f", "nticks": 9},
            "yaxis": {"title": {"text": "Share of the tracks"}, "tickformat": ".0%", "range": [0, 1.02]},
            "showlegend": True,
            "margin": {"t": 40},
        },
        narrow={"layout": {"xaxis": {"nticks": 4}, "margin": {"t": 90}}, "height": 400},
        height=420,
    )
    return single("within", view)


def _told(shares: Sequence[float]) -> list[int]:
    """Places of the shares that the table tells."""
    return [
        place for place, share in enumerate(shares) if any(abs(share - told) < HALF_STEP for told in TOLD)
    ]


def _exact(shares: Sequence[float], curve: Sequence[float]) -> float:
    """Share of the tracks at a distance of 0, from the quantiles."""
    return max([share for share, distance in zip(shares, curve, strict=True) if distance < 1], default=0.0)


def show(question: Question, value: float | None) -> str:
    """A score of the question as text."""
    return f"{count(value)}{NO_BREAK}km" if question.is_distance else percent(value)


def _baseline_text(question: Question) -> str:
    told = "always the most central country" if question.is_distance else "always the commonest answer"
    return f"{told} {show(question, question.baseline)}"


def score_sentence(question: Question) -> str:
    """Who answers best, and how surely better than the strongest single model."""
    best = question.runs[0]
    rival = mapping(question.facts.get("rival"))
    value, low, high = (number(rival.get(key)) for key in ("value", "low", "high"))
    head = f"{best.label}: {show(question, best.score.value)}"
    if best.model != BLEND or value is None or low is None or high is None:
        return head
    amount = f"{count(abs(value))} km nearer" if question.is_distance else f"{points(value).lstrip('+')} more"
    sure = high < 0 if question.is_distance else low > 0
    than = f"than {said(rival.get('label'))}"
    return (
        f"{head}, {amount} {than}"
        if sure
        else f"{head}; its lead over {said(rival.get('label'))} may be chance"
    )


def _score_grid(question: Question) -> Grid:
    extra = "Median error" if question.is_distance else "Balanced accuracy"

    def other(run: OriginRun) -> str:
        if question.is_distance:
            return show(question, number(run.scores.get("cv/great_circle_km_median")))
        return percent(run.scores.get("cv/balanced_accuracy"))

    return Grid(
        columns(
            "Model",
            "Mean error" if question.is_distance else "Accuracy",
            INTERVAL,
            extra,
            "Spread over repeats",
        ),
        tuple(
            text_cells(
                run.label,
                show(question, run.score.value),
                _interval(question, run),
                other(run),
                _spread(question, run),
            )
            for run in question.runs
        ),
        f"{_baseline_text(question)[:1].upper()}{_baseline_text(question)[1:]}.",
    )


def _interval(question: Question, run: OriginRun) -> str:
    if run.score.low is None or run.score.high is None:
        return DASH
    return f"{show(question, run.score.low)} to {show(question, run.score.high)}".replace(" ", NO_BREAK)


def _spread(question: Question, run: OriginRun) -> str:
    if not run.sd:
        return DASH
    return f"{count(run.sd)}{NO_BREAK}km" if question.is_distance else points(run.sd).lstrip(f"+{MINUS}")

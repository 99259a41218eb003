"""Scores of each question of the origin study, as a chart and a table.

Conventions: scores are means over repeated folds with 95 % intervals over countries, beside a baseline without audio;
published results of the same kind of model are hollow diamonds.
"""

from collections.abc import Sequence

from genrelab.analyses.origin.result import CV, Answer, Question
from genrelab.report.charts import intervals
from genrelab.report.curves import Line, lines
from genrelab.report.figure import Chart, Grid, View, columns, label, single, text_cells
from genrelab.report.wording import (
    DASH,
    INTERVAL,
    MINUS,
    NO_BREAK,
    count,
    listing,
    percent,
    points,
    sentence,
)

BLEND = "blend"
HALF, HALF_STEP = 0.5, 0.005
INTERVALS_SHOWN = (0.1, 0.3, 0.5, 0.7, 0.9)
READABLE = {
    "extra_trees": "extra trees",
    "svm_country": "SVM by pairs",
    "lda": "linear discriminant",
    "qda": "quadratic discriminant",
    " + ": ", ",
}
PUBLISHED = {
    ("latitude", "mlp"): "network_hidden",
    ("latitude", "logistic_regression"): "network_single",
    ("coordinates", "random_forest"): "forest_regression",
}
"""Models of the same kind as the published ones."""


def scores(question: Question, folds: str) -> Chart:
    """Draw the score of every model on one question, with intervals, baseline and published results."""
    runs = question.ranked
    published = [
        (row, one.value, f"{one.label}, {one.source}")
        for one in question.references
        for row, run in enumerate(runs)
        if run.model == PUBLISHED.get((question.task, one.model))
    ]
    drawing = intervals(
        [run.label for run in runs],
        [question.score(run) for run in runs],
        [question.score(run, "_low") for run in runs],
        [question.score(run, "_high") for run in runs],
        [show(question, question.score(run)) for run in runs],
        ["var(--accent)" if run.model == BLEND else "var(--quiet)" for run in runs],
        axis="Mean great-circle error in km" if question.is_distance else "Accuracy",
        is_share=not question.is_distance,
        lines=[(question.baseline, _baseline_text(question))],
        others=published,
    )
    if question.is_distance:
        drawing["layout"]["xaxis"]["tickformat"] = ",.0f"
        if published:
            drawing["traces"][1]["text"] = [show(question, value) for _, value, _ in published]
    known = runs[0].scores
    caption = (
        f"Mean over {folds}. Lines are {INTERVAL}s over {count(known[f'{CV}/countries'])} countries "
        f"({count(known[f'{CV}/tracks'])} tracks)."
    )
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


def within(question: Question) -> Chart:
    """Draw the share of tracks predicted within a distance of their origin, by model."""
    shares = question.shares
    curves = [(run, run.quantiles) for run in question.ranked]
    styles = ("solid", "dash", "dot", "dashdot")
    series = [
        Line(
            curve,
            shares,
            f"{label(run.label)}<br>%{{y:.0%}} within %{{x:,.0f}} km",
            name=run.label,
            colour="var(--accent)" if run.model == BLEND else "var(--quiet)",
            dash=styles[place % len(styles)],
            width=2.4 if run.model == BLEND else 1.8,
        )
        for place, (run, curve) in enumerate(curves)
    ]
    best, curve = curves[0]
    middle = min(range(len(shares)), key=lambda place: abs(shares[place] - HALF))
    view = View(
        title=f"Half of the tracks are placed within {show(question, curve[middle])} of their capital",
        caption=f"Share of the held-out tracks whose predicted place is within this distance of their capital. "
        f"{best.label}: {percent(_exact(shares, curve), 0)} are placed exactly, because it predicts a capital.",
        grid=Grid(
            columns("Model", *(f"{percent(shares[place], 0)} within" for place in _shown_places(shares))),
            tuple(
                text_cells(run.label, *(show(question, one[place]) for place in _shown_places(shares)))
                for run, one in curves
            ),
        ),
        **lines(
            series,
            across={
                "title": {"text": "Great-circle distance in km"},
                "tickformat": ",.0f",
                "nticks": 9,
            },
            up={"title": {"text": "Share of the tracks"}, "tickformat": ".0%", "range": [0, 1.02]},
            narrow_across={"nticks": 4},
        ),
    )
    return single("within", view)


def _shown_places(shares: Sequence[float]) -> list[int]:
    """Return the positions of the shares shown in the table."""
    return [
        place
        for place, share in enumerate(shares)
        if any(abs(share - wanted) < HALF_STEP for wanted in INTERVALS_SHOWN)
    ]


def _exact(shares: Sequence[float], curve: Sequence[float]) -> float:
    """Return the share of the tracks at a distance of 0, from the quantiles."""
    return max([share for share, distance in zip(shares, curve, strict=True) if distance < 1], default=0.0)


def show(question: Question, value: float) -> str:
    """Return a score of the question as text."""
    return f"{count(value)}{NO_BREAK}km" if question.is_distance else percent(value)


def _baseline_text(question: Question) -> str:
    baseline = "always the most central country" if question.is_distance else "always the commonest answer"
    return f"{baseline} {show(question, question.baseline)}"


def score_sentence(question: Question) -> str:
    """Say which model is best, and whether its lead over the best single model is significant."""
    best, second = question.ranked[0], question.rival
    head = f"{best.label}: {show(question, question.score(best))}"
    if best.model != BLEND:
        return head
    if question.is_distance:
        amount, is_sure = f"{count(abs(second.value))} km nearer", second.high < 0
    else:
        amount, is_sure = f"{points(second.value).lstrip('+')} more", second.low > 0
    return (
        f"{head}, {amount} than {second.label}"
        if is_sure
        else f"{head}; its lead over {second.label} may be chance"
    )


def _score_grid(question: Question) -> Grid:
    extra = "Median error" if question.is_distance else "Balanced accuracy"

    def other(run: Answer) -> str:
        if question.is_distance:
            return show(question, run.scores["cv/great_circle_km_median"])
        return percent(run.scores["cv/balanced_accuracy"])

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
                show(question, question.score(run)),
                interval_text(question, run),
                other(run),
                _spread(question, run),
            )
            for run in question.ranked
        ),
        f"{sentence(_baseline_text(question))}. {_blend_choice(question)}",
    )


def _blend_choice(question: Question) -> str:
    """Say which models the blend combines, and the scores on which they were chosen."""
    first, second = map(_readable, question.choice.candidates)
    reached = [show(question, value) for value in question.choice.on_choice]
    chosen = f"Both halves chose {first}" if first == second else f"The halves chose {first} and {second}"
    return f"{chosen} ({reached[0]} and {reached[1]} on the half used for choosing)."


def _readable(candidate: str) -> str:
    for name, text in READABLE.items():
        candidate = candidate.replace(name, text)
    return candidate


def interval_text(question: Question, run: Answer, split: str = CV) -> str:
    """Return the interval of a score as text."""
    low, high = question.score(run, "_low", split), question.score(run, "_high", split)
    return f"{show(question, low)} to {show(question, high)}".replace(" ", NO_BREAK)


def _spread(question: Question, run: Answer) -> str:
    sd = question.score(run, "_sd")
    if not sd:
        return DASH
    return f"{count(sd)}{NO_BREAK}km" if question.is_distance else points(sd).lstrip(f"+{MINUS}")

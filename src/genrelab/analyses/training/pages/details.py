"""Charts and tables of model details: coefficients, densities, curves, paired differences.

Conventions: as in `charts`. Coefficients are those of standardised features: the change of the log odds of a genre for
one standard deviation more of a feature.
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise

from genrelab.analyses.training.pages.score_tables import dominated, evidence, model_cell, score_cell
from genrelab.analyses.training.result import TrainedModel, Training
from genrelab.evaluation.results import Densities, LearningCurve, ValidationCurve
from genrelab.evaluation.samples import MOST_ROWS
from genrelab.report.charts import Drawing
from genrelab.report.curves import Line, lines
from genrelab.report.distributions import histograms
from genrelab.report.figure import Cell, Chart, Column, Grid, Picker, View, label, single, table
from genrelab.report.heatmap import values_heat
from genrelab.report.palette import genre_colour, slug
from genrelab.report.vocabulary import Metric, find_metric, find_split
from genrelab.report.wording import DASH, INTERVAL, count, decimal, inside, percent, points, sentence

PARAMETERS = {"n_neighbors": "number of neighbours"}
"""Names that people read."""

MOST_FEATURES = 16
"""Columns of the heat map of coefficients; with more features, those with the largest coefficients."""


def coefficients(training: Training) -> Chart | None:
    """Draw the coefficients of the linear models, genre by feature; without duplicates where both were fitted."""
    runs = {run.model: run for run in training.runs if run.coefficients}.values()
    if not runs:
        return None
    return Chart(
        f"coefficients-{slug(training.task)}",
        {run.key: _coefficients_view(run) for run in runs},
        (Picker("Model", tuple((run.key, run.label) for run in runs)),),
    )


def _coefficients_view(run: TrainedModel) -> View:
    found = run.coefficients
    genres = list(found)
    features = list(found[genres[0]])
    largest = {name: max(abs(found[genre][name]) for genre in genres) for name in features}
    shown = sorted(features, key=lambda name: -largest[name])[:MOST_FEATURES]
    shown = [name for name in features if name in shown]
    top = max(largest.values()) or 1.0
    genre, feature = max(
        ((genre, name) for genre in genres for name in shown), key=lambda pair: abs(found[pair[0]][pair[1]])
    )
    more = "more" if found[genre][feature] > 0 else "less"
    return View(
        title=f"{run.label}: {more} {feature.replace('_', ' ')} is the strongest sign, for {genre}",
        caption="Change of the log odds of a genre for one standard deviation more of a feature"
        + (
            f"; the {len(shown)} features with the largest coefficients of {len(features)}."
            if len(shown) < len(features)
            else "."
        ),
        grid=table(
            ("Genre", *shown),
            (
                (
                    Cell(genre, swatch=genre_colour(genre)),
                    *(decimal(found[genre][name], 2, signed=True) for name in shown),
                )
                for genre in genres
            ),
        ),
        **values_heat(
            genres,
            [name.split("_") for name in shown],
            [[found[genre][name] / top for name in shown] for genre in genres],
            [[decimal(found[genre][name], 1, signed=True) for name in shown] for genre in genres],
            [
                [f"{genre}, {name}: {decimal(found[genre][name], 2, signed=True)}" for name in shown]
                for genre in genres
            ],
            row_axis="",
            column_axis="Feature",
            is_signed=True,
        ),
    )


def densities(training: Training) -> Chart | None:
    """Draw the probabilities that the one-vs-rest model gives to each genre's own tracks and to all others."""
    for run in reversed(training.runs):
        if run.densities and run.densities.genres:
            return single(f"densities-{slug(training.task)}", _densities_view(run, run.densities))
    return None


def _densities_view(run: TrainedModel, given: Densities) -> View:
    found = given.genres
    bins = len(next(iter(found.values())).own)
    edges = [place / bins for place in range(bins + 1)]
    middles = [(low + high) / 2 for low, high in pairwise(edges)]

    def mean(shares: Sequence[float]) -> float:
        return sum(share * middle for share, middle in zip(shares, middles, strict=True))

    means = {genre: (mean(one.own), mean(one.others)) for genre, one in found.items()}
    apart = max(means, key=lambda genre: means[genre][0] - means[genre][1])
    return View(
        title=f"{sentence(apart)} is separated best: its own tracks get {percent(means[apart][0], 0)} on average,"
        f" all others {percent(means[apart][1], 0)}",
        caption=f"{run.name} on {inside(find_split(given.split).label)}: the predicted probability of each genre."
        " Bars: the genre's own tracks; line: all other tracks. Where bars and line overlap, the model cannot"
        " distinguish the genre from the rest.",
        grid=table(
            ("Genre", "Mean, own tracks", "Mean, other tracks"),
            (
                (Cell(genre, swatch=genre_colour(genre)), percent(own), percent(others))
                for genre, (own, others) in means.items()
            ),
        ),
        **histograms(
            list(means),
            [percent(own, 0) for own, _ in means.values()],
            [one.own for one in found.values()],
            [one.others for one in found.values()],
            [genre_colour(genre) for genre in means],
            edges=edges,
            bars=[f"probability {low:.0%} to {high:.0%}" for low, high in pairwise(edges)],
            axis="Probability of the genre",
        ),
    )


def validation_curve(training: Training) -> Chart | None:
    """Draw the accuracy over a parameter, on folds inside the training rows."""
    for run in reversed(training.runs):
        curve = run.validation_curve
        if curve and len(curve.points) > 1:
            return single(f"validation-{slug(training.task)}", _validation_view(run, curve))
    return None


def _validation_view(run: TrainedModel, curve: ValidationCurve) -> View:
    best = max(curve.points, key=lambda point: point.accuracy)
    parameter = PARAMETERS.get(curve.parameter, curve.parameter.replace("_", " "))
    return View(
        title=f"{run.label}: {best.value} is the best value of {parameter} tried",
        caption=f"Accuracy on folds of {count(curve.rows)} training tracks, grouped by artist;"
        " whiskers are standard errors with artists as clusters. The test part was not used.",
        grid=table(
            (Column(sentence(parameter)), "Accuracy", "Standard error"),
            ((count(point.value), percent(point.accuracy), percent(point.error)) for point in curve.points),
        ),
        **_shares_over(
            [float(point.value) for point in curve.points],
            {"held-out artists": [point.accuracy for point in curve.points]},
            errors=[point.error for point in curve.points],
            across_axis=sentence(parameter),
            up_axis="Accuracy",
        ),
    )


def _shares_over(
    across: Sequence[float],
    series: Mapping[str, Sequence[float]],
    *,
    across_axis: str,
    up_axis: str,
    errors: Sequence[float] = (),
) -> Drawing:
    """Draw shares over a quantity on a logarithmic axis whose ticks are the measured values."""
    looks = (("var(--accent)", "solid", "circle"), ("var(--quiet)", "dash", "diamond"))
    drawn = [
        Line(
            across,
            heights,
            f"<b>{label(name)}</b><br>%{{x:,}}: %{{y:.1%}}",
            name=name,
            colour=colour,
            dash=dash,
            dots=9,
            symbol=symbol,
            errors=() if place else errors,
        )
        for place, ((name, heights), (colour, dash, symbol)) in enumerate(
            zip(series.items(), looks, strict=False)
        )
    ]
    ticks = {"tickmode": "array", "tickvals": list(across), "ticktext": [f"{at:,.0f}" for at in across]}
    drawing = lines(
        drawn,
        across={"title": {"text": across_axis}, "type": "log", **ticks},
        up={"title": {"text": up_axis}, "tickformat": ".0%", "nticks": 6},
    )
    return drawing | {"height": 380, "max_width": 760}


def learning_curve(training: Training) -> Chart | None:
    """Draw accuracy and macro F1 of the best candidate by number of training tracks."""
    for run in training.runs:
        curve = run.learning_curve
        if curve and len(curve.points) > 1:
            return single(f"learning-{slug(training.task)}", _learning_view(run, curve))
    return None


def _learning_view(run: TrainedModel, curve: LearningCurve) -> View:
    *_, before, last = curve.points
    gain = last.accuracy - before.accuracy
    return View(
        title=f"{run.label} {'gains' if gain >= 0 else 'loses'} {points(abs(gain)).lstrip('+')} from"
        f" {count(before.rows)} to {count(last.rows)} training tracks",
        caption="Fitted on increasing numbers of artists of the training part, scored on the gate."
        + (
            f" All but the last are shares of a sample of at most {count(MOST_ROWS)} of {count(last.rows)} tracks,"
            " whole artists, seeded."
            if last.rows > MOST_ROWS
            else ""
        ),
        grid=table(
            (Column("Training tracks"), "Accuracy", "Macro F1"),
            ((count(point.rows), percent(point.accuracy), decimal(point.macro_f1)) for point in curve.points),
        ),
        **_shares_over(
            [point.rows for point in curve.points],
            {
                "accuracy": [point.accuracy for point in curve.points],
                "macro F1": [point.macro_f1 for point in curve.points],
            },
            across_axis="Training tracks",
            up_axis="Score on the gate",
        ),
    )


def champion_scores(training: Training) -> Grid | None:
    """Return the scores of the champion on the main split, and over other draws of artists where these were made.

    None where the champion was fitted in an earlier training.
    """
    run, split = training.champion_run, training.headline()
    if run is None or not split:
        return None
    metrics = map(find_metric, ("accuracy", "macro_f1", "log_loss", "ece"))
    found = [(metric, score) for metric in metrics if (score := run.score(split, metric.name))]
    rows = [(metric.label, score_cell(score, metric), draws_cell(run, metric)) for metric, score in found]
    caption = (
        f"The champion on the main test tracks, with {INTERVAL}s: what other artists could give. Other draws: mean over"
        f" five samples of a quarter of the artists as test artists. {dominated(training, [split])}"
    )
    headings = ("Score", Column(find_split(split).label, evidence(run, split)), "Other draws of artists")
    return table(headings, rows, caption.rstrip()) if rows else None


def draws_cell(run: TrainedModel, metric: Metric) -> Cell:
    """Return the mean of a score over other draws of artists, with its standard deviation below."""
    spread = run.seeds.get(metric.name)
    return (
        Cell(metric.show(spread.mean), f"standard deviation {metric.show(spread.sd)}")
        if spread
        else Cell(DASH)
    )


def other_draws(training: Training) -> Grid | None:
    """Return the scores over other draws of artists into training and test."""
    metrics = [find_metric(name) for name in ("accuracy", "macro_f1", "ece")]
    rows = [
        (
            model_cell(training, run),
            *(draws_cell(run, metric) for metric in metrics),
        )
        for run in training.runs
        if run.seeds
    ]
    caption = (
        "Mean over five other draws of a quarter of the artists as test artists, fitted anew on the others."
    )
    return table(("Model", *(metric.label for metric in metrics)), rows, caption) if rows else None

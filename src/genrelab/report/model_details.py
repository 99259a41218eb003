"""What models say about genres and about themselves: coefficients, densities, curves, paired differences.

Conventions: as in `genrelab.report.model_charts`; what the facts lack is left out. Coefficients belong to
standardised features: one standard deviation more of a feature adds so much to the log odds of a genre.
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from genrelab.report.charts import Drawing
from genrelab.report.curves import Line, lines
from genrelab.report.distributions import histograms
from genrelab.report.figure import Cell, Chart, Column, Grid, Picker, View, columns, label, single, text_cells
from genrelab.report.heatmap import values_heat
from genrelab.report.palette import genre_colour, slug
from genrelab.report.score_tables import model_cell
from genrelab.report.training import Run, Task
from genrelab.report.vocabulary import find_metric, find_split
from genrelab.report.wording import DASH, INTERVAL, count, decimal, inside, number, percent, said, sentence

MOST_FEATURES = 16
"""Columns of the heat map of coefficients; of more features those with the largest coefficients."""

Points = Sequence[Mapping[str, Any]]


def coefficients(task: Task) -> Chart | None:
    """Coefficients of the linear models, genre by feature; without duplicates where both were fitted."""
    views, models = {}, []
    chosen = {run.model: run for run in task.runs if run.part("coefficients")}
    for run in chosen.values():
        found = {genre: dict(values) for genre, values in run.part("coefficients").items() if values}
        if found:
            views[run.key] = _coefficients_view(run, found)
            models.append((run.key, said(run.facts.get("label"), run.model)))
    return (
        Chart(f"coefficients-{slug(task.name)}", views, (Picker("Model", tuple(models)),)) if views else None
    )


def _coefficients_view(run: Run, found: Mapping[str, Mapping[str, float]]) -> View:
    genres = list(found)
    features = list(found[genres[0]])
    largest = {name: max(abs(found[genre][name]) for genre in genres) for name in features}
    shown = sorted(features, key=lambda name: -largest[name])[:MOST_FEATURES]
    shown = [name for name in features if name in shown]
    top = max(largest.values()) or 1.0
    genre, feature = max(
        ((genre, name) for genre in genres for name in shown), key=lambda pair: abs(found[pair[0]][pair[1]])
    )
    value = found[genre][feature]
    name = said(run.facts.get("label"), run.model)
    return View(
        title=f"{name}: {'more' if value > 0 else 'less'} {feature.replace('_', ' ')} speaks loudest,"
        f" for {genre}",
        caption="What one standard deviation more of a feature adds to the log odds of a genre"
        + (
            f"; the {len(shown)} features with the largest coefficients of {len(features)}."
            if len(shown) < len(features)
            else "."
        ),
        grid=Grid(
            columns("Genre", *shown),
            tuple(
                text_cells(
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


def densities(task: Task) -> Chart | None:
    """How sure the one-vs-rest model is of each genre's own tracks, and of all others."""
    for run in reversed(task.runs):
        given = run.part("densities")
        found = {
            str(genre): (list(each["own"]), list(each["others"]))
            for genre, each in (given.get("genres") or {}).items()
        }
        if found:
            view = _densities_view(run, said(given.get("split"), ""), found)
            return single(f"densities-{slug(task.name)}", view)
    return None


def _densities_view(run: Run, split: str, found: Mapping[str, tuple[list[float], list[float]]]) -> View:
    genres = list(found)
    bins = len(found[genres[0]][0])
    edges = [place / bins for place in range(bins + 1)]
    middles = [(low + high) / 2 for low, high in pairwise(edges)]
    means = {
        genre: tuple(sum(share * middle for share, middle in zip(row, middles, strict=True)) for row in rows)
        for genre, rows in found.items()
    }
    apart = max(genres, key=lambda genre: means[genre][0] - means[genre][1])
    return View(
        title=f"{sentence(apart)} stands apart: its own tracks get {percent(means[apart][0], 0)} on average,"
        f" all others {percent(means[apart][1], 0)}",
        caption=f"{run.name} on {inside(find_split(split).label)}: the probability that it gives to a genre."
        " Bars: the genre's own tracks; line: all other tracks. Where the two lie on one another the model cannot"
        " tell the genre from the rest.",
        grid=Grid(
            columns("Genre", "Mean, own tracks", "Mean, other tracks"),
            tuple(
                text_cells(
                    Cell(genre, swatch=genre_colour(genre)),
                    percent(means[genre][0]),
                    percent(means[genre][1]),
                )
                for genre in genres
            ),
        ),
        **histograms(
            genres,
            [percent(means[genre][0], 0) for genre in genres],
            [found[genre][0] for genre in genres],
            [found[genre][1] for genre in genres],
            [genre_colour(genre) for genre in genres],
            edges=edges,
            bars=[f"probability {low:.0%} to {high:.0%}" for low, high in pairwise(edges)],
            axis="Probability of the genre",
        ),
    )


def validation_curve(task: Task) -> Chart | None:
    """Accuracy over a parameter, on folds inside the training rows."""
    for run in reversed(task.runs):
        given = run.part("validation_curve")
        points: Points = given.get("points") or ()
        if len(points) > 1:
            return single(f"validation-{slug(task.name)}", _validation_view(run, given, points))
    return None


def _validation_view(run: Run, given: Mapping[str, Any], points: Points) -> View:
    best = max(points, key=lambda point: number(point.get("accuracy")) or 0.0)
    parameter = said(given.get("parameter")).replace("_", " ")
    return View(
        title=f"{said(run.facts.get('label'))}: {best['value']} is the best value of {parameter} tried",
        caption=f"Accuracy on folds of {count(given.get('rows'))} training tracks that keep an artist on one side;"
        " whiskers are standard errors over the folds. The test part was not looked at.",
        grid=Grid(
            columns(Column(sentence(parameter), is_number=True), "Accuracy", "Standard error"),
            tuple(
                text_cells(count(point["value"]), percent(point["accuracy"]), percent(point["error"]))
                for point in points
            ),
        ),
        **_shares_over(
            [float(point["value"]) for point in points],
            {"held-out artists": [float(point["accuracy"]) for point in points]},
            errors=[float(point["error"]) for point in points],
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
    """Shares over a quantity on a logarithmic axis, whose ticks are the measured values."""
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


def learning_curve(task: Task) -> Chart | None:
    """Accuracy and macro F1 of the best candidate by number of training tracks."""
    for run in task.runs:
        given = run.part("learning_curve")
        points: Points = given.get("points") or ()
        if len(points) > 1:
            gained = float(points[-1]["accuracy"]) - float(points[-2]["accuracy"])
            view = View(
                title=f"{said(run.facts.get('label'))} gains {percent(gained)} from"
                f" {count(points[-2]['rows'])} to {count(points[-1]['rows'])} training tracks",
                caption="Fitted on ever more artists of the training part, judged on the gate.",
                grid=Grid(
                    columns(Column("Training tracks", is_number=True), "Accuracy", "Macro F1"),
                    tuple(
                        text_cells(
                            count(point["rows"]), percent(point["accuracy"]), decimal(point["macro_f1"])
                        )
                        for point in points
                    ),
                ),
                **_shares_over(
                    [float(point["rows"]) for point in points],
                    {
                        "accuracy": [float(point["accuracy"]) for point in points],
                        "macro F1": [float(point["macro_f1"]) for point in points],
                    },
                    across_axis="Training tracks",
                    up_axis="Score on the gate",
                ),
            )
            return single(f"learning-{slug(task.name)}", view)
    return None


def comparisons(task: Task) -> Grid | None:
    """The best candidate against every other model, on the same tracks: which differences are real."""
    rows = []
    accuracy, f1 = find_metric("accuracy"), find_metric("macro_f1")
    for given in task.facts.get("comparisons") or []:
        parts = [given.get("accuracy") or {}, given.get("macro_f1") or {}]
        cells = [
            Cell(
                metric.show_difference(part.get("value")),
                metric.show_interval(part.get("low"), part.get("high")),
            )
            for metric, part in zip((accuracy, f1), parts, strict=True)
        ]
        p = number(given.get("p"))
        shown = DASH if p is None else ("below 0.001" if p < 0.001 else decimal(p))  # noqa: PLR2004
        is_real = bool(given.get("is_real"))
        verdict = Cell("real" if is_real else "may be chance", mark="good" if is_real else "")
        rows.append((Cell(said(given.get("label"))), *cells, Cell(shown), verdict))
    if not rows:
        return None
    split = inside(find_split(said(task.facts.get("shown"), "")).label)
    return Grid(
        (
            Column("Against", is_number=False),
            Column("Accuracy"),
            Column("Macro F1"),
            Column("p"),
            Column("Difference in accuracy", is_number=False),
        ),
        tuple(rows),
        f"The candidate chosen on the gate minus each other model, on the same {split}; {INTERVAL}s below. p is"
        " McNemar's exact test, corrected by Holm for the number of comparisons; below 0.05 a difference is called"
        " real.",
    )


def other_draws(task: Task) -> Grid | None:
    """Scores over other draws of artists into training and test."""
    names = ("accuracy", "macro_f1", "ece")
    rows = []
    for run in task.runs:
        seeds = run.part("seeds")
        if not seeds:
            continue
        cells = []
        for name in names:
            found, metric = seeds.get(name) or {}, find_metric(name)
            spread = number(found.get("sd"))
            below = f"standard deviation {percent(spread) if metric.is_share else decimal(spread)}"
            cells.append(Cell(metric.show(found.get("mean")), below if spread is not None else ""))
        rows.append((model_cell(task, run), *cells))
    if not rows:
        return None
    headings = (Column("Model", is_number=False), *(Column(find_metric(name).label) for name in names))
    return Grid(
        headings, tuple(rows), "Mean over five other draws of a quarter of the artists as test artists."
    )

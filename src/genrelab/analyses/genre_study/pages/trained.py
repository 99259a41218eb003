"""What the trainings of several labels say: every model beside its baselines, thresholds, the champion in words."""

from collections.abc import Sequence

from genrelab.analyses.genre_study.pages.words import SCORES
from genrelab.analyses.training.analysis import TRAINING
from genrelab.analyses.training.result import TrainedModel, Training
from genrelab.evaluation.results import Score
from genrelab.report.curves import Line, Mark, lines
from genrelab.report.figure import Cell, Chart, Grid, Picker, View, table
from genrelab.report.page import Facts
from genrelab.report.vocabulary import find_metric
from genrelab.report.wording import DASH, INTERVAL, count, decimal, percent, plural

SHOWN_THRESHOLDS = (0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5)


def trainings(facts: Facts) -> tuple[Training, ...]:
    """Return the trainings of several labels; none if they were not run."""
    found = TRAINING.found_in(facts)
    return found.of_several_labels if found else ()


def champion_words(training: Training) -> str:
    """Say in words what the model in use names, and what of it is right."""
    run = training.main_run
    scores = {
        name: _score(run, training, name)
        for name in ("hierarchical_precision", "hierarchical_recall", "jaccard")
    }
    right, heard, index = scores.values()
    if run is None or index is None:
        return ""
    bar = _best_baseline(training)
    against = f"; without hearing anything: {decimal(bar.value)}" if bar else ""
    if right is None or heard is None:
        return f"{run.label} names genres with a Jaccard index of {index}{against}."
    return (
        f"For artists that it has never heard, {percent(right.value, 0)} of the genres that {training.role_of(run)} "
        "names are "
        f"right, and it finds {percent(heard.value, 0)} of those that a track has. {run.label}: Jaccard index "
        f"{decimal(index.value)} ({find_metric('jaccard').show_interval(index.low, index.high)}){against}."
    )


def _best_baseline(training: Training) -> Score | None:
    found = [
        score for run in training.runs if run.is_baseline and (score := _score(run, training, "jaccard"))
    ]
    return max(found, key=lambda score: score.value, default=None)


def _score(run: TrainedModel | None, training: Training, name: str) -> Score | None:
    return run.score(training.shown, name) if run else None


def models_table(training: Training) -> Grid:
    """Return every model of a training with all scores on the shown split, the best first."""
    ranked = training.ranked(training.shown, "jaccard")
    rows = [run for run in ranked if not run.is_baseline] + [run for run in ranked if run.is_baseline]
    there = [name for name in SCORES if any(_score(run, training, name) for run in rows)]
    return table(
        ("Model", *(SCORES[name] for name in there)),
        [
            (
                Cell(
                    run.label,
                    "hears nothing" if run.is_baseline else "",
                    mark="champion" if run is training.champion_run else "",
                ),
                *(_cell(_score(run, training, name)) for name in there),
            )
            for run in rows
        ],
        f"FMA's test part; below each score the {INTERVAL} by artist. Hamming loss and coverage error: less is better",
    )


def _cell(score: Score | None) -> Cell:
    if score is None:
        return Cell(DASH)
    return Cell(decimal(score.value), find_metric("jaccard").show_interval(score.low, score.high))


def thresholds_chart(found: Sequence[Training]) -> Chart | None:
    """Draw the Jaccard index of the main models on folds, by the probability from which a genre is named."""
    views = {
        training.task: _thresholds(run)
        for training in found
        if (run := training.main_run) and run.threshold_curve and run.thresholds
    }
    if not views:
        return None
    options = tuple((one.task, one.title) for one in found if one.task in views)
    return Chart("champion-thresholds", views, (Picker("Task", options),) if len(views) > 1 else ())


def _thresholds(run: TrainedModel) -> View:
    rule = run.thresholds
    assert rule is not None  # noqa: S101 - asked by the caller
    cuts = [point.threshold for point in run.threshold_curve]
    values = [point.jaccard for point in run.threshold_curve]
    best = max(range(len(values)), key=values.__getitem__)
    own = f"; {count(len(rule.by_label))} of the genres have one of their own" if rule.by_label else ""
    return View(
        title=f"{run.label}: a genre is named from a probability of {rule.overall:.2f} on{own}",
        caption="Mean Jaccard index on folds of the training artists, by the probability from which every genre is "
        "named. "
        "Neither validation nor test tracks choose it. Rules that were compared on artists they were not fitted on: "
        + "; ".join(
            f"{one.name}: {decimal(one.jaccard)}{' (used)' if one.is_chosen else ''}" for one in rule.compared
        )
        + ".",
        grid=table(
            ("Named from", "Jaccard index"),
            [
                (f"{cut:.2f}", decimal(value))
                for cut, value in zip(cuts, values, strict=True)
                if round(cut, 2) in (*SHOWN_THRESHOLDS, round(cuts[best], 2))
            ],
        ),
        **lines(
            [Line(cuts, values, "from %{x:.2f} on: %{y:.3f}")],
            across={"title": {"text": "Probability from which a genre is named"}, "tickformat": ".2f"},
            up={"title": {"text": "Jaccard index on folds"}, "rangemode": "tozero", "tickformat": ".2f"},
            marks=[Mark(rule.overall, f"{rule.overall:.2f}")],
        ),
    )


def about(training: Training) -> str:
    """Say what a training is based on."""
    return (
        f"{training.note}. {plural(training.feature_count, 'feature')}, {count(len(training.labels))} genres."
    )

"""The charts of the models: ranking, training time, predicted shares, calibration, feature importance, confusion.

Conventions: one view for each selection, that of the champion or the best model first; a view names its split,
baseline and interval. Titles are computed from the numbers drawn. A view of one model needs only that model: its run in
MLflow shows it too.
"""

from collections.abc import Callable, Mapping, Sequence

from genrelab.analyses.training.pages.score_tables import (
    baseline,
    baseline_text,
    baselines,
    dominated,
    evidence,
    model_cell,
    score_cell,
    shared_evidence,
    shown_splits,
)
from genrelab.analyses.training.result import TrainedModel, Training, same_kind
from genrelab.evaluation.results import ClassScores, Score
from genrelab.report.charts import bars, intervals, pairs
from genrelab.report.curves import calibration, named_points
from genrelab.report.figure import Cell, Chart, Column, Picker, View, single, table
from genrelab.report.heatmap import heat, row_shares
from genrelab.report.palette import genre_colour, slug
from genrelab.report.vocabulary import METRICS, SPLITS, Metric, find_metric, find_split, in_order
from genrelab.report.wording import (
    DASH,
    INTERVAL,
    THIN,
    count,
    decimal,
    inside,
    listing,
    percent,
    plural,
    points,
    seconds,
    sentence,
)

CHAMPION, OTHER = "var(--accent)", "var(--quiet)"
FEATURES_SHOWN = 15
WORST = 3
"""Mistakes named in the caption of a confusion matrix."""

IMPORTANCE = "loss of accuracy when the feature is shuffled among the tracks of the gate"
KNOWN_SPLITS = [split.name for split in SPLITS]

Counts = Sequence[Sequence[int]]


def colour_of(training: Training, run: TrainedModel) -> str:
    """Return the colour of a model; the champion's differs, and its name is marked too."""
    return CHAMPION if run is training.champion_run else OTHER


def model_picker(training: Training, runs: Sequence[TrainedModel]) -> Picker:
    """Return the picker of models."""
    champion = training.champion_run
    return Picker(
        "Model",
        tuple((run.key, f"{run.name}, champion" if run is champion else run.name) for run in runs),
    )


def split_picker(splits: Sequence[str]) -> Picker:
    """Return the picker of test splits."""
    return Picker(
        "Tested on", tuple((name, find_split(name).label) for name in in_order(splits, KNOWN_SPLITS))
    )


def leaders(training: Training) -> Chart | None:
    """Draw every model by one score on one split, with intervals, baseline and published results."""
    headline = training.headline()
    shown = {
        (metric, split): _leaders_view(training, metric, split)
        for metric in METRICS
        for split in sorted(shown_splits(training, metric.name), key=lambda name: name != headline)
        if split != "random"  # It has its own table beside the grouped one.
    }
    if not shown:
        return None
    metrics = dict.fromkeys(metric for metric, _ in shown)
    pickers = (
        Picker("Score", tuple((metric.name, metric.label) for metric in metrics)),
        split_picker([split for _, split in shown]),
    )
    views = {f"{metric.name}|{split}": view for (metric, split), view in shown.items()}
    return Chart(f"leaders-{slug(training.task)}", views, pickers)


def leader_sentence(training: Training, metric: Metric, split: str) -> str:
    """Say which model leads, and whether the lead may be chance."""
    scored = training.scored(split, metric.name)
    best, score = scored[0]
    base = baseline(training, best, split, metric)
    title = f"{best.name} leads with {metric.show(score.value)}"
    # The same kind of model with other duplicates is not compared: it was scored on other tracks.
    level = [run.name for run, other in scored[1:] if run.model != best.model and score.may_equal(other)]
    if level:
        others = level[0] if len(level) == 1 else f"{len(level)} others"
        return f"{title}, but {others} may be as good"
    if base is not None and score.value <= base and metric.higher_is_better:
        return f"{title}, no better than always predicting one genre"
    if base is not None and metric.is_share:
        return f"{title}, {points(score.value - base).lstrip('+')} above always predicting one genre"
    return title


def _leaders_view(training: Training, metric: Metric, split: str) -> View:
    scored = training.scored(split, metric.name)
    levels = baselines(training, split, metric)
    others = [
        (row, given.value, f"{given.model}, {given.source}")
        for given in training.references
        if (given.split, given.metric) == (split, metric.name)
        for row, (run, _) in enumerate(scored)
        if same_kind(given.model, run)
    ]
    about = find_split(split)
    caption = f"{metric.meaning} {about.label}: {inside(about.meaning)}"
    if sizes := shared_evidence(training, split):
        caption += f" {sizes}."
    caption += (
        f" Lines are {INTERVAL}s: what other artists could give. {dominated(training, [split])}".rstrip()
    )
    if others:
        caption += " Hollow diamonds are published results of the same kind of model."
    if len(levels) > 1:
        caption += " Models with duplicates removed were scored on other tracks: the table has each baseline."
    grid = table(
        ("Model", metric.label, INTERVAL, "Baseline"),
        (
            (
                model_cell(training, run),
                metric.show(score.value),
                score_cell(score, metric).below,
                metric.show(baseline(training, run, split, metric)),
            )
            for run, score in scored
        ),
    )
    return View(
        title=leader_sentence(training, metric, split),
        caption=caption,
        grid=grid,
        **intervals(
            [run.name + (", champion" if run is training.champion_run else "") for run, _ in scored],
            [score.value for _, score in scored],
            [score.low for _, score in scored],
            [score.high for _, score in scored],
            [metric.show(score.value) for _, score in scored],
            [colour_of(training, run) for run, _ in scored],
            axis=f"{metric.label}, {inside(about.label)}",
            is_share=metric.is_share,
            lines=[(level, baseline_text(metric, levels) if level == levels[-1] else "") for level in levels],
            others=others,
        ),
    )


def speed(training: Training) -> Chart | None:
    """Draw the accuracy on the headline split against training time."""
    split, metric = training.headline(), find_metric("accuracy")
    of_kind: dict[str, tuple[TrainedModel, Score]] = {}
    for run, score in training.scored(split, metric.name):
        if run.fit_seconds:
            of_kind.setdefault(run.model, (run, score))
    shown = list(of_kind.values())
    if len(shown) < 2:  # noqa: PLR2004 - one point compares nothing
        return None
    able = [
        (run, score)
        for run, score in shown
        if (score.low or score.value) > (baseline(training, run, split, metric) or 0)
    ] or shown[:1]
    (best, highest), (fastest, lower) = shown[0], min(able, key=lambda pair: pair[0].fit_seconds)
    title = (
        f"{best.name} is the best and the fastest to train"
        if best is fastest
        else f"{fastest.name} trains in {seconds(fastest.fit_seconds)}, {best.name} in "
        f"{seconds(best.fit_seconds)}: {points(highest.value - lower.value).lstrip('+')}"
        f" for {best.fit_seconds / fastest.fit_seconds:,.0f} times the training time"
    )
    grid = table(
        ("Model", "Training time", "1,000 predictions", "Accuracy", INTERVAL),
        (
            (
                model_cell(training, run),
                seconds(run.fit_seconds),
                f"{run.predict_ms_per_1000:,.1f}{THIN}ms",
                metric.show(score.value),
                score_cell(score, metric).below,
            )
            for run, score in shown
        ),
    )
    level = baseline_text(metric, baselines(training, split, metric))
    view = View(
        title=title,
        caption=f"Accuracy on {inside(find_split(split).label)}"
        + (f" ({level})" if level else "")
        + " against training time on a logarithmic axis, for the best of each kind of model. Models that are no better"
        " than the baseline are in the numbers only.",
        grid=grid,
        **named_points(
            [run.label for run, _ in able],
            [run.fit_seconds for run, _ in able],
            [score.value for _, score in able],
            [colour_of(training, run) for run, _ in able],
            across_axis="Training time in seconds",
            up_axis="Accuracy",
        ),
    )
    return single(f"speed-{slug(training.task)}", view)


def by_model_and_split(
    training: Training,
    name: str,
    part: Callable[[TrainedModel], Mapping[str, object]],
    view: Callable[[TrainedModel, str], View],
    *,
    shows_numbers: bool = False,
) -> Chart | None:
    """Return a chart of one detail of each model, with a picker of models and splits.

    Args:
        training: The training with the models.
        name: Name of the chart.
        part: The detail by split, of a model.
        view: Draws it for a model and a split.
        shows_numbers: Whether the table below the drawing is open.
    """
    # The random split is never shown without the grouped one beside it.
    shown = {
        (run.key, split): view(run, split)
        for run in training.pickable
        for split in in_order([key for key, rows in part(run).items() if rows], KNOWN_SPLITS)
        if split != "random"
    }
    if not shown:
        return None
    keys = {key for key, _ in shown}
    pickers = (
        model_picker(training, [run for run in training.pickable if run.key in keys]),
        split_picker([split for _, split in shown]),
    )
    views = {f"{key}|{split}": drawn for (key, split), drawn in shown.items()}
    return Chart(f"{name}-{slug(training.task)}", views, pickers, shows_numbers=shows_numbers)


def absent(rows: Sequence[ClassScores]) -> str:
    """Return a sentence on the genres that a split lacks; empty where it has all."""
    names = [row.genre for row in rows if not row.support]
    return (
        f" No track here is {listing(names)}: nothing is known of how well that is predicted."
        if names
        else ""
    )


def per_class_view(run: TrainedModel, split: str) -> View:
    """Draw the share of each genre among predictions and among tracks, with the per-class report."""
    rows = run.per_class[split]
    most = max(rows, key=lambda row: abs(row.predicted_share - row.true_share))
    report = table(
        ("Genre", "Precision", "Recall", "F1", "Tracks", "Artists", "True share", "Predicted share"),
        (
            (
                Cell(row.genre, swatch=genre_colour(row.genre)),
                decimal(row.precision, 2) if row.predicted_share else DASH,
                decimal(row.recall, 2) if row.support else DASH,
                decimal(row.f1, 2) if row.support or row.predicted_share else DASH,
                count(row.support),
                count(row.artists),
                percent(row.true_share),
                percent(row.predicted_share),
            )
            for row in rows
        ),
        "Precision: share of the predictions of a genre that are correct. Recall: share of the genre's tracks that are"
        " predicted correctly. A dash: no such prediction, or no such track." + absent(rows),
    )
    return View(
        title=f"{sentence(most.genre)} is {percent(most.true_share, 0)} of tracks and"
        f" {percent(most.predicted_share, 0)} of predictions",
        caption=f"{run.name} on {_tested_on(run, split)}: how often each genre occurs (hollow) and is predicted"
        " (full).",
        grid=report,
        **pairs(
            [row.genre for row in rows],
            [row.true_share for row in rows],
            [row.predicted_share for row in rows],
            [genre_colour(row.genre) for row in rows],
            before_name="share of the tracks",
            after_name="share of the predictions",
            axis="Share",
        ),
    )


def calibration_view(run: TrainedModel, split: str) -> View:
    """Draw the share of correct predictions against the stated confidence."""
    bins = run.calibration[split]
    total = sum(one.count for one in bins)
    gap = sum((one.confidence - one.accuracy) * one.count for one in bins) / total
    error = run.score(split, "ece")
    title = f"{run.name} is well calibrated"
    if abs(gap) >= 0.02:  # noqa: PLR2004 - two points are within what a reader would call well calibrated
        fault = "overconfident" if gap > 0 else "underconfident"
        title = f"{run.name} is {fault} by {points(abs(gap)).lstrip('+')} on average"
    error_text = (
        f" Calibration error {decimal(error.value)}"
        f" {find_metric('ece').show_interval_after(error.low, error.high)}."
        if error
        else ""
    )
    if perfect := run.perfect_ece.get(split):
        error_text += (
            " A perfectly calibrated model, with labels drawn from these probabilities, has"
            f" {decimal(perfect.mean)} on average on the same artists and at most {decimal(perfect.p95)} in"
            f" 95{THIN}% of the draws."
        )
    return View(
        title=title,
        caption=f"On {_tested_on(run, split)}: on the dotted line, confidence equals the share of correct "
        "predictions;"
        f" the larger a dot, the more tracks.{error_text}",
        grid=table(
            (Column("Confidence"), "Correct", "Tracks"),
            ((percent(one.confidence), percent(one.accuracy), count(one.count)) for one in bins),
        ),
        **calibration(
            [one.confidence for one in bins], [one.accuracy for one in bins], [one.count for one in bins]
        ),
    )


def importances(training: Training) -> Chart | None:
    """Draw the feature importance of each model."""
    runs = [run for run in training.champion_first if run.importances]
    views = {run.key: importance_view(run, colour_of(training, run)) for run in runs}
    return Chart(f"features-{slug(training.task)}", views, (model_picker(training, runs),)) if views else None


def importance_view(run: TrainedModel, colour: str, most: int = FEATURES_SHOWN) -> View:
    """Draw the most important features of one model."""
    found = sorted(run.importances, key=lambda one: -one.value)
    shown = found[:most]
    return View(
        title=f"{run.name} relies most on {shown[0].feature}",
        caption=f"Importance of each of the {len(found)} features: {IMPORTANCE}"
        + (f"; the first {len(shown)} are drawn." if len(shown) < len(found) else "."),
        grid=table(("Feature", "Importance"), ((one.feature, decimal(one.value, 4)) for one in found)),
        **bars(
            [one.feature for one in shown],
            [one.value for one in shown],
            [decimal(one.value) for one in shown],
            [colour] * len(shown),
            axis="Importance",
        ),
    )


def mistakes(counts: Counts, labels: Sequence[str]) -> list[tuple[str, str, int, float]]:
    """Return true genre, predicted genre, tracks and share of the true genre; most tracks first."""
    shares = row_shares(counts)
    found = [
        (true, answered, counts[row][column], shares[row][column])
        for row, true in enumerate(labels)
        for column, answered in enumerate(labels)
        if row != column and counts[row][column] > 0
    ]
    return sorted(found, key=lambda mistake: -mistake[2])


def describe(counts: Counts, labels: Sequence[str]) -> str:
    """Say what a matrix shows: the genre that is predicted too often, or the commonest mistake."""
    total = sum(map(sum, counts))
    if not total:
        return "No track was scored"
    answered = [sum(row[column] for row in counts) / total for column in range(len(labels))]
    true = [sum(row) / total for row in counts]
    excess = [share - own for share, own in zip(answered, true, strict=True)]
    place = max(range(len(labels)), key=lambda index: excess[index])
    if excess[place] >= 0.05:  # noqa: PLR2004 - five points too many are worth a headline
        return (
            f"{percent(answered[place], 0)} of all predictions are {labels[place]},"
            f" but only {percent(true[place], 0)} of the tracks"
        )
    found = mistakes(counts, labels)
    if not found:
        return "Every track was predicted correctly"
    worst = found[0]
    return f"{sentence(worst[0])} is most often predicted as {worst[1]}: {percent(worst[3], 0)} of its tracks"


def confusion_view(run: TrainedModel, split: str, labels: Sequence[str]) -> View:
    """Draw the confusion matrix of a model."""
    counts = run.confusion[split]
    shares = row_shares(counts)
    artists = {
        row.genre: f"{plural(round(row.support), 'track')} by {plural(row.artists, 'artist')}"
        for row in run.per_class.get(split, ())
    }
    worst = "; ".join(
        f"{true} predicted as {answered} ({count(tracks)} tracks, {percent(share, 0)} of {true})"
        for true, answered, tracks, share in mistakes(counts, labels)[:WORST]
    )
    return View(
        title=describe(counts, labels),
        caption=_accuracy(run, split, len(labels))
        + "Each row is a true genre; the large figure is the percentage of its tracks, the small one their"
        " number." + (f" Most frequent mistakes: {worst}." if worst else ""),
        grid=table(
            ("True genre", *labels),
            (
                (
                    Cell(genre, artists.get(genre, ""), swatch=genre_colour(genre)),
                    *(
                        Cell(count(cell), percent(share, 0), mark="good" if row == column else "")
                        for column, (cell, share) in enumerate(zip(counts[row], shares[row], strict=True))
                    ),
                )
                for row, genre in enumerate(labels)
            ),
            "Columns are predicted genres: count, and share of the true genre.",
        ),
        **heat(
            labels,
            labels,
            shares,
            counts,
            row_axis="True genre",
            column_axis="Predicted genre",
            reads="{row} predicted as {column}",
        ),
    )


def _accuracy(run: TrainedModel, split: str, classes: int) -> str:
    score, metric = run.score(split, "accuracy"), find_metric("accuracy")
    if score is None:
        return ""
    level = run.baseline_of(split, "accuracy", classes)
    return (
        f"Accuracy {metric.show(score.value)} {metric.show_interval_after(score.low, score.high)}"
        + (f", baseline {metric.show(level)}" if level is not None else "")
        + f", on {_tested_on(run, split)}. "
    )


def _tested_on(run: TrainedModel, split: str) -> str:
    """Return a split with its tracks and artists, for a sentence."""
    sizes = evidence(run, split)
    return inside(find_split(split).label) + (f" ({sizes})" if sizes else "")

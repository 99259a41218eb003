"""Which genres a model takes for which: confusion matrix, shares of predictions, the genre recognised worst.

Conventions: rows of counts are true genres, columns predicted ones. Titles name shares of a genre's tracks, so that a
frequent genre does not look worse than a rare one.
"""

from collections.abc import Sequence

from genrelab.analyses.training.pages.score_tables import tested_on
from genrelab.analyses.training.result import TrainedModel
from genrelab.evaluation.results import ClassScores
from genrelab.report.charts import intervals, pairs
from genrelab.report.figure import Cell, View, genre_cell, label, table, text_column
from genrelab.report.heatmap import FEW, PALE, heat, row_shares
from genrelab.report.palette import genre_colour
from genrelab.report.recognised import (
    Counts,
    how_sure,
    recognised,
    with_enough,
    worst,
    worst_sentence,
)
from genrelab.report.vocabulary import find_metric
from genrelab.report.wording import DASH, INTERVAL, count, decimal, listing, percent, plural, sentence

ROW = 46
"""CSS pixels of a genre in the chart of the worst."""

TOO_OFTEN = 0.05
"""A genre that is predicted for so many more tracks than have it makes the title of a matrix."""


def worst_view(run: TrainedModel, split: str, labels: Sequence[str]) -> View:
    """Draw the share of each genre that is recognised, the worst first, and that taken for another genre."""
    rows = recognised(run.confusion[split], labels, run.per_class.get(split, ()))
    drawing = intervals(
        [f"{one.genre} ({count(one.tracks)})" for one in rows],
        [one.recall for one in rows],
        [one.interval[0] for one in rows],
        [one.interval[1] for one in rows],
        [percent(one.recall, 0) for one in rows],
        [genre_colour(one.genre) for one in rows],
        axis="Share of the genre's tracks",
        is_share=True,
        others=[(place, one.taken_share, one.other) for place, one in enumerate(rows) if one.other],
    )
    if len(drawing["traces"]) > 1:
        drawing["traces"][1]["text"] = [
            label(f"{one.other} {percent(one.taken_share, 0)}") for one in rows if one.other
        ]
    drawing["layout"]["xaxis"]["range"] = [-0.06, 1.06]
    drawing["height"] = 110 + ROW * len(rows)
    return View(
        title=worst_sentence(worst(run.confusion[split], labels)),
        caption=f"{_accuracy(run, split, len(labels))}Dots: share of the tracks of each genre that are predicted"
        f" correctly. Bars: {how_sure(rows)}. Hollow diamonds: share predicted as the genre named there. In brackets:"
        f" tracks; a genre of fewer than {FEW} is not called the worst.",
        grid=table(
            (
                "Genre",
                "Tracks",
                "Artists",
                "Recognised",
                INTERVAL,
                text_column("Predicted most often as"),
                "Share",
            ),
            (
                (
                    genre_cell(one.genre),
                    count(one.tracks),
                    count(one.artists) if one.artists else DASH,
                    percent(one.recall),
                    find_metric("accuracy").show_interval(*one.interval),
                    genre_cell(one.other) if one.other else DASH,
                    percent(one.taken_share) if one.other else DASH,
                )
                for one in rows
            ),
        ),
        **drawing,
    )


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
    rows = sorted(run.per_class[split], key=lambda row: -row.support)
    most = max(rows, key=lambda row: abs(row.predicted_share - row.true_share))
    report = table(
        ("Genre", "Precision", "Recall", "F1", "Tracks", "Artists", "True share", "Predicted share"),
        (
            (
                genre_cell(row.genre),
                _with_interval(row.precision, row.precision_interval) if row.predicted_share else DASH,
                _with_interval(row.recall, row.recall_interval) if row.support else DASH,
                decimal(row.f1, 2) if row.support or row.predicted_share else DASH,
                count(row.support),
                count(row.artists),
                percent(row.true_share),
                percent(row.predicted_share),
            )
            for row in rows
        ),
        "Precision: share of the predictions of a genre that are correct. Recall: share of the genre's tracks that are"
        f" predicted correctly. Below them: their {INTERVAL} by the bootstrap over artists. A dash: no such prediction,"
        " or no such track." + absent(rows),
    )
    return View(
        title=f"{sentence(most.genre)} is {percent(most.true_share, 0)} of tracks and"
        f" {percent(most.predicted_share, 0)} of predictions",
        caption=f"{run.name} on {tested_on(run, split)}: how often each genre occurs (hollow) and is predicted"
        " (full); the most frequent first.",
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


def _with_interval(value: float, ends: tuple[float, float] | None) -> Cell:
    return Cell(decimal(value, 2), f"{decimal(ends[0], 2)} to {decimal(ends[1], 2)}" if ends else "")


def describe(counts: Counts, labels: Sequence[str]) -> str:
    """Say what a matrix shows: a genre that is predicted too often, or the largest share that is taken for another."""
    found = with_enough(counts, labels)
    mistake = max(found, key=lambda one: one.taken_share, default=None)
    total = sum(map(sum, counts))
    if total:
        answered = [sum(row[column] for row in counts) / total for column in range(len(labels))]
        true = [sum(row) / total for row in counts]
        excess = [share - own for share, own in zip(answered, true, strict=True)]
        place = max(range(len(labels)), key=lambda index: excess[index])
        if excess[place] >= TOO_OFTEN:
            return (
                f"{percent(answered[place], 0)} of all predictions are {labels[place]},"
                f" but only {percent(true[place], 0)} of the tracks"
            )
    if mistake is None or not mistake.taken:
        return worst_sentence(mistake)
    return (
        f"{sentence(mistake.genre)} is taken for another genre most: {percent(mistake.taken_share, 0)} of its"
        f" {plural(mistake.tracks, 'track')} are predicted as {mistake.other}"
    )


def confusion_view(run: TrainedModel, split: str, labels: Sequence[str]) -> View:
    """Draw the confusion matrix of a model, the genre of most tracks first."""
    given = run.confusion[split]
    order = sorted(range(len(labels)), key=lambda place: -sum(given[place]))
    names = [labels[place] for place in order]
    counts = [[given[row][column] for column in order] for row in order]
    shares = row_shares(counts)
    artists = {
        row.genre: f"{plural(round(row.support), 'track')} by {plural(row.artists, 'artist')}"
        for row in run.per_class.get(split, ())
    }
    return View(
        title=describe(given, labels),
        caption=_accuracy(run, split, len(labels))
        + "Each row is a true genre, that of most tracks first; the large"
        f" figure is the percentage of its tracks, the small one their number. {PALE}",
        grid=table(
            ("True genre", *names),
            (
                (
                    genre_cell(genre, artists.get(genre, "")),
                    *(
                        _share_cell(cell, share, is_hit=row == column)
                        for column, (cell, share) in enumerate(zip(counts[row], shares[row], strict=True))
                    ),
                )
                for row, genre in enumerate(names)
            ),
            "Columns are predicted genres: count, and share of the true genre.",
        ),
        **heat(
            names,
            names,
            shares,
            counts,
            row_axis="True genre",
            column_axis="Predicted genre",
            reads="{row} predicted as {column}",
        ),
    )


def _share_cell(cell: int, share: float, *, is_hit: bool) -> Cell:
    return Cell(count(cell), percent(share, 0), mark="good" if is_hit else "")


def _accuracy(run: TrainedModel, split: str, classes: int) -> str:
    score, metric = run.score(split, "accuracy"), find_metric("accuracy")
    if score is None:
        return ""
    level = run.baseline_of(split, "accuracy", classes)
    return (
        f"{run.name}: accuracy {metric.show(score.value)} {metric.show_interval_after(score.low, score.high)}"
        + (f", baseline {metric.show(level)}" if level is not None else "")
        + f", on {tested_on(run, split)}. "
    )

"""The table of both predictions of the champion: of the track alone, and with the artist's other tracks.

Conventions: each on gate and shown split, differences are those with the other tracks minus those alone, paired, with
artists as clusters. The two are never mixed, and no other table shows the second one.
"""

from genrelab.analyses.training.pages.score_tables import score_cell
from genrelab.analyses.training.result import Training
from genrelab.evaluation.results import Score
from genrelab.models.artist_scores import PREFIX, SCORES
from genrelab.report.figure import Cell, Column, Grid, table
from genrelab.report.vocabulary import Metric, find_metric, find_split
from genrelab.report.wording import DASH, INTERVAL, percent

ROWS = (("", "Track alone"), (f"{PREFIX}_", "With the artist's other tracks"))


def with_artists(training: Training) -> Grid | None:
    """Return both predictions of the champion; None without a calibration.

    Of the candidate, if the champion was fitted in an earlier training.
    """
    run = training.main_run
    splits = [split for split in run.splits() if run.score(split, f"{PREFIX}_{SCORES[0]}")] if run else []
    if run is None or not splits:
        return None
    metrics = [find_metric(name) for name in SCORES]
    rows = []
    for split in splits:
        for prefix, label in ROWS:
            scores = [run.score(split, f"{prefix}{metric.name}") for metric in metrics]
            rows.append((label, find_split(split).label, *map(score_cell, scores, metrics)))
        apart = [run.score(split, f"{PREFIX}_{metric.name}_difference") for metric in metrics]
        rows.append(("Difference", find_split(split).label, *map(_difference_cell, metrics, apart)))
    shares = [
        f"{percent(share.value, 0)} on {find_split(split).label}"
        for split in splits
        if (share := run.score(split, f"{PREFIX}_rows"))
    ]
    return table(
        ("Prediction", Column("Split", is_number=False), *(metric.label for metric in metrics)),
        rows,
        f"{run.label}; below each score: its {INTERVAL}. The second prediction averages a track's probabilities with "
        "those of the artist's other tracks of the same split; no label is read. Tracks whose artist has others: "
        f"{', '.join(shares)}; the rest are the same in both.",
    )


def _difference_cell(metric: Metric, score: Score | None) -> Cell:
    if score is None:
        return Cell(DASH)
    ends = [metric.show_difference(end) for end in (score.low, score.high) if end is not None]
    return Cell(metric.show_difference(score.value), " to ".join(ends))

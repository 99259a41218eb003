"""Numbers of the result as text, the same in charts, tables and sentences."""

from genrelab.analyses.popularity.result import NumberScores
from genrelab.evaluation.results import Difference, Score
from genrelab.report.figure import Cell
from genrelab.report.wording import INTERVAL, NO_BREAK, NO_INTERVAL, decimal, percent

COLUMN_LABELS = {
    "track_interest": "Interest: views of the track's page",
    "track_favorites": "Users who marked the track as a favourite",
    "track_comments": "Comments on the track",
    "album_listens": "Plays of the album",
    "album_favorites": "Users who marked the album as a favourite",
    "album_comments": "Comments on the album",
    "artist_favorites": "Users who marked the artist as a favourite",
    "artist_comments": "Comments on the artist",
}


def ends(of: Score | Difference, digits: int = 2, *, signed: bool = False) -> str:
    """Return an interval as text, or why there is none."""
    if of.low is None or of.high is None:
        return NO_INTERVAL
    # Non-breaking spaces keep it on one line in narrow columns.
    return f"{decimal(of.low, digits, signed=signed)} to {decimal(of.high, digits, signed=signed)}".replace(
        " ", NO_BREAK
    )


def shares(of: Score) -> str:
    """Return an interval of a share, in percent."""
    if of.low is None or of.high is None:
        return NO_INTERVAL
    return f"{decimal(of.low * 100, 0)} to {percent(of.high, 0)}"


def with_ends(of: Score | Difference, digits: int = 2, *, signed: bool = False) -> str:
    """Return a value and its interval for a sentence."""
    text = ends(of, digits, signed=signed)
    within = text if text == NO_INTERVAL else f"{INTERVAL} {text}"
    return f"{decimal(of.value, digits, signed=signed)} ({within})"


def explained(r2: Score) -> str:
    """Return the share of the variance that is explained; nothing where that may be chance."""
    return "nothing" if r2.low is not None and r2.low <= 0 else percent(r2.value, 0)


def score_cell(score: Score) -> Cell:
    """Return a score above its interval."""
    return Cell(decimal(score.value, 3), ends(score))


def score_cells(new: NumberScores, random: NumberScores) -> list[Cell | str]:
    """Return the scores of one row of the table: those of new artists, and R2 of random tracks."""
    return [
        score_cell(new.r2),
        decimal(random.r2.value, 3),
        score_cell(new.spearman),
        score_cell(new.top_decile_auc),
        score_cell(new.mae),
    ]

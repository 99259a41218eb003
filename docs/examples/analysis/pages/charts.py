"""The chart of the lengths, for the report and for MLflow."""

from genrelab.analyses.track_lengths.result import TrackLengths
from genrelab.report.distributions import spreads
from genrelab.report.figure import Cell, Chart, Grid, View, columns, single, text_cells
from genrelab.report.palette import genre_colour
from genrelab.report.wording import count, decimal


def lengths_chart(found: TrackLengths) -> Chart:
    """The median and the middle half of the lengths of each genre."""
    genres = found.genres
    view = View(
        title=f"Tracks of {genres[0].genre} are the longest, those of {genres[-1].genre} the shortest",
        caption="Length of the tracks of each genre in minutes. A bar is the middle half, a dot the median.",
        grid=Grid(
            columns("Genre", "Tracks", "Lower quartile", "Median", "Upper quartile"),
            tuple(
                text_cells(
                    Cell(one.genre, swatch=genre_colour(one.genre)),
                    count(one.tracks),
                    *(decimal(value, 2) for value in one.quartiles),
                )
                for one in genres
            ),
        ),
        **spreads(
            [one.genre for one in genres],
            [one.quartiles for one in genres],
            [decimal(one.median, 1) for one in genres],
            [genre_colour(one.genre) for one in genres],
            axis="Length, minutes",
        ),
    )
    return single("lengths", view)

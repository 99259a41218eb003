"""How long are the tracks of each genre?"""

from genrelab.analyses.track_lengths.analysis import TRACK_LENGTHS
from genrelab.analyses.track_lengths.pages.charts import lengths_chart
from genrelab.analyses.track_lengths.result import TrackLengths
from genrelab.report.page import Page, Summary, of_result
from genrelab.report.wording import count, decimal, listing


def fill(found: TrackLengths) -> Summary:
    """The chart, and how many tracks it says nothing about."""
    longest, shortest = found.genres[0], found.genres[-1]
    return {
        "finding": f"Half of the tracks of {longest.genre} last longer than {decimal(longest.median, 1)} minutes, "
        f"half of those of {shortest.genre} longer than {decimal(shortest.median, 1)}.",
        "chart": lengths_chart(found),
        "left_out": count(found.left_out),
        "small": listing(found.small),
    }


PAGE = Page(
    name="track_lengths",
    label="Track lengths",
    group="Genres",
    title="How long are the tracks of each genre?",
    question="The Free Music Archive states the length of its tracks: here it is by genre.",
    needs=(TRACK_LENGTHS.name,),
    command="genrelab track-lengths",
    fill=of_result(TRACK_LENGTHS, fill),
)

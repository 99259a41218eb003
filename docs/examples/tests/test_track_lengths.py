"""The lengths of tracks by genre."""

from genrelab.analyses.track_lengths.pages.track_lengths import fill
from genrelab.analyses.track_lengths.result import GenreLengths
from genrelab.analyses.track_lengths.runs import runs_of
from genrelab.analyses.track_lengths.summary import summarise
from track_lengths_facts import made_lengths


def test_genres_are_in_the_order_of_their_medians_and_small_ones_are_named():
    """In minutes."""
    found = made_lengths()

    assert found.genres == (
        GenreLengths("Rock", 20, (5.75, 10.5, 15.25)),
        GenreLengths("Folk", 10, (1.0, 1.0, 1.0)),
    )
    assert found.small == ("Jazz",)


def test_the_page_the_line_and_the_run_say_the_same():
    """The median of the longest genre, rounded."""
    found = made_lengths()

    assert "Half of the tracks of Rock last longer than 10.5 minutes" in fill(found)["finding"]
    assert "half of Rock is longer than 10.5 minutes" in summarise(found).message
    assert runs_of(found).metrics == {"median_minutes/Rock": 10.5, "median_minutes/Folk": 1.0}

"""The lengths of tracks by genre."""

import pyarrow as pa
from track_lengths_facts import made_lengths, made_tracks

from genrelab.analyses.inputs import Inputs
from genrelab.analyses.track_lengths.analysis import TRACK_LENGTHS
from genrelab.analyses.track_lengths.lengths import compute
from genrelab.analyses.track_lengths.pages.track_lengths import fill
from genrelab.analyses.track_lengths.result import GenreLengths
from genrelab.analyses.track_lengths.runs import runs_of
from genrelab.analyses.track_lengths.summary import summarise
from genrelab.lake.version import Counts
from genrelab.runtime.settings import Settings


def test_it_finds_the_lengths_in_the_table_that_it_declares(lake):
    """A table or setting that it reads and does not declare is an error here."""
    tracks = made_tracks()
    rows = {"source": ["made.csv"] * len(tracks), "source_row": list(range(len(tracks)))}
    data = pa.table({**rows, **{name: list(tracks[name]) for name in tracks}})
    lake.publish("fma_tracks", data, Counts(len(tracks), len(tracks)), source="made.csv", is_sample=False)

    found = compute(Inputs(TRACK_LENGTHS, Settings(lake.home)))

    assert found.genres == made_lengths().genres
    assert (found.tracks, found.left_out) == (31, 0)


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

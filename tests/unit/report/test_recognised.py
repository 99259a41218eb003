"""How well each genre is recognised, with the interval that is known."""

from dataclasses import replace

from genrelab.evaluation.results import ClassScores
from genrelab.evaluation.share_interval import share_interval
from genrelab.report.recognised import (
    FROM_ARTISTS,
    FROM_TRACKS,
    HOW_SURE,
    Recognised,
    how_sure,
    recognised,
)

COUNTS = [[20, 50, 30], [0, 10, 0], [0, 0, 0]]
LABELS = ["pop", "rock", "dance"]
POP = Recognised("pop", 100, 20, (("rock", 50), ("dance", 30), ("pop", 20)))


def test_a_genre_is_described_with_interval_and_as_what():
    """Recall, its interval, and the genre predicted most often for the others."""
    low, high = share_interval(20, 100)

    assert low < POP.recall < high
    assert "".join(POP.in_words.split("\u202f")) == (
        f"20% of its 100 test tracks are recognised (95% interval {low * 100:.0f}% to {high * 100:.0f}%); most often"
        " it is taken for rock (50%)"
    )


def test_the_interval_over_artists_leads():
    """The bootstrap first, then Wilson's by artist, then by track; the page says which."""
    by_artist = replace(POP, artists=10)
    bootstrap = replace(by_artist, bootstrap=(0.1, 0.3))

    assert POP.interval == share_interval(20, 100)
    assert by_artist.interval == share_interval(2, 10)
    assert bootstrap.interval == (0.1, 0.3)
    assert [how_sure([one]) for one in (POP, by_artist, bootstrap)] == [FROM_TRACKS, FROM_ARTISTS, HOW_SURE]


def test_genres_come_from_the_worst_to_the_best():
    """A genre without tracks is left out; artists and intervals come from the report of the training."""
    report = [replace(_report("pop"), recall_interval=(0.1, 0.3))]

    found = recognised(COUNTS, LABELS, report)

    assert [one.genre for one in found] == ["pop", "rock"]
    assert (found[0].artists, found[0].interval) == (7, (0.1, 0.3))
    assert (found[1].other, found[1].taken, found[1].artists) == ("", 0, 0)


def _report(genre: str) -> ClassScores:
    return ClassScores(genre, 0.5, 0.2, 0.3, 100.0, 0.9, 0.2, artists=7)

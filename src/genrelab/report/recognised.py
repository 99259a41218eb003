"""How well each genre is recognised, and as what: counts of the true genre's tracks by predicted genre.

Conventions: rows of counts are true genres, columns predicted ones. A genre of fewer than `FEW` tracks is drawn and not
called the worst. The interval of a share is the one that the training found by the bootstrap over artists; where it
found none, it is Wilson's with every artist counted once, and with every track counted once where the artists are not
known.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from genrelab.evaluation.results import ClassScores
from genrelab.evaluation.share_interval import share_interval
from genrelab.report.heatmap import FEW
from genrelab.report.wording import INTERVAL, count, percent, plural, sentence

Counts = Sequence[Sequence[int]]

HOW_SURE = (
    f"{INTERVAL} by the bootstrap over artists, because an artist's tracks sound alike; where all or none of the tracks"
    " are predicted correctly, Wilson's with every artist counted once"
)
"""What the intervals of a chart are."""
FROM_ARTISTS = f"Wilson's {INTERVAL} with every artist counted once, because an artist's tracks sound alike"
FROM_TRACKS = (
    f"Wilson's {INTERVAL}, which takes the tracks as independent, because their artists are not known"
)


@dataclass(frozen=True)
class Recognised:
    """How well a genre is recognised, and what its tracks are predicted as.

    Args:
        genre: The genre.
        tracks: Its test tracks.
        hits: Those of them that are predicted correctly.
        answers: Every genre that is predicted for them with its tracks, that of most tracks first.
        artists: Artists of the tracks; 0 if not known.
        bootstrap: Interval of the recall over artists; None without one.
    """

    genre: str
    tracks: int
    hits: int
    answers: tuple[tuple[str, int], ...]
    artists: int = 0
    bootstrap: tuple[float, float] | None = None

    @property
    def recall(self) -> float:
        """Return the share predicted correctly; 0 without tracks."""
        return self.hits / self.tracks if self.tracks else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """Return the 95 % interval of the recall."""
        size = self.artists or self.tracks
        return self.bootstrap or share_interval(self.recall * size, size)

    @property
    def other(self) -> str:
        """Return the genre predicted most often for the others; empty if there are none."""
        return self._mistake[0]

    @property
    def taken(self) -> int:
        """Return how many tracks that genre is predicted for."""
        return self._mistake[1]

    @property
    def _mistake(self) -> tuple[str, int]:
        return next(((genre, tracks) for genre, tracks in self.answers if genre != self.genre), ("", 0))

    @property
    def taken_share(self) -> float:
        """Return the share predicted as the other genre; 0 without tracks."""
        return self.taken / self.tracks if self.tracks else 0.0

    @property
    def in_words(self) -> str:
        """Return how well it is recognised, and as what."""
        low, high = self.interval
        as_what = (
            f"; most often it is taken for {self.other} ({percent(self.taken_share, 0)})"
            if self.other
            else ""
        )
        return (
            f"{percent(self.recall, 0)} of its {count(self.tracks)} test tracks are recognised"
            f" ({INTERVAL} {percent(low, 0)} to {percent(high, 0)}){as_what}"
        )


def recognised(counts: Counts, labels: Sequence[str], report: Sequence[ClassScores] = ()) -> list[Recognised]:
    """Return every genre that has tracks, from the one recognised worst to the best.

    Args:
        counts: Tracks by true and predicted genre.
        labels: The genres.
        report: Artists and intervals of the genres, where they are known.

    >>> worst, _ = recognised([[8, 2], [9, 1]], ["pop", "rock"])
    >>> worst.genre, worst.hits, worst.other, worst.taken
    ('rock', 1, 'pop', 9)
    """
    of_genre = {one.genre: one for one in report}
    found = []
    for place, (genre, row) in enumerate(zip(labels, counts, strict=True)):
        answers = sorted(
            ((name, cell) for name, cell in zip(labels, row, strict=True) if cell), key=lambda pair: -pair[1]
        )
        own = of_genre.get(genre)
        found.append(
            Recognised(
                genre,
                sum(row),
                row[place],
                tuple(answers),
                own.artists if own else 0,
                own.recall_interval if own else None,
            )
        )
    return sorted((one for one in found if one.tracks), key=lambda one: (one.recall, -one.tracks))


def how_sure(found: Sequence[Recognised]) -> str:
    """Say what the intervals of these genres are."""
    if any(one.bootstrap for one in found):
        return HOW_SURE
    return FROM_ARTISTS if any(one.artists for one in found) else FROM_TRACKS


def with_enough(counts: Counts, labels: Sequence[str]) -> list[Recognised]:
    """Return `recognised` of the genres with enough tracks, or of all if none has."""
    found = recognised(counts, labels)
    return [one for one in found if one.tracks >= FEW] or found


def worst(counts: Counts, labels: Sequence[str]) -> Recognised | None:
    """Return the genre recognised worst among those with enough tracks; None without tracks."""
    return next(iter(with_enough(counts, labels)), None)


def worst_sentence(found: Recognised | None) -> str:
    """Say which genre is recognised worst, and as what."""
    if found is None:
        return "No track was scored"
    if found.hits == found.tracks:
        return "Every track was predicted correctly"
    return (
        f"{sentence(found.genre)} is recognised worst: {percent(found.recall, 0)} of its"
        f" {plural(found.tracks, 'track')}; {percent(found.taken_share, 0)} are predicted as {found.other}"
    )

"""Which genres resemble each other: the runner-up of each track, counted by genre.

Conventions: shares are fractions of 1. Rows are tracks, one for each distinct set of features. The *runner-up* of a
track is the most probable genre that it does not carry, by a model of other artists. Genres are in the order of their
tracks, the most first. An interval is a 95 % interval with artists as clusters; its ends are None for one artist.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from genrelab.evaluation.results import Score

SIGNIFICANT = 0.05
"""Corrected p-value below which a pair differs from chance."""
FEWEST_ARTISTS = 20
"""A genre with fewer artists is not judged: its p-values are 1."""


@dataclass(frozen=True)
class Pair:
    """The tracks of one genre whose runner-up is one other genre.

    Args:
        other: The runner-up.
        tracks: Tracks of the genre with this runner-up.
        share: Their share of the genre.
        prior: The same share if runners-up were drawn by how frequent the other genres are.
        p: Two-sided p-value of their difference, corrected by Holm for all pairs of the collection.
        second: Share of the genre's tracks for which it has the second highest probability of all genres, the track's
            own among them; None where tracks have several genres.
    """

    other: str
    tracks: int
    share: Score
    prior: float
    p: float
    second: float | None

    @property
    def lift(self) -> float:
        """Return how many times as often as by the priors alone; 0 where they expect none."""
        return self.share.value / self.prior if self.prior else 0.0

    @property
    def is_more(self) -> bool:
        """Return whether it is the runner-up more often than the priors explain, beyond chance."""
        return self.p < SIGNIFICANT and self.share.value > self.prior

    @property
    def is_less(self) -> bool:
        """Return whether it is the runner-up less often than the priors explain, beyond chance."""
        return self.p < SIGNIFICANT and self.share.value < self.prior


@dataclass(frozen=True)
class Genre:
    """The tracks of one genre.

    Args:
        genre: Its name.
        tracks: Its tracks.
        artists: Their artists.
        itself: Share of them whose own genre has the second highest probability; None where tracks have several.
        pairs: The other genres, the most frequent runner-up first.
    """

    genre: str
    tracks: int
    artists: int
    itself: float | None
    pairs: tuple[Pair, ...]

    def pair(self, other: str) -> Pair | None:
        """Return the pair with another genre; None if the collection lacks that."""
        return next((one for one in self.pairs if one.other == other), None)


@dataclass(frozen=True)
class Collection:
    """The runners-up of one collection.

    Args:
        name: Its name: that of the task, or `study.FAMILIES`.
        task: The task whose rows it has.
        title: What is predicted from what.
        label: Its short name.
        table: Table of the tracks.
        table_version: Its version.
        rule_set: Rule set that made the labels; empty where people gave them.
        sample: Whether the table holds sample data.
        budget: Budget.
        model: The model, in words.
        features: Number of audio features.
        labelled: Rows with a genre and features.
        tracks: Distinct tracks that were studied.
        artists: Their artists.
        folds: Folds by artist.
        accuracy: Share of the tracks whose most probable genre is one that they carry.
        has_several: Whether tracks have several genres.
        genres: The genres.
        drawn_from: The sample of the table's rows that the tracks are from, in words; empty where all were read.
    """

    name: str
    task: str
    title: str
    label: str
    table: str
    table_version: int
    rule_set: str
    sample: bool
    budget: str
    model: str
    features: int
    labelled: int
    tracks: int
    artists: int
    folds: int
    accuracy: float
    has_several: bool
    genres: tuple[Genre, ...]
    drawn_from: str = ""

    @cached_property
    def by_name(self) -> Mapping[str, Genre]:
        """Return the genres by their names."""
        return {one.genre: one for one in self.genres}

    def favours(self, other: str) -> tuple[str, ...]:
        """Return the genres whose most frequent runner-up is this one."""
        return tuple(one.genre for one in self.genres if one.pairs and one.pairs[0].other == other)

    def exceeds(self, other: str) -> tuple[str, ...]:
        """Return the genres whose runner-up it is more often than the priors explain."""
        pairs = ((one.genre, one.pair(other)) for one in self.genres)
        return tuple(genre for genre, pair in pairs if pair and pair.is_more)


@dataclass(frozen=True)
class GenreSimilarity:
    """The similar genres of each collection, and why a collection has none."""

    collections: tuple[Collection, ...]
    missing: Mapping[str, str]

    @property
    def sample(self) -> bool:
        """Return whether a table holds sample data."""
        return any(one.sample for one in self.collections)

    @property
    def table(self) -> str:
        """Return the first table with sample data, or the first table; empty without any."""
        named = [one.table for one in self.collections if one.sample] or [
            one.table for one in self.collections
        ]
        return named[0] if named else ""

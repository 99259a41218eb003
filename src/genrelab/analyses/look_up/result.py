"""Everything that can be looked up: rule sets in words, micro-genres with the rules that decide, tracks of genres.

Conventions: a genre that is None, or named "" in a mapping, is no genre. Mappings of rule sets are by their name. Names
of artists, tracks and micro-genres are as they came, cut after `genrelab.analyses.look_up.tracks.LONGEST` characters.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class NamedTrack:
    """A track as a reader finds it again: its id in its source, its artist, its title."""

    track_id: str
    artist: str
    title: str


@dataclass(frozen=True)
class Decision:
    """What a rule set does to a micro-genre.

    Args:
        genre: Genre that it belongs to.
        rule: Rule that wins it; empty if none matches.
        reason: Why, in words.
        also: Rules that match it too, and come later.
        tracks: Tracks that carry it, by the genre that the set gives them; most first. Empty for the FMA.
    """

    genre: str | None
    rule: str
    reason: str
    also: tuple[str, ...]
    tracks: Mapping[str, int]


@dataclass(frozen=True)
class MicroGenre:
    """A micro-genre of Spotify, or a genre of the FMA.

    Args:
        name: Its name.
        source: `spotify` or `fma`.
        tracks: Tracks that carry it.
        decisions: What each rule set does to it.
        examples: The most popular of these tracks, one of an artist.
    """

    name: str
    source: str
    tracks: int
    decisions: Mapping[str, Decision]
    examples: tuple[NamedTrack, ...]


@dataclass(frozen=True)
class RuleText:
    """A rule in words.

    Args:
        rule: Its name.
        genre: Its genre.
        matches: What it recognises, one phrase for each way.
        unless: Its exceptions, likewise.
        comment: Why it is as it is.
        proofs: Micro-genres that it must win.
    """

    rule: str
    genre: str
    matches: tuple[str, ...]
    unless: tuple[str, ...]
    comment: str
    proofs: tuple[str, ...]


@dataclass(frozen=True)
class RuleSetText:
    """A rule set in words: its name, how it decides, what it is for, and its rules in order."""

    name: str
    decision: str
    comment: str
    rules: tuple[RuleText, ...]


@dataclass(frozen=True)
class PredictedExample:
    """A track, the genre that its label says, and the genre that a champion predicts with what probability."""

    track: NamedTrack
    label: str
    predicted: str
    probability: float


@dataclass(frozen=True)
class GenreTracks:
    """Tracks of a genre in one task, none of which the champion was fitted on.

    Args:
        task: The task.
        source: `spotify` or `fma`.
        genre: The genre.
        typical: Tracks of the genre that the champion is most certain of.
        missed: Tracks of the genre for which it is most certain of another one.
        alike: Tracks of other genres for which it is most certain of this one.
    """

    task: str
    source: str
    genre: str
    typical: tuple[PredictedExample, ...]
    missed: tuple[PredictedExample, ...]
    alike: tuple[PredictedExample, ...]


@dataclass(frozen=True)
class FeaturePlace:
    """Where a genre lies among all tracks: lower quartile, median and upper quartile, and their percentile ranks."""

    feature: str
    quartiles: tuple[float, float, float]
    places: tuple[float, float, float]


@dataclass(frozen=True)
class GenreSound:
    """The sound of a genre of a source, `spotify` (by the active rule set) or `fma` (by top genre)."""

    source: str
    genre: str
    features: tuple[FeaturePlace, ...]


@dataclass(frozen=True)
class LookUp:
    """Everything that can be looked up.

    Args:
        active: Name of the rule set that is in use.
        sets: Every rule set in words, the active one first.
        micro_genres: Those of Spotify, then those of the FMA, each those of most tracks first.
        genres: Tracks of each genre of each task.
        sound: Where each genre lies among all tracks of its source.
    """

    active: str
    sets: tuple[RuleSetText, ...]
    micro_genres: tuple[MicroGenre, ...]
    genres: tuple[GenreTracks, ...]
    sound: tuple[GenreSound, ...]

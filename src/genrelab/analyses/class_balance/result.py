"""Tracks in each genre, as plain values."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class BinTracks:
    """A target genre, its tracks, and their share of all that have one."""

    bin: str
    tracks: int
    share: float


@dataclass(frozen=True)
class MicroGenreTracks:
    """A micro-genre, its tracks, and the target genre of most of them."""

    micro_genre: str
    tracks: int
    bin: str | None


@dataclass(frozen=True)
class BinnedTracks:
    """Tracks of Spotify in the target genres.

    Args:
        rule_set: The active rule set.
        tracks: Tracks.
        binned: Those with a target genre.
        unmatched: Those without.
        micro_genres: Different micro-genres.
        bins: Target genres, most tracks first.
        top_micro_genres: The commonest micro-genres of tracks with a target genre.
        top_unmatched: The commonest of tracks without.
        counts: What was odd about the micro-genres.
        coverage: Share of the tracks with a target genre, by rule set.
        by_rule_set: Tracks in each target genre, by rule set.
    """

    rule_set: str
    tracks: int
    binned: int
    unmatched: int
    micro_genres: int
    bins: tuple[BinTracks, ...]
    top_micro_genres: tuple[MicroGenreTracks, ...]
    top_unmatched: tuple[MicroGenreTracks, ...]
    counts: Mapping[str, int]
    coverage: Mapping[str, float]
    by_rule_set: Mapping[str, Mapping[str, int]]


@dataclass(frozen=True)
class TopGenre:
    """A top genre of the FMA and its tracks."""

    genre: str
    tracks: int


@dataclass(frozen=True)
class FmaGenres:
    """Tracks of the FMA.

    Args:
        tracks: Tracks.
        with_top_genre: Those with a top genre.
        splits: Tracks in each part of the FMA's own split.
        subsets: Tracks in each of its subsets; a larger one holds the smaller.
        top_genres: Top genres, most tracks first.
    """

    tracks: int
    with_top_genre: int
    splits: Mapping[str, int]
    subsets: Mapping[str, int]
    top_genres: tuple[TopGenre, ...]


@dataclass(frozen=True)
class OriginTracks:
    """Tracks of the geographical-origin data, their places, and features with a value."""

    tracks: int
    places: int
    features: int

"""A synthetic catalogue: invented artists and tracks whose audio features behave like real ones.

Conventions: the same arguments give the same catalogue. Target genres have the shares of the real pulls
(largest remainder, at least one artist each); a share of the artists matches no rule, one in a hundred has no
micro-genres, a few have no tracks or a track without audio features, as on Spotify.

The stand-in of the Web API serves it; what an answer looks like does not belong here but in
`genrelab.sources.sandbox`.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa

from genrelab.sources.sample.names import artist_name, spotify_id, track_name
from genrelab.sources.sample.profile import load_profiles
from genrelab.tables.spotify import AUDIO_FEATURES, SPOTIFY_TRACKS

ARTISTS, SEED = 1_500, 24
TRACK_COUNTS = {1: 0.60, 2: 0.22, 3: 0.11, 4: 0.07}
"""Share of artists by number of tracks."""
WITHOUT_TRACKS, WITHOUT_GENRES, WITHOUT_FEATURES, WITH_GUEST = 0.002, 0.01, 0.004, 0.06


@dataclass(frozen=True)
class Track:
    """One track.

    Args:
        id: Spotify id.
        name: Title.
        artist_ids: Who is on it, the main artist first.
        album_id: Id of its album.
        popularity: From 0 to 100.
        duration_ms: Length in milliseconds.
        features: The twelve audio features by name; empty where there are none.
    """

    id: str
    name: str
    artist_ids: tuple[str, ...]
    album_id: str
    popularity: int
    duration_ms: int
    features: dict[str, float | int]


@dataclass(frozen=True)
class Artist:
    """One artist.

    Args:
        id: Spotify id.
        name: Name; not unique.
        genres: Micro-genres.
        target: Target genre that it was drawn for, `unmatched` when no rule is to match.
        popularity: From 0 to 100.
        tracks: Tracks as main artist, the most popular first.
    """

    id: str
    name: str
    genres: tuple[str, ...]
    target: str
    popularity: int
    tracks: tuple[Track, ...]


@dataclass(frozen=True)
class Catalogue:
    """Artists and their tracks.

    Args:
        artists: In no meaningful order.
        seed: That they were drawn with.
    """

    artists: tuple[Artist, ...]
    seed: int

    @cached_property
    def by_id(self) -> dict[str, Artist]:
        """Artists by Spotify id."""
        return {artist.id: artist for artist in self.artists}

    @cached_property
    def tracks(self) -> dict[str, Track]:
        """Tracks by Spotify id."""
        return {track.id: track for artist in self.artists for track in artist.tracks}

    def rows(self, tracks_per_artist: int | None = None) -> Iterator[dict[str, Any]]:
        """Rows of `spotify_tracks`, as scraping the catalogue gives them, without times."""
        for artist in self.artists:
            for rank, track in enumerate(artist.tracks[:tracks_per_artist], start=1):
                yield {
                    "source": f"spotify:artist:{artist.id}",
                    "source_row": rank,
                    "artist_id": artist.id,
                    "artist_name": artist.name,
                    "track_id": track.id,
                    "track_name": track.name,
                    "genres": list(artist.genres),
                    "genres_source": "sample" if artist.genres else None,
                    "genres_fetched_at": None,
                    **{name: track.features.get(name) for name in AUDIO_FEATURES},
                    "popularity": track.popularity,
                    "features_source": "sample" if track.features else None,
                    "features_fetched_at": None,
                    "fetched_at": None,
                }

    def table(self, tracks_per_artist: int | None = None) -> pa.Table:
        """The same as a table with the declared schema."""
        return pa.Table.from_pylist(list(self.rows(tracks_per_artist)), schema=SPOTIFY_TRACKS.schema)


def catalogue(artists: int = ARTISTS, seed: int = SEED) -> Catalogue:
    """Draw a catalogue.

    Args:
        artists: Number of artists; they have about 1.65 tracks each.
        seed: Of everything random.

    Returns:
        The catalogue: the same arguments give the same one.

    Raises:
        ValueError: There are fewer artists than target genres, so that some would be empty.
    """
    profiles = load_profiles()
    if artists < len(profiles.by_bin):
        raise ValueError(f"{artists} artists cannot fill {len(profiles.by_bin)} target genres")
    shares = {name: profile.share for name, profile in profiles.by_bin.items()}
    made: list[Artist] = []
    for position, (name, count) in enumerate(_quotas(shares, artists).items()):
        made += _artists_of(name, count, first=len(made), seed=seed * 1_000 + position)
    random_ = random.Random(f"guests {seed}")  # noqa: S311 - no secret is drawn
    random_.shuffle(made)
    return Catalogue(artists=tuple(_with_guests(made, random_)), seed=seed)


def _quotas(shares: dict[str, float], total: int) -> dict[str, int]:
    """Whole numbers in proportion to the shares, at least one each (largest remainder)."""
    exact = {name: share / sum(shares.values()) * (total - len(shares)) for name, share in shares.items()}
    counts = {name: 1 + int(value) for name, value in exact.items()}
    by_remainder = sorted(exact, key=lambda name: exact[name] % 1, reverse=True)
    for name in by_remainder[: total - sum(counts.values())]:
        counts[name] += 1
    return counts


def _artists_of(target: str, count: int, *, first: int, seed: int) -> list[Artist]:
    profiles = load_profiles()
    random_ = random.Random(f"{target} {seed}")  # noqa: S311 - no secret is drawn
    sizes = random_.choices(list(TRACK_COUNTS), list(TRACK_COUNTS.values()), k=count)
    sizes = [0 if random_.random() < WITHOUT_TRACKS else size for size in sizes]
    drawn = profiles.draw(target, np.repeat(np.arange(count), sizes), seed)
    columns = {name: values.tolist() for name, values in drawn.items()}
    artists, row = [], 0
    for number, size in enumerate(sizes, start=first):
        artist_id = spotify_id("artist", seed, number)
        tracks = [
            _track(artist_id, rank, {name: values[row + rank] for name, values in columns.items()}, random_)
            for rank in range(size)
        ]
        row += size
        tracks.sort(key=lambda track: (-track.popularity, track.id))
        genres = profiles.by_bin[target].micro_genres(random_)
        artists.append(
            Artist(
                id=artist_id,
                name=artist_name(random_),
                genres=() if random_.random() < WITHOUT_GENRES else tuple(genres),
                target=target,
                popularity=max((track.popularity for track in tracks), default=0),
                tracks=tuple(tracks),
            ),
        )
    return artists


def _track(artist_id: str, rank: int, measures: dict[str, float], random_: random.Random) -> Track:
    track_id = spotify_id("track", artist_id, rank)
    has_features = random_.random() >= WITHOUT_FEATURES
    features = {
        name: int(measures[name]) if pa.types.is_integer(SPOTIFY_TRACKS[name].type) else measures[name]
        for name in AUDIO_FEATURES
    }
    return Track(
        id=track_id,
        name=track_name(random_),
        artist_ids=(artist_id,),
        album_id=spotify_id("album", artist_id, rank),
        popularity=round(measures["popularity"]),
        duration_ms=max(31_000, int(random_.gauss(225_000, 60_000))),
        features=features if has_features else {},
    )


def _with_guests(artists: list[Artist], random_: random.Random) -> Iterator[Artist]:
    """Put a guest on some tracks: the same track then turns up under two artists."""
    for artist in artists:
        tracks = []
        for track in artist.tracks:
            guest = random_.choice(artists)
            is_guest = random_.random() < WITH_GUEST and guest.id != artist.id
            tracks.append(replace(track, artist_ids=(artist.id, guest.id)) if is_guest else track)
        yield replace(artist, tracks=tuple(tracks))

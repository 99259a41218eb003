"""A small table of tracks in the spelling of every known layout."""

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from genrelab.tables.spotify import AUDIO_FEATURES

PITCHES = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")
Record = Mapping[str, Any]


@dataclass(frozen=True)
class Track:
    """One track, as it should come out."""

    number: int
    artists: tuple[str, ...]
    genres: tuple[str, ...]
    energy: float
    key: int
    mode: int
    popularity: int = 40

    @property
    def track_id(self) -> str:
        return f"{self.number:022d}"

    @property
    def title(self) -> str:
        return f"Song {self.number}"

    @property
    def artist_ids(self) -> list[str]:
        return [f"{100 * self.number + place:022d}" for place in range(len(self.artists))]

    def features(self) -> dict[str, Any]:
        return {
            "acousticness": 0.25,
            "danceability": 0.75,
            "energy": self.energy,
            "instrumentalness": 0.5,
            "key": self.key,
            "liveness": 0.13,
            "loudness": -7.5 - self.number,
            "mode": self.mode,
            "speechiness": 0.05,
            "tempo": 120.5 + self.number,
            "time_signature": 4,
            "valence": 0.88,
        }

    def percent(self) -> dict[str, int]:
        shares = (
            "acousticness",
            "danceability",
            "energy",
            "instrumentalness",
            "liveness",
            "speechiness",
            "valence",
        )
        return {name: round(100 * self.features()[name]) for name in shares}


TRACKS = (
    Track(1, ("Artist One", "Guest"), ("dance pop", "pop"), 0.25, 1, 1),
    Track(2, ("Artist Two",), ("classic rock",), 0.5, 0, 0),
    Track(3, ("Artist One",), ("pop",), 0.75, 11, 1),
)


def title_case(names: Mapping[str, Any]) -> dict[str, Any]:
    return {name.replace("_", " ").title(): value for name, value in names.items()}


def pulls(track: Track) -> Record:
    return {
        "artist_name": track.artists[0],
        "artist_uri": f"spotify:artist:{track.artist_ids[0]}",
        "genre": str(list(track.genres)),
        "track_id": track.track_id,
        "track_name": track.title,
        "popularity": track.popularity,
        **track.features(),
    }


def exportify(track: Track) -> Record:
    return {
        "Track URI": f"spotify:track:{track.track_id}",
        "Track Name": track.title,
        "Album Name": "Album",
        "Artist Name(s)": ";".join(track.artists),
        "Release Date": "2020-01-01",
        "Duration (ms)": 200_000,
        "Popularity": track.popularity,
        "Explicit": "false",
        "Added By": "",
        "Added At": "2024-01-01T00:00:00Z",
        "Genres": ",".join(track.genres),
        "Record Label": "Label",
        **title_case(track.features()),
    }


def exportify_older(track: Track) -> Record:
    return {
        "Spotify ID": track.track_id,
        "Track Name": track.title,
        "Album Name": "Album",
        "Artist Name(s)": ", ".join(track.artists),
        "Popularity": track.popularity,
        "Added At": "2024-01-01T00:00:00Z",
        "Genres": ",".join(track.genres),
        **title_case(track.features()),
    }


def exportify_ids(track: Track) -> Record:
    """Without genres and features, as one generation has it."""
    return {
        "Track URI": f"spotify:track:{track.track_id}",
        "Track Name": track.title,
        "Artist URI(s)": ", ".join(f"spotify:artist:{each}" for each in track.artist_ids),
        "Artist Name(s)": ", ".join(track.artists),
        "Album URI": "spotify:album:1",
        "Popularity": track.popularity,
        "ISRC": "X",
        "Added At": "2024-01-01T00:00:00Z",
    }


def spotify_features(track: Track) -> Sequence[Record]:
    words = {
        "key": PITCHES[track.key],
        "mode": ("Minor", "Major")[track.mode],
        "time_signature": "4/4",
    }
    return [
        {
            "genre": genre,
            "artist_name": track.artists[0],
            "track_name": track.title,
            "track_id": track.track_id,
            "popularity": track.popularity,
            **track.features(),
            **words,
            "duration_ms": 200_000,
        }
        for genre in track.genres
    ]


def tracks_114k(track: Track) -> Sequence[Record]:
    return [
        {
            "": track.number,
            "track_id": track.track_id,
            "artists": ";".join(track.artists),
            "album_name": "Album",
            "track_name": track.title,
            "popularity": track.popularity,
            "explicit": "False",
            **track.features(),
            "track_genre": genre,
        }
        for genre in track.genres
    ]


def spotify_songs(track: Track) -> Record:
    features = track.features()
    del features["time_signature"]
    return {
        "track_id": track.track_id,
        "track_name": track.title,
        "track_artist": track.artists[0],
        "track_popularity": track.popularity,
        "track_album_id": "1",
        "playlist_genre": track.genres[0],
        "playlist_subgenre": track.genres[-1],
        **features,
        "duration_ms": 200_000,
    }


def since_1921(track: Track) -> Record:
    features = track.features()
    del features["time_signature"]
    return {
        "valence": features.pop("valence"),
        "year": 2020,
        "artists": str(list(track.artists)),
        "duration_ms": 200_000,
        "explicit": 0,
        "id": track.track_id,
        **features,
        "name": track.title,
        "popularity": track.popularity,
        "release_date": "2020",
    }


def tracks_features(track: Track) -> Record:
    return {
        "id": track.track_id,
        "name": track.title,
        "album": "Album",
        "album_id": "1",
        "artists": str(list(track.artists)),
        "artist_ids": str(track.artist_ids),
        "track_number": 1,
        "explicit": "False",
        **track.features(),
        "duration_ms": 200_000,
        "year": 2020,
        "release_date": "2020-01-01",
    }


def songs_normalize(track: Track) -> Record:
    features = track.features()
    del features["time_signature"]
    return {
        "artist": track.artists[0],
        "song": track.title,
        "duration_ms": 200_000,
        "explicit": "False",
        "year": 2000,
        "popularity": track.popularity,
        **features,
        "genre": ", ".join(track.genres),
    }


def spotify_2023(track: Track) -> Record:
    return {
        "track_name": track.title,
        "artist(s)_name": ", ".join(track.artists),
        "artist_count": len(track.artists),
        "released_year": 2023,
        "streams": "141381703",
        "bpm": round(track.features()["tempo"]),
        "key": PITCHES[track.key],
        "mode": ("Minor", "Major")[track.mode],
        **{f"{name}_%": value for name, value in track.percent().items()},
    }


def spotify_2000(track: Track) -> Record:
    names = ("energy", "danceability", "liveness", "valence", "acousticness", "speechiness")
    percent = {name.title(): track.percent()[name] for name in names}
    return {
        "Index": track.number,
        "Title": track.title,
        "Artist": track.artists[0],
        "Top Genre": track.genres[0],
        "Year": 2000,
        "Beats Per Minute (BPM)": round(track.features()["tempo"]),
        "Loudness (dB)": round(track.features()["loudness"]),
        "Length (Duration)": 200,
        **percent,
        "Popularity": track.popularity,
    }


def top_50(track: Track) -> Record:
    return {
        "": track.number,
        "Track.Name": track.title,
        "Artist.Name": track.artists[0],
        "Genre": track.genres[0],
        "Beats.Per.Minute": round(track.features()["tempo"]),
        "Energy": track.percent()["energy"],
        "Danceability": track.percent()["danceability"],
        "Loudness..dB..": round(track.features()["loudness"]),
        "Liveness": track.percent()["liveness"],
        "Valence.": track.percent()["valence"],
        "Length.": 200,
        "Acousticness..": track.percent()["acousticness"],
        "Speechiness.": track.percent()["speechiness"],
        "Popularity": track.popularity,
    }


def playlists(track: Track) -> Record:
    record = dict(pulls(track))
    del record["genre"], record["popularity"]
    return {
        "playlist_url": "https://open.spotify.com/playlist/1",
        "year": 2010,
        "track_popularity": track.popularity,
        "album": "Album",
        "artist_id": track.artist_ids[0],
        "artist_genres": str(list(track.genres)),
        "artist_popularity": 90,
        **{name: value for name, value in record.items() if name != "artist_uri"},
        "duration_ms": 200_000,
    }


def hit_predictor(track: Track) -> Record:
    return {
        "track": track.title,
        "artist": track.artists[0],
        "uri": f"spotify:track:{track.track_id}",
        **track.features(),
        "chorus_hit": 30.5,
        "sections": 9,
        "target": 1,
    }


def spotipy(track: Track) -> Record:
    return {
        "track_uri": f"spotify:track:{track.track_id}",
        "track_name": track.title,
        "artist_name": track.artists[0],
        "artist_pop": 90,
        "artist_genres": str(list(track.genres)),
        "album": "Album",
        "track_pop": track.popularity,
        **track.features(),
        "type": "audio_features",
        "id": track.track_id,
        "uri": f"spotify:track:{track.track_id}",
        "track_href": f"https://api.spotify.com/v1/tracks/{track.track_id}",
    }


@dataclass(frozen=True)
class Written:
    """How a layout writes a track.

    Args:
        record: One record, or one for each genre.
        has_track_ids: Whether it has ids of tracks.
        has_artist_ids: Whether it has ids of artists.
        lacks: Features that it does not have.
        is_rounded: Whether tempo and loudness are whole numbers.
        genres: How many of the genres it has: all, the first, or none.
        has_popularity: Whether it has the popularity of tracks.
    """

    record: Callable[[Track], Record | Sequence[Record]]
    has_track_ids: bool = True
    has_artist_ids: bool = False
    lacks: tuple[str, ...] = ()
    is_rounded: bool = False
    genres: str = "all"
    has_popularity: bool = True


NO_TIME = ("time_signature",)
LAYOUT_FILES = {
    "pulls": Written(pulls, has_artist_ids=True),
    "exportify": Written(exportify),
    "exportify-older": Written(exportify_older),
    "exportify-ids": Written(exportify_ids, has_artist_ids=True, lacks=AUDIO_FEATURES, genres="none"),
    "spotify-features": Written(spotify_features),
    "tracks-114k": Written(tracks_114k),
    "spotify-songs": Written(spotify_songs, lacks=NO_TIME),
    "data-1921-2020": Written(since_1921, lacks=NO_TIME, genres="none"),
    "tracks-features": Written(tracks_features, has_artist_ids=True, genres="none", has_popularity=False),
    "songs-normalize": Written(songs_normalize, has_track_ids=False, lacks=NO_TIME),
    "spotify-2023": Written(
        spotify_2023,
        has_track_ids=False,
        lacks=("loudness", *NO_TIME),
        is_rounded=True,
        genres="none",
        has_popularity=False,
    ),
    "spotify-2000": Written(
        spotify_2000,
        has_track_ids=False,
        lacks=("key", "mode", "instrumentalness", *NO_TIME),
        is_rounded=True,
        genres="first",
    ),
    "spotify-2000 of R": Written(
        top_50,
        has_track_ids=False,
        lacks=("key", "mode", "instrumentalness", *NO_TIME),
        is_rounded=True,
        genres="first",
    ),
    "playlists-2010-2023": Written(playlists, has_artist_ids=True),
    "hit-predictor": Written(hit_predictor, genres="none", has_popularity=False),
    "spotipy": Written(spotipy),
}


def records_of(layout: str, tracks: Sequence[Track] = TRACKS) -> list[Record]:
    """The records of tracks in the spelling of a layout."""
    found: list[Record] = []
    for track in tracks:
        record = LAYOUT_FILES[layout].record(track)
        found += [record] if isinstance(record, Mapping) else record
    return found


def as_csv(records: Sequence[Record], **how: Any) -> str:
    """CSV text of records that all have the same columns."""
    text = io.StringIO()
    writer = csv.writer(text, **how)
    writer.writerow(records[0])
    writer.writerows(list(record.values()) for record in records)
    return text.getvalue()


def expected_row(layout: str, track: Track) -> dict[str, Any]:
    """The columns of the table that a layout gives, for a track."""
    written = LAYOUT_FILES[layout]
    features = track.features()
    if written.is_rounded:
        features |= {name: round(features[name]) for name in ("tempo", "loudness")}
    genres = {"all": list(track.genres), "first": [track.genres[0]], "none": []}[written.genres]
    return {
        "artist_id": track.artist_ids[0] if written.has_artist_ids else f"name:{track.artists[0].lower()}",
        "artist_name": track.artists[0],
        "track_id": track.track_id
        if written.has_track_ids
        else f"name:{track.artists[0].lower()}/{track.title.lower()}",
        "track_name": track.title,
        "genres": genres,
        "popularity": track.popularity if written.has_popularity else None,
        **{name: None if name in written.lacks else value for name, value in features.items()},
    }

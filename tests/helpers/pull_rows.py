"""Rows in the layout of the pulls, and a file of them."""

import csv
from pathlib import Path

from genrelab.sources.sample import catalogue
from genrelab.tables.spotify import AUDIO_FEATURES

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
LEGAL = {
    "acousticness": "0.5",
    "danceability": "0.5",
    "energy": "0.5",
    "instrumentalness": "0.0",
    "key": "3",
    "liveness": "0.1",
    "loudness": "-7.5",
    "mode": "1",
    "speechiness": "0.05",
    "tempo": "120.5",
    "time_signature": "4",
    "valence": "0.5",
    "popularity": "40",
}


def identity(number: int) -> str:
    return ALPHABET[number // 62] + ALPHABET[number % 62] + "a" * 20


def pull(number: int, **changes: str) -> dict[str, str]:
    return {
        "": str(number),
        "artist_name": f"Artist {number}",
        "artist_uri": f"spotify:artist:{identity(number)}",
        "genre": "['pop', 'dance pop']" if number % 2 else "classic rock, rock",
        "track_id": identity(number + 100),
        "track_name": f"Track, {number}\nwith a break",
        **LEGAL,
        "tempo": str(100 + number),
        **changes,
    }


def write(path: Path, rows: list[dict[str, str]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)


def catalogue_rows(artists: int, seed: int) -> list[dict[str, str]]:
    """Rows of a file of earlier pulls, one track of each artist of the sample; those without features are left out."""
    return [
        {
            "artist_name": row["artist_name"],
            "artist_uri": f"spotify:artist:{row['artist_id']}",
            "genre": str(row["genres"]),
            "track_id": row["track_id"],
            "track_name": row["track_name"],
            **{name: str(row[name]) for name in (*AUDIO_FEATURES, "popularity")},
        }
        for row in catalogue(artists, seed).table(tracks_per_artist=1).to_pylist()
        if row["energy"] is not None
    ]

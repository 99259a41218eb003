"""Rows in the layout of the pulls, and a file of them."""

import csv
from pathlib import Path

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

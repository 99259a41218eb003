"""Made-up pulls that grow by some artists every night: the same on every machine, with genres that can be heard."""

import csv
import random
from collections.abc import Iterator
from pathlib import Path

from pull_rows import pull

from genrelab.evaluation.groups import TRAIN, part_of

LEVELS = {"classic rock": 0.75, "dance pop": 0.55, "bebop": 0.35, "deep house": 0.92}
"""Micro-genres of four target genres, and how energetic each is."""
TRACKS_EACH = 6
SPREAD = 0.08
QUIETER = 0.1
"""What a drifted pull multiplies energy and danceability by."""
NOISE = ("liveness", "speechiness", "acousticness", "instrumentalness")


def write_pull(
    file: Path, artists: range, *, scale: float = 1.0, is_mislabelled: bool = False, bad_rows: int = 0
) -> None:
    """A file of tracks of some artists.

    Args:
        file: Where.
        artists: Numbers of the artists; an artist's tracks are always the same.
        scale: Of energy and danceability.
        is_mislabelled: Whether the artists from whom models learn have the genre of their neighbour. Those that
            judge keep theirs, and each genre keeps its share.
        bad_rows: How many tracks, the first ones, have an impossible energy; if any has, the last one is there twice.
    """
    rows = [row for artist in artists for row in _tracks(artist, scale, is_mislabelled=is_mislabelled)]
    rows = [row | ({"energy": "7"} if number < bad_rows else {}) for number, row in enumerate(rows)]
    if bad_rows:
        rows.append(rows[-1])
    rows = [row | {"": str(number)} for number, row in enumerate(rows)]
    part = file.with_suffix(".part")
    with part.open("w", newline="", encoding="utf-8") as out:
        writer = csv.DictWriter(out, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)
    part.replace(file)


def _tracks(artist: int, scale: float, *, is_mislabelled: bool) -> Iterator[dict[str, str]]:
    chance = random.Random(artist)  # noqa: S311 - made-up tracks
    identity = f"{artist:022d}"
    genre, level = list(LEVELS.items())[artist % len(LEVELS)]
    learned_from = part_of(f"artist:{identity}") == TRAIN
    told = list(LEVELS)[(artist + 1) % len(LEVELS)] if is_mislabelled and learned_from else genre
    for number in range(TRACKS_EACH):
        track = artist * TRACKS_EACH + number
        heard = min(max(chance.gauss(level, SPREAD), 0), 1) * scale
        yield pull(track % 3000, genre=f"['{told}']", artist_name=f"Artist {artist}") | {
            "artist_uri": f"spotify:artist:{identity}",
            "track_id": f"{track:022d}",
            **{name: f"{chance.random() * 0.6 + 0.2:.4f}" for name in NOISE},
            "loudness": f"{-20 * chance.random():.2f}",
            "key": str(chance.randrange(12)),
            "mode": str(chance.randrange(2)),
            "time_signature": str(chance.choice((3, 4, 4, 5))),
            "energy": f"{heard:.4f}",
            "danceability": f"{heard * 0.9:.4f}",
            "valence": f"{1 - heard:.4f}",
            "tempo": f"{90 + 60 * chance.random():.2f}",
        }

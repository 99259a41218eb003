"""Invented names, and ids that look like Spotify's.

Conventions: an id is 22 characters of base62 that stand for 128 bits (Web API, "Spotify URIs and IDs").
Nothing here is taken from a real artist or track; a name that exists is a coincidence.
"""

import hashlib
import json
import random
from functools import lru_cache
from importlib.resources import files

BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
ID_LENGTH = 22

ARTIST_PATTERNS = {
    "{given} {family}": 40,
    "The {adjective} {noun}": 20,
    "{adjective} {noun}": 35,
    "{given} & the {noun}": 5,
}
TRACK_PATTERNS = {
    "{adjective} {noun}": 45,
    "{verb} {tail}": 30,
    "{noun}": 15,
    "{adjective} {noun}, Pt. 2": 10,
}
"""How names are put together from `words.json`, and how often."""


def spotify_id(*key: object) -> str:
    """The id of a key: the same key gives the same 22 characters.

    >>> len(spotify_id("artist", 24, 1))
    22
    """
    number = int.from_bytes(hashlib.md5(repr(key).encode(), usedforsecurity=False).digest())
    digits = []
    for _ in range(ID_LENGTH):
        number, digit = divmod(number, len(BASE62))
        digits.append(BASE62[digit])
    return "".join(reversed(digits))


def artist_name(random_: random.Random) -> str:
    """A band or a person; two artists may share a name, as they do on Spotify."""
    return _name(ARTIST_PATTERNS, random_)


def track_name(random_: random.Random) -> str:
    """A title."""
    return _name(TRACK_PATTERNS, random_)


def _name(patterns: dict[str, int], random_: random.Random) -> str:
    pattern = random_.choices(list(patterns), list(patterns.values()))[0]
    return pattern.format(**{kind: random_.choice(words) for kind, words in _words().items()})


@lru_cache(maxsize=1)
def _words() -> dict[str, list[str]]:
    words: dict[str, list[str]] = json.loads(
        (files("genrelab.sources.sample") / "words.json").read_text(encoding="utf-8")
    )
    return words

"""Which names of a service are genres, and which artists have the same name.

Conventions: names of genres are written as Spotify writes them, in small letters with single blanks. Genres that
a service keeps as such (MusicBrainz's `genres`) are taken as they are; free tags pass a filter: what is on the
short list `NO_GENRES`, says where or when the music was made, or repeats the artist's name is no genre. What the
filter lets pass and no rule knows does no harm: it stands unmatched in `genrelab rules audit`.
"""

import re
import unicodedata
from collections.abc import Iterable
from typing import Any

MOST = 10
"""Genres of an artist at most, the most voted for first."""
LONGEST = 40
"""Letters of a tag; longer ones are sentences."""
NO_GENRES = frozenset(
    """
    seen live|want to see live|live|favorite|favorites|favourite|favourites|favorite artists|my music|my favorites
    albums i own|check out|to listen|spotify|all|good|good music|great|best|awesome|amazing|beautiful|love|loved|cool
    sexy|fun|under 2000 listeners|unknown|other|misc|various|various artists|music|artist|artists|band|bands|singer
    singers|musician|producer|composer|composers|songwriter|guitarist|pianist|dj|female|male|female vocalist
    female vocalists|male vocalist|male vocalists|female vocals|male vocals|dead|legend|genius|underrated|overrated
    american|british|english|uk|usa|united states|united kingdom|england|america|canadian|canada|australian|australia
    german|germany|deutsch|french|france|francais|swedish|sweden|norwegian|norway|danish|denmark|finnish|finland
    icelandic|iceland|irish|ireland|scottish|scotland|welsh|wales|dutch|netherlands|belgian|belgium|italian|italy
    spanish|spain|portuguese|portugal|brazilian|brazil|mexican|mexico|argentina|chilean|chile|colombian|colombia
    japanese|japan|korean|korea|south korea|chinese|china|taiwan|indian|india|russian|russia|polish|poland|czech
    austrian|austria|swiss|switzerland|greek|greece|turkish|turkey|israeli|israel|jamaican|jamaica|cuban|cuba
    african|africa|nigerian|nigeria|south african|south africa|european|europe|asian|asia|scandinavian|new york
    los angeles|california|london|chicago|detroit|berlin|paris
    """.replace("\n", "|")
    .replace("    ", "")
    .split("|")
) - {""}
YEARS = re.compile(r"(?:19|20)?\d{2}'?s?|\d{1,2}th century")
"""`1987`, `80s`, `2010s`, `20th century`."""


def as_genres(names: Iterable[str]) -> list[str]:
    """Genres as Spotify writes them, each once, at most `MOST`.

    >>> as_genres(["Hip-Hop", "hip-hop ", "R&B"])
    ['hip-hop', 'r&b']
    """
    return list(dict.fromkeys(found for name in names if (found := " ".join(name.lower().split()))))[:MOST]


def genres_among(tags: Iterable[str], artist_name: str) -> list[str]:
    """Those of an artist's tags that may be genres.

    >>> genres_among(["Shoegaze", "seen live", "80s", "british", "Slowdive", "dream pop"], "Slowdive")
    ['shoegaze', 'dream pop']
    """
    return as_genres(tag for tag in tags if _may_be_genre(" ".join(tag.lower().split()), artist_name))


def _may_be_genre(tag: str, artist_name: str) -> bool:
    return (
        tag not in NO_GENRES
        and len(tag) <= LONGEST
        and any(map(str.isalpha, tag))
        and not YEARS.fullmatch(tag)
        and not is_same_name(tag, artist_name)
    )


def voted(entries: Any, least: int = 1) -> list[str]:
    """Names of entries `{"name", "count"}` with at least so many votes, the most voted for first.

    >>> voted([{"name": "rock", "count": 1}, {"name": "punk", "count": "7"}, {"name": "pop", "count": 0}, None])
    ['punk', 'rock']
    """
    found: list[tuple[int, str]] = []
    for entry in entries if isinstance(entries, list) else [entries]:
        if isinstance(entry, dict) and isinstance(entry.get("name"), str):
            count = _whole(entry.get("count"))
            if count >= least:
                found.append((count, entry["name"]))
    return [name for _, name in sorted(found, key=lambda each: (-each[0], each[1]))]


def is_same_name(one: str, other: str) -> bool:
    """Whether two names differ at most in capitals, accents, blanks, punctuation and `&` for `and`.

    >>> is_same_name("Beyoncé", "beyonce"), is_same_name("Hall & Oates", "Hall and Oates"), is_same_name("!!!", "?")
    (True, True, False)
    """
    return _folded(one) == _folded(other)


def _folded(name: str) -> str:
    decomposed = unicodedata.normalize("NFKD", name).casefold().replace("&", "and")
    text = "".join(char for char in decomposed if not unicodedata.combining(char))
    return "".join(char for char in text if char.isalnum()) or "".join(text.split())


def _whole(value: Any) -> int:
    try:
        return int(value)
    except (TypeError, ValueError, OverflowError):
        return 0

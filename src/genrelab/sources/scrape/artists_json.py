"""Artists in JSON: lists of ids, answers of Spotify's API and what people made of them.

Conventions: an object that says what it is (`type`, `uri`) and is no artist gives only what lies within it. Of an
artist's object the URI, else the id or an address counts. Texts in a list of their own, or below a key of artists,
count as they stand, so that what is no artist is reported.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from genrelab.sources.scrape.mentions import ARTIST, mentions

KEYS = ("uri", "id", "href", "url")
"""Of an object, best first."""


def texts_of_json(text: str) -> list[str] | None:
    """Texts that name artists, of a file in JSON; None where it is none.

    >>> texts_of_json('[{"id": "7Ln80lUS6He07XvHI8qqHH", "name": "Arctic Monkeys", "type": "artist"}]')
    ['7Ln80lUS6He07XvHI8qqHH']
    """
    if not text.lstrip().startswith(("[", "{")):
        return None
    try:
        return list(_texts(json.loads(text)))
    except (ValueError, RecursionError):
        return None


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)
    elif isinstance(value, dict):
        yield from _of_object(value)


def _of_object(value: Mapping[str, Any]) -> Iterator[str]:
    own = {key: value[key] for key in (*KEYS, "artist_id", "artist_uri") if isinstance(value.get(key), str)}
    kinds = {found.kind for text in own.values() for found in mentions(text) if not found.is_bare}
    if str(value.get("type", ARTIST)).lower() == ARTIST and kinds <= {ARTIST}:
        yield from [text for text in own.values() if mentions(text)][:1]
    for key, each in value.items():
        if isinstance(each, list | dict):
            yield from (text for text in _texts(each) if ARTIST in key.lower() or mentions(text))

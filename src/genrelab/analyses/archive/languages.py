"""Languages of lyrics by their ISO 639-1 code; `PROVENANCE.md` says where the table comes from."""

import json
from functools import cache
from importlib.resources import files

DOCUMENT = {"English": 0.94, "Spanish": 0.014, "French": 0.013}
"""Shares of the tracks with a language that the student project reports."""


@cache
def languages() -> dict[str, str]:
    """Return the English name of every language by its ISO 639-1 code."""
    text = (files("genrelab.analyses.archive") / "languages.json").read_text(encoding="utf-8")
    return dict(json.loads(text))


def language_of(code: str) -> str | None:
    """Return the name of a language, None if ISO 639-1 does not know its code.

    >>> language_of("en"), language_of(" EN"), language_of("xx")
    ('English', 'English', None)
    """
    return languages().get(code.strip().lower())

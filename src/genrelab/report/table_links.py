"""Links from texts to the tables that they name."""

import re

from markupsafe import Markup, escape

from genrelab.report.palette import slug
from genrelab.tables import TABLES

NUMBER = r"\d[\d,]*"
NAMED = "|".join(sorted(map(re.escape, TABLES), key=len, reverse=True))
VERSION = re.compile(
    rf"\bversion {NUMBER} of (?P<before>{NAMED})\b|(?<![\w/.-])(?P<after>{NAMED}),? version {NUMBER}"
)
"""A version of a table: `version 3 of spotify_binned`, `spotify_binned version 3`."""


def link_tables(text: str) -> Markup:
    """Return a text, escaped, in which every version of a table leads to that table.

    >>> str(link_tables("<2 runs on spotify_binned version 3"))
    '&lt;2 runs on <a href="tables.html#spotify-binned">spotify_binned version 3</a>'
    """
    return Markup(VERSION.sub(_link, str(escape(text))))  # noqa: S704 - escaped, and names of declared tables


def _link(found: re.Match[str]) -> str:
    return f'<a href="tables.html#{slug(found["before"] or found["after"])}">{found[0]}</a>'

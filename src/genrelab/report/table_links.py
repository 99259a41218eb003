"""Links to tables and their columns: from texts that name a version, and by address."""

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


def column_page(table: str, column: str = "") -> str:
    """Return the address of a column in the data dictionary, or of the first column of a table.

    >>> column_page("spotify_binned", "tempo")
    'columns.html#spotify-binned.tempo'
    """
    return f"columns.html#{column_anchor(table, column or TABLES[table].names[0])}"


def column_anchor(table: str, column: str) -> str:
    """Return the id of a column's row on the page of columns."""
    return f"{slug(table)}.{column}"


def _link(found: re.Match[str]) -> str:
    return f'<a href="tables.html#{slug(found["before"] or found["after"])}">{found[0]}</a>'

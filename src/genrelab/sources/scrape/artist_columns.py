"""The column of a table that holds artists.

Conventions: what the cells hold decides before what the column is called. URIs and addresses of artists prove a column;
so do bare ids where its name says "artist". Where its name says no more than `id` or `uri`, bare ids do unless the rows
are tracks, whose ids look the same. Columns that name the same artists count as one; of columns that name others none
is preferred: the user says which. How an artist is written in a cell does not belong here.
"""

import re
from collections.abc import Iterable, Sequence

from genrelab.sources.missing import MISSING_WORDS
from genrelab.sources.scrape.mentions import ARTIST, mentions, parse_artists

GENERIC = re.compile(r"(spotify)?(ids?|uris?|urls?|hrefs?|links?)?")
OF_TRACKS = re.compile(
    r"track|song|album|playlist|isrc|explicit|duration|danceability|loudness|speechiness|acousticness|liveness|valence"
    r"|instrumentalness|timesignature|releasedate|^artists|artistids|artistnames|^energy$|^tempo$"
)
OF_OTHERS = re.compile("album|feat|related|similar|remix")
"""In the name of a column of artists: they are not those of the row."""
RULED_LINE = re.compile(":?-{2,}:?")
MOST = 0.5
"""Share of the filled cells that must hold artists."""
LOOKED_AT = 1_000
"""Records, taken evenly from a long table, from which the column is chosen."""


def artist_columns(header: Sequence[str], rows: Sequence[Sequence[str]]) -> list[int]:
    """Positions of the columns that hold the artists: one, or several that name different artists, or none.

    Args:
        header: Names of the columns.
        rows: The records, each with a cell for every column.
    """
    names = [_folded(name) for name in header]
    looked_at = rows[:: 1 + len(rows) // LOOKED_AT]
    cells = [filled(row[place] for row in looked_at) for place in range(len(header))]
    of_tracks = are_tracks(header, rows)
    proven, possible = [], []
    for place, name in enumerate(names):
        kinds = [{found.kind + "?" * found.is_bare for found in mentions(cell)} for cell in cells[place]]
        share_of = {kind: sum(kind in found for found in kinds) for kind in (ARTIST, f"{ARTIST}?")}
        needed = MOST * len(kinds)
        if share_of[ARTIST] > needed or ("artist" in name and share_of[f"{ARTIST}?"] > needed):
            proven.append(place)
        elif share_of[f"{ARTIST}?"] > needed and not of_tracks and GENERIC.fullmatch(name):
            possible.append(place)
    own = [place for place in proven if not OF_OTHERS.search(names[place])]
    found = own or proven or possible
    named = {parse_artists(cells[place]).ids for place in found}
    return found[:1] if len(named) == 1 else found


def are_tracks(header: Sequence[str], rows: Sequence[Sequence[str]]) -> bool:
    """Whether the rows of a table are tracks, albums or playlists rather than artists."""
    if any(OF_TRACKS.search(_folded(name)) for name in header):
        return True
    first = [cell for row in rows[:1] for cell in row]
    return any(found.kind != ARTIST for cell in first for found in mentions(cell))


def is_header(fields: Sequence[str]) -> bool:
    """Whether a line names columns: it names no artist, and one of its fields is a name that such columns have."""
    if any(mentions(field) for field in fields):
        return False
    names = [_folded(field) for field in fields]
    return any(
        "artist" in name or OF_TRACKS.search(name) or (name and GENERIC.fullmatch(name)) for name in names
    )


def filled(cells: Iterable[str]) -> list[str]:
    """Cells that hold something; the line below the header of a Markdown table holds nothing."""
    return [
        cell
        for cell in cells
        if cell.strip().lower() not in MISSING_WORDS and not RULED_LINE.fullmatch(cell.strip())
    ]


def _folded(name: str) -> str:
    return re.sub("[^a-z]", "", name.lower())

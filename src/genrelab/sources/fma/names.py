"""Names of columns as people's programs write them, and what is wrong with a header that holds too few of them.

Conventions: names are compared folded, so `track.title`, `track_title`, `Track Title` and `('track', 'title')`
are one name; the flat names of our own tables are known as well. pandas writes `Unnamed: 3_level_1` for an empty
cell and `album.7` for the eighth `album` of a row.
"""

import re
from collections.abc import Iterable, Sequence
from functools import cache

from genrelab.lake.schema import Column, Table
from genrelab.sources.fma.layout import LEVEL_NAMES

EMPTY_CELL = re.compile(r"Unnamed: ?[0-9]+(_level_[0-9]+)?")
NUMBERED = re.compile(r"\.[0-9]+$")
INDEX_WORDS = frozenset({"", "index", "level_0", "id", "x"})
"""Folded names, or none, that pandas and R give to row numbers and to an index alike."""
MOST = 0.8
"""Share of the cells of a row that make it the row of one level."""
LISTED = 4
LONGEST = 60
"""Characters of a name that are shown: a line without any known delimiter is one long name."""


def fold(name: str) -> str:
    """A name without what programs change in it.

    >>> fold("('track', 'genre_top')"), fold("Track.Genre Top"), fold("track_id_")
    ('track_genre_top', 'track_genre_top', 'track_id')
    """
    return re.sub(r"[^a-z0-9#]+", "_", name.lower()).strip("_")


@cache
def columns_by_name(table: Table) -> dict[str, Column]:
    """The columns that a file of the table may have, by their folded names: the official one, and ours."""
    known = [column for column in table if column.official]
    return {fold(column.name): column for column in known} | {fold(c.official): c for c in known}


def joined(rows: Sequence[Sequence[str]], table: Table) -> list[str]:
    """The name of each field from its cells in the header rows, `""` where it has none."""
    names = []
    for place, cells in enumerate(zip(*_unmerged(rows), strict=False)):
        parts = [_part(cell, level, len(rows)) for level, cell in enumerate(cells)]
        if place == 0 and len(rows) > 1 and all(not part or part.isdigit() for part in parts):
            parts = []  # the header rows were numbered like records
        is_label = len(rows) > 1 and tuple(parts) == LEVEL_NAMES.get(table.name)
        names.append("" if is_label else ".".join(part for part in parts if part))
    return names


def _unmerged(rows: Sequence[Sequence[str]]) -> list[list[str]]:
    """The header rows with each name above every column that it stands for: a merged cell has it above the first."""
    found = [list(row) for row in rows]
    if len({len(row) for row in found}) != 1:
        return found
    for level, row in enumerate(found[:-1]):
        for place in range(2, len(row)):
            above = [upper[place] == upper[place - 1] for upper in found[:level]]
            if not row[place] and row[place - 1] and found[-1][place] and all(above):
                row[place] = row[place - 1]
    return found


def _part(cell: str, level: int, levels: int) -> str:
    part = cell.strip()
    if EMPTY_CELL.fullmatch(part):
        return ""
    return NUMBERED.sub("", part) if levels > 1 and level == 0 else part


def label_of(row: Sequence[str], table: Table) -> tuple[int, str] | None:
    """Place and text of the name of the index in the row below the header; None where the row is a record."""
    filled = [(place, cell.strip()) for place, cell in enumerate(row)]
    filled = [(place, cell) for place, cell in filled if cell and not EMPTY_CELL.fullmatch(cell)]
    if len(filled) > 1 and filled[0][0] == 0 and filled[0][1].isdigit():
        filled = filled[1:]  # the number that pandas gave to the row
    if not filled:
        return (0, "") if len(row) > 1 else None
    place, word = filled[0]
    is_name = len(filled) == 1 and (fold(word) == table.key[0] or (place == 0 and fold(word) in INDEX_WORDS))
    return (place, word) if is_name else None


def trouble(rows: Sequence[Sequence[str]], table: Table, levels: int) -> str:
    """What is wrong with a header that is none: a row of it is missing, or there is none at all."""
    split = [
        column.official.split(".") for column in table if column.official and column.name not in table.key
    ]
    of_level = [
        {fold(parts[-levels:][level]) for parts in split if len(parts) >= levels} for level in range(levels)
    ]
    below = [fold(row[0]) for row in rows[1:] if row]
    if levels > 1 and sum(name in of_level[0] for name in below) > 1:
        return "it is transposed: names of columns stand below each other"
    found = [level for row in rows[:levels] for level in range(levels) if _is_level(row, of_level[level])]
    missing = [level for level in range(levels) if level not in found]
    if levels > 1 and found and missing:
        return (
            f"it lacks the {' and '.join(_ORDINALS[level] for level in missing)} of its {levels} header rows"
        )
    if rows and rows[0] and rows[0][0].strip().isdigit():
        return "it has no header: its first line is a record"
    return ""


_ORDINALS = ("first", "second", "third")


def _is_level(row: Sequence[str], names: Iterable[str]) -> bool:
    cells = [cell.strip() for cell in row[1:]]
    cells = [fold(NUMBERED.sub("", cell)) for cell in cells if cell and not EMPTY_CELL.fullmatch(cell)]
    return bool(cells) and sum(cell in names for cell in cells) >= MOST * len(cells)


def some(names: Sequence[str]) -> str:
    """The first names, and how many there are beyond them."""
    more = len(names) - LISTED
    shown = [name if len(name) <= LONGEST else f"{name[:LONGEST]}..." for name in names[:LISTED]]
    return ", ".join(shown) + (f" and {more} more" if more > 0 else "")

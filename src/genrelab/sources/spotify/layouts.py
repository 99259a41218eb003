"""Layouts of Spotify tables: recognises the layout of a file and maps its columns to those of `spotify_tracks`.

Conventions
    - Column names are compared folded: without capitals, blanks, underscores, dots and brackets.
    - A layout is recognised by the columns it needs and by `marks`, columns that only it has. If two layouts fit, the
      one whose columns include all columns of the other is chosen; if neither includes the other, the file is refused.
    - What a layout declares for a column (percent, several artists in a cell) holds for the whole column.

The layouts themselves are in `genrelab.sources.spotify.known_layouts`.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from genrelab.runtime.errors import SourceError
from genrelab.sources.column_mapping import ColumnChoice

NAMES_SHOWN = 30
RANGE = re.compile(r"[(\[]\s*0(?:\.0)?\s*(?:-|\N{EN DASH}|\.{2,3}|to|,)\s*1(?:\.0)?\s*[)\]]")
"""The range of a feature, which some files write after its name."""
FOREIGN_BELOW = 0.5
"""A file with a smaller share of the columns of every layout is not a table of tracks."""


class Repeats(StrEnum):
    """The meaning of a track that occurs in several rows."""

    ROWS = "each row counts"
    GENRES = "one row for each genre of the track"
    EXPORTS = "one row for each export"


@dataclass(frozen=True)
class Source:
    """Where a file holds a column of the table.

    Args:
        spellings: Names that it may have, best first.
        is_percent: Whether it holds 0 to 100 where the table holds 0 to 1.
    """

    spellings: tuple[str, ...]
    is_percent: bool = False


@dataclass(frozen=True)
class Layout:
    """A known layout of a table of Spotify tracks.

    Args:
        name: Short name.
        title: What it is, in words.
        columns: Sources by column of the table.
        needed: Columns of the table without which a file is not of this layout.
        marks: Further names of columns, folded, which it must have.
        without: Names of columns, folded, that it must not have.
        expected: Columns of the table that it should have; a missing one is reported.
        separators: Separators of several artists in a cell; the first that occurs in the column is used.
        are_lists: Whether artists, and their ids, are written as Python lists.
        count: Name of the column that says how many artists there are, folded.
        repeats: The meaning of a track in several rows.
        more_genres: Further columns of genres, folded, that belong to the same track.
    """

    name: str
    title: str
    columns: Mapping[str, Source]
    needed: tuple[str, ...]
    marks: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    expected: tuple[str, ...] = ()
    separators: tuple[str, ...] = ()
    are_lists: bool = False
    count: str = ""
    repeats: Repeats = Repeats.ROWS
    more_genres: tuple[str, ...] = ()


@dataclass(frozen=True)
class Found:
    """The layout found in a file.

    Args:
        layout: The layout.
        header: Column names as the file writes them.
        positions: Position of each column of the table, of `count` and of the further genres.
        doubtful: Positions of several columns that may hold the genres.
        mapped: Columns of the table that the user's mapping named.
        others: Positions of further columns with the same content, used in rows where the earlier column is blank.
    """

    layout: Layout
    header: tuple[str, ...]
    positions: Mapping[str, int]
    doubtful: tuple[int, ...] = ()
    mapped: tuple[str, ...] = field(default=())
    others: Mapping[str, tuple[int, ...]] = field(default_factory=dict)

    @property
    def missing(self) -> list[str]:
        """Columns that the layout should have and the file lacks."""
        return [name for name in self.layout.expected if name not in self.positions]

    @property
    def passed_over(self) -> list[str]:
        """Columns of the file that are not used."""
        used = {
            *self.positions.values(),
            *self.doubtful,
            *(place for of in self.others.values() for place in of),
        }
        return [name.strip() for place, name in enumerate(self.header) if place not in used]


@lru_cache(maxsize=10_000)
def fold_name(name: str) -> str:
    """Return a column name without capitals, blanks, underscores, dots and brackets; the unit `%` stays.

    >>> fold_name("Artist Name(s)"), fold_name("Loudness..dB.."), fold_name("danceability_%")
    ('artistnames', 'loudnessdb', 'danceability%')
    """
    text = RANGE.sub("", unicodedata.normalize("NFKC", name).casefold())
    return "".join(sign for sign in text if sign.isalnum() or sign == "%")


@lru_cache(maxsize=64)
def folded_names(header: tuple[str, ...]) -> tuple[str, ...]:
    """The names of a header, folded; files of a folder share theirs."""
    return tuple(map(fold_name, header))


@lru_cache(maxsize=64)
def _place_by_name(header: tuple[str, ...]) -> dict[str, int]:
    """The first position of each name."""
    names = folded_names(header)
    return {name: len(names) - 1 - place for place, name in enumerate(reversed(names))}


def recognise(
    path: Path,
    header: Sequence[str],
    layouts: Sequence[Layout],
    mapping: Mapping[str, ColumnChoice] | None = None,
) -> Found:
    """Return the layout of a file.

    A mapping overrides the layout of the file; if the file has no known layout, it overrides `layouts[-1]`.

    Args:
        path: The file, for messages.
        header: Names of its columns.
        layouts: Those that are known; the last is that of files with a mapping.
        mapping: Columns that the user named.

    Raises:
        SourceError: No layout fits, two layouts fit, or a required column occurs twice.
    """
    mapping = mapping or {}
    if lacking := [choice.column for choice in mapping.values() if place_of(choice.column, header) is None]:
        raise SourceError(
            f"{path} lacks columns named in your mapping: {', '.join(lacking)}",
            found=_shown(header),
            do="correct --map, or [columns] in genrelab.toml",
        )
    fitting = [layout for layout in layouts[:-1] if _fits(layout, header)]
    signs = {layout.name: _signs(layout, header) for layout in fitting}
    best = [
        layout
        for layout in fitting
        if all(signs[layout.name] > signs[other.name] for other in fitting if other is not layout)
    ]
    if best:
        layout = _with_mapping(best[0], mapping)
    elif mapping:
        layout = _with_mapping(layouts[-1], mapping)
    elif fitting:
        raise SourceError(
            f"{path} matches {len(fitting)} layouts",
            found="; ".join(layout.title for layout in fitting),
            allowed="a file with one layout",
            do="remove the columns of the other layouts, or name the columns with --map",
        )
    else:
        raise _no_layout(path, header, layouts[:-1], {})
    positions = _positions(layout, header, mapping)
    if not positions.keys() >= set(layout.needed):
        raise _no_layout(path, header, (layout,), mapping)
    _refuse_doubled(path, layout, header, positions, mapping)
    further = (*([layout.count] if layout.count else []), *layout.more_genres)
    extra = {name: place for name in further if (place := _first_place((name,), header)) is not None}
    doubtful = _doubtful_genres(layout, header, mapping)
    others = _others(layout, header, positions, mapping)
    return Found(layout, tuple(header), positions | extra, doubtful, tuple(mapping), others)


def is_foreign(header: Sequence[str], layouts: Sequence[Layout]) -> bool:
    """Whether a file is not a table of tracks: it has less than half of the required columns of every layout."""
    return all(
        len(_positions(layout, header, {}).keys() & set(layout.needed)) < FOREIGN_BELOW * len(layout.needed)
        for layout in layouts[:-1]
    )


def place_of(column: str, header: Sequence[str]) -> int | None:
    """Position of a column that a user named: the exact name, else the folded name."""
    if column in header:
        return list(header).index(column)
    return _first_place((fold_name(column),), header) if fold_name(column) else None


def _fits(layout: Layout, header: Sequence[str]) -> bool:
    names = _place_by_name(tuple(header))
    return (
        all(_first_place(layout.columns[name].spellings, header) is not None for name in layout.needed)
        and all(mark in names for mark in layout.marks)
        and not any(name in names for name in layout.without)
    )


def _signs(layout: Layout, header: Sequence[str]) -> set[int]:
    """Positions of the columns by which a layout is recognised."""
    found = _positions(layout, header, {})
    names = folded_names(tuple(header))
    return {found[name] for name in layout.needed} | {names.index(mark) for mark in layout.marks}


def _with_mapping(layout: Layout, mapping: Mapping[str, ColumnChoice]) -> Layout:
    """Return the layout with the user's columns instead of its own."""
    if not mapping:
        return layout
    chosen = {name: Source((choice.column,), choice.is_percent) for name, choice in mapping.items()}
    separator = next((choice.separator for choice in mapping.values() if choice.separator), "")
    return replace(
        layout,
        columns={**layout.columns, **chosen},
        separators=(separator,) if separator else layout.separators,
    )


def _positions(layout: Layout, header: Sequence[str], mapping: Mapping[str, ColumnChoice]) -> dict[str, int]:
    found: dict[str, int] = {}
    for name, source in layout.columns.items():
        place = place_of(source.spellings[0], header) if name in mapping else None
        if name not in mapping:
            place = _first_place(source.spellings, header)
        if place is not None:
            found[name] = place
    return found


def _first_place(spellings: Sequence[str], header: Sequence[str]) -> int | None:
    places = _place_by_name(tuple(header))
    for spelling in spellings:
        if spelling in places:
            return places[spelling]
    return None


def _no_layout(
    path: Path, header: Sequence[str], layouts: Sequence[Layout], mapping: Mapping[str, ColumnChoice]
) -> SourceError:
    """The error for a file without a known layout; it lists everything that the closest layout lacks."""
    names = set(folded_names(tuple(header)))
    tried = {layout.name: _positions(layout, header, mapping) for layout in layouts}

    def closeness(layout: Layout) -> float:
        found = len(tried[layout.name].keys() & set(layout.needed)) + len(names & set(layout.marks))
        return found / (len(layout.needed) + len(layout.marks))

    closest = max(layouts, key=closeness)
    if not closeness(closest):
        return SourceError(
            f"{path} has no header line with known column names",
            found=_shown(header),
            allowed="the layouts in docs/guide.md, or any file with a header line and a mapping",
            do="add a header line, or map the columns: --map artist_name=Interpret --map track_name=Titel"
            if len(header) > 1
            else "separate the columns by commas, semicolons, tabs or vertical bars",
        )
    lacking = [
        _with_spellings(name, closest.columns[name])
        for name in dict.fromkeys((*closest.needed, *closest.expected))
        if name in closest.columns and name not in tried[closest.name]
    ] + [mark for mark in closest.marks if mark not in names]
    unwanted = [name.strip() for name in header if fold_name(name) in closest.without]
    problems = [f"lacks the column{'s' * (len(lacking) > 1)} {', '.join(lacking)}"] if lacking else []
    problems += [f"has {', '.join(unwanted)}"] if unwanted else []
    needed = [*closest.needed, *closest.marks]
    return SourceError(
        f"{path} {' and '.join(problems)}; the closest known layout is {closest.title}",
        found=_shown(header),
        allowed=f"the columns {', '.join(needed)}, or another layout listed in docs/guide.md",
        do="map the columns (--map artist_name=Interpret), add them, or move the file elsewhere",
    )


def _with_spellings(name: str, source: Source) -> str:
    others = [spelling for spelling in source.spellings if spelling != fold_name(name)]
    return f"{name} (or {', '.join(others[:3])})" if others else name


def _refuse_doubled(
    path: Path,
    layout: Layout,
    header: Sequence[str],
    positions: Mapping[str, int],
    mapping: Mapping[str, ColumnChoice],
) -> None:
    names = folded_names(tuple(header))
    for name in layout.columns:
        if name not in positions or name in mapping:
            continue
        spelling = names[positions[name]]
        if names.count(spelling) > 1:
            raise SourceError(
                f"{path} has the column {header[positions[name]].strip()} {names.count(spelling)} times",
                found=", ".join(each.strip() for each in header if fold_name(each) == spelling),
                allowed="each column once",
                do="remove or rename the duplicates, or choose a column with --map",
            )


def _others(
    layout: Layout, header: Sequence[str], positions: Mapping[str, int], mapping: Mapping[str, ColumnChoice]
) -> dict[str, tuple[int, ...]]:
    """Positions of further columns of names and ids, best first; some files fill one or the other, row by row."""
    places = _place_by_name(tuple(header))
    found = {}
    for name in ("artist_id", "artist_name", "track_id", "track_name"):
        if name in positions and name not in mapping:
            of_name = [places[each] for each in layout.columns[name].spellings if each in places]
            found[name] = tuple(place for place in of_name if place != positions[name])
    return {name: of for name, of in found.items() if of}


def _doubtful_genres(
    layout: Layout, header: Sequence[str], mapping: Mapping[str, ColumnChoice]
) -> tuple[int, ...]:
    """Positions of all columns that may hold the genres, if there are several."""
    if "genres" not in layout.columns or "genres" in mapping:
        return ()
    names = folded_names(tuple(header))
    places = [names.index(each) for each in layout.columns["genres"].spellings if each in names]
    return tuple(places) if len(places) > 1 else ()


def _shown(header: Sequence[str]) -> str:
    names = [name.strip() or "(no name)" for name in header]
    more = f" and {len(names) - NAMES_SHOWN:,} more" if len(names) > NAMES_SHOWN else ""
    return ", ".join(names[:NAMES_SHOWN]) + more or "no columns"

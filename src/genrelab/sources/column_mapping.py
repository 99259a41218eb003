"""Maps the columns of a user's file to those of spotify_tracks: `[columns]` in genrelab.toml, or `--map`.

    [columns]
    artist_name = "Interpret"
    energy = {column = "Energie", unit = "percent"}
    artist_name = {column = "Interpret", separator = ";"}

The same on the command line: `--map artist_name=Interpret --map energy=Energie:percent`.

Conventions: the key is a column of spotify_tracks, the value the name of a column of the file. The mapping overrides
the recognised layout.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from genrelab.runtime.errors import SettingsError
from genrelab.tables.spotify import AUDIO_FEATURES, SPOTIFY_TRACKS

PERCENT = "percent"
UNITS = ("share", PERCENT)
IDENTITY = ("artist_name", "artist_id", "track_id", "track_name", "genres", "popularity")
KEYS = {"column", "unit", "separator"}
MAPPED_NAMES = (*IDENTITY, *AUDIO_FEATURES)
"""Columns of spotify_tracks that a file can give."""


@dataclass(frozen=True)
class ColumnChoice:
    """One column of a file.

    Args:
        column: Its name there.
        is_percent: Whether it holds 0 to 100 where the table holds 0 to 1.
        separator: For artists: what stands between several of them.
    """

    column: str
    is_percent: bool = False
    separator: str = ""


def mapping_from_toml(section: Mapping[str, Any], place: str) -> dict[str, ColumnChoice]:
    """Return the mapping of the section [columns].

    Args:
        section: Its values.
        place: Its file, for messages.

    Raises:
        SettingsError: A name or a value is not allowed.
    """
    found = {}
    for name, value in section.items():
        given = {"column": value} if isinstance(value, str) else value
        if (
            not isinstance(given, dict)
            or not {"column"} <= set(given) <= KEYS
            or not all(isinstance(each, str) and each for each in given.values())
        ):
            raise SettingsError(
                f"columns.{name} in {place} names no column",
                found=repr(value),
                allowed='"Energie" or {column = "Energie", unit = "percent"}',
                do="correct it",
            )
        found[name] = _choice(name, given["column"], given.get("unit", ""), given.get("separator", ""), place)
    return found


def mapping_from_words(words: Sequence[str]) -> dict[str, ColumnChoice]:
    """Return the mapping of `--map`: `NAME=COLUMN`, several separated by commas.

    >>> mapping_from_words(["artist_name=Interpret,energy=Energie:percent"])["energy"]
    ColumnChoice(column='Energie', is_percent=True, separator='')

    Raises:
        SettingsError: It has another form, or a name is unknown.
    """
    between = re.compile(rf",(?=\s*(?:{'|'.join(MAPPED_NAMES)})\s*=)")
    found = {}
    for pair in (pair for word in words for pair in between.split(word)):
        name, sign, column = pair.partition("=")
        if not sign or not column.strip():
            raise SettingsError(
                "--map names no column",
                found=repr(pair),
                allowed="NAME=COLUMN",
                do="genrelab ingest-spotify --help",
            )
        column, unit = (
            (column[: -len(PERCENT) - 1], PERCENT) if column.endswith(f":{PERCENT}") else (column, "")
        )
        found[name.strip()] = _choice(name.strip(), column.strip(), unit, "", "--map")
    return found


def _choice(name: str, column: str, unit: str, separator: str, place: str) -> ColumnChoice:
    if name not in MAPPED_NAMES:
        raise SettingsError(
            f"{place} maps to a column that does not exist",
            found=name,
            allowed=", ".join(MAPPED_NAMES),
            do="correct the name",
        )
    if unit and unit not in UNITS:
        raise SettingsError(
            f"{place} has an unknown unit for {name}",
            found=unit,
            allowed=", ".join(UNITS),
            do="remove it if the column has the same unit as the table",
        )
    if unit == PERCENT and (SPOTIFY_TRACKS[name].low, SPOTIFY_TRACKS[name].high) != (0, 1):
        shares = [each.name for each in SPOTIFY_TRACKS if (each.low, each.high) == (0, 1)]
        raise SettingsError(
            f"{place} maps {name} as percent",
            allowed=", ".join(shares),
            do="remove the unit",
        )
    if separator and name != "artist_name":
        raise SettingsError(f"{place} has a separator for {name}", allowed="artist_name", do="remove it")
    return ColumnChoice(column, is_percent=unit == PERCENT, separator=separator)

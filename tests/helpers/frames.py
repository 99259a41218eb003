"""Legal frames, made from the declarations: the tests break them one mutation at a time."""

import datetime as dt
from collections.abc import Callable, Collection

import pyarrow as pa

from genrelab.lake.schema import Column, Table
from genrelab.sources.origin.sample import CAPITALS
from genrelab.tables.fma import TOP_GENRES
from genrelab.tables.predictions import GENRES

PLACES = list(CAPITALS.values())
ROOTS = len(TOP_GENRES)
DAY = "11/26/2008 01:48:12 AM"


def _spotify_id(row: int) -> str:
    return f"{row:022d}"


def _part(row: int) -> str:
    return "train" if row % 10 < 7 else "gate" if row % 10 == 7 else "test"


def _split(row: int) -> str:
    return "training" if row % 10 < 8 else "validation" if row % 10 == 8 else "test"


SPOTIFY: dict[str, Callable[[int], object]] = {
    "track_id": _spotify_id,
    "artist_id": _spotify_id,
    "time_signature": lambda row: 3 + row % 2,
}
KNOWN: dict[str, dict[str, Callable[[int], object]]] = {
    "listened": {
        "problem": lambda _: "",
        "nearest": lambda row: [{"track": f"track {row}", "artist": "artist", "genre": "Rock"}],
        "probabilities": lambda _: [
            {"genre": "Rock", "probability": 0.6},
            {"genre": "Pop", "probability": 0.4},
        ],
    },
    "spotify_tracks": SPOTIFY,
    "spotify_binned": SPOTIFY
    | {
        "micro_genre": lambda _: "a",
        "name_in_title": lambda _: False,
        "names_of_artist_id": lambda _: 1,
        "label_is_suspect": lambda _: False,
        "artist_group": lambda row: f"artist:{row}",
        "part": _part,
    },
    "artist_groups": {"key": lambda row: f"artist:{row}", "artist_group": lambda row: f"artist:{row}"},
    "predictions": {
        "task": lambda _: "spotify-bins-classic",
        "model": lambda _: "spotify-bins-classic",
        "model_version": lambda _: 1,
        "source_table": lambda _: "spotify_binned",
        "probabilities": lambda row: [
            {"genre": GENRES[row % len(GENRES)], "probability": 0.75},
            {"genre": GENRES[row % len(GENRES) - 1], "probability": 0.25},
        ],
        "decision": lambda _: "most-accurate",
        "probability": lambda _: 0.75,
        "second_probability": lambda _: 0.25,
        "probability_sum": lambda _: 1.0,
        "artist_genre": lambda row: GENRES[row % len(GENRES)],
        "artist_probability": lambda _: 0.75,
        "artist_tracks": lambda _: 0,
        "adjusted_genre": lambda _: None,
        "adjusted_probability": lambda _: None,
        **{name: lambda _: None for name in ("all_genres", "all_labels", "is_filled")},
    },
    "label_doubts": {
        "task": lambda _: "spotify-bins-classic",
        "source_table": lambda _: "spotify_binned",
        "label_probability": lambda _: 0.01,
        "suggested_genre": lambda row: GENRES[row % len(GENRES) - 1],
        "suggested_probability": lambda _: 0.9,
        "is_doubtful": lambda row: row % 10 == 5,
        "artist_tracks": lambda _: 3,
        "artist_agreeing": lambda _: 2,
        "reasons": lambda row: "labelled pop" if row % 10 == 5 else None,
    },
    "fma_places": {
        "country_code": lambda _: "US",
        "country": lambda _: "United States",
        "continent": lambda _: "North America",
        "state": lambda _: "Oregon",
        "decided_by": lambda _: "state polygon",
        "suspicion": lambda _: None,
    },
    "fma_tracks": {
        "split": _split,
        "artist_id": lambda row: row + 1,
        "genre_all_names": lambda row: [TOP_GENRES[row % ROOTS], "b"],
        "track_language_code": lambda _: "en",
    },
    "fma_genres": {
        "title": lambda row: TOP_GENRES[row] if row < ROOTS else f"genre {row}",
        "parent_id": lambda row: 0 if row < ROOTS else row % ROOTS + 1,
        "top_level_id": lambda row: row + 1 if row < ROOTS else row % ROOTS + 1,
        "track_count": lambda row: 1000 - row if row < ROOTS else 5,
    },
    "fma_raw_tracks": {
        "artist_id": str,
        "album_id": str,
        "track_duration": lambda _: "04:05",
        "track_bit_rate": lambda _: "256000.0",
        "track_listens": str,
        "track_date_created": lambda _: DAY,
        "track_genres": lambda _: "[{'genre_id': '21'}]",
        "track_url": lambda row: f"http://freemusicarchive.org/music/{row}",
    },
    "fma_raw_albums": {
        "album_listens": str,
        "album_tracks": str,
        "album_date_created": lambda _: DAY,
        "album_url": lambda row: f"http://freemusicarchive.org/music/{row}",
    },
    "fma_raw_artists": {
        "artist_favorites": str,
        "artist_latitude": lambda _: "41.5",
        "artist_longitude": lambda _: "-73.25",
        "artist_date_created": lambda _: DAY,
        "artist_url": lambda row: f"http://freemusicarchive.org/music/{row}",
    },
    "fma_raw_genres": {"genre_parent_id": lambda _: "0", "genre_color": lambda _: "#006666"},
    "origin_tracks": {
        "latitude": lambda row: PLACES[row % len(PLACES)][0],
        "longitude": lambda row: PLACES[row % len(PLACES)][1],
    },
}
"""What a legal value is where a person knows more than the declaration."""


def legal(table: Table, rows: int = 40, columns: Collection[str] | None = None) -> pa.Table:
    """A frame of `rows` rows that every rule accepts, or some of its columns; key columns count upwards."""
    return pa.table(
        {
            column.name: pa.array([_value(column, table, row) for row in range(rows)], column.type)
            for column in table
            if columns is None or column.name in columns
        },
    )


def changed(data: pa.Table, column: str, row: int, value: object) -> pa.Table:
    """The same frame with one cell changed."""
    values = data[column].to_pylist()
    values[row] = value
    return data.set_column(
        data.schema.get_field_index(column), column, pa.array(values, data.schema.field(column).type)
    )


def _value(column: Column, table: Table, row: int) -> object:
    known = KNOWN.get(table.name, {}).get(column.name)
    if known is not None:
        return known(row)
    if column.name == "source":
        return "made.csv"
    if column.choices:
        return column.choices[row % len(column.choices)]
    if pa.types.is_list(column.type):
        return [1, 2] if pa.types.is_integer(column.type.value_type) else ["a", "b"]
    if pa.types.is_timestamp(column.type):
        return dt.datetime(2012, 1, 1, tzinfo=dt.UTC if column.type.tz else None) + dt.timedelta(hours=row)
    if pa.types.is_boolean(column.type):
        return True
    return _number(column, table, row) if column.is_number else f"{column.name} {row}"


def _number(column: Column, table: Table, row: int) -> float:
    if column.name == "source_row":
        return row + 1
    if column.name.startswith("feature_"):  # standardised
        return ((row * 37 + int(column.name[-3:])) % 211 - 105) / 61
    if table.name == "fma_features" and column.name != "track_id":
        return 0.4 + row / 1000
    low = column.low if column.low is not None else 0
    high = column.high if column.high is not None else low + 1000
    value = low + row if column.name in table.key else low + (high - low) * (row % 40 + 1) / 50
    return int(value) if pa.types.is_integer(column.type) else float(value)

"""Made-up artists of the archive with places, and what the analysis of places finds in them."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pyarrow as pa

from genrelab.analyses.places.cross_tables import cross_table, document_table
from genrelab.analyses.places.result import OddPlace, PlaceCount, Places, Spot
from genrelab.analyses.places.study import rate
from genrelab.lake.version import Counts
from genrelab.tables.places import DECISIONS, NOWHERE, WRONG_LONGITUDE

PORTLAND, BROOKLYN, BERLIN, UTRECHT = (45.5235, -122.6762), (40.65, -73.95), (52.5235, 13.4115), (52.09, 5.12)


def artist_rows(number: int, place, genre: str, tracks: int, words=None) -> list[dict[str, object]]:
    """The tracks of an artist."""
    latitude, longitude = place or (None, None)
    return [
        {
            "artist_id": number,
            "artist_name": f"Artist {number}",
            "artist_location": words,
            "artist_latitude": latitude,
            "artist_longitude": longitude,
            "genre_top": genre,
        }
        for _ in range(tracks)
    ]


def publish_archive(lake, rows: list[dict[str, object]]) -> None:
    """Publish tracks as `fma_tracks`, whatever their coordinates are."""
    kinds = {"artist_latitude": pa.float64(), "artist_longitude": pa.float64(), "artist_id": pa.int64()}
    names = (
        "artist_id",
        "artist_name",
        "artist_location",
        "artist_latitude",
        "artist_longitude",
        "genre_top",
    )
    data = {"source": ["made.csv"] * len(rows), "source_row": list(range(len(rows)))}
    data |= {"track_id": list(range(1, len(rows) + 1))}
    data |= {name: pa.array([row[name] for row in rows], kinds.get(name, pa.string())) for name in names}
    lake.publish(
        "fma_tracks", pa.table(data), Counts(len(rows), len(rows)), source="made.csv", is_sample=False
    )


def two_continents(artists: int = 20, seed: int = 3) -> list[dict[str, object]]:
    """Rock is likelier in Portland, Electronic in Berlin; tracks per artist vary."""
    draw = np.random.default_rng(seed)
    rows = []
    for number in range(1, 2 * artists + 1):
        is_european = number > artists
        shares = (0.2, 0.2, 0.6) if is_european else (0.2, 0.6, 0.2)
        genre = str(draw.choice(["Experimental", "Rock", "Electronic"], p=shares))
        rows += artist_rows(number, BERLIN if is_european else PORTLAND, genre, int(draw.integers(1, 9)))
    return rows


def made_places(**changes) -> Places:
    """Artists in Oregon, New York, Germany and the Netherlands; one suspect and one in the sea."""
    tracks = pd.DataFrame(
        [
            {
                "artist_id": row["artist_id"],
                "genre_top": row["genre_top"],
                "continent": continent,
                "country": country,
            }
            for row in two_continents()
            for continent, country in [
                ("Europe", "Germany") if row["artist_id"] > 20 else ("North America", "United States")
            ]
        ]
    )
    tracks["state"] = np.where(
        tracks["artist_id"] > 20, "", np.where(tracks["artist_id"] % 2 == 0, "Oregon", "New York")
    )
    document, equal = document_table(tracks, 99, 1)
    tables = tuple(
        cross_table(tracks[tracks[level] != ""], level, 99, 1) for level in ("continent", "country", "state")
    )
    made = Places(
        table="fma_tracks",
        table_version=2,
        sample=False,
        tracks=10_000,
        artists=900,
        stated_tracks=170,
        located_tracks=len(tracks) + 9,
        located_artists=42,
        half=1,
        several=1,
        decided=dict(zip(DECISIONS, (20, 20, 1, 1, 0), strict=True)),
        odd=(
            OddPlace(
                "A <b>bold</b> artist",
                "Utrecht, Netherlands",
                52.09,
                -5.12,
                WRONG_LONGITUDE,
                "",
                "Netherlands",
                8,
            ),
            OddPlace("Nowhere man", "", 0.0, 2.0, NOWHERE, "", "", 1),
        ),
        counted_tracks=len(tracks),
        counted_artists=40,
        genre_tracks=len(tracks),
        continents=(
            PlaceCount("North America", "", 90, 20, 582_000_000, rate(20, 582_000_000)),
            PlaceCount("Europe", "", 80, 20, 742_000_000, rate(20, 742_000_000)),
        ),
        countries=(
            PlaceCount("United States", "North America", 90, 20, 327_000_000, rate(20, 327_000_000)),
            PlaceCount("Germany", "Europe", 79, 19, 82_900_000, rate(19, 82_900_000)),
            PlaceCount("Netherlands", "Europe", 1, 1, 17_200_000, rate(1, 17_200_000)),
        ),
        states=(
            PlaceCount("Oregon", "", 46, 10, 4_093_465, rate(10, 4_093_465)),
            PlaceCount("New York", "", 44, 10, 19_745_289, rate(10, 19_745_289)),
        ),
        spots=(
            Spot(45.52, -122.68, "Portland, <OR>", 10, 46),
            Spot(40.65, -73.95, "Brooklyn, NY", 10, 44),
            Spot(52.52, 13.41, "Berlin", 19, 79),
            Spot(52.09, 5.12, "Utrecht", 1, 1),
        ),
        tables=tables,
        document=document,
        equal=equal,
    )
    return replace(made, **changes)


RESULTS = {"places": made_places}

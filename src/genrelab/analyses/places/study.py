"""Where the artists of the archive are: reads their coordinates, places, counts and compares them."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from scipy import stats

from genrelab.analyses.inputs import Inputs
from genrelab.analyses.places.cross_tables import cross_table, document_table
from genrelab.analyses.places.placing import Location, locate
from genrelab.analyses.places.result import OddPlace, PlaceCount, Places, Spot
from genrelab.analyses.places.suspects import Odd, find_odd
from genrelab.runtime import progress
from genrelab.sources.atlas.areas import countries_by_code, load_countries, load_states
from genrelab.tables.places import DECISIONS, FMA_PLACES, SUSPICIONS

TABLE = "fma_tracks"
LATITUDE, LONGITUDE = "artist_latitude", "artist_longitude"
COLUMNS = ("track_id", "artist_id", "artist_name", "artist_location", LATITUDE, LONGITUDE, "genre_top")
PERMUTATIONS = {"quick": 999, "nightly": 4_999, "thorough": 19_999}
LEVELS = ("continent", "country", "state")
SPOT_DIGITS = 1
"""Decimals of the coordinates of a place on the map: about ten kilometres."""
CONFIDENCE = 0.95
DIGITS = 6


def compute(inputs: Inputs) -> Places:
    """Place the artists of the lake, compare genres by place, and publish `fma_places`."""
    version = inputs.version(TABLE)
    tracks = inputs.read(TABLE, COLUMNS).to_pandas()
    found, rows = study_places(
        tracks, PERMUTATIONS[inputs.budget(TABLE)], inputs.seed, version.version, is_sample=version.is_sample
    )
    inputs.publish(FMA_PLACES.name, rows)
    inputs.fitted_on(TABLE, tracks[["artist_id", LATITUDE, LONGITUDE, "genre_top"]])
    return found


def study_places(
    tracks: pd.DataFrame, permutations: int, seed: int, version: int, *, is_sample: bool
) -> tuple[Places, pa.Table]:
    """Place the artists of the tracks and compare genres by place.

    Args:
        tracks: The columns `COLUMNS`.
        permutations: How many permutations of the artists to draw.
        seed: Random seed.
        version: Version of the table.
        is_sample: Whether it holds sample data.

    Returns:
        The result, and the rows of `fma_places`.
    """
    artists, several = artists_with_coordinates(tracks)
    located, index = locate(artists[["latitude", "longitude"]].to_numpy(float))
    places = [located[at] for at in index]
    odd = find_odd(
        artists[["latitude", "longitude"]].to_numpy(float), places, artists["location"].fillna("").tolist()
    )
    artists["country"] = [place.country and countries_by_code()[place.country].name for place in places]
    artists["continent"] = [place.continent for place in places]
    artists["state"] = [place.state for place in places]
    artists["decided_by"] = [place.decided_by for place in places]
    is_counted = np.array(
        [bool(place.country) and not one.kind for place, one in zip(places, odd, strict=True)], bool
    )
    counted = artists[is_counted]
    by_genre = tracks[["artist_id", "genre_top"]].dropna().merge(counted, on="artist_id")
    with progress.track("testing genres by place", len(LEVELS) + 1, "tables") as advance:
        document, equal = document_table(by_genre, permutations, seed)
        tables = []
        for done, level in enumerate(LEVELS, start=1):
            advance(done, level)
            tables.append(cross_table(by_genre[by_genre[level] != ""], level, permutations, seed))
    has = tracks[[LATITUDE, LONGITUDE]].notna()
    found = Places(
        table=TABLE,
        table_version=version,
        sample=is_sample,
        tracks=len(tracks),
        artists=int(tracks["artist_id"].nunique()),
        stated_tracks=int(has.all(axis=1).sum()),
        located_tracks=int(artists["tracks"].sum()),
        located_artists=len(artists),
        half=int(tracks.loc[has.sum(axis=1) == 1, "artist_id"].nunique()),
        several=several,
        decided={name: int((artists["decided_by"] == name).sum()) for name in DECISIONS},
        odd=_odd(artists, places, odd),
        counted_tracks=int(counted["tracks"].sum()),
        counted_artists=len(counted),
        genre_tracks=len(by_genre),
        continents=_counts(counted, "continent", _continents(), {}),
        countries=_counts(
            counted,
            "country",
            {area.name: area.population for area in load_countries()},
            {area.name: area.continent for area in load_countries()},
        ),
        states=_counts(counted, "state", {area.name: area.population for area in load_states()}, {}),
        spots=_spots(counted),
        tables=tuple(tables),
        document=document,
        equal=equal,
    )
    return found, rows_of(artists, places, odd)


def artists_with_coordinates(tracks: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    """Return the artists that have a latitude and a longitude, and how many have several of them.

    Args:
        tracks: The columns `COLUMNS`.

    Returns:
        `artist_id`, `name`, `location`, `latitude`, `longitude`, `tracks` (all of the artist), ordered by id; the
        commonest place of each artist, the southernmost of equally common ones.
    """
    known = tracks.dropna(subset=[LATITUDE, LONGITUDE])
    pairs = known.groupby(["artist_id", LATITUDE, LONGITUDE], as_index=False).agg(
        times=("track_id", "size"), name=("artist_name", "first"), location=("artist_location", "first")
    )
    ranked = pairs.sort_values(
        ["artist_id", "times", LATITUDE, LONGITUDE], ascending=[True, False, True, True], kind="stable"
    )
    artists = ranked.drop_duplicates("artist_id").rename(
        columns={LATITUDE: "latitude", LONGITUDE: "longitude"}
    )
    sizes = tracks.groupby("artist_id")["track_id"].size()
    artists["tracks"] = artists["artist_id"].map(sizes)
    return artists.drop(columns="times").reset_index(drop=True), int(
        (ranked["artist_id"].value_counts() > 1).sum()
    )


def rows_of(artists: pd.DataFrame, places: list[Location], odd: list[Odd]) -> pa.Table:
    """Return the rows of `fma_places`."""

    def texts(name: str) -> list[str | None]:
        return [str(value) if isinstance(value, str) and value else None for value in artists[name]]

    return pa.table(
        {
            "artist_id": artists["artist_id"].tolist(),
            "artist_name": texts("name"),
            "artist_location": texts("location"),
            "latitude": artists["latitude"].tolist(),
            "longitude": artists["longitude"].tolist(),
            "country_code": [place.country or None for place in places],
            "country": texts("country"),
            "continent": texts("continent"),
            "state": texts("state"),
            "decided_by": texts("decided_by"),
            "distance": [place.distance for place in places],
            "suspicion": [one.kind if one.kind in SUSPICIONS else None for one in odd],
            "tracks": artists["tracks"].tolist(),
        },
        schema=FMA_PLACES.schema,
    )


def rate(artists: int, population: int | None) -> tuple[float, float, float] | None:
    """Return artists per million inhabitants with the exact 95 % interval of a Poisson count (Garwood 1936)."""
    if not population:
        return None
    tail = (1 - CONFIDENCE) / 2
    low = stats.chi2.ppf(tail, 2 * artists) / 2 if artists else 0.0
    high = stats.chi2.ppf(1 - tail, 2 * artists + 2) / 2
    millions = population / 1e6
    return (
        round(artists / millions, DIGITS),
        round(float(low) / millions, DIGITS),
        round(float(high) / millions, DIGITS),
    )


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows by column."""
    return [{str(name): value for name, value in row.items()} for row in frame.to_dict("records")]


def _counts(
    artists: pd.DataFrame, level: str, populations: Mapping[str, int | None], within: Mapping[str, str]
) -> tuple[PlaceCount, ...]:
    grouped = artists[artists[level] != ""].groupby(level)["tracks"].agg(["sum", "size"])
    found = [
        PlaceCount(
            str(name),
            within.get(str(name), ""),
            int(tracks),
            int(size),
            populations.get(str(name)),
            rate(int(size), populations.get(str(name))),
        )
        for name, tracks, size in grouped.itertuples()
    ]
    return tuple(sorted(found, key=lambda one: (-one.tracks, one.name)))


def _continents() -> dict[str, int | None]:
    found: dict[str, int | None] = {}
    for area in load_countries():
        found[area.continent] = (found.get(area.continent) or 0) + (area.population or 0)
    return found


def _spots(artists: pd.DataFrame) -> tuple[Spot, ...]:
    """Return the places on the map, those of most artists first."""
    near = artists.assign(
        latitude=artists["latitude"].round(SPOT_DIGITS),
        longitude=artists["longitude"].round(SPOT_DIGITS),
        otherwise=artists["state"].where(artists["state"] != "", artists["country"]),
    )
    grouped = near.groupby(["latitude", "longitude"], as_index=False).agg(
        words=("location", lambda words: next(iter(words.mode()), "")),
        otherwise=("otherwise", "first"),
        artists=("tracks", "size"),
        tracks=("tracks", "sum"),
    )
    found = [
        Spot(
            float(one["latitude"]),
            float(one["longitude"]),
            str(one["words"] or one["otherwise"]),
            int(one["artists"]),
            int(one["tracks"]),
        )
        for one in records(grouped)
    ]
    return tuple(sorted(found, key=lambda one: (-one.artists, -one.tracks, one.name)))


def _odd(artists: pd.DataFrame, places: Iterable[Location], odd: Iterable[Odd]) -> tuple[OddPlace, ...]:
    found = [
        OddPlace(
            artist=row["name"] if isinstance(row["name"], str) else f"artist {row['artist_id']}",
            location=row["location"] if isinstance(row["location"], str) else "",
            latitude=float(row["latitude"]),
            longitude=float(row["longitude"]),
            kind=one.kind,
            place=place.name,
            would_be=one.would_be.name if one.would_be else "",
            tracks=int(row["tracks"]),
        )
        for row, place, one in zip(records(artists), places, odd, strict=True)
        if one.kind
    ]
    return tuple(sorted(found, key=lambda one: (-one.tracks, one.artist)))

"""The rows of `origin_tracks` as the study takes them: features, places, sides of 20 degrees north.

Conventions: tracks in source order; features as they came, which is standardised; places are numbered from
south to north. A feature that is missing in every track (the 68-feature file has no chromatic ones) is not
there; one that is missing in some is refused, as is one that never changes.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from genrelab.evaluation.geography import country_of, distances_km, off_the_globe
from genrelab.runtime.errors import GenrelabError

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

NORTH_OF = 20.0
"""Degrees: the student project's line, which splits its tracks about in half."""

TABLE = "origin_tracks"
SHOWN = 3


@dataclass(frozen=True)
class OriginTracks:
    """The tracks of a study.

    Args:
        features: Shape (tracks, features).
        names: Name of each feature.
        coordinates: Latitude and longitude of each track in degrees, shape (tracks, 2).
        place: Place of each track, shape (tracks,).
        places: Latitude and longitude of each place, from south to north, shape (places, 2).
        countries: Name of each place.
    """

    features: FloatArray
    names: tuple[str, ...]
    coordinates: FloatArray
    place: IntArray
    places: FloatArray
    countries: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.features)

    @property
    def is_north(self) -> npt.NDArray[np.bool_]:
        """Which tracks come from north of the line, shape (tracks,)."""
        return np.asarray(self.coordinates[:, 0] > NORTH_OF)

    @property
    def country(self) -> IntArray:
        """Country of each track, shape (tracks,), from 0: places of one country are one country here."""
        of_place = np.unique([country_of(*place) for place in self.places.tolist()], return_inverse=True)[1]
        return np.asarray(of_place[self.place], dtype=np.int64)

    @property
    def is_northern_place(self) -> npt.NDArray[np.bool_]:
        """Which places lie north of the line, shape (places,)."""
        return np.asarray(self.places[:, 0] > NORTH_OF)

    @property
    def distances(self) -> FloatArray:
        """Between the places in km, shape (places, places)."""
        return distances_km(self.places)

    @property
    def sizes(self) -> IntArray:
        """Tracks of each place, shape (places,)."""
        return np.bincount(self.place, minlength=len(self.places))


def prepare(data: pa.Table, *, clusters: int, folds: int) -> OriginTracks:
    """Check the rows of `origin_tracks` and take them apart.

    Args:
        data: Rows in source order, with features, latitude and longitude.
        clusters: The largest number of clusters that will be asked for.
        folds: The number of folds that will be asked for.

    Raises:
        GenrelabError: A feature is missing in some tracks or the same in all, a coordinate is no place on the
            globe, there are fewer different tracks than clusters, or a side of the line has fewer tracks than folds.
    """
    given = [name for name in data.column_names if name.startswith("feature_")]
    columns = {name: data[name] for name in given if data[name].null_count < max(len(data), 1)}
    if not len(data) or not columns:
        raise GenrelabError(
            f"{TABLE} cannot be studied",
            found=f"{len(data):,} tracks with {len(columns)} features",
            allowed="tracks with 68 or 116 features",
            do="run `genrelab ingest-origin` with default_features_1059_tracks.txt",
        )
    features = np.column_stack([_floats(column) for column in columns.values()])
    coordinates = np.column_stack([_floats(data["latitude"]), _floats(data["longitude"])])
    _check_features(features, tuple(columns))
    _check_coordinates(coordinates, data)
    places, place = np.unique(coordinates, axis=0, return_inverse=True)
    tracks = OriginTracks(
        features=features,
        names=tuple(columns),
        coordinates=coordinates,
        place=place.astype(np.int64),
        places=places,
        countries=_names(places),
    )
    _check_sizes(tracks, clusters, folds)
    return tracks


def _floats(column: pa.ChunkedArray) -> FloatArray:
    return np.asarray(column.to_numpy(), dtype=np.float64)


def _names(places: FloatArray) -> tuple[str, ...]:
    """Country of each place; two places of one country are distinguished by a number."""
    countries = [country_of(*place) for place in places.tolist()]
    return tuple(
        f"{name} {countries[: number + 1].count(name)}" if countries.count(name) > 1 else name
        for number, name in enumerate(countries)
    )


def _check_features(features: FloatArray, names: tuple[str, ...]) -> None:
    missing = (~np.isfinite(features)).sum(axis=0)
    if missing.any():
        missing_in = [
            f"{names[at]} in {missing[at]:,} of {len(features):,} tracks" for at in np.flatnonzero(missing)
        ]
        raise GenrelabError(
            f"{TABLE} has features that are missing in some tracks",
            found=_listed(missing_in),
            allowed="features that every track has, or none",
            do="fix the file, or leave these tracks out, and run `genrelab ingest-origin` again",
        )
    constant = np.flatnonzero(np.ptp(features, axis=0) == 0)
    if len(constant):
        raise GenrelabError(
            f"{TABLE} has features that never change",
            found=_listed(
                [f"{names[at]} is {features[0, at]:g} in all {len(features):,} tracks" for at in constant]
            ),
            allowed="features that differ between tracks",
            do="check the file: a column may have been cut off or filled; then run `genrelab ingest-origin` again",
        )


def _check_coordinates(coordinates: FloatArray, data: pa.Table) -> None:
    off = np.flatnonzero(off_the_globe(coordinates))
    if len(off):
        rows = (
            data["source_row"].to_pylist()
            if "source_row" in data.column_names
            else list(range(1, len(data) + 1))
        )
        raise GenrelabError(
            f"{TABLE} has impossible coordinates",
            found=_listed([f"row {rows[at]}: {coordinates[at, 0]:g}, {coordinates[at, 1]:g}" for at in off]),
            allowed="latitude -90 to 90, longitude -180 to 180 degrees",
            do="fix these rows and run `genrelab ingest-origin` again",
        )


def _check_sizes(tracks: OriginTracks, clusters: int, folds: int) -> None:
    distinct = len(np.unique(tracks.features, axis=0))
    if distinct < clusters:
        raise GenrelabError(
            f"{clusters} clusters need at least {clusters} different tracks",
            found=f"{distinct} different tracks in {len(tracks):,} rows",
            do="use a file with more tracks",
        )
    north = int(tracks.is_north.sum())
    if min(north, len(tracks) - north) < folds:
        raise GenrelabError(
            f"{folds} folds need at least {folds} tracks on either side of {NORTH_OF:g} degrees north",
            found=f"{north:,} tracks north of it, {len(tracks) - north:,} south",
            do="use a file with tracks from both sides",
        )


def _listed(entries: list[str]) -> str:
    rest = len(entries) - SHOWN
    return "; ".join(entries[:SHOWN]) + (f"; and {rest:,} more" if rest > 0 else "")

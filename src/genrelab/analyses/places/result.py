"""What the analysis of places finds.

Conventions: places are counted by the artists with coordinates, suspects left out; a share is a fraction of 1; rates
are per million inhabitants. None: not known, or not computed.
"""

from dataclasses import dataclass

from genrelab.evaluation.association import ChiSquared, Permuted


@dataclass(frozen=True)
class PlaceCount:
    """A continent, a country or a state.

    Args:
        name: Its name.
        within: Continent of a country; empty for others.
        tracks: Tracks of its artists.
        artists: Its artists.
        population: Its inhabitants; None where they are not known.
        per_million: Artists per million inhabitants, and the ends of the exact 95 % interval of a Poisson count.
    """

    name: str
    within: str
    tracks: int
    artists: int
    population: int | None
    per_million: tuple[float, float, float] | None

    @property
    def tracks_per_million(self) -> float | None:
        """Return the tracks per million inhabitants."""
        return self.tracks / self.population * 1e6 if self.population else None


@dataclass(frozen=True)
class Spot:
    """Artists at one place on the map.

    Args:
        latitude: In degrees.
        longitude: In degrees.
        name: What the artists call it, or its state or country.
        artists: How many.
        tracks: Their tracks.
    """

    latitude: float
    longitude: float
    name: str
    artists: int
    tracks: int


@dataclass(frozen=True)
class OddPlace:
    """An artist whose coordinates are a suspect or have no place.

    Args:
        artist: Name of the artist.
        location: Place in words; empty where there is none.
        latitude: As stated, in degrees.
        longitude: As stated, in degrees.
        kind: One of `genrelab.tables.places.SUSPICIONS`, `no place` or `off the globe`.
        place: Where the coordinates lie; empty for the sea.
        would_be: Where they would lie if the suspicion is true; empty without one.
        tracks: Tracks of the artist.
    """

    artist: str
    location: str
    latitude: float
    longitude: float
    kind: str
    place: str
    would_be: str
    tracks: int


@dataclass(frozen=True)
class Tests:
    """Tests of a cross table of tracks.

    Args:
        tracks: Chi-squared with each track as a unit.
        v: Cramer's V of the tracks.
        corrected_v: The same less what chance adds.
        fisher: p value of Fisher's exact test of the tracks, only of a 2 x 2 table with a small expected count.
        permuted: The test that gives the places of the artists to one another.
        clustered: Chi-squared of the tracks divided by `permuted.inflation`.
        artists: Chi-squared with each artist once, under the genre of most of their tracks; None where a place or a
            genre is nobody's first.
        once: The permutation test with each artist once; None as above.
    """

    tracks: ChiSquared
    v: float
    corrected_v: float
    fisher: float | None
    permuted: Permuted
    clustered: ChiSquared
    artists: ChiSquared | None
    once: Permuted | None


@dataclass(frozen=True)
class CrossTable:
    """Tracks by place and genre.

    Args:
        name: `document`, `continent`, `country` or `state`.
        places: Rows, the most artists first.
        genres: Columns, the most tracks first.
        tracks: Tracks of each cell.
        artists: Artists with such tracks.
        expected: Tracks expected if genre and place were independent.
        residuals: Standard errors from there, tracks as units (adjusted residuals).
        residuals_by_artist: Standard deviations from the mean of the permuted tables, artists as units.
        left_out_places: Places that are no row, because they have too few artists.
        left_out_genres: Genres that are no column, because one artist alone has them.
        tests: None where they cannot be computed.
        missing: Why not; empty where they were.
    """

    name: str
    places: tuple[str, ...]
    genres: tuple[str, ...]
    tracks: tuple[tuple[int, ...], ...]
    artists: tuple[tuple[int, ...], ...]
    expected: tuple[tuple[float, ...], ...]
    residuals: tuple[tuple[float, ...], ...]
    residuals_by_artist: tuple[tuple[float, ...], ...]
    left_out_places: tuple[str, ...]
    left_out_genres: tuple[str, ...]
    tests: Tests | None
    missing: str


@dataclass(frozen=True)
class Places:
    """Where the artists of the archive are.

    Args:
        table: The table that was read.
        table_version: Its version.
        sample: Whether it holds sample data.
        tracks: All tracks.
        artists: All artists.
        stated_tracks: Tracks with coordinates.
        located_tracks: Tracks of artists with coordinates, also those that do not state them.
        located_artists: Artists with coordinates.
        half: Artists with a latitude or a longitude alone.
        several: Artists whose tracks state several places; the commonest counts.
        decided: Artists by how their place was found (`genrelab.tables.places.DECISIONS`).
        odd: Suspects and artists without a place, the most tracks first.
        counted_tracks: Tracks of the artists that are counted below: with a place, no suspects.
        counted_artists: These artists.
        genre_tracks: Those of `counted_tracks` that have a top genre.
        continents: The most tracks first, as in the next two.
        countries: With at least one artist.
        states: With at least one artist.
        spots: Places on the map.
        tables: Genre by place: continent, country, state.
        document: The three genres and two continents of the student project.
        equal: For each genre of `document`, the test of equal counts on both continents, as `scipy.stats.chisquare`
            tests the columns of a table; empty if a genre has no tracks there.
    """

    table: str
    table_version: int
    sample: bool
    tracks: int
    artists: int
    stated_tracks: int
    located_tracks: int
    located_artists: int
    half: int
    several: int
    decided: dict[str, int]
    odd: tuple[OddPlace, ...]
    counted_tracks: int
    counted_artists: int
    genre_tracks: int
    continents: tuple[PlaceCount, ...]
    countries: tuple[PlaceCount, ...]
    states: tuple[PlaceCount, ...]
    spots: tuple[Spot, ...]
    tables: tuple[CrossTable, ...]
    document: CrossTable
    equal: tuple[ChiSquared, ...]

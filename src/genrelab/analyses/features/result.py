"""What each genre sounds like, as plain values.

Conventions: a value leaves binned or as a statistic, never as one number per track; genres keep one order in all parts
of a collection; a statistic that is not defined (the correlation of a constant) is None. A genre without a name stands
for the tracks that have none.
"""

from dataclasses import dataclass

Number = float | None
Quartiles = tuple[float, float, float]
Table = tuple[tuple[Number, ...], ...]


@dataclass(frozen=True)
class GenreCount:
    """A genre and its tracks."""

    genre: str
    tracks: int


@dataclass(frozen=True)
class FeatureByGenre:
    """One feature of all genres.

    Args:
        feature: Its name.
        meaning: One sentence, from its declaration.
        unit: Its unit.
        kind: `measured`, `whole` (numbers) or `nominal` (without an order).
        missing: Tracks without a value.
        tracks: Tracks with one, by genre.
        counts: Tracks by genre and bar, or by genre and value.
        edges: Edges of the bars; empty for a feature of whole numbers.
        values: The whole numbers that occur; empty for a measured feature.
        quartiles: Lower quartile, median and upper quartile by genre; empty for a nominal feature.
        means: By genre; empty for a nominal feature.
        delta: Cliff's delta of the row's genre over the column's; empty for a nominal feature.
    """

    feature: str
    meaning: str
    unit: str
    kind: str
    missing: int
    tracks: tuple[int, ...]
    counts: tuple[tuple[int, ...], ...]
    edges: tuple[float, ...] = ()
    values: tuple[int, ...] = ()
    quartiles: tuple[tuple[Number, ...] | None, ...] = ()
    means: tuple[Number, ...] = ()
    delta: Table = ()


@dataclass(frozen=True)
class Correlations:
    """Correlation of every two features, over the tracks that have all of them, and the features left out."""

    features: tuple[str, ...]
    tracks: int
    pearson: Table
    spearman: Table
    absent: tuple[str, ...] = ()


@dataclass(frozen=True)
class Density:
    """Tracks per cell of two features, rows from the bottom, and how far the two go together."""

    across: str
    up: str
    across_unit: str
    up_unit: str
    across_edges: tuple[float, ...]
    up_edges: tuple[float, ...]
    counts: tuple[tuple[int, ...], ...]
    tracks: int
    pearson: Number
    spearman: Number


@dataclass(frozen=True)
class GenrePart:
    """Some tracks of a genre, and how many it has."""

    genre: str | None
    tracks: int
    of: int


@dataclass(frozen=True)
class Example:
    """A track, its genre, and its id in its source; empty where that is not known."""

    track: str
    genre: str | None
    track_id: str = ""


@dataclass(frozen=True)
class Zeros:
    """Where a feature is exactly 0: how many tracks, the genres that hold any (most first), and the first tracks."""

    feature: str
    tracks: int
    genres: tuple[GenrePart, ...]
    examples: tuple[Example, ...]


@dataclass(frozen=True)
class OutlierValues:
    """Values more than three standard deviations from the mean.

    Args:
        feature: The feature.
        tracks: Tracks with a value.
        mean: Their mean.
        deviation: Their standard deviation.
        below: How many lie beyond on the lower side.
        above: How many on the upper side.
        lowest: The lowest z-score.
        highest: The highest.
        home: The sizeable genre of which the largest share lies beyond.
    """

    feature: str
    tracks: int
    mean: Number
    deviation: Number
    below: int
    above: int
    lowest: Number
    highest: Number
    home: GenrePart | None = None

    @property
    def far(self) -> int:
        """How many lie beyond."""
        return self.below + self.above

    @property
    def share(self) -> float:
        """Share of the tracks that lie beyond."""
        return self.far / self.tracks


@dataclass(frozen=True)
class Repeats:
    """Rows that share all their features with another row.

    Args:
        features: How many features are compared.
        tracks: Rows compared.
        distinct: Distinct sets of features.
        sharing: Rows that have a twin.
        largest: Most rows of one set.
        contested: Rows whose twins have another genre.
        by_genre: Distinct sets in each genre.
    """

    features: int
    tracks: int
    distinct: int
    sharing: int
    largest: int
    contested: int
    by_genre: tuple[int, ...]


@dataclass(frozen=True)
class ExploredCollection:
    """A collection of tracks.

    Args:
        name: Short name, part of addresses.
        title: Its name for people.
        table: The table that carries the features.
        table_version: Its version.
        absent: Features that no track has.
        tracks: Its tracks.
        labelled: Those with a genre.
        described: Those of genres that are described.
        sampled: Those of them whose features are described: all, or a sample.
        fewest: Tracks that a genre needs among these to be described.
        genres: The described genres, in order.
        too_few: Genres with fewer tracks.
        features: Every feature by genre.
        correlations: Which features go together.
        densities: Pairs of features.
        zeros: Features where 0 means that none was found.
        limit: Standard deviations from which a value is far.
        far: Far values by feature.
        repeats: Rows that share all features.
    """

    name: str
    title: str
    table: str
    table_version: int
    absent: tuple[str, ...]
    tracks: int
    labelled: int
    described: int
    sampled: int
    fewest: int
    genres: tuple[GenreCount, ...]
    too_few: tuple[GenreCount, ...]
    features: tuple[FeatureByGenre, ...]
    correlations: Correlations
    densities: tuple[Density, ...]
    zeros: tuple[Zeros, ...]
    limit: float
    far: tuple[OutlierValues, ...]
    repeats: Repeats

    @property
    def genre_names(self) -> tuple[str, ...]:
        """The described genres, in order."""
        return tuple(one.genre for one in self.genres)


@dataclass(frozen=True)
class Carried:
    """Tracks that carry so many micro-genres."""

    micro_genres: int
    tracks: int


@dataclass(frozen=True)
class MicroGenre:
    """A micro-genre and the tracks that carry it."""

    micro_genre: str
    tracks: int


@dataclass(frozen=True)
class MicroGenres:
    """Micro-genres of tracks, counted.

    Args:
        tracks: Tracks.
        distinct: Different micro-genres.
        per_track: Tracks by how many micro-genres they carry, from 0 to `many`, which counts all with more too.
        many: See `per_track`.
        most: The largest number on one track.
        top: The commonest.
        bottom: The rarest, by name.
        once: How many occur on one track only.
    """

    tracks: int
    distinct: int
    per_track: tuple[Carried, ...]
    many: int
    most: int
    top: tuple[MicroGenre, ...]
    bottom: tuple[MicroGenre, ...]
    once: int


@dataclass(frozen=True)
class WideFeatures:
    """Far values of many features.

    Args:
        table: Their table.
        table_version: Its version.
        tracks: Its tracks.
        features: Features with a value in any track.
        empty: Features without.
        limit: Standard deviations from which a value is far.
        over: Features with a larger share beyond than a normal distribution has.
        touched: Tracks that lie beyond in at least one feature.
        most: The features of which the largest share lies beyond.
    """

    table: str
    table_version: int
    tracks: int
    features: int
    empty: int
    limit: float
    over: int
    touched: int
    most: tuple[OutlierValues, ...]


@dataclass(frozen=True)
class Exploration:
    """Everything the exploration found; a part whose table is absent is None."""

    collections: tuple[ExploredCollection, ...]
    micro_genres: MicroGenres | None
    fma_genres: MicroGenres | None
    wide: WideFeatures | None


@dataclass(frozen=True)
class GenreInSources:
    """A genre and its tracks in two sources."""

    genre: str
    first: int
    second: int


@dataclass(frozen=True)
class SoundInSources:
    """What a genre sounds like in two sources.

    Args:
        genre: The genre.
        first: Quartiles in the first source; None without a value.
        second: Quartiles in the second.
        delta: How much the second lies above the first (Cliff's delta), -1 to 1.
    """

    genre: str
    first: Quartiles | None
    second: Quartiles | None
    delta: Number


@dataclass(frozen=True)
class FeatureInSources:
    """One feature of all genres in two sources."""

    feature: str
    meaning: str
    unit: str
    genres: tuple[SoundInSources, ...]


@dataclass(frozen=True)
class SourceComparison:
    """Two sources under the same rules.

    Args:
        rows: Tracks of each source that are compared.
        of: All tracks of each source that have a genre.
        fewest: Tracks that a genre needs among those compared in both.
        genres: The compared genres, in order.
        too_few: Genres with fewer tracks in one of them.
        features: Every feature by genre.
    """

    rows: tuple[int, int]
    of: tuple[int, int]
    fewest: int
    genres: tuple[GenreInSources, ...]
    too_few: tuple[GenreInSources, ...]
    features: tuple[FeatureInSources, ...]


NOTHING = Exploration((), None, None, None)
"""What is known before anything was explored."""

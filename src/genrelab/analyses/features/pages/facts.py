"""Features of a collection, prepared for the charts: each with the genres of its rows.

Conventions: a table of a feature with a missing value (a genre without a track that has the feature) is not drawn.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from genrelab.analyses.features.result import ExploredCollection, FeatureByGenre
from genrelab.report.heatmap import Matrix, row_shares


@dataclass(frozen=True)
class GenreFeature:
    """One feature by genre.

    Args:
        name: Its name.
        meaning: One sentence, from the declaration.
        unit: Its unit, empty where it has none.
        genres: The genres, in order.
        edges: Edges of the bars; empty for a feature of whole numbers.
        values: The whole numbers that occur; empty for a measured feature.
        counts: Tracks per genre and bar, or per genre and value.
        quartiles: Lower quartile, median and upper quartile per genre; empty where they cannot be drawn.
        delta: Cliff's delta of the row's genre over the column's; empty where it cannot be drawn.
    """

    name: str
    meaning: str
    unit: str
    genres: tuple[str, ...]
    edges: tuple[float, ...]
    values: tuple[int, ...]
    counts: tuple[tuple[int, ...], ...]
    quartiles: Matrix
    delta: Matrix

    @property
    def shares(self) -> Matrix:
        """Return the share of each genre's tracks per bar."""
        return row_shares(self.counts)

    @property
    def sizes(self) -> list[int]:
        """Return the number of tracks of each genre that have the feature."""
        return [sum(row) for row in self.counts]

    def share_at(self, value: int) -> list[float]:
        """Return the share of each genre's tracks with this whole number."""
        if value not in self.values:
            return [0.0] * len(self.genres)
        place = self.values.index(value)
        return [row[place] for row in self.shares]


def features_of(collection: ExploredCollection) -> tuple[GenreFeature, ...]:
    """Return the features that can be drawn: none if no genre has enough tracks."""
    genres = collection.genre_names
    drawn = (feature for feature in collection.features if genres and any(feature.counts))
    return tuple(_feature(feature, genres) for feature in drawn)


def _feature(feature: FeatureByGenre, genres: tuple[str, ...]) -> GenreFeature:
    return GenreFeature(
        name=feature.feature,
        meaning=feature.meaning,
        unit=feature.unit,
        genres=genres,
        edges=feature.edges,
        values=feature.values,
        counts=feature.counts,
        quartiles=whole(feature.quartiles),
        delta=whole(feature.delta),
    )


def whole(table: Sequence[Sequence[float | None] | None]) -> Matrix:
    """Return the table if it has no missing value, else an empty one."""
    rows = [[value for value in row or () if value is not None] for row in table]
    is_whole = all(row is not None and None not in row for row in table)
    return rows if is_whole else []


def unique_pairs(size: int) -> list[tuple[int, int]]:
    """Return every pair of positions once."""
    return [(one, other) for one in range(size) for other in range(one + 1, size)]

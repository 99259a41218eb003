"""The exploration facts as a page can draw them: parts that are missing or of another shape are left out.

Conventions: everything read here is complete; a feature whose counts do not fit its genres is not there. The
facts come from `genrelab.analyses.features`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from genrelab.report.heatmap import Matrix
from genrelab.report.page import Facts
from genrelab.report.wording import number, said


@dataclass(frozen=True)
class FeatureFacts:
    """One feature by genre.

    Args:
        name: Its name.
        meaning: One sentence, from the declaration.
        unit: Its unit, empty where it has none.
        genres: The genres, in order.
        edges: Edges of the bars; empty for a feature of whole numbers.
        values: The whole numbers that occur; empty for a measured feature.
        counts: Tracks per genre and bar, or per genre and value.
        quartiles: Lower quartile, median and upper quartile per genre; empty where the values have no order.
        delta: Cliff's delta of the row's genre over the column's; empty where the values have no order.
    """

    name: str
    meaning: str
    unit: str
    genres: tuple[str, ...]
    edges: tuple[float, ...]
    values: tuple[int, ...]
    counts: Matrix
    quartiles: Matrix
    delta: Matrix

    @property
    def shares(self) -> Matrix:
        """Share of each genre's tracks per bar."""
        return [[tracks / (sum(row) or 1) for tracks in row] for row in self.counts]

    @property
    def sizes(self) -> list[float]:
        """Tracks of each genre that have the feature."""
        return [sum(row) for row in self.counts]

    def share_at(self, value: int) -> list[float]:
        """Share of each genre's tracks with this whole number."""
        if value not in self.values:
            return [0.0] * len(self.genres)
        place = self.values.index(value)
        return [row[place] for row in self.shares]


@dataclass(frozen=True)
class CollectionFacts:
    """A collection of tracks.

    Args:
        name: Part of addresses.
        title: Its name.
        tracks: Tracks in its table.
        labelled: Those with a genre.
        described: Those of genres that are described.
        genres: The described genres, in order.
        few: Genres with too few tracks, and how many they have.
        features: Features by genre.
        facts: Everything, as it came.
    """

    name: str
    title: str
    tracks: float | None
    labelled: float | None
    described: float | None
    genres: tuple[str, ...]
    few: tuple[tuple[str, float], ...]
    features: tuple[FeatureFacts, ...]
    facts: Mapping[str, Any]


def read_collections(facts: Facts) -> list[CollectionFacts]:
    """The collections that were explored, each with what can be drawn of it."""
    explored = mapping(facts.get("explore"))
    found = []
    for position, given in enumerate(items(explored.get("collections"))):
        genres = tuple(name for name, _ in _sizes(given.get("genres")))
        features = [_feature(one, genres) for one in items(given.get("features"))]
        found.append(
            CollectionFacts(
                name=said(given.get("name"), f"collection-{position}"),
                title=said(given.get("title"), said(given.get("table"), "Tracks")),
                tracks=number(given.get("tracks")),
                labelled=number(given.get("labelled")),
                described=number(given.get("described")),
                genres=genres,
                few=tuple(_sizes(given.get("too_few"))),
                features=tuple(feature for feature in features if feature and genres),
                facts=given,
            )
        )
    return found


def _sizes(given: Any) -> list[tuple[str, float]]:
    return [(said(one.get("genre"), "unnamed"), number(one.get("tracks")) or 0) for one in items(given)]


def _feature(given: Mapping[str, Any], genres: tuple[str, ...]) -> FeatureFacts | None:
    edges, values = numbers(given.get("edges")), numbers(given.get("values"))
    bars = len(edges) - 1 if edges else len(values)
    counts = matrix(given.get("counts"), len(genres), bars)
    name = given.get("feature")
    if not (name and counts and bars > 0):
        return None
    return FeatureFacts(
        name=str(name),
        meaning=said(given.get("meaning"), ""),
        unit=said(given.get("unit"), ""),
        genres=genres,
        edges=tuple(edges),
        values=tuple(int(value) for value in values),
        counts=counts,
        quartiles=matrix(given.get("quartiles"), len(genres), 3),
        delta=matrix(given.get("delta"), len(genres), len(genres)),
    )


def mapping(given: Any) -> Mapping[str, Any]:
    """The value where it is a mapping, else an empty one."""
    return given if isinstance(given, Mapping) else {}


def items(given: Any) -> list[Mapping[str, Any]]:
    """The mappings of a list; empty where there is none."""
    return [one for one in given if isinstance(one, Mapping)] if isinstance(given, list | tuple) else []


def numbers(given: Any) -> list[float]:
    """A list of numbers, empty when one of them is none."""
    if not isinstance(given, list | tuple):
        return []
    found = [number(value) for value in given]
    return [value for value in found if value is not None] if None not in found else []


def matrix(given: Any, rows: int, columns: int) -> Matrix:
    """A table of numbers of this shape, empty when it has another one."""
    if not isinstance(given, list | tuple) or len(given) != rows:
        return []
    found = [numbers(row) for row in given]
    return found if all(len(row) == columns for row in found) else []


def unique_pairs(size: int) -> Sequence[tuple[int, int]]:
    """Every pair of places once."""
    return [(one, other) for one in range(size) for other in range(one + 1, size)]

"""The portrait of each cluster: how large, what it sounds like, who stands at its centre, whom one would not expect.

Conventions
    - A description names the features whose mean lies furthest from that of all tracks, in standard deviations
      of all tracks, at most `MOST_WORDS` of them and none below `EXTREME`; all features of the collection may
      speak, those that were not clustered on as well.
    - Lift is the share of a genre in the cluster over its share among all tracks; 1 is what chance gives.
    - Histograms share their edges within a collection: `BARS` even bars, or one bar for each whole number.

How a portrait is drawn does not belong here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from genrelab.analyses.clusters.agreement import Agreement
from genrelab.analyses.clusters.kmeans import Clustering, FloatArray, IntArray
from genrelab.analyses.clusters.result import ClusterProfile, FeatureRange, GenreLifts, Lift, Weight
from genrelab.tables.spotify import SPOTIFY_BINNED

BARS = 20
MOST_WORDS = 3
EXTREME, VERY = 0.6, 1.5
"""Standard deviations from the mean of all tracks from which a feature is named, and named with `very`."""
NEAREST = 5
LEADING = 4
"""Features whose histograms come first: those that decide the clustering."""
FEWEST_EXPECTED = 5
"""Tracks of a genre that chance would put into the cluster, for its lift to mean something."""
WHOLE_NUMBERS = ("mode", "time_signature", "key")

WORDS = {
    "acousticness": ("electric", "acoustic"),
    "danceability": ("hard to dance to", "danceable"),
    "energy": ("calm", "energetic"),
    "instrumentalness": ("sung", "instrumental"),
    "liveness": ("studio-like", "live"),
    "loudness": ("quiet", "loud"),
    "mode": ("in minor", "in major"),
    "speechiness": ("without speech", "wordy"),
    "tempo": ("slow", "fast"),
    "time_signature": ("not in four", "of many beats a bar"),
    "valence": ("gloomy", "cheerful"),
}
"""What a cluster far below and far above the mean of all tracks is."""


@dataclass(frozen=True)
class Histogram:
    """Edges or whole numbers, the same for all clusters of a collection.

    Args:
        feature: Its name.
        edges: Edges of the bars; empty for whole numbers.
        values: The whole numbers; empty for a measured feature.
    """

    feature: str
    edges: tuple[float, ...]
    values: tuple[int, ...]

    def count(self, numbers: FloatArray) -> tuple[int, ...]:
        """Tracks in each bar."""
        if self.values:
            return tuple(int((numbers == value).sum()) for value in self.values)
        return tuple(int(count) for count in np.histogram(numbers, bins=np.array(self.edges))[0])


def make_histograms(frame: pd.DataFrame, features: Sequence[str]) -> tuple[Histogram, ...]:
    """One histogram for each feature; measured ones run over 0 to 1, or over what was found."""
    made = []
    for feature in features:
        numbers = frame[feature].to_numpy(dtype=np.float64)
        if feature in WHOLE_NUMBERS:
            found = tuple(int(value) for value in np.unique(numbers))
            made.append(Histogram(feature, (), found))
            continue
        column = SPOTIFY_BINNED[feature]
        low, high = column.low, column.high
        if low != 0 or high != 1:
            low, high = float(np.floor(numbers.min())), float(np.ceil(numbers.max()))
        edges = np.linspace(float(low), float(high), BARS + 1)
        made.append(Histogram(feature, tuple(round(float(edge), 4) for edge in edges), ()))
    return tuple(made)


def describe(centre: Mapping[str, float], mean: Mapping[str, float], spread: Mapping[str, float]) -> str:
    """A plain description from the extremes of a cluster.

    Args:
        centre: Mean of each feature in the cluster.
        mean: The same among all tracks.
        spread: Standard deviation of each among all tracks.

    >>> describe({"tempo": 170.0, "energy": 0.4}, {"tempo": 120.0, "energy": 0.6}, {"tempo": 30.0, "energy": 0.2})
    'very fast, calm'
    """
    far = {name: (centre[name] - mean[name]) / spread[name] for name in centre if spread[name] > 0}
    extreme = sorted((name for name in far if abs(far[name]) >= EXTREME), key=lambda name: -abs(far[name]))
    words = [
        ("very " if abs(far[name]) >= VERY and name not in WHOLE_NUMBERS else "")
        + WORDS.get(name, (f"low {name}", f"high {name}"))[far[name] > 0]
        for name in extreme[:MOST_WORDS]
    ]
    return ", ".join(words) or "average in everything"


def cluster_profiles(
    clustering: Clustering,
    frame: pd.DataFrame,
    names: Sequence[str],
    importances: Sequence[Weight],
    agreements: Mapping[str, tuple[Agreement, Sequence[str | None]]],
    histograms: Sequence[Histogram],
) -> tuple[ClusterProfile, ...]:
    """One portrait for each cluster.

    Args:
        clustering: The clusters.
        frame: All features of the collection, one row per clustered track.
        names: What to call each row.
        importances: Features that decide the clustering, the most important first.
        agreements: For each labelling its agreement and the genre of each row.
        histograms: One for each feature.
    """
    features = [histogram.feature for histogram in histograms]
    leading = [one.feature for one in importances][:LEADING]
    order = leading + [name for name in features if name not in leading]
    by_feature = {histogram.feature: histogram for histogram in histograms}
    values = {name: frame[name].to_numpy(dtype=np.float64) for name in features}
    mean = {name: float(numbers.mean()) for name, numbers in values.items()}
    spread = {name: float(numbers.std()) for name, numbers in values.items()}
    apart = np.linalg.norm(clustering.points - clustering.scaled_centres[clustering.assigned], axis=1)
    made = []
    for number in range(clustering.k):
        rows = np.flatnonzero(clustering.assigned == number)
        rows = rows[np.argsort(apart[rows], kind="stable")]
        centre = {name: float(numbers[rows].mean()) for name, numbers in values.items()}
        made.append(
            ClusterProfile(
                cluster=number,
                size=len(rows),
                share=len(rows) / len(clustering.assigned),
                description=describe(centre, mean, spread),
                centre={name: round(value, 4) for name, value in centre.items()},
                features=tuple(
                    _feature(by_feature[name], values[name][rows], is_leading=name in leading)
                    for name in order
                ),
                nearest=_first_distinct(names, rows),
                genres={
                    labelling: _genres(agreement, number, rows, of_row, names)
                    for labelling, (agreement, of_row) in agreements.items()
                },
            )
        )
    return tuple(made)


def _feature(histogram: Histogram, numbers: FloatArray, *, is_leading: bool) -> FeatureRange:
    low, q05, median, q95, high = np.percentile(numbers, [0, 5, 50, 95, 100])
    return FeatureRange(
        feature=histogram.feature,
        is_leading=is_leading,
        low=round(float(low), 4),
        q05=round(float(q05), 4),
        median=round(float(median), 4),
        q95=round(float(q95), 4),
        high=round(float(high), 4),
        counts=histogram.count(numbers),
    )


def _first_distinct(names: Sequence[str], rows: IntArray) -> tuple[str, ...]:
    """Names of the first rows, none twice."""
    found: dict[str, None] = {}
    for row in rows:
        if len(found) == NEAREST:
            break
        if names[row]:
            found[names[row]] = None
    return tuple(found)


def _genres(
    agreement: Agreement, number: int, rows: IntArray, of_row: Sequence[str | None], names: Sequence[str]
) -> GenreLifts:
    """The genre with the highest and the one with the lowest lift among those present, with a track of the latter."""
    counts = agreement.counts
    size = counts[number].sum()
    expected = counts.sum(axis=0) * (size / max(counts.sum(), 1))
    judged = [
        place
        for place in range(len(agreement.genres))
        if counts[number][place] and expected[place] >= FEWEST_EXPECTED
    ]
    if not judged:
        return GenreLifts(None, None)
    lift = {place: float(counts[number][place] / expected[place]) for place in judged}
    highest, lowest = max(judged, key=lambda place: lift[place]), min(judged, key=lambda place: lift[place])

    def lift_of(place: int) -> Lift:
        genre = agreement.genres[place]
        example = next((names[row] for row in rows if of_row[row] == genre and names[row]), "")
        return Lift(genre, lift[place], int(counts[number][place]), example)

    return GenreLifts(lift_of(highest), lift_of(lowest))

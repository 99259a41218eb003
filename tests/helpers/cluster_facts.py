"""Facts of the clusters for the report's tests: computed by the library from made-up tracks."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
import pyarrow as pa
from awkward_names import AWKWARD, NON_LATIN

from genrelab.analyses.clusters.analysis import NAMES
from genrelab.analyses.clusters.budgets import Budget
from genrelab.analyses.clusters.collection import study_collection
from genrelab.analyses.clusters.result import ClusteringResult, CollectionClusters
from genrelab.analyses.clusters.tracks import FMA, SPOTIFY, Collection, DrawnTracks, draw_tracks
from genrelab.tables.fma import ECHONEST_AUDIO
from genrelab.tables.spotify import BINS, MODEL_FEATURES

SMALL = Budget((2, 3, 4, 5), 2, 20, 2, (3, 5), 2, 60)
ROWS = 260


def made_tracks(features: tuple[str, ...], seed: int = 3) -> tuple[pd.DataFrame, list[str]]:
    """Tracks of twelve genres that differ in energy, tempo and loudness."""
    generator = np.random.default_rng(seed)
    place = np.arange(ROWS) % len(BINS)
    frame = pd.DataFrame({name: np.clip(generator.normal(0.2 + place / 20, 0.15), 0, 1) for name in features})
    if "tempo" in features:
        frame["tempo"] = 70 + 8 * place + generator.normal(0, 6, ROWS)
    if "loudness" in features:
        frame["loudness"] = -24 + 1.5 * place + generator.normal(0, 2, ROWS)
    for name, values in (("mode", (0, 1)), ("time_signature", (3, 4, 4, 5))):
        if name in features:
            frame[name] = generator.choice(values, ROWS)
    return frame, [BINS[one] for one in place]


def drawn_of(
    frame: pd.DataFrame,
    labels: Mapping[str, Sequence[str | None]],
    collection: Collection = SPOTIFY,
    seed: int = 1,
) -> DrawnTracks:
    """The tracks of a frame of features that are clustered; their genres by labelling."""
    columns = {name: pa.array(given, pa.string()) for name, given in labels.items()}
    rows = pa.table({name: pa.array(frame[name], from_pandas=True) for name in frame} | columns)
    return draw_tracks(rows, {name: name for name in labels}, collection, seed=seed)


@cache
def made_clusters() -> tuple[CollectionClusters, CollectionClusters]:
    """What comparing the clusters of Spotify and of the FMA finds."""
    spotify, genres = made_tracks(MODEL_FEATURES)
    fma, tops = made_tracks(ECHONEST_AUDIO, seed=4)
    reviewed = [None if row % 40 == 0 else BINS[(row + row % 3) % len(BINS)] for row in range(ROWS)]
    names = [f"Artist {row} - {AWKWARD if row % 9 == 0 else NON_LATIN}" for row in range(ROWS)]
    labels = {"classic": genres, "reviewed": reviewed}
    return (
        study_collection(drawn_of(spotify, labels), names, seed=1, budget=SMALL, budget_name="quick"),
        study_collection(drawn_of(fma, {"top genre": tops}, FMA), names, seed=1, budget=SMALL),
    )


def made_cluster_facts() -> dict[str, CollectionClusters]:
    """The same as the facts of a report."""
    return dict(zip(NAMES, made_clusters(), strict=True))


def with_clusterings(
    collection: CollectionClusters, change: Callable[[ClusteringResult], ClusteringResult]
) -> CollectionClusters:
    """The collection with every clustering changed."""
    return replace(collection, clusterings=tuple(map(change, collection.clusterings)))

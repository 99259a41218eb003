"""The rows that are clustered: tracks of each collection with their features, genres and names.

How they are clustered does not belong here but in `genrelab.analyses.clusters.collection`.
"""

from collections.abc import Mapping, Sequence

import pandas as pd

from genrelab.analyses.clusters.budgets import BUDGETS
from genrelab.analyses.clusters.collection import FMA, SPOTIFY, Collection, study_collection
from genrelab.analyses.clusters.result import CollectionClusters
from genrelab.analyses.clusters.track_map import check_umap
from genrelab.analyses.inputs import Inputs
from genrelab.runtime import progress
from genrelab.runtime.errors import GenrelabError
from genrelab.tables.fma import ECHONEST_AUDIO
from genrelab.tables.spotify import MODEL_FEATURES, bin_column

CLASSIC = "classic"
"""The rule set of the capstone project, whose rows are clustered."""
DASH = " \N{EN DASH} "
"""Between artist and track."""

Labels = Mapping[str, Sequence[str | None]]


def compute_spotify(inputs: Inputs) -> CollectionClusters:
    """Cluster Spotify's tracks and compare the clusters with the genres of the classic and the active rule set."""
    classic = bin_column(CLASSIC).name
    columns = ["source", "source_row", "artist_name", "track_name", classic, "genre_bin", *MODEL_FEATURES]
    data = inputs.read(SPOTIFY.table, columns, is_ordered=True)
    labels: dict[str, Sequence[str | None]] = {CLASSIC: data[classic].to_pylist()}
    active = str(inputs.fact("bin_genres.rule_set") or inputs.setting("rules"))
    if active != CLASSIC:
        labels[active] = data["genre_bin"].to_pylist()
    pairs = zip(data["artist_name"].to_pylist(), data["track_name"].to_pylist(), strict=True)
    names = [DASH.join(filter(None, pair)) for pair in pairs]
    return _compute(inputs, SPOTIFY, data.select(list(MODEL_FEATURES)).to_pandas(), labels, names)


def compute_fma(inputs: Inputs) -> CollectionClusters:
    """Cluster the FMA's tracks that have Echo Nest features and compare the clusters with its top genres."""
    data = inputs.read(FMA.table, ["track_id", *ECHONEST_AUDIO])
    tracks = inputs.read("fma_tracks", ["track_id", "genre_top", "track_title", "artist_name"])
    joined = data.join(tracks, "track_id", join_type="inner").sort_by("track_id")
    if not len(joined):
        raise GenrelabError(
            "no track of fma_echonest is in fma_tracks",
            found=f"{len(data):,} and {len(tracks):,} tracks, none in common",
            do="import both from the same fma_metadata",
        )
    triples = zip(
        joined["artist_name"].to_pylist(),
        joined["track_title"].to_pylist(),
        joined["track_id"].to_pylist(),
        strict=True,
    )
    names = [
        DASH.join(filter(None, (artist, title))) or f"FMA track {number}" for artist, title, number in triples
    ]
    labels = {"top genre": joined["genre_top"].to_pylist()}
    return _compute(inputs, FMA, joined.select(list(ECHONEST_AUDIO)).to_pandas(), labels, names)


def _compute(
    inputs: Inputs, collection: Collection, frame: pd.DataFrame, labels: Labels, names: Sequence[str]
) -> CollectionClusters:
    with_umap = inputs.setting("track_map") == "umap"
    if with_umap:
        check_umap()
    budget = inputs.budget(collection.table)
    inputs.fitted_on(collection.table, frame.astype("float64"))
    with progress.track(f"clustering {collection.table}", len(collection.sets), "feature sets") as advance:
        return study_collection(
            frame,
            labels,
            names,
            collection,
            seed=inputs.seed,
            budget=BUDGETS[budget],
            budget_name=budget,
            version=inputs.version(collection.table),
            cores=inputs.cores,
            with_umap=with_umap,
            advance=advance,
        )

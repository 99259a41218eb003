"""The analyses of both collections: where their tracks, genres and names are read.

Which tracks take part belongs to `genrelab.analyses.clusters.tracks`, how they are clustered to
`genrelab.analyses.clusters.collection`.
"""

from collections.abc import Sequence

from genrelab.analyses.clusters.budgets import BUDGETS
from genrelab.analyses.clusters.collection import study_collection
from genrelab.analyses.clusters.result import CollectionClusters
from genrelab.analyses.clusters.track_map import check_umap
from genrelab.analyses.clusters.tracks import FMA, SPOTIFY, DrawnTracks, draw_tracks
from genrelab.analyses.inputs import Inputs
from genrelab.runtime import progress
from genrelab.runtime.errors import GenrelabError
from genrelab.tables.fma import ECHONEST_AUDIO
from genrelab.tables.spotify import bin_column

CLASSIC = "classic"
"""The rule set of the capstone project, whose rows are clustered."""
DASH = " \N{EN DASH} "
"""Between artist and track."""


def compute_spotify(inputs: Inputs) -> CollectionClusters:
    """Cluster Spotify's tracks and compare the clusters with the genres of the classic and the active rule set."""
    labels = {CLASSIC: bin_column(CLASSIC).name}
    active = str(inputs.fact("bin_genres.rule_set") or inputs.setting("rules"))
    if active != CLASSIC:
        labels[active] = "genre_bin"
    columns = ("artist_name", "track_name")
    drawn = draw_tracks(inputs.stored(SPOTIFY.table), labels, SPOTIFY, seed=inputs.seed, columns=columns)
    return _compute(inputs, drawn, _names(drawn, columns))


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
    columns = ("artist_name", "track_title", "track_id")
    drawn = draw_tracks(joined, {FMA.rows_by: "genre_top"}, FMA, seed=inputs.seed, columns=columns)
    numbers = drawn.rows["track_id"].to_pylist()
    names = zip(_names(drawn, columns[:2]), numbers, strict=True)
    return _compute(inputs, drawn, [name or f"FMA track {number}" for name, number in names])


def _names(drawn: DrawnTracks, columns: Sequence[str]) -> list[str]:
    """Artist and title of each track, as far as they are known."""
    parts = zip(*(drawn.rows[name].to_pylist() for name in columns), strict=True)
    return [DASH.join(filter(None, each)) for each in parts]


def _compute(inputs: Inputs, drawn: DrawnTracks, names: Sequence[str]) -> CollectionClusters:
    with_umap = inputs.setting("track_map") == "umap"
    if with_umap:
        check_umap()
    collection = drawn.collection
    budget = inputs.budget(collection.table)
    features = list(collection.sets[0].features)
    inputs.fitted_on(collection.table, drawn.rows.select(features).to_pandas().astype("float64"))
    with progress.track(f"clustering {collection.table}", len(collection.sets), "feature sets") as advance:
        return study_collection(
            drawn,
            names,
            seed=inputs.seed,
            budget=BUDGETS[budget],
            budget_name=budget,
            version=inputs.version(collection.table),
            cores=inputs.cores,
            with_umap=with_umap,
            advance=advance,
        )

"""The tables that are explored, as far as they exist.

How they are summarised does not belong here but in the modules beside this one.
"""

from genrelab.analyses.features.collection import FMA, SPOTIFY, explore
from genrelab.analyses.features.micro_genres import count_micro_genres
from genrelab.analyses.features.result import Exploration, ExploredCollection, MicroGenres
from genrelab.analyses.features.wide import outlier_features
from genrelab.analyses.inputs import Inputs
from genrelab.runtime import progress
from genrelab.tables.fma import FMA_FEATURES

NOT_FEATURES = ("source", "source_row", "track_id")


def compute(inputs: Inputs) -> Exploration:
    """Summarise every audio feature by genre, as far as the tables of Spotify and the FMA exist."""
    collections: list[ExploredCollection] = []
    micro_genres = fma_genres = wide = None
    with progress.track("exploring features", 3, "collections") as advance:
        if inputs.find(SPOTIFY.table):
            found, micro_genres = _spotify(inputs)
            collections.append(found)
            advance(1, found.title)
        if inputs.find(FMA.table) and inputs.find("fma_tracks"):
            collections.append(_fma(inputs))
            advance(2, collections[-1].title)
        if inputs.find("fma_tracks"):
            names = inputs.read("fma_tracks", ["genre_names"])["genre_names"]
            fma_genres = count_micro_genres(names.to_pylist())
        if version := inputs.find(FMA_FEATURES.name):
            columns = [column.name for column in FMA_FEATURES if column.name not in NOT_FEATURES]
            data = inputs.read(FMA_FEATURES.name, columns)
            wide = outlier_features(data, columns, table=version.table, table_version=version.version)
            advance(3, "librosa features")
    return Exploration(tuple(collections), micro_genres, fma_genres, wide)


def _spotify(inputs: Inputs) -> tuple[ExploredCollection, MicroGenres]:
    """Read one feature at a time, micro-genres in batches, and of names those that are shown."""
    rows = inputs.stored(SPOTIFY.table)
    genres = rows["genre_bin"].combine_chunks().dictionary_encode().to_pandas().array

    def example(place: int) -> tuple[str, str]:
        (track,) = rows.slice(place, 1).to_pylist()
        return f"{track['track_name']} · {track['artist_name']}", str(track["track_id"])

    version = inputs.version(SPOTIFY.table).version
    found = explore(rows, genres, SPOTIFY, example, seed=inputs.seed, table_version=version)
    lists = (each for batch in rows.batches(["genres"]) for each in batch["genres"].to_pylist())
    return found, count_micro_genres(lists)


def _fma(inputs: Inputs) -> ExploredCollection:
    data = inputs.read(FMA.table, ["track_id", *FMA.features])
    tracks = inputs.read("fma_tracks", ["track_id", "genre_top", "track_title", "artist_name"])
    joined = data.join(tracks, "track_id", join_type="left outer").sort_by("track_id")
    pairs = zip(joined["track_title"].to_pylist(), joined["artist_name"].to_pylist(), strict=True)
    named = [" · ".join(filter(None, pair)) for pair in pairs]
    frame = joined.select(list(FMA.features)).to_pandas()
    version = inputs.version(FMA.table).version
    genres = joined["genre_top"].to_pylist()
    ids = joined["track_id"].to_pylist()

    def example(place: int) -> tuple[str, str]:
        return named[place], str(ids[place])

    return explore(frame, genres, FMA, example, seed=inputs.seed, table_version=version)

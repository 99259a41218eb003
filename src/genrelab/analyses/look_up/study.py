"""What can be looked up, from the tables of the lake."""

import pandas as pd
import pyarrow as pa

from genrelab.analyses.inputs import Inputs
from genrelab.analyses.look_up.micro_genres import in_words, look_up_fma, look_up_spotify
from genrelab.analyses.look_up.predicted import SOURCES, tracks_of_genres
from genrelab.analyses.look_up.result import GenreSound, LookUp
from genrelab.analyses.look_up.sound import MEASURED, sound_of_genres
from genrelab.lake.stored_rows import batches_of, numbers_of
from genrelab.rules import load_active
from genrelab.tables.fma import ECHONEST_AUDIO


def compute(inputs: Inputs) -> LookUp:
    """Explain every micro-genre, and find the tracks of every genre."""
    active, rule_sets = load_active(inputs.setting("rules"))
    ordered = {active: rule_sets[active]} | rule_sets
    micro_genres, genres = [], []
    if inputs.find("spotify_binned"):
        micro_genres += look_up_spotify(inputs.stored("spotify_binned"), ordered)
    if inputs.find("fma_genres") and inputs.find("fma_tracks"):
        titles = [title for title in inputs.read("fma_genres", ["title"])["title"].to_pylist() if title]
        micro_genres += look_up_fma(titles, inputs.stored("fma_tracks"), ordered)
    if inputs.find("predictions"):
        tables = {table: inputs.stored(table) for table in SOURCES if inputs.find(table)}
        genres = tracks_of_genres(inputs.stored("predictions"), tables)
    texts = tuple(map(in_words, ordered.values()))
    return LookUp(active, texts, tuple(micro_genres), tuple(genres), tuple(_sound(inputs)))


def _sound(inputs: Inputs) -> list[GenreSound]:
    """Return where each genre lies among all tracks, for both sources."""
    found = []
    if inputs.find("spotify_binned"):
        tracks = inputs.stored("spotify_binned")
        encoded = (
            batch["genre_bin"].combine_chunks().dictionary_encode()
            for batch in batches_of(tracks, ["genre_bin"])
        )
        genres = pa.chunked_array(encoded, pa.dictionary(pa.int32(), pa.string())).to_pandas()
        features = ((name, numbers_of(tracks, name)) for name in MEASURED)
        found += sound_of_genres(features, pd.Categorical(genres), "spotify")
    if inputs.find("fma_echonest") and inputs.find("fma_tracks"):
        names = [name for name in MEASURED if name in ECHONEST_AUDIO]
        echonest = inputs.read("fma_echonest", ["track_id", *names]).to_pandas()
        top = inputs.read("fma_tracks", ["track_id", "genre_top"]).to_pandas()
        joined = echonest.merge(top, on="track_id", how="left")
        features = ((name, joined[name].to_numpy(float, copy=True)) for name in names)
        found += sound_of_genres(features, pd.Categorical(joined["genre_top"]), "fma")
    return found

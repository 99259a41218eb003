"""What can be looked up, from the tables of the lake."""

import pandas as pd
import pyarrow as pa

from genrelab.analyses.inputs import Inputs
from genrelab.analyses.look_up.micro_genres import FMA, SPOTIFY, in_words, look_up_fma, look_up_spotify
from genrelab.analyses.look_up.result import GenreSound, GenreTracks, LookUp
from genrelab.analyses.look_up.sound import MEASURED, sound_of_genres
from genrelab.analyses.look_up.tracks import tracks_of_genres
from genrelab.rules import load_active
from genrelab.tables.fma import ECHONEST_AUDIO

PREDICTED = ("task", "source_table", "source", "source_row", "track_id", "label", "genre", "probability")
NAMES = {
    "spotify_binned": ("spotify", "artist_name", "track_name"),
    "fma_tracks": ("fma", "artist_name", "track_title"),
}
"""Source, and columns of artist and title, by table of the tracks."""


def compute(inputs: Inputs) -> LookUp:
    """Explain every micro-genre, and find the tracks of every genre."""
    active, rule_sets = load_active(inputs.setting("rules"))
    ordered = {active: rule_sets[active]} | rule_sets
    micro_genres = []
    if inputs.find("spotify_binned"):
        micro_genres += look_up_spotify(inputs.read("spotify_binned", SPOTIFY, is_ordered=False), ordered)
    if inputs.find("fma_genres") and inputs.find("fma_tracks"):
        titles = [title for title in inputs.read("fma_genres", ["title"])["title"].to_pylist() if title]
        micro_genres += look_up_fma(titles, inputs.read("fma_tracks", FMA), ordered)
    genres = _genres(inputs) if inputs.find("predictions") else []
    texts = tuple(map(in_words, ordered.values()))
    return LookUp(active, texts, tuple(micro_genres), tuple(genres), tuple(_sound(inputs)))


def _sound(inputs: Inputs) -> list[GenreSound]:
    """Return where each genre lies among all tracks, for both sources."""
    found = []
    if inputs.find("spotify_binned"):
        tracks = inputs.read("spotify_binned", ["genre_bin", *MEASURED]).to_pandas()
        found += sound_of_genres(tracks[list(MEASURED)], tracks["genre_bin"], "spotify")
    if inputs.find("fma_echonest") and inputs.find("fma_tracks"):
        names = [name for name in MEASURED if name in ECHONEST_AUDIO]
        echonest = inputs.read("fma_echonest", ["track_id", *names]).to_pandas()
        top = inputs.read("fma_tracks", ["track_id", "genre_top"]).to_pandas()
        joined = echonest.merge(top, on="track_id", how="left")
        found += sound_of_genres(joined[names], joined["genre_top"], "fma")
    return found


def _genres(inputs: Inputs) -> list[GenreTracks]:
    """Return the tracks of each genre of each task whose tracks have names."""
    predicted = inputs.read("predictions", [*PREDICTED, "was_fitted_on"])
    frame = predicted.to_pandas()
    judged = frame[~frame["was_fitted_on"] & frame["label"].notna() & frame["genre"].notna()]
    found = []
    for (task, table), rows in judged.groupby(["task", "source_table"], sort=True):
        if table in NAMES and inputs.find(str(table)):
            source, *names = NAMES[str(table)]
            found += tracks_of_genres(_with_names(rows, inputs, str(table), names), str(task), source)
    return found


def _with_names(rows: pd.DataFrame, inputs: Inputs, table: str, names: list[str]) -> pd.DataFrame:
    tracks: pa.Table = inputs.read(table, ["source", "source_row", *names])
    named = tracks.to_pandas().rename(columns=dict(zip(names, ("artist", "title"), strict=True)))
    return rows.merge(named, on=["source", "source_row"], how="left")

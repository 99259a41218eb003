"""Made-up facts of the exploration pages: the library's own summaries of a few hundred made-up tracks."""

from functools import cache

import numpy as np
import pandas as pd
import pyarrow as pa
from awkward_names import AWKWARD

from genrelab.analyses.features.collection import FMA, SPOTIFY, Collection, explore
from genrelab.analyses.features.micro_genres import count_micro_genres
from genrelab.analyses.features.result import Exploration
from genrelab.analyses.features.wide import outlier_features

WIDE = ("mfcc_kurtosis_03", "zcr_mean_01", "tonnetz_mean_01")
FMA_GENRES = ("Rock", "Electronic", "Old-Time / Historic", "Classical")


def made_frame(collection: Collection, genres: list[str | None], seed: int) -> pd.DataFrame:
    """Tracks whose features differ by genre: the later the genre, the higher its values."""
    chance = np.random.default_rng(seed)
    names = list(dict.fromkeys(genres))
    level = np.array([(names.index(name) + 1) / (len(names) + 1) for name in genres])
    frame = pd.DataFrame(
        {name: np.clip(level + chance.normal(0, 0.2, len(level)), 0, 1) for name in collection.features}
    )
    if "tempo" in frame:
        frame["tempo"] = 60 + 120 * frame["tempo"]
    if "loudness" in frame:
        frame["loudness"] = -40 + 40 * frame["loudness"]
    for name, top in (("key", 11), ("mode", 1), ("time_signature", 5)):
        if name in frame:
            frame[name] = (frame[name] * top).round()
    return frame


def made_wide() -> pa.Table:
    """300 tracks of three features: one with a long tail, one without, one that is empty."""
    chance = np.random.default_rng(7)
    tail = chance.normal(0, 1, 300)
    tail[:4] = [40, 30, 20, -25]
    columns = {WIDE[0]: tail, WIDE[1]: chance.uniform(0, 1, 300), WIDE[2]: np.full(300, np.nan)}
    return pa.table({name: pa.array(values, pa.float32()) for name, values in columns.items()})


@cache
def made_exploration() -> Exploration:
    """Both collections and the micro-genres."""
    genres: list[str | None] = [*SPOTIFY.order] * 40
    genres += [None] * 40
    spotify = made_frame(SPOTIFY, genres, 1)
    spotify.loc[[11, 23, 35, 480], "tempo"] = 0
    spotify.loc[[11, 23], "time_signature"] = 0
    spotify.loc[47] = spotify.loc[35]
    fma_genres: list[str | None] = [*FMA_GENRES] * 40
    fma_genres += ["Blues"] * 3
    return Exploration(
        collections=(
            explore(spotify, genres, SPOTIFY, lambda place: (f"{AWKWARD} {place}", ""), table_version=2),
            explore(made_frame(FMA, fma_genres, 2), fma_genres, FMA),
        ),
        micro_genres=count_micro_genres([["pop"], ["pop", "rock"], ["rock"], ["pop"], [AWKWARD], []] * 30),
        fma_genres=count_micro_genres([["Rock", "Noise"], ["Rock"], ["Hip-Hop", AWKWARD], None] * 9),
        wide=outlier_features(made_wide(), WIDE),
    )

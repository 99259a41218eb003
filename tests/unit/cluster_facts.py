"""Facts of the clusters for the report's tests: computed by the library from made-up tracks."""

import copy
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
from awkward_names import AWKWARD, NON_LATIN

from genrelab.analyses.clusters import FMA, SPOTIFY, Budget, study_collection
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


@cache
def _facts() -> dict[str, Any]:
    spotify, genres = made_tracks(MODEL_FEATURES)
    fma, tops = made_tracks(ECHONEST_AUDIO, seed=4)
    reviewed = [None if row % 40 == 0 else BINS[(row + row % 3) % len(BINS)] for row in range(ROWS)]
    names = [f"Artist {row} - {AWKWARD if row % 9 == 0 else NON_LATIN}" for row in range(ROWS)]
    collections = [
        study_collection(
            spotify, {"classic": genres, "reviewed": reviewed}, names, SPOTIFY, seed=1, budget=SMALL
        )[1]
        | {"budget": "quick", "sample": False, "table_version": 2},
        study_collection(fma, {"top genre": tops}, names, FMA, seed=1, budget=SMALL)[1]
        | {"budget": "nightly", "sample": False, "table_version": 0},
    ]
    return {"collections": collections}


def made_cluster_facts() -> dict[str, Any]:
    """What `compare_clusters` leaves for the report, a fresh copy each time."""
    return copy.deepcopy(_facts())

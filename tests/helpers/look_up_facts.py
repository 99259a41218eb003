"""What can be looked up, made by the library itself from a few made-up tracks with awkward names."""

from functools import cache

import numpy as np
import pandas as pd
import pyarrow as pa
from awkward_names import AWKWARD, NON_LATIN
from rule_facts import TRACKS

from genrelab.analyses.look_up.micro_genres import in_words, look_up_fma, look_up_spotify
from genrelab.analyses.look_up.predicted import tracks_of_genres
from genrelab.analyses.look_up.result import LookUp
from genrelab.analyses.look_up.sound import MEASURED, sound_of_genres
from genrelab.rules import load_rule_set
from genrelab.tables.spotify import BINS

NAMES = ("Khalid", AWKWARD, NON_LATIN, "\u0641\u064a\u0631\u0648\u0632", "\N{GUITAR} band", "x" * 300)
TITLES = ("lovely", "</script><img src=x onerror=alert(1)>", 'a "quoted" title')
FMA_TITLES = ("Hip-Hop", "Bluegrass", "Spoken Word", "Never Used")


def spotify_id(number: int) -> str:
    """An id in Spotify's format."""
    return f"{number:022d}"


def made_tracks() -> pa.Table:
    """The tracks of the made-up rule audit, with names, ids and popularity."""
    return pa.table(
        {
            "genres": pa.array(TRACKS, pa.list_(pa.string())),
            "track_id": [spotify_id(row) for row in range(len(TRACKS))],
            "artist_name": [NAMES[row % len(NAMES)] for row in range(len(TRACKS))],
            "track_name": [TITLES[row % len(TITLES)] for row in range(len(TRACKS))],
            "popularity": [row % 7 for row in range(len(TRACKS))],
        }
    )


def made_predictions() -> pa.Table:
    """Tracks of every genre: two of three are predicted right, the third is taken for the next genre."""
    rows = []
    for place, genre in enumerate(BINS):
        for row in range(12):
            other = BINS[(place + 1) % len(BINS)]
            rows.append(
                {
                    "task": "bins",
                    "source_table": "spotify_binned",
                    "source": "pulls",
                    "source_row": 12 * place + row,
                    "track_id": spotify_id(1000 + 12 * place + row),
                    "label": genre,
                    "genre": other if row % 3 == 2 else genre,
                    "probability": 0.3 + row / 40,
                    "was_fitted_on": False,
                }
            )
    return pa.Table.from_pylist(rows)


def made_named() -> pa.Table:
    """Artists and titles of the predicted tracks."""
    rows = range(12 * len(BINS))
    return pa.table(
        {
            "source": ["pulls"] * len(rows),
            "source_row": rows,
            "artist_name": [NAMES[row % 12 % len(NAMES)] for row in rows],
            "track_name": [TITLES[row % 12 % len(TITLES)] for row in rows],
        }
    )


@cache
def made_look_up() -> LookUp:
    """What the analysis finds; classic is in use."""
    sets = {name: load_rule_set(name) for name in ("classic", "reviewed")}
    archive = pa.table(
        {
            "genre_names": pa.array([["Hip-Hop"], ["Hip-Hop", "Spoken Word"], ["Bluegrass"]]),
            "track_id": [2, 3, 5],
            "artist_name": ["AWOL", None, AWKWARD],
            "track_title": ["Food", None, "Track"],
            "track_listens": [1293.0, 514.0, None],
        }
    )
    chance = np.random.default_rng(5)
    genres = pd.Categorical([*BINS] * 30)
    features = {name: chance.random(len(genres)) for name in MEASURED}
    top = pd.Categorical(["Rock", "Electronic"] * 30)
    of_fma = {name: features[name][: len(top)].copy() for name in ("energy", "tempo")}
    return LookUp(
        active="classic",
        sets=tuple(map(in_words, sets.values())),
        micro_genres=(*look_up_spotify(made_tracks(), sets), *look_up_fma(FMA_TITLES, archive, sets)),
        genres=tuple(tracks_of_genres(made_predictions(), {"spotify_binned": made_named()})),
        sound=(
            *sound_of_genres(features.items(), genres, "spotify"),
            *sound_of_genres(of_fma.items(), top, "fma"),
        ),
    )


RESULTS = {"look_up": made_look_up}

"""Made-up artists whose place decides their genre, and a made-up result of the gain by places."""

import numpy as np
import pandas as pd
import pyarrow as pa
from popularity_facts import made_tracks

from genrelab.analyses.place_gain.result import GenreTracks, Permuted, PlaceGain, PlaceModel
from genrelab.evaluation.results import Difference, Score
from genrelab.lake.version import Counts


def placed_tracks(artists: int = 40, tracks: int = 4, *, is_telling: bool = True) -> pd.DataFrame:
    """Rock in North America and Folk in Europe; or either of them anywhere."""
    made = made_tracks(artists, tracks)
    generator = np.random.default_rng(3)
    is_rock = made["genre_top"].to_numpy() == "Rock"
    west = is_rock if is_telling else generator.permutation(artists)[made["artist_id"] - 1] < artists / 2
    spread = generator.normal(0, 2, (artists, 2))[made["artist_id"] - 1]
    made["artist_latitude"] = np.where(west, 40.0, 50.0) + spread[:, 0]
    made["artist_longitude"] = np.where(west, -90.0, 10.0) + spread[:, 1]
    return made


def publish_places(lake, tracks: pd.DataFrame) -> None:
    """Publish a table of places with what the analysis reads of it."""
    artists = tracks.drop_duplicates("artist_id")
    west = artists["artist_longitude"] < 0
    data = pa.table(
        {
            "artist_id": artists["artist_id"].tolist(),
            "country": np.where(west, "United States", "Germany").tolist(),
            "continent": np.where(west, "North America", "Europe").tolist(),
        }
    )
    lake.publish("fma_places", data, Counts(len(data), len(data)), source="made.csv", is_sample=False)


def place_model(name: str, loss: float, gain: Difference | None) -> PlaceModel:
    """Scores of a set of inputs."""
    return PlaceModel(
        name, name.capitalize(), 10, Score(loss, loss - 0.2, loss + 0.2), Score(0.5, 0.4, 0.6), gain, gain
    )


def made_gain(**changes) -> PlaceGain:
    """A gain that may be chance."""
    gain = Difference(-0.1, -0.66, 0.41)
    made = {
        "table": "fma_tracks",
        "table_version": 3,
        "sample": False,
        "budget": "nightly",
        "read": 106_574,
        "off_globe": 1,
        "placed": 492,
        "placed_artists": 64,
        "usable": 252,
        "tracks": 252,
        "artists": 35,
        "sound": "Echo Nest's audio features",
        "genres": (GenreTracks("Rock", 109, 19), GenreTracks("Folk", 67, 5)),
        "small_genres": ("Jazz",),
        "countries": 3,
        "folds": 4,
        "repeats": 1,
        "models": (
            place_model("prior", 1.38, Difference(-0.18, -0.4, 0.06)),
            place_model("sound", 1.2, None),
            place_model("sound_place", 1.3, gain),
        ),
        "permuted": Permuted(39, -0.38, 0.27, 0.125),
        "missing": "",
    }
    return PlaceGain(**{**made, **changes})


RESULTS = {"place_gain": made_gain}

"""Made-up tracks with plays that follow a known rule, and a made-up result of the analysis of popularity."""

import datetime as dt
from collections.abc import Callable

import numpy as np
import pandas as pd
import pyarrow as pa
from frames import legal

from genrelab.analyses.popularity.result import (
    ALL_TRACKS,
    ECHONEST,
    LOOKUP,
    MEAN,
    OFFICIAL,
    RANDOM,
    Age,
    AgeBin,
    Counted,
    Decile,
    Disguised,
    GenrePlays,
    InputScores,
    ModelScores,
    NumberScores,
    Popularity,
    TrackGroup,
)
from genrelab.evaluation.results import Difference, Score
from genrelab.evaluation.variance import VarianceShares
from genrelab.lake.version import Counts
from genrelab.tables.fma import ECHONEST_AUDIO, FMA_ECHONEST, FMA_TRACKS

FIRST_DAY = dt.datetime(2010, 1, 1)  # noqa: DTZ001 - the tables have no time zone
ROCK, FOLK = 12, 17


def made_tracks(artists: int = 60, tracks: int = 8, seed: int = 1) -> pd.DataFrame:
    """Columns of fma_tracks: Rock is played four times as often as Folk, and each artist has a level of its own.

    Ids and days rise together; the sound says nothing of the plays.
    """
    chance = np.random.default_rng(seed)
    rows = artists * tracks
    artist = np.arange(rows) // tracks
    is_rock = artist % 2 == 0
    level = chance.normal(0, 0.7, artists)[artist] + chance.normal(0, 0.3, rows)
    plays = np.round(np.exp(5 + 1.4 * is_rock + level))
    part = np.where(artist % 10 == 8, "validation", np.where(artist % 10 == 9, "test", "training"))
    part[artist % 20 == 10] = "test"
    part[artist % 20 == 0] = "validation"
    shuffled = chance.permutation(rows)
    return pd.DataFrame(
        {
            "track_id": np.arange(1, rows + 1)[shuffled],
            "artist_id": artist + 1,
            "split": part,
            "track_listens": plays,
            "track_interest": np.round(plays * 1.5),
            "track_favorites": np.round(plays / 50),
            "track_comments": 0,
            "album_listens": -1,
            "track_duration": chance.integers(60, 400, rows),
            "track_bit_rate": chance.choice([128_000, 320_000, -1], rows),
            "track_date_created": [FIRST_DAY + dt.timedelta(days=int(day)) for day in shuffled],
            "genres_all": [[ROCK] if rock else [FOLK] for rock in is_rock],
            "genre_all_names": [["Rock"] if rock else ["Folk"] for rock in is_rock],
            "genre_top": np.where(is_rock, "Rock", "Folk"),
        }
    )


def as_table(tracks: pd.DataFrame) -> pa.Table:
    """The made-up columns among legal values of all others; NaN and NaT become missing."""
    data = legal(FMA_TRACKS, len(tracks))
    for name in tracks.columns:
        kind = data.schema.field(name).type
        values = pa.array(tracks[name].tolist(), from_pandas=True)
        place = data.schema.get_field_index(name)
        data = data.set_column(place, name, values.cast(kind, safe=False))
    return data


def publish_tracks(lake, tracks: pd.DataFrame) -> None:
    """Publish made-up tracks as fma_tracks."""
    data = as_table(tracks)
    lake.publish("fma_tracks", data, Counts(len(data), len(data)), source="made.csv", is_sample=False)


def publish_sound(lake, tracks: pd.DataFrame, of: Callable[[pd.DataFrame], np.ndarray] | None = None) -> None:
    """Publish Echo Nest features of made-up tracks; energy is what `of` returns, all else is noise."""
    chance = np.random.default_rng(5)
    data = legal(FMA_ECHONEST, len(tracks))
    sound = {name: chance.random(len(tracks)) for name in ECHONEST_AUDIO}
    if of is not None:
        sound["energy"] = of(tracks)
    for name, values in {"track_id": tracks["track_id"].to_numpy(), **sound}.items():
        place = data.schema.get_field_index(name)
        data = data.set_column(place, name, pa.array(values, data.schema.field(name).type))
    lake.publish("fma_echonest", data, Counts(len(data), len(data)), source="made.csv", is_sample=False)


def scores(r2: float) -> NumberScores:
    """Scores that fit an R2."""
    return NumberScores(
        Score(r2, r2 - 0.05, r2 + 0.05), Score(0.6, 0.55, 0.65), Score(0.8, 0.75, 0.85), Score(0.9, 0.8, 1.0)
    )


def input_scores(name: str, r2: float, random: float, **changes) -> InputScores:
    """Scores of a set of inputs."""
    made = {
        "name": name,
        "label": name.capitalize(),
        "inputs": 165,
        "depth": 6,
        "trees": 150,
        "by_split": {OFFICIAL: scores(r2), RANDOM: scores(random)},
        "over": MEAN,
        "gain": Difference(r2, r2 - 0.05, r2 + 0.05),
        "is_forbidden": False,
    }
    return InputScores(**{**made, **changes})


def made_group(name: str = ALL_TRACKS, **changes) -> TrackGroup:
    """A group of tracks with two nested sets and a forbidden one."""
    nothing = {OFFICIAL: scores(0.0), RANDOM: scores(0.0)}
    made = {
        "name": name,
        "label": "All tracks",
        "available": 106_573,
        "tracks": 106_573,
        "parts": (84_352, 10_958, 11_263),
        "test_artists": 1_205,
        "baselines": (
            ModelScores(MEAN, "The mean", nothing),
            ModelScores("median", "The median", nothing),
            ModelScores(LOOKUP, "The mean of the artist's other tracks", nothing | {RANDOM: scores(0.59)}),
        ),
        "sets": (
            input_scores("genres", 0.38, 0.42),
            input_scores(
                "genres_length", 0.381, 0.47, over="genres", gain=Difference(0.001, -0.01, 0.012)
            ),
            input_scores(
                "reactions", 0.93, 0.93, over="genres_length", gain=Difference(0.55, 0.5, 0.6),
                is_forbidden=True,
            ),
        ),
        "without": (),
        "deciles": tuple(
            Decile(1_126, 200.0 * place, (80.0 * place, 170.0 * place, 400.0 * place)) for place in range(1, 11)
        ),
    }  # fmt: skip
    return TrackGroup(**{**made, **changes})


def made_popularity(**changes) -> Popularity:
    """A result with all parts; librosa features were not there."""
    sound = made_group(
        ECHONEST,
        sets=(
            input_scores("echonest", -0.03, 0.1, gain=Difference(-0.006, -0.1, 0.08)),
            input_scores("known", 0.33, 0.51),
            input_scores("known_echonest", 0.34, 0.51, over="known", gain=Difference(0.01, -0.01, 0.04)),
        ),
        tracks=9_000,
        available=13_128,
        without=("length and bit rate",),
    )
    made = {
        "table": "fma_tracks",
        "table_version": 3,
        "sample": False,
        "budget": "nightly",
        "counted": Counted(106_574, 106_571, 1, 2, 1, 16_341, 764.0, 543_252),
        "missing": {"librosa": "there is no table fma_features"},
        "variance": VarianceShares(106_573, 16_341, Score(0.727, 0.71, 0.74), Score(0.678, 0.66, 0.7)),
        "age": Age(
            18_114, 88_459, 0, 1, "2017-03-30", 0.9999, 0.4,
            (AgeBin((0.0, 1.0), 50_000, (100.0, 300.0, 900.0)), AgeBin((1.0, 8.0), 56_573, (50.0, 0.0, 400.0))),
            Score(-0.1, -0.2, -0.05),
        ),
        "disguised": (
            Disguised("track_interest", 106_573, 0.93, 0.92),
            Disguised("track_comments", 92_435, None, None),
        ),
        "groups": (made_group(), sound),
        "genres": (
            GenrePlays("Surf", False, 265, 32, 4_450.0, Score(4.9, 3.9, 6.3)),
            GenrePlays("Classical", True, 4_000, 400, 2_000.0, Score(2.1, 1.9, 2.4)),
            GenrePlays("Experimental", True, 38_000, 5_000, 400.0, Score(0.6, 0.5, 0.7)),
            GenrePlays("Noise", False, 7_268, 1_547, 354.0, Score(0.44, 0.39, 0.5)),
        ),
        "small_genres": 29,
    }  # fmt: skip
    return Popularity(**{**made, **changes})


RESULTS = {"popularity": made_popularity}

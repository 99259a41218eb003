"""Made-up tracks with genres, and what the analysis of topics finds."""

import numpy as np
import pyarrow as pa

from genrelab.analyses.genre_topics.document import KNN_TOPICS, LDA_TOPICS
from genrelab.analyses.genre_topics.names import (
    ACROSS,
    ALL_ROWS,
    ARTISTS,
    FAMILY,
    LIBROSA,
    RANDOM,
    TRAINING_ROWS,
)
from genrelab.analyses.genre_topics.result import (
    Completion,
    Curve,
    GenreTopics,
    Lsi,
    Match,
    Pair,
    Point,
    Sound,
    Together,
    Topic,
    TopicNumber,
    TypicalArtist,
    TypicalTrack,
    Weight,
)
from genrelab.evaluation.results import Difference, Score

TREE = {12: (0, "Rock"), 25: (12, "Punk"), 15: (0, "Electronic"), 181: (15, "Techno"), 17: (0, "Folk")}
"""Parent and title by genre."""


def tree_table() -> pa.Table:
    """The genre tree."""
    parents, titles = zip(*TREE.values(), strict=True)
    return pa.table({"genre_id": list(TREE), "parent_id": list(parents), "title": list(titles)})


def tracks_table(
    genres: list[list[int] | None], artists: list[int] | None = None, **columns: list
) -> pa.Table:
    """Tracks with these genres, two of each artist unless said otherwise.

    Args:
        genres: `genres_all` of each track.
        artists: Id of the artist of each track.
        columns: Other columns.
    """
    rows = range(len(genres))
    made = {
        "track_id": [row + 1 for row in rows],
        "artist_id": artists or [row // 2 + 1 for row in rows],
        "artist_name": [f"Artist {row // 2 + 1}" for row in rows],
        "track_title": [f"Song {row + 1}" for row in rows],
        "track_listens": [row * 10 for row in rows],
    }
    table = pa.table({**made, **columns})
    return table.append_column("genres_all", pa.array(genres, pa.list_(pa.int64())))


def combined(tracks: int = 120) -> list[list[int]]:
    """Punk, techno, and folk with electronic by turns."""
    return [[[12, 25], [15, 181], [15, 17]][row % 3] for row in range(tracks)]


def features_table(genres: list[list[int]], seed: int = 3) -> pa.Table:
    """Two features that tell the genres apart, and one that is missing everywhere."""
    chance = np.random.default_rng(seed)
    first = np.array([sum(given or []) for given in genres]) + chance.normal(0, 0.1, len(genres))
    return pa.table(
        {
            "track_id": np.arange(len(genres)) + 1,
            "mfcc_mean_01": first,
            "mfcc_mean_02": chance.normal(size=len(genres)),
            "mfcc_mean_03": pa.nulls(len(genres), pa.float64()),
        }
    )


def made_topics(**changes) -> GenreTopics:
    """Two topics, one of which no track needs; names with markup."""
    weights = (Weight("Free-Folk", 0.55, 0.548), Weight("Folk", 0.42, None))
    score, alone = Score(0.3, 0.27, 0.33), Score(0.1, None, None)
    points = tuple(
        Point(k, Score(value, value - 0.02, value + 0.02), 0.01) for k, value in enumerate(KNN_TOPICS, 1)
    )
    made = {
        "table": "fma_tracks",
        "table_version": 3,
        "sample": False,
        "budget": "nightly",
        "seed": 24,
        "tracks": 106_000,
        "with_genres": 104_000,
        "artists": 15_000,
        "sets": 4_000,
        "genres": 4,
        "unknown": {"999": 3},
        "rare": ("Deep Funk",),
        "problems": ("70 topics are more than the 4 genres that occur",),
        "lsi": Lsi((254.0, 193.0, 60.0, 10.0), 4, (weights, weights), 0.0005),
        "passes": 10,
        "topics": (
            Topic(
                1,
                "Free-Folk + Folk",
                weights,
                0.9,
                100_000,
                99_000,
                (TypicalTrack(7, "A <b>bold</b> song", "Somebody", ("Free-Folk",), 0.67),),
                (TypicalArtist("Somebody", 20, 0.66),),
                (Weight("Folk", 0.97, None), Weight("Experimental", 0.03, None)),
            ),
            Topic(2, "Cumbia", weights, 0.1, 70, 0, (), (), (Weight("International", 1.0, None),)),
        ),
        "per_track": 1.8,
        "matches": tuple(Match(dict(printed), 1, weights, 0.98, 0.79) for printed in LDA_TOPICS),
        "completion": Completion(
            24_000,
            5_000,
            900,
            Score(87.0, 80.0, 95.0),
            (
                TopicNumber(10, Score(56.0, 50.0, 62.0), Difference(0.0, 0.0, 0.0)),
                TopicNumber(70, Score(82.0, 75.0, 90.0), Difference(0.38, 0.2, 0.5)),
            ),
        ),
        "pairs": (
            Pair("Funk", "New Age", ACROSS, 32, 0.002, Score(71.8, 57.0, 90.5), 0.69),
            Pair("IDM", "Glitch", FAMILY, 316, 0.01, Score(7.2, 6.0, 8.0), 0.63),
        ),
        "apart": (Pair("Rock", "Old-Time / Historic", ACROSS, 0, 0.0, Score(0.0, None, None), -1.0),),
        "related": 150,
        "together": Together(
            ("Funk", "New Age", "Soul-RnB"),
            ((None, 0.69, None), (0.69, None, -0.2), (None, -0.2, None)),
            ((90, 32, 40), (32, 50, 2), (40, 2, 60)),
        ),
        "families": Together(("Rock", "Pop"), ((None, 0.1), (0.1, None)), ((900, 300), (300, 700))),
        "sound": (
            Sound(
                LIBROSA,
                "fma_features",
                2,
                9_000,
                8_000,
                2_300,
                59,
                31,
                5,
                400,
                (
                    Curve(RANDOM, ALL_ROWS, points, score),
                    Curve(ARTISTS, ALL_ROWS, points, alone),
                    Curve(ARTISTS, TRAINING_ROWS, points, score),
                ),
            ),
        ),
        "missing": {"echonest": "there is no table fma_echonest"},
    }
    return GenreTopics(**{**made, **changes})


RESULTS = {"genre_topics": made_topics}

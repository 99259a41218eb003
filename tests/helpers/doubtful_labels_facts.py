"""Made-up tracks with planted labels, and what the audit of labels finds."""

import numpy as np
import pandas as pd
import pyarrow as pa
from frames import legal

from genrelab.analyses.doubtful_labels.names import ALL, DROPPED, HALVED, OFF_LABEL
from genrelab.analyses.doubtful_labels.result import (
    Chance,
    DoubtfulLabels,
    DoubtfulTrack,
    Effect,
    GenreDoubts,
    Pair,
    Planted,
    TaskDoubts,
    Trial,
)
from genrelab.evaluation.results import Difference
from genrelab.lake.version import Counts
from genrelab.tables.spotify import MODEL_FEATURES, SPOTIFY_BINNED

QUIET, LOUD = "classical", "hardcore"
NONE = Difference(0.0, 0.0, 0.0)


def made_task(**changes) -> TaskDoubts:
    """Two labels of which one has doubtful tracks."""
    made = {
        "task": "spotify-bins-classic",
        "title": "Spotify: twelve genres (classic rules) from eleven audio features",
        "table": "spotify_binned",
        "table_version": 3,
        "rule_set": "classic",
        "sample": False,
        "budget": "nightly",
        "features": 11,
        "labelled": 60_000,
        "drawn": 50_000,
        "audited": 49_990,
        "artists": 31_000,
        "folds": 4,
        "accuracy": 0.42,
        "log_loss": 1.73,
        "exponent": 1.06,
        "alone": ("focus/sleep",),
        "genres": (
            GenreDoubts("rock", 30_000, 0, 0.2, "", 0),
            GenreDoubts("country/folk", 19_990, 900, 0.6, "rap/hip hop", 800),
        ),
        "joint": ((0.8, 0.2), (0.6, 0.4)),
        "pairs": (Pair("country/folk", "rap/hip hop", 800), Pair("country/folk", "rock", 100)),
        "doubts": Chance(900, 650.4, 7_000.2, Difference(249.6, 120.0, 379.2)),
        "off_label": Chance(20_000, 20_100.0, 31_000.0, Difference(-100.0, -300.0, 100.0)),
        "artist_agrees": 0.65,
        "artist_rows": 610,
        "searched": (0.31, 0.17),
        "tracks": (
            DoubtfulTrack(
                "pulls.csv",
                12,
                "A <b>bold</b> song",
                "Somebody",
                "country/folk",
                0.01,
                "rap/hip hop",
                0.93,
                1,
                (
                    "labelled country/folk",
                    "the model gives",
                    "9 of the artist's 10 other tracks sound like it",
                ),
            ),
            DoubtfulTrack(
                "pulls.csv", 13, "B", "Nobody", "country/folk", 0.02, "rock", 0.9, 2, ("labelled", "x")
            ),
        ),
        "trial": Trial(
            6_000,
            4_400,
            (
                Effect(ALL, 0.0, 1.8, 0.4, NONE, NONE),
                Effect(
                    DROPPED, 0.04, 1.826, 0.39, Difference(0.026, 0.01, 0.04), Difference(-0.01, -0.02, 0.0)
                ),
                Effect(HALVED, 0.04, 1.8, 0.4, Difference(0.0, -0.01, 0.01), Difference(0.0, -0.01, 0.01)),
                Effect(
                    OFF_LABEL, 0.5, 1.9, 0.38, Difference(0.1, 0.08, 0.12), Difference(-0.02, -0.03, -0.01)
                ),
            ),
            Planted(5_990, 300, 0.125, 0.03, 0.76),
            "",
        ),
    }
    return TaskDoubts(**{**made, **changes})


def made_doubts() -> DoubtfulLabels:
    """One task with everything, one without doubts and trials, one that was not audited."""
    quiet = made_task(
        task="fma-top-genre",
        rule_set="",
        genres=(GenreDoubts("Rock", 30_000, 0, 0.2, "", 0), GenreDoubts("Folk", 19_990, 0, 0.6, "", 0)),
        pairs=(),
        doubts=Chance(0, 1.0, 2.0, Difference(-1.0, -3.0, 1.0)),
        artist_agrees=None,
        artist_rows=0,
        searched=None,
        tracks=(),
        alone=(),
        trial=Trial(9, 3, (), None, "labels cannot be audited with so few artists"),
    )
    return DoubtfulLabels((made_task(), quiet), {"spotify-bins-mine": "no labels to audit"})


def made_rows(artists: int = 60, tracks: int = 5, *, swapped: int = 0, seed: int = 1) -> pd.DataFrame:
    """Rows of spotify_binned: half of the artists are quiet, half are loud; some quiet artists are labelled loud.

    Args:
        artists: How many.
        tracks: Of each.
        swapped: How many of the quiet artists have the wrong label.
        seed: Of the features.
    """
    chance = np.random.default_rng(seed)
    rows = legal(SPOTIFY_BINNED, artists * tracks).to_pandas()
    artist = np.arange(len(rows)) // tracks
    is_quiet = artist % 2 == 0
    for name in MODEL_FEATURES:
        rows[name] = rows[name].astype(float)
    rows["acousticness"] = np.where(is_quiet, 0.9, 0.05) + chance.uniform(0, 0.05, len(rows))
    rows["energy"] = np.where(is_quiet, 0.1, 0.9) + chance.uniform(0, 0.05, len(rows))
    rows["artist_group"] = [f"artist:{number}" for number in artist]
    is_wrong = is_quiet & (artist < 2 * swapped)
    label = np.where(is_quiet & ~is_wrong, QUIET, LOUD)
    for name in ("genre_bin", "bin_classic", "bin_reviewed"):
        rows[name] = label
    rows["rule"], rows["micro_genre"] = label, "a micro-genre"
    return rows


def publish_rows(lake, rows: pd.DataFrame, **more) -> None:
    """Publish rows as spotify_binned, with other values of some columns."""
    given = rows.assign(**{name: pd.array(values, dtype="boolean") for name, values in more.items()})
    data = pa.Table.from_pandas(given[list(SPOTIFY_BINNED.names)], preserve_index=False)
    data = data.cast(SPOTIFY_BINNED.schema)
    lake.publish("spotify_binned", data, Counts(len(data), len(data)), source="made.csv", is_sample=True)


RESULTS = {"doubtful_labels": made_doubts}

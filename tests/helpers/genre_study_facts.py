"""Made-up tracks with several genres, features that tell some of them, and what the study of all genres finds there."""

from functools import cache
from typing import Any
from unittest.mock import patch

import numpy as np
import pyarrow as pa

from genrelab.analyses.genre_study.analysis import GENRE_STUDY
from genrelab.analyses.genre_study.result import GenreStudy
from genrelab.analyses.genre_study.study import BUDGETS, Budget, compute
from genrelab.analyses.genre_study.tracks import FEATURE_SETS
from genrelab.analyses.inputs import Inputs
from genrelab.lake.version import Counts, TableVersion
from genrelab.runtime.settings import load_settings

LIBROSA, ECHONEST = FEATURE_SETS
ROCK, PUNK, FOLK, POP, JAZZ, RARE = 12, 25, 17, 10, 4, 90
TITLES = {ROCK: "Rock", PUNK: "Punk", FOLK: "Folk", POP: "Pop", JAZZ: "Jazz", RARE: "Rare <b>genre</b>"}
PARENTS = {PUNK: ROCK, RARE: JAZZ}
GIVEN = ([PUNK], [FOLK], [POP, FOLK], [JAZZ])
"""Genres of the artists, by turns; those of Jazz sometimes have a rare one too."""


class MadeInputs(Inputs):
    """Inputs from memory instead of the lake."""

    def __init__(self, tables: dict[str, pa.Table], budget: str = "quick") -> None:
        super().__init__(GENRE_STUDY, load_settings(budget=budget, cores=1))
        self.made = tables

    def find(self, table: str) -> TableVersion | None:
        """A version of a table that is there."""
        rows = len(self.made.get(table, ()))
        return TableVersion(table, 4, "4@made", Counts(rows, rows, 0, 0), "made", False, "") if rows else None

    def read(self, table: str, columns: Any = None, **_: bool) -> pa.Table:
        """A table."""
        return self.made[table].select(list(columns))


def made_tables(
    *, artists: int = 40, each: int = 6, features: int = 6, apart: float = 2.0
) -> dict[str, pa.Table]:
    """Tables of the FMA: tracks of an artist are close together, and those of a genre closer than others.

    Args:
        artists: Artists, with the genres of `GIVEN` by turns.
        each: Tracks of each.
        features: librosa features that have values.
        apart: Distance of genres in units of the spread within a genre.
    """
    rng = np.random.default_rng(7)
    of_track = np.repeat(np.arange(artists), each)
    genres = rng.normal(size=(len(GIVEN), features)) * apart
    own = rng.normal(size=(artists, features))
    values = genres[of_track % len(GIVEN)] + own[of_track] + 0.1 * rng.normal(size=(len(of_track), features))
    given = [[*GIVEN[artist % len(GIVEN)], *([RARE] if artist % 8 == 3 else [])] for artist in of_track]
    closed = [sorted({*one, *(PARENTS[genre] for genre in one if genre in PARENTS)}) for one in given]
    part = np.array(["training"] * 7 + ["validation"] + ["test"] * 2)[(of_track // 4) % 10]
    ids = np.arange(len(of_track)) + 2
    empty = dict.fromkeys(LIBROSA.columns[features:], pa.nulls(len(ids), pa.float32()))
    return {
        "fma_tracks": pa.table(
            {
                "track_id": ids,
                "artist_id": of_track + 1,
                "album_id": pa.array(
                    [None if artist % 2 else int(artist) for artist in of_track], pa.int64()
                ),
                "split": part,
                "genres": pa.array(given, pa.list_(pa.int64())),
                "genres_all": pa.array(closed, pa.list_(pa.int64())),
            }
        ),
        "fma_features": pa.table(
            {
                "track_id": ids,
                **{
                    name: pa.array(column, pa.float32())
                    for name, column in zip(LIBROSA.columns, values.T, strict=False)
                },
                **empty,
            }
        ),
        "fma_echonest": pa.table(
            {
                "track_id": ids,
                **{
                    name: pa.array(values[:, place % features]) for place, name in enumerate(ECHONEST.columns)
                },
            }
        ),
        "fma_genres": pa.table(
            {
                "genre_id": list(TITLES),
                "parent_id": [PARENTS.get(genre, 0) for genre in TITLES],
                "title": list(TITLES.values()),
            }
        ),
    }


def changed(tables: dict[str, pa.Table], table: str, **columns: Any) -> dict[str, pa.Table]:
    """The tables with columns of one of them replaced."""
    data = tables[table]
    for name, values in columns.items():
        place = data.column_names.index(name)
        data = data.set_column(place, name, pa.array(values, data.schema.field(name).type))
    return {**tables, table: data}


def study_of(tables: dict[str, pa.Table], **budget: int) -> GenreStudy:
    """A study with as little work as can be."""
    little = {"tracks": 400, "fitted": 200, "repeats": 2, "trees": 5, "epochs": 2, **budget}
    with (
        patch.dict(BUDGETS, quick=Budget(**little)),
        patch("genrelab.analyses.genre_study.steps.WIDTHS", (2, 32)),
        patch("genrelab.analyses.genre_study.networks.AUTOENCODER", (16, 16, 8, 4, 8, 16, 16)),
        patch("genrelab.analyses.genre_study.networks.DEEP", (32, 16)),
    ):
        return compute(MadeInputs(tables))


@cache
def made_study() -> GenreStudy:
    """A study of the made tracks by both sets of features."""
    return study_of(made_tables())


RESULTS = {"genre_study": made_study}

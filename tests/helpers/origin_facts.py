"""Made tracks of known origin, and the facts of a study of them."""

from functools import cache
from typing import Any
from unittest.mock import patch

import numpy as np
import pyarrow as pa

from genrelab.analyses.origin.result import OriginStudy
from genrelab.analyses.origin.study import BUDGETS, Budget, study_origin
from genrelab.analyses.origin.tracks import OriginTracks, prepare
from genrelab.evaluation.geography import PLACES
from genrelab.tables.origin import DEFAULT_FEATURES, feature_names

COUNTRIES = ("Brazil", "Kenya", "Mali", "India", "Greece", "Lithuania")


def made_rows(
    *, tracks: int = 20, apart: float = 4.0, features: int = 6, countries: tuple[str, ...] = COUNTRIES
) -> dict[str, Any]:
    """Columns of origin_tracks: every country a ball of its own, so far apart in units of its spread."""
    rng = np.random.default_rng(5)
    places = [place for place in PLACES if place.country in countries]
    centres = rng.normal(size=(len(places), features)) * apart
    of_track = np.repeat(np.arange(len(places)), tracks)
    values = centres[of_track] + rng.normal(size=(len(of_track), features))
    given = dict(zip(feature_names(features), values.T, strict=True))
    rest = feature_names(116)[features:] if features <= DEFAULT_FEATURES else []
    return {
        "source": ["made"] * len(of_track),
        "source_row": list(range(1, len(of_track) + 1)),
        **{name: column.tolist() for name, column in given.items()},
        **{name: [None] * len(of_track) for name in rest},
        "latitude": [places[at].latitude for at in of_track],
        "longitude": [places[at].longitude for at in of_track],
    }


def made_table(**changes: Any) -> pa.Table:
    """The same as an Arrow table, with some columns changed."""
    columns = {**made_rows(), **changes}
    return pa.table(
        {
            name: pa.array(values, pa.float64()) if name not in {"source", "source_row"} else pa.array(values)
            for name, values in columns.items()
        }
    )


@cache
def made_tracks() -> OriginTracks:
    """Six countries, each a ball of its own."""
    return prepare(made_table(), clusters=20, folds=5)


@cache
def made_study() -> OriginStudy:
    """A study of the made tracks."""
    return study_of(made_tracks())


def study_of(tracks: OriginTracks) -> OriginStudy:
    """A study with as little work as can be."""
    little = Budget(repeats=1, trees=20, epochs=6, starts=2, shuffles=100, splits=2)
    with patch.dict(BUDGETS, quick=little):
        return study_origin(tracks, budget="quick", seed=3, cores=1)

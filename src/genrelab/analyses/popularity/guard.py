"""What a model of popularity may not see: columns that count what listeners did.

`interest` (views of the track's page), favourites and comments come from the same visits as the plays: who knows them
knows the answer, and nobody has them when a track is new. They are targets in disguise. They are found in two ways:

- by name: `REACTIONS`, also where they hardly correlate with the plays (comments are rare, so most tracks have none);
- by closeness: any input whose rank correlation with the target is `CLOSEST` or more, whatever it is called.

`refuse_disguised` is called before anything is fitted.
"""

import numpy as np
import numpy.typing as npt
import pandas as pd

from genrelab.analyses.popularity.result import Disguised
from genrelab.runtime.errors import GenrelabError

FloatArray = npt.NDArray[np.float64]

REACTIONS = (
    "track_interest",
    "track_favorites",
    "track_comments",
    "album_listens",
    "album_favorites",
    "album_comments",
    "artist_favorites",
    "artist_comments",
)
"""Columns of `fma_tracks` that count what listeners did."""

CLOSEST = 0.8
"""Rank correlation with the target from which on an input is refused. On the real tables the closest input that is
allowed, the age of a track, has 0.2, and `track_interest` 0.93."""

FEWEST = 10
"""Tracks with a value that a correlation needs."""


def refuse_disguised(inputs: pd.DataFrame, target: FloatArray) -> None:
    """Refuse inputs that are the target in disguise.

    Args:
        inputs: Columns that a model is to see, one row per track; NaN where a value is not known.
        target: What is predicted, shape (rows,).

    Raises:
        GenrelabError: A column counts what listeners did, or is too close to the target.
    """
    named = [str(name) for name in inputs.columns if name in REACTIONS]
    close = {
        str(name): value
        for name in inputs.columns
        if name not in REACTIONS and (value := _correlation(inputs[name], target, ranks=True)) is not None
    }
    close = {name: value for name, value in close.items() if abs(value) >= CLOSEST}
    if named or close:
        raise GenrelabError(
            "a model of popularity must not see what listeners did",
            found=", ".join(
                [*named, *(f"{name} (rank correlation {value:.2f})" for name, value in close.items())]
            ),
            allowed=f"columns that are known before a track is played, correlated below {CLOSEST} with the plays",
            do="leave these columns out: they are the target in disguise",
        )


def find_disguised(tracks: pd.DataFrame, target: FloatArray) -> tuple[Disguised, ...]:
    """Return how close the reactions of listeners are to the target, the closest first.

    Args:
        tracks: With the columns `REACTIONS` that exist; -1 and NaN where a count is not known.
        target: Shape (rows,).
    """
    found = []
    for name in REACTIONS:
        values = tracks[name].astype(np.float64)
        known = pd.Series(values.where(values >= 0))
        if known.notna().any():
            found.append(
                Disguised(
                    name,
                    int(known.notna().sum()),
                    _correlation(pd.Series(np.log1p(known)), target, ranks=False),
                    _correlation(known, target, ranks=True),
                )
            )
    return tuple(sorted(found, key=lambda one: -abs(one.ranks or 0.0)))


def _correlation(values: pd.Series, target: FloatArray, *, ranks: bool) -> float | None:
    """Pearson's or Spearman's correlation where both are known; None for too few or equal values."""
    known = values.notna().to_numpy()
    pair = pd.DataFrame({"value": values.to_numpy()[known], "target": target[known]})
    if len(pair) < FEWEST or (pair.nunique() < 2).any():  # noqa: PLR2004 - what never changes correlates with nothing
        return None
    return float((pair.rank() if ranks else pair).corr().to_numpy()[0, 1])

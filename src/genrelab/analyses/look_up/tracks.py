"""Tracks as a page names them: frames with `track_id`, `artist` and `title`, names that are not too long.

Conventions: an artist is named once in a list, so that one album does not fill it. Which tracks are in a list does not
belong here but in `genrelab.analyses.look_up.carried` and `genrelab.analyses.look_up.predicted`.
"""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from genrelab.analyses.look_up.result import NamedTrack

LONGEST = 120
"""Characters of a name; longer ones are cut, because they only have to be recognisable."""


def short(text: object) -> str:
    """Return a name with at most `LONGEST` characters; a missing one is empty."""
    said = " ".join(str(text).split()) if isinstance(text, str) else ""
    return said if len(said) <= LONGEST else said[: LONGEST - 1] + "…"


def named(row: Mapping[Any, Any]) -> NamedTrack:
    """Return a row of a frame as a track."""
    return NamedTrack(str(row["track_id"]), short(row["artist"]), short(row["title"]))


def artists_of(tracks: pd.DataFrame) -> pd.Series:
    """Return the artist of each track; one without a name counts as an artist of its own."""
    return tracks["artist"].where(tracks["artist"].notna(), tracks["track_id"].astype(str))

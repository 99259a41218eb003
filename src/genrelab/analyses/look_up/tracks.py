"""Tracks to name beside a micro-genre or a genre: the most popular ones, those a champion is most certain of.

Conventions: frames have `track_id`, `artist`, `title`; an artist is named once in a list, so that one album does not
fill it.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd
import pyarrow as pa

from genrelab.analyses.look_up.result import GenreTracks, NamedTrack, PredictedExample

EXAMPLES = 4
"""Tracks named beside a micro-genre."""
OF_GENRE = 5
"""Tracks named in each list of a genre."""
LONGEST = 120
"""Characters of a name; longer ones are cut, because they only have to be recognisable."""
JUDGED = ("track_id", "label", "genre", "probability")


def short(text: object) -> str:
    """Return a name with at most `LONGEST` characters; a missing one is empty."""
    said = " ".join(str(text).split()) if isinstance(text, str) else ""
    return said if len(said) <= LONGEST else said[: LONGEST - 1] + "…"


def named(row: Mapping[Any, Any]) -> NamedTrack:
    """Return a row of a frame as a track."""
    return NamedTrack(str(row["track_id"]), short(row["artist"]), short(row["title"]))


def examples_of(names: pa.ChunkedArray, tracks: pd.DataFrame) -> dict[str, tuple[NamedTrack, ...]]:
    """Return the most popular tracks of each micro-genre, one of an artist.

    Args:
        names: Micro-genres of each track.
        tracks: The tracks in the same order, with `popularity`.
    """
    carried = tracks.assign(name=names.to_pylist()).explode("name").dropna(subset="name")
    ranked = carried.sort_values(["popularity", "track_id"], ascending=[False, True], kind="stable")
    once = ranked.drop_duplicates(["name", "track_id"])
    few = (
        once[~once.assign(artist=_by(once)).duplicated(["name", "artist"])]
        .groupby("name", sort=False)
        .head(EXAMPLES)
    )
    found: dict[str, list[NamedTrack]] = {}
    for row in few.to_dict("records"):
        found.setdefault(str(row["name"]), []).append(named(row))
    return {name: tuple(rows) for name, rows in found.items()}


def tracks_of_genres(judged: pd.DataFrame, task: str, source: str) -> list[GenreTracks]:
    """Return typical and surprising tracks of each genre of a task.

    Args:
        judged: Labelled tracks that the champion was not fitted on: `JUDGED`, `artist`, `title`.
        task: Name of the task.
        source: `spotify` or `fma`.
    """
    ranked = judged.sort_values(["probability", "track_id"], ascending=[False, True], kind="stable")
    agrees = ranked["label"] == ranked["genre"]
    return [
        GenreTracks(
            task,
            source,
            str(genre),
            typical=_first(ranked[agrees & (ranked["label"] == genre)]),
            missed=_first(ranked[~agrees & (ranked["label"] == genre)]),
            alike=_first(ranked[~agrees & (ranked["genre"] == genre)]),
        )
        for genre in sorted(ranked["label"].unique())
    ]


def _first(ranked: pd.DataFrame) -> tuple[PredictedExample, ...]:
    once = ranked[~_by(ranked).duplicated()].drop_duplicates("track_id").head(OF_GENRE)
    return tuple(
        PredictedExample(
            named(row), str(row["label"]), str(row["genre"]), round(float(row["probability"]), 4)
        )
        for row in once.to_dict("records")
    )


def _by(tracks: pd.DataFrame) -> pd.Series:
    """Return the artist of each track; one without a name counts as an artist of its own."""
    return tracks["artist"].where(tracks["artist"].notna(), tracks["track_id"].astype(str))


def tracks_in_genres(names: Iterable[Sequence[str] | None], genres: Sequence[str | None]) -> pd.DataFrame:
    """Return how many tracks of each micro-genre are in each genre: columns `name`, `genre` ("" for none), `tracks`."""
    frame = pd.DataFrame({"name": [list(dict.fromkeys(each or ())) for each in names], "genre": genres})
    carried = frame.fillna({"genre": ""}).explode("name").dropna(subset="name")
    return carried.value_counts(["name", "genre"]).rename("tracks").reset_index()

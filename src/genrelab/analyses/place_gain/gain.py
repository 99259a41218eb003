"""Measure what the place of the artist adds to the sound when the genre is to be named, artists apart.

The gain is tested in two ways: its interval by artist (`genrelab.evaluation.sign_flips`), and against the gain when the
places are dealt out at random among the artists, which keeps everything else as it is (Fisher, "The Design of
Experiments", 1935).
"""

import numpy as np

from genrelab.analyses.inputs import Inputs
from genrelab.analyses.place_gain.comparison import FOLDS, Budget, Comparison
from genrelab.analyses.place_gain.result import GenreTracks, PlaceGain, PlaceModel
from genrelab.analyses.place_gain.rows import (
    COORDINATES,
    FEWEST_IN_ALL,
    TABLE,
    read_placed,
    with_frequent_genres,
    with_sound,
)
from genrelab.evaluation.samples import sample_groups

BUDGETS = {
    "quick": Budget(20, 800, 1, 9),
    "nightly": Budget(40, 1_500, 1, 39),
    "thorough": Budget(60, 6_000, 4, 199),
}


def compute(inputs: Inputs) -> PlaceGain:
    """Measure what the place adds on the tracks in the lake."""
    placed = read_placed(inputs)
    found, sound, columns = with_sound(inputs, placed.frame)
    usable, small = with_frequent_genres(found)
    version, name = inputs.version(TABLE), inputs.budget(TABLE)
    budget = BUDGETS[name]
    rows = sample_groups(np.arange(len(usable)), usable["artist_id"].to_numpy(), budget.most, inputs.seed)
    tracks, _ = with_frequent_genres(usable.iloc[rows])
    inputs.fitted_on(TABLE, tracks[list(COORDINATES)])
    artists, genres = tracks["artist_id"].nunique(), tracks["genre_top"].nunique()
    missing = _missing(len(placed.frame), artists, genres)
    models: tuple[PlaceModel, ...] = ()
    permuted = None
    if not missing:
        models, permuted = Comparison(
            inputs, tracks, columns, has_names=placed.has_names, budget=budget
        ).run()
    by_genre = tracks.groupby("genre_top")["artist_id"].agg(["size", "nunique"])
    return PlaceGain(
        table=TABLE,
        table_version=version.version,
        sample=version.is_sample,
        budget=name,
        read=placed.read,
        off_globe=placed.off_globe,
        placed=len(placed.frame),
        placed_artists=int(placed.frame["artist_id"].nunique()),
        usable=len(usable),
        tracks=len(tracks),
        artists=int(artists),
        sound=sound,
        genres=tuple(
            GenreTracks(str(genre), int(size), int(count))
            for genre, size, count in by_genre.sort_values(
                "size", ascending=False, kind="stable"
            ).itertuples()
        ),
        small_genres=small,
        countries=int(tracks["country"].nunique()) if placed.has_names else None,
        folds=FOLDS,
        repeats=budget.repeats,
        models=models,
        permuted=permuted,
        missing=missing,
    )


def _missing(placed: int, artists: int, genres: int) -> str:
    """Say why nothing can be compared; empty if something can."""
    if not placed:
        return "no track has coordinates"
    if artists < FEWEST_IN_ALL:
        return (
            f"{artists} artists have a place, a sound and a genre that others have too; at least {FEWEST_IN_ALL} are "
            "needed"
        )
    if genres < 2:  # noqa: PLR2004 - one genre leaves nothing to name
        return "all tracks with a place and a sound are of one genre"
    return ""

"""Compute the analysis of popularity: who plays what, and what is known in advance that tells it."""

import numpy as np

from genrelab.analyses.inputs import Inputs
from genrelab.analyses.popularity.age import find_ages, with_plays
from genrelab.analyses.popularity.compare_inputs import compare_inputs
from genrelab.analyses.popularity.genres import compare_genres
from genrelab.analyses.popularity.guard import find_disguised
from genrelab.analyses.popularity.result import ALL_TRACKS, Popularity, TrackGroup
from genrelab.analyses.popularity.tracks import LENGTH_COLUMNS, PLAYS, TABLE, Tracks, read_tracks
from genrelab.evaluation.variance import variance_between


def compute(inputs: Inputs) -> Popularity:
    """Study the plays of the tracks in the lake."""
    tracks, counted = read_tracks(inputs)
    version, budget = inputs.version(TABLE), inputs.budget(TABLE)
    inputs.fitted_on(TABLE, tracks.frame[[PLAYS, *LENGTH_COLUMNS]].astype("float64"))
    ids = tracks.frame["track_id"].to_numpy()
    days, age = find_ages(ids, tracks.frame["track_date_created"])
    groups: tuple[TrackGroup, ...] = ()
    why = _not_comparable(tracks)
    missing = {ALL_TRACKS: why} if why else {}
    if not why:
        groups, missing = compare_inputs(inputs, tracks, days, budget)
    genres, small = compare_genres(tracks, days) if len(tracks.target) else ((), 0)
    return Popularity(
        table=TABLE,
        table_version=version.version,
        sample=version.is_sample,
        budget=budget,
        counted=counted,
        missing=missing,
        variance=variance_between(tracks.target, tracks.artists, inputs.seed) if len(tracks.target) else None,
        age=with_plays(age, days, tracks.plays, tracks.artists, inputs.seed),
        disguised=find_disguised(tracks.frame, tracks.target),
        groups=groups,
        genres=genres,
        small_genres=small,
    )


def _not_comparable(tracks: Tracks) -> str:
    """Say why plays cannot be predicted at all; empty if they can."""
    if not len(tracks.target):
        return "no track has a number of plays"
    if np.ptp(tracks.target) == 0:
        return f"all {len(tracks.target):,} tracks were played equally often"
    if len(np.unique(tracks.artists)) < 2:  # noqa: PLR2004 - the split keeps artists apart
        return "all tracks are one artist's, and artists must be apart"
    return ""

"""Which tracks of a table make a collection, and what a champion's probabilities say of the mix of genres there.

Conventions
    - A champion meets up to four collections in a table: the files that it was trained on and all other files, and in
      each the tracks with a label and those without. Tracks without a label are apart because they are no random part
      of their file: no rule knows their micro-genres, or people put them into several genres.
    - A file was trained on when the champion was fitted on a tenth of its tracks or more; a file with fewer is another
      collection that shares some tracks.
    - Only tracks that the champion was not fitted on are part of a collection: it is too sure of the others.
    - Labels are not read, only whether there is one. A track counts once, however many rows it has.

The estimate and the test do not belong here but in `genrelab.evaluation.prior_shift`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from genrelab.evaluation.prior_shift import (
    FEWEST_ARTISTS,
    LEVEL,
    adjusted,
    chance_of_shift,
    count_artists,
    estimate_shares,
)
from genrelab.evaluation.results import CollectionMix, GenreShare
from genrelab.evaluation.samples import sample_groups
from genrelab.evaluation.sampling import Groups, as_array
from genrelab.lake.number_file import NumberFile
from genrelab.lake.stored_rows import parts_of
from genrelab.models.calibration import Calibration

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
IntArray = npt.NDArray[np.int64]

TRAINED_ON = 0.1
"""Share of a file's tracks that a champion was fitted on, from which the file counts as trained on."""

MOST_TRACKS = 200_000
"""Tracks of a collection that its test and its shares are computed from; of more, those of artists drawn at random."""

SEED = 0
"""Of the draws of the test: the same rows give the same answer, whatever the settings."""


@dataclass(frozen=True)
class Tracks:
    """The tracks to be predicted, each array of shape (rows,).

    Args:
        sources: File of each row.
        artists: Artist; None, NaN or a negative number for none.
        tracks: The same for rows of the same track.
        has_label: Whether it has a label.
        was_fitted_on: Whether the model was fitted on it.
        is_of_training: Whether it is a labelled track of the training part. One that a training left out for its label
            is no track of a collection: it was chosen. None where the parts are not known.
    """

    sources: npt.NDArray[Any]
    artists: Groups
    tracks: npt.NDArray[np.uint64]
    has_label: BoolArray
    was_fitted_on: BoolArray
    is_of_training: BoolArray | None = None


@dataclass(frozen=True)
class Collection:
    """A collection among the rows.

    Args:
        mix: What was found.
        rows: Its rows.
        weights: Share of each label there, divided by its share where the model learnt, shape (labels,).
    """

    mix: CollectionMix
    rows: IntArray
    weights: FloatArray


def judge_collections(
    model: str,
    proba: FloatArray | NumberFile,
    rows: Tracks,
    labels: tuple[str, ...],
    calibration: Calibration | None,
) -> list[Collection]:
    """The collections of a table, tested.

    Args:
        model: Name of the registered model.
        proba: Its published probabilities, shape (rows, labels), in memory or in a file.
        rows: What these rows are.
        labels: The labels, in the order of the columns.
        calibration: Of the model; without one nothing is tested: shares need calibrated probabilities.
    """
    is_other = _is_of_other_file(rows)
    is_chosen = rows.was_fitted_on
    if rows.is_of_training is not None:
        is_chosen = is_chosen | (rows.is_of_training & ~is_other)
    found = []
    for other in (False, True):
        for labelled in (True, False):
            inside = np.flatnonzero((is_other == other) & (rows.has_label == labelled) & ~is_chosen)
            if not len(inside):
                continue
            once = inside[_first_of_each(rows.tracks[inside])]
            artists = as_array(rows.artists)[once]
            mix = CollectionMix(
                model=model,
                is_other=other,
                is_labelled=labelled,
                files=len(pd.unique(rows.sources[inside])),
                tracks=len(once),
                artists=count_artists(artists),
                p=None,
                has_moved=False,
                problem="",
                shares=(),
            )
            if len(once) > MOST_TRACKS:
                drawn = sample_groups(np.arange(len(once)), _with_gaps(artists), MOST_TRACKS, SEED)
                once, artists = once[drawn], artists[drawn]
                mix = replace(mix, sampled=len(drawn))
            mix, weights = _tested(mix, _rows_of(proba, once), artists, labels, calibration)
            found.append(Collection(mix, inside, weights))
    return found


def _is_of_other_file(rows: Tracks) -> BoolArray:
    codes, files = pd.factorize(rows.sources)
    fitted = np.bincount(codes[rows.was_fitted_on], minlength=len(files)) / np.bincount(codes)
    return np.asarray((fitted < TRAINED_ON)[codes])


def _first_of_each(tracks: npt.NDArray[np.uint64]) -> IntArray:
    """Place of the first row of each track, in the order of the tracks' numbers."""
    order = np.argsort(tracks, kind="stable")
    is_new = np.ones(len(order), dtype=bool)
    for part in parts_of(len(order) - 1):
        here, after = order[part], order[part.start + 1 : part.stop + 1]
        is_new[part.start + 1 : part.stop + 1] = tracks[here] != tracks[after]
    return order[is_new]


def _with_gaps(artists: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Artists of which none is NaN or None, never a negative number."""
    return np.where(artists < 0, np.nan, artists) if artists.dtype.kind == "i" else artists


def _rows_of(proba: FloatArray | NumberFile, rows: IntArray) -> FloatArray:
    return proba.take(rows) if isinstance(proba, NumberFile) else proba[rows]


def _tested(
    mix: CollectionMix,
    proba: FloatArray,
    artists: Groups,
    labels: tuple[str, ...],
    calibration: Calibration | None,
) -> tuple[CollectionMix, FloatArray]:
    """The collection with its test and its estimated shares, and the weight of each label in it."""
    even = np.ones(len(labels))
    if calibration is None or calibration.out_of_fold is None:
        return replace(mix, problem="this version has no calibration"), even
    means = calibration.out_of_fold
    expected, training = (_ordered(shares, labels) for shares in (means.means, calibration.priors))
    p = chance_of_shift(proba, artists, expected, means.artists, SEED)
    if p is None:
        return replace(mix, problem=f"fewer than {FEWEST_ARTISTS} artists"), even
    shares = estimate_shares(proba, artists, expected)
    weights = np.divide(shares, expected, out=np.zeros_like(shares), where=expected > 0)
    here = adjusted(training[None, :], weights)[0]
    named = [GenreShare(*one) for one in zip(labels, here.tolist(), training.tolist(), strict=True)]
    ranked = tuple(sorted(named, key=lambda one: (-one.here, one.genre)))
    return replace(mix, p=p, has_moved=p <= LEVEL, shares=ranked), weights


def _ordered(shares: Mapping[str, float], labels: tuple[str, ...]) -> FloatArray:
    return np.array([shares.get(label, 0.0) for label in labels])

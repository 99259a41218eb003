"""The three questions of the study, answered for tracks that no model has seen.

Conventions: the usual folds are stratified by country. The data name no artist, so a split is by row: tracks of one
recording may sit on both sides. Every country is on both sides too, and a model that recognises a country knows its
side and its place. Folds of whole countries show what is left for a country that no model was fitted on; its name
cannot be asked for there.
"""

import numpy as np

from genrelab.analyses.origin.models import COORDINATES, COUNTRY, LATITUDE, MODELS, SLOW, SearchBudget
from genrelab.analyses.origin.tracks import NORTH_OF, OriginTracks
from genrelab.models import cross_validation
from genrelab.models.cross_validation import HeldOut, Question
from genrelab.models.task import ONE_LABEL, PLACE

FEWEST = 2
"""Training tracks that a country needs to be known: a single one has no spread."""
COUNTRY_FOLDS = 5
"""Folds of whole countries: half of the usual ones, for time."""
FEWEST_COUNTRIES = 2
"""Countries that a side needs: with one left out, a training part must still hold the side."""


def questions(tracks: OriginTracks) -> dict[str, Question]:
    """What is asked of every track: its place, its side (True is north), its coordinates."""
    return {
        COUNTRY: Question(ONE_LABEL, tracks.place, range(len(tracks.places)), FEWEST),
        LATITUDE: Question(ONE_LABEL, tracks.is_north, (False, True)),
        COORDINATES: Question(PLACE, tracks.coordinates),
    }


def predict_held_out(
    tracks: OriginTracks, *, repeats: int, folds: int, effort: SearchBudget, seed: int, cores: int
) -> HeldOut:
    """Fit every model on every fold and keep its answers for the tracks held out.

    Args:
        tracks: The tracks.
        repeats: How often the folds are drawn anew.
        folds: How many.
        effort: How much work one fit may do.
        seed: Seed; repeat number n draws its folds by seed + n.
        cores: Processor cores; each works on a fold of its own.
    """
    # A side of the line is a union of countries; where a country has fewer tracks than folds, the side is what every
    # fold must hold.
    strata = tracks.place if tracks.sizes.min() >= folds else tracks.is_north
    return cross_validation.predict_held_out(
        questions(tracks),
        lambda seed: {model.name: (model.task, model.make(effort, seed)) for model in MODELS},
        tracks.features,
        strata,
        repeats=repeats,
        folds=folds,
        seed=seed,
        cores=cores,
        doing="asking where tracks come from",
    )


def why_not_left_out(tracks: OriginTracks) -> str:
    """Why whole countries cannot be left out: what is missing, or nothing where they can."""
    known = np.flatnonzero(np.bincount(tracks.country) >= FEWEST)
    north, south = (
        len(np.intersect1d(known, tracks.country[is_side])) for is_side in (tracks.is_north, ~tracks.is_north)
    )
    if min(north, south) >= FEWEST_COUNTRIES:
        return ""
    return (
        f"Whole countries cannot be left out: that needs {FEWEST_COUNTRIES} countries with {FEWEST} tracks on either "
        f"side of {NORTH_OF:g} degrees north; there are {north} north and {south} south of it. The scores may come "
        "from recognising countries alone."
    )


def country_folds(tracks: OriginTracks) -> int:
    """Folds of whole countries: `COUNTRY_FOLDS`, or as many as there are countries; 0 where none can be left out."""
    return 0 if why_not_left_out(tracks) else min(COUNTRY_FOLDS, int(tracks.country.max()) + 1)


def predict_new_countries(
    tracks: OriginTracks, *, repeats: int, effort: SearchBudget, seed: int, cores: int
) -> HeldOut:
    """Fit the faster models on folds of whole countries, evenly by side; arguments as for `predict_held_out`.

    Every training part holds both sides: a fold takes a second country of a side only where all folds have one.
    """
    return cross_validation.predict_held_out(
        questions(tracks),
        lambda seed: {
            model.name: (model.task, model.make(effort, seed)) for model in MODELS if model.name not in SLOW
        },
        tracks.features,
        tracks.is_north,
        repeats=repeats,
        folds=country_folds(tracks),
        seed=seed,
        cores=cores,
        doing="asking about countries that were left out",
        groups=tracks.country,
    )

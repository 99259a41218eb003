"""The three questions of the study, answered for tracks that no model has seen.

Conventions: folds are stratified by country. The data name no artist, so a split is by row: tracks of one recording may
sit on both sides, and every score of the study is that much too kind.
"""

from genrelab.analyses.origin.models import COORDINATES, COUNTRY, LATITUDE, MODELS, SearchBudget
from genrelab.analyses.origin.tracks import OriginTracks
from genrelab.models import cross_validation
from genrelab.models.cross_validation import HeldOut, Question
from genrelab.models.task import ONE_LABEL, PLACE

FEWEST = 2
"""Training tracks that a country needs to be known: a single one has no spread."""


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

"""The whole study: clusters on the map, the two networks, and three questions answered by cross-validation.

Conventions: everything random follows one seed; budgets differ in how often things are repeated and in the
number of trees, never in what is computed.
"""

from dataclasses import asdict, dataclass

import pandas as pd
from threadpoolctl import threadpool_limits

from genrelab.analyses.inputs import Inputs
from genrelab.analyses.origin.answers import answered, of_countries
from genrelab.analyses.origin.blends import choose
from genrelab.analyses.origin.folds import (
    country_folds,
    predict_held_out,
    predict_new_countries,
    why_not_left_out,
)
from genrelab.analyses.origin.grouping import LARGEST_K, cost_histories, group, scree
from genrelab.analyses.origin.models import TASKS, SearchBudget
from genrelab.analyses.origin.networks import EPOCHS, NETWORKS, by_epoch
from genrelab.analyses.origin.result import OriginStudy, Place
from genrelab.analyses.origin.tracks import NORTH_OF, TABLE, OriginTracks, prepare

FOLDS = 10


@dataclass(frozen=True)
class Budget:
    """How much work the study may do.

    Args:
        repeats: Times that the ten folds are drawn.
        trees: Trees of each forest.
        epochs: Epochs of each network, at most.
        starts: Starts of each cost history and scree curve.
        shuffles: Shuffles behind what chance gives.
        splits: Random splits behind each network's curve by epoch.
    """

    repeats: int
    trees: int
    epochs: int
    starts: int
    shuffles: int
    splits: int


BUDGETS = {
    "quick": Budget(repeats=1, trees=20, epochs=40, starts=1, shuffles=200, splits=1),
    "nightly": Budget(repeats=2, trees=500, epochs=EPOCHS, starts=3, shuffles=1_000, splits=5),
    "thorough": Budget(repeats=10, trees=500, epochs=EPOCHS, starts=5, shuffles=10_000, splits=10),
}
"""By name; `nightly` takes about two minutes of processor time, on real data."""


def compute(inputs: Inputs) -> OriginStudy:
    """Study the tracks of known origin."""
    version = inputs.version(TABLE)
    tracks = prepare(inputs.read(TABLE, is_ordered=True), clusters=LARGEST_K, folds=FOLDS)
    study = study_origin(
        tracks,
        budget=inputs.budget(TABLE),
        seed=inputs.seed,
        cores=inputs.cores,
        table_version=version.version,
        is_sample=version.is_sample,
    )
    frame = pd.DataFrame(tracks.features, columns=list(tracks.names))
    latitude, longitude = tracks.coordinates.T
    inputs.fitted_on(TABLE, frame.assign(latitude=latitude, longitude=longitude))
    return study


def study_origin(
    tracks: OriginTracks,
    *,
    budget: str,
    seed: int,
    cores: int,
    table_version: int = 0,
    is_sample: bool = False,
) -> OriginStudy:
    """Run the study.

    Args:
        tracks: From `genrelab.analyses.origin.tracks.prepare`.
        budget: One of `BUDGETS`.
        seed: Seed of everything random.
        cores: Processor cores.
        table_version: Version of the table that holds the tracks.
        is_sample: Whether they are sample data.
    """
    work = BUDGETS[budget]
    with threadpool_limits(limits=1):  # each core has a fold of its own, and the matrices are small
        grouping = group(tracks, seed=seed, shuffles=work.shuffles)
        held_out = predict_held_out(
            tracks,
            repeats=work.repeats,
            folds=FOLDS,
            effort=SearchBudget(work.trees, work.epochs),
            seed=seed,
            cores=cores,
        )
        new_countries = (
            predict_new_countries(
                tracks,
                repeats=work.repeats,
                effort=SearchBudget(work.trees, work.epochs),
                seed=seed,
                cores=cores,
            )
            if country_folds(tracks)
            else None
        )
        chosen = {task: choose(task, held_out, tracks, seed) for task in TASKS}
        return OriginStudy(
            table=TABLE,
            table_version=table_version,
            sample=is_sample,
            budget=budget,
            seed=seed,
            **asdict(work),
            folds=FOLDS,
            country_folds=country_folds(tracks),
            why_not_left_out=why_not_left_out(tracks),
            tracks=len(tracks),
            features=len(tracks.names),
            north=int(tracks.is_north.sum()),
            north_of=NORTH_OF,
            places=tuple(
                Place(country, float(latitude), float(longitude), int(size))
                for country, (latitude, longitude), size in zip(
                    tracks.countries, tracks.places, tracks.sizes, strict=True
                )
            ),
            costs=cost_histories(tracks.features, seed=seed, starts=work.starts),
            scree=scree(tracks.features, seed=seed, starts=work.starts),
            grouping=grouping.result(tracks),
            networks=tuple(
                by_epoch(
                    tracks.features,
                    tracks.is_north,
                    network,
                    seed=seed,
                    splits=work.splits,
                    epochs=work.epochs,
                )
                for network in NETWORKS
            ),
            tasks=tuple(
                answered(task, tracks, held_out, new_countries, chosen[task], seed) for task in TASKS
            ),
            countries=of_countries(tracks, chosen),
        )

"""The whole study: genres counted, neighbours under every protocol, and the steps of the path on each set of features.

Conventions: everything random follows one seed. Budgets differ in how many tracks, repeats, trees and passes are
used; on more tracks than a budget allows whole artists are drawn, and the result says how many of how many.
"""

from dataclasses import dataclass

import pandas as pd
from threadpoolctl import threadpool_limits

from genrelab.analyses.genre_study.judge import parts_of
from genrelab.analyses.genre_study.look_up import look_up
from genrelab.analyses.genre_study.models import FITTED, FitBudget
from genrelab.analyses.genre_study.neighbours import K
from genrelab.analyses.genre_study.protocols import divisions
from genrelab.analyses.genre_study.result import OFFICIAL, RANDOM, FeatureStudy, GenreStudy, TreeGenre
from genrelab.analyses.genre_study.steps import judge_steps
from genrelab.analyses.genre_study.tracks import (
    FEATURE_SETS,
    FeatureSet,
    Metadata,
    Tracks,
    read_metadata,
    read_tracks,
)
from genrelab.analyses.inputs import Inputs
from genrelab.evaluation.genre_tree import GenreTree
from genrelab.runtime import progress
from genrelab.runtime.errors import GenrelabError

HELD_OUT = 0.1
"""Share of the tracks that a repeat holds out."""


@dataclass(frozen=True)
class Budget:
    """How much work the study may do.

    Args:
        tracks: Tracks of a set of features that are used at most.
        fitted: Training tracks that forests and networks see at most.
        repeats: Times that test tracks are drawn.
        trees: Trees of the forest.
        epochs: Passes of a network over its training tracks.
    """

    tracks: int
    fitted: int
    repeats: int
    trees: int
    epochs: int


BUDGETS = {
    "quick": Budget(tracks=2_000, fitted=1_000, repeats=2, trees=10, epochs=3),
    "nightly": Budget(tracks=10_000, fitted=6_000, repeats=10, trees=30, epochs=8),
    "thorough": Budget(tracks=40_000, fitted=40_000, repeats=10, trees=200, epochs=20),
}
"""By name; `nightly` takes about five minutes of processor time on 106,574 tracks with 518 features."""


def compute(inputs: Inputs) -> GenreStudy:
    """Study every set of features that the archive has.

    Raises:
        GenrelabError: There is none, or none with tracks enough.
    """
    there = [one for one in FEATURE_SETS if inputs.find(one.table)]
    if not there:
        raise GenrelabError(
            "there are no features to predict genres from",
            found="fma_tracks alone",
            allowed=" or ".join(one.table for one in FEATURE_SETS),
            do="import features.csv or echonest.csv: `genrelab ingest-fma`",
        )
    about, columns, tree = read_metadata(inputs)
    budget = inputs.budget("fma_tracks")
    studies: list[FeatureStudy] = []
    problems = list(tree.problems)
    for features in there:
        try:
            studies.append(study_features(inputs, features, about, tree, BUDGETS[budget]))
        except GenrelabError as error:
            problems.append(f"{features.title}: {error}")
            last = error
    if not studies:
        raise last
    version = inputs.version("fma_tracks")
    return GenreStudy(
        tracks_version=version.version,
        sample=version.is_sample,
        budget=budget,
        seed=inputs.seed,
        tree=tuple(
            TreeGenre(genre, tree.titles[genre], tree.parents[genre]) for genre in sorted(tree.parents)
        ),
        columns=columns,
        studies=tuple(studies),
        problems=tuple(problems),
    )


def study_features(
    inputs: Inputs, features: FeatureSet, about: Metadata, tree: GenreTree, budget: Budget
) -> FeatureStudy:
    """The whole path on one set of features.

    Raises:
        GenrelabError: No track can be used, or fewer than there are neighbours.
    """
    tracks = read_tracks(inputs, features, about, budget.tracks)
    divided = list(
        divisions(
            tracks.about.artists,
            tracks.about.parts,
            share=HELD_OUT,
            repeats=budget.repeats,
            seed=inputs.seed,
            fewest=K[-1],
        )
    )
    if not divided or divided[0].protocol != RANDOM:
        raise GenrelabError(
            f"there are fewer tracks than neighbours in {features.table}",
            found=f"{len(tracks)} tracks with features and genres",
            allowed=f"{K[-1]} in training and one to test, since k goes up to {K[-1]}",
            do="import more tracks",
        )
    parts = parts_of(tracks, budget.fitted, inputs.seed)
    effort = FitBudget(budget.trees, budget.epochs, inputs.cores, inputs.seed)
    with threadpool_limits(
        limits={"openmp": inputs.cores, "blas": 1}
    ):  # matrices are small, threads would wait
        with progress.track(f"neighbours by {features.title}", len(divided), "draws") as advance:
            found = look_up(tracks, divided, cores=inputs.cores, advance=advance)
        with progress.track(f"genres from {features.title}", len(FITTED) + 2, "steps") as advance:
            judged = judge_steps(tracks, tree if tree.parents else None, found.curves, parts, effort, advance)
    inputs.fitted_on(features.table, _frame(tracks))
    return FeatureStudy(
        name=features.name,
        title=features.title,
        table=features.table,
        table_version=inputs.version(features.table).version,
        columns=tracks.features.shape[1],
        absent=tracks.absent,
        used=tracks.used,
        repeats=budget.repeats,
        epochs=budget.epochs,
        fitted=len(parts.fitted),
        neighbours=found.curves,
        spreads=found.spreads,
        components=found.components,
        steps=tuple(judged.steps),
        widths=tuple(judged.widths),
        thresholds=tuple(judged.thresholds),
        sigmoid_twice=judged.sigmoid_twice,
        genres=judged.genres,
        best=judged.best,
        problems=_problems({one.protocol for one in divided}, is_official=parts.is_official),
    )


def _problems(protocols: set[str], *, is_official: bool) -> tuple[str, ...]:
    """What could not be done, one sentence each."""
    found = []
    if not protocols - {RANDOM, OFFICIAL}:
        found.append("Artists cannot be kept apart: there are too few of them.")
    if not is_official:
        found.append("FMA's split has no tracks in one of its parts, so no step is judged on it.")
    return tuple(found)


def _frame(tracks: Tracks) -> pd.DataFrame:
    """The rows of the study as the dataset of its runs; features by number, since hundreds of names say little."""
    return pd.DataFrame({"track_id": tracks.about.ids, "artist_id": tracks.about.artists})

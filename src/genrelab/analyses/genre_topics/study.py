"""The whole analysis: LSI, LDA, how many topics are best, which genres go together, and topics predicted from sound."""

from dataclasses import dataclass

import numpy as np
from threadpoolctl import threadpool_limits

from genrelab.analyses.genre_topics.completion import NUMBERS, complete_genres
from genrelab.analyses.genre_topics.describe import describe_topics, match_topics, order_topics
from genrelab.analyses.genre_topics.lsi import index_genres
from genrelab.analyses.genre_topics.names import ECHONEST, LIBROSA, TOPICS
from genrelab.analyses.genre_topics.result import GenreTopics, Sound
from genrelab.analyses.genre_topics.sound import SoundBudget, predict_topics
from genrelab.analyses.genre_topics.together import (
    count_pairs,
    families_together,
    farthest,
    genres_together,
    strongest,
)
from genrelab.analyses.genre_topics.topic_model import fit_topics, has_topics, topics_for
from genrelab.analyses.genre_topics.tracks import (
    COLUMNS,
    FloatArray,
    GenreTracks,
    read_tracks,
)
from genrelab.analyses.inputs import Inputs
from genrelab.evaluation.genre_tree import TREE_COLUMNS
from genrelab.runtime import progress
from genrelab.runtime.errors import GenrelabError
from genrelab.tables.fma import ECHONEST_AUDIO, FMA_FEATURES
from genrelab.tables.provenance import PROVENANCE

TABLE, TREE = "fma_tracks", "fma_genres"
SOUNDS = {
    LIBROSA: (
        FMA_FEATURES.name,
        tuple(
            column.name
            for column in FMA_FEATURES.columns
            if column.name not in {"track_id", *(one.name for one in PROVENANCE)}
        ),
    ),
    ECHONEST: ("fma_echonest", ECHONEST_AUDIO),
}
"""Table and columns of the features, by their name."""


@dataclass(frozen=True)
class Budget:
    """How much work the analysis may do.

    Args:
        passes: Passes of the LDA over all tracks.
        small_passes: Passes of the LDAs that are fitted to a part of the tracks.
        repeats: Splits on which topics are predicted from sound.
        rows: Tracks that take part in this, at most.
    """

    passes: int
    small_passes: int
    repeats: int
    rows: int


BUDGETS = {
    "quick": Budget(passes=3, small_passes=3, repeats=2, rows=4_000),
    "nightly": Budget(passes=10, small_passes=5, repeats=5, rows=12_000),
    "thorough": Budget(passes=20, small_passes=10, repeats=10, rows=20_000),
}


def compute(inputs: Inputs) -> GenreTopics:
    """Study the genres of all tracks of the archive."""
    version = inputs.version(TABLE)
    name = inputs.budget(TABLE)
    budget = BUDGETS[name]
    table = inputs.read(TABLE, COLUMNS, is_ordered=False)
    tracks = read_tracks(table, inputs.read(TREE, TREE_COLUMNS) if inputs.find(TREE) else None)
    inputs.fitted_on(TABLE, table.select(["track_id", "genres_all"]).to_pandas())
    counts, frequent = tracks.counts(), tracks.counts() @ tracks.sets
    topics = topics_for(counts, tracks.sets, TOPICS)
    with threadpool_limits(limits=1):  # the matrices are small
        with progress.track("fitting topics", budget.passes, "passes") as advance:
            model = fit_topics(
                tracks.sets, counts, topics, passes=budget.passes, seed=inputs.seed, advance=advance
            )
        model, shares = order_topics(tracks, model)
        with progress.track("comparing numbers of topics", len(NUMBERS), "numbers") as advance:
            completion = complete_genres(
                tracks, passes=budget.small_passes, seed=inputs.seed, advance=advance
            )
        above = tracks.above
        counted = count_pairs(tracks, tracks.sets, above | above.T)
        pairs = strongest(tracks, counted)
        sound, missing = _sound(inputs, tracks, shares, budget)
    return GenreTopics(
        table=TABLE,
        table_version=version.version,
        sample=version.is_sample,
        budget=name,
        seed=inputs.seed,
        tracks=len(table),
        with_genres=len(tracks),
        artists=int(tracks.artists.max() + 1),
        sets=len(tracks.sets),
        genres=len(tracks.genres),
        unknown={str(genre): rows for genre, rows in tracks.unknown.items()},
        rare=tuple(tracks.names[genre] for genre in np.flatnonzero(frequent == 1)),
        problems=(*tracks.tree.problems, *_problems(tracks, topics)),
        lsi=index_genres(tracks),
        passes=budget.passes,
        topics=describe_topics(tracks, model, shares),
        per_track=float(counts @ has_topics(shares).sum(axis=1) / counts.sum()),
        matches=match_topics(tracks, model),
        completion=completion,
        pairs=pairs,
        apart=farthest(tracks, counted),
        related=int(np.triu(above | above.T, 1).sum()),
        together=genres_together(tracks, counted, pairs),
        families=families_together(tracks),
        sound=sound,
        missing=missing,
    )


def _problems(tracks: GenreTracks, topics: int) -> list[str]:
    """Return what is wrong with the genres, one sentence each."""
    said = []
    if topics < TOPICS:
        said.append(
            f"{TOPICS} topics are more than the {len(tracks.genres)} genres that occur; {topics} were fitted, one for "
            "each genre"
        )
    if len(tracks.sets) == 1:
        said.append("all tracks have the same genres: nothing can be learned from how they are combined")
    return said


def _sound(
    inputs: Inputs, tracks: GenreTracks, shares: FloatArray, budget: Budget
) -> tuple[tuple[Sound, ...], dict[str, str]]:
    """Predict topics from every kind of features, or say why not."""
    found: list[Sound] = []
    missing: dict[str, str] = {}
    effort = SoundBudget(budget.repeats, budget.small_passes, budget.rows, inputs.seed, inputs.cores)
    with progress.track("predicting topics", len(SOUNDS), "kinds of features") as advance:
        for done, (features, (table, columns)) in enumerate(SOUNDS.items(), start=1):
            version = inputs.find(table)
            if version is None or not version.counts.rows:
                missing[features] = f"there is no table {table}"
                continue
            try:
                found.append(
                    predict_topics(
                        tracks,
                        shares,
                        inputs.read(table, ["track_id", *columns]),
                        columns,
                        features=features,
                        version=(table, version.version),
                        effort=effort,
                    )
                )
            except GenrelabError as error:
                missing[features] = str(error)
            advance(done)
    return tuple(found), missing

"""Topics predicted from sound by nearest neighbours: the student project's way, and with artists kept apart.

Conventions
    - A track has the topics of probability `names.AT_LEAST` or more; one is predicted where `names.VOTES` of the k
      neighbours have it. Distances are city block distances of principal components that keep `names.VARIANCE` of the
      variance of standardised features. The score is the Jaccard index of a track's topics.
    - Of random rows, everything is fitted to all rows, as in the student project. Where artists are kept apart,
      scaling and components are fitted to the training rows; topics to all tracks of the archive, or to the training
      rows.
    - Half a vote of an even number counts, so that even k name more than odd ones: hence the zigzag of the curves.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
from sklearn.decomposition import PCA
from sklearn.neighbors import NearestNeighbors
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler
from threadpoolctl import threadpool_limits

from genrelab.analyses.genre_topics.names import (
    ALL_ROWS,
    ARTISTS,
    RANDOM,
    TOPICS,
    TRAINING_ROWS,
    VARIANCE,
    VOTES,
)
from genrelab.analyses.genre_topics.result import Curve, Point, Sound
from genrelab.analyses.genre_topics.topic_model import fit_topics, has_topics, topics_for
from genrelab.analyses.genre_topics.tracks import BoolArray, FloatArray, GenreTracks, IntArray
from genrelab.evaluation.label_sets import jaccard_of
from genrelab.evaluation.results import Score
from genrelab.evaluation.samples import sample_groups
from genrelab.evaluation.sampling import FEWEST_ARTISTS, artist_numbers, mean_and_interval
from genrelab.models.on_folds import most_frequent
from genrelab.runtime.engine import run_all
from genrelab.runtime.errors import GenrelabError
from genrelab.sources.present import fullest

NEIGHBOURS = tuple(range(1, 11))
TEST_SHARE = 0.05
MOST_NAMED = 5
"""Topics that the baseline names at most."""
FEWEST = 100
"""Tracks that take part at least."""


@dataclass(frozen=True)
class SoundBudget:
    """How much work the prediction may do.

    Args:
        repeats: Splits drawn.
        passes: Passes of the topics that are fitted to training rows.
        rows: Tracks at most, of whole artists.
        seed: Seed of all draws.
        cores: Draws at once.
    """

    repeats: int
    passes: int
    rows: int
    seed: int
    cores: int


@dataclass(frozen=True)
class TracksWithSound:
    """Tracks with features and topics.

    Args:
        features: Shape (rows, features).
        artists: Number of the artist, shape (rows,).
        of_track: Number of the set of genres, shape (rows,).
        sets: Which genres each set has, shape (sets, genres).
        shares: Probabilities of the topics that were fitted to all tracks, shape (sets, topics).
    """

    features: FloatArray
    artists: IntArray
    of_track: IntArray
    sets: BoolArray
    shares: FloatArray

    def __len__(self) -> int:
        return len(self.features)


def predict_topics(
    tracks: GenreTracks,
    shares: FloatArray,
    table: pa.Table,
    columns: tuple[str, ...],
    *,
    features: str,
    version: tuple[str, int],
    effort: SoundBudget,
) -> Sound:
    """Predict the topics of tracks from some features.

    Args:
        tracks: All tracks with genres.
        shares: Probabilities of each set's topics, fitted to all tracks, shape (sets, topics).
        table: `track_id` and features.
        columns: The features.
        features: Their name: one of `names`.
        version: Name and version of the table.
        effort: How much work to do.

    Raises:
        GenrelabError: There are fewer than two topics, or too few tracks or artists with features.
    """
    used, found, names = _with_sound(tracks, shares, table, columns, effort)
    artists = int(used.artists.max(initial=-1) + 1)
    if shares.shape[1] < 2:  # noqa: PLR2004 - one topic needs no prediction
        raise GenrelabError("topics are not predicted", found="one topic: all tracks have the same genres")
    if len(used) < FEWEST or artists < FEWEST_ARTISTS:
        raise GenrelabError(
            "topics are not predicted",
            found=f"{len(used)} tracks of {artists} artists with genres and features",
            allowed=f"at least {FEWEST} tracks, ten times as many as neighbours, of {FEWEST_ARTISTS} artists",
        )
    return Sound(
        features=features,
        table=version[0],
        table_version=version[1],
        with_features=found,
        rows=len(used),
        artists=artists,
        columns=len(names),
        components=int(_components(used.features).named_steps["pca"].n_components_),
        repeats=effort.repeats,
        held_out=_held_out(len(used)),
        curves=_curves(used, effort),
    )


def _with_sound(
    tracks: GenreTracks, shares: FloatArray, table: pa.Table, columns: tuple[str, ...], effort: SoundBudget
) -> tuple[TracksWithSound, int, tuple[str, ...]]:
    """Return the tracks with features, how many there were before a sample was drawn, and the features."""
    present = [name for name in columns if name in table.column_names and table[name].null_count < len(table)]
    frame = table.select(["track_id", *present]).to_pandas()
    names = fullest(frame, present) if present else ()
    frame = frame[frame[list(names)].notna().all(axis=1)] if names else frame.iloc[:0]
    place = pd.Series(np.arange(len(tracks)), index=tracks.known["track_id"].to_numpy())
    frame = frame[frame["track_id"].isin(place.index)]
    of_archive = place.loc[frame["track_id"]].to_numpy(dtype=np.int64)
    drawn = sample_groups(np.arange(len(frame)), tracks.artists[of_archive], effort.rows, effort.seed)
    rows = of_archive[drawn]
    values = frame[list(names)].to_numpy(dtype=np.float64)[drawn]
    sets, of_track = np.unique(tracks.of_track[rows], return_inverse=True)
    numbers = artist_numbers(tracks.artists[rows]) if len(rows) else rows
    used = TracksWithSound(values, numbers, of_track, tracks.sets[sets], shares[sets])
    return used, len(frame), names


def _curves(used: TracksWithSound, effort: SoundBudget) -> tuple[Curve, ...]:
    given = has_topics(used.shares)
    all_components = _components(used.features).transform(used.features)
    scores: dict[tuple[str, str], list[tuple[IntArray, FloatArray, FloatArray]]] = {
        (RANDOM, ALL_ROWS): [],
        (ARTISTS, ALL_ROWS): [],
        (ARTISTS, TRAINING_ROWS): [],
    }
    jobs = [(used, given, all_components, effort, repeat) for repeat in range(effort.repeats)]
    for found in run_all(_repeat, jobs, effort.cores, in_threads=True):
        for key, one in found.items():
            scores[key].append(one)
    return tuple(_curve(*key, found, used.artists) for key, found in scores.items() if found)


def _repeat(
    used: TracksWithSound, given: BoolArray, all_components: FloatArray, effort: SoundBudget, repeat: int
) -> dict[tuple[str, str], tuple[IntArray, FloatArray, FloatArray]]:
    """Return the test rows of one draw and how they are judged, by split and by what the topics were fitted to."""
    seed, everyone = effort.seed + repeat, np.arange(len(used))
    of_row = given[used.of_track]
    with threadpool_limits(1):  # draws are done side by side
        test = np.random.default_rng(seed).permutation(everyone)[: _held_out(len(used))]
        train = np.setdiff1d(everyone, test)
        near = neighbours(all_components[train], all_components[test])
        found = {(RANDOM, ALL_ROWS): (test, *_judged(of_row[train], of_row[test], near))}

        test = sample_groups(everyone, used.artists, _held_out(len(used)), seed)
        train = np.setdiff1d(everyone, test)
        if not len(train):
            return found
        fitted = _components(used.features[train])
        components = fitted.transform(used.features)
        near = neighbours(components[train], components[test])
        found[ARTISTS, ALL_ROWS] = test, *_judged(of_row[train], of_row[test], near)
        own = _training_topics(used, train, effort, seed)[used.of_track]
        found[ARTISTS, TRAINING_ROWS] = test, *_judged(own[train], own[test], near)
        return found


def _training_topics(used: TracksWithSound, train: IntArray, effort: SoundBudget, seed: int) -> BoolArray:
    """Return the topics of each set, fitted to the training rows, shape (sets, topics)."""
    counts = np.bincount(used.of_track[train], minlength=len(used.sets))
    topics = topics_for(counts, used.sets, TOPICS)
    model = fit_topics(used.sets, counts, topics, passes=effort.passes, seed=seed)
    return has_topics(model.shares(used.sets))


def neighbours(training: FloatArray, test: FloatArray) -> IntArray:
    """Return the training rows nearest to each test row, nearest first, shape (test rows, neighbours)."""
    most = min(NEIGHBOURS[-1], len(training))
    found = NearestNeighbors(n_neighbors=most, metric="manhattan", algorithm="brute")
    return np.asarray(found.fit(training).kneighbors(test, return_distance=False), dtype=np.int64)


def vote(topics: BoolArray, near: IntArray, k: int) -> BoolArray:
    """Return which topics at least `names.VOTES` of the k nearest rows have, shape (test rows, topics)."""
    return np.asarray(topics[near[:, :k]].mean(axis=1) >= VOTES)


def _judged(training: BoolArray, test: BoolArray, near: IntArray) -> tuple[FloatArray, FloatArray]:
    """Return the Jaccard index of each test row by k, shape (rows, k), and by the baseline, shape (rows,)."""
    by_k = [jaccard_of(test, vote(training, near, k)) for k in NEIGHBOURS if k <= near.shape[1]]
    return np.column_stack(by_k), jaccard_of(test, most_frequent(training, MOST_NAMED))


def _curve(
    split: str, fitted: str, found: list[tuple[IntArray, FloatArray, FloatArray]], artists: IntArray
) -> Curve:
    rows = artist_numbers(np.concatenate([artists[test] for test, _, _ in found]))
    by_k = np.concatenate([values for _, values, _ in found])
    means = np.array([values.mean(axis=0) for _, values, _ in found])
    spread = means.std(axis=0, ddof=1) if len(means) > 1 else np.zeros(means.shape[1])
    return Curve(
        split,
        fitted,
        tuple(
            Point(k, Score(*mean_and_interval(values, rows)), float(deviation))
            for k, values, deviation in zip(NEIGHBOURS, by_k.T, spread, strict=False)
        ),
        Score(*mean_and_interval(np.concatenate([baseline for _, _, baseline in found]), rows)),
    )


def _components(features: FloatArray) -> Pipeline:
    return make_pipeline(StandardScaler(), PCA(VARIANCE)).fit(features)


def _held_out(rows: int) -> int:
    return max(round(TEST_SHARE * rows), 1)

"""The runners-up of Spotify's tracks by two rule sets, of the FMA's top genres, and of its tracks with several genres.

Conventions: probabilities come from folds by artist; all rows of an artist, and all rows with the same features, are
in one fold. One row stands for each distinct set of features.

The model is the quick one of `doubtful_labels`, uncalibrated, because one exponent changes no order. Several genres:
see `families`. The topics of `genre_topics` are found from the genres of a track and not from its sound, so the most
probable family that a track does not carry is used instead.
"""

import numpy as np
import pandas as pd

from genrelab.analyses.doubtful_labels.held_out import folds_by_group, out_of_fold
from genrelab.analyses.doubtful_labels.tracks import read_tracks
from genrelab.analyses.genre_similarity.families import family_probabilities, read_families
from genrelab.analyses.genre_similarity.result import Collection, GenreSimilarity
from genrelab.analyses.genre_similarity.runners_up import count_pairs
from genrelab.analyses.inputs import Inputs
from genrelab.models.task import Task
from genrelab.models.tasks import FMA_ALL_GENRES_ECHONEST, FMA_TOP_GENRE, spotify_bins
from genrelab.runtime import progress
from genrelab.runtime.errors import GenrelabError

CLASSIC, FAMILIES = "classic", "fma-families"
FOLDS = 4

TREES = {"quick": 40, "nightly": 80, "thorough": 160}
"""Boosting rounds of a model, by budget."""


def compute(inputs: Inputs) -> GenreSimilarity:
    """Count the runners-up of every collection whose tables exist."""
    active = str(inputs.fact("bin_genres.rule_set") or CLASSIC)
    tasks = [*(spotify_bins(rule_set) for rule_set in dict.fromkeys((active, CLASSIC))), FMA_TOP_GENRE]
    found: list[Collection] = []
    missing: dict[str, str] = {}
    with progress.track("comparing genres", len(tasks) + 1, "collections") as advance:
        for done, task in enumerate((*tasks, None), start=1):
            name = task.name if task else FAMILIES
            try:
                found.append(_of_task(inputs, task) if task else _of_families(inputs))
            except GenrelabError as error:
                missing[name] = str(error)
            advance(done, name)
    if inputs.dataset is None:  # nothing could be compared: what was looked at
        table = inputs.versions[0].table
        inputs.fitted_on(table, inputs.read(table, ["source_row"]).to_pandas())
    return GenreSimilarity(tuple(found), missing)


def _require(inputs: Inputs, *tables: str) -> None:
    """Raise if a table has no rows.

    Raises:
        GenrelabError: It was never published, or is empty.
    """
    for table in tables:
        version = inputs.find(table)
        if version is None or not version.counts.rows:
            raise GenrelabError(
                "no genres to compare", found=f"no rows in {table}", do="import this collection"
            )


def _of_task(inputs: Inputs, task: Task) -> Collection:
    """Return the runners-up of a task with one label per track.

    Raises:
        GenrelabError: Its tables or labels are missing, or there are too few artists or genres.
    """
    _require(inputs, *task.columns)
    everyone = read_tracks(inputs, task)
    tracks = everyone.take(np.sort(np.unique(everyone.twins, return_index=True)[1]))
    if inputs.dataset is None:
        inputs.fitted_on(task.table, tracks.data.features)
    name = inputs.budget(task.table)
    rows = tracks.rows
    folds = folds_by_group(rows, FOLDS, inputs.seed)
    if not folds:
        raise _too_few(len(np.unique(rows.groups)), len(rows))
    proba, is_known = out_of_fold(rows, folds, TREES[name], inputs.seed, inputs.cores)
    known = np.flatnonzero(is_known)
    labels = np.unique(rows.codes[known])
    _require_genres(len(labels))
    proba, codes = proba[np.ix_(known, labels)], np.searchsorted(labels, rows.codes[known])
    carries = codes[:, None] == np.arange(len(labels))
    version = inputs.version(task.table)
    return Collection(
        name=task.name,
        task=task.name,
        title=tracks.task.title,
        label=f"Spotify, {task.rule_set} rules" if task.rule_set else "FMA, top genres",
        table=task.table,
        table_version=version.version,
        rule_set=task.rule_set,
        sample=version.is_sample,
        budget=name,
        model=f"XGBoost, {TREES[name]} rounds",
        features=len(tracks.task.features),
        labelled=tracks.labelled,
        tracks=len(known),
        artists=len(np.unique(rows.groups[known])),
        folds=FOLDS,
        accuracy=float((proba.argmax(axis=1) == codes).mean()),
        has_several=False,
        genres=count_pairs(proba, carries, rows.groups[known], [tracks.labels[label] for label in labels]),
        drawn_from=tracks.data.drawn,
    )


def _of_families(inputs: Inputs) -> Collection:
    """Return the runners-up of the tracks of the archive with all their families.

    Raises:
        GenrelabError: The tables or genres are missing, or there are too few artists or families.
    """
    task = FMA_ALL_GENRES_ECHONEST
    _require(inputs, *task.columns)
    rows = read_families(inputs, task)
    name = inputs.budget(task.table)
    artists = len(np.unique(rows.groups))
    if artists < FOLDS:
        raise _too_few(artists, len(rows.groups))
    _require_genres(int(rows.carries.any(axis=0).sum()))
    proba = family_probabilities(rows, FOLDS, TREES[name], inputs.seed, inputs.cores)
    if inputs.dataset is None:
        inputs.fitted_on(task.table, pd.DataFrame(rows.features))
    version = inputs.version(task.table)
    return Collection(
        name=FAMILIES,
        task=task.name,
        title="FMA: every family of genres of a track from eight Echo Nest features",
        label="FMA, all families",
        table=task.table,
        table_version=version.version,
        rule_set="",
        sample=version.is_sample,
        budget=name,
        model=f"XGBoost, {TREES[name]} rounds for each family",
        features=rows.columns,
        labelled=rows.labelled,
        tracks=len(rows.groups),
        artists=artists,
        folds=FOLDS,
        accuracy=float(rows.carries[np.arange(len(proba)), proba.argmax(axis=1)].mean()),
        has_several=True,
        genres=count_pairs(proba, rows.carries, rows.groups, rows.names),
    )


def _too_few(artists: int, tracks: int) -> GenrelabError:
    return GenrelabError(
        "genres cannot be compared with so few artists",
        found=f"{artists} artists with {tracks} tracks",
        allowed=f"at least {FOLDS}, one for each fold",
    )


def _require_genres(genres: int) -> None:
    if genres < 3:  # noqa: PLR2004 - of two genres the other one is always the runner-up
        raise GenrelabError(
            "genres cannot be compared",
            found=f"{genres} genres known from several artists",
            allowed="at least three: of two, each is always the runner-up of the other",
        )

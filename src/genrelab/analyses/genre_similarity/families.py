"""Tracks of the Free Music Archive with several genres, as families, and the probability of each by sound.

Conventions: a family is a root of the genre tree; a track carries every family that one of its genres belongs to. One
row stands for each distinct set of features. The model is that of `doubtful_labels`, one group of trees for each
family; its probabilities are not calibrated.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sklearn.model_selection import GroupKFold

from genrelab.analyses.doubtful_labels.held_out import Fold, quick_model, with_derived
from genrelab.analyses.doubtful_labels.tracks import joined_groups
from genrelab.analyses.inputs import Inputs
from genrelab.evaluation.genre_tree import TREE_COLUMNS, tree_of
from genrelab.evaluation.samples import MOST_ROWS, sample_groups
from genrelab.evaluation.sampling import artist_numbers
from genrelab.models.data import prepare
from genrelab.models.feature_sets import tasks_for
from genrelab.models.task import Task
from genrelab.runtime.engine import run_all

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class FamilyRows:
    """Distinct tracks with features and families.

    Args:
        features: Audio features and those derived from them, shape (rows, features).
        carries: Which families each track carries, shape (rows, families).
        groups: Number of the artist of each track, shape (rows,).
        names: Names of the families.
        columns: Number of audio features, without those derived from them.
        labelled: Tracks with genres and features, before duplicates were left out and a sample was drawn.
    """

    features: FloatArray
    carries: BoolArray
    groups: IntArray
    names: tuple[str, ...]
    columns: int
    labelled: int


def read_families(inputs: Inputs, task: Task) -> FamilyRows:
    """Return the distinct tracks of a task with several labels, at most `MOST_ROWS` of them, as whole artists.

    Raises:
        UnfitError: A column is missing, no row has the features, or fewer than two genres occur.
    """
    tables = {table: inputs.read(table, list(columns)) for table, columns in task.columns.items()}
    if inputs.find(task.tree):
        tables[task.tree] = inputs.read(task.tree, TREE_COLUMNS)
    data = prepare(tasks_for(task, tables)[0], tables)
    tree = data.tree or tree_of(None).with_labels(data.labels)
    roots = np.array([tree.root(genre) for genre in data.labels])
    families = list(dict.fromkeys(roots.tolist()))
    twins = np.asarray(data.features.groupby(list(data.features), sort=False).ngroup(), dtype=np.int64)
    groups = joined_groups(artist_numbers(data.columns[task.group].to_numpy()), twins)
    first = np.sort(np.unique(twins, return_index=True)[1])
    drawn = first[sample_groups(np.arange(len(first)), groups[first], MOST_ROWS, inputs.seed)]
    target = data.target.astype(bool)[drawn]
    return FamilyRows(
        with_derived(data.features)[drawn],
        np.column_stack([target[:, roots == family].any(axis=1) for family in families]),
        groups[drawn],
        tuple(tree.titles[family] for family in families),
        data.features.shape[1],
        len(data),
    )


def family_probabilities(rows: FamilyRows, folds: int, trees: int, seed: int, cores: int = 1) -> FloatArray:
    """Return how probable each family is for each track by a model of other artists, shape (rows, families).

    Args:
        rows: At least as many artists as folds.
        folds: Folds by artist.
        trees: Boosting rounds.
        seed: Seed.
        cores: Folds fitted at once.
    """
    proba = np.zeros(rows.carries.shape)
    made = list(GroupKFold(folds).split(rows.features, groups=rows.groups))
    jobs = [(rows.features, rows.carries, fold, trees, seed) for fold in made]
    for (_, held), found in zip(made, run_all(_fit_fold, jobs, cores, in_threads=True), strict=True):
        proba[held] = found
    return proba


def _fit_fold(features: FloatArray, carries: BoolArray, fold: Fold, trees: int, seed: int) -> FloatArray:
    """Return the probability of every family for the rows that a fold holds out."""
    training, held = fold
    carried = carries[training]
    proba = np.tile(carried.mean(axis=0), (len(held), 1))  # of a family that all or none of them carry
    varies = np.flatnonzero(carried.any(axis=0) & ~carried.all(axis=0))
    if len(varies):
        model = quick_model(trees, seed).fit(features[training], carried[:, varies].astype(np.int64))
        proba[:, varies] = model.predict_proba(features[held]).reshape(len(held), -1)[:, -len(varies) :]
    return proba

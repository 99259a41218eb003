"""What rows with a suspect label do to scores and to training.

A label is suspect if it may belong to the name that was searched for instead of the track's artist
(`genrelab.sources.spotify.searched_names`).

Conventions
    - A score of a split is shown for the suspect rows and for all others, which are called clean, side by side.
    - Whether suspect rows are left out of training is decided on folds by artist inside the training rows of the gate,
      by one small model: they are left out if that makes the log loss on the clean rows held out better beyond noise,
      and on all rows held out not worse beyond noise (`SuspectStudy`). The decision holds for the permanent splits.
      The author's and the random split reproduce others' results and keep all rows.
    - A table of an older version has no suspect rows: it does not say which they are.

Gate and test rows decide nothing here.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
from xgboost import XGBClassifier

from genrelab.evaluation.results import SubsetScores, SuspectStudy, score_of
from genrelab.evaluation.samples import sample_groups
from genrelab.evaluation.scores import compare, evaluate, renamed
from genrelab.models.data import TaskData
from genrelab.models.declaration import Estimator, Model, TrainingSettings
from genrelab.models.out_of_fold import fit_fold, training_rows
from genrelab.models.search import artist_folds
from genrelab.models.task import Task
from genrelab.runtime.errors import GenrelabError

BoolArray = npt.NDArray[np.bool_]
FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

CLEAN, SUSPECT = "clean", "suspect"
SUBSETS = (CLEAN, SUSPECT)
SUBSET_SCORES = ("accuracy", "macro_f1", "log_loss")
FEWEST = 50
"""Suspect training rows from which on leaving them out is tried."""

MOST_ROWS = 24_000
"""Rows of the study at most, of whole artists: about 15 s of one core."""


def _small_xgboost(seed: int, _cores: int, _budget: str) -> Estimator:
    return XGBClassifier(
        n_estimators=80,
        max_depth=5,
        learning_rate=0.1,
        subsample=0.8,
        colsample_bytree=0.6,
        tree_method="hist",
        n_jobs=1,
        random_state=seed,
    )


JUDGE = Model(
    name="suspect_label_judge",
    label="XGBoost, 80 trees",
    why="Fitted with and without rows with a suspect label; quick, and close to the best models in log loss.",
    build=_small_xgboost,
    families=(),
)


class Judged(Protocol):
    """What is needed of a model judged on one split (`genrelab.models.fitting.Evaluation`)."""

    @property
    def split(self) -> str:
        """Name of the split."""

    @property
    def rows(self) -> IntArray:
        """The judged rows, as positions in `TaskData`."""

    @property
    def y_true(self) -> npt.NDArray[Any]:
        """Their targets."""

    @property
    def artists(self) -> npt.NDArray[Any]:
        """Artist of each of them."""

    @property
    def proba(self) -> FloatArray:
        """Probability of each label, shape (rows, labels)."""


def suspects(task: Task, data: TaskData) -> BoolArray:
    """Whether the label of each row is suspect, shape (rows,); of none if the table does not say so."""
    if task.suspect not in data.columns:
        return np.zeros(len(data), dtype=bool)
    return np.asarray(data.columns[task.suspect].eq(other=True).fillna(value=False), dtype=bool)


def subset_metrics(
    task: Task, data: TaskData, evaluations: Iterable[Judged], settings: TrainingSettings
) -> dict[str, float]:
    """Scores of clean and of suspect rows by MLflow metric name; empty without suspect rows.

    Args:
        task: What is predicted.
        data: Its rows.
        evaluations: A model on some splits; those of new artists are looked at.
        settings: Seed of the bootstrap.

    Returns:
        `<split>/<metric>_clean` and `<split>/<metric>_suspect` for `SUBSET_SCORES`, each with `_low` and `_high` by
        resampling artists, and `<split>/rows_clean`, `<split>/artists_clean` and so on.
    """
    is_suspect = suspects(task, data)
    found: dict[str, float] = {}
    for one in evaluations:
        inside = is_suspect[one.rows]
        if one.split not in {task.gate, task.shown} or not inside.any() or inside.all():
            continue
        for subset, rows in ((CLEAN, ~inside), (SUSPECT, inside)):
            scores = evaluate(
                one.split,
                one.y_true[rows],
                one.proba[rows],
                data.labels,
                settings.seed,
                groups=one.artists[rows],
            )
            names = ("rows", "artists", *SUBSET_SCORES)
            found |= renamed(
                scores, {f"{one.split}/{name}": f"{one.split}/{name}_{subset}" for name in names}
            )
    return found


def subset_scores(metrics: Mapping[str, float], splits: Iterable[str]) -> tuple[SubsetScores, ...]:
    """The scores that `subset_metrics` named, by split and subset."""
    return tuple(
        SubsetScores(
            split=split,
            subset=subset,
            rows=int(metrics[f"{split}/rows_{subset}"]),
            artists=int(metrics[f"{split}/artists_{subset}"]),
            **{name: score_of(metrics, f"{split}/{name}_{subset}") for name in SUBSET_SCORES},
        )
        for split in splits
        for subset in SUBSETS
        if f"{split}/rows_{subset}" in metrics
    )


def judge_suspects(task: Task, data: TaskData, settings: TrainingSettings) -> TaskData:
    """The rows of a task with the decision whether suspect rows are left out of training, and what it rests on.

    The same rows without a study if the task has no champion, or there are too few suspect rows or artists.

    Args:
        task: What is predicted.
        data: From `genrelab.models.data.prepare`.
        settings: Seed and cores.
    """
    if not task.has_champion or int(suspects(task, data).sum()) < FEWEST:
        return data
    try:
        study = study_suspects(task, data, settings)
    except GenrelabError:  # a split without rows, a fold with one label: the training itself says so
        return data
    if study is None:
        return data
    return replace(
        data, suspects=study, left_out=suspects(task, data) if study.is_left_out else data.left_out
    )


def study_suspects(task: Task, data: TaskData, settings: TrainingSettings) -> SuspectStudy | None:
    """Compare training without the suspect rows with training on all; None with too few suspect rows or artists.

    Args:
        task: What is predicted.
        data: Its rows.
        settings: Seed and cores.

    Raises:
        GenrelabError: There is no gate, or a fold cannot be fitted.
    """
    is_suspect, artists = suspects(task, data), data.columns[task.group].to_numpy()
    rows = sample_groups(training_rows(task, data, settings.seed), artists, MOST_ROWS, settings.seed)
    folds = artist_folds(data, rows, artists, settings.seed)[1]
    inside = is_suspect[rows]
    if int(inside.sum()) < FEWEST or inside.all() or not folds:
        return None

    without, with_all = (
        held_out(task, data, rows, folds, settings, is_fitted=kept)
        for kept in (~inside, np.ones_like(inside))
    )
    on_all, on_clean = (
        compare(
            data.target[rows[part]],
            without[part],
            with_all[part],
            data.labels,
            settings.seed,
            groups=artists[rows[part]],
        )
        for part in (np.arange(len(rows)), np.flatnonzero(~inside))
    )
    return SuspectStudy(
        model=JUDGE.label,
        folds=len(folds),
        rows=len(rows),
        suspect=int(inside.sum()),
        artists=len(np.unique(artists[rows])),
        on_clean={name: on_clean[name] for name in SUBSET_SCORES},
        on_all={name: on_all[name] for name in SUBSET_SCORES},
    )


def held_out(
    task: Task,
    data: TaskData,
    rows: IntArray,
    folds: Iterable[tuple[IntArray, IntArray]],
    settings: TrainingSettings,
    *,
    is_fitted: BoolArray,
) -> FloatArray:
    """Probabilities of rows by the small model, each by a fit without its artist; shape (rows, labels).

    Args:
        task: What is predicted.
        data: Its rows.
        rows: Training rows, as positions in `data`.
        folds: From `artist_folds` of these rows.
        settings: Seed and cores.
        is_fitted: Whether a row may be fitted on, shape (rows,).

    Raises:
        ModelError: A fold cannot be fitted.
    """
    found = np.zeros((len(rows), len(data.labels)))
    for train, held in folds:
        fold = rows[train[is_fitted[train]]], rows[held]
        found[held] = fit_fold(JUDGE, task, data, fold, settings, {})
    return found

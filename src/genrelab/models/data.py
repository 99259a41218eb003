"""The rows of a training task and their splits.

Conventions: rows are in source order. `duplicates` is `kept` or `removed`; removed means one row per distinct
set of features. A row without a label or without a feature takes no part and is counted; a text that is
missing is empty.
"""

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from genrelab.evaluation import splits
from genrelab.evaluation.genre_tree import GenreTree, tree_of
from genrelab.evaluation.groups import NONE
from genrelab.evaluation.results import SuspectStudy
from genrelab.evaluation.sampling import artist_numbers
from genrelab.lake.lake import in_source_order
from genrelab.models.kinds import SEVERAL_LABELS, kind_of
from genrelab.models.task import REMOVED, Task
from genrelab.runtime.errors import GenrelabError

IntArray = npt.NDArray[np.int64]

REPEATS = range(5)
"""Seeds of the repeated group splits."""


class UnfitError(GenrelabError):
    """The tables lack what a task needs."""


@dataclass(frozen=True)
class TaskData:
    """The rows of a task that can be used, in source order.

    Args:
        features: One column per feature, float64 or, for text, str; index 0, 1, 2, ...
        target: Target of each row, as its kind reads it (`genrelab.models.kinds`).
        columns: The other columns that were read (`part`, `artist_group`, `split`, provenance).
        labels: The labels that occur, sorted; none where the kind of target has none.
        read: Rows of the joined tables.
        without_label: Rows left out because they have no label.
        without_features: Rows with a label left out because they have no features.
        lacking_some: Rows with a label left out because they have some features, but not all.
        elsewhere: Rows left out because they have a label, or lie in a subset, that takes no part.
        text: Features that are text.
        absent: Features that no row has.
        without: Features that the task does without, because rows lack them.
        lacking: How many rows lack one of those, in words.
        constant: Features with one value.
        single: Labels of one row.
        distinct_by: Features that make two rows duplicates; empty for all of them.
        suspects: What leaving rows with a suspect label out of training would change; None where it was not tried.
        left_out: Rows that the permanent splits do not train on, shape (rows,); None for no row.
        tree: The tree of the labels, those that its table lacks included; None for a task without one, and where the
            lake lacks the table.
        untrained: Labels of a set that no training row of the gate has: no model can name them.
        one_artist: Labels of a set whose rows are all one artist's.
        drawn: The sample of artists that the rows were drawn from the table as, in words; empty where all were read.
    """

    features: pd.DataFrame
    target: npt.NDArray[Any]
    columns: pd.DataFrame
    labels: tuple[Any, ...]
    read: int
    without_label: int
    without_features: int
    lacking_some: int = 0
    elsewhere: int = 0
    text: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    lacking: str = ""
    constant: tuple[str, ...] = ()
    single: tuple[str, ...] = ()
    distinct_by: tuple[str, ...] = ()
    suspects: SuspectStudy | None = None
    left_out: npt.NDArray[np.bool_] | None = None
    tree: GenreTree | None = None
    untrained: tuple[Any, ...] = ()
    one_artist: tuple[Any, ...] = ()
    drawn: str = ""

    def __len__(self) -> int:
        return len(self.target)

    @property
    def numbers(self) -> list[str]:
        """Features that are numbers."""
        return [name for name in self.features.columns if name not in self.text]

    def named(self, labels: Sequence[Any]) -> tuple[str, ...]:
        """What people call labels: their titles in the tree, where there is one."""
        titles = self.tree.titles if self.tree else {}
        return tuple(titles.get(label, str(label)) for label in labels)

    def note(self) -> str:
        """What became of the rows, in a sentence, and what is odd about them."""
        used = (
            f"{len(self):,} of {self.read:,} rows used; left out: {self.without_label:,} without a label,"
            f" {self.without_features:,} without features"
        )
        if self.lacking_some:
            used += f", {self.lacking_some:,} that lack some features"
        if self.elsewhere:
            used += f", {self.elsewhere:,} of other genres or subsets"
        parts = [used]
        if self.drawn:
            parts.append(f"these are {self.drawn}, by artists (setting training.rows)")
        if self.without:
            parts.append(f"trained without {', '.join(self.without)}, which {self.lacking} lack")
        if self.absent:
            parts.append(f"{len(self.absent)} of the features are absent from the source")
        parts += [
            f"{what}: {_listed(self.named(which))}"
            for what, which in (
                ("the same in every row", self.constant),
                ("a single row, used for training alone", self.single if self.target.ndim == 1 else ()),
                ("in no training row, so no model names it", self.untrained),
                ("of one artist each, so they take the common threshold", self.one_artist),
            )
            if which
        ]
        parts += self.tree.problems if self.tree else ()
        parts += [self.suspects.in_words()] if self.suspects else []
        return "; ".join(parts)


def prepare(task: Task, tables: Mapping[str, pa.Table], drawn: str = "") -> TaskData:
    """Join the tables of a task and choose its rows.

    Args:
        task: What is predicted.
        tables: The tables of `task.columns`, each with the columns named there; the table of the tree, if there is one.
        drawn: What sample the rows are, in words; empty for all.

    Raises:
        UnfitError: A column is missing, no row has a feature, fewer than two labels occur, or all rows have the same.
    """
    frame = joined(task, tables)
    numbers = [name for name in task.features if name not in task.text]
    empty = tuple(name for name in numbers if frame[name].isna().all()) if len(frame) else ()
    if empty and (not task.takes_present or len(empty) == len(numbers)):
        raise UnfitError(
            f"{task.name} cannot be trained",
            found=f"no row with a value of {_listed(empty)}",
            allowed="a source that has these features",
            do="import such a source; the other tasks are trained without it",
        )
    numbers = [name for name in numbers if name not in empty]
    kind = kind_of(task)
    has_label = kind.is_known(frame, task.target)
    takes_part = has_label & is_of_task(task, frame, has_label)
    has_features = frame[numbers].notna().all(axis=1)
    has_none = frame[numbers].isna().all(axis=1)
    used = frame[takes_part & has_features].reset_index(drop=True)
    features = used[numbers].astype("float64")
    for name in task.text:
        features[name] = used[name].fillna("").astype(object)
    target, labels = kind.read(used, task.target)
    counts = kind.rows_of_labels(target)
    data = TaskData(
        features=features,
        target=target,
        columns=used.drop(columns=[*kind.columns(task.target), *task.features]),
        labels=tuple(labels),
        read=len(frame),
        without_label=int((~has_label).sum()),
        without_features=int((takes_part & has_none).sum()),
        lacking_some=int((takes_part & ~has_features & ~has_none).sum()),
        elsewhere=int((has_label & ~takes_part).sum()),
        text=task.text,
        absent=empty,
        without=task.without,
        lacking=_lacking(task, tables),
        constant=tuple(name for name in numbers if features[name].min() == features[name].max()),
        single=tuple(str(label) for label, rows in zip(labels, counts, strict=True) if rows == 1),
        distinct_by=task.distinct_by,
        tree=_tree(task, tables, labels),
        drawn=drawn,
    )
    if kind.has_labels and len(data.labels) < 2:  # noqa: PLR2004 - one label leaves nothing to predict
        raise UnfitError(
            f"{task.name} cannot be trained",
            found=f"{len(data.labels)} labels ({data.note()})",
            allowed="at least two labels",
            do="bin the genres or import a source with more of them",
        )
    if not kind.varies(target):
        raise UnfitError(
            f"{task.name} cannot be trained",
            found=f"all {len(data):,} rows have the same labels: {_listed(data.named(data.labels))}",
            allowed="rows with different labels",
            do="import a source with more genres",
        )
    if kind is not SEVERAL_LABELS:
        return data
    return replace(data, untrained=_untrained(task, data), one_artist=_of_one_artist(task, data))


def _tree(task: Task, tables: Mapping[str, pa.Table], labels: Sequence[Any]) -> GenreTree | None:
    """The tree of a task's labels, those that it does not know as roots."""
    table = tables.get(task.tree)
    if table is None:
        return None
    return tree_of(table).with_labels(labels)


def _untrained(task: Task, data: TaskData) -> tuple[Any, ...]:
    """Labels of a set that no training row of the gate has; none where the gate's split cannot be made."""
    try:
        made = make_splits(task, data, np.arange(len(data)), 0)  # the gate's is not drawn
    except GenrelabError:  # training says so
        return ()
    train = next(split.train for split in made if split.name == task.gate)
    seen = np.asarray(data.target[train].any(axis=0))
    return tuple(label for label, there in zip(data.labels, seen, strict=True) if not there)


def _of_one_artist(task: Task, data: TaskData) -> tuple[Any, ...]:
    """Labels of a set whose rows are all one artist's."""
    artists = artist_numbers(data.columns[task.group].to_numpy())
    labels = zip(data.labels, data.target.T, strict=True)
    return tuple(label for label, has in labels if len(np.unique(artists[has])) == 1)


def joined(task: Task, tables: Mapping[str, pa.Table]) -> pd.DataFrame:
    """The columns of a task in one frame: the first table's rows, in source order, that all others have.

    Raises:
        UnfitError: A column is missing.
    """
    frames = [
        _select(name, task.columns_in(name, tables[name].column_names), tables) for name in task.columns
    ]
    frame = frames[0]
    for other in frames[1:]:
        frame = frame.merge(other, on="track_id", how="inner", sort=False, validate="one_to_one")
    return frame


def _lacking(task: Task, tables: Mapping[str, pa.Table]) -> str:
    """How many rows of its tables lack a feature that the task does without."""
    columns = [
        table[name] for table in tables.values() for name in task.without if name in table.column_names
    ]
    missing = [pc.is_null(column) for column in columns]
    if not missing:
        return "rows"
    rows = int(pc.sum(functools.reduce(pc.or_, missing)).as_py() or 0)
    return "all rows" if rows == len(columns[0]) else f"{rows:,} of {len(columns[0]):,} rows"


def is_of_task(task: Task, frame: pd.DataFrame, has_label: pd.Series) -> pd.Series:
    """Return which rows have a label, and lie in a subset, that takes part."""
    takes_part = has_label.copy()
    if task.subset:
        takes_part &= frame["subset"] == task.subset
    wanted = list(task.labels)
    if task.most_frequent:
        counts = frame.loc[takes_part, task.target].value_counts()
        wanted = sorted(counts.index, key=lambda label: (-counts[label], label))[: task.most_frequent]
    return takes_part & frame[task.target].isin(wanted) if wanted else takes_part


def variant_rows(data: TaskData, duplicates: str) -> IntArray:
    """Rows of a variant: all of them, or one for each distinct set of features."""
    if duplicates != REMOVED:
        return np.arange(len(data))
    return splits.distinct_rows(data.features[list(data.distinct_by) or data.numbers])


def make_splits(task: Task, data: TaskData, rows: IntArray, seed: int) -> tuple[splits.Split, ...]:
    """The splits of a task over some of its rows; the author's only over all of them.

    Args:
        task: What is predicted.
        data: Its rows.
        rows: The rows to divide: all, or the distinct ones.
        seed: Seed of the random split.

    Returns:
        Splits whose indices count within `rows`.

    Raises:
        SplitError: A part has no rows.
    """
    target = kind_of(task).strata(data.target[rows])
    made: dict[str, splits.Split] = {}
    if "author" in task.splits and len(rows) == len(data):
        made["author"] = splits.author(target)
    if "random" in task.splits:
        made["random"] = splits.random(target, seed)
    if "grouped" in task.splits:
        permanent = splits.permanent(data.columns["part"].to_numpy()[rows])
        made |= {split.name: _without_left_out(split, data, rows) for split in permanent}
    if "official" in task.splits:
        made |= {split.name: split for split in splits.official(data.columns["split"].to_numpy()[rows])}
    return tuple(made[name] for name in task.splits if name in made)


def make_repeats(task: Task, data: TaskData, rows: IntArray) -> tuple[splits.Split, ...]:
    """Other draws of artists over the same rows, one per seed of `REPEATS`; rows that belong to no part stay out.

    Raises:
        SplitError: Fewer than two groups.
    """
    inside = np.arange(len(rows))
    if "part" in data.columns:
        inside = np.flatnonzero(data.columns["part"].to_numpy()[rows] != NONE)
    drawn = splits.repeated_groups(data.columns[task.group].to_numpy()[rows[inside]], REPEATS)
    found = (splits.Split(one.name, inside[one.train], inside[one.test], one.validation) for one in drawn)
    return tuple(_without_left_out(split, data, rows) for split in found)


def _without_left_out(split: splits.Split, data: TaskData, rows: IntArray) -> splits.Split:
    """The split without the training rows that are left out; its test rows stay."""
    if data.left_out is None:
        return split
    return replace(split, train=split.train[~data.left_out[rows[split.train]]])


def _select(name: str, columns: tuple[str, ...], tables: Mapping[str, pa.Table]) -> pd.DataFrame:
    table = tables[name]
    missing = [column for column in columns if column not in table.column_names]
    if missing:
        raise UnfitError(
            f"the table {name} lacks columns that training needs",
            found=_listed(tuple(table.column_names)),
            allowed=_listed(columns),
            do="run the flow that creates the table again",
        )
    chosen = table.select(list(columns))
    frame: pd.DataFrame = (in_source_order(chosen) if "source" in columns else chosen).to_pandas()
    return frame


def _listed(names: tuple[str, ...], most: int = 30) -> str:
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more

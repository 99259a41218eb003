"""A task once for each set of features that enough rows have: nothing is imputed, and no row is left out for one gap.

Sources differ in what they measure: ReccoBeats knows no `time_signature`, an imported list may lack more. A task
without some of its features is a task of its own, with a registered model, a champion and a tag of its own; its name
says what it does without. It is trained on every row that has the rest, the rows with all features among them.

Which champion serves which row does not belong here but in `genrelab.evaluation.predictions`.
"""

from collections.abc import Mapping
from dataclasses import replace

import pyarrow as pa

from genrelab.models.data import joined
from genrelab.models.task import WITHOUT, Task
from genrelab.sources.present import fullest, present_sets

SHARE, FEWEST = 0.01, 20
"""A set of features is trained for where this share of the rows with features, and this many, have just these."""

MOST_SETS = 3
"""Sets that are trained at the most: each is a whole training."""


def tasks_for(task: Task, tables: Mapping[str, pa.Table]) -> tuple[Task, ...]:
    """The task for each set of features that enough rows have, that of the most rows first.

    Args:
        task: What is predicted.
        tables: Its tables, each with the columns that it names.

    Returns:
        The task itself where its rows have all features. Rows without a label count too: they are predicted. A task
        without a champion predicts nothing, so it comes once, for the set that keeps the most values of its labelled
        rows. Only the first is searched. A task that cannot do without any feature comes as it is.

    Raises:
        UnfitError: A column is missing.
    """
    if not task.by_features:
        return (task,)
    frame = joined(task, tables)
    needed = frame[[*task.needs]].notna().all(axis=1)
    able = [name for name in task.features if name not in task.text]
    if task.has_champion:
        sets = present_sets(frame[needed], able)
        limit = max(FEWEST, SHARE * sum(one.rows for one in sets))
        chosen = [one.features for one in sets if one.rows >= limit][:MOST_SETS]
    else:
        chosen = []
        frame = frame[frame[task.target].notna()]
        needed = needed[frame.index]
    chosen = chosen or [fullest(frame[needed], able)]
    tasks = [
        without(task, [name for name in able if name not in features]) for features in chosen if features
    ]
    return (*tasks[:1], *(replace(one, is_searched=False) for one in tasks[1:])) or (task,)


def without(task: Task, absent: list[str]) -> Task:
    """The task without some of its features; itself where none is absent.

    >>> from genrelab.models.tasks import SPOTIFY_BINS_CLASSIC
    >>> less = without(SPOTIFY_BINS_CLASSIC, ["time_signature"])
    >>> less.name, less.predicts, len(less.features)
    ('spotify-bins-classic-without-time-signature', 'bins-without-time-signature', 10)
    """
    if not absent:
        return task
    ending = WITHOUT + "-".join(name.replace("_", "-") for name in absent)

    def present(names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(name for name in names if name not in absent)

    return replace(
        task,
        name=task.name + ending,
        title=f"{task.title}, except {', '.join(absent)}",
        predicts=task.predicts + ending,
        columns={table: present(columns) for table, columns in task.columns.items()},
        features=present(task.features),
        distinct_by=present(task.distinct_by),
        without=tuple(absent),
    )

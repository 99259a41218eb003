"""What a training task declares: what is predicted, from which columns of which tables, judged how.

Which tasks there are does not belong here but in `genrelab.models.tasks`; reading their rows, in
`genrelab.models.data`.
"""

from collections.abc import Container, Mapping
from dataclasses import dataclass

KEPT, REMOVED = "kept", "removed"

ONE_LABEL, SEVERAL_LABELS, NUMBER, PLACE = "one label", "several labels", "a number", "a place"
"""Kinds of targets, by the names under which `genrelab.models.kinds` has them."""

WITHOUT = "-without-"
"""What stands between the name of a task and the features that a variant of it does without."""


@dataclass(frozen=True)
class Task:
    """One thing to predict.

    Args:
        name: Name of the task, and of the registered model.
        title: Name that people read.
        experiment: MLflow experiment.
        predicts: Value of the tag `task`: `bins`, `top-genre`.
        rule_set: Rule set that made the labels; empty where people gave them.
        columns: Columns to read from each table; the first table is the one whose rows are counted, others
            are joined to it by `track_id`.
        target: Column of the label; of a place, what its two columns begin with.
        features: Columns of the features.
        splits: Names of the splits, in the order in which they are shown.
        gate: Split that promotion reads.
        shown: Split that the report shows first.
        family: Which models take part.
        duplicates: Variants to train.
        group: Column that names the artist, for the folds of a search.
        text: Those of the features that are text.
        distinct_by: Features that make two rows duplicates; empty for all of them.
        labels: Labels that take part; empty for all.
        most_frequent: How many labels take part, the most frequent ones; 0 for all.
        subset: Subset of the FMA whose tracks take part; empty for all.
        takes_present: Whether features that no row has are left out instead of being missed.
        by_features: Whether rows that lack features get a variant of the task that does without them.
        needs: Features that no variant does without.
        without: Features that this variant does without.
        has_champion: Whether its best model becomes champion; a variant is there to compare.
        is_optional: Whether a source may lack what it needs.
        is_searched: Whether its models' parameters are searched.
        suspect: Column that marks rows whose label may not be the track's; older versions of the table lack it.
        kind: What kind of target it is.
        tree: Table of the tree that the labels stand in; empty without one. A lake may lack it.
        minimum_support: Training artists that a label among several needs for a threshold of its own.
        note: What a reader has to know of it, in a sentence or two.
    """

    name: str
    title: str
    experiment: str
    predicts: str
    rule_set: str
    columns: Mapping[str, tuple[str, ...]]
    target: str
    features: tuple[str, ...]
    splits: tuple[str, ...]
    gate: str
    shown: str
    family: str
    duplicates: tuple[str, ...]
    group: str
    text: tuple[str, ...] = ()
    distinct_by: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    most_frequent: int = 0
    subset: str = ""
    takes_present: bool = False
    by_features: bool = False
    needs: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    has_champion: bool = True
    is_optional: bool = False
    is_searched: bool = True
    suspect: str = ""
    kind: str = ONE_LABEL
    tree: str = ""
    minimum_support: int = 0
    note: str = ""

    @property
    def table(self) -> str:
        """The table whose version stands for the data set."""
        return next(iter(self.columns))

    def columns_in(self, table: str, available: Container[str]) -> tuple[str, ...]:
        """Return the columns to read from a table, with the mark of suspect labels if it has one.

        Args:
            table: Name of the table.
            available: Its columns.
        """
        is_marked = table == self.table and self.suspect in available
        return (*self.columns[table], *((self.suspect,) if is_marked else ()))

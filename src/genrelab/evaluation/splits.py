"""Splits: which rows train a model and which ones judge it.

Conventions
    - A split is index arrays into the rows it was made for; parts never share a row.
    - `validation` chooses hyper-parameters and may be empty; `test` is only ever scored.
    - Rows come in source order (`genrelab.lake.lake.in_source_order`): the author's split depends on it.
    - Fallback: in a stratified split a genre with a single row goes to training, since it cannot be divided.

Which artist belongs to which part is decided in `genrelab.evaluation.groups`, not here.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.model_selection import GroupShuffleSplit, train_test_split

from genrelab.evaluation.groups import GATE, TEST, TRAIN
from genrelab.runtime.errors import GenrelabError

IntArray = npt.NDArray[np.int64]
Labels = Sequence[str] | npt.NDArray[np.str_]

AUTHOR_SEED = 24
"""`random_state` of the author of the Spotify document."""

HELD_OUT = 0.25
"""Share of the rows that scikit-learn's `train_test_split` holds out by default, as the capstone project does."""


class SplitError(GenrelabError):
    """The rows cannot be split as asked."""


@dataclass(frozen=True)
class Split:
    """One way to divide rows.

    Args:
        name: First half of the metric names, e.g. `author`.
        train: Rows to fit on.
        test: Rows to score.
        validation: Rows to choose hyper-parameters on; empty where the split has none.
    """

    name: str
    train: IntArray
    test: IntArray
    validation: IntArray

    def __post_init__(self) -> None:
        for part in ("train", "test"):
            if len(getattr(self, part)) == 0:
                raise SplitError(
                    f"the split {self.name} has no rows in its {part} part",
                    found=f"{len(self.train)} train, {len(self.test)} test",
                    allowed="at least one row in train and in test",
                    do="use more rows",
                )


def author(labels: Labels) -> Split:
    """The split of the author of the Spotify document: 75 % / 25 %, and the first part once more.

    Args:
        labels: Classic genre of the binned rows in source order, exact duplicates removed.

    Raises:
        SplitError: Too few rows for the number of genres.
    """
    rest, test = _stratified("author", labels, AUTHOR_SEED)
    inner_train, inner_validation = _stratified("author", np.asarray(labels)[rest], AUTHOR_SEED)
    return Split("author", rest[inner_train], test, rest[inner_validation])


def random(labels: Labels, seed: int) -> Split:
    """A stratified 75 % / 25 % split; only ever shown beside a grouped one.

    Raises:
        SplitError: Too few rows for the number of genres.
    """
    train, test = _stratified("random", labels, seed)
    return Split("random", train, test, _NO_ROWS)


def permanent(parts: Labels) -> tuple[Split, Split]:
    """The splits `gate` and `grouped`: the same training rows, judged by the gate and by the test part.

    Args:
        parts: Part of each row by `genrelab.evaluation.groups`; rows of part none are left out.

    Raises:
        SplitError: A part has no rows.
    """
    of_row = np.asarray(parts)
    train, gate, test = (np.flatnonzero(of_row == part) for part in (TRAIN, GATE, TEST))
    return Split("gate", train, gate, _NO_ROWS), Split("grouped", train, test, gate)


def official(parts: Labels) -> tuple[Split, Split]:
    """FMA's own split as `validation` and `official`: the same training rows, judged by each of the others.

    Args:
        parts: `training`, `validation` or `test` of each row.

    Raises:
        SplitError: A part has no rows, or a row has another part.
    """
    of_row = np.asarray(parts, dtype=object)
    allowed = ("training", "validation", "test")
    odd = {str(part) for part in of_row} - set(allowed)
    if odd:
        raise SplitError(
            "the official split has an unknown part",
            found=", ".join(sorted(odd)),
            allowed=", ".join(allowed),
            do="check the column split of the table fma_tracks",
        )
    train, validation, test = (np.flatnonzero(of_row == part) for part in allowed)
    return Split("validation", train, validation, _NO_ROWS), Split("official", train, test, validation)


def repeated_groups(groups: Labels, seeds: Sequence[int]) -> tuple[Split, ...]:
    """Random 75 % / 25 % splits of the groups, one for each seed: what another draw of artists would give.

    Raises:
        SplitError: Fewer than two groups.
    """
    codes = pd.factorize(np.asarray(groups, dtype=object))[0]
    if len(np.unique(codes)) < 2:  # noqa: PLR2004 - one group cannot stand on two sides
        raise SplitError(
            "a grouped split needs two groups", found=str(len(np.unique(codes))), do="use more rows"
        )
    return tuple(
        Split(f"groups_{seed}", train, test, _NO_ROWS)
        for seed in seeds
        for train, test in GroupShuffleSplit(1, test_size=HELD_OUT, random_state=seed).split(
            codes, groups=codes
        )
    )


def distinct_rows(features: pd.DataFrame) -> IntArray:
    """The first row of each distinct set of features, in order: "duplicates removed"."""
    return np.flatnonzero(~features.duplicated(keep="first").to_numpy())


_NO_ROWS: IntArray = np.empty(0, dtype=np.int64)


def _stratified(name: str, labels: Labels, seed: int) -> tuple[IntArray, IntArray]:
    """Scikit-learn's stratified split, with genres of a single row put into training."""
    of_row = np.asarray(labels)
    genres, counts = np.unique(of_row, return_counts=True)
    single = np.isin(of_row, genres[counts == 1])
    rows, alone = np.flatnonzero(~single), np.flatnonzero(single)
    try:
        train, test = train_test_split(rows, stratify=of_row[rows], test_size=HELD_OUT, random_state=seed)
    except ValueError as error:
        raise SplitError(
            f"the split {name} needs more rows",
            found=f"{len(of_row)} rows of {len(genres)} genres ({error})",
            allowed="a quarter of the rows is at least one for each genre",
            do="use more rows or fewer genres",
        ) from error
    return np.concatenate([train, alone]).astype(np.int64), test.astype(np.int64)

"""Splits: disjoint, stratified, grouped, and clear when they cannot be made."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from sklearn.model_selection import train_test_split

from genrelab.evaluation import splits
from genrelab.evaluation.splits import SplitError

LABELS = np.array(["pop"] * 60 + ["rock"] * 30 + ["jazz"] * 10)


def rows_of(split: splits.Split) -> list[int]:
    return [*split.train, *split.validation, *split.test]


def test_the_authors_split_is_two_stratified_splits_of_scikit_learn():
    """The same call as in the document, twice, with random_state 24."""
    rest, test = train_test_split(np.arange(100), stratify=LABELS, random_state=24)
    train, validation = train_test_split(rest, stratify=LABELS[rest], random_state=24)

    split = splits.author(LABELS)

    assert split.test.tolist() == test.tolist()
    assert split.train.tolist() == train.tolist()
    assert split.validation.tolist() == validation.tolist()


@given(st.lists(st.integers(1, 30), min_size=2, max_size=6), st.integers(0, 5))
def test_stratified_parts_are_disjoint_and_complete(sizes, seed):
    """Every row stands in exactly one part, whatever the sizes of the genres."""
    labels = np.repeat([f"genre {n}" for n in range(len(sizes))], sizes)
    assume(len(labels) >= 8 * len(sizes))

    for split in (splits.author(labels), splits.random(labels, seed)):
        assert sorted(rows_of(split)) == list(range(len(labels)))


def test_a_genre_with_one_track_goes_to_training():
    """It cannot be divided, and it is no reason to fail."""
    split = splits.random([*LABELS, "polka"], 1)

    assert 100 in split.train
    assert sorted(rows_of(split)) == list(range(101))


@pytest.mark.parametrize("make", [splits.author, lambda labels: splits.random(labels, 1)])
def test_too_few_rows_for_the_genres_are_named(make):
    """Four genres of two rows leave a test part of two rows."""
    with pytest.raises(SplitError, match=r"needs more rows.*8 rows of 4 genres"):
        make(["a", "a", "b", "b", "c", "c", "d", "d"])


def test_permanent_splits_share_their_training_rows():
    """Gate and grouped are judged by different parts; rows of no part are nowhere."""
    gate, grouped = splits.permanent(["train", "gate", "none", "test", "train"])

    assert gate.train.tolist() == grouped.train.tolist() == [0, 4]
    assert gate.test.tolist() == [1]
    assert grouped.test.tolist() == [3]
    assert grouped.validation.tolist() == [1]


def test_a_part_without_rows_is_named():
    """No gate, no split."""
    with pytest.raises(
        SplitError, match="the split gate has no rows in its test part; found: 1 train, 0 test"
    ):
        splits.permanent(["train", "test", "none"])


def test_the_official_split_follows_its_column():
    """Training fits, validation and test judge."""
    validation, official = splits.official(["test", "training", "validation"])

    assert validation.train.tolist() == official.train.tolist() == [1]
    assert validation.test.tolist() == official.validation.tolist() == [2]
    assert official.test.tolist() == [0]


def test_an_unknown_official_part_is_named():
    """A fourth part is an error, no silent loss."""
    with pytest.raises(SplitError, match="found: holdout; allowed: training, validation, test"):
        splits.official(["training", "validation", "test", "holdout"])


@given(st.lists(st.integers(0, 20), min_size=4, max_size=80))
def test_repeated_group_splits_keep_every_group_together(groups):
    """Five seeds, five draws of groups, none of them divided."""
    assume(len(set(groups)) > 1)

    made = splits.repeated_groups([f"g{group}" for group in groups], range(5))

    assert [split.name for split in made] == [f"groups_{seed}" for seed in range(5)]
    for split in made:
        sides = [{groups[row] for row in part} for part in (split.train, split.test)]
        assert not sides[0] & sides[1]
        assert sorted(rows_of(split)) == list(range(len(groups)))


def test_one_group_cannot_be_split():
    """All tracks by one artist."""
    with pytest.raises(SplitError, match="needs two groups; found: 1"):
        splits.repeated_groups(["a", "a"], [0])


def test_the_first_of_identical_rows_stays():
    """Duplicates removed means one row per distinct set of features."""
    features = pd.DataFrame({"energy": [0.1, 0.2, 0.1, 0.1], "tempo": [90.0, 90.0, 90.0, 91.0]})

    assert splits.distinct_rows(features).tolist() == [0, 1, 3]

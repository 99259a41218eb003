"""Held-out predictions: folds of rows, and folds of whole groups."""

import numpy as np
import pytest
from sklearn.neighbors import KNeighborsClassifier

from genrelab.models.cross_validation import HeldOut, Question, predict_held_out
from genrelab.models.task import ONE_LABEL

GROUPS = np.repeat(np.arange(12), 10)
STRATA = GROUPS % 2 == 0


def held_out(groups=None, cores: int = 1) -> HeldOut:
    """The nearest neighbour names the group of a row from a feature that is the group's own number."""
    return predict_held_out(
        {"group": Question(ONE_LABEL, GROUPS, range(12))},
        lambda _: {"nearest": ("group", KNeighborsClassifier(1))},
        GROUPS[:, None].astype(np.float64),
        STRATA,
        repeats=2,
        folds=4,
        seed=1,
        cores=cores,
        doing="naming groups",
        groups=groups,
    )


def test_rows_are_held_out_one_by_one():
    """Other rows of the group are in training: it is named every time."""
    found = held_out()

    assert (found.answers["nearest"].argmax(axis=2) == GROUPS).all()
    assert all(len(np.unique(fold[GROUPS == 0])) > 1 for fold in found.fold)


@pytest.mark.parametrize("cores", [1, 2])
def test_a_group_is_held_out_whole(cores):
    """Its rows share a fold, evenly by stratum, drawn anew in each repeat; its name is never answered."""
    found = held_out(GROUPS, cores)

    assert (found.answers["nearest"].argmax(axis=2) != GROUPS).all()
    for fold in found.fold:
        assert all(len(np.unique(fold[group == GROUPS])) == 1 for group in range(12))
        shares = [STRATA[fold == number].mean() for number in range(4)]
        assert 0.3 < min(shares) <= max(shares) < 0.7
    assert (found.fold[0] != found.fold[1]).any()


def test_an_empty_fold_is_passed_over():
    """Four groups of unlike sizes leave one of four folds empty; every row is still held out once."""
    groups = np.repeat(np.arange(4), [18, 36, 19, 35])
    strata = groups < 2
    found = predict_held_out(
        {"side": Question(ONE_LABEL, strata.astype(int), range(2))},
        lambda _: {"nearest": ("side", KNeighborsClassifier(1))},
        groups[:, None].astype(np.float64),
        strata,
        repeats=1,
        folds=4,
        seed=0,
        cores=1,
        doing="naming sides",
        groups=groups,
    )

    assert len(np.unique(found.fold)) == 3
    assert found.answers["nearest"].sum(axis=2) == pytest.approx(1)

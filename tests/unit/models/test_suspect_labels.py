"""Rows with a suspect label: scores of their own, and training without them where folds by artist say so."""

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
from model_rows import GENRES, Quick, spotify_binned

from genrelab.evaluation import scores
from genrelab.evaluation.results import Difference, SuspectStudy
from genrelab.models.data import TaskData, make_repeats, make_splits, prepare, variant_rows
from genrelab.models.fitting import Evaluation, fit
from genrelab.models.suspect_labels import (
    FEWEST,
    judge_suspects,
    study_suspects,
    subset_metrics,
    subset_scores,
    suspects,
)
from genrelab.models.tasks import SPOTIFY_BINS_CLASSIC, TASKS
from genrelab.models.zoo import find_models

TASK = SPOTIFY_BINS_CLASSIC


def marked(share: float = 0.3, *, wrong: bool, rows: int = 900) -> TaskData:
    """Rows of which a share is suspect; wrong labels are drawn by chance."""
    data = prepare(TASK, {"spotify_binned": marked_table(share, wrong=wrong, rows=rows)})
    assert suspects(TASK, data).any()
    return data


def marked_table(share: float, *, wrong: bool, rows: int) -> pa.Table:
    table = spotify_binned(rows)
    generator = np.random.default_rng(1)
    is_suspect = generator.random(rows) < share
    labels = table["bin_classic"].to_pylist()
    if wrong:
        labels = [
            str(generator.choice(GENRES)) if suspect and label else label
            for label, suspect in zip(labels, is_suspect, strict=True)
        ]
    place = table.column_names.index("bin_classic")
    return table.set_column(place, "bin_classic", pa.array(labels)).append_column(
        TASK.suspect, pa.array(is_suspect)
    )


def evaluation(data: TaskData, split: str = "gate", skill: float = 0.7) -> Evaluation:
    """All rows, the true label with a probability of `skill`."""
    rows = np.arange(len(data))
    proba = np.full((len(data), len(data.labels)), (1 - skill) / (len(data.labels) - 1))
    proba[rows, [data.labels.index(label) for label in data.target]] = skill
    artists = data.columns[TASK.group].to_numpy()
    return Evaluation(split, rows, data.target, artists, proba, 1, "pop")


def test_scores_of_a_subset_are_those_of_its_rows() -> None:
    """Each metric of the suspect rows is what scoring these rows alone gives, with its interval."""

    data = marked(wrong=True)
    one, mask = evaluation(data), suspects(TASK, data)
    found = subset_metrics(TASK, data, [one], Quick())
    for subset, rows in (("suspect", mask), ("clean", ~mask)):
        alone = scores.evaluate(
            "gate", one.y_true[rows], one.proba[rows], data.labels, Quick().seed, groups=one.artists[rows]
        )
        for name in ("rows", "artists", "accuracy", "log_loss"):
            assert found[f"gate/{name}_{subset}"] == alone[f"gate/{name}"]
        assert found[f"gate/accuracy_{subset}_low"] == alone["gate/accuracy_low"]


def test_scores_become_typed_results() -> None:
    """By split, the clean rows first."""

    data = marked(wrong=True)
    found = subset_metrics(TASK, data, [evaluation(data), evaluation(data, "grouped")], Quick())
    results = subset_scores(found, ["author", "gate", "grouped"])
    assert [(one.split, one.subset) for one in results] == [
        (split, subset) for split in ("gate", "grouped") for subset in ("clean", "suspect")
    ]
    assert sum(one.rows for one in results) == 2 * len(data)


@pytest.mark.parametrize("split", ["author", "random"])
def test_other_splits_have_no_subsets(split: str) -> None:
    data = marked(wrong=True)
    assert subset_metrics(TASK, data, [evaluation(data, split)], Quick()) == {}


def test_table_of_an_older_version_has_no_suspects() -> None:
    """Without the column nothing is suspect, nothing is scored apart, and nothing is tried."""

    data = prepare(TASK, {"spotify_binned": spotify_binned()})
    assert not suspects(TASK, data).any()
    assert subset_metrics(TASK, data, [evaluation(data)], Quick()) == {}
    assert judge_suspects(TASK, data, Quick()) is data


def test_unknown_marks_count_as_clean() -> None:
    table = marked_table(0.5, wrong=False, rows=400)
    unknown = pa.array([None] * len(table), pa.bool_())
    place = table.column_names.index(TASK.suspect)
    data = prepare(TASK, {"spotify_binned": table.set_column(place, TASK.suspect, unknown)})
    assert not suspects(TASK, data).any()


def test_labels_by_chance_harm_the_others() -> None:
    """Where suspect labels are noise, training without them is better beyond noise on the other rows."""

    study = study_suspects(TASK, marked(0.4, wrong=True, rows=1_500), Quick())
    assert study is not None
    assert study.on_clean["log_loss"].is_negative
    assert study.on_clean["accuracy"].is_positive


BETTER, WORSE, SAME = Difference(-0.2, -0.3, -0.1), Difference(0.2, 0.1, 0.3), Difference(0.0, -0.1, 0.1)
UNKNOWN = Difference(-0.2, None, None)


@pytest.mark.parametrize(
    ("on_clean", "on_all", "is_left_out"),
    [
        (BETTER, BETTER, True),
        (BETTER, SAME, True),
        (BETTER, WORSE, False),
        (SAME, BETTER, False),
        (WORSE, BETTER, False),
        (UNKNOWN, UNKNOWN, False),
    ],
)
def test_log_loss_decides(on_clean: Difference, on_all: Difference, *, is_left_out: bool) -> None:
    """Suspect rows are left out if that is better beyond noise on the others, and not worse beyond noise on all."""

    study = SuspectStudy("", 3, 9, 3, 3, {"log_loss": on_clean}, {"log_loss": on_all})
    assert study.is_left_out == is_left_out


def test_decision_reaches_the_training(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows that are left out are marked and told."""

    monkeypatch.setattr(SuspectStudy, "is_left_out", property(lambda _: True))
    before = marked(0.3, wrong=False)
    data = judge_suspects(TASK, before, Quick())
    assert data.left_out is not None
    assert np.array_equal(data.left_out, suspects(TASK, before))
    assert "left out of training" in data.note()


def test_good_labels_stay() -> None:
    """Where suspect labels are as good as others, leaving them out gains nothing; the study is shown all the same."""

    data = judge_suspects(TASK, marked(0.3, wrong=False), Quick())
    assert data.suspects is not None
    assert not data.suspects.is_left_out
    assert data.left_out is None
    assert "stay in training" in data.note()


def test_permanent_splits_train_without_rows_that_are_left_out() -> None:
    """Test rows stay, and the splits that reproduce others' results keep all rows."""

    before = marked(wrong=False)
    mask = suspects(TASK, before)
    after = replace(before, left_out=mask)
    rows = variant_rows(before, "kept")
    for one, other in zip(make_splits(TASK, before, rows, 1), make_splits(TASK, after, rows, 1), strict=True):
        is_permanent = one.name in {"gate", "grouped"}
        expected = one.train[~mask[rows[one.train]]] if is_permanent else one.train
        assert np.array_equal(other.train, expected)
        assert np.array_equal(other.test, one.test)
    for split in make_repeats(TASK, after, rows):
        assert not mask[rows[split.train]].any()


def test_few_suspects_are_not_tried() -> None:
    """Nor a task without a champion."""

    few = marked(FEWEST / 2 / 900, wrong=True)
    assert judge_suspects(TASK, few, Quick()) is few
    many = marked(wrong=True)
    assert judge_suspects(TASKS["spotify-bins-classic-twelve"], many, Quick()) is many


def test_one_artist_and_only_suspects_have_no_study() -> None:
    """Folds need artists, and a comparison needs other rows."""

    data = marked(wrong=True)
    parts = np.resize(["train", "gate", "test"], len(data))
    one_artist = data.columns.assign(**{TASK.group: "artist:1", "part": parts})
    assert study_suspects(TASK, replace(data, columns=one_artist), Quick()) is None
    all_suspect = replace(data, columns=data.columns.assign(**{TASK.suspect: True}))
    assert study_suspects(TASK, all_suspect, Quick()) is None
    no_gate = replace(data, columns=data.columns.assign(part="train"))
    assert judge_suspects(TASK, no_gate, Quick()) is no_gate


def test_fits_are_scored_by_label_where_duplicates_are_removed() -> None:
    """A model's scores hold the subsets of gate and grouped; a baseline has none."""

    data = marked(wrong=True)
    (model,) = find_models(["logistic_regression"])
    rows = variant_rows(data, "removed")
    splits = make_splits(TASK, data, rows, 1)
    found = fit(model, TASK, data, rows, splits, settings=Quick(), duplicates="removed").scores
    assert found["grouped/rows_clean"] + found["grouped/rows_suspect"] == found["grouped/rows"]
    kept = fit(model, TASK, data, rows, splits, settings=Quick(), duplicates="kept").scores
    assert not [name for name in kept if "_suspect" in name]


def test_metrics_of_the_study_are_numbers() -> None:
    """An unknown interval is left out rather than logged as NaN."""

    found = judge_suspects(TASK, marked(0.3, wrong=False), Quick()).suspects
    assert isinstance(found, SuspectStudy)
    unknown = {name: replace(one, low=None, high=None) for name, one in found.on_clean.items()}
    metrics = replace(found, on_clean=unknown).metrics()
    assert metrics["suspects/log_loss_clean"] == found.on_clean["log_loss"].value
    assert "suspects/log_loss_clean_low" not in metrics
    assert all(np.isfinite(value) for value in metrics.values())


def test_mark_is_read_where_the_table_has_it() -> None:
    """An older version of the table is read without it; other tables of a task never have it."""

    own = TASK.columns["spotify_binned"]
    assert TASK.columns_in("spotify_binned", [*own, TASK.suspect]) == (*own, TASK.suspect)
    assert TASK.columns_in("spotify_binned", own) == own
    fma = TASKS["fma-top-genre"]
    assert fma.columns_in("fma_echonest", ["track_id", TASK.suspect]) == fma.columns["fma_echonest"]

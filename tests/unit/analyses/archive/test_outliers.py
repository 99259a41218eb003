"""Outliers by two rules, the student project's feature, and what treating them does to a model."""

import numpy as np
import pytest
from archive_facts import FILLED, LOUD, archive_features, described, made_archive, publish
from scipy.stats import median_abs_deviation, zscore

from genrelab.analyses.archive.outliers import DOCUMENT, NAMED, feature_outliers, match_document
from genrelab.analyses.archive.pages.archive import fill
from genrelab.analyses.archive.pages.outlier_charts import document_text, treatments_chart
from genrelab.analyses.archive.runs import runs_of
from genrelab.analyses.archive.treatments import (
    CLIP,
    DROP,
    LEAVE,
    MEAN,
    MEDIAN,
    MISSING,
    MOST_ROWS,
    ROBUST,
    TREATMENTS,
    Limits,
    TooFewError,
    Z,
    choose_rows,
    limits_of,
    treated,
    try_treatments,
)


def feature(values, name="mfcc_mean_01"):
    return feature_outliers(
        name, np.asarray(values, dtype=float), np.zeros(len(values), dtype=np.int64), ["Rock"]
    )


def test_both_rules_agree_with_scipy():
    """`zscore`, as the student project uses it, and the scaled median absolute deviation."""
    values = np.random.default_rng(2).standard_t(2, size=2_000)
    found = feature(values)
    robust = np.abs(values - np.median(values)) / median_abs_deviation(values, scale="normal")

    assert found.by_z.far == (np.abs(zscore(values)) > 3).sum()
    assert found.robust == pytest.approx((robust > 3).sum(), abs=1)
    assert found.robust > found.by_z.far


def test_a_far_value_hides_others_from_the_z_score():
    """One value of a million makes one of a thousand ordinary."""
    found = feature([*np.linspace(-1, 1, 99), 1_000, 1_000_000])

    assert (found.by_z.far, found.robust) == (1, 2)


def test_the_robust_rule_is_undefined_where_most_values_are_equal():
    """The median absolute deviation is 0."""
    assert feature([0.0] * 9 + [5.0]).robust is None


def test_the_documents_feature_is_found_by_its_values():
    """By smallest value, median and largest value; its name stands in the student project."""
    low, middle, high = DOCUMENT
    values = [low] + [middle] * 99 + [high]
    found = match_document([feature(values, "zcr_kurtosis_01"), feature(np.arange(100.0))])

    assert NAMED == "chroma_cens_kurtosis_02"
    assert (found.found, found.is_there) == (("zcr_kurtosis_01",), False)
    assert match_document([feature(np.arange(100.0), NAMED)]).is_there


def test_features_without_values_or_variance_are_counted():
    """Four features have values that differ; one is constant, all others are empty."""
    found = made_archive().outliers

    assert sorted(one.by_z.feature for one in found.features) == sorted(FILLED)
    assert found.constant == ("rmse_mean_01",)
    assert found.empty == 518 - len(FILLED) - 1
    assert f"{found.empty} features of 518 have no value" in fill(made_archive())["outliers"]["text"]
    assert "where all values are equal: rmse_mean_01" in fill(made_archive())["outliers"]["text"]


def test_the_track_far_away_in_every_feature_is_named():
    """With its title, artist and genre."""
    first = made_archive().outliers.far[0]

    assert (first.track_id, first.features, first.genre) == (LOUD + 1, len(FILLED), "Folk")
    assert first.score > 3


TRAIN = np.array([[0.0], [1.0], [2.0], [3.0], [50.0]])
HELD = np.array([[1.0], [90.0]])
LIMITS = Limits(np.array([2.0]), np.array([10.0]))


@pytest.mark.parametrize(
    ("treatment", "train", "held"),
    [
        (LEAVE, [0, 1, 2, 3, 50], [1, 90]),
        (DROP, [0, 1, 2, 3, 50], [1, 90]),
        (CLIP, [0, 1, 2, 3, 12], [1, 12]),
        (MEDIAN, [0, 1, 2, 3, 2], [1, 2]),
        (MEAN, [0, 1, 2, 3, 11.2], [1, 11.2]),
    ],
)
def test_each_treatment_by_hand(treatment, train, held):
    """The fill comes from the training rows, for both parts."""
    found = treated(treatment, LIMITS, TRAIN, HELD)

    assert found[0].ravel() == pytest.approx(train)
    assert found[1].ravel() == pytest.approx(held)


def test_a_missing_value_is_the_mean_of_the_others_and_a_mark():
    """So that the model can tell it from a value."""
    train, held = treated(MISSING, LIMITS, TRAIN, HELD)

    assert train.tolist() == [[0, 0], [1, 0], [2, 0], [3, 0], [1.5, 1]]
    assert held.tolist() == [[1, 0], [1.5, 1]]


def test_limits_come_from_mean_or_median():
    """A feature of which most values are equal has no robust limit."""
    values = np.array([[0.0, 7.0], [0.0, 1.0], [0.0, 4.0], [9.0, 0.0]])

    assert limits_of(Z, values).centre == pytest.approx(values.mean(axis=0))
    assert limits_of(ROBUST, values).reach[0] == np.inf
    assert not limits_of(ROBUST, values).outside(values)[:, 0].any()


def rows_of(far: float = 0.0, tracks: int = 600):
    """Return rows whose feature tells two genres apart, some of them far away."""
    draw = np.random.default_rng(7)
    codes = np.arange(tracks) % 2
    artists = np.arange(tracks) // 4
    genres = np.array(["Folk", "Rock"], dtype=object)[codes]
    splits = np.where(artists % 5 == 0, "validation", np.where(artists % 5 == 1, "test", "training")).astype(
        object
    )
    rows = choose_rows(genres, splits, artists, seed=1)
    for name in ("zcr_mean_01", "mfcc_mean_01"):
        values = draw.normal(size=tracks) + codes
        values[draw.random(tracks) < 0.05] = far
        rows.keep(name, values)
    return rows


def test_clipping_helps_where_outliers_say_nothing():
    """Values of 500 ruin the scale; the change is beyond chance, on the validation part."""
    trial = try_treatments(rows_of(far=500.0), seed=1, cores=1)
    found = {(one.treatment, one.rule): one for one in trial.treatments}

    assert len(found) == 1 + 2 * len(TREATMENTS)
    assert found[CLIP, ROBUST].log_loss_change.is_negative
    assert found[CLIP, ROBUST].accuracy.value > found[LEAVE, ""].accuracy.value
    assert found[DROP, ROBUST].rows < trial.rows
    assert (trial.judged, trial.judged_artists) == (120, 30)
    assert "with an interval below 0" in treatments_chart(trial).first.title


def test_nothing_changes_without_outliers():
    """A treatment of no value is the same model."""
    trial = try_treatments(rows_of(), seed=1, cores=1)
    found = {(one.treatment, one.rule): one for one in trial.treatments}

    assert found[CLIP, Z].log_loss_change.value == pytest.approx(0, abs=0.01)


def test_the_test_part_takes_no_part():
    """Rows are of the training and the validation part; artists stay on one side."""
    rows = rows_of()

    assert set(rows.artists[rows.train] % 5) == {2, 3, 4}
    assert set(rows.artists[rows.held] % 5) == {0}
    assert rows.of <= MOST_ROWS


def test_a_feature_with_gaps_is_left_out():
    """Where more than 1 % is missing."""
    rows = rows_of()
    gaps = np.full(600, np.nan)
    gaps[:500] = 1.0
    rows.keep("tonnetz_mean_01", gaps)

    assert "tonnetz_mean_01" not in rows.columns


@pytest.mark.parametrize(
    ("genres", "splits"),
    [
        (["Rock", "Rock"], ["training", "validation"]),
        (["Rock", "Folk"], ["training", "training"]),
        ([None], ["test"]),
    ],
)
def test_too_few_tracks_are_an_error_with_counts(genres, splits):
    """One genre, or no validation part."""
    with pytest.raises(TooFewError, match="cannot be compared"):
        choose_rows(
            np.array(genres, dtype=object), np.array(splits, dtype=object), np.arange(len(genres)), seed=1
        )


def test_without_tracks_outliers_are_counted_and_no_model_is_fitted(lake):
    """Genres stand in fma_tracks."""
    publish(lake, "fma_features", archive_features())
    found = described(lake)

    assert found.profile is None
    assert found.outliers.trial is None
    assert len(found.outliers.features) == len(FILLED)
    assert "No treatment was tried: the table fma_tracks" in fill(found)["outliers"]["trial"]
    assert runs_of(found).runs[0].metrics["features"] == len(FILLED)


def test_the_page_says_which_feature_the_document_means():
    """This copy has no value of it."""
    assert "has no value in this copy" in document_text(made_archive().outliers)

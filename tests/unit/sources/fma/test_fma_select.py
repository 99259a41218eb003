"""Subsets, splits, features by name, moments; and the declarations they rest on."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from genrelab.sources.fma import feature_columns, in_split, in_subset, moments, of_tracks
from genrelab.tables import TABLES
from genrelab.tables.fma import FMA_FEATURES, MOMENTS, SIZES, SPLITS, SUBSETS
from genrelab.tables.fma_raw import RAW_TABLES

TRACKS = pa.table(
    {"track_id": [1, 2, 3, 4], "subset": ["small", "medium", "large", "small"], "split": ["test", *SPLITS]}
)


def test_there_are_518_features_and_their_names_are_distinct() -> None:
    """Computed from sizes and moments, as the official header is."""

    assert len(feature_columns()) == len(set(feature_columns())) == 518 == sum(SIZES.values()) * len(MOMENTS)
    assert set(feature_columns()) < set(FMA_FEATURES.names)


@pytest.mark.parametrize(
    ("subset", "ids"), [("small", [1, 4]), ("medium", [1, 2, 4]), ("large", [1, 2, 3, 4])]
)
def test_each_subset_lies_within_the_next(subset: str, ids: list[int]) -> None:
    """A small track is in medium and in large."""

    assert in_subset(TRACKS, subset)["track_id"].to_pylist() == ids


def test_the_parts_of_the_split_are_disjoint_and_whole() -> None:
    """Every track is in one of them."""

    found = [in_split(TRACKS, split)["track_id"].to_pylist() for split in SPLITS]
    assert sorted(track for part in found for track in part) == [1, 2, 3, 4]


def test_rows_of_chosen_tracks() -> None:
    """From any table with a track id."""

    features = pa.table({"track_id": [3, 1, 9], "x": [0.3, 0.1, 0.9]})
    assert of_tracks(features, in_subset(TRACKS, "small")).to_pydict() == {"track_id": [1], "x": [0.1]}


def test_features_are_chosen_by_name_statistic_and_coefficient() -> None:
    """In the order asked for."""

    assert feature_columns("mfcc", "spectral_contrast", statistics=("mean",))[19:21] == [
        "mfcc_mean_20",
        "spectral_contrast_mean_01",
    ]
    assert feature_columns("tonnetz", statistics=("std",), numbers=(6, 1)) == [
        "tonnetz_std_06",
        "tonnetz_std_01",
    ]


WRONG = [
    (lambda: feature_columns("mfccs"), "unknown feature 'mfccs'; known: chroma_cens"),
    (
        lambda: feature_columns("mfcc", statistics=("average",)),
        "unknown statistic 'average'; known: kurtosis",
    ),
    (lambda: feature_columns("zcr", numbers=(2,)), "no such coefficient: zcr_kurtosis_02"),
    (lambda: in_subset(TRACKS, "full"), "unknown subset 'full'; known: small, medium, large"),
    (lambda: in_split(TRACKS, "train"), "unknown split 'train'; known: training, validation, test"),
]


@pytest.mark.parametrize(("call", "message"), WRONG, ids=[message for _, message in WRONG])
def test_a_wrong_name_says_which_are_known(call: object, message: str) -> None:
    """A selection never comes back empty for a misspelling."""

    with pytest.raises(ValueError, match=message):
        call()


@given(st.lists(st.floats(-1e3, 1e3), min_size=3, max_size=50))
def test_moments_are_those_of_scipy(values: list[float]) -> None:
    """Population moments, excess kurtosis; a missing value is left out."""

    (row,) = moments(pa.table({"x": [*values, None]}), ["x"]).to_pylist()
    assert (row["count"], row["low"], row["high"]) == (len(values), min(values), max(values))
    assert row["mean"] == pytest.approx(np.mean(values), abs=1e-9)
    assert row["std"] == pytest.approx(np.std(values), abs=1e-6)
    if np.std(values) > 1e-3:
        assert row["skew"] == pytest.approx(stats.skew(values), abs=1e-6)
        assert row["kurtosis"] == pytest.approx(stats.kurtosis(values), abs=1e-6)


@pytest.mark.parametrize("values", [[None, None], [1.0, 1.0]])
def test_moments_of_nothing_and_of_no_spread_are_missing(values: list[float | None]) -> None:
    """No NaN reaches a report."""

    (row,) = moments(pa.table({"x": pa.array(values, pa.float32())}), ["x"]).to_pylist()
    assert row["skew"] is None
    assert row["kurtosis"] is None


def test_every_official_column_is_declared_once() -> None:
    """52, 518 and 249 of them under their official names."""

    counts = {}
    for name in ("fma_tracks", "fma_features", "fma_echonest"):
        officials = [c.official for c in TABLES[name] if c.official]
        assert len(set(officials)) == len(officials)
        counts[name] = len(officials) - 1
    assert counts == {"fma_tracks": 52, "fma_features": 518, "fma_echonest": 249}
    assert {name: len(table.columns) - 2 for name, table in RAW_TABLES.items()} == {
        "fma_raw_tracks": 39,
        "fma_raw_albums": 19,
        "fma_raw_artists": 25,
        "fma_raw_genres": 5,
    }
    assert SUBSETS == ("small", "medium", "large")

"""`gl.fma()`: FMA's files without a home."""

import pandas as pd
import pytest
from fma_files import echonest_csv, features_csv, folder_of, official_files, tracks_csv, zip_of

import genrelab as gl
from genrelab.runtime.errors import SourceError
from genrelab.tables.fma import FMA_ECHONEST, FMA_FEATURES, MOMENTS, SIZES


@pytest.mark.usefixtures("small")
def test_a_zip_and_its_folder_are_the_same(tmp_path):
    """Nothing is unpacked."""

    zipped = gl.fma(zip_of(tmp_path / "fma_metadata.zip", official_files()))
    folder = gl.fma("fma_metadata")

    for read in ("tracks", "genres", "features", "echonest"):
        pd.testing.assert_frame_equal(getattr(zipped, read)(), getattr(folder, read)())


@pytest.mark.parametrize("name", SIZES)
@pytest.mark.usefixtures("small")
def test_a_feature_has_its_coefficients_times_the_moments(name):
    """The first level of FMA's header, then the second, then the third."""

    archive = gl.fma("fma_metadata")

    assert archive.features(name).shape == (5, SIZES[name] * len(MOMENTS))
    assert archive.features(f"{name}.mean").shape == (5, SIZES[name])
    assert archive.features(f"{name}.mean.01").columns.tolist() == [f"{name}_mean_01"]
    assert archive.features(f"{name}_mean_01").columns.tolist() == [f"{name}_mean_01"]


@pytest.mark.usefixtures("small")
def test_columns_come_in_the_order_of_the_file_and_once():
    """Whatever is asked for first or twice."""

    found = gl.fma("fma_metadata").features("zcr", "mfcc", "zcr.mean")

    official = [name for name in FMA_FEATURES.names if name.startswith(("zcr_", "mfcc_"))]
    assert found.columns.tolist() == official


@pytest.mark.usefixtures("small")
def test_all_features_are_the_518_and_all_echonest_the_rest():
    """Without a name everything is read but the place of the row."""

    archive = gl.fma("fma_metadata")

    assert archive.features().shape == (5, 518)
    assert archive.echonest().shape == (5, len(FMA_ECHONEST.names) - 3)
    assert archive.echonest("temporal_features").shape == (5, 224)
    assert archive.echonest("energy").columns.tolist() == ["energy"]


def test_a_subset_holds_the_smaller_ones(tmp_path):
    """Small lies within medium; a split is FMA's own."""

    tracks = tracks_csv({"subset": "medium"}, {"subset": "large", "split": "test"})
    archive = gl.fma(
        folder_of(
            tmp_path / "fma", tracks_csv=tracks, features_csv=features_csv(), echonest_csv=echonest_csv()
        )
    )

    rows = {subset: len(archive.features("zcr", subset=subset)) for subset in ("small", "medium", "large")}
    assert rows == {"small": 3, "medium": 4, "large": 5}
    assert len(archive.tracks(split="test")) == 1
    assert archive.echonest("energy", subset="small", split="test").empty


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"subset": "tiny"}, "no subset tiny.*allowed: small, medium, large"),
        ({"split": "train"}, "no split train.*allowed: training, validation, test"),
    ],
)
@pytest.mark.usefixtures("small")
def test_an_unknown_part_is_named_with_those_there_are(asked, message):
    """FMA's own names."""

    with pytest.raises(gl.GenrelabError, match=message):
        gl.fma("fma_metadata").features("zcr", **asked)


@pytest.mark.parametrize("name", ["mfc", "mfcc.average", "mfcc.mean.21", "track_id", ""])
@pytest.mark.usefixtures("small")
def test_an_unknown_feature_is_named_with_those_there_are(name):
    """A beginning counts by level only: mfc is not mfcc."""

    with pytest.raises(gl.GenrelabError, match=r"FMA has no feature.*chroma_cens.*zcr"):
        gl.fma("fma_metadata").features(name)


def test_records_that_cannot_be_read_are_counted_in_a_warning(tmp_path):
    """They are left out, not turned into missing values."""

    broken = features_csv({"zcr_mean_01": "loud"})
    archive = gl.fma(folder_of(tmp_path / "fma", features_csv=broken))

    with pytest.warns(UserWarning, match=r"1 records of features\.csv"):
        found = archive.features("zcr.mean")
    assert len(found) == 4


def test_a_folder_without_fma_is_refused(tmp_path):
    """The error of the flow that ingests FMA."""

    with pytest.raises(SourceError, match="there is no FMA archive"):
        gl.fma(tmp_path / "nothing")
    archive = gl.fma(folder_of(tmp_path / "fma"))
    with pytest.raises(SourceError, match=r"has no features\.csv"):
        archive.features()


def test_columns_without_any_value_are_named_in_a_warning(tmp_path):
    """They would otherwise come back empty without a word."""

    without = features_csv({"zcr_mean_01": ""}, count=1)
    archive = gl.fma(folder_of(tmp_path / "fma", features_csv=without))

    with pytest.warns(UserWarning, match="columns without any value in these rows: zcr_mean_01"):
        archive.features("zcr.mean")

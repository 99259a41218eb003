"""The rows of a study: what is taken, and what is refused with a clear message."""

import numpy as np
import pytest
from origin_facts import made_rows, made_table

from genrelab.analyses.origin.tracks import prepare
from genrelab.runtime.errors import GenrelabError
from genrelab.tables.origin import feature_names


def test_the_rows_are_taken_apart():
    """Six features, the other 110 missing in all rows; six countries from south to north, three above 20 N."""
    tracks = prepare(made_table(), clusters=20, folds=10)

    assert tracks.features.shape == (120, 6)
    assert tracks.countries == ("Brazil", "Kenya", "Mali", "India", "Greece", "Lithuania")
    assert tracks.is_northern_place.tolist() == [False, False, False, True, True, True]
    assert tracks.is_north.sum() == 60
    assert tracks.sizes.tolist() == [20] * 6
    assert (tracks.places[tracks.place] == tracks.coordinates).all()


def test_all_116_features_are_taken():
    """The file with the chromatic features."""
    rows = made_rows(features=116)
    tracks = prepare(made_table(**rows), clusters=20, folds=10)

    assert tracks.names == tuple(feature_names(116))


def broken(**changes) -> GenrelabError:
    with pytest.raises(GenrelabError) as raised:
        prepare(made_table(**changes), clusters=20, folds=10)
    assert raised.value.do
    return raised.value


def test_a_constant_feature_is_named():
    """It would say nothing and hides a cut column."""
    found = broken(feature_003=[0.5] * 120)

    assert "never change" in found.what
    assert found.found == "feature_003 is 0.5 in all 120 tracks"


def test_a_feature_that_some_tracks_lack_is_named():
    """Missing in all is another file; missing in some is damage."""
    values = made_rows()["feature_002"]
    found = broken(feature_002=[None, *values[1:]], feature_070=[1.0, 2.0, *[None] * 118])

    assert found.found == "feature_002 in 1 of 120 tracks; feature_070 in 118 of 120 tracks"


def test_no_features_at_all_are_refused():
    """Nothing to study."""
    found = broken(**{name: [None] * 120 for name in feature_names(116)})

    assert found.found == "120 tracks with 0 features"


@pytest.mark.parametrize(("column", "value"), [("latitude", 95.0), ("longitude", -181.0), ("latitude", None)])
def test_a_coordinate_off_the_globe_is_named_with_its_row(column, value):
    """The suite rejects such rows; a table made otherwise is refused here."""
    values = made_rows()[column]
    found = broken(**{column: [*values[:7], value, *values[8:]]})

    assert "impossible coordinates" in found.what
    assert found.found.startswith("row 8: ")


def test_fewer_different_tracks_than_clusters_are_refused():
    """Copies do not count."""
    with pytest.raises(GenrelabError) as raised:
        prepare(made_table().slice(0, 12), clusters=20, folds=2)
    assert raised.value.found == "12 different tracks in 12 rows"


def test_one_side_of_the_line_alone_is_refused():
    """All of the first sixty rows are from one hemisphere or too few are from the other."""
    south = np.array(made_rows()["latitude"]) < 20
    with pytest.raises(GenrelabError) as raised:
        prepare(made_table().filter(south), clusters=20, folds=10)
    assert raised.value.found == "0 tracks north of it, 60 south"

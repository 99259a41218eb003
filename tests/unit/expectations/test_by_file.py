"""Columns of a table compared file by file."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from frames import legal
from scipy.stats import ks_2samp

from expectations.by_file import DIFFERENT, FEWEST, file_columns
from expectations.check import check
from expectations.spotify_tracks import FILES
from genrelab.lake.validation_records import Check
from genrelab.sources.spotify import read_pulls
from genrelab.tables import TABLES

TRACKS = TABLES["spotify_tracks"]


def pulls(
    change: Callable[[np.ndarray], np.ndarray] = lambda values: values, column: str = "key"
) -> pa.Table:
    """Eight files of 120 rows; a column of the second one is changed."""
    data = legal(TRACKS, 960)
    files = np.repeat(range(1, 9), 120)
    data = data.set_column(
        data.column_names.index("source"), "source", pa.array([f"info_{file}.csv" for file in files])
    )
    values = data[column].to_numpy().astype(float)
    values[files == 2] = change(values[files == 2])
    place = data.column_names.index(column)
    return data.set_column(place, column, pa.array(values, data[column].type, from_pandas=True))


def failed(data: pa.Table) -> list[Check]:
    """The failed checks of files."""
    return [one for one in check(TRACKS, data).checks if one.column == "files" and not one.passed]


def test_constant_column_of_one_file_is_named() -> None:
    """The warning names column, value, rows and file, although the column varies in the table."""

    (found,) = failed(pulls(lambda values: np.full(len(values), 11.0)))
    assert found.observed == "1 of 104 columns of files: key is 11 in all 120 rows (info_2.csv)"
    assert (found.failing, found.severity, found.examples[0].source) == (1, "warning", "info_2.csv")


def test_other_unit_of_one_file_is_named() -> None:
    """A file that has another distribution than all others is named with both medians."""

    (found,) = failed(pulls(lambda values: values / 10, "energy"))
    assert "energy differs by 0." in found.observed
    assert "(info_2.csv)" in found.observed


def test_files_like_each_other_pass() -> None:
    """Without a fault both checks are made and hold."""

    checks = [one for one in check(TRACKS, pulls()).checks if one.column == "files"]
    assert [one.passed for one in checks] == [True, True]


@pytest.mark.parametrize("rows", [FEWEST - 1, FEWEST])
def test_few_values_say_nothing(rows: int) -> None:
    """A constant counts from `FEWEST` values on; missing values are none."""

    data = pulls(lambda values: np.where(np.arange(len(values)) < rows, 11.0, np.nan))
    assert len(failed(data)) == (rows >= FEWEST)


@pytest.mark.parametrize("rows", [FEWEST - 1, FEWEST])
def test_few_rows_of_all_others_are_no_distribution(rows: int) -> None:
    """A large file is compared with a small one only if that has `FEWEST` rows."""

    files = ["large.csv"] * 400 + ["small.csv"] * rows
    data = legal(TRACKS, len(files)).set_column(TRACKS.names.index("source"), "source", pa.array(files))
    energy = pa.array([*np.linspace(0.5, 0.9, 400), *np.linspace(0.0, 0.1, rows)])
    found = failed(data.set_column(TRACKS.names.index("energy"), "energy", energy))
    assert bool(found) == (rows >= FEWEST)


def test_table_of_one_file_is_not_compared() -> None:
    """With nothing to compare there is no check, rather than one that always holds."""

    assert not [one for one in check(TRACKS, legal(TRACKS, 200)).checks if one.column == "files"]


def test_scrape_is_not_compared() -> None:
    """A scrape has a source of a few rows for each artist."""

    data = legal(TRACKS, 200)
    sources = pa.array([f"spotify:artist:{row // 10}" for row in range(200)])
    assert not list(
        file_columns(data.set_column(data.column_names.index("source"), "source", sources), ["key"])
    )


def test_distance_is_that_of_kolmogorov_and_smirnov() -> None:
    """Files of any size, with ties: the distance from all other files is the one that SciPy computes."""

    generator = np.random.default_rng(3)
    files = generator.choice(4, 2_000, p=[0.45, 0.3, 0.15, 0.1])
    values = generator.integers(0, 12, 2_000) + files * generator.random(2_000).round(1)
    found = list(file_columns(pa.table({"source": files.astype(str), "key": values}), ["key"]))
    assert len(found) == 4
    for one in found:
        inside = files.astype(str) == one.source
        assert one.distance == pytest.approx(ks_2samp(values[inside], values[~inside]).statistic)
        assert one.elsewhere is None or one.elsewhere == np.median(values[~inside])
    assert [one.distance for one in found] == sorted((one.distance for one in found), reverse=True)


def test_real_pulls_have_few_and_true_findings(real_data: Path) -> None:
    """The key of the first three pulls is always 11; the last pull holds less popular tracks."""

    data = read_pulls(real_data / "spotify" / "pulls", is_distinct=True).data
    seen = list(file_columns(data, FILES[0].columns))
    constant = [one for one in seen if one.low == one.high]
    assert {(one.source, one.column) for one in constant} == {
        (f"info_{number}.csv", "key") for number in (1, 2, 3)
    }
    assert sum(one.rows for one in constant) == 3_526
    far = [(one.source, one.column) for one in seen if one not in constant and one.distance > DIFFERENT]
    assert far == [("info_35.csv", "popularity")]

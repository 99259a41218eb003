"""The geographical-origin files: both layouts, damage, and the synthetic file."""

import zipfile

import numpy as np
import pytest

from genrelab.runtime.errors import SourceError
from genrelab.sources.origin.reader import read_origin, write_sample
from genrelab.sources.origin.sample import CAPITALS
from genrelab.tables.origin import ORIGIN_TRACKS


def lines(count: int, width: int) -> list[list[str]]:
    rng = np.random.default_rng(1)
    return [
        [*(f"{value:.4f}" for value in rng.normal(size=width - 2)), "54.68", "-25.31"] for _ in range(count)
    ]


def write(path, rows):
    path.write_text("".join(",".join(row) + "\n" for row in rows))
    return path


@pytest.mark.parametrize(("width", "last_feature"), [(70, 68), (118, 116)])
def test_both_layouts_are_read(tmp_path, width, last_feature):
    """The 48 chromatic features are missing where the file has none."""
    rows = lines(3, width)
    data = read_origin(write(tmp_path / "x.txt", rows)).data

    assert data.schema.equals(ORIGIN_TRACKS.schema)
    assert data["source_row"].to_pylist() == [1, 2, 3]
    assert data[f"feature_{last_feature:03d}"][0].as_py() == float(rows[0][-3])
    assert data["feature_116"].null_count == (0 if width == 118 else 3)
    assert (data["latitude"][0].as_py(), data["longitude"][0].as_py()) == (54.68, -25.31)


@pytest.mark.parametrize(
    ("column", "text", "rule"),
    [
        (68, "north", "latitude: a number"),
        (69, "", "longitude: a number"),
        (0, "nan", "feature_001: a number"),
        (3, "1e999", "feature_004: a number"),
        (67, "1_0", "feature_068: a number"),
    ],
)
def test_text_where_a_number_belongs_rejects_the_record(tmp_path, column, text, rule):
    """The others are kept."""
    rows = lines(3, 70)
    rows[1][column] = text
    ingested = read_origin(write(tmp_path / "x.txt", rows))

    assert ingested.data["source_row"].to_pylist() == [1, 3]
    assert ingested.rejected["rules"].to_pylist() == [[rule]]
    assert (ingested.read, ingested.rejected["source_row"].to_pylist()) == (3, [2])


def test_a_short_line_is_rejected(tmp_path):
    """A line cut in the middle."""
    rows = lines(3, 70)
    rows[2] = rows[2][:40]

    assert read_origin(write(tmp_path / "x.txt", rows)).rejected["rules"].to_pylist() == [
        ["record: 70 fields"]
    ]


def test_a_latitude_of_95_is_left_to_the_suite(tmp_path):
    """It is a number."""
    rows = lines(1, 70)
    rows[0][68] = "95"

    assert read_origin(write(tmp_path / "x.txt", rows)).data["latitude"].to_pylist() == [95.0]


def test_a_header_is_noted_and_passed_over(tmp_path):
    """Some copies carry one."""
    rows = [[f"f{number}" for number in range(70)], *lines(2, 70)]
    ingested = read_origin(write(tmp_path / "x.txt", rows))

    assert (ingested.read, ingested.notes) == (2, ("x.txt: a header, passed over",))


def test_69_columns_are_an_error_that_says_what_is_allowed(tmp_path):
    """Neither 68 nor 116 features."""
    with pytest.raises(SourceError) as raised:
        read_origin(write(tmp_path / "x.txt", lines(3, 69)))

    assert "69 columns" in raised.value.found
    assert "70 or 118 columns" in raised.value.allowed
    assert raised.value.do


@pytest.mark.parametrize(
    ("name", "expected"),
    [("nowhere", "no such file"), ("folder", "a folder"), ("empty", "an empty file"), ("zip", "zip")],
)
def test_what_is_no_such_file_is_a_clear_error(tmp_path, name, expected):
    """Missing, a folder, empty, an archive."""
    (tmp_path / "folder").mkdir()
    (tmp_path / "empty").write_text("\n\n")
    with zipfile.ZipFile(tmp_path / "zip", "w") as archive:
        archive.writestr("x.txt", "1")

    with pytest.raises(SourceError) as raised:
        read_origin(tmp_path / name)

    assert expected in raised.value.found


def test_the_synthetic_file_reads_like_the_real_one(tmp_path):
    """500 tracks of 33 capitals, standardised, the same for the same seed."""
    write_sample(tmp_path / "a.txt", 7)
    write_sample(tmp_path / "b.txt", 7)
    write_sample(tmp_path / "c.txt", 8)
    data = read_origin(tmp_path / "a.txt").data
    feature = data["feature_001"].to_numpy()
    places = set(zip(data["latitude"].to_pylist(), data["longitude"].to_pylist(), strict=True))

    assert (len(data), places) == (500, set(CAPITALS.values()))
    assert (feature.mean(), feature.std()) == (pytest.approx(0, abs=1e-5), pytest.approx(1, abs=1e-5))
    assert (tmp_path / "a.txt").read_bytes() == (tmp_path / "b.txt").read_bytes()
    assert (tmp_path / "a.txt").read_bytes() != (tmp_path / "c.txt").read_bytes()


def test_nearby_places_sound_alike_in_the_synthetic_file(tmp_path):
    """Rome is closer to Athens than to Tokyo, in degrees and in features."""
    write_sample(tmp_path / "a.txt", 7, tracks=3000)
    data = read_origin(tmp_path / "a.txt").data
    features = np.array([data[f"feature_{number:03d}"].to_numpy() for number in range(1, 69)])
    latitude = data["latitude"].to_numpy()
    rome, athens, tokyo = (
        features[:, latitude == CAPITALS[city][0]].mean(axis=1) for city in ("Rome", "Athens", "Tokyo")
    )

    assert np.linalg.norm(rome - athens) < np.linalg.norm(rome - tokyo)


def test_fewer_tracks_than_capitals_are_a_programming_error(tmp_path):
    """Every capital needs one."""
    with pytest.raises(ValueError, match="20 tracks for 33 capitals"):
        write_sample(tmp_path / "a.txt", 1, tracks=20)


def test_a_whole_file_gives_1059_tracks_of_33_countries(any_data):
    """None rejected."""
    ingested = read_origin(any_data / "origin" / "default_features_1059_tracks.txt")
    places = set(zip(*(ingested.data[name].to_pylist() for name in ("latitude", "longitude")), strict=True))

    assert (ingested.read, len(ingested.rejected), len(places)) == (1059, 0, 33)

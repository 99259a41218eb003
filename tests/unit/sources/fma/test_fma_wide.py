"""Staging the wide tables, and committing what was staged."""

from pathlib import Path

import pyarrow.parquet as pq
import pytest
from fma_files import checksums, echonest_csv, features_csv, folder_of, zip_of

import genrelab.sources.fma.wide as wide_module
from genrelab.lake.lake import Lake
from genrelab.runtime.errors import GenrelabError, SourceError
from genrelab.sources.fma import Staged, open_archive, stage_echonest, stage_features
from genrelab.tables.fma import FMA_FEATURES


def staged(tmp_path: Path, *changes: dict[str, object], count: int = 5) -> Staged:
    folder = folder_of(tmp_path / "fma_metadata", features_csv=features_csv(*changes, count=count))
    return stage_features(open_archive(folder), tmp_path / "staging")


def test_the_file_has_the_declared_columns_in_file_order(tmp_path: Path) -> None:
    """All 518 values of every track."""

    found = staged(tmp_path)
    data = pq.read_table(found.files[0])
    assert data.schema.equals(FMA_FEATURES.schema)
    assert data["track_id"].to_pylist() == [2, 3, 5, 10, 20]
    assert data["zcr_std_01"].to_pylist() == pytest.approx([517 / 7 - n for n in range(5)], abs=1e-4)
    assert (found.rows, found.read, len(found.rejected), found.present[0]) == (5, 5, 0, "track_id")


def test_the_profile_is_that_of_the_rows(tmp_path: Path) -> None:
    """An audit can rest on it."""

    found = staged(tmp_path).profile["chroma_cens_kurtosis_02"]
    assert (found.rows, found.missing, found.non_finite) == (5, 0, 0)
    assert (found.low, found.high) == pytest.approx((1 / 7 - 4, 1 / 7), abs=1e-5)


def test_every_declared_column_has_a_profile(tmp_path: Path) -> None:
    """Those that the file lacks are missing in every row."""

    lines = features_csv().split(b"\n")
    narrow = b"\n".join(b",".join(line.split(b",")[:3]) for line in lines)
    found = stage_features(
        open_archive(folder_of(tmp_path / "fma", features_csv=narrow)), tmp_path / "staging"
    )
    assert set(found.profile) == set(FMA_FEATURES.names)
    assert found.profile["zcr_std_01"].missing == 5
    assert any("3 of 519 columns" in note for note in found.notes)
    assert found.present == ("track_id", "chroma_cens_kurtosis_01", "chroma_cens_kurtosis_02")


BAD = [
    ({"mfcc_mean_01": "loud"}, "mfcc_mean_01: a number"),
    ({"mfcc_mean_01": "inf"}, "mfcc_mean_01: a finite number"),
    ({"mfcc_mean_01": "1e60"}, "mfcc_mean_01: a finite number"),
    ({"track_id": 2}, "track_id: unique"),
    ({"track_id": ""}, "track_id: present"),
    ({"track_id": 0}, "track_id: at least 1"),
]


@pytest.mark.parametrize("other", [{}, {"zcr_std_01": "x"}], ids=["alone", "beside text"])
@pytest.mark.parametrize(
    ("change", "rule"), BAD, ids=[f"{rule} ({next(iter(c.values()))})" for c, rule in BAD]
)
def test_an_illegal_record_is_rejected(
    tmp_path: Path, change: dict[str, object], rule: str, other: dict[str, object]
) -> None:
    """The same whether its block was parsed at once or cell by cell."""

    found = staged(tmp_path, {}, {}, change, other)
    by_row = {row["source_row"]: row["rules"] for row in found.rejected.to_pylist()}
    text = rule == "mfcc_mean_01: a finite number" and other and change["mfcc_mean_01"] != "1e60"
    assert by_row[3] == ["mfcc_mean_01: a number" if text else rule]
    assert found.read == 5 == found.rows + len(found.rejected)
    assert found.profile["mfcc_mean_01"].rows == found.rows
    assert found.profile["mfcc_mean_01"].non_finite == 0


def test_a_doubled_id_is_found_across_row_groups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first record stays."""

    monkeypatch.setattr(wide_module, "ROW_GROUP", 1)
    found = staged(tmp_path, {}, {}, {"track_id": 2})
    assert found.rejected["source_row"].to_pylist() == [3]


def test_a_range_that_the_declaration_forbids_is_a_rejected_record(tmp_path: Path) -> None:
    """An energy of 7; a missing value is legal."""

    folder = folder_of(tmp_path / "fma", echonest_csv=echonest_csv({"energy": 7}, {"energy": None}))
    found = stage_echonest(open_archive(folder), tmp_path / "staging")
    assert [row["reasons"] for row in found.rejected.to_pylist()] == [["energy is 7.0, not 0 to 1"]]
    assert (found.profile["energy"].high, found.profile["energy"].missing) == (0.5, 1)


def test_a_partial_file_says_what_it_lacks(tmp_path: Path) -> None:
    """Tracks, and columns without a value."""

    folder = folder_of(tmp_path / "fma_metadata", echonest_csv=echonest_csv())
    notes = stage_echonest(open_archive(folder), tmp_path / "staging").notes
    assert "fma_metadata/echonest.csv has 5 of FMA's 13,129 tracks" in notes
    assert any("has values in 3 columns; 246 columns are empty" in note for note in notes)


def test_a_damaged_archive_leaves_nothing_in_staging(tmp_path: Path) -> None:
    """The checksum is known only after the last byte."""

    files = {"tracks.csv": b"x", "features.csv": features_csv()}
    stated = checksums({**files, "features.csv": b"other"})
    path = zip_of(tmp_path / "fma.zip", {**files, "checksums": stated})
    with pytest.raises(SourceError, match="wrong checksum"):
        stage_features(open_archive(path, is_download=True), tmp_path / "staging")
    assert not (tmp_path / "staging").exists()


def test_a_full_disk_is_a_clear_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And what was written is removed."""

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pq.ParquetWriter, "write_table", full)
    with pytest.raises(GenrelabError, match="No space left on device") as caught:
        staged(tmp_path)
    assert "free space" in caught.value.do
    assert not (tmp_path / "staging").exists()


def test_what_was_staged_can_be_published_and_read(tmp_path: Path, lake: Lake) -> None:
    """Counts, rejected rows and notes travel with the version."""

    folder = folder_of(tmp_path / "fma_metadata", features_csv=features_csv({}, {"track_id": 2}))
    found = stage_features(open_archive(folder), lake.staging("fma_features"))
    version = lake.publish_files(
        "fma_features",
        found.files,
        found.table.schema,
        found.counts,
        source="x",
        is_sample=True,
        rejected=found.rejected,
        notes=found.notes,
    )
    assert (version.counts.read, version.counts.rows, version.counts.quarantined) == (5, 4, 1)
    assert sorted(lake.read("fma_features", ["track_id"])["track_id"].to_pylist()) == [2, 5, 10, 20]
    assert lake.rejected("fma_features")["rules"].to_pylist() == [["track_id: unique"]]


@pytest.mark.parametrize("word", ["nan", "NaN", "NA", "None", " n/A "])
@pytest.mark.parametrize("other", [{}, {"zcr_std_01": "x"}], ids=["alone", "beside text"])
def test_a_word_for_no_value_is_missing(tmp_path: Path, word: str, other: dict[str, object]) -> None:
    """However its block was parsed."""

    found = staged(tmp_path, {"mfcc_mean_01": word}, other)
    assert pq.read_table(found.files[0])["mfcc_mean_01"][0].as_py() is None
    assert (found.profile["mfcc_mean_01"].missing, len(found.rejected)) == (1, len(other))


def test_a_word_for_no_value_in_a_table_with_texts_is_a_caveat(tmp_path: Path) -> None:
    """Nobody can tell a name from it there."""

    echonest = echonest_csv({"energy": "nan", "artist_name": "nan"})
    found = stage_echonest(
        open_archive(folder_of(tmp_path / "fma", echonest_csv=echonest)), tmp_path / "staging"
    )
    data = pq.read_table(found.files[0])
    assert (data["energy"][0].as_py(), data["artist_name"][0].as_py()) == (None, "nan")
    assert "a word such as nan in 1 cells" in found.caveats[0]


@pytest.mark.parametrize("bad", [5, 0], ids=["no legal record", "no record"])
def test_a_table_without_a_legal_row_has_a_whole_profile(tmp_path: Path, bad: int) -> None:
    """An audit finds every column in it."""

    found = staged(tmp_path, *[{"mfcc_mean_01": "loud"}] * bad, count=bad)
    assert set(found.profile) == set(FMA_FEATURES.names)
    assert (found.rows, found.read, len(found.rejected)) == (0, bad, bad)

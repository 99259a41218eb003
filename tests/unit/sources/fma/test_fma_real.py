"""The counts of the real files, and what holds of synthetic ones too."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pyarrow.compute as pc
import pytest

from genrelab.lake.ingested import Ingested
from genrelab.runtime.errors import SourceError
from genrelab.sources.fma import (
    Archive,
    in_split,
    in_subset,
    open_archive,
    read_echonest,
    read_genres,
    read_raw,
    read_tracks,
    stage_echonest,
    stage_features,
)


@pytest.fixture(scope="module")
def archive(real_data: Path) -> Archive:
    return open_archive(real_data / "fma_metadata")


@pytest.fixture(scope="module")
def tracks(archive: Archive) -> Ingested:
    return read_tracks(archive)


@pytest.mark.real
def test_tracks(tracks: Ingested) -> None:
    """106,574 of 16,341 artists, half of them with one root genre; nothing is rejected."""

    data = tracks.data
    assert (tracks.read, len(data), len(tracks.rejected)) == (106_574, 106_574, 0)
    assert len(data) - data["genre_top"].null_count == 49_598
    assert pc.count_distinct(data["artist_id"]).as_py() == 16_341
    assert "2,231 tracks have no genre" in tracks.notes


@pytest.mark.real
def test_splits_and_subsets(tracks: Ingested) -> None:
    """The official sizes; no artist is in two parts."""

    sizes = [len(in_split(tracks.data, name)) for name in ("training", "validation", "test")]
    assert sizes == [84_353, 10_958, 11_263]
    assert [len(in_subset(tracks.data, name)) for name in ("small", "medium", "large")] == [
        8_000,
        25_000,
        106_574,
    ]
    assert not [note for note in tracks.notes if "more than one split" in note]


@pytest.mark.real
def test_the_odd_track(tracks: Ingested) -> None:
    """Track 17690 has genres and no genres_all."""

    (row,) = tracks.data.filter(pc.equal(tracks.data["track_id"], 17_690)).to_pylist()
    assert row["genres"]
    assert row["genres_all"] is None
    assert row["genre_all_names"] is None


@pytest.mark.real
def test_genres(archive: Archive) -> None:
    """163 of them below 16 roots."""

    found = read_genres(archive)
    assert (len(found.data), len(set(found.data["top_level_id"].to_pylist()))) == (163, 16)
    assert len(read_raw(archive, "fma_raw_genres").data) == 164


@pytest.mark.real
def test_wide_tables(archive: Archive, tmp_path: Path) -> None:
    """13,129 tracks of Echo Nest; 7,997 with librosa features, 59 of 518 columns filled."""

    echonest, features = stage_echonest(archive, tmp_path / "e"), stage_features(archive, tmp_path / "f")
    assert [(one.rows, one.read) for one in (echonest, features)] == [(13_129, 13_129), (7_997, 7_997)]
    assert any("has values in 59 columns; 459 columns are empty" in note for note in features.notes)


@pytest.mark.real
def test_the_head_of_the_official_file(real_data: Path, tmp_path: Path) -> None:
    """682 whole records; the one that was cut in the middle goes to quarantine."""

    shutil.copy(real_data / "fma_metadata_official_head.csv", tmp_path / "tracks.csv")
    found = read_tracks(open_archive(tmp_path))
    assert (found.read, len(found.data)) == (683, 682)
    assert found.rejected["source_row"].to_pylist() == [683]


def test_every_stated_root_is_the_one_that_the_parents_lead_to(any_data: Path) -> None:
    """Or the reader would note it."""

    assert read_genres(open_archive(any_data / "fma_metadata")).notes == ()


@pytest.mark.parametrize("kept", [0.5, 0.999])
def test_a_file_that_was_cut_in_a_record(synthetic_data: Path, tmp_path: Path, kept: float) -> None:
    """The whole records before the cut; the one that was cut goes to quarantine."""

    whole = (synthetic_data / "fma_metadata" / "tracks.csv").read_bytes()
    cut = whole[: whole.rindex(b"\n", 0, int(len(whole) * kept)) + 30]
    (tmp_path / "tracks.csv").write_bytes(cut)
    found = read_tracks(open_archive(tmp_path))
    assert (found.read, len(found.rejected)) == (len(found.data) + 1, 1)
    assert found.rejected["source_row"].to_pylist() == [found.read]


def resaved(real_data: Path, folder: Path, how: Callable[[pd.DataFrame], pd.DataFrame]) -> Archive:
    """The real tracks, saved again by pandas, beside the real Echo Nest."""
    frame = pd.read_csv(
        real_data / "fma_metadata" / "tracks.csv", header=[0, 1], index_col=0, low_memory=False
    )
    how(frame).to_csv(folder / "tracks.csv")
    for name in ("genres.csv", "echonest.csv"):
        shutil.copy(real_data / "fma_metadata" / name, folder / name)
    return open_archive(folder)


def test_tracks_saved_with_row_numbers_keep_their_labels(
    real_data: Path, tmp_path: Path, tracks: Ingested, archive: Archive
) -> None:
    """`reset_index().to_csv(...)`: every track of Echo Nest joins the genre that it joined before."""

    found = read_tracks(resaved(real_data, tmp_path, lambda frame: frame.reset_index()))
    ids = read_echonest(archive).data.select(["track_id"])
    joined = [
        ids.join(data.select(["track_id", "genre_top"]), "track_id", join_type="inner").sort_by("track_id")
        for data in (tracks.data, found.data)
    ]
    assert len(joined[0]) == 13_129
    assert joined[0].equals(joined[1])
    assert "ids are read from column 2, track_id" in found.caveats[0]


def test_tracks_saved_without_their_ids_are_refused(real_data: Path, tmp_path: Path) -> None:
    """`reset_index(drop=True).to_csv(...)`."""

    with pytest.raises(SourceError, match="row numbers"):
        read_tracks(resaved(real_data, tmp_path, lambda frame: frame.reset_index(drop=True)))


def test_tracks_saved_without_the_name_of_their_ids_are_read(
    real_data: Path, tmp_path: Path, tracks: Ingested
) -> None:
    """The ids prove themselves; a part of row numbers does not."""

    found = read_tracks(resaved(real_data, tmp_path, lambda frame: frame.rename_axis(None)))
    assert found.data["track_id"].equals(tracks.data["track_id"])
    assert found.data["genre_top"].equals(tracks.data["genre_top"])
    part = resaved(
        real_data, tmp_path, lambda frame: frame.reset_index(drop=True).sample(5_000, random_state=1)
    )
    with pytest.raises(SourceError, match="not named track_id"):
        read_tracks(part)


def test_the_real_files_have_no_caveats(tracks: Ingested, archive: Archive, tmp_path: Path) -> None:
    """What every run would say is no caveat."""

    assert (tracks.caveats, read_genres(archive).caveats) == ((), ())
    assert stage_echonest(archive, tmp_path).caveats == ()

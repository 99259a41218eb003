"""FMA's tables: streamed ones are audited before their files are committed, and one refusal stops one table."""

import re
from io import BytesIO
from itertools import count as counted
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest
from fma_files import GENRES, IDS, echonest_csv, features_csv, folder_of, tracks_csv

from genrelab.lake.lake import Lake
from genrelab.lake.validation_records import read_records, refused_try
from genrelab.lake.version import TableVersion
from genrelab.lake.waivers import Waiver, add_waiver, waived_rules
from genrelab.runtime.errors import RefusedError
from genrelab.runtime.settings import Settings
from genrelab.sources.fma import open_archive, stage_echonest
from genrelab.tables.fma import FMA_ECHONEST
from tasks.publishing.audit import PublishContext
from tasks.publishing.publish import audit_and_publish_staged, publish_released
from tasks.publishing.work_fma import _publish_all

TABLE = FMA_ECHONEST.name


def put(lake: Lake, folder: Path, *changes: dict[str, object], count: int = 40) -> TableVersion:
    archive = open_archive(
        folder_of(folder / "fma", echonest_csv=echonest_csv(*changes, count=count), tracks_csv=tracks_csv())
    )
    staged = stage_echonest(archive, lake.staging(TABLE), waived_rules(lake.home, TABLE, "fma"))
    return audit_and_publish_staged(lake, staged, PublishContext("fma", is_sample=False))


def test_a_streamed_table_leaves_a_record(lake: Lake, tmp_path: Path) -> None:
    """With what the gate rejected, the rules of the columns and the rules of a person."""

    version = put(lake, tmp_path, {"energy": 7}, {"tempo": 0})
    (record,) = read_records(lake.home)
    failed = {check.rule for check in record.checks if not check.passed}
    assert (record.verdict, record.quarantined, version.counts.quarantined) == ("warned", 1, 1)
    assert {"energy: 0 to 1", "tempo: above 0"} <= failed


def test_a_refused_streamed_table_is_not_committed(lake: Lake, tmp_path: Path) -> None:
    """Its files are removed, the last good version stays."""

    put(lake, tmp_path / "good")
    with pytest.raises(RefusedError, match=r"15\.0% of the records were rejected \(6 of 40\)"):
        put(lake, tmp_path / "bad", *[{"energy": 7}] * 6)
    assert lake.current(TABLE).version == 0
    assert list((lake.home.lake / ".staging").rglob("*.parquet")) == []
    assert refused_try(lake.home, TABLE).quarantined == 6


def test_a_release_opens_the_gate(lake: Lake, tmp_path: Path) -> None:
    """Both at once, out of quarantine, and when the archive is read again."""

    put(lake, tmp_path / "first", {"energy": 7})
    rule = "energy: 0 to 1"
    add_waiver(lake.home, Waiver(TABLE, rule, "fma", "checked", "me", "2026-01-01T00:00:00+00:00"))
    version = publish_released(lake, FMA_ECHONEST)
    assert (version.counts.rows, version.counts.quarantined) == (40, 0)
    again = put(lake, tmp_path / "again", {"energy": 7}, {"energy": 8, "tempo": 999})
    assert (again.counts.rows, again.counts.quarantined) == (39, 1)
    assert any("energy: 0 to 1: 1 rows released" in warning for warning in again.warnings)


def test_one_refused_table_does_not_keep_the_others_back(lake: Lake, tmp_path: Path) -> None:
    """An artist in two parts of the split refuses the tracks; genres and features are published."""

    folder = folder_of(
        tmp_path / "fma",
        tracks_csv=tracks_csv({"split": "test"}),
        genres_csv=GENRES,
        features_csv=features_csv(),
        echonest_csv=echonest_csv(),
    )
    settings = Settings(home=lake.home, fma=str(folder))
    with pytest.raises(RefusedError, match="artist_id: in one part of the split") as refused:
        _publish_all(lake, open_archive(folder), settings)
    assert "published: fma_genres, fma_echonest, fma_features" in str(refused.value)
    assert lake.find("fma_tracks") is None
    assert lake.current("fma_features").counts.rows == 5


def test_a_file_without_a_legal_row_is_refused_with_its_rows_in_quarantine(
    lake: Lake, tmp_path: Path
) -> None:
    """Its ids were not saved: the first feature stands where they belong."""

    without_ids = b"\n".join(
        line.split(b",", 1)[1] for line in features_csv().splitlines() if b"track_id" not in line
    )
    folder = folder_of(tmp_path / "fma", features_csv=without_ids, echonest_csv=echonest_csv())
    with pytest.raises(RefusedError, match=r"fma_features .*rejected \(5 of 5\).*the id column is missing"):
        _publish_all(lake, open_archive(folder), Settings(home=lake.home, fma=str(folder)))
    kept = refused_try(lake.home, "fma_features").quarantine
    assert len(pq.read_table(lake.home.quarantine / kept)) == 5
    assert lake.current("fma_echonest").counts.rows == 5


def test_a_file_that_cannot_be_read_does_not_keep_the_others_back(lake: Lake, tmp_path: Path) -> None:
    """Row numbers for ids in one of them."""

    numbers = counted()
    numbered = re.sub(rb"(?m)^[0-9]+,", lambda _: b"%d," % next(numbers), echonest_csv())
    folder = folder_of(tmp_path / "fma", echonest_csv=numbered, features_csv=features_csv())
    with pytest.raises(RefusedError, match=r"row numbers.*published: fma_genres, fma_tracks, fma_features"):
        _publish_all(lake, open_archive(folder), Settings(home=lake.home, fma=str(folder)))


def test_tables_that_share_no_track_are_refused(lake: Lake, tmp_path: Path) -> None:
    """Ids of other tracks than those of tracks.csv."""

    others = [{"track_id": IDS[90 + n]} for n in range(5)]
    folder = folder_of(tmp_path / "fma", echonest_csv=echonest_csv(*others))
    with pytest.raises(RefusedError, match=r"fma_echonest and tracks\.csv share no track"):
        _publish_all(lake, open_archive(folder), Settings(home=lake.home, fma=str(folder)))
    assert list((lake.home.lake / ".staging").rglob("*.parquet")) == []


def test_caveats_stay_with_the_version(lake: Lake, tmp_path: Path) -> None:
    """Of tables in memory and of streamed ones; few joins are one."""

    others = [{"track_id": IDS[90 + n]} for n in range(4)]
    semicolons = pd.read_csv(BytesIO(tracks_csv()), header=[0, 1], index_col=0).to_csv(sep=";").encode()
    folder = folder_of(tmp_path / "fma", tracks_csv=semicolons, echonest_csv=echonest_csv(*others))
    _publish_all(lake, open_archive(folder), Settings(home=lake.home, fma=str(folder)))
    assert lake.current("fma_tracks").caveats == ("fma/tracks.csv is separated by semicolons",)
    assert lake.current("fma_echonest").caveats == (
        "only 1 of the 5 tracks of fma_echonest are in tracks.csv",
    )

"""Tracks are read, binned and published in batches: with the same result, and all of them or none."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest import mock

import pyarrow as pa
import pyarrow.csv
import pytest
from grouped import grouped, names_of_ids
from made_tracks import as_pull, made_tracks

from genrelab.lake import staging, stored_rows
from genrelab.lake.bucket import Bucket
from genrelab.lake.lake import Lake
from genrelab.lake.version import Counts
from genrelab.rules import Binner, bin_tracks, load_rule_set
from genrelab.runtime.home import Home
from genrelab.runtime.settings import Settings
from genrelab.sources.spotify import parsing
from genrelab.sources.spotify.searched_names import find_searched_names
from tasks.publishing import work_bins, work_ingest
from tasks.run.step import Outcome

ROWS = 400
KILLED_IN_THE_THIRD_BATCH = """
import os, signal, sys
from pathlib import Path
from genrelab.lake import stored_rows
from genrelab.rules import Binner
from genrelab.runtime.home import Home
from genrelab.runtime.settings import Settings
from tasks.publishing import work_bins
stored_rows.BATCH, bin, calls = 100, Binner.bin, []
def killed(self, genres):
    calls.append(1)
    if len(calls) > 5:
        os.kill(os.getpid(), signal.SIGKILL)
    return bin(self, genres)
Binner.bin = killed
work_bins.bin_tracks_of(Settings(home=Home(Path(sys.argv[1]))))
"""


@contextmanager
def batches_of(rows: int) -> Iterator[None]:
    """Batches and files of so many rows."""
    with (
        mock.patch.object(stored_rows, "BATCH", rows),
        mock.patch.object(parsing, "CHUNK_RECORDS", rows),
        mock.patch.object(staging, "FILE_ROWS", 3 * rows),
        mock.patch.multiple(work_bins, publish_rows=mock.DEFAULT, publish_table_summary=mock.DEFAULT),
        mock.patch.object(work_ingest, "publish_table_summary"),
    ):
        yield


def put(lake: Lake, rows: int = ROWS) -> None:
    lake.publish("spotify_tracks", made_tracks(rows), Counts(rows, rows), source="made", is_sample=True)


def binned(home: Home, rows: int) -> Outcome:
    with batches_of(rows):
        return work_bins.bin_tracks_of(Settings(home=home))


def ingested(home: Home, path: Path, rows: int) -> Outcome:
    with batches_of(rows):
        return work_ingest.ingest_tracks(Settings(home=home, spotify=str(path), refuse_above=1.0))


def write_csv(path: Path, rows: int) -> Path:
    """A pull of the made-up tracks, with exact duplicates and with records that are rejected."""
    tracks = made_tracks(rows)
    tracks = pa.concat_tables([tracks, tracks.slice(0, rows // 10)])
    pull = as_pull(tracks)
    energy = pull["energy"].to_pylist()
    energy[7::50] = [7.0] * len(energy[7::50])
    energy[9::50] = ["loud"] * len(energy[9::50])
    place = pull.column_names.index("energy")
    pa.csv.write_csv(pull.set_column(place, "energy", [list(map(str, energy))]), path)
    return path


@pytest.mark.parametrize("rows", [7])
def test_batches_do_not_change_what_is_binned(lake: Lake, rows: int) -> None:
    """Tables, counts and the line are those of one batch; so is what is read of them."""
    put(lake)
    at_once, before = binned(lake.home, ROWS), lake.read("spotify_binned")
    groups = lake.read("artist_groups")

    outcome = binned(lake.home, rows)

    assert (outcome.message, outcome.facts) == (at_once.message, at_once.facts)
    assert lake.read("spotify_binned").equals(before)
    assert lake.read("artist_groups").equals(groups)
    assert [(each.version, each.counts) for each in outcome.published] == [
        (1, Counts(ROWS, ROWS)),
        (1, Counts(len(groups), len(groups))),
    ]


def test_binned_rows_are_those_of_the_whole_table(lake: Lake) -> None:
    """Bins, groups and searched names, each computed of all rows at once; the order stays."""
    put(lake)
    tracks = lake.read("spotify_tracks")
    binned(lake.home, 30)
    found = lake.read("spotify_binned")
    assigned = grouped(tracks)

    assert found.select(tracks.column_names).equals(tracks)
    assert (
        found["bin_classic"]
        .combine_chunks()
        .equals(bin_tracks(tracks["genres"], load_rule_set("classic")).bins)
    )
    assert found["artist_group"].combine_chunks().equals(assigned.groups)
    assert found["part"].combine_chunks().equals(assigned.parts)
    assert lake.read("artist_groups").equals(assigned.known)
    for name, column in vars(find_searched_names(tracks, names_of_ids(tracks))).items():
        assert found[name].combine_chunks().equals(column)


@pytest.mark.parametrize("rows", [7])
def test_batches_do_not_change_what_is_ingested(home: Home, tmp_path: Path, rows: int) -> None:
    """The same rows are published, quarantined and left out as duplicates."""
    path, lake = write_csv(tmp_path / "made.csv", 120), Lake(home)
    at_once = ingested(home, path, 1_000)
    before, rejected = lake.read("spotify_tracks"), lake.rejected("spotify_tracks")

    outcome = ingested(home, path, rows)

    assert len(rejected) == 6
    assert outcome.message == at_once.message
    assert lake.read("spotify_tracks").equals(before)
    assert lake.rejected("spotify_tracks").equals(rejected)
    assert [each.version for each in outcome.published] == [1]


def test_tracks_in_a_bucket_are_binned_like_those_of_a_folder(
    home: Home, bucket: Bucket, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Files are staged on the disk, uploaded one by one, and become one version."""
    there = Lake(home)
    put(there)
    outcome = binned(home, 50)
    monkeypatch.delenv("GENRELAB_LAKE")
    here = Lake(Home(tmp_path / "folder"))
    put(here)
    at_home = binned(here.home, ROWS)

    assert (there.storage.location, here.storage.location) == (bucket.location, "")
    assert outcome.message == at_home.message
    assert [each.version for each in outcome.published] == [0, 0]
    for table in ("spotify_binned", "artist_groups"):
        assert there.read(table).equals(here.read(table))


def test_a_binning_that_fails_between_batches_leaves_the_old_version(lake: Lake) -> None:
    """Nothing staged stays, and the next run publishes."""
    put(lake)
    binned(lake.home, 100)
    before = lake.current("spotify_binned")
    first = Binner.bin

    def fails(self: Binner, genres: pa.ListArray) -> object:
        if self.counts["tracks"] >= 300:
            raise OSError("No space left on device")
        return first(self, genres)

    with mock.patch.object(Binner, "bin", fails), pytest.raises(OSError, match="No space"):
        binned(lake.home, 100)

    assert lake.current("spotify_binned") == before
    assert not list(lake.path(".staging").glob("spotify_binned-*"))
    assert binned(lake.home, 100).published[0].version == before.version + 1


def test_a_binning_that_is_killed_between_batches_leaves_the_old_version(lake: Lake) -> None:
    """What it staged is removed by the next run, which publishes."""
    put(lake)
    binned(lake.home, 100)
    before = lake.current("spotify_binned")

    done = subprocess.run(
        [sys.executable, "-c", KILLED_IN_THE_THIRD_BATCH, str(lake.home.root)],
        check=False,
        capture_output=True,
    )

    assert done.returncode == -9, done.stderr.decode()
    assert lake.current("spotify_binned") == before
    assert len(list(lake.path(".staging").glob("spotify_binned-*"))) == 1
    assert binned(lake.home, 100).published[0].version == before.version + 1
    assert not list(lake.path(".staging").iterdir())

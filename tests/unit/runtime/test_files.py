"""Files are written whole or not at all."""

import pickle
from pathlib import Path

import pytest

from genrelab.lake.ingested import Ingested, Reject, rejects_table
from genrelab.runtime.errors import GenrelabError, SourceError
from genrelab.runtime.files import digest, hash_file, read_json, stat_digest, write_atomically, write_json
from genrelab.tables import TABLES


def test_a_json_file_comes_back(tmp_path: Path) -> None:
    """What was written is read."""

    write_json(tmp_path / "deep" / "x.json", {"name": "Sigur Rós"})
    assert read_json(tmp_path / "deep" / "x.json") == {"name": "Sigur Rós"}


def test_a_damaged_json_file_is_as_good_as_none(tmp_path: Path) -> None:
    """A half-written record of a step only means that the step runs again."""

    (tmp_path / "x.json").write_text('{"a": ')
    assert read_json(tmp_path / "x.json") is None


def test_a_failed_write_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the disk is full the old content stays and nothing lies about."""

    file = tmp_path / "x"
    write_atomically(file, b"old")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_atomically(file, b"new")
    assert (file.read_bytes(), list(tmp_path.iterdir())) == (b"old", [file])


def test_the_fingerprint_of_a_folder_follows_its_files(tmp_path: Path) -> None:
    """A new or changed file changes it; looking does not."""

    (tmp_path / "a").write_text("1")
    before = stat_digest(tmp_path)
    assert stat_digest(tmp_path) == before
    (tmp_path / "b").write_text("1")
    assert stat_digest(tmp_path) != before


def test_hashes_are_those_of_the_bytes(tmp_path: Path) -> None:
    """SHA-1 of the empty file is the well-known one."""

    (tmp_path / "x").write_bytes(b"")
    assert hash_file(tmp_path / "x", "sha1") == "da39a3ee5e6b4b0d3255bfef95601890afd80709"


def test_digest_knows_order_of_keys_does_not_matter() -> None:
    """Two mappings with the same content have one name."""

    assert digest({"a": 1, "b": 2}) == digest({"b": 2, "a": 1}) != digest({"a": 2, "b": 1})


def test_an_error_survives_pickling_with_its_parts() -> None:
    """Prefect stores the exception of a failed run."""

    error = pickle.loads(pickle.dumps(SourceError("no file", found="nothing", do="look")))  # noqa: S301 - our own bytes
    assert isinstance(error, GenrelabError)
    assert str(error) == "no file; found: nothing; to do: look"


def test_records_read_must_add_up() -> None:
    """A reader that loses a record is a programming error."""

    empty = TABLES["origin_tracks"].schema.empty_table()
    rejected = rejects_table([Reject("a", 1, ("r",), ("w",), {"x": 1})])
    assert Ingested(empty, rejected, read=1).read == 1
    with pytest.raises(ValueError, match="2 records read, 0 kept, 1 rejected and 0 left out"):
        Ingested(empty, rejected, read=2)

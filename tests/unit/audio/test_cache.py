"""Features are read back exactly, or not at all."""

import json

import pytest

from genrelab.audio.cache import read_features, write_features
from genrelab.audio.recipes import CLIPS_59, FMA_518

DIGEST = "ab" * 32
FEATURES = {column: number / 7 for number, column in enumerate(CLIPS_59.columns)}


@pytest.fixture
def entry(tmp_path):
    """The file of one entry."""
    write_features(tmp_path, CLIPS_59, DIGEST, 30.0, FEATURES)
    (found,) = tmp_path.rglob("*.json")
    return found


@pytest.mark.usefixtures("entry")
def test_features_are_read_back(tmp_path):
    """By recipe and content; another recipe or content has none."""

    assert read_features(tmp_path, CLIPS_59, DIGEST) == (30.0, FEATURES)
    assert read_features(tmp_path, FMA_518, DIGEST) is None
    assert read_features(tmp_path, CLIPS_59, "cd" * 32) is None


@pytest.mark.parametrize(
    "change",
    [
        lambda stored: stored | {"values": stored["values"][:-1]},
        lambda stored: stored | {"values": [*stored["values"][:-1], float("nan")]},
        lambda stored: stored | {"values": [*stored["values"][:-1], "7"]},
        lambda stored: stored | {"recipe": "clips-59@0"},
        lambda stored: stored | {"digest": "cd" * 32},
        lambda stored: stored | {"seconds": None},
        lambda stored: [stored],
    ],
)
def test_a_changed_entry_is_not_used(tmp_path, entry, change):
    """Too few values, values that are no numbers, another recipe, another file."""

    entry.write_text(json.dumps(change(json.loads(entry.read_text()))))
    assert read_features(tmp_path, CLIPS_59, DIGEST) is None


def test_a_cut_entry_is_not_used(tmp_path, entry):
    """A file that was cut in the middle."""

    entry.write_bytes(entry.read_bytes()[:100])
    assert read_features(tmp_path, CLIPS_59, DIGEST) is None


def test_a_cache_that_cannot_be_written_is_no_error(tmp_path):
    """A file where the folder should be, as a full disk, costs only time."""

    (tmp_path / "cache").write_text("in the way")
    write_features(tmp_path / "cache", CLIPS_59, DIGEST, 30.0, FEATURES)
    assert read_features(tmp_path / "cache", CLIPS_59, DIGEST) is None

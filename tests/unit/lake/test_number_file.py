"""Numbers that wait in a file are those that were written."""

import resource
from pathlib import Path

import numpy as np
import pytest

from genrelab.lake import number_file
from genrelab.lake.number_file import NumberFile
from genrelab.lake.stored_rows import parts_of
from genrelab.runtime.disk import is_full


@pytest.fixture
def waiting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> NumberFile:
    """Seven rows of two numbers, written in two parts and read three rows at a time."""
    monkeypatch.setattr(number_file, "BATCH", 3)
    waiting = NumberFile(np.float64, 2, tmp_path)
    for part in (range(6), range(6, 14)):
        waiting.append(np.array(part, dtype=np.float64).reshape(-1, 2))
    return waiting


def test_slices_are_those_of_the_array(waiting: NumberFile) -> None:
    """Also one that ends behind the last row, and an empty one."""
    rows = np.arange(14.0).reshape(-1, 2)

    assert (len(waiting), waiting.shape) == (7, (7, 2))
    for part in (slice(None), slice(2, 5), slice(5, 99), slice(3, 3)):
        assert np.array_equal(waiting[part], rows[part])


def test_rows_are_taken_in_the_order_asked_for(waiting: NumberFile) -> None:
    """Twice where they are asked for twice."""
    places = np.array([6, 0, 6, 3, 2])

    assert waiting.take(places)[:, 0].tolist() == [12, 0, 12, 6, 4]
    assert waiting.take(np.empty(0, np.int64)).shape == (0, 2)


def test_an_empty_file_has_no_row() -> None:
    """A champion that predicts no track writes nothing."""
    assert NumberFile(np.bool_)[:].tolist() == []
    assert list(parts_of(0)) == []


def test_the_file_has_no_name(waiting: NumberFile, tmp_path: Path) -> None:
    """Nothing is left of a process that is killed."""
    assert len(waiting) == 7
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_an_error_and_loses_no_row(waiting: NumberFile) -> None:
    """The rows of before are read as they were, and new ones come after them once there is room."""
    before = waiting[:]
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (before.nbytes + 20, limits[1]))
    try:
        with pytest.raises(OSError) as raised:  # noqa: PT011 - its number is looked at
            waiting.append(np.ones((3, 2)))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert is_full(raised.value)
    waiting.append(np.full((1, 2), 5.0))
    assert np.array_equal(waiting[:], np.append(before, [[5.0, 5.0]], axis=0))

"""Fixtures shared by all tests."""

import os
from pathlib import Path

import pytest

from genrelab.home import Home
from genrelab.lake import Lake

PROJECT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real files, named by GENRELAB_REAL_DATA; the test is skipped when it is absent."""
    folder = Path(os.environ.get("GENRELAB_REAL_DATA", PROJECT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"no real data at {folder}")
    return folder


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """An empty home that the code under test finds through GENRELAB_HOME."""
    monkeypatch.setenv("GENRELAB_HOME", str(tmp_path))
    return Home(tmp_path)


@pytest.fixture
def lake(home: Home) -> Lake:
    """An empty lake."""
    return Lake(home)

"""A home of small tables, beside FMA's files, as the working folder."""

from pathlib import Path

import pytest
from served import small_champion
from small_tables import small_fma, small_lake

from genrelab.lake.lake import Lake
from genrelab.notebook import places
from genrelab.runtime.home import Home


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Lake:
    """The lake of a home with small tables and a champion; the working folder has fma_metadata beside it."""
    root = tmp_path / "home"
    lake = small_lake(root)
    small_champion(Home(root))
    small_fma(tmp_path / "fma_metadata")
    monkeypatch.setenv("GENRELAB_HOME", str(root))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(places, "_chosen", [])
    return lake

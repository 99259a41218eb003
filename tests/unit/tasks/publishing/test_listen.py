"""The step that listens to the configured folders: skipped while nothing changes, and part of a nightly run."""

import shutil
from pathlib import Path

import pytest
from audio_champion import audio_champion
from served import LABELS
from tones import sine, write_wav

from genrelab.lake.lake import Lake
from genrelab.runtime.errors import SettingsError
from genrelab.runtime.home import Home
from genrelab.runtime.settings import load_settings
from tasks.publishing.listen import has_folders, listen_to_folders

needs_ffmpeg = pytest.mark.skipif(not shutil.which("ffmpeg"), reason="no ffmpeg on this machine")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A home whose settings name the folder `music` beside it."""
    found = Home(tmp_path / "home")
    found.root.mkdir()
    found.settings_file.write_text('[listen]\nfolders = ["../music"]\n')
    monkeypatch.setenv("GENRELAB_HOME", str(found.root))
    (tmp_path / "music").mkdir()
    return found


@needs_ffmpeg
def test_a_folder_is_heard_once_until_something_changes(home: Home, tmp_path: Path) -> None:
    """The second run is skipped; a new file is heard."""

    audio_champion(home)
    write_wav(tmp_path / "music/one.wav", sine(440.0, 2.0))

    first, second = listen_to_folders.fn(load_settings()), listen_to_folders.fn(load_settings())
    assert "1 of 1 files heard" in str(first.message)
    assert second.name == "Unchanged"

    write_wav(tmp_path / "music/two.wav", sine(220.0, 2.0))
    third = listen_to_folders.fn(load_settings())
    assert "2 of 2 files heard" in str(third.message)
    rows = Lake(home).read("listened").to_pylist()
    assert sorted(row["file"] for row in rows) == ["one.wav", "two.wav"]
    assert all(row["genre"] in LABELS for row in rows)


@needs_ffmpeg
def test_a_folder_without_audio_fails(home: Home) -> None:
    """A disk that is not connected looks like an empty folder: the rows stay, and the run says so."""

    audio_champion(home)
    state = listen_to_folders.fn(load_settings())

    assert state.is_failed()
    assert "no audio file" in str(state.message)


@pytest.mark.usefixtures("home")
def test_without_a_champion_it_is_skipped() -> None:
    """The first nightly run may have none."""

    assert listen_to_folders.fn(load_settings()).name == "Skipped"


def test_folders_are_taken_from_the_file_or_the_environment(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Relative to the home in the file; the environment names several."""

    assert load_settings().listen_folders == (tmp_path / "music",)
    monkeypatch.setenv("GENRELAB_LISTEN", "/a:/b")
    assert load_settings().listen_folders == (Path("/a"), Path("/b"))
    monkeypatch.delenv("GENRELAB_LISTEN")
    home.settings_file.write_text('[listen]\nfolders = "music"\n')
    with pytest.raises(SettingsError, match="list of folders"):
        load_settings()


def test_nightly_has_the_flow_only_where_folders_are_configured(home: Home) -> None:
    """Without folders, a run has no further step."""

    assert has_folders()
    home.settings_file.unlink()
    assert not has_folders()
    assert listen_to_folders.fn(load_settings()).name == "Skipped"

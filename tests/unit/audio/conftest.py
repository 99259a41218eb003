"""What tests of audio need: the extra `audio` and ffmpeg."""

import shutil

import pytest


@pytest.fixture(autouse=True, scope="session")
def _audio_is_there() -> None:
    """Tests of audio are skipped where it cannot be decoded."""
    pytest.importorskip("librosa", reason="the extra `audio` is not installed")
    if shutil.which("ffmpeg") is None:
        pytest.skip("ffmpeg is not installed")

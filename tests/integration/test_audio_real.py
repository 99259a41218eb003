"""Both recipes reproduce published features of real clips of the Free Music Archive."""

import json
import shutil
import subprocess

import numpy as np
import pandas as pd
import pytest
from audio_memory import seconds_and_bytes

from genrelab.audio.compute import compute
from genrelab.audio.extract import extract_all, find_files
from genrelab.audio.recipes import CLIPS_59, FMA_518
from genrelab.tables.fma import SIZES

pytestmark = pytest.mark.real
CLIPS = (2, 5, 140)
CLOSE = 1e-4
REWRITTEN = {"chroma_cqt": 0.01, "chroma_cens": 0.01, "tonnetz": 0.07}
"""librosa rewrote the transform below these features: the median of their differences."""


@pytest.fixture(scope="module")
def clips(real_data):
    """The folder of clips."""
    pytest.importorskip("librosa", reason="the extra `audio` is not installed")
    if shutil.which("ffmpeg") is None or not (real_data / "fma_audio").is_dir():
        pytest.skip("no ffmpeg, or no clips")
    return real_data / "fma_audio"


@pytest.fixture(scope="module")
def table(real_data):
    """Published values of the 59 columns, by track."""
    found = pd.read_csv(real_data / "fma_metadata" / "features.csv", header=[0, 1, 2], index_col=0)
    found.columns = ["_".join(levels) for levels in found.columns]
    return found[list(CLIPS_59.columns)]


def published(clips, clip):
    """FMA's own 518 values of a clip, by column."""
    stored = json.loads((clips / "features_of_4_clips.json").read_text())[str(clip)]
    return pd.Series({name.replace("|", "_"): value for name, value in stored.items()})[list(FMA_518.columns)]


@pytest.mark.parametrize("clip", CLIPS)
def test_clips_59(clips, table, clip):
    """Every column is within 1e-4."""

    _, found = compute(clips / f"{clip:06d}.mp3", str(CLIPS_59))
    assert np.abs(pd.Series(found) - table.loc[clip]).max() < CLOSE


@pytest.mark.parametrize("clip", [*CLIPS, 10])
def test_fma_518(clips, clip):
    """Medians by feature within 0.1 %, and all but a few values; features of the rewritten transform within theirs."""

    _, found = compute(clips / f"{clip:06d}.mp3", str(FMA_518))
    official = published(clips, clip)
    apart = (pd.Series(found) - official).abs() / official.abs().clip(lower=1e-9)
    for feature in SIZES:
        those = apart[[name for name in apart.index if name.startswith(f"{feature}_")]]
        assert those.median() < REWRITTEN.get(feature, 1e-6), feature
        if feature not in REWRITTEN:
            assert (those < 1e-3).mean() > 0.98, feature


@pytest.mark.long
def test_all_clips(clips, table, tmp_path):
    """All clips reproduce the 59 columns, in two processes."""

    files, problems = find_files([clips])
    assert len(files) == 43
    assert problems == []
    for each in extract_all(files, CLIPS_59, tmp_path, 2, lambda *_: None):
        assert not each.problem
        assert np.abs(pd.Series(each.features) - table.loc[int(each.path.stem)]).max() < CLOSE


@pytest.mark.long
@pytest.mark.parametrize("clip", [2, 10])
@pytest.mark.parametrize("suffix", ["flac", "wav"])
@pytest.mark.parametrize("recipe", [CLIPS_59, FMA_518])
def test_other_formats(clips, tmp_path, clip, suffix, recipe):
    """The same clip as FLAC or WAV has the same features within 1 % (median)."""

    source = clips / f"{clip:06d}.mp3"
    target = tmp_path / f"clip.{suffix}"
    subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-i", source, target], check=True, timeout=100)
    expected, found = (pd.Series(compute(path, str(recipe))[1]) for path in (source, target))
    assert ((found - expected).abs() / expected.abs().clip(lower=1e-9)).median() < 0.01


@pytest.mark.long
def test_three_hours(clips, tmp_path):
    """Of three hours the middle four minutes are analysed, in less than 600 MB."""

    target = tmp_path / "long.mp3"
    loop = ["ffmpeg", "-nostdin", "-v", "error", "-stream_loop", "359", "-i", clips / "000002.mp3"]
    subprocess.run([*loop, "-c", "copy", target], check=True, timeout=100)
    seconds, memory = seconds_and_bytes(target, "fma-518@1")
    assert seconds == pytest.approx(FMA_518.longest, abs=0.1)
    assert memory < 600e6

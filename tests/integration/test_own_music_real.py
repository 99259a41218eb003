"""Features of real music: the archive's clips, the same clips in other formats, and music that Debian ships."""

import shutil
import subprocess
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.ensemble import ExtraTreesClassifier

from genrelab.audio.extract import Extracted, extract_all, find_files
from genrelab.audio.recipes import CLIPS_59
from genrelab.tables.fma import feature_name

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(not shutil.which("ffmpeg"), reason="ffmpeg is not installed"),
]
CLIPS = 43
TOLERANCE = 1e-4
FORMATS = {"flac": (), "wav": ("-sample_fmt", "s16")}
SAME_GENRE = 0.9
DEBIAN = ("frozen-bubble-data", "asc-music")


def extracted(paths, cache: Path) -> list[Extracted]:
    files, problems = find_files(paths)
    assert problems == []
    return list(extract_all(files, CLIPS_59, cache, 2, lambda *_: None))


def frame_of(found: list[Extracted]) -> pd.DataFrame:
    """Return the features by the stem of the file; a file that cannot be used fails the test with its problem."""
    assert [one.problem for one in found if one.problem] == []
    rows = {one.path.stem: one.features for one in found}
    return pd.DataFrame.from_dict(rows, orient="index")[list(CLIPS_59.columns)]


@pytest.fixture(scope="module")
def cache(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="module")
def clips(real_data: Path, cache: Path) -> pd.DataFrame:
    """The features of the archive's clips, computed once."""
    return frame_of(extracted([real_data / "fma_audio"], cache))


@pytest.fixture(scope="module")
def published(real_data: Path) -> pd.DataFrame:
    """The 59 columns as published, by track id; tracks without them are left out."""
    file = real_data / "fma_metadata" / "features.csv"
    found = pd.read_csv(file, header=[0, 1, 2], index_col=0, low_memory=False)
    found.columns = [feature_name(feature, moment, int(number)) for feature, moment, number in found.columns]
    return found[list(CLIPS_59.columns)].apply(pd.to_numeric, errors="coerce").dropna()


@pytest.mark.real
def test_every_clip_has_the_published_features(clips, published):
    """Of 43 clips, all 59 columns."""
    assert len(clips) == CLIPS
    expected = published.loc[clips.index.astype(int)]

    np.testing.assert_allclose(clips.to_numpy(), expected.to_numpy(), rtol=TOLERANCE, atol=TOLERANCE)


@pytest.mark.real
def test_the_second_time_nothing_is_computed(real_data, cache, clips):
    """The content decides: copies under other names are known too."""
    again = extracted([real_data / "fma_audio"], cache)

    assert all(one.was_cached for one in again)
    pd.testing.assert_frame_equal(frame_of(again), clips)


@pytest.mark.real
@pytest.mark.parametrize("ending", FORMATS)
def test_another_format_gives_the_same_features_and_mostly_the_same_genre(
    real_data, clips, published, tmp_path, ending
):
    """By a forest that is fitted on the published features of other tracks."""
    for clip in (real_data / "fma_audio").glob("*.mp3"):
        target = tmp_path / f"{clip.stem}.{ending}"
        subprocess.run(["ffmpeg", "-v", "error", "-i", clip, *FORMATS[ending], target], check=True)
    found = frame_of(extracted([tmp_path], tmp_path / "cache")).loc[clips.index]

    differences = (found - clips).abs() / clips.abs()
    assert float(np.median(differences.to_numpy())) < 0.01

    forest = _forest(real_data, published.drop(clips.index.astype(int)))
    same = forest.predict(found.to_numpy()) == forest.predict(clips.to_numpy())
    assert same.mean() >= SAME_GENRE


def _forest(real_data: Path, features: pd.DataFrame) -> ExtraTreesClassifier:
    tracks = pd.read_csv(
        real_data / "fma_metadata" / "tracks.csv", header=[0, 1], index_col=0, low_memory=False
    )
    genres = tracks["track", "genre_top"].reindex(features.index).dropna()
    return ExtraTreesClassifier(200, min_samples_leaf=2, random_state=0, n_jobs=2).fit(
        features.loc[genres.index].to_numpy(), genres
    )


@pytest.mark.parametrize("package", DEBIAN)
def test_music_that_debian_ships_has_features(package, tmp_path):
    """Free music of games, in other formats than the archive's; sound effects below a second say why they have none."""
    music = _unpacked(package, tmp_path)
    found = list(extract_all(find_files([music])[0], CLIPS_59, tmp_path / "cache", 2, lambda *_: None))

    with_features = [one for one in found if one.features]
    assert with_features, [one.problem for one in found]
    assert all(set(one.features) == set(CLIPS_59.columns) for one in with_features)
    assert all(np.isfinite(list(one.features.values())).all() for one in with_features)
    assert {one.problem.partition(";")[0] for one in found if one.problem} <= {
        "this file is too short",
        "this file is silent",
    }


def _unpacked(package: str, folder: Path) -> Path:
    """Download a package of Debian and unpack it, without installing it."""
    if not (shutil.which("apt-get") and shutil.which("dpkg-deb")):
        pytest.skip("no apt-get: not a Debian system")
    done = subprocess.run(
        ["apt-get", "download", "-q", package], cwd=folder, capture_output=True, text=True, check=False
    )
    archives = list(folder.glob("*.deb"))
    if done.returncode or not archives:
        pytest.skip(f"apt-get cannot download {package}: {done.stderr.strip()[-200:]}")
    subprocess.run(["dpkg-deb", "-x", archives[0], folder / "package"], check=True)
    return folder / "package"

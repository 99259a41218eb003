"""Features of real music: the archive's clips, the same clips in other formats, and music that Debian ships."""

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from audio_champion import audio_champion, compile_forest
from click.testing import CliRunner
from sklearn.ensemble import ExtraTreesClassifier

from genrelab.audio.extract import Extracted, extract_all, find_files
from genrelab.audio.listening import NEAREST, cache_of
from genrelab.audio.recipes import CLIPS_59
from genrelab.runtime.home import Home
from genrelab.tables.fma import feature_name
from genrelab_cli.main import cli

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


@pytest.fixture(scope="module")
def home(real_data: Path, published: pd.DataFrame, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home with a compiled champion: a forest on the published features of all tracks but the clips."""
    clips = [int(clip.stem) for clip in (real_data / "fma_audio").glob("*.mp3")]
    tracks = pd.read_csv(
        real_data / "fma_metadata" / "tracks.csv", header=[0, 1], index_col=0, low_memory=False
    )
    genres = tracks["track", "genre_top"].reindex(published.index.difference(clips)).dropna()
    labels, frame = tuple(sorted(genres.unique())), published.loc[genres.index]
    numbers = genres.map(labels.index).to_numpy()
    forest = ExtraTreesClassifier(200, min_samples_leaf=2, random_state=0, n_jobs=2).fit(frame, numbers)
    found = Home(tmp_path_factory.mktemp("home"))
    compile_forest(found, forest, frame.reset_index(drop=True), labels)
    return found


@pytest.fixture
def listen(home: Home, monkeypatch: pytest.MonkeyPatch) -> Callable[..., dict[str, dict[str, Any]]]:
    """Runs `genrelab listen --json`, and returns its answers by the stem of the file."""
    monkeypatch.setenv("GENRELAB_HOME", str(home.root))

    def run(folder: Path, code: int | None = 0) -> dict[str, dict[str, Any]]:
        done = CliRunner().invoke(cli, ["listen", str(folder), "--json"])
        assert done.exit_code in {0, 1} if code is None else done.exit_code == code, done.output
        return {Path(each["path"]).stem: each for each in json.loads(done.stdout)}

    return run


@pytest.fixture
def answers(real_data: Path, listen: Callable[..., dict[str, dict[str, Any]]]) -> dict[str, dict[str, Any]]:
    """What the command says of the archive's clips."""
    return listen(real_data / "fma_audio")


@pytest.mark.real
def test_the_command_names_a_genre_for_every_clip(answers, listen, real_data):
    """With probabilities that add up, near tracks and no problem; a second run says the same without the model."""
    assert len(answers) == CLIPS
    for one in answers.values():
        assert (one["problem"], one["recipe"], one["is_sample"]) == ("", str(CLIPS_59), False)
        assert sum(one["probabilities"].values()) == pytest.approx(1, abs=1e-4)
        assert one["probability"] == one["probabilities"][one["genre"]] == max(one["probabilities"].values())
        assert len(one["nearest"]) == NEAREST
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("genrelab.serving.champion.load_champion", lambda *_: pytest.fail("it was loaded"))
        assert listen(real_data / "fma_audio") == answers


@pytest.mark.real
def test_the_genres_are_better_than_the_most_frequent_one(answers, real_data):
    """Of clips whose genre the archive knows, by a champion that has never heard them."""
    tracks = pd.read_csv(
        real_data / "fma_metadata" / "tracks.csv", header=[0, 1], index_col=0, low_memory=False
    )
    known = tracks["track", "genre_top"].reindex([int(stem) for stem in answers]).dropna()
    right = sum(answers[f"{track:06d}"]["genre"] == genre for track, genre in known.items())

    assert right > known.value_counts().iloc[0]


@pytest.mark.real
@pytest.mark.parametrize("ending", FORMATS)
def test_another_format_gives_the_same_features_and_mostly_the_same_genre(
    real_data, clips, answers, listen, home, tmp_path, ending
):
    """The first genre that the command names, for clips written again by ffmpeg."""
    for clip in (real_data / "fma_audio").glob("*.mp3"):
        target = tmp_path / f"{clip.stem}.{ending}"
        subprocess.run(["ffmpeg", "-v", "error", "-i", clip, *FORMATS[ending], target], check=True)
    found = listen(tmp_path)
    features = frame_of(extracted([tmp_path], cache_of(home))).loc[clips.index]

    differences = (features - clips).abs() / clips.abs()
    assert float(np.median(differences.to_numpy())) < 0.01
    same = [found[stem]["genre"] == one["genre"] for stem, one in answers.items()]
    assert np.mean(same) >= SAME_GENRE


@pytest.mark.parametrize("package", DEBIAN)
def test_music_that_debian_ships_is_heard(package, tmp_path, monkeypatch):
    """Free music of games, in other formats than the archive's; sound effects below a second say why they have none.

    The champion is made up, so that no real data are needed.
    """
    audio_champion(Home(tmp_path / "home"))
    monkeypatch.setenv("GENRELAB_HOME", str(tmp_path / "home"))
    music = _unpacked(package, tmp_path)
    done = CliRunner().invoke(cli, ["listen", str(music), "--json"])
    found = json.loads(done.stdout)

    assert [one for one in found if one["genre"]], found
    assert done.exit_code == int(any(one["problem"] for one in found))
    assert {one["problem"].partition(";")[0] for one in found} <= {
        "",
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

"""`genrelab listen` and files that are unusual or cannot be used: each gets a genre or a line with the reason."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from audio_champion import audio_champion
from audio_memory import seconds_and_bytes
from click.testing import CliRunner
from tones import noise, silence, sine, write_music, write_wav

from genrelab.audio.recipes import RECIPES
from genrelab.runtime.home import Home
from genrelab_cli.main import cli

pytestmark = pytest.mark.skipif(not shutil.which("ffmpeg"), reason="no ffmpeg on this machine")
HEARD = (
    "-dash.wav",
    "8 kHz.wav",
    "192 kHz.wav",
    "5.1 channels.wav",
    "mono.wav",
    "new\nline.wav",
    "\x1b[31mred.wav",
    "Øystein 日本の歌 العربية עברית 🎵.wav",
    f"{'long' * 60}.wav",
)
REASONS = {
    "empty.mp3": "this file is empty",
    "cut.wav": "this file is cut or damaged",
    "corrupt.flac": "this file is cut or damaged",
    "silent.wav": "this file is silent",
    "short.wav": "this file is too short",
    "video.m4a": "this is a video",
    "text.mp3": "this is not audio",
    "loop.mp3": "this cannot be read",
    "pipe.mp3": "this is not a file",
}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A home with a champion of audio."""
    found = Home(tmp_path / "home")
    monkeypatch.setenv("GENRELAB_HOME", str(found.root))
    audio_champion(found)
    return found


@pytest.fixture
def music(tmp_path: Path) -> Path:
    """A folder with a file of each kind."""
    folder = tmp_path / "music"
    tone = sine(440, 2)
    for name in HEARD:
        write_wav(folder / name, tone)
    write_wav(folder / "8 kHz.wav", sine(440, 2, 8_000), rate=8_000)
    write_wav(folder / "192 kHz.wav", sine(440, 2, 192_000), rate=192_000)
    write_wav(folder / "5.1 channels.wav", tone, *[silence(2)] * 5)
    os.link(folder / "mono.wav", os.fsencode(folder) + b"/M\xfcller.wav")
    (folder / "empty.mp3").touch()
    write_wav(folder / "cut.wav", noise(3))
    os.truncate(folder / "cut.wav", 100_000)
    convert(write_music(tmp_path / "piece.wav"), folder / "corrupt.flac")
    damage(folder / "corrupt.flac")
    write_wav(folder / "silent.wav", silence())
    write_wav(folder / "short.wav", noise(0.2))
    picture = ("-f", "lavfi", "-i", "testsrc=s=32x32", "-t", "2", "-f", "mp4")
    convert(folder / "mono.wav", folder / "video.m4a", *picture)
    (folder / "text.mp3").write_text("This is not music.\n" * 100)
    (folder / "loop.mp3").symlink_to("loop.mp3")
    (folder / "again").symlink_to(".")
    os.mkfifo(folder / "pipe.mp3")
    return folder


def convert(source: Path, target: Path, *options: str) -> None:
    """Write another format with ffmpeg."""
    command = ["ffmpeg", "-nostdin", "-v", "error", "-i", source, *options, target]
    subprocess.run(command, check=True, timeout=100)


def damage(path: Path) -> None:
    """Overwrite all but the first and last kilobyte with noise."""
    content = bytearray(path.read_bytes())
    content[1024:-1024] = np.random.default_rng(0).bytes(len(content) - 2048)
    path.write_bytes(content)


@pytest.mark.usefixtures("home")
def test_each_file_has_a_genre_or_a_reason(music: Path) -> None:
    """One run over all of them: the rest goes on, and the exit code is 1."""

    done = CliRunner().invoke(cli, ["listen", str(music), "--json"])
    found = json.loads(done.stdout)
    genres = {Path(each["path"]).name: each["genre"] for each in found if not each["problem"]}
    reasons = {Path(each["path"]).name: each["problem"].split(";")[0] for each in found if each["problem"]}

    assert done.exit_code == 1, done.exception
    assert reasons == REASONS
    assert set(genres) == {*HEARD, "M\ufffdller.wav"}
    assert len(set(genres.values()) - {None}) > 0


@pytest.mark.usefixtures("home")
def test_the_table_names_them_without_moving_the_cursor(music: Path) -> None:
    """Names with line ends and colours are on one line each; reasons are on the error stream, one line each."""

    done = CliRunner().invoke(cli, ["listen", str(music)])

    assert done.stderr.count("not heard: ") == len(done.stderr.splitlines()) == len(REASONS)
    assert "\x1b" not in done.output
    assert "new?line.wav" in done.output
    assert f"{len(HEARD) + 1} of {len(HEARD) + 1 + len(REASONS)} files heard" in done.output


@pytest.mark.usefixtures("home")
def test_what_may_not_be_read_is_named(tmp_path: Path) -> None:
    """A file and a folder; the others are heard. Also where root runs the tests: without root's privilege."""

    folder = tmp_path / "closed"
    for name in ("fine.wav", "secret.wav", "sub/inner.wav"):
        write_wav(folder / name, sine(440, 2))
    (folder / "secret.wav").chmod(0)
    (folder / "sub").chmod(0)
    command = [sys.executable, "-m", "genrelab_cli.main", "listen", str(folder), "--json"]
    if os.geteuid() == 0:
        if shutil.which("setpriv") is None:
            pytest.skip("root may read everything, and there is no setpriv to change that")
        command = ["setpriv", "--bounding-set=-dac_override,-dac_read_search", *command]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    (folder / "sub").chmod(0o700)

    problems = {Path(each["path"]).name: each["problem"] for each in json.loads(done.stdout)}
    assert done.returncode == 1, done.stderr
    assert problems.pop("fine.wav") == ""
    assert set(problems) == {"secret.wav", "sub"}
    assert all("found: Permission denied" in problem for problem in problems.values())


@pytest.mark.long
@pytest.mark.parametrize("suffix", ["mp3", "flac"])
def test_three_hours_are_read_in_pieces(tmp_path: Path, suffix: str) -> None:
    """The middle is analysed by both recipes, in less than 600 MB."""

    minute, target = tmp_path / f"minute.{suffix}", tmp_path / f"three hours.{suffix}"
    convert(write_wav(tmp_path / "minute.wav", sine(220, 60), sine(330, 60)), minute)
    loop = ["ffmpeg", "-nostdin", "-v", "error", "-stream_loop", "179", "-i", minute]
    how = ("-c", "copy") if suffix == "mp3" else ("-compression_level", "0")
    subprocess.run([*loop, *how, target], check=True, timeout=600)
    for recipe in RECIPES.values():
        seconds, memory = seconds_and_bytes(target, str(recipe))
        assert seconds == pytest.approx(recipe.longest, abs=0.1)
        assert memory < 600e6


@pytest.mark.long
def test_six_channels_at_192_khz_need_no_more_memory(tmp_path: Path) -> None:
    """Ten minutes, of which four are analysed."""

    target = tmp_path / "large.flac"
    sound = "sine=frequency=220:duration=600:sample_rate=192000"
    command = ["ffmpeg", "-nostdin", "-v", "error", "-f", "lavfi", "-i", sound, "-ac", "6", target]
    subprocess.run(command, check=True, timeout=600)
    seconds, memory = seconds_and_bytes(target, "fma-518@1")

    assert seconds == pytest.approx(240, abs=0.1)
    assert memory < 600e6

"""Tags on a disk that is really full, and in processes that are really killed: no file is ever damaged."""

import json
import resource
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from tones import convert, sine, sound, write_wav

from genrelab.audio.extract import COPY, find_files
from genrelab.audio.tags import read_genres, records, remove_copies, undo
from genrelab.runtime.home import Home

pytestmark = pytest.mark.skipif(not shutil.which("ffmpeg"), reason="ffmpeg is not installed")
FORMATS = ("mp3", "flac", "ogg", "m4a")
WRITES = """
import sys
from pathlib import Path
from genrelab.audio.tags import write_genre
from genrelab.runtime.errors import GenrelabError
from genrelab.runtime.files import hash_file
from genrelab.runtime.home import Home

home, times, *files = sys.argv[1:]
for number in range(int(times)):
    for file in map(Path, files):
        try:
            write_genre(Home(Path(home)), file, ("Folk", "Rock")[number % 2], hash_file(file))
            print("written", flush=True)
        except GenrelabError as error:
            print(error, flush=True)
"""
"""Writes one genre, then the other, into each file."""


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """An empty home."""
    return Home(tmp_path / "home")


def made_music(folder: Path, seconds: float = 3.0) -> list[Path]:
    """A tone in every format, labelled as Polka."""
    folder.mkdir(exist_ok=True)
    tone = write_wav(folder / "tone.wav", sine(440, seconds))
    made = [convert(tone, folder / f"tone.{suffix}", "-metadata", "genre=Polka") for suffix in FORMATS]
    tone.unlink()
    return made


def writer(home: Home, files: list[Path], times: int = 1) -> list[str]:
    """The command of a process that writes tags."""
    return [sys.executable, "-c", WRITES, str(home.root), str(times), *map(str, files)]


def limited(size: int) -> None:
    """Let this process write no file larger than a size, as on a disk without more space."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def test_a_limit_of_the_system_is_reported_and_harms_nothing(tmp_path: Path, home: Home) -> None:
    """Every size of a copy, from its first block to one block less than the whole, is too little."""

    files = made_music(tmp_path / "music")
    contents = [file.read_bytes() for file in files]
    for part in (0.0, 0.5, 0.99):
        for file in files:
            size = int(part * file.stat().st_size)
            done = subprocess.run(
                writer(home, [file]),
                preexec_fn=lambda size=size: limited(size),
                capture_output=True,
                text=True,
                check=True,
            )
            assert "cannot be read or written; found: File too large" in done.stdout, done.stderr

    assert [file.read_bytes() for file in files] == contents
    assert sorted(files[0].parent.iterdir()) == sorted(files)
    assert records(home) == []


FULL = """
import errno, json, shutil, subprocess, sys
from pathlib import Path
from genrelab.audio.tags import write_genre
from genrelab.runtime.errors import GenrelabError
from genrelab.runtime.files import hash_file
from genrelab.runtime.home import Home

disk, source, music, home = map(Path, sys.argv[1:5])
if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "none", str(disk)]).returncode:
    sys.exit(77)
shutil.copytree(source, music)
with (disk / "filler").open("wb", buffering=0) as filler:
    try:
        while filler.write(bytes(4096)):
            pass
    except OSError as error:
        assert error.errno == errno.ENOSPC
    filler.truncate(filler.tell() - int(sys.argv[5]) * 1024)
files = sorted(music.iterdir())
before, said = [hash_file(file) for file in files], []
for file in files:
    try:
        said.append(write_genre(Home(home), file, "Folk", hash_file(file)))
    except GenrelabError as error:
        said.append(str(error))
print(json.dumps({
    "said": said,
    "are_same": [hash_file(file) for file in files] == before,
    "are_alone": sorted(music.iterdir()) == files,
}))
"""
"""Mounts a disk of one megabyte, fills it but for some kilobytes, and writes tags with the music or the home there."""


@pytest.mark.parametrize(
    ("music", "home", "free"),
    [("disk/music", "home", 0), ("disk/music", "home", 8), ("music", "disk/home", 0)],
)
def test_a_full_disk_is_reported_and_harms_nothing(tmp_path: Path, music: str, home: str, free: int) -> None:
    """Neither where the music is nor where the record for undoing is kept; no copy stays beside the files."""

    files = made_music(tmp_path / "source")
    assert min(file.stat().st_size for file in files) > 1024 * free
    (tmp_path / "disk").mkdir()
    places = [tmp_path / name for name in ("disk", "source", music, home)]
    try:
        done = subprocess.run(
            ["unshare", "-rm", sys.executable, "-c", FULL, *places, str(free)],
            capture_output=True,
            text=True,
            check=False,
        )
    except FileNotFoundError:
        pytest.skip("no program unshare: not a Linux system")
    if done.returncode == 77 or done.stderr.startswith("unshare"):
        pytest.skip(f"a disk of one's own cannot be mounted here: {done.stderr.strip()[:100]}")

    found = json.loads(done.stdout)
    assert ["found: No space left on device; to do: free some space" in each for each in found["said"]] == (
        [True] * len(files)
    )
    assert found["are_same"]
    assert found["are_alone"]


@pytest.mark.parametrize("rounds", [3, pytest.param(60, marks=pytest.mark.long)])
def test_a_kill_at_any_moment_leaves_whole_files(tmp_path: Path, home: Home, rounds: int) -> None:
    """The sound is the same, the genre is one of those written or the old one, and undoing gets every file back."""

    files = made_music(tmp_path / "music")
    sounds = [sound(file) for file in files]
    random = np.random.default_rng(rounds)
    seen: set[tuple[str, ...]] = set()
    left = 0
    for _ in range(rounds):
        process = subprocess.Popen(writer(home, files, 1000), stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        assert process.stdout.readline() == "written\n"
        time.sleep(random.uniform(0, 0.1))
        process.send_signal(signal.SIGKILL)
        said = process.communicate()[0]
        assert set(said.split()) <= {"written"}
        assert process.returncode == -signal.SIGKILL

        seen |= {read_genres(file) for file in files}
        assert [sound(file) for file in files] == sounds
        left += sum(path.name.startswith(COPY) for path in files[0].parent.iterdir())
        assert find_files([files[0].parent]) == (sorted(files), [])

    assert seen <= {("Polka",), ("Folk",), ("Rock",)}
    if rounds > 10:
        assert left > 0, "no kill fell between the copy and its removal: the test proves little"
    remove_copies(files)
    assert sorted(files[0].parent.iterdir()) == sorted(files)
    for record in records(home):
        undo(home, record)
    assert [read_genres(file) for file in files] == [("Polka",)] * len(files)
    assert [sound(file) for file in files] == sounds

"""Computes the features of many audio files: in parallel, cached by content, and resumable.

Conventions: a file that cannot be used is never an exception but an `Extracted` with a `problem`; the others go on.
Threads of this process hash files and read the cache, so workers start only where something must be computed.
"""

import hashlib
import importlib.util
import os
import shutil
import stat
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from genrelab.audio.cache import read_features, write_features
from genrelab.audio.compute import OutOfReachError, compute, compute_there
from genrelab.audio.recipes import Recipe
from genrelab.runtime import engine
from genrelab.runtime import progress as progress_of_run
from genrelab.runtime.dask_workers import DaskWorkers
from genrelab.runtime.errors import GenrelabError, SourceError
from genrelab.runtime.files import hash_file
from genrelab.runtime.workers import EngineLostError, WorkerLostError, Workers

SUFFIXES = (".aac", ".aif", ".aiff", ".flac", ".m4a", ".mp3", ".oga", ".ogg", ".opus", ".wav", ".wma")
"""Names of audio files that a folder is searched for; a file that is named itself may have any name."""
COPY = ".genrelab-"
"""Begins the name of a copy into which a tag is written; a killed process may leave one."""
AHEAD = 4
"""Files for each process that are submitted before the first result is taken."""
MOST_THREADS = 64
"""Threads that hash files and wait for workers."""
EMPTY = hashlib.sha256().hexdigest()


@dataclass(frozen=True)
class Extracted:
    """The features of one file, or why there are none.

    Args:
        path: The file.
        digest: sha256 of its content, in hexadecimal; empty if it could not be read.
        recipe: Name and version of the recipe, e.g. `clips-59@1`.
        seconds: Length of the audio that was analysed.
        features: Values by column, all finite; None with a problem.
        problem: What is wrong, what was found, what to do; empty without a problem.
        was_cached: Whether the values are of an earlier run.
    """

    path: Path
    digest: str
    recipe: str
    seconds: float
    features: dict[str, float] | None
    problem: str
    was_cached: bool


def require_audio() -> None:
    """Check that librosa and ffmpeg are there.

    Raises:
        GenrelabError: One of them is missing, with the commands to install it.
    """
    if importlib.util.find_spec("librosa") is None:
        raise GenrelabError(
            "features of audio need the extra `audio`",
            found="no module librosa",
            do=".venv/bin/python -m pip install --require-hashes -r requirements-audio.lock",
        )
    for program in ("ffmpeg", "ffprobe"):
        if shutil.which(program) is None:
            raise GenrelabError(
                "features of audio need ffmpeg",
                found=f"no program {program}",
                do="install it; on Debian and Ubuntu: apt-get install ffmpeg; on macOS: brew install ffmpeg",
            )


def find_files(paths: Sequence[Path]) -> tuple[list[Path], list[Extracted]]:
    """Return the audio files among files and folders, each once, and what could not be searched.

    Args:
        paths: Files, taken whatever their name, and folders, searched recursively for names in `SUFFIXES`. Links are
            followed; a folder is searched once, so loops end.

    Returns:
        The files in order, and one `Extracted` with a problem for each path that is missing or may not be read.
    """
    files: dict[Path, None] = {}
    problems: list[Extracted] = []
    seen: set[tuple[int, int]] = set()
    for path in paths:
        try:
            is_folder = stat.S_ISDIR(path.stat().st_mode)
        except (OSError, ValueError) as error:
            problems.append(_unread(path, error))
            continue
        found = _search(path, seen, problems) if is_folder else [path]
        files.update(dict.fromkeys(found))
    return list(files), problems


def _search(folder: Path, seen: set[tuple[int, int]], problems: list[Extracted]) -> Iterator[Path]:
    """Yield the audio files of a folder and of those below it that were not seen yet."""

    def report(error: OSError) -> None:
        problems.append(_unread(Path(error.filename), error))

    for place, folders, names in os.walk(folder, onerror=report, followlinks=True):
        try:
            found = Path(place).stat()
        except OSError as error:
            report(error)
            found = None
        if found is None or (found.st_dev, found.st_ino) in seen:
            folders.clear()
            continue
        seen.add((found.st_dev, found.st_ino))
        folders.sort()
        for name in sorted(names):
            # ._NAME holds what macOS stores beside a file on other systems' disks
            if name.lower().endswith(SUFFIXES) and not name.startswith(("._", COPY)):
                yield Path(place, name)


def extract_all(
    paths: Sequence[Path],
    recipe: Recipe,
    cache: Path,
    processes: int,
    progress: Callable[[int, int], None],
) -> Iterator[Extracted]:
    """Yield the features of each file, in the order of the files.

    Args:
        paths: Audio files, as `find_files` returns them.
        recipe: How the features are computed.
        cache: Folder for the features of each content; a second run reads them there.
        processes: Worker processes, at least 1.
        progress: Called with the number of finished files and of all files.
    """
    count = max(1, min(processes, len(paths)))
    with ThreadPoolExecutor(MOST_THREADS) as threads, engine.workers(count) as workers:
        compute_one = _Computing(workers)
        waiting: deque[Future[Extracted]] = deque()
        done = 0
        for path in paths:
            waiting.append(threads.submit(_extract, path, recipe, cache, compute_one))
            if len(waiting) > AHEAD * workers.size:  # results of a large collection are not held in memory
                yield waiting.popleft().result()
                done += 1
                progress(done, len(paths))
        while waiting:
            yield waiting.popleft().result()
            done += 1
            progress(done, len(paths))


class _Computing:
    """Computes the features of a file on a worker that sees it, otherwise on this machine."""

    def __init__(self, workers: Workers | DaskWorkers) -> None:
        self._workers, self._has_said = workers, False

    def __call__(self, path: Path, digest: str, recipe: str) -> tuple[float, dict[str, float]]:
        """Return seconds and features; see `genrelab.audio.compute`."""
        try:
            return self._workers.run(compute_there, path, digest, recipe)
        except OutOfReachError as error:
            if not self._has_said:
                self._has_said = True
                progress_of_run.say(f"audio files are read on this machine, not on all workers: {error}")
            return self._workers.run_here(compute, path, recipe)


def _extract(path: Path, recipe: Recipe, cache: Path, compute_one: "_Computing") -> Extracted:
    """Return the features of one file from the cache or from a worker."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):  # a pipe would never end
            return _problem(path, recipe, SourceError("this is not a file", do="leave it out"))
        digest = hash_file(path)
    except (OSError, ValueError) as error:
        return _unread(path, error, recipe)
    if digest == EMPTY:
        return _problem(path, recipe, SourceError("this file is empty", do="copy it again"), digest)
    stored = read_features(cache, recipe, digest)
    if stored is not None:
        return Extracted(path, digest, str(recipe), *stored, problem="", was_cached=True)
    try:
        seconds, features = compute_one(path, digest, str(recipe))
    except WorkerLostError:
        lost = SourceError(
            "the process that read this file was killed",
            found="no answer; the usual cause is too little memory",
            do="run it again with fewer processes",
        )
        return _problem(path, recipe, lost, digest)
    except EngineLostError:
        raise
    except Exception as error:  # noqa: BLE001 - no file may stop the others
        return _problem(path, recipe, error, digest)
    write_features(cache, recipe, digest, seconds, features)
    return Extracted(path, digest, str(recipe), seconds, features, problem="", was_cached=False)


def _problem(path: Path, recipe: Recipe | None, error: Exception, digest: str = "") -> Extracted:
    said = (
        str(error) if isinstance(error, GenrelabError) else f"features cannot be computed; found: {error!r}"
    )
    return Extracted(path, digest, str(recipe or ""), 0.0, None, said, was_cached=False)


def _unread(path: Path, error: Exception, recipe: Recipe | None = None) -> Extracted:
    reason = getattr(error, "strerror", None) or str(error)
    what = SourceError(
        "this cannot be read", found=reason, do="check that it exists and that you may read it"
    )
    return _problem(path, recipe, what)

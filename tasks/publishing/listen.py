"""The step that finds the genres of the audio files in the configured folders and publishes the table `listened`."""

from pathlib import Path

from prefect import State, task

from genrelab.audio.extract import find_files
from genrelab.audio.recipes import ONE_GENRE, SEVERAL_GENRES
from genrelab.runtime.errors import GenrelabError
from genrelab.runtime.settings import Settings, load_settings
from genrelab.serving.description import bundle_digest, champion_names, version_in_use
from tasks.run.step import nothing_to_do, run_step, work_at

STEP = "listen"


def has_folders() -> bool:
    """Whether folders are configured; a setting that is not allowed fails the flow `listen`, not this question."""
    try:
        return bool(load_settings().listen_folders)
    except GenrelabError:
        return True


@task
def listen_to_folders(settings: Settings) -> State[None]:
    """Judge every audio file in the folders, unless neither the files nor the champions have changed."""
    home = settings.home
    if not settings.listen_folders:
        return nothing_to_do(home, STEP, "no folder is named in [listen] of genrelab.toml")
    names = [name for name in (ONE_GENRE, SEVERAL_GENRES) if name in champion_names(home)]
    if not names:
        return nothing_to_do(home, STEP, f"no champion judges audio yet ({ONE_GENRE}, {SEVERAL_GENRES})")
    files, problems = find_files(settings.listen_folders)
    inputs = {
        "files": [_state_of(file) for file in files],
        "problems": [(str(one.path), one.problem) for one in problems],
        "champions": [bundle_digest(home, name, version_in_use(home, name)) for name in names],
    }
    return run_step(STEP, home, inputs, work_at("tasks.publishing.work_listen:listen_to_files", settings))


def _state_of(file: Path) -> tuple[str, int, int]:
    """Return path, size and time of the last change of a file; zeros for one that has just gone."""
    try:
        found = file.stat()
    except OSError:
        return str(file), 0, 0
    return str(file), found.st_size, found.st_mtime_ns

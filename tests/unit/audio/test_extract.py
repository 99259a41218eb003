"""Many files give features or reasons, in order, in parallel, and only once for each content."""

import multiprocessing
import os
import shutil

import pytest
import tones

from genrelab.audio import extract
from genrelab.audio.extract import extract_all, find_files, require_audio
from genrelab.audio.recipes import CLIPS_59
from genrelab.runtime.errors import GenrelabError
from genrelab.runtime.workers import WorkerLostError, Workers

MUSIC = ("-dash.wav", "a.wav", "b copy of a.wav", "new\nline.wav", "日本語.WAV")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Music with unusual names, bad files, a loop of folders, a loop of links and a pipe."""
    folder = tmp_path_factory.mktemp("music")
    for seed, name in enumerate(MUSIC):
        tones.write_music(folder / name, seed=seed, seconds=2)
    shutil.copy(folder / "a.wav", folder / "b copy of a.wav")
    (folder / "empty.mp3").touch()
    (folder / "notes.txt").write_text("not audio, and not named as audio")
    (folder / "text.mp3").write_text("not audio")
    (folder / "._a.wav").write_text("what macOS leaves")
    (folder / "loop.mp3").symlink_to("loop.mp3")
    (folder / "sub").mkdir()
    (folder / "sub" / "up").symlink_to("..")
    tones.write_wav(folder / "sub" / "silent.wav", tones.silence())
    os.mkfifo(folder / "pipe.mp3")
    return folder


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    """A cache that the tests of this module share."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="module")
def run(folder, cache):
    """What a first run yields, and its progress."""
    steps = []
    files, problems = find_files([folder])
    found = list(extract_all(files, CLIPS_59, cache, 2, lambda done, all_: steps.append((done, all_))))
    return files, problems, found, steps


def test_a_folder_is_searched_once(run, folder):
    """Loops end; names of audio count, in any case."""

    files, problems, _, _ = run
    assert problems == []
    bad = ("empty.mp3", "loop.mp3", "pipe.mp3", "sub/silent.wav", "text.mp3")
    assert sorted(files) == sorted(folder / name for name in (*MUSIC, *bad))


def test_each_file_has_features_or_a_reason(run):
    """Bad files do not stop the others."""

    _, _, found, _ = run
    reasons = {each.path.name: each.problem.split(";")[0] for each in found if each.problem}
    assert reasons == {
        "empty.mp3": "this file is empty",
        "loop.mp3": "this cannot be read",
        "pipe.mp3": "this is not a file",
        "silent.wav": "this file is silent",
        "text.mp3": "this is not audio",
    }
    fine = [each for each in found if not each.problem]
    assert {each.path.name for each in fine} == set(MUSIC)
    assert all(tuple(each.features) == CLIPS_59.columns for each in fine)
    assert all((each.recipe, each.seconds) == ("clips-59@1", 2.0) for each in fine)


def test_results_come_in_order_with_progress(run):
    """The order is that of the files, whichever process is faster."""

    files, _, found, steps = run
    assert [each.path for each in found] == files
    assert steps == [(done, len(files)) for done in range(1, len(files) + 1)]


@pytest.mark.usefixtures("run")
def test_a_second_run_computes_nothing(folder, cache, monkeypatch):
    """A file that moved is known by its content, and no worker starts."""

    monkeypatch.setattr(Workers, "run", lambda *_: pytest.fail("a worker started"))
    moved = shutil.copy(folder / "a.wav", cache.parent / "moved.wav")
    files = [folder / name for name in MUSIC] + [cache.parent / moved]
    again = list(extract_all(files, CLIPS_59, cache, 2, lambda *_: None))
    assert all(each.was_cached for each in again)
    assert again[-1].features == again[1].features
    assert again[-1].digest == again[1].digest


def test_a_damaged_entry_is_computed_again(run, cache, folder):
    """With the same values as before."""

    before = next(each for each in run[2] if each.path.name == "a.wav")
    (entry,) = cache.rglob(f"{before.digest}.json")
    entry.write_text("{")
    (after,) = extract_all([folder / "a.wav"], CLIPS_59, cache, 1, lambda *_: None)
    assert not after.was_cached
    assert after.features == before.features


def test_a_killed_worker_is_the_problem_of_its_file(folder, tmp_path, monkeypatch):
    """The other files are computed."""

    def killed(_self, _work, path, *_given):
        if path.name == "a.wav":
            raise WorkerLostError("killed")
        return 1.0, dict.fromkeys(CLIPS_59.columns, 0.0)

    monkeypatch.setattr(Workers, "run", killed)
    files = [folder / "a.wav", folder / "-dash.wav"]
    lost, fine = extract_all(files, CLIPS_59, tmp_path, 2, lambda *_: None)
    assert lost.problem.startswith("the process that read this file was killed")
    assert lost.features is None
    assert fine.features
    assert not fine.problem


def test_stopping_early_ends_the_processes(tmp_path):
    """Ctrl-C and a consumer that stops leave no process behind."""

    files = [tones.write_music(tmp_path / f"{seed}.wav", seed, seconds=1) for seed in range(30)]
    before = {each.pid for each in multiprocessing.active_children()}
    results = extract_all(files, CLIPS_59, tmp_path / "cache", 2, lambda *_: None)
    assert next(results).features
    results.close()
    assert {each.pid for each in multiprocessing.active_children()} <= before
    assert len(list((tmp_path / "cache").rglob("*.json"))) < 30


def test_what_cannot_be_searched_is_a_problem(tmp_path, monkeypatch):
    """A path that is missing, and a folder that may not be read."""

    def forbidden(path):
        raise PermissionError(13, "Permission denied", path)

    (tmp_path / "closed").mkdir()
    monkeypatch.setattr(os, "scandir", forbidden)
    files, problems = find_files([tmp_path / "nowhere", tmp_path / "closed"])
    assert files == []
    assert [(each.path.name, each.problem.split("; ")[1]) for each in problems] == [
        ("nowhere", "found: No such file or directory"),
        ("closed", "found: Permission denied"),
    ]


def test_a_file_named_itself_may_have_any_name(folder):
    """And is taken once."""

    files, _ = find_files([folder / "notes.txt", folder / "notes.txt"])
    assert files == [folder / "notes.txt"]


@pytest.mark.parametrize("program", ["ffmpeg", "ffprobe"])
def test_a_missing_program_is_named(monkeypatch, program):
    """With the command that installs it."""

    monkeypatch.setattr(extract.shutil, "which", lambda name: None if name == program else name)
    with pytest.raises(GenrelabError, match=rf"no program {program}; to do: .*apt-get install ffmpeg"):
        require_audio()


def test_a_missing_extra_is_named(monkeypatch):
    """With the lock to install."""

    monkeypatch.setattr(extract.importlib.util, "find_spec", lambda _: None)
    with pytest.raises(GenrelabError, match=r"no module librosa; to do: .*requirements-audio\.lock"):
        require_audio()

"""Independent work gives the same result to the last bit in this process and on the workers of Dask."""

from collections.abc import Callable
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
import tones
from cluster_facts import SMALL, drawn_of, made_tracks
from sklearn.ensemble import ExtraTreesClassifier
from worker_pieces import fail_plainly, pid_after

from genrelab.analyses.clusters.collection import study_collection
from genrelab.analyses.doubtful_labels.effect import effects_of
from genrelab.analyses.doubtful_labels.held_out import Rows
from genrelab.analyses.genre_similarity.families import FamilyRows, family_probabilities
from genrelab.analyses.genre_study.look_up import look_up
from genrelab.analyses.genre_study.protocols import divisions
from genrelab.analyses.genre_study.result import ALL, GIVEN, UsedTracks
from genrelab.analyses.genre_study.tracks import Labels, Metadata, Tracks
from genrelab.analyses.rule_audit.audio_recoverability import Forest, audio_recoverability
from genrelab.audio.extract import Extracted, _Computing, extract_all
from genrelab.audio.recipes import CLIPS_59
from genrelab.models.cross_validation import Question, predict_held_out
from genrelab.models.task import ONE_LABEL
from genrelab.runtime import engine, progress
from genrelab.runtime.dask_workers import DaskWorkers
from genrelab.runtime.errors import SourceError
from genrelab.runtime.files import hash_file
from genrelab.runtime.home import Home
from genrelab.runtime.settings import Settings
from genrelab.tables.spotify import MODEL_FEATURES

MEASURED = {"seconds", "fit_seconds"}
TRACKS = 240
CHANCE = np.random.default_rng(24)
SOUND = CHANCE.normal(size=(TRACKS, 6))
ARTISTS = np.arange(TRACKS) // 4
GENRES = np.where(SOUND[:, 0] + CHANCE.normal(0, 0.5, TRACKS) > 0, "rock", "pop")


def clusters() -> Any:
    """Every k of every set of features."""
    frame, genres = made_tracks(MODEL_FEATURES)
    return study_collection(drawn_of(frame, {"classic": genres}), genres, seed=1, budget=SMALL)


def neighbours() -> Any:
    """The student project's rule; every second track has a twin at the same distance."""
    sound = np.repeat(SOUND[::2], 2, axis=0).astype(np.float32)
    labels = Labels((1, 2, 3), np.stack([GENRES == "rock", GENRES == "pop", ARTISTS % 3 == 0], axis=1))
    parts = np.resize(["training", "training", "training", "validation", "test"], TRACKS)
    about = Metadata(np.arange(TRACKS), ARTISTS, ARTISTS, parts, {GIVEN: labels, ALL: labels})
    tracks = Tracks(sound, 0, about, UsedTracks(TRACKS, 60, TRACKS, 0, 0, 0, 0))
    made = list(divisions(ARTISTS, parts, share=0.1, repeats=2, seed=3, fewest=10))
    return look_up(tracks, made, cores=1, advance=lambda *_: None)


def folds() -> Any:
    """Folds of the studies of origin and places."""
    return predict_held_out(
        {"genre": Question(ONE_LABEL, GENRES, ("pop", "rock"))},
        lambda seed: {"trees": ("genre", ExtraTreesClassifier(20, random_state=seed))},
        SOUND,
        GENRES,
        repeats=2,
        folds=3,
        seed=1,
        cores=1,
        doing="naming genres",
        groups=ARTISTS,
    )


def doubts() -> Any:
    """Folds of the audit of labels, with folds inside."""
    return effects_of(Rows(SOUND, (GENRES == "rock").astype(np.int64), ARTISTS, 2), 10, 24, 1)


def families() -> Any:
    """Folds of similar genres."""
    carries = np.stack([GENRES == "rock", GENRES == "pop"], axis=1)
    return family_probabilities(FamilyRows(SOUND, carries, ARTISTS, ("rock", "pop"), 6, TRACKS), 3, 10, 24, 1)


def rules() -> Any:
    """The forests of the audit of rule sets."""
    sound = pa.table(list(SOUND.T), names=list("abcdef"))
    artists = [f"artist {number}" for number in ARTISTS]
    return audio_recoverability(
        sound, sound.column_names, {"one": pd.Series(GENRES)}, artists, forest=Forest(10, 1, 1)
    )


def bits(value: Any) -> Any:
    """All values of a result, without times that were measured."""
    if isinstance(value, np.ndarray):
        return value.shape, value.tobytes()
    if is_dataclass(value):
        return {
            each.name: bits(getattr(value, each.name)) for each in fields(value) if each.name not in MEASURED
        }
    if isinstance(value, dict):
        return {key: bits(one) for key, one in value.items() if key not in MEASURED}
    return [bits(one) for one in value] if isinstance(value, list | tuple) else value


@pytest.mark.parametrize("work", [clusters, neighbours, folds, doubts, families, rules])
def test_results_are_equal_to_the_last_bit(
    work: Callable[[], Any], dask: DaskWorkers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The jobs went to Dask, and what was put together from their results is the same."""

    sent: list[object] = []
    submit = dask._submit
    monkeypatch.setattr(dask, "_submit", lambda *given: sent.append(given) or submit(*given))

    here = bits(work())
    assert not sent
    with engine.on_dask(lambda: dask):
        there = bits(work())

    assert len(sent) > 1
    assert here == there


def heard(files: list[Path], cache: Path) -> list[Extracted]:
    """The features of files."""
    return list(extract_all(files, CLIPS_59, cache, 2, lambda *_: None))


def test_features_of_audio_are_equal_to_the_last_bit(dask: DaskWorkers, tmp_path: Path) -> None:
    """Of a file that is no audio the problem is the same too."""

    pytest.importorskip("librosa")
    files = [tones.write_music(tmp_path / f"{seed}.wav", seed, seconds=1) for seed in range(2)]
    (tmp_path / "text.mp3").write_text("not audio")
    files.append(tmp_path / "text.mp3")
    with engine.on_dask(lambda: dask):
        there = heard(files, tmp_path / "there")

    assert there == heard(files, tmp_path / "here")
    assert [bool(one.problem) for one in there] == [False, False, True]


def test_a_file_that_a_worker_does_not_see_is_read_on_this_machine(
    dask: DaskWorkers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With one line that says so; so is one that has another content there."""

    pytest.importorskip("librosa")
    said: list[str] = []
    monkeypatch.setattr(progress, "say", said.append)
    monkeypatch.setattr(dask, "run_here", lambda _work, path, recipe: (path, recipe))
    missing, other = tmp_path / "missing.wav", tmp_path / "other.wav"
    other.write_text("as it is on the worker")
    compute_one = _Computing(dask)

    assert compute_one(missing, "0" * 64, "clips-59@1") == (missing, "clips-59@1")
    assert compute_one(other, "0" * 64, "clips-59@1") == (other, "clips-59@1")
    assert len(said) == 1
    assert f"no file {missing}" in said[0]
    assert hash_file(other) != "0" * 64


def test_an_error_of_a_job_ends_the_others(dask: DaskWorkers) -> None:
    """It comes back as it is."""

    jobs: list[tuple[Any, ...]] = [(fail_plainly,), *[(pid_after, 0.01)] * 5]
    with engine.on_dask(lambda: dask), pytest.raises(SourceError, match="it is gone"):
        list(engine.run_all(engine.call, jobs, 1))


@pytest.mark.parametrize("in_threads", [False, True])
def test_jobs_of_this_machine_come_back_in_their_order(in_threads: bool) -> None:
    """In threads and in processes."""

    jobs = [(number,) for number in range(5)]
    assert list(engine.run_all(abs, jobs, 2, in_threads=in_threads)) == list(range(5))


def test_dask_starts_with_the_first_job(
    home: Home, dask: DaskWorkers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An analysis without independent work needs no scheduler; the workers are started once and ended."""

    started: list[str] = []

    class Started:
        """Workers that say when they start and end."""

        def __init__(self, *_given: object) -> None:
            pass

        def __enter__(self) -> DaskWorkers:
            started.append("started")
            return dask

        def __exit__(self, *_given: object) -> None:
            started.append("ended")

    monkeypatch.setattr(engine, "DaskWorkers", Started)
    with engine.use(Settings(home=home, engine="dask")):
        assert started == []
        for _ in range(2):
            assert list(engine.run_all(abs, [(-1,)], 1)) == [1]
        assert started == ["started"]
    assert started == ["started", "ended"]
    assert list(engine.run_all(abs, [(-1,)], 1)) == [1]

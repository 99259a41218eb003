"""Trainings on Dask whose workers, or scheduler, are killed by `kill -9` at random moments."""

import shutil
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from subprocess import CompletedProcess

import numpy as np
import pytest
from dask_programs import DaskPrograms
from program import Program

pytest.importorskip("distributed", reason="Dask is not installed")

KILLS = 10
"""Of each kind."""
TASK = "spotify-bins-classic"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with sample data and a champion, trained by the processes of this machine."""
    program = Program(tmp_path_factory.mktemp("made"))
    for words in (["scrape"], ["bin-genres"], ["train", "--task", TASK]):
        done = program.run(*words)
        assert done.returncode == 0, done.stdout + done.stderr
    return program.home


@pytest.fixture
def programs(tmp_path: Path) -> Iterator[DaskPrograms]:
    """A scheduler and two workers."""
    found = DaskPrograms(tmp_path)
    found.start_scheduler()
    found.start_worker()
    found.start_worker()
    yield found
    found.end()


def on_dask(made: Path, folder: Path, programs: DaskPrograms) -> Program:
    """A copy of the home whose trainings go to the scheduler, and have something to do: the seed is another."""
    home = shutil.copytree(made, folder / "home")
    (home / "genrelab.toml").write_text(
        f'[training]\nseed = 25\nengine = "dask"\nscheduler = "{programs.address}"\n'
    )
    return Program(home)


def trained_while(program: Program, disturb: Callable[[threading.Event], None]) -> CompletedProcess[str]:
    """A training during which something else happens, until it has ended."""
    has_ended = threading.Event()
    disturbing = threading.Thread(target=disturb, args=(has_ended,))
    disturbing.start()
    try:
        return program.run("train", "--task", TASK)
    finally:
        has_ended.set()
        disturbing.join()


def rows(program: Program, query: str) -> list[tuple[str, ...]]:
    """What MLflow's database answers."""
    with closing(sqlite3.connect(program.home / "mlruns" / "mlflow.db")) as database:
        return database.execute(query).fetchall()


def champions(program: Program) -> list[tuple[str, ...]]:
    """The version of each model in use."""
    return sorted(
        rows(program, "SELECT name, version FROM registered_model_aliases WHERE alias = 'champion'")
    )


def runs_of_newest_training(program: Program) -> Counter[str]:
    """How often each model is logged in the newest training."""
    [(parent,)] = rows(
        program,
        "SELECT run_uuid FROM runs WHERE run_uuid NOT IN (SELECT run_uuid FROM tags WHERE key = 'mlflow.parentRunId') "
        "ORDER BY start_time DESC LIMIT 1",
    )
    names = rows(
        program,
        f"SELECT name FROM runs NATURAL JOIN tags WHERE key = 'mlflow.parentRunId' AND value = '{parent}'",  # noqa: S608
    )
    return Counter(name for (name,) in names)


@pytest.mark.long
def test_work_of_killed_workers_is_done_again_and_logged_once(
    made: Path, tmp_path: Path, programs: DaskPrograms
) -> None:
    """Ten workers die at random moments, one after the other; another takes the place of each."""

    moments, killed = np.random.default_rng(24), []

    def kill_workers(has_ended: threading.Event) -> None:
        while not has_ended.wait(moments.uniform(2, 8)) and len(killed) < KILLS:
            programs.kill_worker(int(moments.integers(2)))
            killed.append(time.monotonic())

    program = on_dask(made, tmp_path, programs)
    expected = runs_of_newest_training(Program(made))
    done = trained_while(program, kill_workers)

    assert done.returncode == 0, done.stdout + done.stderr
    assert killed
    assert runs_of_newest_training(program) == expected
    assert set(expected.values()) == {1}


@pytest.mark.long
def test_a_training_whose_scheduler_is_killed_fails_and_the_next_works(
    made: Path, tmp_path: Path, programs: DaskPrograms
) -> None:
    """With exit code 1, a message and the last champion; ten times, then it is left alone."""

    moments = np.random.default_rng(24)
    program = on_dask(made, tmp_path, programs)
    before = champions(program)

    def kill_scheduler(has_ended: threading.Event) -> None:
        has_ended.wait(moments.uniform(8, 25))
        programs.kill_scheduler()

    failed = 0
    for _ in range(KILLS):
        done = trained_while(program, kill_scheduler)
        if done.returncode:  # it may have ended before
            failed += 1
            assert done.returncode == 1
            assert "the Dask scheduler does not answer" in done.stdout + done.stderr
            assert champions(program) == before
        programs.start_again()
    assert failed

    done = program.run("train", "--task", TASK)
    assert done.returncode == 0, done.stdout + done.stderr
    assert len(champions(program)) == len(before)

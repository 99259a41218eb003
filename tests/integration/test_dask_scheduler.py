"""Jobs on a scheduler and workers that were started by hand, with the lake in a bucket, as on several machines."""

import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from dask_programs import ODDITIES, DaskPrograms
from hostile_s3 import HostileS3
from worker_pieces import size_and_process, sleep_on, sum_of

from genrelab.runtime import dask_workers
from genrelab.runtime.dask_workers import DaskWorkers
from genrelab.runtime.errors import GenrelabError
from genrelab.runtime.home import Home
from genrelab.runtime.workers import EngineLostError

pytest.importorskip("distributed", reason="Dask is not installed")
pytest.importorskip("boto3", reason="boto3 is not installed")


@pytest.fixture
def programs(tmp_path: Path) -> Iterator[DaskPrograms]:
    """A scheduler, and workers in a folder of their own and without a home."""
    found = DaskPrograms(tmp_path)
    found.start_scheduler()
    yield found
    found.end()


@pytest.fixture
def be_impatient(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """From now on, what does not answer is given up soon; what starts on a busy machine needs longer."""

    def change() -> None:
        for name, seconds in (
            ("CONNECT_SECONDS", 3),
            ("WORKERS_SECONDS", 3),
            ("WATCH_SECONDS", 1),
            ("ANSWER_SECONDS", 3),
        ):
            monkeypatch.setattr(dask_workers, name, seconds)

    return change


def test_workers_elsewhere_read_the_rows_from_the_bucket(
    store: HostileS3, programs: DaskPrograms, home: Home
) -> None:
    """The result is that of this process; the rows are gone from the bucket afterwards."""

    programs.start_worker()
    programs.start_worker()
    rows = np.random.default_rng(24).normal(size=(20_000, 4))

    with DaskWorkers(home, 2, programs.address) as workers:
        found = workers.run(sum_of, rows)
        size, process = workers.run(size_and_process, rows)
        sizes = [len(body) for key, body in store.objects.items() if "/work/" in key]
        assert sum(size > rows.nbytes for size in sizes) == 1

    assert found.tobytes() == sum_of(rows).tobytes()
    assert size == rows.size
    assert process != os.getpid()
    assert not [key for key in store.objects if "/work/" in key]
    assert not (home.root / "data" / "work").exists()


@pytest.mark.long
@pytest.mark.parametrize("oddity", ODDITIES)
def test_an_odd_worker_is_refused(oddity: str, programs: DaskPrograms, home: Home) -> None:
    """Another version of genrelab, another Python, no genrelab, other code, another lake: by its address."""

    found, do = ODDITIES[oddity]
    programs.start_worker(oddity)

    with (
        pytest.raises(GenrelabError, match="the Dask worker tcp://127") as raised,
        DaskWorkers(home, 1, programs.address),
    ):
        pytest.fail("it was not refused")
    assert found in raised.value.found
    assert do in raised.value.do


@pytest.mark.long
def test_a_scheduler_without_workers_is_refused(
    programs: DaskPrograms, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a bounded wait."""

    monkeypatch.setattr(dask_workers, "WORKERS_SECONDS", 1)
    with (
        pytest.raises(GenrelabError, match="with at least one worker"),
        DaskWorkers(home, 1, programs.address),
    ):
        pytest.fail("no worker")


@pytest.mark.long
def test_a_scheduler_that_hangs_at_the_start_is_given_up(
    programs: DaskPrograms, home: Home, be_impatient: Callable[[], None]
) -> None:
    """It takes connections and answers nothing."""

    programs.start_worker()
    with DaskWorkers(home, 1, programs.address):
        be_impatient()
    programs.stop_scheduler()

    with (
        pytest.raises(GenrelabError, match="the Dask scheduler does not answer"),
        DaskWorkers(home, 1, programs.address),
    ):
        pytest.fail("it hangs")


@pytest.mark.long
@pytest.mark.parametrize("trouble", ["kill_scheduler", "stop_scheduler"])
def test_a_scheduler_that_is_lost_during_a_job_fails_it(
    trouble: str, programs: DaskPrograms, home: Home, be_impatient: Callable[[], None]
) -> None:
    """With a message, instead of waiting for ever."""

    programs.start_worker()
    with DaskWorkers(home, 1, programs.address) as workers:
        be_impatient()
        timer = threading.Timer(1, getattr(programs, trouble))
        timer.start()
        with pytest.raises(EngineLostError) as raised:
            workers.run(sleep_on)
        timer.join()
    assert "the Dask scheduler does not answer" in str(raised.value.__cause__)


@pytest.mark.long
def test_workers_that_are_all_gone_fail_a_job(
    programs: DaskPrograms, home: Home, be_impatient: Callable[[], None]
) -> None:
    """After a bounded wait for others."""

    programs.start_worker()
    with DaskWorkers(home, 1, programs.address) as workers:
        be_impatient()
        timer = threading.Timer(1, programs.workers[0].kill)
        timer.start()
        with pytest.raises(EngineLostError) as raised:
            workers.run(sleep_on)
        timer.join()
    assert "no Dask worker is left" in str(raised.value.__cause__)

"""The workers of Dask do what the processes of this machine do."""

import os
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from worker_pieces import die_once, fail_plainly, size_and_process, sleep_on, sum_of, tell_home

from genrelab.lake.storage import WORK
from genrelab.runtime import dask_workers
from genrelab.runtime.dask_checks import received
from genrelab.runtime.dask_workers import DaskWorkers
from genrelab.runtime.errors import GenrelabError, SourceError
from genrelab.runtime.home import Home
from genrelab.runtime.workers import EngineLostError, WorkerLostError, Workers

pytest.importorskip("distributed", reason="Dask is not installed")


def test_results_are_those_of_local_processes_to_the_last_bit(dask: DaskWorkers) -> None:
    """The arguments are the same bytes, and so is the code."""

    rows = np.random.default_rng(24).normal(size=(20_000, 4))

    with Workers(1) as local:
        assert dask.run(sum_of, rows).tobytes() == local.run(sum_of, rows).tobytes()


def test_rows_go_through_the_lake_and_are_put_there_once(dask: DaskWorkers) -> None:
    """Only references go through the scheduler."""

    rows = np.random.default_rng(1).normal(size=(20_000, 4))
    before = dask._storage.sizes(WORK)
    with ThreadPoolExecutor(6) as threads:
        found = list(threads.map(lambda _: dask.run(size_and_process, rows), range(6)))

    assert {size for size, _ in found} == {rows.size}
    assert os.getpid() not in {process for _, process in found}
    written = dask._storage.sizes(WORK).keys() - before.keys()
    assert len(written) == 1
    for argument in (rows, "short"):
        sent = dask._sent(argument)
        assert isinstance(sent, tuple) == (argument is rows)


def test_an_error_of_a_job_comes_back_as_it_is(dask: DaskWorkers) -> None:
    """With what was found and what to do."""

    with pytest.raises(SourceError) as raised:
        dask.run(fail_plainly)
    assert raised.value.do == "bring it back"


def test_the_job_of_a_worker_that_dies_is_done_by_another(dask: DaskWorkers, tmp_path: Path) -> None:
    """Once: its result is returned one time."""

    assert dask.run(die_once, tmp_path / "died") == "done"
    assert (tmp_path / "died").is_file()


def test_a_job_in_the_home_stays_on_this_machine(dask: DaskWorkers, tmp_path: Path) -> None:
    """Workers elsewhere have no MLflow of this home."""

    parent, home = dask.run(tell_home, Home(tmp_path))
    assert (parent, home) == (os.getpid(), tmp_path)


def test_rows_that_were_changed_in_the_lake_are_not_opened(dask: DaskWorkers) -> None:
    """They are checked by their sha256 first."""

    sent = dask._sent(np.zeros(100_000))
    assert isinstance(sent, tuple)
    path = Path(sent[0]) / sent[1]
    content = path.read_bytes()
    path.write_bytes(b"cos\nsystem\n(S'true'\ntR.")
    try:
        with pytest.raises(GenrelabError, match="is changed"):
            received(sent)
    finally:
        path.write_bytes(content)


def test_without_dask_the_message_names_the_lock_file(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """The extra is not installed by default."""

    monkeypatch.setitem(sys.modules, "distributed", None)

    with (
        pytest.raises(GenrelabError, match=r"pip install .*-r requirements-dask\.lock"),
        DaskWorkers(home, 1),
    ):
        pytest.fail("no Dask")


def test_a_scheduler_that_is_not_there_is_named(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """Within a bound."""

    monkeypatch.setattr(dask_workers, "CONNECT_SECONDS", 1)

    with (
        pytest.raises(GenrelabError, match=r"tcp://127\.0\.0\.1:1.*training\.scheduler"),
        DaskWorkers(home, 1, "tcp://127.0.0.1:1"),
    ):
        pytest.fail("no scheduler")


def test_a_scheduler_that_ends_during_a_job_fails_it(home: Home) -> None:
    """With a message, instead of waiting for ever."""

    with DaskWorkers(home, 1) as workers:
        ending = threading.Timer(0.5, workers._cluster.close)
        ending.start()
        with pytest.raises((EngineLostError, WorkerLostError)) as raised:
            workers.run(sleep_on)
        ending.join()
    assert "Dask" in f"{raised.value} {raised.value.__cause__}"

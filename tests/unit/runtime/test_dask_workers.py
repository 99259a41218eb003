"""The workers of Dask do what the processes of this machine do."""

import os
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from worker_pieces import die_once, fail_plainly, size_and_process, sleep_on, sum_of, tell_home

from genrelab.lake.storage import storage_of
from genrelab.runtime import dask_workers
from genrelab.runtime.dask_workers import FOLDER, DaskWorkers
from genrelab.runtime.errors import GenrelabError, SourceError
from genrelab.runtime.home import Home
from genrelab.runtime.workers import WorkerLostError, Workers

pytest.importorskip("distributed", reason="Dask is not installed")


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DaskWorkers]:
    """Two workers of a cluster of its own."""
    home = Home(tmp_path_factory.mktemp("dask"))
    with DaskWorkers(home, 2) as workers:
        yield workers
    assert storage_of(home).sizes(FOLDER) == {}, "what was put into the lake for the workers is removed"


def test_results_are_those_of_local_processes_to_the_last_bit(shared: DaskWorkers) -> None:
    """The arguments are the same bytes, and so is the code."""

    rows = np.random.default_rng(24).normal(size=(20_000, 4))

    with Workers(1) as local:
        assert shared.run(sum_of, rows).tobytes() == local.run(sum_of, rows).tobytes()


def test_rows_go_through_the_lake_and_are_put_there_once(shared: DaskWorkers) -> None:
    """Only references go through the scheduler."""

    rows = np.random.default_rng(1).normal(size=(20_000, 4))
    with ThreadPoolExecutor(6) as threads:
        found = list(threads.map(lambda _: shared.run(size_and_process, rows), range(6)))

    assert {size for size, _ in found} == {rows.size}
    assert os.getpid() not in {process for _, process in found}
    sizes = shared._storage.sizes(FOLDER)
    assert sum(size > rows.nbytes for size in sizes.values()) <= 2, "these rows, and those of the other test"
    for argument in (rows, "short"):
        sent = shared._sent(argument)
        assert isinstance(sent, tuple) == (argument is rows)


def test_an_error_of_a_job_comes_back_as_it_is(shared: DaskWorkers) -> None:
    """With what was found and what to do."""

    with pytest.raises(SourceError) as raised:
        shared.run(fail_plainly)
    assert raised.value.do == "bring it back"


def test_the_job_of_a_worker_that_dies_is_done_by_another(shared: DaskWorkers, tmp_path: Path) -> None:
    """Once: its result is returned one time."""

    assert shared.run(die_once, tmp_path / "died") == "done"
    assert (tmp_path / "died").is_file()


def test_a_job_in_the_home_stays_on_this_machine(shared: DaskWorkers, tmp_path: Path) -> None:
    """Workers elsewhere have no MLflow of this home."""

    parent, home = shared.run(tell_home, Home(tmp_path))
    assert (parent, home) == (os.getpid(), tmp_path)


def test_rows_that_were_changed_in_the_lake_are_not_opened(shared: DaskWorkers) -> None:
    """They are checked by their sha256 first."""

    sent = shared._sent(np.zeros(100_000))
    assert isinstance(sent, tuple)
    path = Path(sent[0]) / sent[1]
    content = path.read_bytes()
    path.write_bytes(b"cos\nsystem\n(S'true'\ntR.")
    try:
        with pytest.raises(GenrelabError, match="is changed"):
            dask_workers._received(sent)
    finally:
        path.write_bytes(content)


def test_a_scheduler_that_is_not_there_is_named(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """Within a bound."""

    monkeypatch.setattr(dask_workers, "CONNECT_SECONDS", 1)

    with (
        pytest.raises(GenrelabError, match=r"tcp://127\.0\.0\.1:1.*training\.scheduler"),
        DaskWorkers(home, 1, "tcp://127.0.0.1:1"),
    ):
        pytest.fail("no scheduler")


def test_a_worker_of_another_version_is_refused(shared: DaskWorkers, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its results could differ; the message names both."""

    monkeypatch.setattr(dask_workers.genrelab, "__version__", "0.0.0")

    with pytest.raises(GenrelabError, match=r"has other versions.*genrelab 0\.0\.0"):
        shared._require_equal_workers()


def test_a_scheduler_that_ends_during_a_job_fails_it(home: Home) -> None:
    """With a message, instead of waiting for ever."""

    with DaskWorkers(home, 1) as workers:
        ending = threading.Timer(0.5, workers._cluster.close)
        ending.start()
        with pytest.raises((GenrelabError, WorkerLostError), match="Dask"):
            workers.run(sleep_on)
        ending.join()

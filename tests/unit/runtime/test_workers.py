"""Work in processes of their own: results, errors and progress come back, and no process is left behind."""

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from worker_pieces import (
    fail_oddly,
    fail_plainly,
    fail_when_told,
    name_after,
    pid_after,
    pid_of_two,
    report,
    rested,
    sleep_long,
    tell_pid_and_sleep,
)

from genrelab.runtime import progress
from genrelab.runtime.errors import GenrelabError, SourceError
from genrelab.runtime.workers import WorkerLostError, Workers

SECONDS = 300


class Kept:
    """Progress as it arrives."""

    def __init__(self) -> None:
        self.events: list[tuple[object, ...]] = []

    def started(self, label: str, total: float | None, unit: str) -> int:
        self.events.append(("started", label, total, unit))
        return 7

    def advanced(self, handle: int, done: float, note: str) -> None:
        self.events.append(("advanced", handle, done, note))

    def finished(self, handle: int) -> None:
        self.events.append(("finished", handle))

    def said(self, line: str) -> None:
        self.events.append(("said", line))


@pytest.fixture
def kept() -> Iterator[Kept]:
    before, sink = progress.sink(), Kept()
    progress.use(sink)
    yield sink
    progress.use(before)


def is_alive(pid: int) -> bool:
    """Whether a process runs: one that ended and waits to be noticed does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def wait_until(is_true) -> None:
    end = time.monotonic() + SECONDS
    while not is_true() and time.monotonic() < end:
        time.sleep(0.02)
    assert is_true()


def test_two_pieces_run_side_by_side_and_a_worker_is_kept(tmp_path: Path) -> None:
    """Each in a process of its own, none of them this one; a third piece gets one of the two."""
    with Workers(2) as workers, ThreadPoolExecutor(2) as threads:
        pids = list(threads.map(lambda _: workers.run(pid_of_two, tmp_path), range(2)))
        assert len({*pids, os.getpid()}) == 3
        assert workers.run(pid_after, 0.0) in pids
    assert not any(map(is_alive, pids))


def test_no_process_is_started_without_work() -> None:
    """A night in which every training is skipped pays nothing for it."""
    before = {each.pid for each in multiprocessing.active_children()}
    with Workers(2):
        assert {each.pid for each in multiprocessing.active_children()} <= before


def test_progress_arrives_here(kept: Kept) -> None:
    """Bars and lines of a worker are those of this process."""
    with Workers(1) as workers:
        assert workers.run(report, "reading", 3) == "done"
        wait_until(lambda: ("finished", 7) in kept.events)
    assert kept.events == [
        ("started", "reading", 3, "rows"),
        ("said", "halfway"),
        ("advanced", 7, 3, "all"),
        ("finished", 7),
    ]


def test_a_user_s_mistake_keeps_its_words() -> None:
    """It crosses the border with what was found and what to do."""
    with Workers(1) as workers, pytest.raises(SourceError) as raised:
        workers.run(fail_plainly)
    assert (raised.value.what, raised.value.found, raised.value.do) == (
        "it is gone",
        "nothing",
        "bring it back",
    )


def test_an_error_that_cannot_be_pickled_costs_no_worker() -> None:
    """Its kind and text arrive, and the worker goes on."""
    with Workers(1) as workers:
        with pytest.raises(RuntimeError, match="OddError: code 3"):
            workers.run(fail_oddly)
        assert workers.run(pid_after, 0.0) > 0


def test_results_come_in_the_order_of_the_jobs() -> None:
    """Whoever is done first; each worker does several."""
    with Workers(2) as workers:
        jobs = [("slow", 0.6), ("quick", 0.0), ("medium", 0.2), ("last", 0.0)]
        assert list(workers.map(name_after, jobs)) == ["slow", "quick", "medium", "last"]


def test_the_first_error_of_a_job_ends_them_all(tmp_path: Path) -> None:
    """Nobody waits for the others."""
    file = tmp_path / "pid"
    with Workers(2) as workers, pytest.raises(SourceError):
        list(workers.map(fail_when_told, [(file, False), (file, True), (tmp_path / "third", True)]))
    assert not is_alive(int(file.read_text()))
    assert not rested(file).exists()


def test_a_killed_worker_fails_its_piece_alone(tmp_path: Path, kept: Kept) -> None:
    """As when memory runs out: the error says so, bars go away, the next piece gets a new process."""
    file = tmp_path / "pid"
    with Workers(1) as workers, ThreadPoolExecutor(1) as thread:
        doing = thread.submit(workers.run, tell_pid_and_sleep, file)
        wait_until(lambda: file.exists() and file.read_text())
        os.kill(int(file.read_text()), signal.SIGKILL)
        with pytest.raises(WorkerLostError, match=r"tell_pid_and_sleep was killed.*training\.cores = 1"):
            doing.result(SECONDS)
        assert workers.run(pid_after, 0.0) != int(file.read_text())
        wait_until(lambda: kept.events[-1:] == [("finished", 7)])
    assert issubclass(WorkerLostError, GenrelabError)


def test_leaving_by_an_error_ends_work_at_once(tmp_path: Path) -> None:
    """Ctrl-C or a time limit: nothing waits for a training to end, and it counts as interrupted, not as failed."""
    file = tmp_path / "pid"
    workers = Workers(1)
    with ThreadPoolExecutor(1) as thread:
        doing = thread.submit(workers.run, tell_pid_and_sleep, file)
        wait_until(lambda: file.exists() and file.read_text())
        with pytest.raises(TimeoutError, match="too long"), workers:
            raise TimeoutError("too long")
        with pytest.raises(KeyboardInterrupt):
            doing.result(SECONDS)
    assert not is_alive(int(file.read_text()))
    with pytest.raises(KeyboardInterrupt):
        workers.run(pid_after, 0.0)


def test_workers_end_with_a_process_that_is_killed(tmp_path: Path) -> None:
    """`kill -9` lets nobody clean up."""
    file, here = tmp_path / "pid", Path(__file__).parents[1].with_name("helpers")
    program = (
        f"import sys; sys.path.insert(0, {str(here)!r})\n"
        "from pathlib import Path\n"
        "from genrelab.runtime.workers import Workers\n"
        "from worker_pieces import tell_pid_and_sleep\n"
        f"Workers(1).run(tell_pid_and_sleep, Path({str(file)!r}))\n"
    )
    run = subprocess.Popen([sys.executable, "-c", program])
    try:
        wait_until(lambda: file.exists() and file.read_text())
        assert is_alive(int(file.read_text()))
    finally:
        run.kill()
        run.wait()
    wait_until(lambda: not is_alive(int(file.read_text())))


def test_a_worker_takes_no_interrupt(tmp_path: Path) -> None:
    """Ctrl-C reaches every process of a terminal: the one that started the workers decides what becomes of them."""
    file = tmp_path / "pid"
    with Workers(1) as workers, ThreadPoolExecutor(1) as thread:
        doing = thread.submit(workers.run, sleep_long, file, 1.0)
        wait_until(lambda: file.exists() and file.read_text())
        os.kill(int(file.read_text()), signal.SIGINT)
        assert doing.result(SECONDS) == "rested"

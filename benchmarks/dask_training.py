"""A training on Dask against the processes of this machine, and what more workers would make of it.

    python benchmarks/dask_training.py ratio       both engines with two workers of one thread, in turn
    python benchmarks/dask_training.py simulate    measured times of all fits, replayed on 1 to 16 workers

Reads the tables of GENRELAB_HOME; nothing is logged. `--task` and `--budget` choose the training (default:
spotify-bins-reviewed; `ratio` quick, `simulate` nightly). `ratio` prints seconds of the clock and of processor of this
process and its workers, from the first import to the last result: on a machine with other work only the second says
something. The limit is 1.1.

`simulate` trains once on the processes of this machine and keeps of each fit which worker time it took and what it
waited for; times are those of the processor of the worker, so that other work does not count. Then so many workers
take the fits in the order in which the code submits them, each when what it waits for has ended. What this process
does itself (reading, choosing, the fits of the comparison with the champion) is not in it. The limit is six times
faster with eight workers than with one, or what the longest chain of fits that wait for each other allows.
"""

import argparse
import heapq
import resource
import statistics
import sys
import threading
import time
from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import count
from typing import Any

from genrelab.lake.lake import Lake
from genrelab.models import training, zoo
from genrelab.models.data import TaskData, prepare
from genrelab.models.jobs import Done, Job, run_jobs
from genrelab.models.task import Task
from genrelab.models.tasks import TASKS
from genrelab.runtime.dask_workers import DaskWorkers
from genrelab.runtime.home import Home
from genrelab.runtime.workers import Workers
from genrelab_cli.numbers import markdown

SEED, WORKERS, TURNS = 24, 2, 2
MOST_RATIO, LEAST_SPEEDUP, MANY = 1.1, 6.0, 8
SIMULATED = (1, 2, 4, 8, 16)


@dataclass(frozen=True)
class Params:
    """Settings of a training whose fits use one thread."""

    budget: str
    seed: int = SEED
    cores: int = 1


@dataclass
class Step:
    """A job of a training as it was measured.

    Args:
        key: Its name.
        after: Numbers of the jobs that it waits for.
        fits: Processor seconds of each fit; those of a job go out together.
    """

    key: Hashable
    after: tuple[int, ...]
    fits: list[float]


def main() -> None:
    """Run what is asked for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("what", choices=["ratio", "simulate"])
    parser.add_argument("--task", default="spotify-bins-reviewed")
    parser.add_argument("--budget", default="")
    asked = parser.parse_args()
    task, home = TASKS[asked.task], Home.find()
    data = read(home, task)
    if asked.what == "ratio":
        compare(home, task, data, asked.budget or "quick")
    else:
        simulate(task, data, asked.budget or "nightly")


def read(home: Home, task: Task) -> TaskData:
    """The rows of a task, from the newest versions of its tables."""
    lake = Lake(home)
    tables = {}
    for table in task.columns:
        version = lake.current(table).version
        tables[table] = lake.read(table, task.columns_in(table, lake.columns(table, version)), version)
    return prepare(task, tables)


def train(task: Task, data: TaskData, budget: str, runner: Callable[..., Any]) -> None:
    """Train all models of the budget."""
    models = zoo.models_for(task.family, budget)
    training.train_task(data, task, models, Params(budget), runner=runner)


def compare(home: Home, task: Task, data: TaskData, budget: str) -> None:
    """Train on both engines in turn, and print the ratio."""
    found: dict[str, list[tuple[float, float]]] = {"processes": [], "dask": []}
    for turn in range(TURNS):
        for engine in sorted(found, reverse=turn % 2 == 0):
            before = time.perf_counter(), processor()
            with Workers(WORKERS) if engine == "processes" else DaskWorkers(home, WORKERS) as workers:
                train(task, data, budget, workers.run)
            found[engine].append((time.perf_counter() - before[0], processor() - before[1]))
            print(
                f"{engine}: {found[engine][-1][0]:.1f} s, {found[engine][-1][1]:.1f} s of processor",
                flush=True,
            )
    clock, busy = (
        statistics.median(one[place] for one in found["dask"])
        / statistics.median(one[place] for one in found["processes"])
        for place in (0, 1)
    )
    print(f"ratio by the clock {clock:.3f}, of processor {busy:.3f} (limit {MOST_RATIO})")
    if min(clock, busy) > MOST_RATIO:
        sys.exit(1)


def processor() -> float:
    """Processor seconds of this process and of the children that have ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def timed(work: Callable[..., Any], *given: Any) -> tuple[Any, float]:
    """A result and the processor seconds of this worker that it took."""
    before = time.process_time()
    return work(*given), time.process_time() - before


def simulate(task: Task, data: TaskData, budget: str) -> None:
    """Measure the fits of a training, replay them, and print how much faster more workers are."""
    steps = measure(task, data, budget)
    total = sum(sum(step.fits) for step in steps)
    longest = chain(steps)
    hours = {workers: replay(steps, workers) for workers in SIMULATED}
    rows = [(workers, f"{hours[workers]:.0f}", f"{total / hours[workers]:.1f}") for workers in SIMULATED]
    print(markdown(["workers", "seconds", "times faster"], rows))
    slowest = max(steps, key=lambda step: max(step.fits, default=0.0))
    bound = total / longest
    print(
        f"{task.name}, {budget}: {sum(len(step.fits) for step in steps)} fits, {total:.0f} s; the longest fit, "
        f"{slowest.key}, takes {max(slowest.fits):.0f} s, the longest chain {longest:.0f} s: at most {bound:.1f} times "
        f"faster; {MANY} workers: {total / hours[MANY]:.2f} times (limit {LEAST_SPEEDUP}, or the bound)",
        flush=True,
    )
    if total / hours[MANY] < min(LEAST_SPEEDUP, 0.9 * bound):
        sys.exit(1)


def measure(task: Task, data: TaskData, budget: str) -> list[Step]:
    """The jobs of a training in their order, with the time of each fit."""
    steps: list[Step] = []
    job_of = threading.local()
    keeping = threading.Lock()

    def record(jobs: Sequence[Job], *, side_by_side: bool) -> Iterator[Done]:
        first = len(steps)
        number = {job.key: first + place for place, job in enumerate(jobs)}
        stage = tuple(range(first))  # the second list of jobs begins when the first has ended
        for job in jobs:
            steps.append(Step(job.key, stage + tuple(number[key] for key in job.after if key in number), []))

        def within(job: Job) -> Callable[[], Any]:
            def do() -> Any:
                job_of.step = steps[number[job.key]]
                return job.do()

            return do

        yield from run_jobs([replace(job, do=within(job)) for job in jobs], side_by_side=side_by_side)

    def run_folds(self: Any, work: Callable[..., Any], jobs: Any) -> Iterator[Any]:
        return (self.run(work, *job) for job in jobs)  # in the thread of their job, which knows its step

    with Workers(WORKERS) as workers, replaced(record, run_folds):

        def runner(work: Callable[..., Any], *given: Any) -> Any:
            result, seconds = workers.run(timed, work, *given)
            with keeping:
                job_of.step.fits.append(seconds)
            return result

        train(task, data, budget, runner)
    return steps


@contextmanager
def replaced(record: Callable[..., Any], run_folds: Callable[..., Any]) -> Iterator[None]:
    """Let trainings use other functions for their jobs and folds."""
    before = training.run_jobs, training._Training._run_folds
    training.run_jobs, training._Training._run_folds = record, run_folds
    try:
        yield
    finally:
        training.run_jobs, training._Training._run_folds = before


def replay(steps: Sequence[Step], workers: int) -> float:
    """Seconds that so many workers take; a fit goes to the first free one in the order of submission."""
    waiting = {number: set(step.after) for number, step in enumerate(steps)}
    left = {number: len(step.fits) for number, step in enumerate(steps)}
    ready: list[tuple[float, int, int, float]] = []  # since when, order, step, seconds
    order, now, idle = count(), 0.0, workers
    running: list[tuple[float, int, int]] = []

    def release() -> None:
        done = [number for number in waiting if not waiting[number]]
        for number in done:
            del waiting[number]
            for seconds in steps[number].fits:
                heapq.heappush(ready, (now, next(order), number, seconds))
            if not left[number]:
                end(number)

    def end(number: int) -> None:
        for others in waiting.values():
            others.discard(number)

    while waiting or ready or running:
        release()
        while ready and idle:
            _, _, number, seconds = heapq.heappop(ready)
            heapq.heappush(running, (now + seconds, next(order), number))
            idle -= 1
        if not running:
            continue
        now, _, number = heapq.heappop(running)
        idle += 1
        left[number] -= 1
        if not left[number]:
            end(number)
    return now


def chain(steps: Sequence[Step]) -> float:
    """Seconds of the longest chain of fits that wait for each other: no number of workers is faster."""
    ends: list[float] = []
    for step in steps:
        ends.append(max((ends[before] for before in step.after), default=0.0) + max(step.fits, default=0.0))
    return max(ends, default=0.0)


if __name__ == "__main__":
    main()

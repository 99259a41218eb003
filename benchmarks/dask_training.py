"""A training on Dask against the processes of this machine, and what more workers would make of it.

    python benchmarks/dask_training.py ratio       both engines with two workers of one thread, in turn
    python benchmarks/dask_training.py simulate    measured times of all fits, replayed on 1 to 16 workers

Reads the tables of GENRELAB_HOME; nothing is logged. `--task` and `--budget` choose the training (default:
spotify-bins-reviewed; `ratio` quick, `simulate` nightly). `ratio` prints seconds of the clock and of processor of this
process and its workers: on a machine with other work only the second says something. The workers run already and have
imported what a training needs; what that takes is printed as well. The limit is 1.1.

`simulate` trains once on the processes of this machine and keeps of each fit which worker time it took and what it
waited for; times are those of the processor of the worker, so that other work does not count. Then so many workers
take the fits in the order in which the code submits them, each when what it waits for has ended. What this process
does itself (reading, choosing, the fits of the comparison with the champion) is not in it. The limit is six times
faster with eight workers than with one, or what the longest chain of fits that wait for each other allows.
"""

import argparse
import heapq
import statistics
import sys
import threading
import time
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import psutil

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
NEEDED = "genrelab.models.training"


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
            at_first = processor()
            with Workers(WORKERS) if engine == "processes" else DaskWorkers(home, WORKERS) as workers:
                list(workers.map(imported, [(NEEDED,)] * WORKERS))
                before = time.perf_counter(), processor()
                train(task, data, budget, workers.run)
                seconds, busy = time.perf_counter() - before[0], processor() - before[1]
            found[engine].append((seconds, busy))
            print(
                f"{engine}: {seconds:.1f} s, {busy:.1f} s of processor, and {before[1] - at_first:.1f} s to start",
                flush=True,
            )
    clock, processors = (
        statistics.median(one[place] for one in found["dask"])
        / statistics.median(one[place] for one in found["processes"])
        for place in (0, 1)
    )
    print(f"ratio by the clock {clock:.3f}, of processor {processors:.3f} (limit {MOST_RATIO})")
    if min(clock, processors) > MOST_RATIO:
        sys.exit(1)


def processor() -> float:
    """Processor seconds of this process and of all that run below it."""
    this = psutil.Process()
    used = [one.cpu_times() for one in (this, *this.children(recursive=True))]
    return sum(float(one.user + one.system) for one in used)


def imported(module: str) -> str:
    """Import a module in a worker."""
    return import_module(module).__name__


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
    rows = [(f"{workers}", f"{hours[workers]:.0f}", f"{total / hours[workers]:.1f}") for workers in SIMULATED]
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
    by_key: dict[Hashable, Step] = {}
    keeping = threading.Lock()

    def record(jobs: Sequence[Job], *, side_by_side: bool) -> Iterator[Done]:
        first = len(steps)
        number = {job.key: first + place for place, job in enumerate(jobs)}
        stage = tuple(range(first))  # the second list of jobs begins when the first has ended
        own = [(*stage, *(number[key] for key in job.after if key in number)) for job in jobs]
        steps.extend(Step(job.key, after, []) for job, after in zip(jobs, own, strict=True))
        by_key.update({step.key: step for step in steps})
        yield from run_jobs(jobs, side_by_side=side_by_side)

    with Workers(WORKERS) as workers:

        def runner(work: Callable[..., Any], *given: Any) -> Any:
            result, seconds = workers.run(timed, work, *given)
            with keeping:
                by_key[key_of(work, given)].fits.append(seconds)
            return result

        training.run_jobs = record
        train(task, data, budget, runner)
    return steps


def key_of(work: Callable[..., Any], given: Sequence[Any]) -> Hashable:
    """The job of `genrelab.models.training` that a fit belongs to."""
    model = given[0]
    match work.__name__:
        case "fit_model_elsewhere":
            return model.name, f"duplicates {given[3]}"
        case "_draw":
            return f"{given[1].name}, draw {given[-1]} of artists"
        case "_learning_curve":
            return f"{model.name}, learning curve"
        case name:
            return f"{model.name}, {'search' if name == 'search_model' else 'folds'}"


def replay(steps: Sequence[Step], workers: int) -> float:
    """Seconds that so many workers take; a fit goes to the first free one in the order of submission."""
    waiting = {number: set(step.after) for number, step in enumerate(steps)}
    left = {number: len(step.fits) for number, step in enumerate(steps)}
    ready: list[tuple[int, float]] = []  # number and seconds of each fit, the first submitted first
    running: list[tuple[float, int]] = []  # when it ends, and its number
    now = 0.0
    while True:
        while free := [number for number, before in waiting.items() if not before]:
            for number in free:
                del waiting[number]
                ready.extend((number, seconds) for seconds in steps[number].fits)
            _ended(waiting, [number for number in free if not left[number]])
        while ready and len(running) < workers:
            number, seconds = ready.pop(0)
            heapq.heappush(running, (now + seconds, number))
        if not running:
            return now
        now, number = heapq.heappop(running)
        left[number] -= 1
        _ended(waiting, [] if left[number] else [number])


def _ended(waiting: dict[int, set[int]], numbers: Sequence[int]) -> None:
    for before in waiting.values():
        before.difference_update(numbers)


def chain(steps: Sequence[Step]) -> float:
    """Seconds of the longest chain of fits that wait for each other: no number of workers is faster."""
    ends: list[float] = []
    for step in steps:
        ends.append(max((ends[before] for before in step.after), default=0.0) + max(step.fits, default=0.0))
    return max(ends, default=0.0)


if __name__ == "__main__":
    main()

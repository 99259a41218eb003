"""A scheduler and workers of Dask as programs of their own, as on several machines; workers may be odd.

Run as a program it is a worker: `dask_programs.py ODDITY ADDRESS`.
"""

import os
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from ports import free_port

HELPERS = Path(__file__).parent
PATIENCE = 120
SOURCE = HELPERS.parents[1] / "src"
ODDITIES = {
    "version": ("genrelab 0.0.0", "install the same genrelab"),
    "python": ("Python 3.9.1", "install the same genrelab"),
    "missing": ("genrelab not installed", "install the same genrelab"),
    "code": ("code 0000", "install the same genrelab"),
    "lake": ("is not there", "set lake.location"),
}
"""What is odd about a worker, and what the message says of it."""


@dataclass
class DaskPrograms:
    """A scheduler and its workers.

    Args:
        folder: Where they run; they have no home.
        port: Port of the scheduler.
    """

    folder: Path
    port: int = field(default_factory=free_port)
    scheduler: subprocess.Popen[bytes] | None = None
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def address(self) -> str:
        """Address of the scheduler."""
        return f"tcp://127.0.0.1:{self.port}"

    def start_scheduler(self) -> None:
        """Start the scheduler, at the same address each time."""
        self.scheduler = self._start(
            "-m",
            "distributed.cli.dask_scheduler",
            "--host",
            "127.0.0.1",
            "--port",
            str(self.port),
            "--no-dashboard",
        )

    def start_worker(self, oddity: str = "") -> None:
        """Start a worker with one thread; it waits for the scheduler."""
        self.workers.append(self._start(str(HELPERS / "dask_programs.py"), oddity, self.address))

    def kill_worker(self, number: int) -> None:
        """End a worker as by `kill -9`, and start another one."""
        _kill(self.workers.pop(number))
        self.start_worker()

    def start_again(self) -> None:
        """Start the scheduler and, as their supervisor does, the workers: they end when it has gone."""
        self.start_scheduler()
        for number, process in enumerate(self.workers):
            process.wait(PATIENCE)
            self.workers[number] = self._start(str(HELPERS / "dask_programs.py"), "", self.address)

    def kill_scheduler(self) -> None:
        """End the scheduler as by `kill -9`."""
        if self.scheduler is not None:
            _kill(self.scheduler)

    def stop_scheduler(self) -> None:
        """Let the scheduler hang: it keeps its connections and answers nothing."""
        if self.scheduler is not None:
            self.scheduler.send_signal(signal.SIGSTOP)

    def end(self) -> None:
        """End all of them."""
        for process in self.workers:
            _kill(process)
        self.kill_scheduler()

    def _start(self, *words: str) -> subprocess.Popen[bytes]:
        paths = os.pathsep.join([str(HELPERS), str(SOURCE)])
        return subprocess.Popen(
            [sys.executable, *words],
            env={**os.environ, "PYTHONPATH": paths, "GENRELAB_HOME": str(self.folder / "elsewhere")},
            cwd=self.folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )


def _kill(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()


def _be_odd(oddity: str) -> None:
    """Change what this process says of itself."""
    from distributed import versions  # noqa: PLC0415 - in the worker

    from genrelab.runtime import dask_checks  # noqa: PLC0415

    own, packages = versions._version_cached, versions.get_package_info
    match oddity:
        case "version" | "missing":
            said = "0.0.0" if oddity == "version" else None
            versions._version_cached = lambda name: said if name == "genrelab" else own(name)
        case "python":
            versions.get_package_info = lambda names: {**packages(names), "python": "3.9.1.final.0"}
        case "code":
            dask_checks.code_here = lambda: "0000"
        case "lake":
            dask_checks.code_here()  # kept, before it cannot be found
            dask_checks.Path = lambda *_: Path("/nowhere")
    if oddity == "missing":
        for name in [name for name in sys.modules if name.startswith("genrelab")]:
            del sys.modules[name]
        sys.modules["genrelab"] = None  # an import of it fails


if __name__ == "__main__":
    from distributed.cli.dask_worker import main

    if sys.argv[1]:
        _be_odd(sys.argv[1])
    main([sys.argv[2], "--nthreads", "1", "--no-nanny", "--no-dashboard"])

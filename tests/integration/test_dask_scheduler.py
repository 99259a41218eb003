"""Jobs on a scheduler and workers that were started by hand, with the lake in a bucket, as on several machines."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hostile_s3 import HostileS3
from ports import free_port
from worker_pieces import size_and_process, sum_of

from genrelab.runtime.dask_workers import DaskWorkers
from genrelab.runtime.home import Home

pytest.importorskip("distributed", reason="Dask is not installed")
pytest.importorskip("boto3", reason="boto3 is not installed")

HELPERS = Path(__file__).parents[1] / "helpers"


@pytest.fixture
def scheduler(store: HostileS3, tmp_path: Path) -> Iterator[str]:  # noqa: ARG001 - the workers' lake
    """Address of a scheduler with two workers, in a folder of their own and without a home."""
    address, port = "tcp://127.0.0.1:", str(free_port())
    environment = {**os.environ, "PYTHONPATH": str(HELPERS), "GENRELAB_HOME": str(tmp_path / "elsewhere")}
    parts = [["dask_scheduler", "--host", "127.0.0.1", "--port", port, "--no-dashboard"]]
    parts += [["dask_worker", address + port, "--nthreads", "1", "--no-nanny", "--no-dashboard"]] * 2
    running = [
        subprocess.Popen(
            [sys.executable, "-m", f"distributed.cli.{name}", *words],
            env=environment,
            cwd=tmp_path,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for name, *words in parts
    ]
    yield address + port
    for process in reversed(running):
        process.kill()
        process.wait()


def test_workers_elsewhere_read_the_rows_from_the_bucket(
    scheduler: str, store: HostileS3, home: Home
) -> None:
    """The result is that of this process; the rows are gone from the bucket afterwards."""

    rows = np.random.default_rng(24).normal(size=(20_000, 4))

    with DaskWorkers(home, 2, scheduler) as workers:
        found = workers.run(sum_of, rows)
        size, process = workers.run(size_and_process, rows)
        assert [len(body) > rows.nbytes for key, body in store.objects.items() if "/work/" in key] == [True]

    assert found.tobytes() == sum_of(rows).tobytes()
    assert size == rows.size
    assert process != os.getpid()
    assert not [key for key in store.objects if "/work/" in key]
    assert not (home.root / "data" / "work").exists()

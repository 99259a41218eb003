"""Programs whose libraries are loaded already: for tests that say nothing of how a program starts.

Loading Great Expectations, pandas, scikit-learn and MLflow takes 5 of the 8 seconds of processor time of a small flow.
A server of `multiprocessing` loads them once; each program is a fork of it: a process of its own, with an environment,
streams and an exit code of its own. Prefect reads its settings when it is loaded, so each program loads it itself,
like genrelab's packages.
"""

import multiprocessing
import os
import sys
from collections.abc import Mapping, Sequence
from multiprocessing import forkserver
from pathlib import Path
from subprocess import CompletedProcess
from tempfile import TemporaryDirectory
from unittest.mock import patch

LOADED = (
    "great_expectations",
    "pandas",
    "sklearn.ensemble",
    "sklearn.linear_model",
    "sklearn.pipeline",
    "mlflow",
)
AS_GENRELAB_SETS = {
    "GX_ANALYTICS_ENABLED": "False",
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR": "false",
}
"""What genrelab sets before it loads them."""
_forks = multiprocessing.get_context("forkserver")


def run_forked(words: Sequence[str], environment: Mapping[str, str], timeout: float) -> CompletedProcess[str]:
    """Run `genrelab` to the end, as `subprocess.run` would.

    Args:
        words: What follows `genrelab` on the command line.
        environment: Its whole environment.
        timeout: Seconds after which it is killed.

    Raises:
        TimeoutError: It had not ended by then.
    """
    with patch.dict(os.environ, AS_GENRELAB_SETS):
        _forks.set_forkserver_preload(list(LOADED))
        forkserver.ensure_running()
    with TemporaryDirectory() as folder:
        streams = (Path(folder, "stdout"), Path(folder, "stderr"))
        process = _forks.Process(target=_program, args=(list(words), dict(environment), streams))
        process.start()
        process.join(timeout)
        if process.exitcode is None:
            process.kill()
            process.join()
            raise TimeoutError(f"genrelab {' '.join(words)} did not end within {timeout} s")
        said = [stream.read_text("utf-8") for stream in streams]
    return CompletedProcess(list(words), process.exitcode, *said)


def _program(words: list[str], environment: dict[str, str], streams: tuple[Path, Path]) -> None:
    """The program, in its process."""
    for number, stream in enumerate(streams, start=1):
        os.dup2(os.open(stream, os.O_WRONLY | os.O_CREAT | os.O_APPEND), number)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv[:] = ["genrelab", *words]
    from genrelab_cli.main import main  # noqa: PLC0415 - not in the process of the test

    main()

"""librosa, whose compiled functions are compiled and loaded by one process at a time.

numba compiles some functions of librosa when their module is imported, and stores each as two files. Two processes that
compile at the same moment may each write one of them, and every later process that loads such a pair is killed by a
segmentation fault (numba/numba#10128). So these modules are imported under a lock; it is on a file of librosa itself:
it holds for every home that uses this installation, and nothing is written.
"""

import fcntl
import importlib
from contextlib import suppress
from pathlib import Path

import librosa

COMPILED = ("librosa.util.utils", "librosa.core.audio", "librosa.core.pitch")
"""Modules that are used here and have functions decorated with `numba.guvectorize`."""


def _load() -> None:
    importlib.import_module("numba")  # takes seconds and needs no lock
    with Path(librosa.__file__).open("rb") as locked:
        with suppress(OSError):  # a file system without locks
            fcntl.flock(locked, fcntl.LOCK_EX)
        for module in COMPILED:
            importlib.import_module(module)


_load()
__all__ = ["librosa"]

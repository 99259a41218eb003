"""How freed memory goes back to the system.

A stored forest of several hundred trees takes 1 GB in memory and 3 GB while it is read. glibc's malloc notices such
arrays, serves later ones from its heap, and the heap, full of small holes, keeps what is freed: 2.9 GB stayed with
a process that held 1.0 GB. With a fixed threshold they are mapped one by one and go back at once; a fit takes as long.
"""

import contextlib
import ctypes
import os

THRESHOLD = 128 * 1024
"""Bytes from which memory is mapped by itself: glibc's own start value."""

M_MMAP_THRESHOLD = -3
"""Its number in glibc's malloc.h."""


def give_memory_back() -> None:
    """Fix the threshold in this process and in those that it starts; elsewhere than on glibc nothing happens."""
    os.environ.setdefault("MALLOC_MMAP_THRESHOLD_", str(THRESHOLD))
    with contextlib.suppress(AttributeError, OSError, ValueError):
        ctypes.CDLL(None).mallopt(M_MMAP_THRESHOLD, int(os.environ["MALLOC_MMAP_THRESHOLD_"]))

"""Reads the available memory, and makes malloc return freed memory to the system.

Conventions: sizes are bytes. The limit of a container or a service counts if it is lower than the machine's memory.

A stored forest of several hundred trees takes 1 GB in memory and 3 GB while it is read. glibc's malloc notices such
arrays, serves later ones from its heap, and the heap, full of small holes, keeps what is freed: 2.9 GB stayed with
a process that held 1.0 GB. With a fixed threshold they are mapped one by one and go back at once; a fit takes as long.
"""

import contextlib
import ctypes
import os
from collections.abc import Iterator
from pathlib import Path

THRESHOLD = 128 * 1024
"""Bytes from which an allocation is mapped separately: glibc's initial value."""

M_MMAP_THRESHOLD = -3
"""Its number in glibc's malloc.h."""


def give_memory_back() -> None:
    """Fix malloc's mmap threshold in this process and its children; without glibc nothing happens."""
    os.environ.setdefault("MALLOC_MMAP_THRESHOLD_", str(THRESHOLD))
    with contextlib.suppress(AttributeError, OSError, ValueError):
        ctypes.CDLL(None).mallopt(M_MMAP_THRESHOLD, int(os.environ["MALLOC_MMAP_THRESHOLD_"]))


def available_bytes(system: Path = Path("/")) -> int | None:
    """Return the memory that this process may still use; None if the system does not report it.

    Args:
        system: Root of the file system below which Linux reports memory.
    """
    found = [*_of_machine(system), *_of_group(system)]
    return max(min(found), 0) if found else None


def _of_machine(system: Path) -> Iterator[int]:
    with contextlib.suppress(OSError, ValueError, IndexError):
        for line in (system / "proc/meminfo").read_text().splitlines():
            if line.startswith("MemAvailable:"):
                yield int(line.split()[1]) << 10
                return
    with contextlib.suppress(OSError, ValueError, AttributeError):  # macOS reports the total only
        yield os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")


def _of_group(system: Path) -> Iterator[int]:
    """Yield what each control group of this process leaves; the file cache counts as free."""
    root = system / "sys/fs/cgroup"
    own = "/"
    with contextlib.suppress(OSError):
        lines = (system / "proc/self/cgroup").read_text().splitlines()
        own = next((line.removeprefix("0::") for line in lines if line.startswith("0::")), "/")
    folder = root / own.lstrip("/")
    for each in [folder, *folder.parents][: len(folder.relative_to(root).parts) + 1]:
        with contextlib.suppress(OSError, ValueError):  # no limit reads "max"
            limit = int((each / "memory.max").read_text())
            stat = dict(line.split() for line in (each / "memory.stat").read_text().splitlines())
            yield limit - int((each / "memory.current").read_text()) + int(stat.get("inactive_file", 0))
    with contextlib.suppress(OSError, ValueError):
        first = root / "memory"
        yield (
            int((first / "memory.limit_in_bytes").read_text())
            - int((first / "memory.usage_in_bytes").read_text())
        )

"""Freed memory goes back to the system."""

import subprocess
import sys

import pytest

from genrelab.runtime.memory import available_bytes

CODE = """
import sys
import numpy as np
from genrelab.runtime.memory import give_memory_back

def resident():
    with open("/proc/self/statm") as statm:
        return int(statm.read().split()[1]) * 4096 / 1e6

if sys.argv[1] == "fixed":
    give_memory_back()
del (first := [np.ones(2_000_000)])[:]  # 16 MB, mapped, freed: glibc's threshold is now above the arrays below
before = resident()
arrays = [np.ones(60_000) for _ in range(400)]
held = [np.ones(64) for _ in range(400)]
kept = arrays[::40]
arrays = None
print(resident() - before)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_freed_arrays_do_not_stay_with_the_process():
    """400 arrays of 0.5 MB, of which ten are kept: 5 MB stay where 192 MB were."""
    done = subprocess.run([sys.executable, "-c", CODE, "fixed"], capture_output=True, text=True, check=True)

    assert float(done.stdout) < 40


@pytest.fixture
def system(tmp_path):
    """A Linux with 8 GB free, and a service in two groups."""
    (tmp_path / "proc/self").mkdir(parents=True)
    (tmp_path / "proc/meminfo").write_text("MemTotal: 16000000 kB\nMemAvailable: 8000000 kB\n")
    (tmp_path / "proc/self/cgroup").write_text("0::/a/b\n")
    (tmp_path / "sys/fs/cgroup/a/b").mkdir(parents=True)
    return tmp_path


def limit(folder, most, current):
    """A limit of a group, of whose memory 10 bytes hold files."""
    (folder / "memory.max").write_text(f"{most}\n")
    (folder / "memory.current").write_text(f"{current}\n")
    (folder / "memory.stat").write_text("anon 5\ninactive_file 10\n")


def test_without_a_limit_the_machine_says_what_is_free(system):
    """And a group without one changes nothing."""
    limit(system / "sys/fs/cgroup/a", "max", 5)

    assert available_bytes(system) == 8_000_000 << 10


@pytest.mark.parametrize("group", ["", "a", "a/b"])
def test_the_limit_of_a_group_counts(system, group):
    """Of the own group and of those around it; files in memory can be given up."""
    limit(system / "sys/fs/cgroup" / group, 1000, 400)

    assert available_bytes(system) == 610


def test_the_limit_of_an_older_container_counts(system):
    """Control groups of version 1 have other names."""
    folder = system / "sys/fs/cgroup/memory"
    folder.mkdir()
    (folder / "memory.limit_in_bytes").write_text("1000")
    (folder / "memory.usage_in_bytes").write_text("1400")

    assert available_bytes(system) == 0

"""What the system says of processes: whether one is alive, and which boot it belongs to."""

import os
from pathlib import Path


def is_alive(pid: int) -> bool:
    """Whether a process with this id exists, whoever runs it."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # another user's process
        return True
    return True


def boot_id() -> str:
    """Return the id of this machine's boot, because process ids are reused; empty on systems other than Linux."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        return ""

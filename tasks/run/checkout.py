"""The commit of the project that is running."""

import subprocess
from functools import cache

from genrelab.runtime.home import PROJECT


@cache
def git_commit() -> str:
    """Return the commit of this checkout, or `unknown`."""
    try:
        done = subprocess.run(  # noqa: S603 - nothing in it comes from a user
            ["git", "-C", str(PROJECT), "rev-parse", "HEAD"],  # noqa: S607 - git as the user has it
            capture_output=True,
            text=True,
            check=False,
            timeout=10,
        )
    except OSError:
        return "unknown"
    return done.stdout.strip() if done.returncode == 0 else "unknown"

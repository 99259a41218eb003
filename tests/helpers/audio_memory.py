"""Seconds of a file that are analysed, and the memory that this takes, measured in a process of its own."""

import subprocess
import sys
from pathlib import Path

from genrelab.runtime.home import PROJECT

MEASURED = """
import sys
from pathlib import Path
from genrelab.audio.compute import compute
sys.path.append(sys.argv[3])
from growth import peak_bytes
seconds, _ = compute(Path(sys.argv[1]), sys.argv[2])
print(seconds, peak_bytes())
"""


def seconds_and_bytes(file: Path, recipe: str) -> tuple[float, float]:
    """How many seconds of a file a recipe analyses, and the most bytes that the process held."""
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, file, recipe, PROJECT / "benchmarks"],
        check=True,
        timeout=300,
        capture_output=True,
        text=True,
    )
    seconds, memory = map(float, done.stdout.split())
    return seconds, memory

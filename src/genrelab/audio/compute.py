"""Computes the features of one file, in a worker process.

Importing librosa takes seconds, so nothing here is imported at the top, and files that cannot be decoded never pay it.
"""

import importlib.util
import math
import shutil
import warnings
from pathlib import Path

from threadpoolctl import threadpool_limits

from genrelab.audio.decode import decode
from genrelab.audio.recipes import CLIPS_59, RECIPES
from genrelab.runtime.errors import GenrelabError, SourceError
from genrelab.runtime.files import hash_file


class OutOfReachError(GenrelabError):
    """This machine does not see a file, or cannot compute features."""


def compute_there(path: Path, digest: str, recipe: str) -> tuple[float, dict[str, float]]:
    """As `compute`, on a machine that may not have the file.

    Args:
        path: The file.
        digest: sha256 of its content.
        recipe: Name and version of the recipe.

    Raises:
        OutOfReachError: There is no such file here, or another one, or no librosa or ffmpeg.
        SourceError: The file cannot be used.
    """
    found = ""
    if importlib.util.find_spec("librosa") is None or shutil.which("ffmpeg") is None:
        found = "no librosa or no ffmpeg"
    elif not path.is_file():
        found = f"no file {path}"
    elif hash_file(path) != digest:
        found = f"another file {path}"
    if found:
        raise OutOfReachError(
            "a worker cannot read an audio file",
            found=found,
            allowed="the same folders, librosa and ffmpeg on every worker",
            do="mount the folders of [listen] on the workers, and install requirements-audio.lock there",
        )
    return compute(path, recipe)


def compute(path: Path, recipe: str) -> tuple[float, dict[str, float]]:
    """Return the seconds of audio that were analysed, and the features, rounded to nine digits as in the cache.

    Args:
        path: The file.
        recipe: Name and version of the recipe.

    Raises:
        SourceError: The file cannot be used.
    """
    declared = RECIPES[recipe]
    samples = decode(path, declared)
    if declared == CLIPS_59:
        from genrelab.audio.clips_59 import clips_59 as features_of  # noqa: PLC0415 - slow
    else:
        from genrelab.audio.fma_518 import fma_518 as features_of  # noqa: PLC0415 - slow
    with threadpool_limits(1), warnings.catch_warnings():  # other processes use the other cores
        warnings.simplefilter("ignore")  # librosa's, about frames without any sound
        features = features_of(samples)
    if not all(math.isfinite(value) for value in features.values()):
        lost = [name for name, value in features.items() if not math.isfinite(value)]
        raise SourceError("some features are not finite", found=", ".join(lost[:3]), do="leave this file out")
    return len(samples) / declared.rate, {name: float(f"{value:.9g}") for name, value in features.items()}

"""MLflow's scikit-learn flavour with the model file deflated.

A forest of 300 trees takes 300 MB as MLflow stores it and 60 MB deflated; `mlflow.sklearn.load_model` reads both,
since a skops file is a zip archive. The stock flavour has no switch for it (docs/decisions/0005-mlflow.md).
"""

import zipfile
from pathlib import Path
from typing import Any

import mlflow.sklearn

from genrelab.errors import GenrelabError

MODEL_FILE = "model.skops"
LEVEL = 1
CHUNK = 1 << 20
LARGEST = 200_000_000
"""Bytes of a stored model: the registry keeps several of each line, and every night loads them."""


class TooLargeError(GenrelabError):
    """A model takes more room than a stored one may."""


def save_model(sk_model: Any, path: str, **kwargs: Any) -> None:
    """Save `sk_model` at `path` as the stock flavour does, then deflate the model file.

    Raises:
        TooLargeError: Deflated it is larger than `LARGEST`.
    """
    mlflow.sklearn.save_model(sk_model, path, **kwargs)
    file = Path(path) / MODEL_FILE
    _deflate(file)
    if file.stat().st_size > LARGEST:
        raise TooLargeError(
            "the model is too large to be stored",
            found=f"{file.stat().st_size / 1e6:,.0f} MB",
            allowed=f"{LARGEST / 1e6:,.0f} MB",
            do="take fewer or smaller trees in its declaration",
        )


def _deflate(file: Path) -> None:
    part = file.with_suffix(".part")
    with (
        zipfile.ZipFile(file) as source,
        zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED, compresslevel=LEVEL) as target,
    ):
        for name in source.namelist():
            with source.open(name) as read, target.open(name, "w", force_zip64=True) as write:
                while chunk := read.read(CHUNK):
                    write.write(chunk)
    part.replace(file)

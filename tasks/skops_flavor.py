"""MLflow's scikit-learn flavour with the model file deflated.

A forest of 300 trees takes 300 MB as MLflow stores it and 60 MB deflated; `mlflow.sklearn.load_model` reads both,
since a skops file is a zip archive. The stock flavour has no switch for it (docs/decisions/0005-mlflow.md).
"""

import zipfile
from pathlib import Path
from typing import Any

import mlflow.sklearn

MODEL_FILE = "model.skops"
LEVEL = 1
CHUNK = 1 << 20


def save_model(sk_model: Any, path: str, **kwargs: Any) -> None:
    """Save `sk_model` at `path` as the stock flavour does, then deflate the model file."""
    mlflow.sklearn.save_model(sk_model, path, **kwargs)
    _deflate(Path(path) / MODEL_FILE)


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

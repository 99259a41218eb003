"""MLflow's scikit-learn flavour with the model file deflated.

A forest of 300 trees takes 300 MB as MLflow stores it and 60 MB deflated; `mlflow.sklearn.load_model` reads both,
since a skops file is a zip archive. The stock flavour has no switch for it (docs/decisions/0005-mlflow.md); it also
writes the whole file into memory first and loads it again, which takes 2.8 GB for a blend. So it is given the
unfitted model to describe, and the fitted one is written here.
"""

import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import mlflow.sklearn
import skops.io
from sklearn.base import clone

from genrelab.runtime.errors import GenrelabError

MODEL_FILE = "model.skops"
LEVEL = 1
LARGEST = 200_000_000
"""Bytes of a stored model: the registry keeps several of each line, and every night loads them."""


class TooLargeError(GenrelabError):
    """A model takes more room than a stored one may."""


class UntrustedTypesError(GenrelabError):
    """A model holds types that its declaration does not name."""


def save_model(sk_model: Any, path: str, *, skops_trusted_types: Sequence[str], **kwargs: Any) -> None:
    """Save `sk_model` at `path` as the stock flavour does, with the model file deflated.

    Args:
        sk_model: A fitted estimator.
        path: Folder to make.
        skops_trusted_types: The types it may hold beside those that skops knows.
        **kwargs: The other arguments of `mlflow.sklearn.save_model`.

    Raises:
        TooLargeError: It is larger than `LARGEST`.
        UntrustedTypesError: It holds another type, and could never be loaded.
    """
    mlflow.sklearn.save_model(clone(sk_model), path, skops_trusted_types=list(skops_trusted_types), **kwargs)
    file = Path(path) / MODEL_FILE
    skops.io.dump(sk_model, file, compression=zipfile.ZIP_DEFLATED, compresslevel=LEVEL)
    if file.stat().st_size > LARGEST:
        raise TooLargeError(
            "the model is too large to be stored",
            found=f"{file.stat().st_size / 1e6:,.0f} MB",
            allowed=f"{LARGEST / 1e6:,.0f} MB",
            do="take fewer or smaller trees in its declaration",
        )
    unknown = set(skops.io.get_untrusted_types(file=file)) - set(skops_trusted_types)
    if unknown:
        raise UntrustedTypesError(
            "the model could never be loaded again",
            found=", ".join(sorted(unknown)),
            allowed=", ".join(skops_trusted_types) or "the types that skops knows",
            do="name these types in the model's declaration, if they may be trusted",
        )

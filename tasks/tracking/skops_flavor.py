"""MLflow's scikit-learn flavour with a compressed model file.

A forest of 300 trees takes 300 MB as MLflow stores it and 60 MB compressed; `mlflow.sklearn.load_model` reads both,
because a skops file is a zip archive. MLflow's flavour has no option for it (docs/decisions/0005-mlflow.md). It also
writes the whole file into memory and loads it again, which takes 2.8 GB for a blend. So MLflow's flavour only
describes the unfitted model, and this module writes the fitted one.
"""

import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import mlflow.sklearn
import pandas as pd
import skops.io
from mlflow.models import Model
from sklearn.base import clone

from genrelab.runtime.errors import GenrelabError

LABELS = "labels"
"""Key in the metadata of a stored model: the name of each column of its answer."""

DESCRIPTION = "MLmodel"
MODEL_FILE = "model.skops"
LEVEL = 1
LARGEST = 200_000_000
"""Maximum size of a stored model in bytes; the registry keeps several, and every nightly run loads them."""


class TooLargeError(GenrelabError):
    """A model is larger than the limit for stored models."""


class UntrustedTypesError(GenrelabError):
    """A model contains types that its declaration does not list."""


def save_model(sk_model: Any, path: str, *, skops_trusted_types: Sequence[str], **kwargs: Any) -> None:
    """Save `sk_model` at `path` like MLflow's flavour, but with a compressed model file.

    Args:
        sk_model: A fitted estimator.
        path: Folder to create.
        skops_trusted_types: The types it may contain besides those that skops trusts.
        **kwargs: The other arguments of `mlflow.sklearn.save_model`.

    Raises:
        TooLargeError: The model is larger than `LARGEST`.
        UntrustedTypesError: The model contains another type, so it could not be loaded.
    """
    described = kwargs.setdefault("mlflow_model", Model())
    mlflow.sklearn.save_model(clone(sk_model), path, skops_trusted_types=list(skops_trusted_types), **kwargs)
    described.flavors["python_function"]["loader_module"] = __name__  # answers with names, see below
    described.save(Path(path) / DESCRIPTION)
    file = Path(path) / MODEL_FILE
    skops.io.dump(sk_model, file, compression=zipfile.ZIP_DEFLATED, compresslevel=LEVEL)
    if file.stat().st_size > LARGEST:
        raise TooLargeError(
            "the model is too large to be stored",
            found=f"{file.stat().st_size / 1e6:,.0f} MB",
            allowed=f"{LARGEST / 1e6:,.0f} MB",
            do="use fewer or smaller trees in its declaration",
        )
    unknown = set(skops.io.get_untrusted_types(file=file)) - set(skops_trusted_types)
    if unknown:
        raise UntrustedTypesError(
            "the stored model could not be loaded again",
            found=", ".join(sorted(unknown)),
            allowed=", ".join(skops_trusted_types) or "the types that skops trusts",
            do="list these types in the model's declaration, if they can be trusted",
        )


class NamedAnswers:
    """A model for `mlflow.pyfunc` whose answer has a column for each label, under its name.

    Args:
        estimator: The stored estimator.
        labels: Names of the columns.
    """

    def __init__(self, estimator: Any, labels: Sequence[str]) -> None:
        self._estimator, self._labels = estimator, list(labels)

    def predict_proba(self, data: pd.DataFrame) -> pd.DataFrame:
        """Return the probability of every label, one row for each of the data; called for MLflow's `predict`."""
        return pd.DataFrame(
            self._estimator.predict_proba(data), columns=self._labels, index=getattr(data, "index", None)
        )


def _load_pyfunc(path: str) -> NamedAnswers:
    """Load a stored model for `mlflow.pyfunc.load_model`, which looks for a function of this name."""
    folder = Path(path) if Path(path).is_dir() else Path(path).parent
    labels = (Model.load(str(folder / DESCRIPTION)).metadata or {})[LABELS]
    return NamedAnswers(mlflow.sklearn._load_pyfunc(path), labels)  # noqa: SLF001 - what MLflow itself calls

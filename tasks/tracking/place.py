"""The address of MLflow, found without importing it, so that skipped steps are fast.

Importing MLflow takes 3 s. `tasks.tracking.champion_versions` reads the champions.
"""

import http.client
import os
import re
import urllib.error
from pathlib import Path

from genrelab.lake.databases import is_sound
from genrelab.runtime.errors import GenrelabError
from genrelab.runtime.home import Home
from genrelab.runtime.proxies import open_url
from genrelab.runtime.unexpected import mask

ALIAS = "champion"
ANSWER_SECONDS = 5.0


class TrackingError(GenrelabError):
    """The MLflow of MLFLOW_TRACKING_URI does not answer, or is not MLflow."""


def tracking_uri(home: Home) -> str:
    """Return the address of MLflow: MLFLOW_TRACKING_URI, or the database under `mlruns/`."""
    return os.environ.get("MLFLOW_TRACKING_URI") or local_uri(home)


def local_uri(home: Home) -> str:
    """Return the address of the database under `mlruns/`."""
    return f"sqlite:///{home.mlruns / 'mlflow.db'}"


def database(home: Home) -> Path | None:
    """Return the path of MLflow's database in the home; None if MLFLOW_TRACKING_URI names another one."""
    path = home.mlruns / "mlflow.db"
    named = os.environ.get("MLFLOW_TRACKING_URI")
    if not named:
        return path
    return (
        path if named.startswith("sqlite:///") and _is_same(named.removeprefix("sqlite:///"), path) else None
    )


def _is_same(named: str, path: Path) -> bool:
    return Path(named).resolve() == path.resolve()


def tracking_identity(home: Home) -> str:
    """Return the MLflow that a step logs to, for its fingerprint; independent of the path of the home."""
    return "" if database(home) else tracking_uri(home)


def is_there(home: Home) -> bool:
    """Whether MLflow's database exists and can be read; servers are not checked."""
    path = database(home)
    return path is None or (path.is_file() and is_sound(path))


def require_answer(home: Home) -> None:
    """Check that the MLflow of MLFLOW_TRACKING_URI answers, because its client would retry for minutes.

    Raises:
        TrackingError: It does not answer.
    """
    if database(home) is not None:
        return
    uri = tracking_uri(home)
    if uri != "databricks" and (":" not in uri or uri.startswith("file:")):
        raise TrackingError(
            "MLflow no longer supports a folder as its store",
            found=f"MLFLOW_TRACKING_URI = {uri}",
            allowed="a server (http://...), or a database (sqlite:///..., postgresql+psycopg://...)",
            do="correct it, or unset it to use the database of the home",
        )
    problem = _no_http(uri) if uri.startswith("http") else no_database(uri)
    if problem:
        raise TrackingError(
            f"the {'MLflow server' if uri.startswith('http') else 'database of MLflow'} does not answer",
            found=f"MLFLOW_TRACKING_URI = {mask(uri)}: {problem}",
            do="start it, correct the address, or unset MLFLOW_TRACKING_URI to use the database of the home",
        )


def _no_http(uri: str) -> str:
    """The problem with an HTTP server; empty if it answers."""
    try:
        with open_url(f"{uri.rstrip('/')}/health", ANSWER_SECONDS):
            return ""
    except urllib.error.HTTPError:  # other servers may lack this page
        return ""
    except (OSError, ValueError, http.client.HTTPException) as error:
        return mask(str(getattr(error, "reason", "") or error or type(error).__name__)).strip()


def no_database(uri: str) -> str:
    """Return the problem with a database, without its password; empty if it answers, or is a file."""
    if not re.match(r"(postgresql|mysql|mssql)\b.*://", uri):
        return ""  # a file, which MLflow makes, or something of which it says itself that it cannot be
    import sqlalchemy  # noqa: PLC0415 - where there is a server

    limit = {"connect_timeout": int(ANSWER_SECONDS)} if uri.startswith(("postgresql", "mysql")) else {}
    try:
        engine = sqlalchemy.create_engine(uri, connect_args=limit)
        with engine.connect():
            pass
        engine.dispose()
    except (sqlalchemy.exc.SQLAlchemyError, ImportError, ValueError) as error:
        return mask(str(getattr(error, "orig", None) or error).strip().splitlines()[0])
    return ""

"""The MLflow UI in one process that stops together with its parent process.

Run as `python -m genrelab_cli.servers.mlflow_server ARTIFACTS PORT`, with the address of the database in
GENRELAB_BACKEND, because it may contain a password. `mlflow ui` starts worker processes that keep running
when it is killed.
"""

import os
import sys

from genrelab_cli.servers.own_pages import OwnPagesOnly
from genrelab_cli.servers.parent import die_with_parent

HOST = "127.0.0.1"


def main() -> None:
    """Serve until the parent process ends."""
    die_with_parent()
    artifacts, port = sys.argv[1:]

    from mlflow.server import constants

    os.environ[constants.BACKEND_STORE_URI_ENV_VAR] = os.environ.pop("GENRELAB_BACKEND")
    os.environ[constants.ARTIFACT_ROOT_ENV_VAR] = artifacts

    import uvicorn
    from mlflow.server.fastapi_app import app

    uvicorn.run(OwnPagesOnly(app), host=HOST, port=int(port), log_level="warning")


if __name__ == "__main__":
    main()

"""The MLflow UI in one process that never outlives its parent.

Run as `python -m genrelab_cli.servers.mlflow_server ARTIFACTS PORT`, with the address of the database, which may hold a
password, in GENRELAB_BACKEND. `mlflow ui` starts workers of its own, which stay behind when it is killed.
"""

import os
import sys

from genrelab_cli.servers.own_pages import OwnPagesOnly
from genrelab_cli.servers.parent import die_with_parent

HOST = "127.0.0.1"


def main() -> None:
    """Serve until the parent is gone."""
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

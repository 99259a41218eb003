"""The release of genrelab that runs: its version and a digest of its code.

Conventions: a deployment names the release that registered it. A worker of another release would repeat all steps with
its own code, so it refuses the run. Deployments that Prefect's own commands registered name none.
"""

import os

from genrelab import __version__
from genrelab.runtime.errors import GenrelabError
from tasks.run.step import ALL_CODE, code_digest

NAME = "genrelab "


def release() -> str:
    """Return the release of this process, as a deployment names it."""
    return f"{NAME}{__version__}+{code_digest(*ALL_CODE)[:8]}"


def require_same_release() -> None:
    """Refuse a run that a worker started, if another release registered its deployment.

    Raises:
        GenrelabError: Another one did.
    """
    if not os.environ.get("PREFECT__FLOW_RUN_ID"):  # started by a command
        return
    from prefect.runtime import deployment  # noqa: PLC0415 - asks the server

    registered = deployment.version or ""
    if registered.startswith(NAME) and registered != release():
        raise GenrelabError(
            "this worker runs another release than the one that registered the deployment",
            found=release(),
            allowed=registered,
            do="install the same genrelab on every host of the work pool, then start their workers again",
        )

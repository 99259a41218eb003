"""End the runs that a killed or cancelled run left open, so that none stays RUNNING in MLflow.

Conventions: called while the lock of the home is held, when no run of this home can be open. In the home's own database
these are all open runs of this project; on a server, which may serve other homes too, those with the tag of this home,
or of all homes that share its lake.
"""

import contextlib
import sqlite3

from genrelab.lake.storage import bucket_of
from genrelab.runtime.files import digest
from genrelab.runtime.home import Home
from tasks.tracking.place import database

OPEN = "SELECT 1 FROM runs WHERE status = 'RUNNING' AND lifecycle_stage = 'active' LIMIT 1"
HOME_TAG = "home"
PAGE = 1_000


def home_tag(home: Home) -> dict[str, str]:
    """Return the tag that every run gets: a hash of the path of its home, or of the lake that homes share."""
    bucket = bucket_of(home)
    return {HOME_TAG: digest(bucket.location if bucket else str(home.root))[:12]}


def has_open_runs(home: Home) -> bool:
    """Whether the home's own database has open runs; read without MLflow, whose import takes 3 s."""
    path = database(home)
    if path is None or not path.is_file():
        return False
    with (
        contextlib.suppress(sqlite3.Error),
        contextlib.closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as opened,
    ):
        return opened.execute(OPEN).fetchone() is not None
    return False


def end_open_runs(home: Home) -> int:
    """Mark the open runs of this home as killed, and return how many there were."""
    from tasks.tracking.client import connect  # noqa: PLC0415 - imports MLflow

    client = connect(home).client
    ours = "tags.git_commit != ''" if database(home) else f"tags.{HOME_TAG} = '{home_tag(home)[HOME_TAG]}'"
    experiments = [each.experiment_id for each in client.search_experiments(max_results=PAGE)]
    found = client.search_runs(experiments, f"attributes.status = 'RUNNING' and {ours}", max_results=PAGE)
    for run in found:
        client.set_terminated(run.info.run_id, "KILLED")
    return len(found)

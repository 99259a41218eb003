"""What has changed in the tables that models read, since the last version and since the champions were trained?

It compares versions and keeps how tables stand, so that a task of its own runs it: `tasks.drift`.
"""

from genrelab.analyses.analysis import Analysis
from genrelab.analyses.drift.result import DriftReport

DRIFT = Analysis(
    name="measure_drift",
    folder="drift",
    result=DriftReport,
    pages=("drift",),
    uses=("features",),
    description="Compare the newest version of every table that models read with the one before it, and with those "
    "that the champions were trained on.",
)

"""What failed, what changed since an earlier run, and how did the results develop?

The history is collected when the report is written (`tasks.report`), from the records of all runs kept.
"""

from genrelab.analyses.analysis import Analysis
from genrelab.analyses.run_history.result import RunHistory

RUN_HISTORY = Analysis(
    name="run_history", folder="run_history", result=RunHistory, pages=("failed", "changed", "trends")
)

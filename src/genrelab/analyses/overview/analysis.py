"""How did the run go?

It is collected when the report is written (`tasks.report`), from the records of all steps.
"""

from genrelab.analyses.analysis import Analysis
from genrelab.analyses.overview.result import ReportedRun

OVERVIEW = Analysis(name="overview", folder="overview", result=ReportedRun, pages=("index",))

"""Where did every record go, and can the tables be trusted?

Both are collected when the report is written (`tasks.report`), from the lake and from the records of the audits.
"""

from genrelab.analyses.analysis import Analysis
from genrelab.analyses.data_quality.result import Audits, PublishedTables

TABLES = Analysis(name="tables", folder="data_quality", result=PublishedTables, pages=("tables", "columns"))
VALIDATION = Analysis(
    name="validation", folder="data_quality", result=Audits, pages=("validation", "glossary")
)

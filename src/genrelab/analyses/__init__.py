"""Analyses: each answers one question about the tables, in a folder of its own.

A folder holds the declaration (`analysis.py`), the typed result (`result.py`), the computing modules, what is logged to
MLflow (`runs.py`), what is said in a line (`summary.py`), and the package `pages` with all that the report shows. The
registry lists them; `tasks.analysis` runs any of them.

Nothing is imported here: members import `genrelab.analyses.analysis`.
"""

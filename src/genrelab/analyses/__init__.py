"""Analyses: each answers one question about the tables, in a folder of its own.

A folder contains the declaration (`analysis.py`), the typed result (`result.py`), the computation, the MLflow runs
(`runs.py`), the summary (`summary.py`), and the package `pages` for the report. The registry lists all analyses;
`tasks.analysis` runs them.

This module imports nothing: members import `genrelab.analyses.analysis`.
"""

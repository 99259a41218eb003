"""How long are the tracks of each genre?

An example: `CONTRIBUTING.md` says how it becomes an analysis. Nothing is imported here.
"""

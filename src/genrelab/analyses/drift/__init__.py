"""Drift: changes between two versions of a table, their size, and whether they exceed chance.

Conventions: *earlier* is the version that is compared with, *later* the one at hand. Shares are fractions of
all rows; a missing value counts as a bin, or as a class, of its own.

Which versions are compared, and what follows from a drift, does not belong here but in `tasks.drift`.

Nothing is imported here: a declaration, and a step that is skipped, need no model.
"""

"""Checks of Echo Nest's features before tracks were removed; a subset of those of the clean table."""

from expectations.fma_echonest import HUMAN as OF_THE_CLEAN_TABLE
from expectations.fma_echonest import PROFILE

__all__ = ["HUMAN", "PROFILE"]

HUMAN = tuple(check for check in OF_THE_CLEAN_TABLE if check.rule != "audio features: all or none")
"""Tracks with half an analysis were left out of fma_echonest, so they belong here."""

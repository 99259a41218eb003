"""Spotify tracks: reads earlier pulls and finds rows that were pulled twice."""

from genrelab.sources.spotify.duplicates import exact_duplicates
from genrelab.sources.spotify.pulls import read_pulls

__all__ = ["exact_duplicates", "read_pulls"]

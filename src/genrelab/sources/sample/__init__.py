"""Sample data made by the project: a synthetic catalogue of artists and tracks."""

from genrelab.sources.sample.catalogue import Artist, Catalogue, Track, catalogue

__all__ = ["Artist", "Catalogue", "Track", "catalogue"]

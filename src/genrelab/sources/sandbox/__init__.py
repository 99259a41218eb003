"""A local stand-in of Spotify, ReccoBeats, MusicBrainz and Last.fm, for first runs, tests and benchmarks."""

from genrelab.sources.sandbox.calls import WORLDS
from genrelab.sources.sandbox.faults import FAULTS, Faults
from genrelab.sources.sandbox.server import CREDENTIALS, Sandbox

__all__ = ["CREDENTIALS", "FAULTS", "WORLDS", "Faults", "Sandbox"]

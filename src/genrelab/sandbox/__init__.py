"""A local stand-in of Spotify, ReccoBeats, MusicBrainz and Last.fm, for first runs, tests and benchmarks."""

from genrelab.sandbox.calls import WORLDS
from genrelab.sandbox.faults import FAULTS, Faults
from genrelab.sandbox.server import CREDENTIALS, Sandbox

__all__ = ["CREDENTIALS", "FAULTS", "WORLDS", "Faults", "Sandbox"]

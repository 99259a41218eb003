"""A local stand-in of the Spotify Web API and of ReccoBeats."""

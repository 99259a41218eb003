"""Flow `bin_genres`: micro-genres to twelve target genres by an ordered rule table."""

from prefect import State, flow

from genrelab.settings import load_settings
from tasks.bins import bin_spotify_tracks


@flow
def bin_genres() -> list[State]:
    """Give every Spotify track its target genre, and the side of the split that it stays on."""
    return [bin_spotify_tracks(load_settings())]

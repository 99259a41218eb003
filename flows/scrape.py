"""Flow `scrape`: Spotify through spotipy."""

from prefect import State, flow

from genrelab.settings import load_settings
from tasks.one_run import TOLD, one_at_a_time
from tasks.scrape import fetch_spotify, publish_scraped


@flow(name="scrape", **TOLD)
@one_at_a_time
def scrape(
    spotify: str | None = None,
    artists: str | None = None,
    tracks_per_artist: int | None = None,
    max_wait: float | None = None,
) -> list[State]:
    """Scrape artists, their tracks and audio features into spotify_tracks; resumable.

    Args:
        spotify: `sample` or `api`; empty takes the configured source.
        artists: For `api`: a file of artist ids, URIs or search terms, one per line or a CSV column.
        tracks_per_artist: How many tracks to fetch for each artist, 1 to 10.
        max_wait: Longest wait in seconds that the run sits out; a longer one ends it, to go on later.
    """
    settings = load_settings(
        spotify=spotify, artists=artists, tracks_per_artist=tracks_per_artist, max_wait=max_wait
    )
    return [fetch_spotify(settings), publish_scraped(settings)]

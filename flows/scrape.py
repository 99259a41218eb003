"""Flow `scrape`: scrape Spotify through spotipy."""

from typing import Annotated

from prefect import State, flow
from pydantic import Field

from genrelab.runtime.settings import load_settings
from tasks.publishing.scrape import fetch_spotify, publish_scraped
from tasks.run.one_run import RUN_OPTIONS, one_at_a_time


@flow(name="scrape", **RUN_OPTIONS)
@one_at_a_time
def scrape(
    spotify: str = "",
    artists: str = "",
    tracks_per_artist: Annotated[int, Field(ge=0, le=10)] = 0,
    max_wait: Annotated[float, Field(ge=-1)] = -1,
    strict: bool = False,
) -> list[State]:
    """Scrape artists, their tracks and audio features into spotify_tracks; an interrupted scrape continues.

    Args:
        spotify: `sample` or `api`; empty uses the configured source.
        artists: For `api`: a file of artist ids, URIs or search terms, one per line or a CSV column; empty uses
            the configured one.
        tracks_per_artist: How many tracks to fetch for each artist, 1 to 10; 0 uses the configured number.
        max_wait: Longest wait in seconds accepted from Spotify; a longer one ends the run, to be continued later; -1
            uses the configured one.
        strict: Refuse the table when it has caveats; off uses the configured value.
    """
    settings = load_settings(
        spotify=spotify,
        artists=artists,
        tracks_per_artist=tracks_per_artist or None,
        max_wait=max_wait if max_wait >= 0 else None,
        strict=strict,
    )
    return [fetch_spotify(settings), publish_scraped(settings)]

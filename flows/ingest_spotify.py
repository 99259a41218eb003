"""Flow `ingest_spotify`: earlier pulls, or the sample, into spotify_tracks."""

from prefect import State, flow

from genrelab.settings import load_settings
from tasks.ingest import ingest_spotify_tracks
from tasks.one_run import TOLD, one_at_a_time


@flow(name="ingest_spotify", **TOLD)
@one_at_a_time
def ingest_spotify(spotify: str = "", strict: bool = False) -> list[State]:
    """Read pulled Spotify tracks into the table spotify_tracks.

    Args:
        spotify: `sample`, or a folder or file of earlier pulls (CSV); empty takes the configured source.
        strict: Refuse a table that has caveats; off takes the configured value.
    """
    return [ingest_spotify_tracks(load_settings(spotify=spotify, strict=strict))]

"""Flow `ingest_spotify`: read earlier pulls, or any known table of tracks, into spotify_tracks."""

from prefect import State, flow

from genrelab.runtime.settings import load_settings
from tasks.publishing.ingest import ingest_spotify_tracks
from tasks.run.one_run import RUN_OPTIONS, one_at_a_time


@flow(name="ingest_spotify", **RUN_OPTIONS)
@one_at_a_time
def ingest_spotify(spotify: str = "", columns: str = "", strict: bool = False) -> list[State]:
    """Read a table of Spotify tracks into the table spotify_tracks.

    Args:
        spotify: A folder or file of tracks (CSV): earlier pulls, or another known layout; empty uses the configured
            source.
        columns: Names of its columns where the layout is not known, e.g. `artist_name=Interpret,energy=NRG:percent`;
            empty uses those of genrelab.toml.
        strict: Refuse a table that has caveats; off uses the configured value.
    """
    return [ingest_spotify_tracks(load_settings(spotify=spotify, columns=columns, strict=strict))]

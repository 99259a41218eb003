"""Flow `ingest_origin`: read the geographical-origin data."""

from prefect import State, flow

from genrelab.runtime.settings import load_settings
from tasks.publishing.ingest import ingest_origin_tracks
from tasks.run.one_run import RUN_OPTIONS, one_at_a_time


@flow(name="ingest_origin", **RUN_OPTIONS)
@one_at_a_time
def ingest_origin(origin: str = "", strict: bool = False) -> list[State]:
    """Read musical features and the capitals they come from into the table origin_tracks.

    Args:
        origin: `sample`, or the path of default_features_1059_tracks.txt or its 116-feature variant; empty uses
            the configured source.
        strict: Refuse a table that has caveats; off uses the configured value.
    """
    return [ingest_origin_tracks(load_settings(origin=origin, strict=strict))]

"""Flow `ingest_fma`: read FMA metadata into the fma_ tables."""

from prefect import State, flow

from genrelab.runtime.settings import load_settings
from tasks.publishing.ingest_fma import ingest_fma_tables
from tasks.run.one_run import RUN_OPTIONS, one_at_a_time


@flow(name="ingest_fma", **RUN_OPTIONS)
@one_at_a_time
def ingest_fma(fma: str = "", strict: bool = False) -> list[State]:
    """Read the Free Music Archive's metadata into the fma_ tables.

    Args:
        fma: `sample`, `download`, or the path of fma_metadata as a zip file or an unpacked folder; empty uses the
            configured source.
        strict: Refuse a table that has caveats; off uses the configured value.
    """
    return [ingest_fma_tables(load_settings(fma=fma, strict=strict))]

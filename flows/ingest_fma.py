"""Flow `ingest_fma`: FMA metadata into Parquet tables."""

from prefect import State, flow

from genrelab.settings import load_settings
from tasks.ingest_fma import ingest_fma_tables


@flow(name="ingest_fma")
def ingest_fma(fma: str | None = None) -> list[State]:
    """Read the Free Music Archive's metadata into the fma_ tables.

    Args:
        fma: `sample`, `download`, or the path of fma_metadata as a zip or an unpacked folder; empty takes the
            configured source.
    """
    return [ingest_fma_tables(load_settings(fma=fma))]

"""Every table of the lake, declared once and found by name."""

from genrelab.lake.schema import Table
from genrelab.runtime.callable_package import make_callable
from genrelab.tables.fma import (
    FMA_ECHONEST,
    FMA_FEATURES,
    FMA_GENRES,
    FMA_TRACKS,
)
from genrelab.tables.fma_raw import FMA_RAW_ECHONEST, RAW_TABLES
from genrelab.tables.groups import ARTIST_GROUPS
from genrelab.tables.label_doubts import LABEL_DOUBTS
from genrelab.tables.listened import LISTENED
from genrelab.tables.origin import ORIGIN_TRACKS
from genrelab.tables.places import FMA_PLACES
from genrelab.tables.predictions import PREDICTIONS
from genrelab.tables.spotify import SPOTIFY_BINNED, SPOTIFY_TRACKS

TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        SPOTIFY_TRACKS,
        SPOTIFY_BINNED,
        ARTIST_GROUPS,
        FMA_TRACKS,
        FMA_GENRES,
        FMA_FEATURES,
        FMA_ECHONEST,
        *RAW_TABLES.values(),
        FMA_RAW_ECHONEST,
        ORIGIN_TRACKS,
        PREDICTIONS,
        LABEL_DOUBTS,
        FMA_PLACES,
        LISTENED,
    )
}

make_callable(__name__, "genrelab.notebook.lake_tables", "tables")

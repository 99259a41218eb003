"""The two columns that say where an imported row came from."""

import pyarrow as pa

from genrelab.lake.schema import Column

PROVENANCE = (
    Column("source", pa.string(), "File or address that the row was read from."),
    Column(
        "source_row",
        pa.int64(),
        "Number of the record in its source, from 1, without the header.",
        low=1,
    ),
)

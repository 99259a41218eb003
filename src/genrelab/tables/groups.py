"""Artist groups: the permanent memory that keeps an artist on one side of every split.

How groups are found is in `genrelab.evaluation.groups`; this is only the table they are kept in.
"""

import pyarrow as pa

from genrelab.lake.schema import Column, Table

ARTIST_GROUPS = Table(
    name="artist_groups",
    meaning="Which group an artist, a track or a set of audio features belongs to, for ever.",
    columns=(
        Column("key", pa.string(), "`artist:<id>`, `track:<id>`, or `audio:<digest of the features>`."),
        Column(
            "artist_group",
            pa.string(),
            "The group; one that starts with `link:` belongs to no part, `catch-all` marks an id that"
            " stands for many artists.",
        ),
    ),
    key=("key",),
)

"""Artist groups: the permanent record that keeps an artist in one part of every split.

How groups are found does not belong here but in `genrelab.evaluation.groups`.
"""

import pyarrow as pa

from genrelab.lake.schema import Column, Table

ARTIST_GROUPS = Table(
    name="artist_groups",
    meaning="The permanent group of an artist, a track or a set of audio features.",
    columns=(
        Column("key", pa.string(), "`artist:<id>`, `track:<id>`, or `audio:<digest of the features>`."),
        Column(
            "artist_group",
            pa.string(),
            "The group; one that starts with `link:` belongs to no part of the split, `catch-all` marks an id that"
            " is used for many artists.",
        ),
    ),
    key=("key",),
)

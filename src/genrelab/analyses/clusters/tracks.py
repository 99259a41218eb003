"""The tracks of a collection that are clustered, and how many they are drawn from.

Conventions: a track takes part if it has a genre by the labelling named `rows_by` (for Spotify `classic`: the capstone
project's rows) and every feature. A feature that so many of those with a genre lack that fewer values would be left is
left out, and named (`genrelab.sources.present`). Of more than `MOST_ROWS` (`genrelab.evaluation.samples`) a sample is
drawn first, and names, genres and features are read of the sample alone.

How they are clustered does not belong here but in `genrelab.analyses.clusters.collection`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from genrelab.analyses.clusters.feature_sets import ECHONEST_SETS, SPOTIFY_SETS, FeatureSet, feature_sets
from genrelab.evaluation.samples import sample_rows
from genrelab.lake.source_order import source_order
from genrelab.lake.stored_rows import Rows, batches_of, rows_at
from genrelab.runtime.errors import GenrelabError
from genrelab.sources.present import fullest_rows


@dataclass(frozen=True)
class Collection:
    """What is clustered.

    Args:
        name: Short name, part of addresses.
        title: Its name in the report.
        table: The table that carries the features.
        sets: The feature sets; the first has all features.
        rows_by: The labelling whose rows take part.
    """

    name: str
    title: str
    table: str
    sets: tuple[FeatureSet, ...]
    rows_by: str


SPOTIFY = Collection("spotify", "Spotify tracks", "spotify_binned", SPOTIFY_SETS, "classic")
FMA = Collection("fma", "Free Music Archive, Echo Nest features", "fma_echonest", ECHONEST_SETS, "top genre")


@dataclass(frozen=True)
class DrawnTracks:
    """The tracks of a collection that are clustered.

    Args:
        collection: What it is, with sets of the features that its tracks have.
        absent: Features that too few tracks have; no set has them.
        rows: The tracks in source order.
        labels: Column of `rows` that has the genres, by labelling; one of them is `collection.rows_by`.
        read: Tracks in the table.
        with_genre: Those that have a genre by `collection.rows_by`.
        usable: Those of them that have every feature too; `rows` are drawn from these.
    """

    collection: Collection
    absent: tuple[str, ...]
    rows: pa.Table
    labels: Mapping[str, str]
    read: int
    with_genre: int
    usable: int


def draw_tracks(
    rows: Rows, labels: Mapping[str, str], collection: Collection, *, seed: int, columns: Sequence[str] = ()
) -> DrawnTracks:
    """Draw the tracks that are clustered; of all others some 30 bytes each are held, and nothing afterwards.

    Args:
        rows: The tracks of the table, with `source` and `source_row` unless they are in order.
        labels: Column of the genres by labelling; one of them is `collection.rows_by`.
        collection: What it is.
        seed: Seed of the draw.
        columns: Further columns to read of the tracks that are drawn.

    Raises:
        GenrelabError: No track has a genre, or none of those with a genre has a feature.
    """
    features = collection.sets[0].features
    genre = labels[collection.rows_by]
    parts = [np.asarray(batch[genre].is_valid()) for batch in batches_of(rows, [genre])]
    has_genre = np.concatenate([np.empty(0, bool), *parts])
    if not has_genre.any():
        raise GenrelabError(
            f"no track of {collection.table} has a genre by {collection.rows_by}",
            found=f"{len(rows):,} tracks without a genre",
            do="run `genrelab bin-genres`, or import a source with genres",
        )
    present, is_usable = fullest_rows(rows, features, has_genre)
    if not present:
        raise GenrelabError(
            "the tracks cannot be clustered",
            found=f"no values of {', '.join(features)}",
            allowed=f"numbers for {', '.join(features)}",
            do="use a source that has these features, or publish the table again",
        )
    absent = tuple(name for name in features if name not in present)
    if absent:  # the published numbers are about all features and are not shown beside fewer
        collection = replace(collection, sets=feature_sets(present))
    order = source_order(rows) if "source" in rows.schema.names else np.arange(len(rows))
    usable = order[is_usable[order]]
    drawn = usable[sample_rows(len(usable), seed)]
    return DrawnTracks(
        collection=collection,
        absent=absent,
        rows=rows_at(rows, drawn, [*dict.fromkeys((*columns, *labels.values(), *features))]),
        labels=labels,
        read=len(rows),
        with_genre=int(has_genre.sum()),
        usable=len(usable),
    )

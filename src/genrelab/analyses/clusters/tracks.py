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
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from genrelab.analyses.clusters.feature_sets import ECHONEST_SETS, SPOTIFY_SETS, FeatureSet, feature_sets
from genrelab.evaluation.samples import sample_rows
from genrelab.lake.source_order import source_order
from genrelab.lake.stored_rows import Rows, batches_of, marked_rows
from genrelab.runtime.errors import GenrelabError
from genrelab.sources.present import fullest_of, sets_of


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
    known, with_genre = _known_features(rows, features, labels[collection.rows_by])
    if not with_genre:
        raise GenrelabError(
            f"no track of {collection.table} has a genre by {collection.rows_by}",
            found=f"{len(rows):,} tracks without a genre",
            do="run `genrelab bin-genres`, or import a source with genres",
        )
    patterns, counts = np.unique(known, return_counts=True)
    kinds = patterns[:, None] >> np.arange(len(features)) & 1 == 1
    present = fullest_of(sets_of(kinds, counts, features), features)
    if not present:
        raise GenrelabError(
            "the tracks cannot be clustered",
            found=f"no values of {', '.join(features)}",
            allowed=f"numbers for {', '.join(features)}",
            do="use a source that has these features, or publish the table again",
        )
    absent = tuple(name for name in features if name not in present)
    if absent:  # the document's numbers are about all of its features and do not stand beside fewer
        collection = replace(collection, sets=feature_sets(present))
    needed = sum(1 << place for place, name in enumerate(features) if name in present)
    is_usable = known & needed == needed
    order = source_order(rows) if "source" in rows.schema.names else np.arange(len(rows))
    usable = order[is_usable[order]]
    drawn = usable[sample_rows(len(usable), seed)]
    is_drawn = np.zeros(len(rows), dtype=bool)
    is_drawn[drawn] = True
    found = marked_rows(rows, is_drawn, [*dict.fromkeys((*columns, *labels.values(), *features))])
    return DrawnTracks(
        collection=collection,
        absent=absent,
        rows=found.take(np.argsort(np.argsort(drawn))),  # from the order of the files to that of the draw
        labels=labels,
        read=len(rows),
        with_genre=with_genre,
        usable=len(usable),
    )


def _known_features(rows: Rows, features: Sequence[str], genre: str) -> tuple[npt.NDArray[np.uint16], int]:
    """The features of each row as bits, none for a row without a genre, and how many rows have a genre."""
    known, start, with_genre = np.zeros(len(rows), np.uint16), 0, 0
    for batch in batches_of(rows, [genre, *features]):
        of_batch, has_genre = known[start : start + len(batch)], np.asarray(batch[genre].is_valid())
        for place, name in enumerate(features):
            is_known = pc.fill_null(pc.is_finite(batch[name]), fill_value=False)
            of_batch |= np.asarray(is_known).astype(np.uint16) << place
        of_batch *= has_genre
        start, with_genre = start + len(batch), with_genre + int(has_genre.sum())
    return known, with_genre

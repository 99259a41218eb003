"""The rows of the study: features of each set as one array, labels as matrices, and what was left out.

Conventions: features are float32 of shape (tracks, features), labels booleans of shape (tracks, labels). A feature that
half of the tracks lack is left out; of the others a track needs all, and nothing is imputed. How rows are divided
does not belong here but in `genrelab.analyses.genre_study.protocols`.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from genrelab.analyses.genre_study.result import ALL, GIVEN, LabelColumn, UsedTracks
from genrelab.analyses.inputs import Inputs
from genrelab.evaluation.genre_tree import TREE_COLUMNS, GenreTree, tree_of
from genrelab.evaluation.label_sets import label_matrix
from genrelab.evaluation.samples import sample_groups
from genrelab.runtime.errors import GenrelabError
from genrelab.tables.fma import ECHONEST_AUDIO, FMA_FEATURES
from genrelab.tables.provenance import PROVENANCE

BoolArray = npt.NDArray[np.bool_]
IntArray = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float32]

NEEDED = 0.5
"""Share of the tracks with any feature that a feature needs to be used."""


@dataclass(frozen=True)
class FeatureSet:
    """Features of one table."""

    name: str
    title: str
    table: str
    columns: tuple[str, ...]


FEATURE_SETS = (
    FeatureSet(
        "librosa",
        "librosa features",
        "fma_features",
        tuple(n for n in FMA_FEATURES.names if n not in {"track_id", *(one.name for one in PROVENANCE)}),
    ),
    FeatureSet("echonest", "Echo Nest features", "fma_echonest", ECHONEST_AUDIO),
)


@dataclass(frozen=True)
class Labels:
    """Labels of tracks.

    Args:
        ids: The genres that occur, in order.
        has: Which each track has, shape (tracks, labels).
    """

    ids: tuple[int, ...]
    has: BoolArray

    def of(self, rows: IntArray) -> "Labels":
        """Those of some rows; labels that none of them has are left out."""
        has = self.has[rows]
        occurs = has.any(axis=0)
        return Labels(tuple(np.array(self.ids, dtype=np.int64)[occurs].tolist()), has[:, occurs])


@dataclass(frozen=True)
class Metadata:
    """What fma_tracks says, one value for each track.

    Args:
        ids: Track ids.
        artists: Artist of each track.
        albums: Album of each track, -1 where it is not known.
        parts: Part of FMA's split.
        labels: By column.
    """

    ids: IntArray
    artists: IntArray
    albums: IntArray
    parts: npt.NDArray[Any]
    labels: dict[str, Labels]

    def of(self, rows: IntArray) -> "Metadata":
        """That of some rows."""
        return Metadata(
            self.ids[rows],
            self.artists[rows],
            self.albums[rows],
            self.parts[rows],
            {name: labels.of(rows) for name, labels in self.labels.items()},
        )


@dataclass(frozen=True)
class Tracks:
    """The tracks of one set of features that are used, and how they were chosen."""

    features: Floats
    absent: int
    about: Metadata
    used: UsedTracks

    def __len__(self) -> int:
        return len(self.features)


def read_metadata(inputs: Inputs) -> tuple[Metadata, tuple[LabelColumn, ...], GenreTree]:
    """What fma_tracks says of its tracks, how often labels occur, and the tree of genres."""
    data = inputs.read("fma_tracks", ["track_id", "artist_id", "album_id", "split", GIVEN, ALL])
    labels = {name: Labels(*label_matrix(data[name])) for name in (GIVEN, ALL)}
    about = Metadata(
        _whole(data["track_id"]),
        _whole(data["artist_id"]),
        _whole(data["album_id"]),
        data["split"].to_numpy(zero_copy_only=False),
        labels,
    )
    has_tree = inputs.find("fma_genres") is not None
    tree = tree_of(inputs.read("fma_genres", TREE_COLUMNS, is_ordered=False) if has_tree else None)
    occurring = sorted({genre for one in labels.values() for genre in one.ids})
    return about, tuple(count_labels(name, one) for name, one in labels.items()), tree.with_labels(occurring)


def count_labels(column: str, labels: Labels) -> LabelColumn:
    """How often each label occurs, and how many a track has."""
    tracks, numbers = labels.has.sum(axis=0), labels.has.sum(axis=1)
    order = np.argsort(-tracks, kind="stable")
    return LabelColumn(
        column=column,
        tracks=len(labels.has),
        without=int((numbers == 0).sum()),
        counts=tuple((labels.ids[place], int(tracks[place])) for place in order),
        by_number=tuple(np.bincount(numbers).tolist()),
    )


def read_tracks(inputs: Inputs, features: FeatureSet, about: Metadata, most: int) -> Tracks:
    """The tracks of a set of features that can be used, sampled by whole artists where they are too many.

    Args:
        inputs: Of the analysis.
        features: Which.
        about: What fma_tracks says of all tracks.
        most: Tracks that are used at most.

    Raises:
        GenrelabError: No feature has values, or no track can be used.
    """
    data = inputs.read(features.table, ["track_id", *features.columns])
    place = np.full(int(max(about.ids.max(initial=0), _whole(data["track_id"]).max(initial=0))) + 1, -1)
    place[about.ids] = np.arange(len(about.ids))
    rows = place[_whole(data["track_id"])]
    there = np.array([len(data) - data[name].null_count for name in features.columns])
    kept = [name for name, many in zip(features.columns, there, strict=True) if many]
    values = np.empty((len(data), len(kept)), dtype=np.float32)
    for column, name in enumerate(kept):
        values[:, column] = data[name].to_numpy(zero_copy_only=False)
    del data
    is_known = np.isfinite(values)
    has_any = is_known.any(axis=1)
    enough = is_known.sum(axis=0) >= NEEDED * has_any.sum()
    has_all = is_known[:, enough].all(axis=1) & enough.any()
    labelled = np.asarray(np.stack([labels.has.any(axis=1) for labels in about.labels.values()]).all(axis=0))
    has_genre = (rows >= 0) & labelled[rows]
    usable = np.flatnonzero(has_all & has_genre)
    if not len(usable):
        raise GenrelabError(
            f"no track of {features.table} can be used",
            found=f"{len(values):,} rows, {int(has_any.sum()):,} with a feature, {int(has_genre.sum()):,} with a genre",
            allowed="tracks with features and one genre at least",
            do="import features.csv, or echonest.csv, of tracks that tracks.csv has",
        )
    usable = usable[np.argsort(rows[usable], kind="stable")]
    artists = about.artists[rows[usable]]
    sampled = sample_groups(np.arange(len(usable)), artists, most, inputs.seed)
    chosen = usable[sampled]
    return Tracks(
        features=np.ascontiguousarray(values[chosen][:, enough]),
        absent=len(features.columns) - int(enough.sum()),
        about=about.of(rows[chosen]),
        used=UsedTracks(
            tracks=len(usable),
            artists=len(np.unique(artists)),
            sampled=len(chosen),
            unknown=int((rows < 0).sum()),
            without_genre=int(((rows >= 0) & ~has_genre & has_any).sum()),
            without_features=int((~has_any).sum()),
            lacking_some=int((has_any & ~has_all & has_genre).sum()),
        ),
    )


def _whole(column: pa.ChunkedArray) -> IntArray:
    return np.asarray(column.fill_null(-1).to_numpy(zero_copy_only=False), dtype=np.int64)

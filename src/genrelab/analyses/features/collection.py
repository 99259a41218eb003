"""A collection of tracks with genres and audio features, explored as a whole.

The Echo Nest's features of the FMA carry the names and meanings that Spotify took over with the company (2014);
both collections are therefore described by the declaration of Spotify's columns.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import numpy.typing as npt
import pandas as pd

from genrelab.analyses.features.correlations import correlate, density
from genrelab.analyses.features.features import NOMINAL, describe_feature
from genrelab.analyses.features.outliers import LIMIT, SIZEABLE, count_repeats, outlier_values, zeros_by_genre
from genrelab.analyses.features.result import ExploredCollection, GenreCount
from genrelab.evaluation.samples import sample_rows
from genrelab.lake.schema import Column
from genrelab.lake.stored_rows import StoredRows, numbers_of
from genrelab.sources.present import fullest
from genrelab.tables.fma import ECHONEST_AUDIO
from genrelab.tables.spotify import AUDIO_FEATURES, BINS, MODEL_FEATURES, SPOTIFY_BINNED

FEWEST = SIZEABLE
"""Tracks a genre needs to be described: below that quartiles and pairs are chance."""
PLOTS = (("tempo", "energy"), ("loudness", "energy"), ("tempo", "danceability"))
"""The three scatter plots of the source projects."""
ZERO_MEANS_NONE = ("tempo", "time_signature")
"""Features where 0 says that none was found."""


@dataclass(frozen=True)
class Collection:
    """What is explored.

    Args:
        name: Short name, part of addresses.
        title: Its name in the report.
        table: The table that carries the features.
        features: The features, in order.
        compared: The features whose equality makes two rows twins.
        order: Order of the genres; empty for the largest first.
    """

    name: str
    title: str
    table: str
    features: tuple[str, ...]
    compared: tuple[str, ...]
    order: tuple[str, ...] = ()

    @property
    def columns(self) -> list[Column]:
        """Declarations of the features."""
        return [SPOTIFY_BINNED[name] for name in self.features]


SPOTIFY = Collection(
    "spotify", "Spotify: twelve target genres", "spotify_binned", AUDIO_FEATURES, MODEL_FEATURES, BINS
)
FMA = Collection(
    "fma", "Free Music Archive: Echo Nest features", "fma_echonest", ECHONEST_AUDIO, ECHONEST_AUDIO
)


def explore(
    tracks: pd.DataFrame | StoredRows,
    genres: Sequence[str | None] | pd.Categorical,
    collection: Collection,
    example: Callable[[int], tuple[str, str]] = lambda _: ("", ""),
    *,
    seed: int = 0,
    table_version: int = 0,
) -> ExploredCollection:
    """Everything the exploration pages draw of one collection.

    Features by genre and correlations are those of the tracks of described genres, of more than `MOST_ROWS`
    (`genrelab.evaluation.samples`) a sample; counts are of all tracks: repeats of those of described genres, zeros and
    far values of all. A feature that no track has is left out; correlations and repeats are those of the
    features that keep the most values (`genrelab.sources.present`).

    Of all tracks one feature is held at a time.

    Args:
        tracks: One row per track with the features of the collection as numbers.
        genres: Genre of each row, None where it has none.
        collection: What is explored.
        example: Returns what to call the track at a place, and its id in its source.
        seed: Seed of the sample.
        table_version: Version of the table that holds the rows.
    """
    given = genres if isinstance(genres, pd.Categorical) else pd.Categorical(np.asarray(genres, dtype=object))
    codes, found = pd.factorize(given)
    distinct = [str(name) for name in found]
    counts = pd.Series(codes[codes >= 0]).value_counts()
    sizes = {distinct[code]: int(rows) for code, rows in zip(counts.index, counts, strict=True)}
    labelled = sum(sizes.values())
    drawn = np.flatnonzero(codes >= 0)[sample_rows(labelled, seed)]
    sampled = dict(zip(distinct, np.bincount(codes[drawn], minlength=len(distinct)), strict=True))
    known = [name for name in collection.order if name in sizes] or list(sizes)
    described = [name for name in known if sampled[name] >= FEWEST]
    few = [name for name in known if name not in described]
    names: list[str | None] = [*described, *few, None]
    place = {name: position for position, name in enumerate(names)}
    of_code = [*(place.get(name, len(names) - 1) for name in distinct), len(names) - 1]
    groups = np.array(of_code, dtype=np.int16)[codes]
    del codes  # eight bytes of each track
    kept = groups < len(described)
    drawn = drawn[kept[drawn]]
    numbers = partial(_numbers, tracks)
    samples, zeros, far = {}, {}, []
    for name in collection.features:
        values = numbers(name)
        if np.isnan(values).all():
            continue
        samples[name] = values[drawn]
        if name in ZERO_MEANS_NONE:
            zeros[name] = zeros_by_genre(name, values, groups, names, example)
        if name not in NOMINAL:
            far.append(outlier_values(name, values, groups, names))
    sample, members = pd.DataFrame(samples, index=range(len(drawn))), groups[drawn]
    correlated, compared = (
        list(fullest(sample, columns)) or columns
        for columns in (
            [name for name in samples if name not in NOMINAL],
            [name for name in collection.compared if name in samples],
        )
    )
    return ExploredCollection(
        name=collection.name,
        title=collection.title,
        table=collection.table,
        table_version=table_version,
        absent=tuple(name for name in collection.features if name not in samples),
        tracks=len(groups),
        labelled=labelled,
        described=int(kept.sum()),
        sampled=len(drawn),
        fewest=FEWEST,
        genres=tuple(GenreCount(name, sizes[name]) for name in described),
        too_few=tuple(GenreCount(name, sizes[name]) for name in few),
        features=tuple(
            describe_feature(samples[column.name], members, len(described), column)
            for column in collection.columns
            if column.name in samples
        ),
        correlations=replace(
            correlate(np.ascontiguousarray(sample[correlated]), correlated),
            absent=tuple(name for name in collection.features if name not in {*correlated, *NOMINAL}),
        ),
        densities=tuple(
            density(samples[across], samples[up], SPOTIFY_BINNED[across], SPOTIFY_BINNED[up])
            for across, up in PLOTS
            if across in samples and up in samples
        ),
        zeros=tuple(zeros[name] for name in ZERO_MEANS_NONE if name in zeros),
        limit=LIMIT,
        far=tuple(far),
        repeats=count_repeats(compared, numbers, np.where(kept, groups, -1)),
    )


def _numbers(tracks: pd.DataFrame | StoredRows, name: str) -> npt.NDArray[np.float64]:
    """Return a feature of all tracks, NaN where it is missing."""
    if isinstance(tracks, StoredRows):
        return numbers_of(tracks, name)
    return tracks[name].to_numpy(dtype=np.float64, na_value=np.nan)

"""What the field does with FMA: subsets, the official split, features by name, moments of audio features.

Conventions: every function takes rows of the tables that `genrelab.tables.fma` declares and returns rows,
names or numbers; nothing is read or written. small lies within medium, medium within large.
"""

from collections.abc import Iterable

import pyarrow as pa
import pyarrow.compute as pc

from genrelab.tables.fma import FMA_FEATURES, MOMENTS, SIZES, SPLITS, SUBSETS, feature_name


def in_subset(tracks: pa.Table, subset: str) -> pa.Table:
    """Rows of `fma_tracks` in a subset, those of the smaller subsets included.

    Raises:
        ValueError: There is no such subset.
    """
    _known(subset, SUBSETS, "subset")
    return tracks.filter(pc.is_in(tracks["subset"], pa.array(SUBSETS[: SUBSETS.index(subset) + 1])))


def in_split(tracks: pa.Table, split: str) -> pa.Table:
    """Rows of `fma_tracks` in one part of FMA's own split; no artist is in two parts.

    Raises:
        ValueError: There is no such part.
    """
    _known(split, SPLITS, "split")
    return tracks.filter(pc.equal(tracks["split"], split))


def of_tracks(data: pa.Table, tracks: pa.Table) -> pa.Table:
    """Rows of any table with a `track_id` whose track is among `tracks`."""
    return data.filter(pc.is_in(data["track_id"], tracks["track_id"].combine_chunks()))


def feature_columns(
    *features: str, statistics: Iterable[str] = MOMENTS, numbers: Iterable[int] | None = None
) -> list[str]:
    """Names of columns of `fma_features`.

    Args:
        features: Keys of `SIZES`; all of them when none is given.
        statistics: Some of `MOMENTS`.
        numbers: Coefficients, counted from 1; all of them by default.

    Raises:
        ValueError: A feature or statistic is not known, or a feature has no such coefficient.

    >>> feature_columns("zcr", "rmse", statistics=("mean", "std"))
    ['zcr_mean_01', 'zcr_std_01', 'rmse_mean_01', 'rmse_std_01']
    >>> len(feature_columns("mfcc")), len(feature_columns())
    (140, 518)
    """
    chosen = tuple(statistics)
    for feature in features:
        _known(feature, SIZES, "feature")
    for moment in chosen:
        _known(moment, MOMENTS, "statistic")
    wanted = None if numbers is None else tuple(numbers)
    names = [
        feature_name(feature, moment, number)
        for feature in features or SIZES
        for moment in chosen
        for number in (range(1, SIZES[feature] + 1) if wanted is None else wanted)
    ]
    wrong = [name for name in names if name not in FMA_FEATURES]
    if wrong:
        raise ValueError(f"no such coefficient: {wrong[0]}; coefficients count from 1 to the feature's size")
    return names


def moments(data: pa.Table, columns: Iterable[str]) -> pa.Table:
    """Mean, standard deviation, skewness, excess kurtosis, minimum and maximum over the rows of each column.

    Args:
        data: Any table with these columns; missing values are left out.
        columns: Columns of numbers, e.g. `ECHONEST_AUDIO` or `feature_columns("mfcc")`.

    Returns:
        One row per column: `column`, `count`, `mean`, `std`, `skew`, `kurtosis`, `low`, `high`. Population
        moments, as numpy and librosa count them; missing where a column has no value or no spread.
    """
    rows = []
    for name in columns:
        values = data[name].cast(pa.float64())
        ends = pc.min_max(values).as_py()
        rows.append(
            {
                "column": name,
                "count": len(values) - values.null_count,
                "mean": pc.mean(values).as_py(),
                "std": pc.stddev(values).as_py(),
                "skew": _number(pc.skew(values)),
                "kurtosis": _number(pc.kurtosis(values)),
                "low": ends["min"],
                "high": ends["max"],
            },
        )
    kinds = [("column", pa.string()), ("count", pa.int64())]
    kinds += [(name, pa.float64()) for name in ("mean", "std", "skew", "kurtosis", "low", "high")]
    return pa.Table.from_pylist(rows, schema=pa.schema(kinds))


def _number(value: pa.Scalar) -> float | None:
    found = value.as_py()
    return None if found is None or found != found else float(found)  # noqa: PLR0124 - NaN is unlike itself


def _known(name: str, names: Iterable[str], what: str) -> None:
    if name not in tuple(names):
        raise ValueError(f"unknown {what} {name!r}; known: {', '.join(names)}")

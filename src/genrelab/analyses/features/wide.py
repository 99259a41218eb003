"""Far values in a wide table: the z-scores of hundreds of features, one column at a time.

One column is held as numbers at a time, so that 518 features of 106,574 tracks need little more memory than the
table itself. Columns without a value are counted and passed over.
"""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from genrelab.analyses.features.outliers import LIMIT
from genrelab.analyses.features.result import OutlierValues, WideFeatures

NORMAL = 0.0027
"""Share of a normal distribution beyond three standard deviations."""
MOST = 15
"""Features that are named; the rest is counted."""


def outlier_features(
    data: pa.Table, names: Sequence[str], *, table: str = "fma_features", table_version: int = 0
) -> WideFeatures:
    """Values more than three standard deviations from the mean, feature by feature.

    Args:
        data: One row per track.
        names: The features among its columns.
        table: The table that they come from.
        table_version: Its version.
    """
    found: list[OutlierValues] = []
    touched = np.zeros(len(data), dtype=bool)
    for name in names:
        values = data[name].to_numpy(zero_copy_only=False).astype(np.float64)
        known = np.isfinite(values)
        if not known.any():
            continue
        mean, deviation = values[known].mean(), values[known].std()
        scores = np.where(known, (values - mean) / (deviation or 1.0), 0.0)
        touched |= np.abs(scores) > LIMIT
        found.append(
            OutlierValues(
                feature=name,
                tracks=int(known.sum()),
                mean=round(float(mean), 5),
                deviation=round(float(deviation), 5),
                below=int((scores < -LIMIT).sum()),
                above=int((scores > LIMIT).sum()),
                lowest=round(float(scores.min()), 2),
                highest=round(float(scores.max()), 2),
            )
        )
    return WideFeatures(
        table=table,
        table_version=table_version,
        tracks=len(data),
        features=len(found),
        empty=len(names) - len(found),
        limit=LIMIT,
        over=sum(one.share > NORMAL for one in found),
        touched=int(touched.sum()),
        most=tuple(sorted(found, key=lambda one: (-one.share, one.feature))[:MOST]),
    )

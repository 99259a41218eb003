"""Far values in a wide table: the z-scores of hundreds of features, one column at a time.

One column is held as numbers at a time, so that 518 features of 106,574 tracks need little more memory than the
table itself. Columns without a value are counted and passed over.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from genrelab.analyses.features.outliers import LIMIT

NORMAL = 0.0027
"""Share of a normal distribution beyond three standard deviations."""
MOST = 15
"""Features that are named; the rest is counted."""


def far_features(table: pa.Table, names: Sequence[str]) -> dict[str, Any]:
    """Values more than three standard deviations from the mean, feature by feature.

    Args:
        table: One row per track.
        names: The features among its columns.

    Returns:
        `tracks`, `features` (with a value in any track), `empty` (without), `limit`, `over` (features with a larger
        share beyond than a normal distribution has, 0.27 %), `touched` (tracks that lie beyond in at least one
        feature), and `most`: the features of which the largest share lies beyond (`feature`, `tracks`, `below`,
        `above`, `lowest`, `highest`).
    """
    found: list[dict[str, Any]] = []
    touched = np.zeros(len(table), dtype=bool)
    for name in names:
        values = table[name].to_numpy(zero_copy_only=False).astype(np.float64)
        known = np.isfinite(values)
        if not known.any():
            continue
        mean, deviation = values[known].mean(), values[known].std()
        scores = np.where(known, (values - mean) / (deviation or 1.0), 0.0)
        touched |= np.abs(scores) > LIMIT
        found.append(
            {
                "feature": name,
                "tracks": int(known.sum()),
                "below": int((scores < -LIMIT).sum()),
                "above": int((scores > LIMIT).sum()),
                "lowest": round(float(scores.min()), 2),
                "highest": round(float(scores.max()), 2),
            }
        )
    shares = [(one["below"] + one["above"]) / one["tracks"] for one in found]
    order = sorted(range(len(found)), key=lambda place: (-shares[place], found[place]["feature"]))
    return {
        "tracks": len(table),
        "features": len(found),
        "empty": len(names) - len(found),
        "limit": LIMIT,
        "over": sum(share > NORMAL for share in shares),
        "touched": int(touched.sum()),
        "most": [found[place] for place in order[:MOST]],
    }

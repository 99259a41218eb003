"""Scores of the prediction "with the artist's other tracks", beside those of the track alone and never in their place.

Conventions: metrics are named `<split>/artist_mean_<score>`, their difference to the track alone
`<split>/artist_mean_<score>_difference` (with artists' other tracks minus alone), both with `_low` and `_high`. Other
tracks are those of the same split: no artist stands on two sides of it. Intervals draw whole artists.

How the probabilities are made does not belong here but in `genrelab.models.calibration`.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from genrelab.evaluation.artist_means import other_tracks
from genrelab.evaluation.sampling import Groups
from genrelab.evaluation.scores import compare, evaluate, renamed
from genrelab.models.calibration import Calibration, with_artists

FloatArray = npt.NDArray[np.float64]

SCORES = ("accuracy", "macro_f1", "log_loss", "ece")
"""Scores that are shown of it."""

PREFIX = "artist_mean"


def artist_scores(
    split: str,
    y_true: Sequence[str] | npt.NDArray[np.str_],
    published: FloatArray,
    labels: Sequence[str],
    seed: int,
    groups: Groups,
    calibration: Calibration,
) -> dict[str, float]:
    """Scores and differences with their intervals, by MLflow metric name.

    Also `<split>/artist_mean_rows`: the share of the rows whose artist has another track; the others do not change.

    Args:
        split: Name of the split.
        y_true: Label of each row.
        published: Published probabilities of the tracks alone, shape (rows, labels).
        labels: The labels, in the order of the columns.
        seed: Seed of the bootstrap.
        groups: Artist of each row.
        calibration: Of the model.
    """
    together = with_artists(published, groups, calibration)
    scores = evaluate(split, y_true, together, labels, seed, groups=groups)
    differences = compare(y_true, together, published, labels, seed, groups=groups)
    found = {
        f"{split}/{PREFIX}_rows": float(np.mean(other_tracks(groups) > 0)),
        **renamed(scores, {f"{split}/{score}": f"{split}/{PREFIX}_{score}" for score in SCORES}),
    }
    for score in SCORES:
        name, apart = f"{split}/{PREFIX}_{score}", differences[score]
        found[f"{name}_difference"] = apart.value
        if apart.low is not None and apart.high is not None:
            found |= {f"{name}_difference_low": apart.low, f"{name}_difference_high": apart.high}
    return found

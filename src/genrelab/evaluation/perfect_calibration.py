"""The calibration error that a perfectly calibrated model shows on the same rows: what an ECE has to be compared with.

An expected calibration error is a mean of distances, so chance alone makes it larger than 0; the fewer artists, the
larger. Here labels are drawn from the model's own probabilities, so that it is perfectly calibrated by construction,
and its ECE is measured again and again.

Conventions
    - Only whether the most probable label is right matters to the ECE, so that is what is drawn: right with the
      probability that the model states, its confidence.
    - Tracks of an artist are alike: a model is right on many of them or on few. `artist_correlation` estimates from the
      residuals how much, `perfect_ece` draws rows that are alike as much.

How far the ECE of a model is from this does not belong here.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from genrelab.evaluation.sampling import Groups, artist_numbers
from genrelab.evaluation.scores import ECE_BINS, FloatArray, Labels, confidence_bins, validate

SIMULATIONS = 1_000


def perfect_ece(
    split: str, y_true: Labels, proba: FloatArray, labels: Sequence[str], seed: int, *, groups: Groups
) -> dict[str, float]:
    """ECE of a perfectly calibrated model with the same probabilities, over `SIMULATIONS` draws of the labels.

    With probability sqrt(rho) a row takes the number of its artist, uniform between 0 and 1, else one of its own; it
    is right where that is below its confidence. Then every row is right with the probability that the model states,
    and two rows of an artist, alike in confidence, are correlated by rho (Lunn and Davies, "A note on generating
    correlated binary variables", Biometrika 85, 1998).

    Args:
        split: Name of the split.
        y_true: Label of each row: only the correlation is estimated from them.
        proba: Probability of each label, shape (rows, labels).
        labels: The labels.
        seed: Seed of the simulation.
        groups: Artist of each row, shape (rows,).

    Returns:
        `<split>/ece_perfect_mean` and `<split>/ece_perfect_p95`, the 95th percentile.

    Raises:
        ValueError: See `genrelab.evaluation.scores.validate`.
    """
    codes, artists = validate(y_true, proba, labels), artist_numbers(groups)
    confidence = proba.max(axis=1)
    rho = artist_correlation(confidence, proba.argmax(axis=1) == codes, artists)
    bins, generator = confidence_bins(confidence), np.random.default_rng(seed)
    found = []
    for _ in range(SIMULATIONS):
        own, of_artist = generator.random(len(codes)), generator.random(artists.max() + 1)
        is_shared = generator.random(len(codes)) < np.sqrt(rho)
        is_right = np.where(is_shared, of_artist[artists], own) < confidence
        found.append(np.abs(np.bincount(bins, confidence - is_right, ECE_BINS)).sum() / len(codes))
    return {
        f"{split}/ece_perfect_mean": float(np.mean(found)),
        f"{split}/ece_perfect_p95": float(np.percentile(found, 95)),
    }


def artist_correlation(confidence: FloatArray, is_right: npt.NDArray[np.bool_], groups: Groups) -> float:
    """How much two tracks of an artist are alike in whether the model is right, from 0 (not at all) to 1.

    The residuals are hits minus confidences, less their mean, so that a model that is too sure everywhere does not
    count as one whose artists are alike. The estimate is the sum of their products over pairs of rows of an artist,
    over the largest sum that these confidences allow: two rows of confidence p and q are right together with
    probability min(p, q) at most, which is a covariance of min(p, q) - pq. A pair among n rows of an artist weighs
    1 / (n - 1), so that each row counts the same and an artist of 94 tracks does not decide alone (Karlin, Cameron
    and Williams, "Sibling and parent-offspring correlation estimation with variable family size", PNAS 78, 1981).

    Args:
        confidence: Probability of the predicted label of each row.
        is_right: Whether that is the true one.
        groups: Artist of each row.

    Returns:
        0 where no artist has two rows, and where the model is certain of every row.

    >>> artist_correlation(np.full(4, 0.5), np.array([True, True, False, False]), ["a", "a", "b", "b"])
    1.0
    """
    artists = artist_numbers(groups)
    order = np.lexsort((confidence, artists))
    of_row, sure = artists[order], confidence[order]
    residual = is_right[order] - sure
    residual = residual - residual.mean()
    rows = np.bincount(of_row)
    later = (
        np.cumsum(rows)[of_row] - 1 - np.arange(len(order))
    )  # rows of the artist that are surer: here is the least

    def over_pairs(values: FloatArray) -> FloatArray:
        """Sum of the products over the pairs of each artist's rows."""
        return (np.bincount(of_row, values) ** 2 - np.bincount(of_row, values**2)) / 2

    weights = 1 / np.maximum(rows - 1, 1)
    together = np.bincount(of_row, sure * later) - over_pairs(sure)
    most = float(weights @ together)
    return float(np.clip(weights @ over_pairs(residual) / most, 0, 1)) if most > 0 else 0.0

"""What turns a model's probabilities into published ones, and a published probability into a named genre.

Conventions
    - Arrays of probabilities have shape (rows, labels) and sum to 1 in each row. 0 counts as `SMALLEST`, so that every
      function is defined for probabilities of 0 and 1.
    - Calibration changes how sure a model is, never the order of the labels of a row. A part of every probability is
      spread evenly over the labels first: a forest gives 0 to a genre that no tree voted for, which no exponent
      repairs. (On the FMA the forest's out-of-fold log loss is 1.36; 1.34 by the exponent alone, 1.13 by both.)
    - The decision changes which genre is named, never a probability. "Most accurate" names the most probable genre.
      "Fair to rare genres" divides the probabilities by a power of the genres' shares of the training rows first
      (Saerens, Latinne and Decaestecker, "Adjusting the Outputs of a Classifier to New a Priori Probabilities", Neural
      Computation 2002, with the exponent as a degree).

On which rows the numbers are chosen does not belong here but in `genrelab.models.out_of_fold`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from genrelab.evaluation.artist_means import ArtistMeans, artist_codes, artist_means, other_tracks
from genrelab.evaluation.prior_shift import OutOfFoldMeans
from genrelab.evaluation.sampling import Groups
from genrelab.evaluation.scores import SMALLEST, evaluate, renamed
from genrelab.runtime.choices import FAIR, MOST_ACCURATE, GenreDecision

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

TEMPERATURES = (0.05, 20.0)
"""Exponents that are tried; a model outside is of no use with any."""

MOST_SMOOTHING = 0.9

DECIDED = ("accuracy", "macro_f1", "balanced_accuracy")
"""Scores that depend on which genre is named."""

FAIR_POWERS = tuple(np.linspace(0.0, 1.0, 21).tolist())


@dataclass(frozen=True)
class Calibration:
    """What turns a model's probabilities into published ones; fitted on out-of-fold probabilities of the train part.

    Args:
        temperature: Exponent of the probabilities that minimises their log loss: the reciprocal of the temperature of
            Guo et al., "On Calibration of Modern Neural Networks", ICML 2017. Below 1 makes them less sure.
        artist_temperature: The same for the mean of a track with its artist's other tracks, where there are any.
        fair_power: Power of the shares that the decision "fair to rare genres" divides by.
        priors: Share of each label in the training rows; a label that is not named here has none.
        smoothing: Part of each row's probability that is spread evenly over the labels before the exponent.
        out_of_fold: What the published probabilities average to over the training rows; what other collections are
            compared with.
    """

    temperature: float
    artist_temperature: float
    fair_power: float
    priors: Mapping[str, float]
    smoothing: float = 0.0
    out_of_fold: OutOfFoldMeans | None = None


def calibrated(proba: FloatArray, calibration: Calibration | None) -> FloatArray:
    """Published probabilities of a model; its own where it has no calibration.

    >>> half = Calibration(0.5, 1.0, 0.0, {})
    >>> calibrated(np.array([[0.8, 0.2]]), half).round(3).tolist()
    [[0.667, 0.333]]
    """
    if calibration is None:
        return proba
    return powered(smoothed(proba, calibration.smoothing), calibration.temperature)


def with_artists(
    published: FloatArray,
    groups: Groups,
    calibration: Calibration | None,
    tracks: npt.NDArray[Any] | None = None,
) -> FloatArray:
    """Probabilities of each track together with its artist's other tracks, calibrated as such, shape (rows, labels).

    Args:
        published: Published probabilities of the tracks alone.
        groups: Artist of each row; None or NaN for none.
        calibration: Of the model; without one the mean is left as it is.
        tracks: What rows of the same track have in common; None when every row is another track.
    """
    return with_artist_means(
        ArtistMeans(published, artist_codes(groups), tracks=tracks), slice(None), calibration
    )


def with_artist_means(means: ArtistMeans, rows: slice, calibration: Calibration | None) -> FloatArray:
    """As `with_artists`, of some of the rows, shape (those rows, labels).

    Args:
        means: Sums of all rows.
        rows: The rows.
        calibration: Of the model.
    """
    found = means.of(rows)
    if calibration is not None:
        some = means.others(rows) > 0  # a track alone is calibrated as it is
        found[some] = powered(found[some], calibration.artist_temperature)
    return found


def smoothed(proba: FloatArray, share: float) -> FloatArray:
    """Probabilities of which a share is spread evenly over the labels."""
    return np.asarray((1 - share) * proba + share / proba.shape[1])


def powered(proba: FloatArray, exponent: float) -> FloatArray:
    """Probabilities raised to an exponent and brought to a sum of 1 again."""
    logs = exponent * np.log(np.clip(proba, SMALLEST, 1.0))
    raised = np.exp(logs - logs.max(axis=1, keepdims=True, initial=-np.inf))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True))


def weighed(
    proba: FloatArray, calibration: Calibration | None, labels: Sequence[str], decision: GenreDecision
) -> FloatArray:
    """What a decision orders the labels by, shape (rows, labels): the largest is named, the next one is second.

    Args:
        proba: Published probabilities.
        calibration: Of the model; without one every decision is that of the most probable label.
        labels: The labels, in the order of the columns.
        decision: How a genre is named.
    """
    if calibration is None or decision == MOST_ACCURATE:
        return proba
    shares = np.array([calibration.priors.get(label, 0.0) for label in labels])
    return proba * prior_weights(shares, calibration.fair_power)


def named(
    proba: FloatArray, calibration: Calibration | None, labels: Sequence[str], decision: GenreDecision
) -> IntArray:
    """Number of the label that a decision names in each row, shape (rows,); of equal ones the first.

    >>> fair = Calibration(1.0, 1.0, 1.0, {"pop": 0.8, "folk": 0.2})
    >>> named(np.array([[0.7, 0.3]]), fair, ["pop", "folk"], "fair").tolist()
    [1]
    """
    return np.asarray(weighed(proba, calibration, labels, decision).argmax(axis=1), dtype=np.int64)


def fair_scores(
    split: str,
    y_true: Sequence[str] | npt.NDArray[np.str_],
    proba: FloatArray,
    labels: Sequence[str],
    seed: int,
    groups: Groups,
    calibration: Calibration,
) -> dict[str, float]:
    """Scores of the decision "fair to rare genres", with their intervals: `<split>/fair_<metric>`.

    Only those that depend on the genre that is named.

    Args:
        split: Name of the split.
        y_true: Label of each row.
        proba: Published probabilities, shape (rows, labels).
        labels: The labels, in the order of the columns.
        seed: Seed of the bootstrap.
        groups: Artist of each row.
        calibration: Of the model.
    """
    fair = np.eye(len(labels))[named(proba, calibration, labels, FAIR)]
    found = evaluate(split, y_true, fair, labels, seed, groups=groups)
    return renamed(found, {f"{split}/{metric}": f"{split}/fair_{metric}" for metric in DECIDED})


def prior_weights(shares: FloatArray, power: float) -> FloatArray:
    """What the decision "fair" multiplies each label by: its share to the power of minus `power`; 0 without a share."""
    weights = np.zeros_like(shares)
    np.power(shares, -power, out=weights, where=shares > 0)
    return weights


def mean_loss(proba: FloatArray, truth: IntArray) -> float:
    """Log loss in nats; `truth` is the number of each row's label, shape (rows,)."""
    return float(losses(proba, truth).mean())


def losses(proba: FloatArray, truth: IntArray) -> FloatArray:
    """Negative logarithm of the true label's probability of each row, shape (rows,); nats."""
    return np.asarray(-np.log(np.clip(proba[np.arange(len(truth)), truth], SMALLEST, 1.0)))


def find_artist_temperature(published: FloatArray, groups: Groups, truth: IntArray) -> float:
    """The exponent of the least log loss of tracks with their artist's other tracks; 1 where no artist has two.

    Args:
        published: Published probabilities of the tracks alone, out of fold.
        groups: Artist of each row.
        truth: Number of the true label of each row.
    """
    some = other_tracks(groups) > 0
    return find_temperature(artist_means(published, groups)[some], truth[some])


def find_temperature(proba: FloatArray, truth: IntArray) -> float:
    """The exponent of the least log loss.

    Args:
        proba: Out-of-fold probabilities.
        truth: Number of the true label of each row, shape (rows,); without a row the exponent is 1.
    """
    if not len(truth):
        return 1.0
    from scipy.optimize import minimize_scalar  # noqa: PLC0415 - what publishes probabilities takes neither

    found: Any = minimize_scalar(
        lambda log: mean_loss(powered(proba, np.exp(log)), truth),
        bounds=tuple(np.log(TEMPERATURES)),
        method="bounded",
    )
    return float(np.exp(found.x))


def find_smoothing(proba: FloatArray, truth: IntArray) -> tuple[float, float]:
    """Exponent and smoothing of the least log loss: `Calibration.temperature`, `Calibration.smoothing`.

    Args:
        proba: Out-of-fold probabilities.
        truth: Number of the true label of each row, shape (rows,); without a row nothing changes.
    """
    if not len(truth):
        return 1.0, 0.0
    from scipy.optimize import minimize  # noqa: PLC0415 - as above

    found: Any = minimize(
        lambda both: mean_loss(powered(smoothed(proba, both[1]), np.exp(both[0])), truth),
        x0=(0.0, 0.02),
        bounds=(tuple(np.log(TEMPERATURES)), (0.0, MOST_SMOOTHING)),
        method="Nelder-Mead",
        options={"xatol": 1e-3, "fatol": 1e-6},
    )
    return float(np.exp(found.x[0])), float(found.x[1])


def find_fair_power(proba: FloatArray, truth: IntArray, shares: FloatArray) -> float:
    """The power of the shares whose decision has the highest macro F1; of equal ones the least.

    Args:
        proba: Published probabilities of rows that no fit has seen.
        truth: Number of the true label of each row, shape (rows,).
        shares: Share of each label in the training rows, shape (labels,).
    """
    from sklearn.metrics import f1_score  # noqa: PLC0415 - as above

    def f1(power: float) -> float:
        chosen = (proba * prior_weights(shares, power)).argmax(axis=1)
        return float(f1_score(truth, chosen, average="macro", zero_division=0.0))

    return float(max(FAIR_POWERS, key=f1)) if len(truth) else 0.0

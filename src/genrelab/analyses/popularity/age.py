"""How long tracks have been on the site: from their day, or where it is not known from their id.

FMA numbers its tracks in the order in which they are added. Where ids and known days have the same order (`MONOTONE`),
the day of the other tracks is estimated from the id by isotonic regression (Barlow, Bartholomew, Bremner and Brunk,
"Statistical Inference under Order Restrictions", 1972). Where they do not, tracks without a day have no age.

Conventions: days are numbers since 1970; ages are in days up to the newest known day, which is about that of the
collection.
"""

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.isotonic import IsotonicRegression

from genrelab.analyses.popularity.result import Age, AgeBin
from genrelab.evaluation.results import Score
from genrelab.evaluation.sampling import artist_numbers, interval, resample_weights

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

MONOTONE = 0.99
"""Rank correlation of ids and days from which on an id says the day."""
FEWEST_DATED = 100
"""Known days from which days are estimated."""
EARLIEST = 1900
"""A day of an earlier year is a mistake."""
BINS = 10
YEAR = 365.25
WITHIN = 99
"""Percentile of the errors that is stated."""
QUARTILES = (25, 50, 75)


def find_ages(ids: IntArray, created: pd.Series) -> tuple[FloatArray, Age]:
    """Return the age of each track in days, NaN where it is not known, and how ages were found.

    Args:
        ids: Track ids, shape (rows,).
        created: When each track was added; NaT where that is not known.

    Returns:
        Shape (rows,); and `Age` without what plays have to do with it.
    """
    early = (created.dt.year < EARLIEST).to_numpy()
    stamps = created.mask(pd.Series(early, index=created.index)).to_numpy()
    known = ~np.isnat(stamps)
    days = np.full(len(ids), np.nan)
    days[known] = stamps[known].astype("datetime64[s]").astype(np.float64) / 86_400
    dated = int(known.sum())
    order = _rank_correlation(ids[known], days[known]) if dated > 1 else None
    missing = ~known
    error = None
    if order is not None and order >= MONOTONE and dated >= FEWEST_DATED and missing.any():
        days[missing] = _estimate(ids[known], days[known], ids[missing])
        error = _error(ids[known], days[known])
    newest = np.nanmax(days[known]) if dated else np.nan
    age = Age(
        dated=dated,
        estimated=0 if error is None else int(missing.sum()),
        unknown=int(np.isnan(days).sum()),
        too_early=int(early.sum()),
        newest=str(stamps[known].max().astype("datetime64[D]")) if dated else "",
        order=order,
        error_days=error,
        bins=(),
        elasticity=None,
    )
    return np.maximum(newest - days, 0.0), age


def with_plays(age: Age, days: FloatArray, plays: FloatArray, groups: IntArray, seed: int) -> Age:
    """Return the age with plays by age, and their elasticity.

    Args:
        age: From `find_ages`.
        days: From there too.
        plays: How often each track was played.
        groups: Artist of each track.
        seed: Seed of the bootstrap.
    """
    known = np.isfinite(days)
    if not known.any():
        return age
    codes = age_bins(days[known], BINS)
    bins = []
    for code in np.unique(codes):
        of_bin, years = plays[known][codes == code], days[known][codes == code] / YEAR
        low, middle, high = np.percentile(of_bin, QUARTILES).tolist()
        bins.append(AgeBin((float(years.min()), float(years.max())), len(of_bin), (low, middle, high)))
    slope = _elasticity(np.log1p(days[known]), np.log1p(plays[known]), groups[known], seed)
    return replace(age, bins=tuple(bins), elasticity=slope)


def age_bins(days: FloatArray, bins: int) -> IntArray:
    """Number of the bin of each age, the newest first; bins hold about equally many tracks, equal ages share one.

    Args:
        days: Known ages.
        bins: How many at most.
    """
    edges = np.unique(np.quantile(days, np.arange(1, bins) / bins))
    return np.searchsorted(edges, days).astype(np.int64)


def _estimate(ids: IntArray, days: FloatArray, wanted: IntArray) -> FloatArray:
    found = IsotonicRegression(out_of_bounds="clip").fit(ids.astype(np.float64), days)
    return np.asarray(found.predict(wanted.astype(np.float64)), dtype=np.float64)


def _error(ids: IntArray, days: FloatArray) -> float:
    """How far the estimate is off for `WITHIN` % of every second known track, estimated from the others."""
    order = np.argsort(ids)
    kept, held = order[::2], order[1::2]
    return float(np.percentile(np.abs(_estimate(ids[kept], days[kept], ids[held]) - days[held]), WITHIN))


def _rank_correlation(ids: IntArray, days: FloatArray) -> float | None:
    if np.ptp(days) == 0 or np.ptp(ids) == 0:
        return None
    return float(pd.DataFrame({"id": ids, "day": days}).rank().corr().to_numpy()[0, 1])


def _elasticity(log_age: FloatArray, target: FloatArray, groups: IntArray, seed: int) -> Score | None:
    """Slope of the target over log age by least squares, with its interval by artist."""
    if np.ptp(log_age) == 0:
        return None
    artists = artist_numbers(groups)
    x, y = log_age - log_age.mean(), target - target.mean()
    sums = np.stack([np.bincount(artists, weights=one) for one in (np.ones_like(x), x, y, x * x, x * y)])

    def slope(drawn: FloatArray) -> FloatArray:
        rows, of_x, of_y, of_xx, of_xy = sums @ drawn
        spread = of_xx - of_x**2 / rows
        together = of_xy - of_x * of_y / rows
        return np.asarray(np.divide(together, spread, out=np.zeros_like(spread), where=spread > 0))

    value = float(slope(np.ones((sums.shape[1], 1)))[0])
    resampled = [slope(weights) for weights in resample_weights(sums.shape[1], seed)]
    if not resampled:
        return Score(value, None, None)
    return Score(value, *interval(value, np.concatenate(resampled), is_mean=True))

"""The search for better parameters: a few draws from a model's declared values, judged on folds by artist.

Conventions: the rows are training rows of the split that promotion reads, a sample of whole artists where
there are many; folds keep an artist on one side. The pinned parameters are the first trial; another setting
replaces them only when its accuracy is better beyond noise: by more than a one-sided 5 % test of the paired
difference allows, corrected by Bonferroni for the number of settings, with the artists and not the tracks as
independent. So a search confirms a good default instead of chasing noise. The same seed and number of trials
give the same result, unless the cap in seconds cut the search, which is recorded.

Test and gate rows have no place here.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.model_selection import ParameterSampler, StratifiedGroupKFold

from genrelab.evaluation.samples import group_codes, sample_groups
from genrelab.evaluation.sampling import mean_and_error
from genrelab.models.data import TaskData
from genrelab.models.declaration import (
    NIGHTLY,
    QUICK,
    THOROUGH,
    Model,
    TrainingSettings,
    limit_threads,
    make_estimator,
    map_parallel,
)
from genrelab.runtime.errors import GenrelabError

BoolArray = npt.NDArray[np.bool_]
IntArray = npt.NDArray[np.int64]

FOLDS = 3
SIGNIFICANCE = 0.05


class SearchError(GenrelabError):
    """A search cannot go on; the pinned parameters serve."""


@dataclass(frozen=True)
class SearchBudget:
    """How much a search may do.

    Args:
        trials: Settings tried beside the pinned one, per model.
        rows: Rows it works on at most.
        seconds: Time after which no further trial of a model is begun.
    """

    trials: int
    rows: int
    seconds: float


SEARCH_BUDGETS = {
    QUICK: SearchBudget(0, 0, 0.0),
    NIGHTLY: SearchBudget(2, 3_000, 20.0),
    THOROUGH: SearchBudget(20, 12_000, 900.0),
}


@dataclass(frozen=True)
class Trial:
    """One setting that was tried.

    Args:
        params: What differs from the pinned parameters; empty for these themselves.
        accuracy: Over the held-out rows of all folds.
        gain: Difference to that of the pinned parameters.
        gain_error: Its standard error, with artists as clusters.
        seconds: How long it took.
    """

    params: Mapping[str, Any]
    accuracy: float
    gain: float
    gain_error: float
    seconds: float


@dataclass(frozen=True)
class Search:
    """What a search found.

    Args:
        trials: In the order in which they were tried, the pinned parameters first.
        chosen: What to change; empty when the pinned parameters stay.
        wanted: Trials that were asked for, the pinned parameters among them.
        was_cut: Whether the cap in seconds left some out.
        rows: Rows it worked on.
    """

    trials: tuple[Trial, ...]
    chosen: Mapping[str, Any]
    wanted: int
    was_cut: bool
    rows: int

    def in_words(self) -> str:
        """The outcome in a sentence."""
        cut = f"; cut by its cap after {len(self.trials)} of {self.wanted}" if self.was_cut else ""
        if not self.chosen:
            return f"{len(self.trials)} settings tried, the pinned one stays{cut}"
        changed = ", ".join(f"{name} = {value}" for name, value in self.chosen.items())
        return f"{len(self.trials)} settings tried, {changed} is better{cut}"


def search(
    model: Model,
    family: str,
    data: TaskData,
    rows: IntArray,
    groups: npt.NDArray[Any],
    settings: TrainingSettings,
) -> Search | None:
    """Try settings of a model; None when there is nothing to search, or too few artists to fold.

    Args:
        model: Its declaration.
        family: Family of the task.
        data: The rows of the task.
        rows: Training rows, as positions in `data`.
        groups: Artist of every row of `data`.
        settings: Seed, cores and budget.

    Raises:
        SearchError: The estimator refuses a setting or a fold.
    """
    effort = SEARCH_BUDGETS[settings.budget]
    if not effort.trials or not model.search:
        return None
    chosen_rows = sample_groups(rows, groups, effort.rows, settings.seed)
    codes, folds = artist_folds(data, chosen_rows, groups, settings.seed)
    if not folds:
        return None
    features = data.features[data.numbers]
    drawn = ParameterSampler(
        {name: list(values) for name, values in model.search.items()},
        min(effort.trials, _combinations(model)),
        random_state=settings.seed,
    )
    artists = group_codes(groups[chosen_rows])
    trials: list[Trial] = []
    first: BoolArray | None = None
    begun = time.monotonic()
    wanted: list[dict[str, Any]] = [{}, *drawn]
    for params in wanted:
        started = time.monotonic()
        if trials and started - begun > effort.seconds:
            break
        hits = fold_hits(model, family, params, features.iloc[chosen_rows], codes, folds, settings)
        first = hits if first is None else first
        gain, error = gain_of(hits, first, artists)
        trials.append(Trial(params, float(hits.mean()), gain, error, time.monotonic() - started))
    best = max(trials, key=lambda trial: trial.gain)
    beyond_noise = NormalDist().inv_cdf(1 - SIGNIFICANCE / max(len(trials) - 1, 1))
    return Search(
        trials=tuple(trials),
        chosen=best.params if best.gain > beyond_noise * best.gain_error else {},
        wanted=len(wanted),
        was_cut=len(trials) < len(wanted),
        rows=len(chosen_rows),
    )


def artist_folds(
    data: TaskData, rows: IntArray, groups: npt.NDArray[Any], seed: int
) -> tuple[IntArray, list[tuple[IntArray, IntArray]]]:
    """Codes of the labels, and folds that keep every artist on one side."""
    codes = np.unique(data.target[rows], return_inverse=True)[1]
    of_row = pd.factorize(groups[rows])[0]
    if len(np.unique(of_row)) < FOLDS:
        return codes, []
    folds = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=seed)
    with limit_threads(1):
        return codes, list(folds.split(codes, codes, of_row))


def gain_of(hits: BoolArray, others: BoolArray, artists: IntArray) -> tuple[float, float]:
    """Difference of two accuracies on the same rows, and its standard error with artists as clusters.

    Args:
        hits: Whether each row was predicted correctly, shape (rows,).
        others: The same by another setting.
        artists: Number of the artist of each row.
    """
    return mean_and_error(hits.astype(np.float64) - others, artists)


def fold_hits(
    model: Model,
    family: str,
    params: Mapping[str, Any],
    features: pd.DataFrame,
    codes: IntArray,
    folds: Sequence[tuple[IntArray, IntArray]],
    settings: TrainingSettings,
) -> BoolArray:
    """Whether each row is predicted correctly by the fit that leaves its fold out, shape (rows,).

    Raises:
        SearchError: The estimator refuses a setting or a fold.
    """
    hits = np.zeros(len(codes), dtype=bool)

    def hold_out(fold: tuple[IntArray, IntArray]) -> None:
        train, test = fold
        # a fold may lack a label, and XGBoost wants the others numbered without a gap
        known, own = np.unique(codes[train], return_inverse=True)
        try:
            with limit_threads(settings.cores):
                trial = make_estimator(model, family, settings, {**params, **model.while_searched})
                estimator = trial.fit(features.iloc[train], own)
                predicted = estimator.predict(features.iloc[test])  # where kNN refuses too few rows
        except ValueError as error:
            raise SearchError(
                f"the hyperparameter search of {model.name} failed",
                found=f"{dict(params) or 'pinned parameters'}: {error}",
                do="nothing: the pinned parameters are used",
            ) from error
        hits[test] = known[predicted] == codes[test]

    for _ in map_parallel(model, settings, hold_out, folds):
        pass
    return hits


def _combinations(model: Model) -> int:
    return int(np.prod([len(values) for values in model.search.values()]))

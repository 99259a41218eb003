"""Predict plays by boosted trees, on FMA's split and on one of random tracks.

Conventions: the target is a number (`genrelab.models.kinds.NUMBER`) and is scored as one. Depth and number of trees are
chosen by the least squared error on the validation part of the official split, and are the same on random tracks. Test
rows choose nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array
from xgboost import XGBRegressor

from genrelab.analyses.popularity.result import LOOKUP, ModelScores, NumberScores
from genrelab.evaluation.results import score_of
from genrelab.evaluation.splits import Split
from genrelab.models.estimation import fit_rows
from genrelab.models.kinds import NUMBER

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

LEARNING_RATE = 0.1
STAGES = 6
"""Numbers of trees that are compared: a sixth of all, two sixths, ..."""


@dataclass(frozen=True)
class Question:
    """What is predicted of which tracks.

    Args:
        target: Shape (rows,).
        artists: Artist of each row.
        splits: By name; each has training, validation and test part.
        seed: Seed of trees and bootstrap.
    """

    target: FloatArray
    artists: IntArray
    splits: Mapping[str, Split]
    seed: int

    def scores(self, split: str, predicted: FloatArray) -> NumberScores:
        """Return the scores of predictions of the test part of a split."""
        test = self.splits[split].test
        judged = NUMBER.judge(self.target[test], predicted)
        found = NUMBER.evaluate(split, judged, (), groups=self.artists[test], majority="", seed=self.seed)
        return NumberScores(
            *(score_of(found, f"{split}/{name}") for name in ("r2", "spearman", "top_decile_auc", "mae"))
        )


@dataclass(frozen=True)
class Fitted:
    """Boosted trees with the settings that were chosen.

    Args:
        depth: Depth of the trees.
        trees: How many.
        predicted: Of the test part, by split.
    """

    depth: int
    trees: int
    predicted: Mapping[str, FloatArray]


def fit_trees(asked: Question, inputs: csr_array, first: str, trees: int, depths: Sequence[int]) -> Fitted:
    """Choose depth and number of trees on the validation part of one split, and predict the test part of each.

    Args:
        asked: What is predicted.
        inputs: Shape (rows, inputs).
        first: The split whose validation part chooses.
        trees: Most trees.
        depths: Depths to compare.
    """
    split = asked.splits[first]
    stages = sorted({max(1, round(trees * stage / STAGES)) for stage in range(1, STAGES + 1)})
    tried: list[tuple[float, int, int, FloatArray]] = []
    for depth in depths:
        model = _fit(asked, inputs, split.train, trees, depth)
        for stage in stages:
            error = _predict(model, inputs[split.validation], stage) - asked.target[split.validation]
            tried.append((float((error**2).mean()), depth, stage, _predict(model, inputs[split.test], stage)))
    _, depth, stage, predicted = min(tried, key=lambda one: one[:3])
    others = {
        name: _predict(_fit(asked, inputs, other.train, stage, depth), inputs[other.test], stage)
        for name, other in asked.splits.items()
        if name != first
    }
    return Fitted(depth, stage, {first: predicted, **others})


def score_baselines(asked: Question) -> tuple[ModelScores, ...]:
    """Return the scores of what needs no inputs: mean, median, and the artist's own tracks in training."""
    found = []
    for model in NUMBER.baselines:
        predicted = {}
        for name, split in asked.splits.items():
            nothing = np.zeros((len(asked.target), 1))
            fitted = fit_rows(
                model.build(asked.seed, 1, ""), NUMBER, nothing[split.train], asked.target[split.train], (),
                name=model.name,
            )  # fmt: skip
            predicted[name] = NUMBER.predict(fitted.estimator, (), nothing[split.test], ())
        found.append(_scored(asked, model.name, model.label, predicted))
    looked_up = {name: _look_up(asked, split) for name, split in asked.splits.items()}
    return (*found, _scored(asked, LOOKUP, "The mean of the artist's other tracks", looked_up))


def _scored(asked: Question, name: str, label: str, predicted: Mapping[str, FloatArray]) -> ModelScores:
    return ModelScores(name, label, {split: asked.scores(split, of) for split, of in predicted.items()})


def _look_up(asked: Question, split: Split) -> FloatArray:
    """Mean of the target of the artist's training tracks; of all training tracks where it has none."""
    artists, codes = np.unique(asked.artists, return_inverse=True)
    target, own = asked.target[split.train], codes[split.train]
    rows, sums = (np.bincount(own, weights=of, minlength=len(artists)) for of in (None, target))
    means = np.divide(sums, rows, out=np.full(len(artists), target.mean()), where=rows > 0)
    return np.asarray(means[codes[split.test]])


def _fit(asked: Question, inputs: csr_array, rows: IntArray, trees: int, depth: int) -> XGBRegressor:
    model = XGBRegressor(
        n_estimators=trees,
        max_depth=depth,
        learning_rate=LEARNING_RATE,
        tree_method="hist",
        n_jobs=1,  # sets of inputs are fitted side by side
        random_state=asked.seed,
    )
    fitted = fit_rows(model, NUMBER, inputs[rows], asked.target[rows], (), name="xgboost")
    found: XGBRegressor = fitted.estimator
    return found


def _predict(model: XGBRegressor, inputs: csr_array, trees: int) -> FloatArray:
    return np.asarray(model.predict(inputs, iteration_range=(0, trees)), dtype=np.float64)

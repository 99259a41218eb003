"""The models of the study, by what they answer: a country, a side of 20 degrees north, a place.

Conventions: a country model gives a probability for every place, so that it answers all three questions: the
sum over northern places is a side, the place of least expected distance is a place. Settings are fixed here
and the same in every budget but the number of trees and epochs; docs/origin.md says how they came about.

What is blended, and how the blend is chosen, belongs to `genrelab.analyses.origin.blends`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sklearn.compose import TransformedTargetRegressor
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis, QuadraticDiscriminantAnalysis
from sklearn.ensemble import ExtraTreesClassifier, RandomForestClassifier, RandomForestRegressor
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.multioutput import MultiOutputRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import QuantileTransformer, StandardScaler
from sklearn.svm import SVR

from genrelab.analyses.origin.networks import NETWORKS, StoppedNetwork
from genrelab.analyses.origin.pairwise import PairwiseSVM
from genrelab.analyses.origin.result import Params
from genrelab.evaluation.geography import from_unit, to_unit

COUNTRY, LATITUDE, COORDINATES = "country", "latitude", "coordinates"
TASKS = (LATITUDE, COUNTRY, COORDINATES)


@dataclass(frozen=True)
class SearchBudget:
    """How much work one fit may do.

    Args:
        trees: Trees of each forest.
        epochs: Epochs of each network, at most.
    """

    trees: int
    epochs: int


@dataclass(frozen=True)
class OriginModel:
    """One model.

    Args:
        name: Name in runs.
        label: Name that people read.
        task: What it is fitted to: a country, a side, or coordinates.
        make: Builds it from an effort and a seed.
        params: What to tell of its settings.
        why: Why it is here, in one sentence.
    """

    name: str
    label: str
    task: str
    make: Callable[[SearchBudget, int], Any]
    params: Params
    why: str


def _quantiles(seed: int) -> QuantileTransformer:
    """Every feature to a normal distribution by its ranks in the training rows."""
    return QuantileTransformer(n_quantiles=200, output_distribution="normal", random_state=seed)


def _network(hidden: tuple[int, ...]) -> Callable[[SearchBudget, int], Any]:
    return lambda effort, seed: StoppedNetwork(hidden, seed, effort.epochs)


def _on_the_sphere(regression: Any) -> TransformedTargetRegressor:
    """The regression, fitted to points of the unit sphere and asked for degrees."""
    return TransformedTargetRegressor(regression, func=to_unit, inverse_func=from_unit, check_inverse=False)


MODELS = (
    OriginModel(
        "extra_trees",
        "Extra trees",
        COUNTRY,
        lambda effort, seed: ExtraTreesClassifier(effort.trees, max_features=20, random_state=seed, n_jobs=1),
        {"max_features": 20},
        "Many random trees, each vote counts.",
    ),
    OriginModel(
        "svm_country",
        "RBF SVM by pairs of countries",
        COUNTRY,
        lambda _, seed: make_pipeline(_quantiles(seed), PairwiseSVM()),
        {"C": 5, "gamma": "scale", "slope": 3, "inputs": "quantile-normal"},
        "One machine per pair of countries, coupled into probabilities.",
    ),
    OriginModel(
        "lda",
        "Linear discriminant analysis",
        COUNTRY,
        lambda _, seed: make_pipeline(
            _quantiles(seed), LinearDiscriminantAnalysis(solver="lsqr", shrinkage="auto")
        ),
        {"shrinkage": "Ledoit-Wolf", "inputs": "quantile-normal"},
        "A normal distribution per country, all of one shape.",
    ),
    OriginModel(
        "qda",
        "Quadratic discriminant analysis",
        COUNTRY,
        lambda _, seed: make_pipeline(
            _quantiles(seed), QuadraticDiscriminantAnalysis(solver="eigen", shrinkage=0.6)
        ),
        {"shrinkage": 0.6, "inputs": "quantile-normal"},
        "A normal distribution of its own shape per country, shrunk towards a ball.",
    ),
    OriginModel(
        "logistic_regression",
        "Logistic regression",
        LATITUDE,
        lambda _, _seed: make_pipeline(StandardScaler(), LogisticRegression(C=0.1, max_iter=2_000)),
        {"C": 0.1, "inputs": "standardised"},
        "A single layer, fitted to its end.",
    ),
    OriginModel(
        "rbf_svm",
        "RBF SVM",
        LATITUDE,
        lambda _, _seed: make_pipeline(StandardScaler(), PairwiseSVM()),
        {"C": 5, "gamma": "scale", "inputs": "standardised"},
        "The strongest single model fitted to the two sides alone.",
    ),
    OriginModel(
        "random_forest",
        "Random forest",
        LATITUDE,
        lambda effort, seed: RandomForestClassifier(max(effort.trees // 2, 20), random_state=seed, n_jobs=1),
        {"trees": "half of those of the extra trees"},
        "Trees on bootstrap samples.",
    ),
    *(
        OriginModel(
            network.name,
            network.label,
            LATITUDE,
            _network(network.hidden),
            {"hidden": network.hidden, "optimiser": "Adam", "batch": 64, "epochs": "at most 100"},
            "The student project's network, stopped in time.",
        )
        for network in NETWORKS
    ),
    OriginModel(
        "ridge",
        "Ridge regression",
        COORDINATES,
        lambda _, _seed: make_pipeline(StandardScaler(), Ridge(alpha=100.0)),
        {"alpha": 100, "inputs": "standardised"},
        "Latitude and longitude as two straight lines.",
    ),
    OriginModel(
        "forest_regression",
        "Random forest regression",
        COORDINATES,
        lambda effort, seed: _on_the_sphere(
            RandomForestRegressor(max(effort.trees // 5, 20), max_features=1 / 3, random_state=seed, n_jobs=1)
        ),
        {"max_features": "a third", "trees": "a fifth of those of the classifiers", "targets": "unit vector"},
        "What Zhou, Claire and King used, on points of the sphere: the mean of two longitudes can be far off.",
    ),
    OriginModel(
        "svm_regression",
        "RBF support vector regression",
        COORDINATES,
        lambda _, _seed: _on_the_sphere(
            make_pipeline(StandardScaler(), MultiOutputRegressor(SVR(C=1.0, epsilon=0.05)))
        ),
        {"C": 1, "epsilon": 0.05, "gamma": "scale", "inputs": "standardised", "targets": "unit vector"},
        "The strongest plain regression.",
    ),
)

SLOW = ("random_forest", "network_single", "network_hidden", "forest_regression")
"""Not fitted with whole countries left out: half of the time, and none of them is part of the blend."""

"""Models that hear nothing: what every other one has to beat."""

from functools import partial

from sklearn.base import clone
from sklearn.dummy import DummyClassifier, DummyRegressor

from genrelab.models.constant import CentralPlace, MostFrequentLabels
from genrelab.models.declaration import Estimator, Model
from genrelab.models.families import EVERYWHERE, ZOO


def _majority(_seed: int, _cores: int, _budget: str) -> Estimator:
    return DummyClassifier(strategy="prior")


def _stratified(seed: int, _cores: int, _budget: str) -> Estimator:
    return DummyClassifier(strategy="stratified", random_state=seed)


def _baseline(estimator: Estimator, name: str, label: str) -> Model:
    """A baseline of every task of its kind of target, whatever its family."""
    why = "The bar that every model has to clear: it ignores the features."
    return Model(
        name=name, label=label, why=why, build=partial(_seeded, estimator), families=(), is_baseline=True
    )


def _seeded(estimator: Estimator, seed: int, _cores: int, _budget: str) -> Estimator:
    made = clone(estimator)
    return made.set_params(random_state=seed) if "random_state" in made.get_params() else made


MODELS = (
    Model(
        name="majority",
        label="Most frequent genre",
        why="The minimum for every model: it uses only how frequent genres are, and no feature.",
        build=_majority,
        families=EVERYWHERE,
        is_baseline=True,
    ),
    Model(
        name="stratified",
        label="Genres drawn by chance",
        why="It draws a genre by its frequency: the macro F1 and the log loss of guessing.",
        build=_stratified,
        is_quick=False,
        families=ZOO,
        is_baseline=True,
    ),
)

SEVERAL_LABELS = (
    _baseline(
        DummyClassifier(strategy="prior"), "label_prior", "Every label by its share of the training rows"
    ),
    _baseline(MostFrequentLabels(k=3), "most_frequent_labels", "The three most frequent labels"),
    _baseline(DummyClassifier(strategy="stratified"), "labels_by_chance", "Labels drawn by their shares"),
)
NUMBER = (
    _baseline(DummyRegressor(strategy="mean"), "mean", "The mean: of all constants the least squared error"),
    _baseline(DummyRegressor(strategy="median"), "median", "The median: the least absolute error"),
)
PLACE = (_baseline(CentralPlace(), "central_place", "The place least far from all training rows"),)

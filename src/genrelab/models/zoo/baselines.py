"""Models that hear nothing: what every other one has to beat."""

from collections.abc import Callable

from sklearn.dummy import DummyClassifier, DummyRegressor

from genrelab.models.constant import CentralPlace, MostFrequentLabels
from genrelab.models.declaration import Estimator, Model
from genrelab.models.zoo.families import EVERYWHERE, ZOO


def _majority(_seed: int, _cores: int, _budget: str) -> Estimator:
    return DummyClassifier(strategy="prior")


def _stratified(seed: int, _cores: int, _budget: str) -> Estimator:
    return DummyClassifier(strategy="stratified", random_state=seed)


def _baseline(name: str, label: str, why: str, build: Callable[[int, int, str], Estimator]) -> Model:
    """A baseline of every task of its kind of target, whatever its family."""
    return Model(name=name, label=label, why=why, build=build, families=(), is_baseline=True)


MODELS = (
    Model(
        name="majority",
        label="Most frequent genre",
        why="The bar that every model has to clear: it knows how frequent genres are and hears nothing.",
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
        "label_prior",
        "How frequent each label is",
        "Every row gets each label's share of the training rows as its probability.",
        _majority,
    ),
    _baseline(
        "most_frequent_labels",
        "Three most frequent labels",
        "Every row gets the same three labels.",
        lambda _seed, _cores, _budget: MostFrequentLabels(k=3),
    ),
    _baseline(
        "labels_by_chance",
        "Labels drawn by chance",
        "Each label is drawn by its share of the training rows.",
        _stratified,
    ),
)
NUMBER = (
    _baseline(
        "mean",
        "Mean",
        "Of all constants the one of least squared error.",
        lambda _seed, _cores, _budget: DummyRegressor(strategy="mean"),
    ),
    _baseline(
        "median",
        "Median",
        "Of all constants the one of least absolute error.",
        lambda _seed, _cores, _budget: DummyRegressor(strategy="median"),
    ),
)
PLACE = (
    _baseline(
        "central_place",
        "Central place",
        "The place from which all training rows are least far away on average.",
        lambda _seed, _cores, _budget: CentralPlace(),
    ),
)

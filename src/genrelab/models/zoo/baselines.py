"""Models that hear nothing: what every other one has to beat."""

from sklearn.dummy import DummyClassifier

from genrelab.models.declaration import Estimator, Model
from genrelab.models.families import EVERYWHERE, ZOO


def _majority(_seed: int, _cores: int, _budget: str) -> Estimator:
    return DummyClassifier(strategy="prior")


def _stratified(seed: int, _cores: int, _budget: str) -> Estimator:
    return DummyClassifier(strategy="stratified", random_state=seed)


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

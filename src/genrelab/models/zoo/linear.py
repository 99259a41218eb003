"""Linear models: straight boundaries whose coefficients say what each feature speaks for."""

from sklearn.linear_model import LogisticRegression, SGDClassifier
from sklearn.multiclass import OneVsRestClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from genrelab.models.declaration import Estimator, Model
from genrelab.models.families import ECHONEST, LIBROSA, SHORT, SPOTIFY, VARIANT, ZOO

STRENGTHS = (0.01, 0.1, 0.6552, 1.0, 10.0, 100.0)
"""Inverse regularisation; 0.6552 is what one document's grid search found."""


def _logistic_regression(_seed: int, _cores: int, _budget: str) -> Estimator:
    return make_pipeline(StandardScaler(), LogisticRegression(C=10.0, max_iter=1_000))


def _one_vs_rest(_seed: int, _cores: int, _budget: str) -> Estimator:
    return make_pipeline(StandardScaler(), OneVsRestClassifier(LogisticRegression(C=10.0, max_iter=1_000)))


def _sgd(seed: int, _cores: int, _budget: str) -> Estimator:
    return make_pipeline(
        StandardScaler(), SGDClassifier(loss="log_loss", alpha=1e-4, average=True, random_state=seed)
    )


MODELS = (
    Model(
        name="logistic_regression",
        label="Logistic regression",
        why="Its coefficients say what each feature speaks for. Weak regularisation (C = 10)"
        " because validation accuracy rose to 0.431 there and no further.",
        build=_logistic_regression,
        families=(*ZOO, *SHORT, *VARIANT, LIBROSA),
        complexity=1,
        search={"logisticregression__C": STRENGTHS},
        pinned={LIBROSA: {"logisticregression__C": 0.01}},
    ),
    Model(
        name="one_vs_rest",
        label="One-vs-rest logistic regression",
        why="One model per genre against all others: its densities show which genres stand apart.",
        build=_one_vs_rest,
        families=(SPOTIFY,),
        complexity=1,
        search={"onevsrestclassifier__estimator__C": STRENGTHS},
    ),
    Model(
        name="sgd",
        label="Stochastic gradient descent",
        why="The capstone project's attempt at speed. On standardised features and with averaged weights it is as"
        " good as the other linear models (validation accuracy 0.423); unscaled it was the worst of all.",
        build=_sgd,
        is_quick=False,
        families=(SPOTIFY, ECHONEST),
        complexity=1,
        search={
            "sgdclassifier__alpha": (1e-5, 1e-4, 1e-3, 1e-2),
            "sgdclassifier__penalty": ("l2", "l1", "elasticnet"),
        },
    ),
)

"""Models of distance and margin: nearest neighbours and support vector machines.

Conventions: a support vector machine has no probabilities of its own; they are its margins divided by a
temperature that three inner folds choose, which leaves its answers as they are.
"""

from sklearn.calibration import CalibratedClassifierCV
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import QuantileTransformer, StandardScaler
from sklearn.svm import SVC, LinearSVC

from genrelab.models.declaration import Estimator, Model
from genrelab.models.families import ECHONEST, ECHONEST_SHORT, LIBROSA, SPOTIFY, ZOO

CALIBRATION = (
    "sklearn.calibration._CalibratedClassifier",
    "sklearn.calibration._TemperatureScaling",
)
FOLDS = 3
MOST_ROWS = 10_000
"""An RBF machine takes time with the square of the rows."""


def _knn(_seed: int, cores: int, _budget: str) -> Estimator:
    return make_pipeline(
        StandardScaler(),
        KNeighborsClassifier(60, weights="distance", algorithm="kd_tree", n_jobs=cores),
    )


def _linear_svm(_seed: int, _cores: int, _budget: str) -> Estimator:
    machine = make_pipeline(StandardScaler(), LinearSVC(C=1.0, dual=False))
    return CalibratedClassifierCV(machine, method="temperature", cv=FOLDS, ensemble=False)


def _rbf_svm(seed: int, _cores: int, _budget: str) -> Estimator:
    normal = QuantileTransformer(n_quantiles=300, output_distribution="normal", random_state=seed)
    machine = make_pipeline(normal, SVC(C=2.0, cache_size=500))
    return CalibratedClassifierCV(machine, method="temperature", cv=FOLDS, ensemble=False)


MODELS = (
    Model(
        name="knn",
        label="k nearest neighbours",
        why="The simplest idea of similarity. Sixty neighbours, the nearer the weightier (validation accuracy"
        " 0.468); the"
        " curve over k is drawn from inner folds.",
        build=_knn,
        families=ZOO,
        search={"kneighborsclassifier__n_neighbors": (10, 15, 25, 40, 60, 100)},
        pinned={ECHONEST: {"kneighborsclassifier__n_neighbors": 15}},
        trusted=("sklearn.metrics._dist_metrics.EuclideanDistance64", "sklearn.neighbors._kd_tree.KDTree"),
        curve=("kneighborsclassifier__n_neighbors", (1, 3, 7, 15, 30, 60, 120)),
    ),
    Model(
        name="linear_svm",
        label="Linear SVM",
        why="Straight boundaries by margin instead of likelihood; another document's fourth model.",
        is_serial=True,
        build=_linear_svm,
        why_no_candidate="It draws the boundaries of logistic regression, in several times the time.",
        is_quick=False,
        families=(SPOTIFY, LIBROSA),
        search={"estimator__linearsvc__C": (0.01, 0.1, 1.0, 10.0)},
        trusted=CALIBRATION,
        pinned={LIBROSA: {"estimator__linearsvc__C": 0.01}},
    ),
    Model(
        name="rbf_svm",
        label="SVM, RBF kernel",
        why="The FMA paper's best model. Its time grows with the square of the rows, so it is fitted on at most"
        f" {MOST_ROWS:,} of them.",
        is_serial=True,
        build=_rbf_svm,
        families=(SPOTIFY, ECHONEST, ECHONEST_SHORT, LIBROSA),
        search={"estimator__svc__C": (1.0, 2.0, 5.0), "estimator__svc__gamma": ("scale", 0.02, 0.1)},
        trusted=CALIBRATION,
        pinned={key: {"estimator__svc__C": 1.0} for key in (ECHONEST, ECHONEST_SHORT)},
        is_quick=False,
        is_slow=True,
        most_rows=MOST_ROWS,
    ),
)

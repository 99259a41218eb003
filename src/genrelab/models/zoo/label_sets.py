"""Models of several labels per track: one probability for each label.

Conventions: features are standardised; a label that every training row has is answered without a fit.
"""

from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from genrelab.models.declaration import Estimator, Model
from genrelab.models.families import MULTILABEL, MULTILABEL_SHORT


def _logistic_per_label(_seed: int, _cores: int, _budget: str) -> Estimator:
    return make_pipeline(StandardScaler(), OneVsRestClassifier(LogisticRegression(C=0.01, max_iter=500)))


def _knn_labels(_seed: int, cores: int, _budget: str) -> Estimator:
    return make_pipeline(StandardScaler(), KNeighborsClassifier(30, weights="distance", n_jobs=cores))


MODELS = (
    Model(
        name="logistic_per_label",
        label="Logistic regression per genre",
        why="One straight boundary for each genre, whatever the others are.",
        build=_logistic_per_label,
        families=(MULTILABEL, MULTILABEL_SHORT),
        complexity=1,
        trusted=("sklearn.multiclass._ConstantPredictor",),
    ),
    Model(
        name="knn_labels",
        label="k nearest neighbours, all genres",
        why="Each genre by its share among the thirty most similar tracks.",
        build=_knn_labels,
        families=(MULTILABEL, MULTILABEL_SHORT),
        trusted=("sklearn.metrics._dist_metrics.EuclideanDistance64", "sklearn.neighbors._kd_tree.KDTree"),
    ),
)

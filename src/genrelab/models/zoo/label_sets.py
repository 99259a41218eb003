"""Models of several labels per row: every genre of a track.

Conventions: settings were chosen by the mean Jaccard of `genres_all` on four folds by artist inside the official
training part, of the 59 librosa features of 6,397 tracks; the figures of `why` come from there.
All take any number of features, and each gives a matrix of probabilities, shape (rows, labels).

`most_rows` keeps a training of 84,000 tracks with 518 features and its folds within minutes: whole artists are drawn.
"""

from functools import partial

from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import QuantileTransformer, StandardScaler
from xgboost import XGBClassifier

from genrelab.models.declaration import QUICK, Estimator, Model, Recipe, no_estimator
from genrelab.models.families import MULTILABEL, MULTILABEL_SHORT
from genrelab.models.label_chain import ChainOfLabels
from genrelab.models.label_forest import ForestOfLabels
from genrelab.models.label_kernel import KernelOfLabels, RidgeOfLabels
from genrelab.models.label_neighbours import NeighboursOfLabels
from genrelab.models.label_network import NetworkOfLabels

ALL = (MULTILABEL, MULTILABEL_SHORT)
LONG = (MULTILABEL,)

FEW_ROWS, MOST_ROWS = 6_500, 8_000
"""Rows of models that fit one label after the other, and of the rest."""

MOST_SETS = 1_000
TREES = {"quick": 40, "nightly": 100, "thorough": 300}
EPOCHS = {"quick": 5, "nightly": 15, "thorough": 15}

KERNEL = ("genrelab.models.label_kernel.KernelOfLabels",)
FOREST = (
    "genrelab.models.label_forest.ForestOfLabels",
    "scipy.sparse._csr.csr_matrix",
    "sklearn.tree._tree.Tree",
)
NETWORK = (
    "genrelab.models.label_network.NetworkOfLabels",
    "sklearn.neural_network._stochastic_optimizers.AdamOptimizer",
)
PARTS = {"kernel_of_labels": 1.0, "forest_of_labels": 1.0, "network_of_label_sets": 1.0}


def _normal(seed: int) -> Estimator:
    """Each feature as quantiles of a normal distribution."""
    return QuantileTransformer(n_quantiles=300, output_distribution="normal", random_state=seed)


def _neighbours(k: int, metric: str, power: float, _seed: int, cores: int, _budget: str) -> Estimator:
    return make_pipeline(StandardScaler(), NeighboursOfLabels(k, metric, power, n_jobs=cores))


def _logistic(_seed: int, _cores: int, _budget: str) -> Estimator:
    return make_pipeline(StandardScaler(), OneVsRestClassifier(LogisticRegression(C=0.01, max_iter=200)))


def _chain(_seed: int, _cores: int, _budget: str) -> Estimator:
    return make_pipeline(StandardScaler(), ChainOfLabels(LogisticRegression(C=0.01, max_iter=200)))


def _ridge(_seed: int, _cores: int, _budget: str) -> Estimator:
    return make_pipeline(StandardScaler(), RidgeOfLabels(100.0))


def _kernel(seed: int, _cores: int, budget: str) -> Estimator:
    most_rows = 2_000 if budget == QUICK else 12_000
    return make_pipeline(_normal(seed), KernelOfLabels(most_rows=most_rows, random_state=seed))


def _forest(seed: int, cores: int, budget: str) -> Estimator:
    return ForestOfLabels(TREES[budget], n_jobs=cores, random_state=seed)


def _boosting(seed: int, _cores: int, _budget: str) -> Estimator:
    return XGBClassifier(
        n_estimators=15,
        max_depth=3,
        learning_rate=0.3,
        subsample=0.8,
        colsample_bytree=0.4,
        tree_method="hist",
        base_score=0.5,  # a label that all rows have would have no finite score of its own
        n_jobs=1,
        random_state=seed,
    )


def _network(seed: int, _cores: int, budget: str) -> Estimator:
    return make_pipeline(
        _normal(seed), NetworkOfLabels((256,), alpha=3.0, epochs=EPOCHS[budget], random_state=seed)
    )


def _set_network(seed: int, _cores: int, budget: str) -> Estimator:
    network = NetworkOfLabels(most_sets=MOST_SETS, alpha=0.3, epochs=EPOCHS[budget], random_state=seed)
    return make_pipeline(_normal(seed), network)


MODELS = (
    Model(
        name="nearest_track",
        label="Nearest track",
        why="The student project's nearest neighbours at its best k: the genres of the nearest track by the sum of"
        " absolute differences. It is here to be compared with.",
        build=partial(_neighbours, 1, "manhattan", 0.0),
        families=LONG,
        complexity=1,
        trusted=("genrelab.models.label_neighbours.NeighboursOfLabels",),
        is_quick=False,
        why_no_candidate="Its probabilities are 0 or 1; thirty neighbours are better (Jaccard 0.236 against 0.192).",
        most_rows=FEW_ROWS,
    ),
    Model(
        name="neighbours_of_labels",
        label="Nearest neighbours, cosine",
        why="Thirty neighbours by the angle between the standardised features, the nearer the weightier"
        " (by the fourth power of the distance): Jaccard 0.236, with the first power 0.231.",
        build=partial(_neighbours, 30, "cosine", 4.0),
        families=ALL,
        complexity=1,
        search={"neighboursoflabels__n_neighbors": (15, 30, 50), "neighboursoflabels__power": (1.0, 4.0)},
        trusted=("genrelab.models.label_neighbours.NeighboursOfLabels",),
        most_rows=MOST_ROWS,
    ),
    Model(
        name="logistic_per_label",
        label="Logistic regression per genre",
        why="One model per genre against all others (binary relevance). Strong regularisation, since most genres are"
        " rare: Jaccard 0.241.",
        build=_logistic,
        families=LONG,
        complexity=1,
        trusted=("sklearn.multiclass._ConstantPredictor",),
        is_quick=False,
        most_rows=FEW_ROWS,
    ),
    Model(
        name="chain_of_labels",
        label="Classifier chain",
        why="Logistic regression of one genre after the other, from the most frequent on; each is told the"
        " probabilities of those before it. They add nothing to the features: Jaccard 0.241, as without a chain.",
        build=_chain,
        families=LONG,
        complexity=2,
        trusted=("genrelab.models.label_chain.ChainOfLabels",),
        is_quick=False,
        most_rows=FEW_ROWS,
    ),
    Model(
        name="ridge_of_labels",
        label="Ridge regression",
        why="The cheapest of all: every genre is a weighted sum of the features, from one factorisation. Jaccard"
        " 0.232.",
        build=_ridge,
        families=LONG,
        complexity=1,
        trusted=("genrelab.models.label_kernel.RidgeOfLabels",),
    ),
    Model(
        name="kernel_of_labels",
        label="Kernel ridge regression",
        why="The smooth curve that ridge regression lacks, still one factorisation for all genres: Jaccard 0.272,"
        " of the single models next to the network over sets.",
        build=_kernel,
        families=ALL,
        complexity=2,
        trusted=KERNEL,
        search={"kerneloflabels__width": (0.5, 1.0, 2.0), "kerneloflabels__penalty": (0.5, 1.0, 2.0)},
        most_rows=MOST_ROWS,
    ),
    Model(
        name="forest_of_labels",
        label="Extra trees",
        why="One forest for all genres, grown on twelve components of the genre matrix: nearly as good as one"
        " grown on all 114 genres (Jaccard 0.251 against 0.253), in a tenth of the time.",
        build=_forest,
        families=ALL,
        complexity=2,
        trusted=FOREST,
        search={"min_samples_leaf": (2, 3, 5), "max_features": (8, 18, 36)},
        most_rows=MOST_ROWS,
    ),
    Model(
        name="boosting_of_labels",
        label="XGBoost per genre",
        why="Fifteen small trees per genre: ten times as many would take longer than all other models together.",
        build=_boosting,
        families=LONG,
        complexity=2,
        trusted=("xgboost.core.Booster", "xgboost.sklearn.XGBClassifier"),
        is_quick=False,
        is_serial=True,
        most_rows=FEW_ROWS,
    ),
    Model(
        name="network_of_labels",
        label="Neural network, one output per genre",
        why="One hidden layer and a sigmoid for each genre, as in the student project, without its second sigmoid:"
        " Jaccard 0.26.",
        build=_network,
        families=LONG,
        complexity=2,
        trusted=NETWORK,
        is_quick=False,
        most_rows=MOST_ROWS,
    ),
    Model(
        name="network_of_label_sets",
        label="Neural network over sets of genres",
        why="It is aware of labels: it learns which set of genres a track has, so no genre is more probable than its"
        " parent, and genres that go together are named together. Jaccard 0.276, the best single model.",
        build=_set_network,
        families=ALL,
        complexity=2,
        trusted=NETWORK,
        is_quick=False,
        most_rows=MOST_ROWS,
    ),
    Model(
        name="blend_of_labels",
        label="Blend",
        why="The mean of kernel ridge regression, extra trees and the network over sets of genres, whose mistakes"
        " differ: Jaccard 0.279. Other weights, or neighbours or the other network beside them, changed it by less than"
        " 0.003.",
        build=no_estimator,
        families=ALL,
        complexity=4,
        trusted=("genrelab.models.blending.Blend", *KERNEL, *FOREST, *NETWORK),
        is_quick=False,
        recipe=Recipe(PARTS),
    ),
)

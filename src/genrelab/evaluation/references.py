"""Published scores: what documents and papers report, to be shown beside what comes out here.

Conventions: `split` is our name for it where we have the same one. `model` is the name in
`genrelab.models.zoo` of the same kind of model, and stays the name of a kind where the zoo has none. Values
are as printed, with their number of digits. Scores that we measured ourselves do not belong here.
"""

from dataclasses import dataclass

SPOTIFY_DOCUMENT = "github.com/ssanowitz24/Capstone---Genre-Exploration-and-Prediction"
ECHONEST_DOCUMENT = "Music Genre Classification (blog post on FMA with Echo Nest features)"
LIBROSA_DOCUMENT = "FMA in depth (student project on 518 librosa features)"
MULTI_LABEL_DOCUMENT = "FMA multi-label genres (student project on 163 genres)"
ORIGIN_DOCUMENT = "Geographical origin of music (student project)"
DEFFERRARD = "Defferrard, Benzi, Vandergheynst and Bresson, FMA: A Dataset For Music Analysis, ISMIR 2017"
ZHOU = "Zhou, Claire and King, Predicting the Geographical Origin of Music, ICDM 2014"

SPOTIFY_BINS, SPOTIFY_TITLES = "spotify-bins-classic", "spotify-bins-classic-titles"
FMA_TOP_TEN = "fma-top-ten-genres"


@dataclass(frozen=True)
class Reference:
    """One published score.

    Args:
        task: The training task, or the study, that it belongs to.
        model: Kind of model, as named in the zoo.
        label: The model as its authors describe it.
        split: How the rows were split.
        metric: Name of the score.
        value: The score as printed.
        source: Who reports it.
        rows: How many rows there were, if reported.
        features: What the model was given.
        target: What was predicted.
        note: What a reader has to know to compare it.
    """

    task: str
    model: str
    label: str
    split: str
    metric: str
    value: float
    source: str
    rows: str
    features: str
    target: str
    note: str = ""


def _spotify(model: str, label: str, value: float, note: str = "", **other: str) -> Reference:
    return Reference(
        task=other.get("task", SPOTIFY_BINS),
        model=model,
        label=label,
        split=other.get("split", "author"),
        metric="accuracy",
        value=value,
        source=SPOTIFY_DOCUMENT,
        rows="35,049",
        features=other.get("features", "11 audio features"),
        target=other.get("target", "12 bins"),
        note=note,
    )


def _echonest(model: str, label: str, value: float, note: str = "") -> Reference:
    return Reference(
        FMA_TOP_TEN,
        model,
        label,
        "random",
        "accuracy",
        value,
        ECHONEST_DOCUMENT,
        "about 8,000",
        "8 audio and 3 artist-level features",
        "top 10 genres",
        note,
    )


def _librosa(model: str, label: str, value: float, note: str = "") -> Reference:
    return Reference(
        "fma-three-genres",
        model,
        label,
        "random",
        "accuracy",
        value,
        LIBROSA_DOCUMENT,
        "about 35,000",
        "518 librosa features",
        "Rock, Experimental, Electronic",
        note,
    )


def _medium(model: str, label: str, features: str, value: float) -> Reference:
    return Reference(
        "fma-medium-genres",
        model,
        label,
        "official",
        "accuracy",
        value,
        DEFFERRARD,
        "25,000",
        features,
        "16 genres",
        "baselines.ipynb of github.com/mdeff/fma",
    )


CLUSTERS = "clusters"
_CLUSTER_TARGET = "12 k-means clusters"
_LEAKAGE = "artist-level features name the artist, and a random split puts an artist on both sides: leakage"

REFERENCES: tuple[Reference, ...] = (
    _spotify("majority", "majority (share of pop)", 0.3480),
    _spotify("random_forest", "random forest, 5,000 trees", 0.4948, "training accuracy 0.9821"),
    _spotify("weighted_random_forest", "weighted random forest, 1,000 trees", 0.4898),
    _spotify("logistic_regression", "logistic regression", 0.4316, "grid search"),
    _spotify("one_vs_rest", "one-vs-rest logistic regression", 0.4311),
    _spotify(
        "sgd",
        "SGD",
        0.2403,
        "unscaled features; 0.3798 best in randomised search",
        split="author, validation part",
    ),
    _spotify("xgboost", "XGBoost, 1,000 trees of depth 7", 0.4743),
    _spotify("mlp", "neural network, 3 hidden layers", 0.4339, "the test part served as validation"),
    _spotify(
        "random_forest_titles",
        "random forest with words of the title",
        0.4949,
        task=SPOTIFY_TITLES,
        features="11 audio features and title words",
    ),
    _spotify(
        "random_forest",
        "random forest on clusters of all features",
        0.9799,
        "tempo decides",
        task=CLUSTERS,
        target=_CLUSTER_TARGET,
    ),
    _spotify(
        "random_forest",
        "random forest on clusters without tempo",
        0.9943,
        "loudness decides",
        task=CLUSTERS,
        features="10 audio features",
        target=_CLUSTER_TARGET,
    ),
    _spotify(
        "random_forest",
        "random forest on clusters of the 0-to-1 features",
        0.9591,
        "valence leads",
        task=CLUSTERS,
        features="7 audio features",
        target=_CLUSTER_TARGET,
    ),
    _echonest("majority", "majority", 0.451),
    _echonest("knn", "k nearest neighbours, k = 15", 0.5255),
    _echonest("logistic_regression", "logistic regression", 0.5763),
    _echonest("random_forest", "random forest", 0.746, _LEAKAGE),
    _librosa("mlp", "neural network", 0.81, "trained in 75 s; 0.80 after grid search"),
    _librosa("xgboost", "XGBoost", 0.78, "trained in about 270 s"),
    _librosa("decision_tree", "decision tree", 0.64, "trained in under 30 s"),
    _librosa("linear_svm", "linear SVM", 0.60),
    _medium("rbf_svm", "SVM, RBF kernel", "196 features (mfcc, contrast, centroid)", 0.6339),
    _medium("logistic_regression", "logistic regression", "518 librosa features", 0.6110),
    _medium("knn", "k nearest neighbours, k = 200", "518 librosa features", 0.5177),
    _medium("mlp", "neural network, 100 hidden units", "518 librosa features", 0.5814),
    Reference(
        "fma-small-genres",
        "rbf_svm",
        "SVM, RBF kernel",
        "official",
        "accuracy",
        0.4638,
        DEFFERRARD,
        "7,200",
        "140 mfcc features",
        "8 genres",
        "usage.ipynb of github.com/mdeff/fma",
    ),
    Reference(
        "fma-multi-label",
        "rbf_svm",
        "SVM, RBF kernel",
        "official",
        "subset_accuracy",
        0.1364,
        DEFFERRARD,
        "25,000",
        "mixes of librosa features",
        "151 genres, multi-label",
        "best of the multi-label table",
    ),
    Reference(
        "fma-multi-label",
        "knn",
        "k nearest neighbours, k = 1",
        "random",
        "at_least_one_right",
        0.40,
        MULTI_LABEL_DOCUMENT,
        "106,574",
        "518 librosa features or 155 principal components",
        "163 genres, multi-label",
        "Jaccard index highest at k = 1",
    ),
    Reference(
        "origin-latitude",
        "mlp",
        "32 hidden units and softmax",
        "random",
        "accuracy",
        0.7954,
        ORIGIN_DOCUMENT,
        "1,059",
        "68 features",
        "latitude above 20 N",
        "best validation epoch of 100: optimistic",
    ),
    Reference(
        "origin-latitude",
        "logistic_regression",
        "single layer, sigmoid",
        "random",
        "accuracy",
        0.7413,
        ORIGIN_DOCUMENT,
        "1,059",
        "68 features",
        "latitude above 20 N",
        "best validation epoch",
    ),
    Reference(
        "origin-place",
        "random_forest",
        "random forest regression",
        "cv",
        "great_circle_km",
        3113,
        ZHOU,
        "1,142",
        "68 features",
        "latitude and longitude",
        "a superset of our rows",
    ),
)


def references_for(task: str) -> tuple[Reference, ...]:
    """The published scores of a task or study."""
    return tuple(reference for reference in REFERENCES if reference.task == task)

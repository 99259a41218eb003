"""Trees and forests of trees."""

from functools import partial
from typing import Any

from sklearn.compose import ColumnTransformer
from sklearn.ensemble import ExtraTreesClassifier, RandomForestClassifier
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.pipeline import make_pipeline
from sklearn.tree import DecisionTreeClassifier

from genrelab.models.declaration import QUICK, Estimator, Model
from genrelab.models.derived import DerivedFeatures
from genrelab.models.families import (
    ECHONEST,
    ECHONEST_SHORT,
    LIBROSA,
    SHORT,
    SPOTIFY,
    SPOTIFY_TITLES,
    VARIANT,
    ZOO,
)
from genrelab.models.weighting import WeightedForest

TREES = {"quick": 100, "nightly": 400, "thorough": 600}
"""On 21,609 rows 400 trees take 111 MB when stored deflated and 604 MB in memory, 600 take 166 and 907 MB."""
PART_TREES = {"quick": 100, "nightly": 220, "thorough": 220}
"""Of the forests that are parts of a blend: with 400 each a stored blend took 313 MB, and 200 are allowed."""

TRIAL_TREES = 100
"""In a search: the settings are compared with one another, all at this size."""

WEIGHTED = (
    "Its weights distort the probabilities; the decision that is fair to rare genres does what they are for."
)

TREE = ("sklearn.tree._tree.Tree",)
DERIVED = "genrelab.models.derived.DerivedFeatures"
FOREST_SEARCH: dict[str, tuple[Any, ...]] = {
    "min_samples_split": (2, 5, 10, 20),
    "min_samples_leaf": (1, 2, 4),
    "max_features": (2, 3, 4),
}

DERIVED_SEARCH: dict[str, tuple[Any, ...]] = {
    "min_samples_leaf": (1, 2, 3, 5),
    "max_features": (2, 3, 4, 6, 8),
}


def _decision_tree(seed: int, _cores: int, _budget: str) -> Estimator:
    return DecisionTreeClassifier(min_samples_leaf=80, random_state=seed)


def _random_forest(seed: int, cores: int, budget: str) -> Estimator:
    return RandomForestClassifier(
        TREES[budget], min_samples_split=5, max_features=2, n_jobs=cores, random_state=seed
    )


def _weighted(target: str, seed: int, cores: int, budget: str) -> Estimator:
    return WeightedForest(
        weights=target,
        n_estimators=TREES[budget],
        min_samples_split=5,
        max_features=2,
        n_jobs=cores,
        random_state=seed,
    )


def _derived_forest(seed: int, cores: int, budget: str) -> Estimator:
    return make_pipeline(
        DerivedFeatures(),
        RandomForestClassifier(
            PART_TREES[budget], min_samples_leaf=2, max_features=3, n_jobs=cores, random_state=seed
        ),
    )


def _extra_trees(seed: int, cores: int, budget: str) -> Estimator:
    return make_pipeline(
        DerivedFeatures(),
        ExtraTreesClassifier(
            PART_TREES[budget], min_samples_leaf=2, max_features=6, n_jobs=cores, random_state=seed
        ),
    )


def _with_titles(seed: int, cores: int, budget: str) -> Estimator:
    words = CountVectorizer(min_df=20 if budget != QUICK else 2, binary=True)
    return make_pipeline(
        ColumnTransformer([("words", words, "track_name")], remainder="passthrough"),
        RandomForestClassifier(
            TREES[budget], min_samples_split=5, max_features=20, n_jobs=cores, random_state=seed
        ),
    )


MODELS = (
    Model(
        name="decision_tree",
        label="Decision tree",
        why="One tree that a person can follow; leaves of 80 tracks so that it does not learn them by heart.",
        build=_decision_tree,
        complexity=1,
        families=(*ZOO, LIBROSA),
        search={"min_samples_leaf": (10, 20, 40, 80, 160)},
        trusted=TREE,
        pinned={ECHONEST: {"min_samples_leaf": 40}, LIBROSA: {"min_samples_leaf": 40}},
    ),
    Model(
        name="random_forest",
        label="Random forest",
        why="The capstone project's best model. Two features a split and five tracks to split on had the best"
        " validation accuracy (0.489) among 22 settings; more trees help a little and cost memory.",
        build=_random_forest,
        families=(*ZOO, *SHORT, *VARIANT, LIBROSA),
        search=FOREST_SEARCH,
        while_searched={"n_estimators": TRIAL_TREES},
        trusted=TREE,
        pinned={
            ECHONEST: {"min_samples_split": 2},
            LIBROSA: {"max_features": "sqrt", "min_samples_split": 2},
        },
    ),
    Model(
        name="weighted_random_forest",
        label="Random forest weighted by true shares",
        why="The capstone project's first weighting: a genre weighs more, the more frequent pop is than it, to the"
        " power of 0.25: as accurate on the validation part as without (0.485), with a better macro F1 (0.370 for"
        " 0.343).",
        build=partial(_weighted, "true"),
        why_no_candidate=WEIGHTED,
        families=(SPOTIFY,),
        trusted=(*TREE, "genrelab.models.weighting.WeightedForest"),
        is_quick=False,
        is_slow=True,
    ),
    Model(
        name="weighted_random_forest_predicted",
        label="Random forest weighted by answered shares",
        why="The capstone project's second weighting: the same, by how much more often a forest answers pop than the"
        " genre.",
        build=partial(_weighted, "predicted"),
        why_no_candidate=WEIGHTED,
        families=(SPOTIFY,),
        trusted=(*TREE, "genrelab.models.weighting.WeightedForest"),
        is_quick=False,
        is_slow=True,
    ),
    Model(
        name="extra_trees",
        label="Extra trees",
        why="A forest with random thresholds on the features and what can be derived from them: half the"
        " training time of a random forest, validation accuracy 0.490.",
        build=_extra_trees,
        complexity=3,
        is_quick=False,
        families=(*ZOO, *SHORT, LIBROSA),
        search={f"extratreesclassifier__{name}": values for name, values in DERIVED_SEARCH.items()},
        while_searched={"extratreesclassifier__n_estimators": TRIAL_TREES},
        trusted=(*TREE, DERIVED),
        pinned={
            ECHONEST_SHORT: {"extratreesclassifier__min_samples_leaf": 1},
            LIBROSA: {"extratreesclassifier__max_features": 0.2},
        },
        refits=True,
        is_slow=True,
    ),
    Model(
        name="random_forest_derived",
        label="Random forest, derived features",
        why="The capstone project's forest, given logarithms, differences and the folded tempo beside the features: the"
        " best single model on the validation part (accuracy 0.491, macro F1 0.353).",
        build=_derived_forest,
        complexity=3,
        families=(*ZOO, *SHORT),
        search={f"randomforestclassifier__{name}": values for name, values in DERIVED_SEARCH.items()},
        while_searched={"randomforestclassifier__n_estimators": TRIAL_TREES},
        trusted=(*TREE, DERIVED),
        is_quick=False,
        refits=True,
        is_slow=True,
    ),
    Model(
        name="random_forest_titles",
        label="Random forest with title words",
        why="The capstone project's attempt with words of the title; against the spirit of sound alone, so it has a"
        " task of its own.",
        build=_with_titles,
        families=(SPOTIFY_TITLES,),
        trusted=TREE,
        reads_text=True,
    ),
)

"""Boosted trees: each mends what those before it left wrong."""

from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.pipeline import make_pipeline
from xgboost import XGBClassifier

from genrelab.models.declaration import Estimator, Model
from genrelab.models.derived import DerivedFeatures
from genrelab.models.families import ECHONEST, ECHONEST_SHORT, LIBROSA, SHORT, SPOTIFY, VARIANT, ZOO

XGBOOST = ("xgboost.core.Booster", "xgboost.sklearn.XGBClassifier")
ROUNDS = {"quick": 60, "nightly": 300, "thorough": 300}
DERIVED_ROUNDS = {"quick": 40, "nightly": 250, "thorough": 250}
HIST_ROUNDS = {"quick": 20, "nightly": 40, "thorough": 100}


def _xgboost(seed: int, _cores: int, budget: str) -> Estimator:
    return XGBClassifier(
        n_estimators=ROUNDS[budget],
        max_depth=6,
        learning_rate=0.05,
        subsample=0.8,
        colsample_bytree=0.6,
        tree_method="hist",
        # Its threads wait for one another at every level of every tree: beside another busy process a fit
        # took 116 s on 2 threads and 5 s on one.
        n_jobs=1,
        random_state=seed,
    )


def _derived_xgboost(seed: int, _cores: int, budget: str) -> Estimator:
    return make_pipeline(
        DerivedFeatures(),
        XGBClassifier(
            n_estimators=DERIVED_ROUNDS[budget],
            max_depth=6,
            learning_rate=0.05,
            subsample=0.8,
            colsample_bytree=0.4,
            min_child_weight=3,
            tree_method="hist",
            n_jobs=1,  # as above
            random_state=seed,
        ),
    )


def _hist_gradient_boosting(seed: int, _cores: int, budget: str) -> Estimator:
    return HistGradientBoostingClassifier(
        max_iter=HIST_ROUNDS[budget],
        learning_rate=0.15,
        max_leaf_nodes=16,
        l2_regularization=5.0,
        early_stopping=False,
        random_state=seed,
    )


MODELS = (
    Model(
        name="xgboost",
        label="XGBoost",
        why="Boosted trees, the capstone project's second best. Depth 6 and 300 small steps had the best"
        " validation accuracy (0.466) and log loss among 5 settings.",
        is_serial=True,
        build=_xgboost,
        families=(*ZOO, *SHORT, *VARIANT, LIBROSA),
        search={
            "max_depth": (3, 4, 6, 8),
            "min_child_weight": (1, 5, 20),
            "colsample_bytree": (0.4, 0.6, 0.8),
        },
        pinned={LIBROSA: {"max_depth": 4, "colsample_bytree": 0.4}},
        trusted=XGBOOST,
    ),
    Model(
        name="xgboost_derived",
        label="XGBoost, derived features",
        why="Trees on the features and what can be derived from them: validation accuracy 0.474 for 0.466; on the"
        " gate, without duplicates, the best single model (accuracy 0.468, log loss 1.592).",
        is_serial=True,
        build=_derived_xgboost,
        complexity=3,
        families=(*ZOO, *SHORT),
        search={
            "xgbclassifier__max_depth": (4, 6, 8),
            "xgbclassifier__min_child_weight": (1, 3, 10),
            "xgbclassifier__colsample_bytree": (0.3, 0.4, 0.6),
        },
        pinned={
            ECHONEST: {"xgbclassifier__n_estimators": 150, "xgbclassifier__max_depth": 4},
            ECHONEST_SHORT: {"xgbclassifier__n_estimators": 300, "xgbclassifier__min_child_weight": 2},
        },
        trusted=(*XGBOOST, "genrelab.models.derived.DerivedFeatures"),
        is_quick=False,
        refits=True,
        is_slow=True,
    ),
    Model(
        name="hist_gradient_boosting",
        label="Histogram gradient boosting",
        why="Scikit-learn's own boosting, as a second opinion on XGBoost; it takes several times as long.",
        build=_hist_gradient_boosting,
        why_no_candidate="XGBoost is the same kind of model, in a fraction of the time.",
        families=(SPOTIFY, ECHONEST),
        search={"learning_rate": (0.08, 0.15, 0.25), "max_leaf_nodes": (8, 16, 31)},
        trusted=("sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor",),
        is_quick=False,
        is_slow=True,
    ),
)

"""The models, one declaration each.

Conventions: hyper-parameters are pinned and were chosen on the author's validation part (6,572 rows, models
fitted on the 19,714 training rows), never on a test part; `why` says so with the accuracy that decided. The
budget only changes how many trees or rounds there are.

How a model is fitted and scored does not belong here.
"""

from collections.abc import Sequence

from sklearn.dummy import DummyClassifier
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from xgboost import XGBClassifier

from genrelab.errors import GenrelabError
from genrelab.models.declaration import Estimator, Model
from genrelab.models.tasks import FMA_ECHONEST_FAMILY, SPOTIFY_FAMILY

FOREST_TREES = {"quick": 100, "nightly": 400, "thorough": 600}
"""On 21,609 rows 400 trees take 111 MB when stored deflated and 604 MB in memory, 600 take 166 and 907 MB."""

BOOSTING_ROUNDS = {"quick": 60, "nightly": 300, "thorough": 300}

EVERYWHERE = (SPOTIFY_FAMILY, FMA_ECHONEST_FAMILY)


def _majority(_seed: int, _cores: int, _budget: str) -> Estimator:
    return DummyClassifier(strategy="prior")


def _logistic_regression(_seed: int, _cores: int, _budget: str) -> Estimator:
    return make_pipeline(StandardScaler(), LogisticRegression(C=10.0, max_iter=1_000))


def _random_forest(seed: int, cores: int, budget: str) -> Estimator:
    return RandomForestClassifier(
        FOREST_TREES[budget],
        min_samples_split=5,
        max_features=2,
        n_jobs=cores or -1,
        random_state=seed,
    )


def _xgboost(seed: int, _cores: int, budget: str) -> Estimator:
    return XGBClassifier(
        n_estimators=BOOSTING_ROUNDS[budget],
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


MODELS: tuple[Model, ...] = (
    Model(
        name="majority",
        label="Most frequent genre",
        why="The bar that every model has to clear: it knows how frequent genres are and hears nothing.",
        build=_majority,
        families=EVERYWHERE,
        is_baseline=True,
    ),
    Model(
        name="logistic_regression",
        label="Logistic regression",
        why="Its coefficients say what each feature speaks for. Weak regularisation (C = 10)"
        " because validation accuracy rose to 0.431 there and no further.",
        build=_logistic_regression,
        families=EVERYWHERE,
        importance="mean absolute coefficient of the standardised feature",
    ),
    Model(
        name="random_forest",
        label="Random forest",
        why="The document's best model. Two features a split and five tracks to split on had the best"
        " validation accuracy (0.489) among 22 settings; more trees help a little and cost memory.",
        build=_random_forest,
        families=EVERYWHERE,
        importance="mean decrease in impurity",
        trusted=("sklearn.tree._tree.Tree",),
    ),
    Model(
        name="xgboost",
        label="XGBoost",
        why="Boosted trees, the document's second best. Depth 6 and 300 small steps had the best"
        " validation accuracy (0.466) and log loss among 5 settings.",
        build=_xgboost,
        families=EVERYWHERE,
        importance="mean gain of the splits",
        trusted=("xgboost.core.Booster", "xgboost.sklearn.XGBClassifier"),
    ),
)


def find_models(names: Sequence[str]) -> tuple[Model, ...]:
    """Models by name, in the order given.

    Raises:
        GenrelabError: A name is not known.
    """
    known = {model.name: model for model in MODELS}
    unknown = sorted(set(names) - set(known))
    if unknown:
        raise GenrelabError(
            "there is no such model",
            found=", ".join(unknown),
            allowed=", ".join(known),
            do="use one of these names",
        )
    return tuple(known[name] for name in names)


def models_for(family: str) -> tuple[Model, ...]:
    """The models that take part in the tasks of a family."""
    return tuple(model for model in MODELS if family in model.families)


def trusted_types(name: str) -> tuple[str, ...]:
    """Types that skops must trust to load a stored model of this name.

    Raises:
        GenrelabError: The name is not known.
    """
    return find_models([name])[0].trusted

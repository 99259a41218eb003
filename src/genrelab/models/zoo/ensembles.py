"""Blends: several models' probabilities, averaged."""

from collections.abc import Mapping

from genrelab.models.declaration import Model, Recipe, no_estimator
from genrelab.models.families import ECHONEST, ECHONEST_SHORT, LIBROSA, SHORT, ZOO
from genrelab.models.zoo import boosting, forests, margins

PARTS = {"extra_trees": 1.0, "random_forest_derived": 1.0, "xgboost_derived": 1.0}
ECHONEST_PARTS = {"extra_trees": 1.0, "random_forest": 1.0, "xgboost_derived": 1.0}
"""On the FMA, in folds by artist, the plain forest was better than the one on derived features."""

TIMBRE_PARTS = {"rbf_svm": 1.0, "extra_trees": 1.0, "xgboost": 1.0}


def _trusted(parts: Mapping[str, float]) -> tuple[str, ...]:
    """What the parts need, and the blend itself."""
    declared = (*margins.MODELS, *forests.MODELS, *boosting.MODELS)
    of_parts = [each for model in declared if model.name in parts for each in model.trusted]
    return tuple(dict.fromkeys(("genrelab.models.blending.Blend", *of_parts)))


MODELS = (
    Model(
        name="blend",
        label="Blend",
        why="Soft voting of extra trees, a forest and XGBoost on derived features, whose mistakes differ:"
        " validation accuracy 0.494. A network or neighbours beside them changed nothing.",
        build=no_estimator,
        complexity=4,
        families=(*ZOO, *SHORT),
        trusted=_trusted(PARTS),
        is_quick=False,
        refits=True,
        pinned={key: {"parts": ECHONEST_PARTS} for key in (ECHONEST, ECHONEST_SHORT)},
        recipe=Recipe(PARTS),
        is_slow=True,
    ),
    Model(
        name="blend_timbre",
        label="Blend for timbre",
        why="Soft voting of the best models on librosa features: an SVM, extra trees and XGBoost:"
        " validation accuracy 0.820 on three genres, 0.550 on eight, better than each alone.",
        build=no_estimator,
        complexity=4,
        families=(LIBROSA,),
        trusted=_trusted(TIMBRE_PARTS),
        is_quick=False,
        recipe=Recipe(TIMBRE_PARTS),
    ),
)

"""Blends: several models' probabilities, averaged and rescaled."""

from collections.abc import Mapping

from genrelab.models.declaration import Model, Recipe, no_estimator
from genrelab.models.zoo import boosting, forests, margins
from genrelab.models.zoo.families import ECHONEST, ECHONEST_SHORT, LIBROSA, SHORT, ZOO

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
        " validation accuracy 0.494, log loss 1.547. A network or neighbours beside them changed nothing."
        " Raised to 1.05, the probabilities have the best log loss on the gate.",
        build=no_estimator,
        families=(*ZOO, *SHORT),
        trusted=_trusted(PARTS),
        is_quick=False,
        refits=True,
        pinned={key: {"parts": ECHONEST_PARTS, "sharpness": 1.0} for key in (ECHONEST, ECHONEST_SHORT)},
        recipe=Recipe(PARTS, sharpness=1.05),
    ),
    Model(
        name="blend_balanced",
        label="Blend, prior rescaled",
        why="The same blend with its probabilities divided by the genres' shares to the power of 0.4, which gives"
        " rare genres their due: validation macro F1 0.401 for 0.362, accuracy 0.478 for 0.494; on the FMA, in"
        " folds by artist, 0.35: macro F1 0.368 for 0.343, accuracy 0.640 for 0.651.",
        build=no_estimator,
        families=(*ZOO, *SHORT),
        trusted=_trusted(PARTS),
        is_quick=False,
        refits=True,
        pinned={
            ECHONEST: {"parts": ECHONEST_PARTS, "prior_power": 0.35},
            ECHONEST_SHORT: {"parts": ECHONEST_PARTS, "prior_power": 0.2},
        },
        recipe=Recipe(PARTS, prior_power=0.4),
    ),
    Model(
        name="blend_timbre",
        label="Blend for timbre",
        why="Soft voting of the best models on librosa features: an SVM, extra trees and XGBoost:"
        " validation accuracy 0.820 on three genres, 0.550 on eight, better than each alone.",
        build=no_estimator,
        families=(LIBROSA,),
        trusted=_trusted(TIMBRE_PARTS),
        is_quick=False,
        recipe=Recipe(TIMBRE_PARTS),
    ),
)

"""Blends: several models' probabilities, averaged and rescaled."""

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
        " validation accuracy 0.494. A network or neighbours beside them changed nothing. Raised to 1.1 and divided"
        " by the genres' shares to the power of 0.1, the probabilities are as accurate as without and better"
        " calibrated: validation macro F1 0.373 for 0.359, log loss 1.547 for 1.549, calibration error 0.016 for"
        " 0.029; on four folds by artist, outside the test artists, 0.305 for 0.288, 1.616 for 1.616, 0.009 for 0.013.",
        build=no_estimator,
        families=(*ZOO, *SHORT),
        trusted=_trusted(PARTS),
        is_quick=False,
        refits=True,
        pinned={
            key: {"parts": ECHONEST_PARTS, "sharpness": 1.0, "prior_power": 0.0}
            for key in (ECHONEST, ECHONEST_SHORT)
        },
        recipe=Recipe(PARTS, sharpness=1.1, prior_power=0.1),
        is_slow=True,
    ),
    Model(
        name="blend_balanced",
        label="Blend, prior rescaled",
        why="The same blend with its probabilities raised to 1.2 and divided by the genres' shares to the power of"
        " 0.5, which gives rare genres their due: validation macro F1 0.401 for 0.373, accuracy 0.478 for 0.494; on"
        " the FMA, in folds by artist, a power of 0.35: macro F1 0.368 for 0.343, accuracy 0.640 for 0.651.",
        build=no_estimator,
        families=(*ZOO, *SHORT),
        trusted=_trusted(PARTS),
        is_quick=False,
        refits=True,
        pinned={
            ECHONEST: {"parts": ECHONEST_PARTS, "sharpness": 1.0, "prior_power": 0.35},
            ECHONEST_SHORT: {"parts": ECHONEST_PARTS, "sharpness": 1.0, "prior_power": 0.2},
        },
        recipe=Recipe(PARTS, sharpness=1.2, prior_power=0.5),
        is_slow=True,
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

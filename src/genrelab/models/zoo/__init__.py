"""The models, each declared once in the module of its kind; a new one is one entry there.

Conventions: hyper-parameters are pinned; `why` names the number that decided and the rows it comes from. "Validation
accuracy" is that on the author's validation part for the Spotify bins (models fitted on the author's training part),
and on its own validation part for the FMA. The author's split is random: permanent gate and test rows are among those
that these settings, the weights of the weighted forests and the list of derived features were chosen on
(docs/models.md, "Where settings were chosen", has the shares). `xgboost_derived` and the weights of `blend` were chosen
on four folds by artist inside the permanent training part, and new settings are to be chosen there. Blends stand
last: their parts are trained before them.

How a model is fitted and scored does not belong here.
"""

from collections.abc import Sequence

from genrelab.models.declaration import QUICK, THOROUGH, Model, recipe_for
from genrelab.models.families import WHOLE_FAMILY
from genrelab.models.zoo import baselines, boosting, ensembles, forests, label_sets, linear, margins, networks
from genrelab.runtime.errors import GenrelabError

MODELS: tuple[Model, ...] = (
    *baselines.MODELS,
    *linear.MODELS,
    *margins.MODELS,
    *forests.MODELS,
    *boosting.MODELS,
    *networks.MODELS,
    *label_sets.MODELS,
    *ensembles.MODELS,
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


def models_for(family: str, budget: str = "") -> tuple[Model, ...]:
    """The models that take part in the tasks of a family.

    Args:
        family: Family of the task.
        budget: `quick` leaves out the models that take long; `thorough` trains the whole zoo also where a
            nightly training takes a short list; anything else takes those that are declared for the family.
    """
    wanted = WHOLE_FAMILY.get(family, family) if budget == THOROUGH else family
    return tuple(
        model
        for model in MODELS
        if wanted in model.families and (model.is_quick or budget != QUICK) and _has_parts(model, wanted)
    )


def _has_parts(model: Model, family: str) -> bool:
    """Whether all that a blend is made of takes part too."""
    if model.recipe is None:
        return True
    return all(family in part.families for part in find_models(list(recipe_for(model, family).parts)))

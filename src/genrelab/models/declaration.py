"""What a model declares about itself: one declaration is all it takes to add one.

Conventions: an estimator is scikit-learn's or speaks its language, with all preprocessing inside; it is
fitted on integers 0, 1, 2, ... and the labels they stand for are kept beside it, since XGBoost takes nothing
else and a plain estimator can be stored and loaded by others. It has `predict_proba`. Parameters are named as
`get_params` names them. A blend declares its parts by name and needs no estimator of its own.

Which models there are does not belong here but in `genrelab.models.zoo`.
"""

import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any, Protocol, TypeVar

from sklearn.exceptions import ConvergenceWarning
from threadpoolctl import threadpool_limits

Estimator = Any
"""A scikit-learn estimator; scikit-learn ships no types."""

Item = TypeVar("Item")
Made = TypeVar("Made")

QUICK, NIGHTLY, THOROUGH = "quick", "nightly", "thorough"


class TrainingSettings(Protocol):
    """What training needs of `genrelab.runtime.settings.Settings`."""

    @property
    def seed(self) -> int:
        """Seed of everything random."""

    @property
    def cores(self) -> int:
        """Processor cores that training may use."""

    @property
    def budget(self) -> str:
        """How much work training may do: quick, nightly or thorough."""


@dataclass(frozen=True)
class Recipe:
    """How a blend makes its probabilities from those of other models.

    They are the weighted mean of the parts' probabilities. How sure they are is a matter of calibration, and whether
    rare genres are named one of the decision (`genrelab.models.calibration`).

    Args:
        parts: Names of models and their weights.
    """

    parts: Mapping[str, float]


@dataclass(frozen=True)
class Model:
    """One model of the zoo.

    Args:
        name: Name in runs and metrics, snake_case.
        label: Name that people read.
        why: Why it is here, and on which rows its hyper-parameters were chosen; a sentence or two.
        build: Makes an unfitted estimator from seed, cores and budget; not called for a blend.
        families: Families of tasks it takes part in (`genrelab.models.tasks.Task.family`).
        search: Values that a search may try, by parameter; empty where there is nothing to search.
        while_searched: Parameters that hold in every trial of a search, to make it cheaper.
        pinned: Parameters that differ in a family of tasks, by family; of a blend, fields of its recipe.
        trusted: Types that skops must trust when it loads a stored one; exactly those needed.
        is_baseline: Whether it ignores the features; such a model never becomes champion.
        is_quick: Whether it takes part when the budget is `quick`.
        is_serial: Whether a fit uses one core whatever it is given; several are then made side by side.
        is_slow: Whether a nightly training judges it on the fewest splits where duplicates are distinguished.
        most_rows: Rows it is fitted on at most unless the budget is `thorough`; 0 for all.
        complexity: 1 for a linear model or a single tree, 2 for one ensemble, network or kernel, 3 for one on derived
            features, 4 for a blend; among equally good candidates the least one challenges the champion.
        why_no_candidate: Why it never challenges the champion, and so is not fitted on folds; empty if it may.
        refits: Whether, on the author's split, it is fitted on training and validation part together: its
            settings were chosen on the validation part before.
        recipe: How it blends other models; None for a model of its own.
        reads_text: Whether it reads the text features too; the others are given the numbers alone.
        curve: A parameter and the values over which its validation curve is drawn.
    """

    name: str
    label: str
    why: str
    build: Callable[[int, int, str], Estimator]
    families: tuple[str, ...]
    search: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    while_searched: Mapping[str, Any] = field(default_factory=dict)
    pinned: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    trusted: tuple[str, ...] = ()
    is_baseline: bool = False
    is_quick: bool = True
    is_slow: bool = False
    is_serial: bool = False
    most_rows: int = 0
    complexity: int = 2
    why_no_candidate: str = ""
    refits: bool = False
    recipe: Recipe | None = None
    reads_text: bool = False
    curve: tuple[str, tuple[Any, ...]] | None = None


def no_estimator(_seed: int, _cores: int, _budget: str) -> Estimator:
    """The `build` of a blend, whose estimator is put together from its parts.

    Raises:
        TypeError: Always.
    """
    raise TypeError("a blend is built from its parts (genrelab.models.blending)")


@contextmanager
def limit_threads(cores: int) -> Iterator[None]:
    """Fit within the cores allowed, without warnings that need no action.

    Numerical libraries bring their own threads, which no estimator's `n_jobs` reaches. A quick network stops
    before it converged, small tables have fewer rows than quantiles and fewer artists of a genre than folds:
    all three by intent.

    Args:
        cores: Processor cores.
    """
    with threadpool_limits(cores), warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        warnings.filterwarnings("ignore", message="n_quantiles .* is greater")
        warnings.filterwarnings("ignore", message="The least populated class")
        yield


def map_parallel(
    model: Model, settings: TrainingSettings, work: Callable[[Item], Made], items: Sequence[Item]
) -> Iterator[Made]:
    """Do `work` for each item, in order; for a serial model side by side on the cores allowed.

    Args:
        model: Whose fits `work` makes.
        settings: Seed, cores and budget.
        work: One or more fits; it must not depend on the others.
        items: What they are made for.
    """
    cores = min(settings.cores, len(items))
    if not model.is_serial or cores < 2:  # noqa: PLR2004 - one core has no side
        yield from map(work, items)
        return
    # The libraries let go of Python's lock while they fit. Filters of warnings are everybody's: set here, not by each.
    with limit_threads(settings.cores), ThreadPoolExecutor(cores) as pool:
        yield from pool.map(work, items)


def recipe_for(model: Model, family: str) -> Recipe:
    """The recipe of a blend in a family of tasks.

    Raises:
        TypeError: The model is no blend.
    """
    if model.recipe is None:
        raise TypeError(f"{model.name} is no blend")
    return replace(model.recipe, **model.pinned.get(family, {}))


def make_estimator(
    model: Model, family: str, settings: TrainingSettings, chosen: Mapping[str, Any] | None = None
) -> Estimator:
    """An unfitted estimator of a model for a family of tasks.

    Args:
        model: Its declaration; not a blend.
        family: Family of the task.
        settings: Seed, cores and budget.
        chosen: Parameters that a search found better than the pinned ones.
    """
    estimator = model.build(settings.seed, settings.cores, settings.budget)
    changed = {**model.pinned.get(family, {}), **(chosen or {})}
    return estimator.set_params(**changed) if changed else estimator

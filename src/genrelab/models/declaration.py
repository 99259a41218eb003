"""What a model declares about itself: one declaration is all it takes to add one.

Conventions: an estimator is scikit-learn's or speaks its language, with all preprocessing inside; it is
fitted on integers 0, 1, 2, ... and the labels they stand for are kept beside it, since XGBoost takes nothing
else and a plain estimator can be stored and loaded by others. It has `predict_proba`.

Which models there are does not belong here but in `genrelab.models.zoo`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

Estimator = Any
"""A scikit-learn estimator; scikit-learn ships no types."""


class TrainingSettings(Protocol):
    """What training needs of `genrelab.settings.Settings`."""

    @property
    def seed(self) -> int:
        """Seed of everything random."""

    @property
    def cores(self) -> int:
        """Processor cores that training may use; 0 takes all."""

    @property
    def budget(self) -> str:
        """How much work training may do: quick, nightly or thorough."""


@dataclass(frozen=True)
class Model:
    """One model of the zoo.

    Args:
        name: Name in runs and metrics, snake_case.
        label: Name that people read.
        why: Why it is here, and on which rows its hyper-parameters were chosen; a sentence or two.
        build: Makes an unfitted estimator from seed, cores and budget.
        families: Families of tasks it takes part in (`genrelab.models.tasks.Task.family`).
        importance: What its importances measure; empty when it has none.
        trusted: Types that skops has to be told to trust when it loads a stored one; exactly those needed.
        is_baseline: Whether it ignores the features; such a model never becomes champion.
    """

    name: str
    label: str
    why: str
    build: Callable[[int, int, str], Estimator]
    families: tuple[str, ...]
    importance: str = ""
    trusted: tuple[str, ...] = ()
    is_baseline: bool = False

"""The rule set that decides: pages, headlines and pickers begin with what belongs to it."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Protocol, TypeVar

from genrelab.analyses.registry import BY_NAME

if TYPE_CHECKING:
    from genrelab.analyses.class_balance.result import BinnedTracks


class OfRuleSet(Protocol):
    """A result that belongs to a rule set; to none where `rule_set` is empty."""

    @property
    def rule_set(self) -> str:
        """Return the name of the rule set that made its labels."""


T = TypeVar("T", bound=OfRuleSet)


def deciding_rule_set(facts: Mapping[str, object]) -> str:
    """Return the rule set that decides the genre of a track; empty if no track was binned.

    Args:
        facts: Results of the analyses, by the name of their step.
    """
    # by name: pages stay when the code of that analysis is broken
    binned: BinnedTracks | None = BY_NAME["bin_genres"].found_in(facts)
    return binned.rule_set if binned else ""


def deciding_first(found: Iterable[T], facts: Mapping[str, object]) -> list[T]:
    """Return results in their order, but those of the rule set that decides first.

    Args:
        found: The results.
        facts: Results of the analyses, by the name of their step.
    """
    decides = deciding_rule_set(facts)
    return sorted(found, key=lambda one: not decides or one.rule_set != decides)

"""The rule sets of a run: the shipped ones and the user's own; one of them is active."""

from functools import cache

from genrelab.rules.loader import RuleError, load_rule_set
from genrelab.rules.model import RuleSet
from genrelab.tables.spotify import SHIPPED_RULE_SETS


def load_active(chosen: str) -> tuple[str, dict[str, RuleSet]]:
    """Return the name of the active rule set, and all rule sets of the run.

    Args:
        chosen: Name or path of the active rule set.

    Raises:
        RuleError: The user's file has errors.
    """
    found = _shipped()
    active = found.get(chosen) or load_rule_set(chosen)
    return active.name, {**found, active.name: active}


@cache
def _shipped() -> dict[str, RuleSet]:
    return {name: load_rule_set(name) for name in SHIPPED_RULE_SETS}


def rule_digests(chosen: str) -> dict[str, object]:
    """Return the active rule set's name and the digests of all; an error message replaces a digest."""
    try:
        active, rule_sets = load_active(chosen)
    except RuleError as error:
        return {"fault": str(error)}
    return {"active": active, "sets": {name: rules.digest for name, rules in rule_sets.items()}}

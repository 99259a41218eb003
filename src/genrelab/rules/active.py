"""The rule sets of a run: those that ship, then a user's own; one of them decides."""

from functools import cache

from genrelab.rules.loader import RuleError, load_rule_set
from genrelab.rules.model import RuleSet
from genrelab.tables.spotify import SHIPPED_RULE_SETS


def load_active(chosen: str) -> tuple[str, dict[str, RuleSet]]:
    """The name of the active rule set, and every rule set that runs.

    Args:
        chosen: Name or path of the active one.

    Raises:
        RuleError: The user's file has faults.
    """
    found = _shipped()
    active = found.get(chosen) or load_rule_set(chosen)
    return active.name, {**found, active.name: active}


@cache
def _shipped() -> dict[str, RuleSet]:
    return {name: load_rule_set(name) for name in SHIPPED_RULE_SETS}


def rule_digests(chosen: str) -> dict[str, object]:
    """Which rule set is active and the content of all, for a fingerprint; a fault counts as content."""
    try:
        active, rule_sets = load_active(chosen)
    except RuleError as error:
        return {"fault": str(error)}
    return {"active": active, "sets": {name: rules.digest for name, rules in rule_sets.items()}}

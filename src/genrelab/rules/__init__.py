"""Genre rules: from micro-genres to one target genre, by rules that a music person can edit."""

from genrelab.rules.audit import audit, compare
from genrelab.rules.engine import Binned, bin_tracks, claims
from genrelab.rules.loader import RuleError, load_rule_set, shipped
from genrelab.rules.model import Rule, RuleSet, fold

__all__ = [
    "Binned",
    "Rule",
    "RuleError",
    "RuleSet",
    "audit",
    "bin_tracks",
    "claims",
    "compare",
    "fold",
    "load_rule_set",
    "shipped",
]

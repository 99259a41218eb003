"""Genre rules: from micro-genres to one target genre, by rules that a music person can edit."""

from genrelab.rules.active import load_active, rule_digests
from genrelab.rules.engine import Binned, Binner, bin_tracks, claims
from genrelab.rules.loader import RuleError, load_rule_set, shipped
from genrelab.rules.model import Rule, RuleSet, fold
from genrelab.runtime.callable_package import make_callable

__all__ = [
    "Binned",
    "Binner",
    "Rule",
    "RuleError",
    "RuleSet",
    "bin_tracks",
    "claims",
    "fold",
    "load_active",
    "load_rule_set",
    "rule_digests",
    "shipped",
]

make_callable(__name__, "genrelab.notebook.genre_rules", "rules")

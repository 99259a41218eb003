"""Explains one micro-genre: which rules of a set match it, which one wins, and by which of its words.

Conventions: the same matching as `engine`, on one micro-genre and in words; of several rules that match, the one that
stands first in the set wins.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import pyarrow as pa

from genrelab.rules.engine import as_matched, claims
from genrelab.rules.model import RuleSet
from genrelab.rules.words import phrase_that_hits


@dataclass(frozen=True)
class Claim:
    """A rule whose pattern hits a micro-genre.

    Args:
        rule: Its name.
        genre: The genre that it gives.
        because: What in the rule hits it, in words.
        unless: The exception because of which the rule does not match it nevertheless; empty if it does.
    """

    rule: str
    genre: str
    because: str
    unless: str = ""


@dataclass(frozen=True)
class Explanation:
    """What a rule set does to a micro-genre.

    Args:
        read_as: The micro-genre in the spelling that is matched.
        genre: The genre it belongs to; None if no rule matches.
        rule: The rule that wins it; empty if no rule matches.
        claims: Rules whose pattern hits it, in the order of the set.
    """

    read_as: str
    genre: str | None
    rule: str
    claims: tuple[Claim, ...]

    @property
    def reason(self) -> str:
        """Return in one sentence why the rule wins, or why none does."""
        matching = [claim for claim in self.claims if not claim.unless]
        left_out = [claim for claim in self.claims if claim.unless]
        if not matching:
            return (
                "No rule matches: " + "; ".join(map(_left_out, left_out)) + "."
                if left_out
                else "No rule matches."
            )
        winner, *others = matching
        also = "which also matches" if len(others) == 1 else "which also match"
        over = f" It comes before {_listed(claim.rule for claim in others)}, {also}." if others else ""
        but = "".join(f" {_left_out(claim)}." for claim in left_out)
        return f"Rule {winner.rule} decides: {self.read_as!r} {winner.because}.{over}{but}"


def explain(micro_genres: Iterable[str], rules: RuleSet) -> list[Explanation]:
    """Return what a rule set does to each micro-genre.

    Args:
        micro_genres: Any texts; they need not occur in the data.
        rules: The rule set.
    """
    names = pa.array(micro_genres, pa.string())
    without_exceptions = replace(rules, rules=tuple(replace(rule, unless="") for rule in rules.rules))
    texts = as_matched(names, rules).to_pylist()
    rows = zip(texts, claims(names, rules), claims(names, without_exceptions), strict=True)
    return [_explained(text, rules, matches, hits) for text, matches, hits in rows]


def _explained(text: str, rules: RuleSet, matches: Iterable[bool], hits: Iterable[bool]) -> Explanation:
    found = []
    for rule, is_match, is_hit in zip(rules.rules, matches, hits, strict=True):
        if is_hit:
            because = phrase_that_hits(rule.pattern, text)
            unless = None if is_match else phrase_that_hits(rule.unless, text)
            found.append(Claim(rule.name, rule.bin, str(because or "matches"), str(unless or "")))
    winner = next((claim for claim in found if not claim.unless), None)
    return Explanation(text, winner.genre if winner else None, winner.rule if winner else "", tuple(found))


def _left_out(claim: Claim) -> str:
    return f"Rule {claim.rule} leaves it out, because it {claim.unless}"


def _listed(names: Iterable[str]) -> str:
    *others, last = names
    return f"{', '.join(others)} and {last}" if others else last

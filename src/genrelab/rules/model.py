"""Rules and rule sets, and the normalisation of micro-genres before matching.

Conventions: rules are ordered and each bin has one rule. A pattern is searched anywhere in one micro-genre,
never in a joined list. Capitals and accents do not count: `fold` removes both, from the patterns' accents as
well. Nor does the spelling (`genrelab.rules.spelling`), unless the set says `spelling = "exact"`.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

ACCENTS = re.compile("[\u0300-\u036f]")
"""Combining marks of European scripts; those of other scripts are part of their letters."""

FIRST, VOTE = "first", "vote"
DECISIONS = (FIRST, VOTE)
"""How the micro-genres of a track decide its bin: by the first rule that hits any of them, or by a vote."""

ANY, EXACT = "any", "exact"
SPELLINGS = (ANY, EXACT)
"""Whether a set takes all spellings of a micro-genre for one (hip-hop, hip hop), or each as it is written."""


@dataclass(frozen=True)
class Rule:
    """One rule.

    Args:
        name: Name shown beside every track it decides; unique in its set.
        bin: Target genre.
        pattern: RE2 pattern, without accents and in the one spelling where its set takes any.
        comment: Why the rule is as it is.
        proofs: Micro-genres that this rule must win.
        unless: RE2 pattern of exceptions: micro-genres that the rule does not match although its pattern hits them.
        line: Line of the rule in its file.
    """

    name: str
    bin: str
    pattern: str
    comment: str
    proofs: tuple[str, ...]
    unless: str = ""
    line: int = 0


@dataclass(frozen=True)
class RuleSet:
    """An ordered set of rules.

    Args:
        name: Lower case, as in the column `bin_<name>`.
        decision: One of `DECISIONS`.
        comment: What the set is for.
        rules: The rules in order.
        digest: The sha256 of its content; differs whenever a rule, a comment or an example does.
        spelling: One of `SPELLINGS`.
    """

    name: str
    decision: str
    comment: str
    rules: tuple[Rule, ...]
    digest: str = ""
    spelling: str = ANY

    @property
    def bins(self) -> tuple[str, ...]:
        """Target genres in the order of the rules."""
        return tuple(rule.bin for rule in self.rules)


def fold(texts: Any) -> Any:
    """Return texts without capitals, accents and outer spaces, ready for matching.

    >>> fold(pa.array(["  Norteño ", "ÉLECTRO", "케이팝"])).to_pylist()
    ['norteno', 'electro', '케이팝']
    """
    return pc.utf8_lower(pc.utf8_trim_whitespace(strip_accents(texts)))


def strip_accents(texts: Any) -> Any:
    """Return texts without accents; other scripts are not changed."""
    beyond = pc.fill_null(pc.invert(pc.string_is_ascii(texts)), fill_value=False)
    folded = [strip_accents_of(text) for text in texts.filter(beyond).to_pylist()]
    return pc.replace_with_mask(texts, beyond, pa.array(folded, texts.type)) if folded else texts


def strip_accents_of(text: str) -> str:
    """The same for one text.

    >>> strip_accents_of("Norteño")
    'Norteno'
    """
    # pyarrow 25's utf8_normalize decomposes and never composes, which would take Hangul apart.
    return unicodedata.normalize("NFC", ACCENTS.sub("", unicodedata.normalize("NFKD", text)))

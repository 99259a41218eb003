"""What a rule and a rule set are, and how a micro-genre is made ready for matching.

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
"""How the micro-genres of a track become one bin: the first rule that hits any of them, or a vote."""

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
        comment: Why it is as it is.
        proofs: Micro-genres that this rule must win.
        unless: RE2 pattern of micro-genres that the rule leaves alone although its pattern hits them.
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
        digest: Fingerprint of its file; differs whenever the file does.
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
    """Texts without capitals, accents and outer spaces, as they are matched.

    >>> fold(pa.array(["  Norteño ", "ÉLECTRO", "케이팝"])).to_pylist()
    ['norteno', 'electro', '케이팝']
    """
    return pc.utf8_lower(pc.utf8_trim_whitespace(strip_accents(texts)))


def strip_accents(texts: Any) -> Any:
    """Texts without accents; other scripts stay whole."""
    if pc.all(pc.string_is_ascii(texts)).as_py() is not False:
        return texts
    return pa.array(
        [text if text is None else strip_accents_of(text) for text in texts.to_pylist()], pa.string()
    )


def strip_accents_of(text: str) -> str:
    """The same for one text.

    >>> strip_accents_of("Norteño")
    'Norteno'
    """
    # pyarrow 25's utf8_normalize decomposes and never composes, which would take Hangul apart.
    return unicodedata.normalize("NFC", ACCENTS.sub("", unicodedata.normalize("NFKD", text)))

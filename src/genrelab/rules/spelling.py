r"""Normalises the spelling of micro-genres, and of the patterns of rules in the same way.

Conventions: the one spelling has no capitals and no accents; hyphens, dashes and underscores are blanks (post-punk,
show_tunes); apostrophes are left out (children's music); `&`, `&amp;`, `n` and `'n'` are "and" (r&b, rock 'n' roll);
one blank stands between two words. Words written as one (hiphop) stay: the rules name them.

A pattern is rewritten where it names such a sign, so that `hip-hop` in a rule hits "hip hop" and "hip_hop". Classes
and escapes keep their meaning: `\W` and `[ -]` hit the blank.
"""

import re
from typing import Any

import pyarrow.compute as pc

from genrelab.rules.model import fold

APOSTROPHE = "['\u2018\u2019\u201b`\u00b4\u02bc\u2032]"
"""Characters and entities used as an apostrophe."""
OTHER_SIGNS = (
    (r"(?i)&(?:amp|#38|#x26);", "&"),
    (r"(?i)&(?:apos|[lr]squo|#39|#x27|#821[67]|#x201[89]);", "'"),
    (r"(?i)&([aceinosuy])(?:acute|grave|circ|uml|tilde|cedil);", r"\1"),
    (r"(?i)&(?:nbsp|#160|#xa0);", " "),
    (APOSTROPHE, "'"),
)
SPELLINGS = (
    (r"[\p{Pd}\x{2212}_]", " "),
    (r"\p{Cf}", ""),
    (r"\s*&\s*|\s*'n(?:'\s*|\s+)|\s+n(?:'\s*|\s+)", " and "),
    (r"'", ""),
    (r"\s+", " "),
)
"""Patterns of RE2 with what stands for them, in order; the first come before capitals and accents go."""

DASH = r"\\?[-\u2010-\u2015\u2212_]"
BLANK = rf"(?: |{DASH})"
PIECES = re.compile(
    rf"(?P<kept>\\[pPx]\{{[^}}]*\}}|\(\?(?:P?<\w+>|[a-zA-Z]*-?[a-zA-Z]*[:)]))"
    rf"|(?P<class>\[\^?\]?(?:\\.|\[:\^?\w+:\]|[^\]\\])*\])(?P<of_class>[?*+]?)"
    rf"|(?P<and> ?\\?&(?:amp;)? ?|(?: ?{APOSTROPHE}|{BLANK})n(?:{APOSTROPHE} ?|{BLANK}))(?P<of_and>[?*+{{]?)"
    rf"|(?P<blank> ?(?:{DASH})+ ?)"
    rf"|\\?{APOSTROPHE}[?*+]?"
    rf"|(?P<escape>\\.)",
    re.DOTALL,
)
"""What in a pattern is kept or rewritten; apostrophes have no name, since nothing stands for them."""


def fold_spelling(texts: Any) -> Any:
    """Return micro-genres in the normalised spelling.

    >>> import pyarrow as pa
    >>> fold_spelling(pa.array(["Post-Punk", "rock 'n' roll", "R&amp;B", "Children\u2019s  Music"])).to_pylist()
    ['post punk', 'rock and roll', 'r and b', 'childrens music']
    """
    for pattern, sign in OTHER_SIGNS:
        texts = pc.replace_substring_regex(texts, pattern, sign)
    texts = fold(texts)
    for pattern, sign in SPELLINGS:
        texts = pc.replace_substring_regex(texts, pattern, sign)
    return pc.utf8_trim_whitespace(texts)


def fold_pattern(pattern: str) -> str:
    r"""Return a pattern that hits the normalised spelling.

    >>> fold_pattern(r"\b(hip-hop|r&b|children'?s music)$")
    '\\b(hip hop|r and b|childrens music)$'
    >>> fold_pattern(r"k[-_]pop|rock \Wn roll")
    'k[\\x20\\-_]pop|rock \\Wn roll'
    """
    return PIECES.sub(_piece, pattern)


def _piece(found: re.Match[str]) -> str:
    if found["blank"]:
        return " "
    if found["and"]:
        return f"(?: and ){found['of_and']}" if found["of_and"] else " and "
    if found["class"]:
        return _class(found["class"], found["of_class"])
    return found["kept"] or found["escape"] or ""


def _class(text: str, quantifier: str) -> str:
    """A class of characters; it hits a blank where it names a hyphen, and is left out where it names apostrophes."""
    signs = text[1:-1]
    if re.fullmatch(f"(?:{APOSTROPHE})+", signs):
        return ""
    names_dash = re.search(r"^-|-$|\\-|[\u2010-\u2015\u2212_]", signs)
    if not names_dash or " " in signs or signs.startswith("^"):
        return text + quantifier
    signs = rf"\{signs}" if signs.startswith("-") else signs
    return rf"[\x20{signs}]{quantifier}"

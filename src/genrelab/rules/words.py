r"""Patterns of rules in words that can be read aloud: "ends with the word gospel, worship or praise".

Conventions: a pattern is expanded into all short texts that it hits, each with marks for where in a micro-genre it may
stand; a text is at the beginning, at the end, at the edge of a word, or anywhere. `(jazz|blues)$` gives two texts that
end a micro-genre. What cannot be expanded (`[^a]`, `.{3}`, thousands of combinations) stays a pattern and is shown as
one. Matching belongs in `engine`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import product

START, END, EDGE, ANY_WORD = "\x02", "\x03", "\x01", "\x04"
"""Marks in an expanded text: the beginning and the end of a micro-genre, the edge of a word, any word."""
MARKS = {"^": START, "$": END, "\\b": EDGE, "\\A": START, "\\z": END}
MOST_TEXTS = 600
"""Texts that a pattern is expanded into at most."""
MOST_SIGNS = 40
"""Signs of a character class that are written out at most."""
TOKENS = re.compile(
    r"(?P<open>\((?:\?:|\?P?<\w+>)?)|(?P<close>\))|(?P<or>\|)|(?P<class>\[\^?\]?(?:\\.|[^\]\\])*\])"
    r"|(?P<mark>\\[bAz]|[\^$])|(?P<repeat>[?*+]\??|\{\d+(?:,\d*)?\})|(?P<escape>\\.)|(?P<sign>.)",
    re.DOTALL,
)
KINDS = {
    (START, END): "is",
    (START, EDGE): "begins with the word",
    (START, ""): "begins with",
    (EDGE, END): "ends with the word",
    ("", END): "ends in",
    (EDGE, EDGE): "has the word",
    (EDGE, ""): "has a word that begins with",
    ("", EDGE): "has a word that ends in",
    ("", ""): "contains",
}
"""The words before a text, by its marks."""
PATTERN = "matches the pattern"


class _NotFiniteError(ValueError):
    """A pattern has parts that cannot be written out."""


@dataclass(frozen=True)
class Phrase:
    """One way in which a rule recognises micro-genres.

    Args:
        how: One of `KINDS`, or `PATTERN`.
        texts: Any of these; a text holds `…` where any word may stand.
    """

    how: str
    texts: tuple[str, ...]

    def __str__(self) -> str:
        """Return the phrase as text."""
        *others, last = (f"'{text}'" for text in self.texts)
        return f"{self.how} {', '.join(others)}{' or ' if others else ''}{last}"


def phrases(pattern: str) -> tuple[Phrase, ...]:
    r"""Return what a pattern hits, in words; an empty pattern gives none.

    >>> [str(phrase) for phrase in phrases(r"\b(gospel|worship)$|dub|^noise$")]
    ["ends with the word 'gospel' or 'worship'", "contains 'dub'", "is 'noise'"]
    """
    found: dict[str, list[str]] = {}
    for how, text, _ in _hits(pattern):
        found.setdefault(how, []).append(text)
    return tuple(Phrase(how, tuple(dict.fromkeys(texts))) for how, texts in found.items())


def phrase_that_hits(pattern: str, micro_genre: str) -> Phrase | None:
    r"""Return what in a pattern hits a micro-genre, its longest text; None if nothing does.

    Args:
        pattern: The pattern.
        micro_genre: In the spelling that is matched.

    >>> str(phrase_that_hits(r"\b(r and b|soul)$|b$", "indie r and b"))
    "ends with the word 'r and b'"
    """
    hits = [(how, text) for how, text, one in _hits(pattern) if one.search(micro_genre)]
    if not hits:
        return None
    how, text = max(hits, key=lambda hit: (hit[0] != PATTERN, len(hit[1])))
    return Phrase(how, (text,))


@cache
def _hits(pattern: str) -> tuple[tuple[str, str, re.Pattern[str]], ...]:
    """Return each text that a pattern hits, as the words before it, the text, and a pattern of it alone."""
    flags = re.ASCII | re.IGNORECASE
    return tuple((how, text, re.compile(alone, flags)) for how, text, alone in _each_hit(pattern))


def _each_hit(pattern: str) -> Iterator[tuple[str, str, str]]:
    for part in _split(pattern):
        try:
            texts = _expand(part)
        except _NotFiniteError:
            yield PATTERN, part, part
            continue
        for marked in dict.fromkeys(texts):
            start = marked[0] if marked[:1] in {START, EDGE} else ""
            end = marked[-1] if marked[-1:] in {END, EDGE} and len(marked) > len(start) else ""
            yield KINDS[start, end], _shown(marked), _as_pattern(marked)


def _split(pattern: str) -> list[str]:
    """Return the alternatives of a pattern."""
    parts, depth = [""], 0
    for token in TOKENS.finditer(pattern):
        depth += token.lastgroup == "open"
        depth -= token.lastgroup == "close"
        if token.lastgroup == "or" and not depth:
            parts.append("")
        else:
            parts[-1] += token[0]
    return [part for part in parts if part]


def _expand(pattern: str) -> list[str]:
    tokens = list(TOKENS.finditer(pattern))
    texts, place = _alternatives(tokens, 0)
    if place < len(tokens):
        raise _NotFiniteError(pattern)
    return texts


def _alternatives(tokens: list[re.Match[str]], place: int) -> tuple[list[str], int]:
    """Return the texts of alternatives from a place on, and the place after them."""
    done: list[str] = []
    parts: list[list[str]] = []
    while place < len(tokens) and tokens[place].lastgroup != "close":
        kind, sign = tokens[place].lastgroup, tokens[place][0]
        if kind == "or":
            done, parts = done + _joined(parts), []
        elif kind == "open":
            inner, place = _alternatives(tokens, place + 1)
            parts.append(inner)
        elif kind == "repeat":
            if not parts:
                raise _NotFiniteError(sign)
            parts[-1] = _repeated(parts[-1], sign)
        else:
            parts.append(_signs(str(kind), sign))
        place += 1
    return done + _joined(parts), place


def _joined(parts: list[list[str]]) -> list[str]:
    size = 1
    for part in parts:
        size *= len(part)
    if size > MOST_TEXTS:
        raise _NotFiniteError(f"{size} texts")
    return ["".join(texts) for texts in product(*parts)]


def _repeated(texts: list[str], sign: str) -> list[str]:
    if texts == [ANY_WORD] and sign == "+":
        return texts
    if sign == "?" and ANY_WORD not in texts:
        return [*texts, ""]
    if sign == "+" and all(text.isalnum() for text in texts):
        return [*texts, *(text * 2 for text in texts)]
    raise _NotFiniteError(sign)


def _signs(kind: str, sign: str) -> list[str]:
    """Return the texts that a token other than a group stands for."""
    if kind == "mark":
        return [MARKS[sign]]
    if kind == "class":
        return _of_class(sign[1:-1])
    if kind == "escape":
        if sign == "\\w":
            return [ANY_WORD]
        if sign[1].isalnum():
            raise _NotFiniteError(sign)
        return [sign[1]]
    if sign == ".":
        raise _NotFiniteError(sign)
    return [sign]


def _of_class(signs: str) -> list[str]:
    signs = signs.replace("\\x20", " ")
    plain = re.sub(r"\\([^\w\s])", r"\1", signs)
    has_range = re.search(r"(?<!\\)\w-\w", signs)
    if signs.startswith("^") or has_range or re.search(r"\\\w|\[:", signs) or len(plain) > MOST_SIGNS:
        raise _NotFiniteError(signs)
    return list(dict.fromkeys(plain))


def _shown(marked: str) -> str:
    text = marked.translate({ord(START): None, ord(END): None, ord(EDGE): None})
    return text.replace(ANY_WORD, "…")


def _as_pattern(marked: str) -> str:
    signs = {START: "^", END: "$", EDGE: r"\b", ANY_WORD: r"\w+"}
    return "".join(signs.get(sign) or re.escape(sign) for sign in marked)

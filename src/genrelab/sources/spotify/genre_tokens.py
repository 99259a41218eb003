r"""The names in one cell of micro-genres, told apart sign by sign.

Conventions: a `Token` is a name and whether it stood in quotes. An apostrophe between two letters belongs to the name,
also where it is not escaped (`['children's music']`); any other unescaped quote is refused. Strings side by side are
two names, never one (`'a' 'b'`). Possessive quantifiers never go back: every cell takes time linear in its length,
without recursion.

Which words mean "nothing", and what separates names without quotes, does not belong here:
`genrelab.sources.spotify.genre_cells` knows.
"""

import re
from typing import NamedTuple

WRAPPERS = r"(?:(?:np|numpy)\.)?array|set|frozenset|list|tuple|deque"
ENTITY = (
    r"&(?:amp|quot|apos|lt|gt|nbsp|[lr]squo|[a-zA-Z](?:acute|grave|circ|uml|tilde|cedil)"
    r"|#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6});"
)
"""An HTML entity: its semicolon separates nothing."""

BLANKS = re.compile(r"(?:\s|\\[nr])*+")
WRAPPER = re.compile(rf"(?:{WRAPPERS})\(\s*+(?=[\[({{])")
WRAPPER_END = re.compile(r"\s*+(?:,\s*+dtype\s*+=[^()]*+)?+\)")
OPENING = re.compile(r"(?:c|list)?\(|\[|\{")
CLOSING = {"[": "]", "(": ")", "{": "}"}
STRING = re.compile(
    r"""(?P<prefix>np\.str_\(|[uUbB]?)"""
    r"""(?:'(?P<single>(?:[^'\\]++|\\.|(?<=\w)'(?=\w))*+)'|"(?P<double>(?:[^"\\]++|\\.)*+)")""",
    re.DOTALL,
)
QUOTED = re.compile(
    r"""'(?P<single>(?:[^'\\]++|\\'|(?<=\w)'(?=\w))*+)'|"(?P<double>(?:[^"\\]++|\\"|"")*+)\"""",
)
"""A string without brackets around it, as Python or a spreadsheet quotes it."""
WORD = re.compile(r"""[^,\[\](){}"\\:=]++""")
BEHIND_QUOTED = re.compile(r"\s*+(?:([;|,])\s*+|$)|\s++")
BARE = {sign: re.compile(rf"(?:[^{sign}&]++|{ENTITY}|&)*+") for sign in ";|,/"}
ALL_IN = r"(?:c|list)?[\[({{]\s*+{0}[^\"\\]++{0}(?:\s*+,\s*+{0}[^\"\\]++{0})*+\s*+,?\s*+[\])}}]"
ALL_DOUBLED = re.compile(ALL_IN.format('""'))
ALL_ESCAPED = re.compile(ALL_IN.format(r'\\"'))
DOUBLE_ENTITY = re.compile(r"&(?:quot|#0*34|#[xX]0*22);")
SINGLE_ENTITY = re.compile(r"&(?:apos|#0*39|#[xX]0*27);")
ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|x([0-9a-fA-F]{2})|(.))", re.DOTALL)
ESCAPED = dict(zip("nrtbfva", "\n\r\t\b\f\v\a", strict=True)) | {sign: sign for sign in "\\'\"/"}
LARGEST_CHARACTER = 0x10FFFF


class Token(NamedTuple):
    """A name as it stood in its cell.

    Args:
        name: The name, quotes and escapes undone.
        is_quoted: Whether it stood in quotes.
    """

    name: str
    is_quoted: bool


def in_brackets(text: str) -> list[Token]:
    """Names of a list, tuple, set, array or vector, which may stand in `array(...)` or `set(...)`.

    Args:
        text: Without blanks around it.

    Raises:
        ValueError: It is none, or nested, cut off, or written ambiguously.
    """
    wrapper = WRAPPER.match(text)
    opening = OPENING.match(text, wrapper.end() if wrapper else 0)
    if opening is None:
        raise ValueError("not a list of names")
    closing = CLOSING[opening[0][-1]]
    tokens: list[Token] = []
    separators = set()
    position = _behind_blanks(text, opening.end())
    while not text.startswith(closing, position):
        token, position = _element(text, position)
        tokens.append(token)
        behind = _behind_blanks(text, position)
        if text.startswith(",", behind):
            separators.add(",")
            position = _behind_blanks(text, behind + 1)
        elif text.startswith(closing, behind):
            position = behind
        elif token.is_quoted and behind > position and text[behind : behind + 1] in {"'", '"'}:
            separators.add(" ")
            position = behind
        else:
            raise ValueError(_trouble(text, behind))
    if len(separators) > 1:
        raise ValueError("commas between some names but not between others")
    position += 1
    if wrapper:
        end = WRAPPER_END.match(text, position)
        if end is None:
            raise ValueError("a list that is not closed")
        position = end.end()
    if position != len(text):
        raise ValueError("text after the list")
    return tokens


def with_plain_quotes(text: str) -> str:
    """A list in brackets with its quotes as its first program wrote them.

    Quotes that a second program doubled, escaped or made HTML entities of are undone where all of them are written so.

    >>> with_plain_quotes('[""dance pop"", ""pop""]'), with_plain_quotes("[&#39;pop&#39;]")
    ('["dance pop", "pop"]', "['pop']")
    """
    if ALL_DOUBLED.fullmatch(text):
        return text.replace('""', '"')
    if ALL_ESCAPED.fullmatch(text):
        return text.replace(r"\"", '"')
    if '"' not in text and "'" not in text and "&" in text:
        return SINGLE_ENTITY.sub("'", DOUBLE_ENTITY.sub('"', text))
    return text


def in_quotes(text: str) -> list[Token] | None:
    """Names of a cell that holds nothing but names in quotes and one kind of separator; None for any other cell."""
    tokens: list[Token] = []
    separators = set()
    position = 0
    while position < len(text):
        found = QUOTED.match(text, position)
        behind = BEHIND_QUOTED.match(text, found.end()) if found else None
        if found is None or behind is None:
            return None
        tokens.append(Token(_unquoted(found), is_quoted=True))
        if behind.end() < len(text):
            separators.add(behind[1] or " ")
        position = behind.end()
    return tokens if len(separators) <= 1 else None


def separated(text: str, separator: str) -> list[Token]:
    """Names between separators, each in quotes or not.

    Args:
        text: Without blanks around it.
        separator: One of `; | , /`, or nothing where the text is one name.

    Raises:
        ValueError: Quotes are written ambiguously.
    """
    if not separator:
        return [Token(text, is_quoted=False)]
    tokens: list[Token] = []
    position = 0
    while position <= len(text):
        start = _behind_blanks(text, position)
        quoted = QUOTED.match(text, start)
        end = _behind_blanks(text, quoted.end()) if quoted else 0
        if quoted and (end == len(text) or text[end] == separator):
            tokens.append(Token(_unquoted(quoted), is_quoted=True))
        else:
            bare = BARE[separator].match(text, position)
            end = bare.end() if bare else len(text)
            tokens.append(Token(text[position:end].strip(), is_quoted=False))
            if '"' in tokens[-1].name:
                raise ValueError("a quote within a name that is not quoted")
        position = end + 1
    return tokens


def _element(text: str, position: int) -> tuple[Token, int]:
    """The name that begins at a position within brackets, and where it ends."""
    string = STRING.match(text, position)
    if string is None:
        word = WORD.match(text, position)
        if word is None or word[0][0] in "'\"":
            raise ValueError(_trouble(text, position))
        return Token(word[0].strip(), is_quoted=False), word.end()
    content = string["double"] if string["single"] is None else string["single"]
    end = string.end()
    if string["prefix"] in {"b", "B"} and "\\x" in content:
        raise ValueError("bytes instead of text")
    if string["prefix"].endswith("("):
        if not text.startswith(")", end):
            raise ValueError(_trouble(text, end))
        end += 1
    return Token(unescaped(content), is_quoted=True), end


def _trouble(text: str, position: int) -> str:
    """Why a list cannot be read beyond a position."""
    if position >= len(text):
        return "a list that is not closed"
    if text[position] in "[({":
        return "a list or dictionary within a list"
    if text[position] == ",":
        return "no name between two commas"
    if text[position] in ":=":
        return "a dictionary, not a list"
    if text.startswith("...", position):
        return "a list shortened with ..."
    if text[position] in "'\"":
        return "a quote that is not closed, or two adjacent strings"
    return "ambiguous quotes" if text[position] not in "])}" else "brackets that do not match"


def _behind_blanks(text: str, position: int) -> int:
    found = BLANKS.match(text, position)
    return found.end() if found else position


def _unquoted(found: re.Match[str]) -> str:
    """The name in quotes that a spreadsheet doubles or Python escapes."""
    single, double = found["single"], found["double"]
    if single is not None:
        return str(single).replace("\\'", "'")
    if '\\"' in double and '""' in double:
        raise ValueError("quotes that can be read in two ways")
    return str(double).replace('\\"', '"').replace('""', '"')


def unescaped(content: str) -> str:
    """Text without the escapes of Python and JSON.

    Raises:
        ValueError: An escape is unknown.
    """
    return ESCAPE.sub(_character, content) if "\\" in content else content


def _character(escape: re.Match[str]) -> str:
    digits = escape[1] or escape[2] or escape[3]
    if digits is None:
        if escape[4] not in ESCAPED:
            raise ValueError(f"the unknown escape {escape[0]}")
        return ESCAPED[escape[4]]
    number = int(digits, 16)
    if number > LARGEST_CHARACTER:
        raise ValueError(f"the unknown escape {escape[0]}")
    return chr(number)

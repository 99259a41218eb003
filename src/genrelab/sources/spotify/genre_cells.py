r"""Parses lists of micro-genres that other programs wrote into the cells of a table.

Conventions: the notations are a closed set; a cell in any other notation is rejected with a reason, never guessed.

- In brackets, names in quotes: lists of Python and JSON, tuples, sets, NumPy arrays (blanks between the names), vectors
  of R (`c("a", "b")`), arrays of PostgreSQL (`{pop,"dance pop"}`, where quotes may be missing). Each such cell says
  itself what it is, so one column may mix them.
- Any of these in quotes once more, or with quotes doubled, escaped or written as HTML entities: what a second program
  makes of the first one's list (`"['a', 'b']"`, `[""a"", ""b""]`). It is read where only one list can be meant.
- Names in quotes without brackets, with commas, semicolons, vertical bars or blanks between them.
- Names without quotes. What separates them is decided for the whole column (`FormFinder`): semicolons or vertical bars
  where any cell has one, else commas. In a column of semicolons a comma is part of a name, unless other cells have
  commas alone: then every cell with a comma can be read in two ways and is refused. In a column with semicolons and
  bars, so is every cell that has any separator. A slash separates names where the column has none of these and a
  name beside a slash stands in another cell too (`dance pop/pop`, `pop`); elsewhere it is part of one (`hip-hop/rap`),
  unless other cells have several slashes or blanks around them: then every cell with a slash is refused.
- Lists of one name that has commas in it are refused where no list of the column has several names.

Blanks around a name are no part of it. A word that stands for "nothing" (`NO_GENRE`: `nan`, `unknown`, `set()`) is no
micro-genre, alone in a cell or within a list, in quotes or not. Nobody can tell a micro-genre named "none" from it;
Spotify has none. HTML entities stay as they came; rules match them like the sign that they stand for.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from genrelab.runtime.files import whole_characters
from genrelab.sources.missing import MISSING_WORDS
from genrelab.sources.spotify.genre_tokens import (
    ENTITY,
    WRAPPERS,
    Token,
    in_brackets,
    in_quotes,
    separated,
    unescaped,
    with_plain_quotes,
)

NO_GENRE = MISSING_WORDS | {
    *(
        "unknown",
        "(unknown)",
        "<unknown>",
        "unknown genre",
        "unspecified",
        "undefined",
        "(none)",
        "<none>",
        "n.a.",
    ),
    *(
        "no genre",
        "no genres",
        "no genre found",
        "no genres found",
        "genre not found",
        "none found",
        "not found",
    ),
    *("not available", "not applicable", "na_character_", "??", "---", "\N{EN DASH}", "\N{EM DASH}"),
    *("np.nan", "numpy.nan", "pd.na"),
    *(
        "[]",
        "()",
        "{}",
        "list()",
        "tuple()",
        "set()",
        "frozenset()",
        "deque()",
        "c()",
        "character(0)",
        "logical(0)",
    ),
}
"""What "no micro-genre" looks like: lower case, without blanks around it."""

SEPARATORS = {";": "semicolons", "|": "vertical bars", ",": "commas"}
SLASH = "/"
SEPARATE, DOUBTFUL = "separate", "doubtful"

BRACKET = rf"^(?:[\[({{]|(?:{WRAPPERS}|c|character|logical)\()"
QUOTED = r"""(?:"(?:[^"\\]|\\.|"")*"|'(?:[^'\\]|\\.|\b'\b)*')"""
ALL_QUOTED = rf"(?s)^{QUOTED}(?:\s*[;|,]?\s*{QUOTED})*\s*[;|,]?$"
IN_QUOTES_OR_ENTITY = rf'(?s)"(?:[^"\\]|\\.)*"|{ENTITY}'
ONE_NAME = "one name in a cell"
KINDS = {
    "NumPy arrays": r"""(?s)^(?:(?:np|numpy)\.)?array\(|^\[\s*(?:'[^']*'|"[^"]*")\s+['"]""",
    "lists of Python or JSON": r"^(?:list\()?\[",
    "sets of Python": r"""^(?:frozen)?set\(|^\{\s*'""",
    "arrays of PostgreSQL": r"^\{",
    "vectors of R": r"^(?:c|list|character)\(",
    "tuples of Python": r"^(?:tuple)?\(",
    "names in quotes": ALL_QUOTED,
}
LOOKED_AT = 200
"""Cells of each portion whose kind is determined."""
HAS_BRACKET = re.compile(BRACKET)
MAY_BE_BARE = re.compile(r"\{\s*+(?!')")
"""Only PostgreSQL leaves quotes out within brackets."""
PLAIN_LIST = re.compile(r"""\['[^'"\\\[\](){}]++'(?:, '[^'"\\\[\](){}]++')*+\]""")
"""By far the most common form; it needs no tokens."""
LIST_IN_QUOTES = re.compile(r"""[\s"'\\]*+[\[({].*[\])}][\s"'\\]*+""", re.DOTALL)
IN_QUOTES_AGAIN = re.compile(r"""["'][\s"'\\]{0,14}[\[({]""")
WRAPPED_AT_MOST = 3
"""Times that a list may stand in quotes."""
JOINED = r"""(?s)^\[\s*(?:"[^"\[\]{}]*[,;|][^"\[\]{}]*"|'[^'\[\]{}]*[,;|][^'\[\]{}]*')\s*\]$"""
SEVERAL = r"""(?s)^\[.*['"]\s*,\s*['"]|^\[.*['"]\s+['"]"""
LEAST_JOINED = 3
"""Different lists of one name with commas that look like several names joined."""
NUMBER = re.compile(r"[+-]?(?:\d++\.?+\d*+|\.\d++)(?:[eE][+-]?\d++)?+")
NEVER_WITHOUT_QUOTES = re.compile(r"[\[\]{}\"\\<>^~\x00-\x1f\x7f-\x9f\u2028\u2029]")
LIST_MARK = re.compile(r"[-*#]|\d{1,3}[.)]\s")
NOTATION = re.compile(r"\w++\(.*\)", re.DOTALL)
IN_ADDRESS = re.compile(r"%[0-9A-Fa-f]{2}")
OTHER_SEPARATOR = re.compile(
    r"[\u3001\uff0c\uff1b\uff5c\u060c\u2022\u00a6]|\s[/\u00b7+\u2013\u2014-]\s|/.*/|(?<=\w)[:+](?=\w)"
)
"""Commas and semicolons of other scripts, bullets, and signs between blanks, which may separate names as well."""
EDGE_QUOTE = re.compile(r"^(?![\u2019']\d)['\"`\u2018-\u201f\u2039\xab]|['\"`\u2018-\u201f\u203a\xbb]$")
"""A name may begin with the apostrophe of '80s and with no other."""


@dataclass(frozen=True)
class GenreForm:
    """How a column writes its lists of micro-genres; two that read every cell alike are equal.

    Args:
        name: Its kinds of cells, for people.
        separator: What separates names without quotes: one of `; | , /`, or nothing where a cell is one name.
        has_comma_in_names: Whether a comma may be part of a name without quotes.
        has_joined_names: Whether lists of one name that has commas in it may be several names joined.
        has_doubtful_slashes: Whether a name with a slash may be several names.
        caveat: What a reader should know before they trust the lists, or nothing.
    """

    name: str = field(compare=False)
    separator: str = ""
    has_comma_in_names: bool = False
    has_joined_names: bool = False
    has_doubtful_slashes: bool = False
    caveat: str = field(default="", compare=False)


IN_BRACKETS = GenreForm("names in brackets", ",")


class FormFinder:
    """Finds the form of a column that comes in portions; a portion given twice changes nothing."""

    def __init__(self) -> None:
        self._kinds: set[str] = set()
        self._separators: set[str] = set()
        self._has_comma_beside = False
        self._joined: set[str] = set()
        self._has_several = False
        self._slashed: set[str] = set()
        self._single: set[str] = set()

    def add(self, texts: Any) -> None:
        """Look at a portion of the column.

        Args:
            texts: Array of text, best without repetitions.
        """
        texts = pc.utf8_trim_whitespace(pc.drop_null(texts))
        texts = texts.filter(pc.invert(pc.is_in(pc.utf8_lower(texts), value_set=pa.array(sorted(NO_GENRE)))))
        self._kinds |= _kinds(texts.slice(0, LOOKED_AT))
        has_bracket = pc.match_substring_regex(texts, BRACKET)
        if not self._has_several:
            self._look_for_joined(texts.filter(has_bracket))
        bare = texts.filter(pc.invert(has_bracket))
        self._look_for_slashes(bare.filter(pc.invert(pc.match_substring_regex(bare, "[;|,]"))))
        bare = bare.filter(pc.match_substring_regex(bare, "[;|,]"))
        bare = bare.filter(pc.invert(pc.match_substring_regex(bare, ALL_QUOTED)))
        bare = pc.replace_substring_regex(bare, IN_QUOTES_OR_ENTITY, "")
        has_other = pc.match_substring_regex(bare, "[;|]")
        has_comma = pc.match_substring(bare, ",")
        self._separators |= {sign for sign in ";|" if _any(pc.match_substring(bare, sign))}
        self._separators |= {","} if _any(pc.and_not(has_comma, has_other)) else set()
        self._has_comma_beside |= _any(pc.and_(has_comma, has_other))

    def _look_for_joined(self, lists: Any) -> None:
        self._has_several = _any(pc.match_substring_regex(lists, SEVERAL))
        if not self._has_several and len(self._joined) < LEAST_JOINED:
            joined = lists.filter(pc.match_substring_regex(lists, JOINED)).unique()
            self._joined.update(joined.slice(0, LEAST_JOINED).to_pylist())

    def _look_for_slashes(self, texts: Any) -> None:
        has_slash = pc.match_substring(texts, SLASH)
        self._slashed.update(texts.filter(has_slash).to_pylist())
        self._single.update(texts.filter(pc.invert(has_slash)).to_pylist())

    def _slashes(self) -> str:
        """What slashes do: separate names, where one beside them stands in another cell too; else nothing is known."""
        cells = [[name.strip() for name in text.split(SLASH)] for text in self._slashed]
        counts = Counter(name for names in cells for name in set(names))
        if any(counts[name] > 1 or name in self._single for names in cells for name in names):
            return SEPARATE
        return DOUBTFUL if any(map(OTHER_SEPARATOR.search, self._slashed)) else ""

    def form(self) -> GenreForm:
        """The form of all that was added."""
        signs = [sign for sign in SEPARATORS if sign in self._separators]
        separators = " and ".join(SEPARATORS[sign] for sign in signs)
        kinds = [kind for kind in KINDS if kind in self._kinds]
        if signs or ONE_NAME in self._kinds:
            kinds.append(f"names separated by {separators}" if signs else ONE_NAME)
        name = ", ".join(kinds) or "no micro-genres"
        slashes = "" if signs else self._slashes()
        if slashes == DOUBTFUL:
            caveat = "a slash may separate micro-genres or be part of one: cells with a slash are rejected"
            return GenreForm(name, has_doubtful_slashes=True, caveat=caveat)
        if slashes == SEPARATE:
            name = ", ".join([*(kind for kind in kinds if kind != ONE_NAME), "names separated by slashes"])
            return GenreForm(
                name, SLASH, caveat="micro-genres are separated by slashes: cells are split there"
            )
        if not self._has_several and len(self._joined) >= LEAST_JOINED:
            caveat = (
                "lists hold one name with commas, which may be several names joined: these cells are rejected"
            )
            return GenreForm(name, "".join(signs[:1]), has_joined_names=True, caveat=caveat)
        if {";", "|"} <= set(signs):
            return GenreForm(
                name, caveat=f"micro-genres are separated by {separators}: cells with either are rejected"
            )
        if len(signs) > 1:
            caveat = f"micro-genres are separated by {separators}: cells with a comma are rejected"
            return GenreForm(name, signs[0], caveat=caveat)
        has_comma_in_names = bool(signs) and signs != [","]
        caveat = (
            f"micro-genres are separated by {separators}: a comma is part of a name"
            if self._has_comma_beside
            else ""
        )
        return GenreForm(name, "".join(signs), has_comma_in_names, caveat=caveat)


def recognise_form(texts: Any) -> GenreForm:
    """The form of a whole column.

    >>> recognise_form(pa.array(["dance pop; pop", "rock, 60s; rock"])).separator
    ';'

    Args:
        texts: Array of text, or any texts.
    """
    finder = FormFinder()
    finder.add(texts if isinstance(texts, pa.Array | pa.ChunkedArray) else pa.array(list(texts), pa.string()))
    return finder.form()


def parse_cells(texts: Any, form: GenreForm) -> Any:
    """Lists of micro-genres of the cells of a column, null where a cell is refused.

    Args:
        texts: Array of text; a null has no micro-genres.
        form: Of the whole column.
    """
    encoded = pc.fill_null(texts, "").dictionary_encode()
    lists: list[list[str] | None] = []
    for text in encoded.dictionary.to_pylist():
        try:
            lists.append(parse_genres(text, form))
        except ValueError:
            lists.append(None)
    return pa.array(lists, pa.list_(pa.string())).take(encoded.indices)


def why_refused(text: str, form: GenreForm) -> str:
    """The reason why a cell is refused, or nothing."""
    try:
        parse_genres(text, form)
    except ValueError as error:
        return str(error)
    return ""


def parse_genres(text: str, form: GenreForm | None = None) -> list[str]:
    r"""Micro-genres of one cell.

    >>> parse_genres("['classic opm', \"children's music\"]")
    ['classic opm', "children's music"]
    >>> parse_genres("['dance pop' 'pop']")
    ['dance pop', 'pop']
    >>> parse_genres('c("rock, 60s", NA)')
    ['rock, 60s']
    >>> parse_genres("deep house, edm")
    ['deep house', 'edm']

    Args:
        text: The cell.
        form: Of its column; without it, the form of the cell by itself.

    Returns:
        The names in order, none of them empty.

    Raises:
        ValueError: The cell cannot be read, or only in two ways; the message is the reason.
    """
    text = text.strip()
    if _means_nothing(text):
        return []
    has_joined_names = form is not None and form.has_joined_names
    if PLAIN_LIST.fullmatch(text) and "%" not in text and not has_joined_names:
        names = [name.strip() for name in text[2:-2].split("', '")]
        return [whole_characters(name) for name in names if not _means_nothing(name)]
    if HAS_BRACKET.match(text):
        plain = with_plain_quotes(text)
        names = _names(in_brackets(plain), IN_BRACKETS, may_be_bare=MAY_BE_BARE.match(plain) is not None)
        if has_joined_names and len(names) == 1 and re.search("[;|,]", names[0]):
            raise ValueError("one name with commas may be several names joined")
        return names
    tokens = in_quotes(text)
    if IN_QUOTES_AGAIN.match(text) and len(tokens or [""]) == 1:
        return _in_quotes_again(text, WRAPPED_AT_MOST)
    if tokens is None:
        form = form or recognise_form([text])
        tokens = separated(text, form.separator)
    return _names(tokens, form or IN_BRACKETS, may_be_bare=True)


def _in_quotes_again(text: str, times: int) -> list[str]:
    """The names of a list that stands in quotes as a whole, where all ways to undo the quotes agree on them."""
    if times == 0 or text[0] != text[-1] or len(text) < 2:  # noqa: PLR2004 - two quotes
        raise ValueError("a list written as a name")
    found = []
    content = text[1:-1]
    for undone in {content, content.replace('""', '"'), _without_escapes(content)}:
        try:
            inner = undone.strip()
            found.append(
                parse_genres(inner)
                if _means_nothing(inner) or HAS_BRACKET.match(inner)
                else _in_quotes_again(inner, times - 1)
            )
        except ValueError:
            continue
    if not found or any(names != found[0] for names in found):
        raise ValueError("a list written as a name")
    return found[0]


def _without_escapes(content: str) -> str:
    try:
        return unescaped(content)
    except ValueError:
        return content


def _names(tokens: Iterable[Token], form: GenreForm, *, may_be_bare: bool) -> list[str]:
    """The names among the tokens of a cell; refuses those that cannot be told for sure."""
    names = []
    for token in tokens:
        name = token.name.strip()
        if _means_nothing(name):
            continue
        if LIST_IN_QUOTES.fullmatch(name):
            raise ValueError("a list written as a name")
        if found := IN_ADDRESS.search(name):
            raise ValueError(f"{found[0]!r} is an escape of web addresses")
        if not token.is_quoted:
            _check_bare(name, form)
            if not may_be_bare:
                raise ValueError("a list has names without quotes")
        names.append(whole_characters(name))
    return names


def _check_bare(name: str, form: GenreForm) -> None:
    """Refuse what may be more than one name, or a piece of one, when no quotes say where it ends."""
    if NUMBER.fullmatch(name):
        raise ValueError("a number instead of a name")
    if found := NEVER_WITHOUT_QUOTES.search(name):
        raise ValueError(f"{found[0]!r} within a name without quotes")
    if EDGE_QUOTE.search(name):
        raise ValueError("a quote at one end of a name")
    _check_notation(name)
    if form.has_doubtful_slashes and SLASH in name:
        raise ValueError("a slash that may separate names or be part of one")
    if found := OTHER_SEPARATOR.search(name):
        raise ValueError(f"{found[0].strip()!r} that may separate names or be part of one")
    if name.count("(") != name.count(")"):
        raise ValueError("brackets that do not match")
    signs = re.sub(ENTITY, "", name)
    for sign, plural in SEPARATORS.items():
        if sign in signs and not (sign == "," and form.has_comma_in_names):
            raise ValueError(f"{plural} that may separate names or be part of one")


def _check_notation(name: str) -> None:
    """Refuse what people and programs write around names."""
    if found := LIST_MARK.match(name):
        raise ValueError(f"{found[0].strip()!r} before a name, as in a bulleted list")
    if NOTATION.fullmatch(name):
        raise ValueError("a name with brackets, which may be a list of a programming language")


def _means_nothing(text: str) -> bool:
    return not text or text.strip().lower() in NO_GENRE


def _kinds(texts: Any) -> set[str]:
    """The kinds of cells that occur."""
    found = set()
    for kind, pattern in KINDS.items():
        is_kind = pc.match_substring_regex(texts, pattern)
        found |= {kind} if _any(is_kind) else set()
        texts = texts.filter(pc.invert(is_kind))
    return found | ({ONE_NAME} if len(texts) else set())


def _any(mask: Any) -> bool:
    return bool(pc.any(mask).as_py())

"""Numbers and words of audio features in the units of the table.

Conventions: how a column is written is decided for the whole column, never for a cell. Each function takes the texts
of a portion of the column and returns values with nulls, and which cells broke the rule that it names.
"""

import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from genrelab.sources.missing import MISSING_WORDS, is_missing

NUMBER = r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?$"
LARGEST_WHOLE = 2**53
"""Whole numbers up to here are exact in a float."""
SHARP, FLAT = "\N{MUSIC SHARP SIGN}", "\N{MUSIC FLAT SIGN}"
PITCHES = {
    "c": 0,
    "c#": 1,
    "d": 2,
    "d#": 3,
    "e": 4,
    "f": 5,
    "f#": 6,
    "g": 7,
    "g#": 8,
    "a": 9,
    "a#": 10,
    "b": 11,
    "db": 1,
    "eb": 3,
    "fb": 4,
    "e#": 5,
    "gb": 6,
    "ab": 8,
    "bb": 10,
    "cb": 11,
    "b#": 0,
}
MODES = {"major": 1, "minor": 0, "maj": 1, "min": 0, "true": 1, "false": 0}
"""Spotify's mode is 1 for major, which programs that know truth values write as true."""
KEY = re.compile(r"(?P<pitch>[a-h][#b]?(?:/[a-h][#b]?)?)-?(?P<mode>major|minor|maj|min|m)?")
BEATS = re.compile(r"([0-7])/4")


def pitch_class(text: str) -> int | None:
    """Number of a pitch, with its mode or without: C is 0, B is 11.

    >>> pitch_class("C# minor"), pitch_class("B\N{MUSIC FLAT SIGN}"), pitch_class("C#/Db"), pitch_class("H")
    (1, 10, 1, None)
    """
    key = _key(text)
    found = {PITCHES.get(each) for each in key["pitch"].split("/")} if key else set()
    return found.pop() if len(found) == 1 else None


def mode_of_key(text: str) -> int | None:
    """The mode that a key names with its pitch.

    >>> mode_of_key("C# minor"), mode_of_key("Abmaj"), mode_of_key("Am"), mode_of_key("A")
    (0, 1, 0, None)
    """
    key = _key(text)
    mode = key["mode"] if key else None
    return {**MODES, "m": 0}[mode] if mode else None


def _key(text: str) -> re.Match[str] | None:
    if text.strip().endswith("M"):  # major in a notation in which `m` is minor
        return None
    folded = re.sub(r"[\s_]", "", text.lower().replace(SHARP, "#").replace(FLAT, "b"))
    return KEY.fullmatch(re.sub("-?sharp", "#", re.sub("-?flat", "b", folded)))


def mode_number(text: str) -> int | None:
    """1 for major or true, 0 for minor or false."""
    return MODES.get(text.strip().lower())


def beats_in_bar(text: str) -> int | None:
    """Beats of a time signature in quarters: 4 for `4/4`."""
    found = BEATS.fullmatch(text.strip().replace(" ", ""))
    return int(found[1]) if found else None


WORDS = {
    "key": (pitch_class, "a pitch (C, C#, Db, A minor)"),
    "mode": (mode_number, "major or minor, true or false"),
    "time_signature": (beats_in_bar, "beats in quarters (4/4)"),
}
"""Columns that some files write in words: from a cell to its number, and what is allowed."""


def is_in_words(counts: Mapping[str, int]) -> bool:
    """Whether a column is written in words: more of its cells are words, legal or not, than numbers.

    Args:
        counts: How often each text occurs in the whole column.
    """
    number = re.compile(NUMBER)
    kinds: Counter[str] = Counter()
    for text, count in counts.items():
        if text.strip().lower() not in MISSING_WORDS:
            kinds["number" if number.match(text.strip()) else "word"] += count
    return kinds["word"] > kinds["number"]


def from_words(texts: Any, name: str) -> tuple[Any, Any, str]:
    """Numbers of a column of `WORDS` that is written in words.

    Returns:
        Whole numbers, which cells are no such word, and the rule.
    """
    of_word, allowed = WORDS[name]
    encoded = texts.dictionary_encode()
    numbers = pa.array([of_word(text) for text in encoded.dictionary.to_pylist()], pa.int64())
    values = numbers.take(encoded.indices)
    return values, pc.and_(pc.is_null(values), pc.invert(is_missing(texts))), f"{name}: {allowed}"


def numbers(
    texts: Any, name: str, *, is_whole: bool, decimal: str = ".", is_percent: bool = False
) -> tuple[Any, Any, str]:
    """Numbers, with cells that say "no value" missing.

    Returns:
        Values, which cells are no number, and the rule.
    """
    trimmed = pc.utf8_trim_whitespace(texts)
    if is_percent:
        trimmed = pc.utf8_rtrim_whitespace(pc.utf8_rtrim(trimmed, "%"))
    if decimal == ",":  # a point would be one between thousands
        trimmed = pc.replace_substring(pc.replace_substring(trimmed, ".", "x"), ",", ".")
    is_number = pc.match_substring_regex(trimmed, NUMBER)
    plain = pc.utf8_ltrim(trimmed, "+")
    values = pc.cast(pc.if_else(is_number, plain, pa.scalar(None, pa.string())), pa.float64())
    is_number = pc.fill_null(pc.is_finite(values), fill_value=False)  # 1e999 is written like a number
    rule = f"{name}: a {'whole ' if is_whole else ''}number"
    if is_whole:
        fits = pc.and_(pc.equal(values, pc.floor(values)), pc.less(pc.abs(values), float(LARGEST_WHOLE)))
        is_number = pc.and_(is_number, pc.fill_null(fits, fill_value=False))
    broken = pc.invert(is_number)
    if pc.any(broken).as_py():
        broken = pc.and_not(broken, is_missing(texts))
    kept = pc.if_else(is_number, values, pa.scalar(None, pa.float64()))
    return (pc.cast(kept, pa.int64()) if is_whole else kept), broken, rule

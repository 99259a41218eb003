"""Numbers in words: how the report writes counts, shares, intervals, durations and dates.

Conventions: a missing or non-finite number is a dash; a space inside a number never breaks; shares are
fractions of 1. Nothing here knows what is being counted.
"""

import math
from collections.abc import Sequence
from datetime import UTC, datetime

DASH = "\N{EN DASH}"
MINUS = "\N{MINUS SIGN}"
THIN = "\N{NARROW NO-BREAK SPACE}"
NO_BREAK = "\N{NO-BREAK SPACE}"
INTERVAL = f"95{THIN}% interval"

FRACTIONS = (
    (1 / 10, "a tenth"),
    (1 / 5, "a fifth"),
    (1 / 4, "a quarter"),
    (1 / 3, "a third"),
    (2 / 5, "two fifths"),
    (1 / 2, "half"),
    (3 / 5, "three fifths"),
    (2 / 3, "two thirds"),
    (3 / 4, "three quarters"),
    (4 / 5, "four fifths"),
    (9 / 10, "nine tenths"),
)
EXACTLY, ROUGHLY = 0.005, 0.02


def number(value: object) -> float | None:
    """The value as a finite float, or None when it is missing, not a number or not finite."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if math.isfinite(value) else None


def text_or_dash(value: object, otherwise: str = DASH) -> str:
    """The value as text, or a dash when it is missing or empty.

    >>> said("pop"), said(0), said(None, "unnamed")
    ('pop', '0', 'unnamed')
    """
    return otherwise if value is None or value == "" else str(value)


def count(value: object) -> str:
    """A count with thousands separated.

    >>> count(46291)
    '46,291'
    """
    found = number(value)
    return DASH if found is None else f"{found:,.0f}".replace("-", MINUS)


def percent(value: object, digits: int = 1) -> str:
    """A share of 1 as a percentage; the space before the sign does not break."""
    found = number(value)
    return DASH if found is None else f"{found * 100:.{digits}f}{THIN}%".replace("-", MINUS)


def points(value: object, digits: int = 1) -> str:
    """A difference of two shares in percentage points, always with its sign."""
    found = number(value)
    if found is None:
        return DASH
    return f"{_signed(found * 100, digits)}{THIN}points"


def decimal(value: object, digits: int = 3, *, signed: bool = False) -> str:
    """A plain number with a fixed count of digits.

    >>> decimal(0.30149)
    '0.301'
    """
    found = number(value)
    if found is None:
        return DASH
    return _signed(found, digits) if signed else _signed(found, digits).lstrip("+")


def _signed(value: float, digits: int) -> str:
    """A number with its sign; what rounds to 0 has none."""
    rounded = round(value, digits)
    return f"{rounded:+.{digits}f}".replace("-", MINUS) if rounded else f"{0:.{digits}f}"


def share_in_words(share: float) -> str:
    """A share as people say it, or as a percentage where no common fraction is near.

    >>> share_in_words(0.348)
    'just over a third'
    >>> share_in_words(0.5)
    'half'
    """
    fraction, words = min(FRACTIONS, key=lambda pair: abs(pair[0] - share))
    difference = share - fraction
    if abs(difference) <= EXACTLY:
        return words
    if abs(difference) <= ROUGHLY:
        return f"just {'over' if difference > 0 else 'under'} {words}"
    return percent(share, 0)


def seconds(value: object) -> str:
    """A duration as a person would say it: `0.4 s`, `18 s`, `2 min 5 s`, `1 h 4 min`."""
    found = number(value)
    if found is None:
        return DASH
    if found < 10:  # noqa: PLR2004 - below that the tenth matters
        return f"{found:.1f}{THIN}s"
    whole = round(found)
    minutes, rest = divmod(whole, 60)
    if not minutes:
        return f"{rest}{THIN}s"
    hours, minutes = divmod(minutes, 60)
    return f"{hours}{THIN}h {minutes}{THIN}min" if hours else f"{minutes}{THIN}min {rest}{THIN}s"


def when(value: object) -> str:
    """An ISO 8601 time as `12 March 2026, 03:14 UTC`; anything else as it came."""
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        return str(value) if value else DASH
    if moment.tzinfo is not None:
        moment = moment.astimezone(UTC)
    return f"{moment.day} {moment:%B %Y, %H:%M} UTC"


def plural(number_of: int, one: str, many: str = "") -> str:
    """A counted noun.

    >>> plural(1, "track"), plural(3, "track")
    ('1 track', '3 tracks')
    """
    return f"{count(number_of)} {one if number_of == 1 else many or one + 's'}"


def listing(words: Sequence[str]) -> str:
    """Words joined as in a sentence.

    >>> listing(["pop", "rock", "dance"])
    'pop, rock and dance'
    """
    if len(words) < 2:  # noqa: PLR2004 - one word needs no comma
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"


def inside(text: str) -> str:
    """A label as it stands inside a sentence; an acronym keeps its capitals.

    >>> inside("New artists"), inside("FMA test part")
    ('new artists', 'FMA test part')
    """
    return text if text[:2].isupper() else text[:1].lower() + text[1:]


def sentence(text: str) -> str:
    """The text with its first letter in upper case, the rest untouched."""
    return text[:1].upper() + text[1:]

"""Format counts, shares, intervals, durations and dates as text.

Conventions: a missing or non-finite number is a dash; spaces inside a number do not break; shares are
fractions of 1.
"""

import math
from collections.abc import Sequence
from datetime import UTC, datetime

DASH = "\N{EN DASH}"
MINUS = "\N{MINUS SIGN}"
THIN = "\N{NARROW NO-BREAK SPACE}"
NO_BREAK = "\N{NO-BREAK SPACE}"
INTERVAL = f"95{THIN}% interval"
NO_INTERVAL = f"no{NO_BREAK}interval: one{NO_BREAK}artist"

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
    """Return the value as a finite float, or None if it is missing, not a number or not finite."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if math.isfinite(value) else None


def text_or_dash(value: object, otherwise: str = DASH) -> str:
    """Return the value as text, or a dash if it is missing or empty.

    >>> text_or_dash("pop"), text_or_dash(0), text_or_dash(None, "unnamed")
    ('pop', '0', 'unnamed')
    """
    return otherwise if value is None or value == "" else str(value)


def count(value: object) -> str:
    """Return a count with separated thousands.

    >>> count(46291)
    '46,291'
    """
    found = number(value)
    return DASH if found is None else f"{found:,.0f}".replace("-", MINUS)


def percent(value: object, digits: int = 1) -> str:
    """Return a share of 1 as a percentage; the space before the sign does not break."""
    found = number(value)
    return DASH if found is None else f"{found * 100:.{digits}f}{THIN}%".replace("-", MINUS)


def points(value: object, digits: int = 1) -> str:
    """Return a difference of two shares in percentage points, always with its sign."""
    found = number(value)
    if found is None:
        return DASH
    return f"{_signed(found * 100, digits)}{THIN}points"


def decimal(value: object, digits: int = 3, *, signed: bool = False) -> str:
    """Return a number with a fixed number of decimals.

    >>> decimal(0.30149)
    '0.301'
    """
    found = number(value)
    if found is None:
        return DASH
    return _signed(found, digits) if signed else _signed(found, digits).lstrip("+")


def _signed(value: float, digits: int) -> str:
    """Return a number with its sign; a number that rounds to 0 has none."""
    rounded = round(value, digits)
    return f"{rounded:+.{digits}f}".replace("-", MINUS) if rounded else f"{0:.{digits}f}"


def share_in_words(share: float) -> str:
    """Return a share as a common fraction in words, or as a percentage if none is near.

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
    """Return a duration as text: `under 0.1 s`, `0.4 s`, `18 s`, `2 min 5 s`, `1 h 4 min`."""
    found = number(value)
    if found is None:
        return DASH
    if 0 <= found < 0.05:  # noqa: PLR2004 - would round to nothing
        return f"under 0.1{THIN}s"
    if found < 10:  # noqa: PLR2004 - below that the tenth matters
        return f"{found:.1f}{THIN}s"
    whole = round(found)
    minutes, rest = divmod(whole, 60)
    if not minutes:
        return f"{rest}{THIN}s"
    hours, minutes = divmod(minutes, 60)
    return f"{hours}{THIN}h {minutes}{THIN}min" if hours else f"{minutes}{THIN}min {rest}{THIN}s"


def when(value: object) -> str:
    """Return an ISO 8601 time as `12 March 2026, 03:14 UTC`; other text is returned unchanged."""
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        return str(value) if value else DASH
    if moment.tzinfo is not None:
        moment = moment.astimezone(UTC)
    return f"{moment.day} {moment:%B %Y, %H:%M} UTC"


def plural(number_of: int, one: str, many: str = "") -> str:
    """Return a number with its noun.

    >>> plural(1, "track"), plural(3, "track")
    ('1 track', '3 tracks')
    """
    return f"{count(number_of)} {one if number_of == 1 else many or one + 's'}"


def times(ratio: float) -> str:
    """Return how many times as many or as often, in words.

    >>> times(14.16), times(4.49)
    ('14 times', '4.5 times')
    """
    return f"{decimal(ratio, 0 if ratio >= 10 else 1)} times"  # noqa: PLR2004 - from ten on, tenths say nothing


def listing(words: Sequence[str]) -> str:
    """Return the words joined as a list in a sentence.

    >>> listing(["pop", "rock", "dance"])
    'pop, rock and dance'
    """
    if len(words) < 2:  # noqa: PLR2004 - one word needs no comma
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"


def inside(text: str) -> str:
    """Return a label with a lower-case first letter for use inside a sentence; acronyms keep their capitals.

    >>> inside("New artists"), inside("FMA test part")
    ('new artists', 'FMA test part')
    """
    return text if text[:2].isupper() else text[:1].lower() + text[1:]


def sentence(text: str) -> str:
    """Return the text with its first letter in upper case."""
    return text[:1].upper() + text[1:]

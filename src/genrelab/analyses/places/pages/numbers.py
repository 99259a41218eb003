"""How a p value and its growth are written."""

import math

from genrelab.evaluation.association import Permuted

SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
SMALLEST = 0.001
"""A smaller p value is written as a power of ten."""
TINY = 1e-300
PRECISE = 0.1


def p_text(p: float) -> str:
    """Return a p value as text.

    >>> p_text(0.545), p_text(0.0123), p_text(1.83e-96), p_text(0.0)
    ('0.55', '0.012', '2 \N{MULTIPLICATION SIGN} 10⁻⁹⁶', 'below 10⁻³⁰⁰')
    """
    if p < TINY:
        return f"below {power(-300)}"
    if p >= SMALLEST:
        return f"{p:.2f}" if p >= PRECISE else f"{p:.3f}"
    exponent = math.floor(math.log10(p))
    digit = round(p / 10**exponent) if exponent > math.log10(TINY) else 1
    return f"{digit} \N{MULTIPLICATION SIGN} {power(exponent)}" if digit < 10 else power(exponent + 1)  # noqa: PLR2004 - rounded up


def power(exponent: int) -> str:
    """Return a power of ten.

    >>> power(-3)
    '10⁻³'
    """
    return f"10{str(exponent).translate(SUPERSCRIPT)}"


def permuted_text(test: Permuted) -> str:
    """Return the p value of a permutation test; the smallest possible one is a bound."""
    return f"at most {p_text(test.p)}" if test.is_smallest else p_text(test.p)


def growth(before: float, after: float) -> str:
    """Return by how much a p value grows, in words.

    >>> growth(1e-96, 0.5), growth(0.02, 0.04), growth(0.5, 0.4)
    ('10⁹⁶ times', '2 times', 'not at all')
    """
    if after <= before:
        return "not at all"
    ratio = math.log10(after) - math.log10(max(before, TINY))
    more = "more than " if before < TINY else ""
    return f"{more}{power(round(ratio))} times" if ratio >= 3 else f"{more}{10**ratio:,.0f} times"  # noqa: PLR2004 - a thousand

"""Bit rates: constant ones, which are those of MP3's tables, and variable ones, which are averages of a file.

Source: ISO/IEC 11172-3 (MPEG-1) and 13818-3 (MPEG-2), layer III.
"""

CONSTANT = (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 192, 224, 256, 320)
"""Bit rates of layer III in thousands of bits per second."""
UNKNOWN = "-1"
VARIABLE = "variable"
LOW = "below 128 kbps"
LOWEST = 128


def bit_rate_of(text: str) -> str | None:
    """Return the kind of a bit rate, written in bits per second; None for FMA's -1 and for 0.

    >>> bit_rate_of("320000"), bit_rate_of("319771"), bit_rate_of("64000"), bit_rate_of("-1")
    ('320 kbps', 'variable', 'below 128 kbps', None)
    """
    rate = int(text)
    if rate <= 0:
        return None
    thousands, rest = divmod(rate, 1000)
    if rest or thousands not in CONSTANT:
        return VARIABLE
    return LOW if thousands < LOWEST else f"{thousands} kbps"

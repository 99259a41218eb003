"""Families of licences: what a listener or a maker of films may do with a track, whatever version and country.

A rule table: the first family whose pattern is found in the title of a licence has it. Each line carries titles of
the FMA that prove it; a test walks the table and fails where an earlier rule takes one of them. What no rule knows is
`OTHER`, and is listed.

Source of the abbreviations: creativecommons.org/licenses. "Music Sharing" is the name that Creative Commons gave to
Attribution-NonCommercial-NoDerivatives for music.
"""

import re
from functools import cache
from typing import NamedTuple

OTHER = "other"

_NC, _ND, _SA = "non-? ?commercial", "no-? ?deriv", "share ?-? ?alike"


class Family(NamedTuple):
    """One family.

    Args:
        name: Its name.
        pattern: Regular expression on the title in small letters.
        meaning: What it allows, in a clause.
        titles: Titles that prove it.
    """

    name: str
    pattern: str
    meaning: str
    titles: tuple[str, ...]


FAMILIES = (
    Family(
        "Public domain",
        r"\bcc0\b|public domain",
        "no rights are reserved",
        ("CC0 1.0 Universal", "Public Domain Mark 1.0", "Creative Commons Public Domain"),
    ),
    Family(
        "Sampling",
        "sampling",
        "parts may be reused, the whole only shared",
        ("Sampling Plus", "Noncommercial Sampling Plus"),
    ),
    Family(
        "BY-NC-ND",
        rf"({_NC}.*{_ND})|music sharing",
        "sharing unchanged, without payment",
        (
            "Attribution-Noncommercial-No Derivative Works 3.0 United States",
            "Attribution-NonCommercial-NoDerivatives (aka Music Sharing) 3.0 International",
            "Creative Commons Attribution-NonCommercial-NoDerivatives 4.0",
            "Attribution-NonCommercial-NoDerivs 3.0 Italy",
            "Music Sharing",
        ),
    ),
    Family(
        "BY-NC-SA",
        rf"{_NC}.*{_SA}",
        "sharing and changing without payment, under the same licence",
        (
            "Attribution-Noncommercial-Share Alike 3.0 United States",
            "Attribution-NonCommercial-ShareAlike",
            "Attribution-NonCommercial-ShareAlike 3.0 (Will Not Appear in Vimeo Music Store)",
        ),
    ),
    Family(
        "BY-NC",
        rf"attribution.*{_NC}",
        "sharing and changing without payment",
        ("Attribution-NonCommercial", "Attribution-Noncommercial 2.1 Japan"),
    ),
    Family(
        "BY-ND",
        rf"attribution.*{_ND}",
        "sharing unchanged",
        (
            "Attribution-NoDerivatives 4.0 International",
            "Attribution-No Derivative Works 3.0 United States",
            "Attribution-NoDerivs 2.5 Canada",
        ),
    ),
    Family(
        "BY-SA",
        rf"attribution.*{_SA}",
        "sharing and changing, under the same licence",
        ("Attribution-ShareAlike 3.0 International", "Attribution-Share Alike 3.0 Germany"),
    ),
    Family(
        "BY",
        "attribution",
        "sharing and changing, with the artist's name",
        ("Attribution", "Creative Commons Attribution", "Attribution 3.0 Netherlands"),
    ),
    Family(
        "FMA-Limited",
        "fma-? ?limited",
        "download from the FMA only",
        ("FMA-Limited: Download Only",),
    ),
    Family(
        "Free Art",
        r"free art|art libre|gnu|\bgpl\b|copyleft",
        "sharing and changing, under the same licence",
        ("Free Art License", "Licence Art Libre"),
    ),
    Family(
        "All rights reserved",
        "all rights reserved|orphan|common law",
        "listening",
        ("All Rights Reserved", "Orphan Work", "Sound Recording Common Law Protection"),
    ),
)
"""The families, in the order in which they are tried."""


@cache
def family_of(title: str) -> str | None:
    """Return the family of a licence by its title, `OTHER` if no rule knows it, None for a blank one.

    >>> family_of("Attribution-Noncommercial-Share Alike 2.0 UK: England")
    'BY-NC-SA'
    """
    text = " ".join(title.lower().split())
    if not text:
        return None
    return next((one.name for one in FAMILIES if re.search(one.pattern, text)), OTHER)

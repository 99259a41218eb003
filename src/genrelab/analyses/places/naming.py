"""Countries that a text about a place names: `Portland, OR`, `Colchester England`, `Utrecht, The Netherlands`.

Conventions: a text may name several countries, because names are ambiguous (`Georgia`; `CA` is California and Canada):
all of them are returned, so that a contradiction is found only where none fits.
"""

import re
from functools import cache

from genrelab.sources.atlas.areas import UNITED_STATES, load_countries, load_states

OTHER_NAMES = {
    "america": "US",
    "u.s.": "US",
    "u.s.a.": "US",
    "united states of america": "US",
    "us": "US",
    "usa": "US",
    "britain": "GB",
    "england": "GB",
    "northern ireland": "GB",
    "scotland": "GB",
    "u.k.": "GB",
    "uk": "GB",
    "wales": "GB",
    "belgique": "BE",
    "bosnia": "BA",
    "brasil": "BR",
    "czech republic": "CZ",
    "danmark": "DK",
    "deutschland": "DE",
    "españa": "ES",
    "holland": "NL",
    "italia": "IT",
    "korea": "KR",
    "macedonia": "MK",
    "méxico": "MX",
    "norge": "NO",
    "palestine": "PS",
    "perú": "PE",
    "polska": "PL",
    "schweiz": "CH",
    "suisse": "CH",
    "suomi": "FI",
    "sverige": "SE",
    "österreich": "AT",
}
"""Names of countries that the atlas does not have, in lower case."""
STATE_CODES = (
    "AL AK AZ AR CA CO CT DC DE FL GA HI IA ID IL IN KS KY LA MA MD ME MI MN MO MS MT NC ND NE NH NJ NM NV NY OH OK OR "
    "PA RI SC SD TN TX UT VA VT WA WI WV WY"
)
"""Postal codes of the US states."""

CODE = re.compile(r",\s*([A-Z]{2})\b")


@cache
def _names() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {name: {code} for name, code in OTHER_NAMES.items()}
    for area in load_countries():
        found.setdefault(area.name.lower(), set()).add(area.code)
    for area in load_states():
        found.setdefault(area.name.lower(), set()).add(UNITED_STATES)
    return {name: frozenset(codes) for name, codes in found.items()}


@cache
def _pattern() -> re.Pattern[str]:
    longest_first = sorted(_names(), key=lambda name: (-len(name), name))  # New Jersey before Jersey
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)")


def countries_named(text: str) -> frozenset[str]:
    """Return the ISO 3166 codes of the countries that a text names, US states included.

    >>> sorted(countries_named("Newark, New Jersey")), sorted(countries_named("Ontario, CA"))
    (['US'], ['CA', 'US'])
    """
    found: set[str] = set()
    for name in _pattern().findall(text.lower()):
        found |= _names()[name]
    known = {area.code for area in load_countries()}
    for code in CODE.findall(text):
        found |= ({code} & known) | ({UNITED_STATES} if code in STATE_CODES.split() else set())
    return frozenset(found)

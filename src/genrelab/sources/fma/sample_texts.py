"""What the sample's artists write of themselves, and what they leave blank.

Conventions: blanks belong to the artist, as in the FMA: one draw says how much an artist cares for their page, and most
fields follow it, so that the same artists lack many of them. Shares are near those of the real archive; labels,
engineers and towns are invented. Everything is drawn from a generator of its own, so that all other values of the
sample stay what they are without it.

Places do not belong here but in `genrelab.sources.fma.sample_places`.
"""

import random
from collections.abc import Mapping

Cells = dict[str, object]

GIVEN = {
    "album_date_released": 0.66,
    "album_engineer": 0.14,
    "album_information": 0.78,
    "album_producer": 0.17,
    "artist_active_year_begin": 0.21,
    "artist_active_year_end": 0.05,
    "artist_associated_labels": 0.13,
    "artist_bio": 0.67,
    "artist_members": 0.44,
    "artist_related_projects": 0.12,
    "artist_website": 0.74,
    "artist_wikipedia_page": 0.05,
    "track_composer": 0.04,
    "track_date_recorded": 0.06,
    "track_language_code": 0.3,
    "track_lyricist": 0.01,
    "track_publisher": 0.02,
}
"""Share of the artists who fill in a field; languages are more frequent than in the FMA, so that there are enough."""

CARE = 0.6
"""Share of the fields in which an artist does what they do in others."""
LANGUAGES = {"en": 90, "es": 3, "fr": 3, "de": 1, "pt": 1, "ru": 1, "it": 1, "xx": 3}
"""Weights of the languages; `xx` is no code of ISO 639-1, as some of the FMA's may be."""
LICENCES = {
    "Attribution-NonCommercial-NoDerivatives (aka Music Sharing) 3.0 International": 45,
    "Attribution-Noncommercial-Share Alike 3.0 United States": 30,
    "Attribution": 6,
    "Attribution-NonCommercial": 5,
    "Attribution-ShareAlike 3.0 International": 5,
    "FMA-Limited: Download Only": 3,
    "Attribution-NoDerivatives 4.0 International": 2,
    "CC0 1.0 Universal": 2,
    "All Rights Reserved": 1,
    "Ask the band": 1,
}
"""Weights of the licences; the last one is of no family."""
WORDS = ("Lantern", "Gravel", "Harbour", "Copper", "Meadow", "Static", "Velvet", "North")
HISTORIC = "Old-Time / Historic"


def artist_texts(seed: int, number: int, name: str, genre: str, cells: Mapping[str, object]) -> Cells:
    """Return the texts, dates and licence that all tracks of an artist share; None where the artist leaves a blank.

    Args:
        seed: Seed of the sample.
        number: Id of the artist.
        name: Name of the artist.
        genre: Top genre of the artist.
        cells: The other cells of the artist, whose release date and text of the album may be blanked.
    """
    draw = random.Random(f"{seed}-{number}")  # noqa: S311 - a sample, not a secret
    care = draw.random()
    is_given = {
        field: (care if draw.random() < CARE else draw.random()) < share for field, share in GIVEN.items()
    }
    word, other = draw.sample(WORDS, 2)
    begin = draw.randint(1975, 2012)
    first = draw.randint(1892, 1930) if genre == HISTORIC else draw.randint(begin, 2016)
    texts: Cells = {
        "album_date_released": cells["album_date_released"],
        "album_engineer": f"{word} Room",
        "album_information": cells["album_information"],
        "album_producer": f"{name} and {other} Room",
        "artist_active_year_begin": f"{begin}-01-01 00:00:00",
        "artist_active_year_end": f"{min(begin + draw.randint(1, 12), 2016)}-01-01 00:00:00",
        "artist_associated_labels": draw.choice((f"{word} Records", f"{word} Records, {other} Tapes")),
        "artist_bio": f"<p>{name} play {genre}.</p>",
        "artist_members": draw.choice((f"{word}, {other}", word)),
        "artist_related_projects": f"The {other}s",
        "artist_website": f"https://{word.lower()}{number}.example",
        "artist_wikipedia_page": f"https://en.wikipedia.org/wiki/{word}_{number}",
        "track_composer": name,
        "track_date_recorded": f"{first}-{draw.randint(1, 12):02d}-01 00:00:00",
        "track_language_code": draw.choices(list(LANGUAGES), list(LANGUAGES.values()))[0],
        "track_lyricist": name,
        "track_publisher": f"{word} Music",
    }
    kept = {field: texts[field] if is_given[field] else None for field in GIVEN}
    return kept | {
        "track_license": draw.choices(list(LICENCES), list(LICENCES.values()))[0],
    }

"""Ids of artists and tracks that have none: made from their names.

Conventions: `name:` and the name in small letters. Some names stand for nobody in particular; an id made from one of
them connects nothing. An artist whom Spotify has under such a name keeps the Spotify id.
"""

NAME = "name:"
"""Prefix of the ids that are made from names."""

NOBODY = frozenset(
    {
        *(
            "various artists",
            "various",
            "various artist",
            "va",
            "v.a.",
            "[various artists]",
            "verschiedene interpreten",
        ),
        *(
            "unknown",
            "unknown artist",
            "<unknown>",
            "[unknown]",
            "[no artist]",
            "untitled",
            "anonymous",
            "traditional",
        ),
        *("na", "n/a", "#n/a", "nan", "none", "null", "nil", "<na>", "-", "--", "?", "missing", r"\n"),
    }
)
"""Names, folded, that stand for many artists or for none."""


def stands_for_nobody(name: str) -> bool:
    """Whether a folded name identifies no artist.

    >>> stands_for_nobody("various artists"), stands_for_nobody("the various")
    (True, False)
    """
    return not name or name in NOBODY

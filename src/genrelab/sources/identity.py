"""Ids from names, for artists and tracks without an id.

Conventions: an id is `name:` and the name in lower case. Some names do not identify an artist; an id made from such a
name connects no rows. An artist that has a Spotify id keeps it, whatever its name.
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

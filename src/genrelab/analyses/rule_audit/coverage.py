"""Coverage by source of the micro-genres: artists, tracks and tracks with a genre.

Conventions: an origin is a value of `genres_source`; tracks whose artist has no genre from any source are under None,
the last. Rows that have genres and no origin are of tables from before the column.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from genrelab.analyses.rule_audit.result import OriginCoverage
from genrelab.analyses.rule_audit.tables import Section, section
from genrelab.rules.engine import bin_tracks
from genrelab.rules.model import RuleSet
from genrelab.sources.codes import shared_texts
from genrelab.tables.spotify import GENRE_SOURCES

COLUMNS = ("artist_id", "genres", "genres_source")
TITLES = {
    "pulls": "earlier pulls",
    "spotify": "Spotify",
    "musicbrainz": "MusicBrainz",
    "lastfm": "Last.fm",
    "sample": "sample data",
    None: "nobody",
}
"""Display names of the origins."""
LICENCES = {
    "musicbrainz": "genres from MusicBrainz are under CC BY-NC-SA 3.0",
    "lastfm": "genres from Last.fm may not be used commercially",
}
"""What holds for genres of an origin beyond the terms of the table."""


def coverage_by_origin(tracks: pa.Table, rule_sets: Mapping[str, RuleSet]) -> tuple[OriginCoverage, ...]:
    """Coverage of the rule sets by who named the genres, for each origin that occurs.

    Args:
        tracks: Rows with `COLUMNS`.
        rule_sets: By name.
    """
    binned = {
        name: np.asarray(bin_tracks(tracks["genres"], rules).bins.is_valid())
        for name, rules in rule_sets.items()
    }
    sources = shared_texts(tracks["genres_source"])
    found = []
    for origin in (*GENRE_SOURCES, None):
        rows = np.array([source == origin for source in sources], dtype=bool)
        if rows.any():
            artists = pc.count_distinct(tracks["artist_id"].filter(pa.array(rows))).as_py()
            by_set = {name: int((each & rows).sum()) for name, each in binned.items()}
            found.append(OriginCoverage(origin, artists, int(rows.sum()), by_set))
    return tuple(found)


def licences(origins: Iterable[str | None]) -> str:
    """What holds for the genres of these origins, in words; empty where nothing does."""
    return "; ".join(LICENCES[each] for each in origins if each in LICENCES)


def origin_section(origins: Sequence[OriginCoverage]) -> Section:
    """The same as a table."""
    said = licences(each.origin for each in origins)
    return section(
        "Who named the genres: artists, tracks, and the share of them with a bin"
        + (f" ({said})" if said else ""),
        origins,
        ("genres from", lambda each: TITLES[each.origin]),
        ("# artists", lambda each: f"{each.artists:,}"),
        ("# tracks", lambda each: f"{each.tracks:,}"),
        *(_binned_by(name) for name in (origins[0].binned if origins else ())),
    )


def _binned_by(name: str) -> tuple[str, Callable[[OriginCoverage], str]]:
    return f"# by {name}", lambda each: f"{each.binned[name] / each.tracks:.1%}"

"""Coverage by source of the micro-genres: artists, tracks and tracks with a genre.

Conventions: an origin is a value of `genres_source`; tracks whose artist has no genre from any source are under None,
the last. Rows that have genres and no origin are of tables from before the column.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np

from genrelab.analyses.rule_audit.result import OriginCoverage
from genrelab.analyses.rule_audit.tables import Section, section
from genrelab.lake.stored_rows import Rows, batches_of
from genrelab.rules.engine import Binner
from genrelab.rules.model import RuleSet
from genrelab.sources.codes import row_hashes, shared_texts
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


def coverage_by_origin(tracks: Rows, rule_sets: Mapping[str, RuleSet]) -> tuple[OriginCoverage, ...]:
    """Coverage of the rule sets by who named the genres, for each origin that occurs.

    Args:
        tracks: Rows with `COLUMNS`; they are read in batches, and artists are counted by their hashes.
        rule_sets: By name.
    """
    binners = {name: Binner(rules) for name, rules in rule_sets.items()}
    sizes: Counter[str | None] = Counter()
    binned: Counter[tuple[str | None, str]] = Counter()
    artists = {origin: [np.empty(0, np.uint64)] for origin in (*GENRE_SOURCES, None)}
    for batch in batches_of(tracks, COLUMNS):
        has_bin = {
            name: np.asarray(one.bin(batch["genres"]).bins.is_valid()) for name, one in binners.items()
        }
        hashes, sources = row_hashes(batch, ["artist_id"]), shared_texts(batch["genres_source"])
        for origin, seen in artists.items():
            rows = sources == origin
            sizes[origin] += int(rows.sum())
            binned.update({(origin, name): int((each & rows).sum()) for name, each in has_bin.items()})
            seen.append(np.unique(hashes[rows]))
    return tuple(
        OriginCoverage(
            origin,
            len(np.unique(np.concatenate(seen))),
            sizes[origin],
            {name: binned[origin, name] for name in rule_sets},
        )
        for origin, seen in artists.items()
        if sizes[origin]
    )


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

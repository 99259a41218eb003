"""FMA's genres under the rules that bin Spotify's micro-genres, so that the two sources can be compared.

Conventions: a title stands for a micro-genre, and the titles that an artist gave a track are its list. A genre
inherits nothing from the genres above it: what its own title does not say, the rules do not hear.
"""

from collections.abc import Mapping

import pyarrow as pa

from genrelab.analyses.rule_audit.audit import Lists
from genrelab.analyses.rule_audit.result import BinCount, FmaBins, FmaGenre, FmaSet
from genrelab.rules.engine import bin_tracks
from genrelab.rules.model import RuleSet
from genrelab.sources.codes import counts_of


def bin_fma(genres: pa.Table, titles_of_tracks: Lists, rule_sets: Mapping[str, RuleSet]) -> FmaBins:
    """Bin the genres and the tracks of the Free Music Archive.

    Args:
        genres: `title`, `top_level_title`, `track_count`, one row per genre.
        titles_of_tracks: Titles of each track's genres; missing where the archive named none.
        rule_sets: The rule sets by name.
    """
    titles = genres["title"].to_pylist()
    alone = pa.array([[title] for title in titles], pa.list_(pa.string()))
    bins = {name: bin_tracks(alone, rules).bins.to_pylist() for name, rules in rule_sets.items()}
    columns = (titles, genres["top_level_title"].to_pylist(), genres["track_count"].to_pylist())
    rows = [
        FmaGenre(title, top, tracks, {name: found[place] for name, found in bins.items()})
        for place, (title, top, tracks) in enumerate(zip(*columns, strict=True))
    ]
    sets = {}
    for name, rules in rule_sets.items():
        binned = bin_tracks(titles_of_tracks, rules)
        counted = counts_of(binned.bins)
        sets[name] = FmaSet(
            genres_binned=sum(found is not None for found in bins[name]),
            tracks=len(binned.bins),
            tracks_binned=binned.counts["binned"],
            bins=tuple(BinCount(bin_, counted.get(bin_, 0)) for bin_ in [*rules.bins, None]),
        )
    return FmaBins(tuple(sorted(rows, key=lambda row: (-(row.tracks or 0), str(row.genre)))), sets)

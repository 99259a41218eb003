"""Tracks of each source, counted."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

import pyarrow as pa

from genrelab.analyses.class_balance.result import (
    BinnedTracks,
    BinTracks,
    FmaGenres,
    MicroGenreTracks,
    OriginTracks,
    TopGenre,
)
from genrelab.rules.engine import Binned

MOST_MICRO_GENRES, MOST_GENRES = 40, 20
"""How many are listed."""


def count_binned(tracks: pa.Table, found: Mapping[str, Binned], active: str) -> BinnedTracks:
    """Tracks in the target genres.

    Args:
        tracks: With the column `genres`.
        found: The tracks under each rule set.
        active: Name of the rule set that decides.
    """
    by_rule_set = {name: _by_bin(each.bins) for name, each in found.items()}
    genres, bins = tracks["genres"].to_pylist(), found[active].bins.to_pylist()
    binned = sum(by_rule_set[active].values())
    return BinnedTracks(
        rule_set=active,
        tracks=len(tracks),
        binned=binned,
        unmatched=len(tracks) - binned,
        micro_genres=len(set().union(*genres)),
        bins=tuple(
            BinTracks(name, count, round(count / binned, 4)) for name, count in by_rule_set[active].items()
        ),
        top_micro_genres=_top(pair for pair in zip(genres, bins, strict=True) if pair[1]),
        top_unmatched=_top(pair for pair in zip(genres, bins, strict=True) if not pair[1]),
        counts=found[active].counts,
        coverage={name: each.counts["binned"] / max(len(tracks), 1) for name, each in found.items()},
        by_rule_set=by_rule_set,
    )


def _by_bin(bins: pa.Array) -> dict[str, int]:
    """Tracks in each bin, most first."""
    counted = bins.drop_null().value_counts().to_pylist()
    return {row["values"]: row["counts"] for row in sorted(counted, key=lambda row: -row["counts"])}


def _top(tracks_of: Iterable[tuple[list[str], str | None]]) -> tuple[MicroGenreTracks, ...]:
    """The micro-genres of most tracks, with the bin that most of those tracks are in; from those of each track."""
    tracks: Counter[str] = Counter()
    bins_of: dict[str, Counter[str | None]] = defaultdict(Counter)
    for carried, found in tracks_of:
        for genre in carried:
            tracks[genre] += 1
            bins_of[genre][found] += 1
    return tuple(
        MicroGenreTracks(name, count, bins_of[name].most_common(1)[0][0])
        for name, count in tracks.most_common(MOST_MICRO_GENRES)
    )


def count_fma(tracks: pa.Table) -> FmaGenres:
    """Tracks of the FMA, from the columns `split`, `subset` and `genre_top`."""
    genres = Counter(tracks["genre_top"].drop_null().to_pylist())
    subsets = Counter(tracks["subset"].to_pylist())
    return FmaGenres(
        tracks=len(tracks),
        with_top_genre=genres.total(),
        splits=dict(Counter(tracks["split"].to_pylist())),
        subsets={
            "small": subsets["small"],
            "medium": subsets["small"] + subsets["medium"],
            "large": len(tracks),
        },
        top_genres=tuple(TopGenre(genre, count) for genre, count in genres.most_common(MOST_GENRES)),
    )


def count_origin(tracks: pa.Table) -> OriginTracks:
    """Tracks of the geographical-origin data, from all its columns."""
    features = [name for name in tracks.column_names if name.startswith("feature_")]
    places = set(zip(tracks["latitude"].to_pylist(), tracks["longitude"].to_pylist(), strict=True))
    return OriginTracks(
        tracks=len(tracks),
        places=len(places),
        features=sum(tracks[name].null_count < len(tracks) for name in features),
    )

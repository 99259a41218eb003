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
from genrelab.sources.codes import counts_of

MOST_MICRO_GENRES, MOST_GENRES = 40, 20
"""How many are listed."""


class BinCounter:
    """Counts tracks in the target genres, in batches.

    Args:
        active: Name of the rule set that decides.
    """

    def __init__(self, active: str) -> None:
        self.active = active
        self._by_bin: dict[str, Counter[str]] = defaultdict(Counter)
        self._carried = {True: _MicroGenres(), False: _MicroGenres()}

    def add(self, genres: pa.ChunkedArray, found: Mapping[str, Binned]) -> None:
        """Add tracks.

        Args:
            genres: Their micro-genres.
            found: The tracks under each rule set.
        """
        for name, each in found.items():
            self._by_bin[name].update(counts_of(each.bins.drop_null()))
        for carried, of_track in zip(genres.to_pylist(), found[self.active].bins.to_pylist(), strict=True):
            self._carried[bool(of_track)].add(carried, of_track)

    def counted(self, counts: Mapping[str, Mapping[str, int]]) -> BinnedTracks:
        """Return the counts of all tracks.

        Args:
            counts: What each rule set counted (`Binned.counts`).
        """
        by_rule_set = {
            name: dict(sorted(self._by_bin[name].items(), key=lambda pair: -pair[1])) for name in counts
        }
        tracks, binned = counts[self.active]["tracks"], sum(by_rule_set[self.active].values())
        return BinnedTracks(
            rule_set=self.active,
            tracks=tracks,
            binned=binned,
            unmatched=tracks - binned,
            micro_genres=len(self._carried[True].tracks | self._carried[False].tracks),
            bins=tuple(
                BinTracks(name, count, round(count / binned, 4))
                for name, count in by_rule_set[self.active].items()
            ),
            top_micro_genres=self._carried[True].most_common(),
            top_unmatched=self._carried[False].most_common(),
            counts=counts[self.active],
            coverage={name: each["binned"] / max(tracks, 1) for name, each in counts.items()},
            by_rule_set=by_rule_set,
        )


class _MicroGenres:
    """Tracks of each micro-genre, and the bins that they are in."""

    def __init__(self) -> None:
        self.tracks: Counter[str] = Counter()
        self._bins_of: dict[str, Counter[str | None]] = defaultdict(Counter)

    def add(self, carried: Iterable[str], found: str | None) -> None:
        for genre in carried:
            self.tracks[genre] += 1
            self._bins_of[genre][found] += 1

    def most_common(self) -> tuple[MicroGenreTracks, ...]:
        """The micro-genres of most tracks, with the bin that most of those tracks are in."""
        return tuple(
            MicroGenreTracks(name, count, self._bins_of[name].most_common(1)[0][0])
            for name, count in self.tracks.most_common(MOST_MICRO_GENRES)
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

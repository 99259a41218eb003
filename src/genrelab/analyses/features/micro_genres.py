"""Micro-genres: how many a track carries, and which are common or rare."""

from collections import Counter
from collections.abc import Iterable, Sequence

from genrelab.analyses.features.result import Carried, MicroGenre, MicroGenres

TOP = 20
RARE = 20
MANY = 12
"""Tracks with this many micro-genres or more are counted together."""


def count_micro_genres(lists: Iterable[Sequence[str | None] | None]) -> MicroGenres:
    """Micro-genres of tracks, counted.

    Args:
        lists: The micro-genres of each track; None or empty where it has none. One without a name is not counted.
    """
    sizes: Counter[int] = Counter()
    tracks: Counter[str] = Counter()
    for given in lists:
        names = [name for name in given or () if name is not None]
        sizes[len(names)] += 1
        tracks.update(set(names))
    many = min(MANY, max(sizes, default=0))
    per_track = tuple(
        Carried(size, sum(found for one, found in sizes.items() if min(one, many) == size))
        for size in range(many + 1)
    )
    ordered = sorted(tracks.items(), key=lambda item: (-item[1], item[0]))
    rare = sorted(tracks.items(), key=lambda item: (item[1], item[0]))[:RARE]
    return MicroGenres(
        tracks=sizes.total(),
        distinct=len(tracks),
        per_track=per_track,
        many=many,
        most=max(sizes, default=0),
        top=tuple(MicroGenre(name, count) for name, count in ordered[:TOP]),
        bottom=tuple(MicroGenre(name, count) for name, count in rare),
        once=sum(count == 1 for count in tracks.values()),
    )

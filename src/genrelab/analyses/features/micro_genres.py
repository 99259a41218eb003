"""Micro-genres: how many a track carries, and which are common or rare."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

TOP = 20
RARE = 20
MANY = 12
"""Tracks with this many micro-genres or more are counted together."""


def count_micro_genres(lists: Iterable[Sequence[str | None] | None]) -> dict[str, Any]:
    """Micro-genres of tracks, counted.

    Args:
        lists: The micro-genres of each track; None or empty where it has none. One without a name is not counted.

    Returns:
        `tracks`, `distinct`; `per_track`: tracks by how many micro-genres they carry (`micro_genres`, `tracks`),
        from 0 to `many`, the last entry counting all with `many` or more; `most`, the largest number; `top` and
        `bottom`: the commonest and the rarest micro-genres (`micro_genre`, `tracks`), the bottom by name; `once`:
        how many occur on one track only.
    """
    found = [tuple(name for name in given or () if name is not None) for given in lists]
    sizes = Counter(len(given) for given in found)
    tracks = Counter(name for given in found for name in set(given))
    many = min(MANY, max(sizes, default=0))
    per_track = [
        {"micro_genres": size, "tracks": sum(found for one, found in sizes.items() if min(one, many) == size)}
        for size in range(many + 1)
    ]
    ordered = sorted(tracks.items(), key=lambda item: (-item[1], item[0]))
    rare = sorted(tracks.items(), key=lambda item: (item[1], item[0]))[:RARE]
    return {
        "tracks": len(found),
        "distinct": len(tracks),
        "per_track": per_track,
        "many": many,
        "most": max(sizes, default=0),
        "top": [{"micro_genre": name, "tracks": count} for name, count in ordered[:TOP]],
        "bottom": [{"micro_genre": name, "tracks": count} for name, count in rare],
        "once": sum(count == 1 for count in tracks.values()),
    }

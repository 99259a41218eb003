"""Columns whose values are kinds: languages, families of licences, bit rates.

A share over tracks and a share over artists answer two questions: what one hears, and who is there. An artist with 500
tracks decides the first.
"""

from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from genrelab.analyses.archive.result import GenreKinds, Kind, Kinds
from genrelab.analyses.missing_values.shares import once, share_of
from genrelab.evaluation.sampling import artist_numbers

ObjectArray = npt.NDArray[np.object_]
IntArray = npt.NDArray[np.int64]

FEWEST_TRACKS = 10
"""Tracks that a genre needs to be described."""
MOST_ODD = 20
MOST_KINDS = 15
REST = "all others"


def describe_kinds(
    column: str,
    values: ObjectArray,
    artists: IntArray,
    genres: ObjectArray,
    kind_of: Callable[[str], str | None],
    *,
    most: int = MOST_KINDS,
    other: str = "",
) -> Kinds:
    """Describe a column.

    Args:
        column: Its name.
        values: Text of each track, None where missing, shape (tracks,).
        artists: Artist of each track.
        genres: Top genre of each track, None without one.
        kind_of: The kind of a value; None if no kind knows it.
        most: Kinds that are described; the others together are `REST`.
        other: Name of the kind whose values are listed as odd; empty if they have no kind.
    """
    texts = Counter(value for value in values.tolist() if value is not None)
    kinds_by_text = {text: kind_of(text) for text in texts}
    odd = Counter({text: n for text, n in texts.items() if kinds_by_text[text] in (None, other or None)})
    kinds = np.array([None if one is None else kinds_by_text[one] for one in values.tolist()], dtype=object)
    known = np.flatnonzero([kind is not None for kind in kinds])
    names = [name for name, _ in sorted(Counter(kinds[known].tolist()).items(), key=lambda c: (-c[1], c[0]))]
    if len(names) > most:
        kept = set(names[: most - 1])
        kinds[known] = [kind if kind in kept else REST for kind in kinds[known]]
        names = [*names[: most - 1], REST]
    codes = np.array([names.index(kind) for kind in kinds[known]], dtype=np.int64)
    people, of_genre = artist_numbers(artists[known]), named(genres[known])
    return Kinds(
        column=column,
        tracks=len(known),
        missing=int(sum(value is None for value in values.tolist())),
        artists=int(people.max(initial=-1)) + 1,
        kinds=tuple(_kind(name, codes == code, people) for code, name in enumerate(names)),
        genres=tuple(_of_genre(genre, codes, people, of_genre, len(names)) for genre in in_order(of_genre)),
        odd=tuple(sorted(odd.items(), key=lambda one: (-one[1], one[0]))[:MOST_ODD]),
    )


def in_order(genres: ObjectArray, fewest: int = FEWEST_TRACKS) -> Sequence[str]:
    """Return the genres with enough tracks, the most tracks first; the empty name for none is the last."""
    counts = Counter(genre or "" for genre in genres.tolist())
    found = [name for name, tracks in counts.items() if tracks >= fewest]
    return sorted(found, key=lambda name: (not name, -counts[name], name))


def _kind(name: str, is_it: npt.NDArray[np.bool_], artists: IntArray) -> Kind:
    return Kind(
        name,
        int(is_it.sum()),
        len(np.unique(artists[is_it])),
        share_of(is_it, artists),
        float(is_it @ once(artists)),
    )


def _of_genre(genre: str, codes: IntArray, artists: IntArray, genres: ObjectArray, kinds: int) -> GenreKinds:
    rows = np.flatnonzero(genres == genre)
    weights = np.bincount(codes[rows], weights=once(artists[rows]), minlength=kinds)
    return GenreKinds(
        genre,
        len(rows),
        len(np.unique(artists[rows])),
        tuple(np.bincount(codes[rows], minlength=kinds).tolist()),
        tuple(weights.tolist()),
    )


def named(genres: ObjectArray) -> ObjectArray:
    """Return the genre of each track, the empty name for none."""
    return np.array([genre or "" for genre in genres], dtype=object)

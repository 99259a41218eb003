"""Labels that artists name, from a field that they fill in as they like.

A field may name several labels, separated by commas, semicolons, slashes with blanks or line breaks, and contain HTML.
Words that say that there is none are no label.
"""

import html
import re
from collections import Counter, defaultdict

import numpy as np
import numpy.typing as npt

from genrelab.analyses.archive.result import Label, Labels

TAG = re.compile(r"<[^>]*>")
BETWEEN = re.compile(r"[,;\n]|\s/\s")
NONE = {"", "none", "n/a", "no", "-", "na", "unsigned", "self-released", "self released"}
TOP = 15


def labels_in(text: str) -> tuple[str, ...]:
    """Return the labels that a field names, each once.

    >>> labels_in('Goner, <a href="http://x">4AD</a>')
    ('Goner', '4AD')
    """
    parts = (" ".join(part.split()) for part in BETWEEN.split(html.unescape(TAG.sub(" ", text))))
    found = {part.casefold(): part for part in parts if part.casefold() not in NONE}
    return tuple(found.values())


def describe_labels(fields: npt.NDArray[np.object_], artists: npt.NDArray[np.int64]) -> Labels:
    """Describe the labels.

    Args:
        fields: Text of each track's artist, None where missing, shape (tracks,).
        artists: Artist of each track.
    """
    named = {text: labels_in(text) for text in set(fields.tolist()) if text is not None}
    people: dict[str, set[int]] = defaultdict(set)
    tracks: Counter[str] = Counter()
    spelled: dict[str, Counter[str]] = defaultdict(Counter)
    per_artist: dict[int, set[str]] = defaultdict(set)
    with_any = 0
    for text, artist in zip(fields.tolist(), artists.tolist(), strict=True):
        labels = named.get(text, ())
        with_any += bool(labels)
        for label in labels:
            key = label.casefold()
            people[key].add(artist)
            tracks[key] += 1
            spelled[key][label] += 1
            per_artist[artist].add(key)
    order = sorted(people, key=lambda key: (-len(people[key]), -tracks[key], key))
    return Labels(
        tracks=with_any,
        missing=len(fields) - with_any,
        artists=len(per_artist),
        several=sum(len(keys) > 1 for keys in per_artist.values()),
        distinct=len(people),
        top=tuple(
            Label(spelled[key].most_common(1)[0][0], len(people[key]), tracks[key]) for key in order[:TOP]
        ),
    )

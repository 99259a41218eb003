"""What is clustered on: the capstone project's three feature sets, as they are and scaled.

A collection that lacks features has fewer sets: what would be the same set twice is there once. How a set is
clustered does not belong here.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from genrelab.tables.fma import ECHONEST_AUDIO
from genrelab.tables.spotify import MODEL_FEATURES

NOT_ZERO_TO_ONE = ("tempo", "loudness", "mode", "time_signature")
"""What the capstone project leaves out to keep the features that run from 0 to 1; mode, 0 or 1, is out as well."""


@dataclass(frozen=True)
class FeatureSet:
    """Features to cluster on.

    Args:
        name: Name in runs.
        title: Name that people read.
        features: Columns.
        is_scaled: Whether each is brought to mean 0 and variance 1 first.
        why: Why it is here.
        document_accuracy: What the capstone project's forest reached on its clusters; None where it had no such set.
    """

    name: str
    title: str
    features: tuple[str, ...]
    is_scaled: bool
    why: str
    document_accuracy: float | None = None


_DOCUMENT = (
    ("all", "All features", (), 0.980, "The document's first: tempo has the widest numbers."),
    (
        "no-tempo",
        "No tempo",
        ("tempo",),
        0.994,
        "The capstone project's second: loudness has the widest numbers.",
    ),
    (
        "zero-to-one",
        "0 to 1 only",
        NOT_ZERO_TO_ONE,
        0.959,
        "The capstone project's third: all on one scale.",
    ),
)
"""Name, title, features left out, accuracy in the capstone project (its forests on its own clusters), reason."""


def feature_sets(features: Sequence[str], *, is_documents: bool = False) -> tuple[FeatureSet, ...]:
    """The feature sets of a collection: unscaled ones first, in the capstone project's order, then the scaled ones.

    Args:
        features: All audio features it has.
        is_documents: Whether the capstone project's results are about this collection.

    >>> [one.name for one in feature_sets(("energy", "tempo", "valence"))]
    ['all', 'no-tempo', 'all-scaled', 'no-tempo-scaled']
    """
    made: list[FeatureSet] = []
    for name, title, without, accuracy, why in _DOCUMENT:
        kept = tuple(feature for feature in features if feature not in without)
        if kept and kept not in [one.features for one in made]:
            made.append(
                FeatureSet(
                    name,
                    f"{title}, unscaled",
                    kept,
                    is_scaled=False,
                    why=why,
                    document_accuracy=accuracy if is_documents else None,
                )
            )
    scaled = [
        FeatureSet(
            f"{one.name}-scaled",
            one.title.replace("unscaled", "scaled"),
            one.features,
            is_scaled=True,
            why="Every feature counts alike.",
        )
        for one in made
    ]
    return (*made, *scaled)


SPOTIFY_SETS = feature_sets(MODEL_FEATURES, is_documents=True)
ECHONEST_SETS = feature_sets(ECHONEST_AUDIO)

FEATURE_SETS: dict[str, FeatureSet] = {one.name: one for one in SPOTIFY_SETS}
"""The feature sets of Spotify's tracks by name."""

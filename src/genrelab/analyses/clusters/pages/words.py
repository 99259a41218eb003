"""Names of the labellings, and the key figure of the clusters."""

from collections.abc import Mapping
from typing import Any

from genrelab.analyses.clusters.analysis import CLUSTERS

LABELLINGS = {
    "classic": "the classic rules",
    "reviewed": "the reviewed rules",
    "top genre": "the FMA's top genres",
}


def labelling(name: str) -> str:
    """Return the display name of a labelling.

    >>> labelling("classic"), labelling("my_rules")
    ('the classic rules', 'the rules my_rules')
    """
    return LABELLINGS.get(name, f"the rules {name}")


def agreement_at_a_glance(facts: Mapping[str, Any]) -> tuple[float, float, str] | None:
    """Return the adjusted Rand index, its value by chance, and the labelling: the key figure for the overview."""
    for collection in (found for analysis in CLUSTERS if (found := analysis.found_in(facts))):
        agreement = collection.headline.agreements[-1]
        return agreement.scores["ari"], agreement.chance["ari"], labelling(agreement.labels)
    return None

"""What is said of the mix of genres in a collection.

Conventions: a collection is the tracks of one champion that it was not fitted on, by whether it was trained on their
file and whether they have a label (`genrelab.evaluation.other_collections`). Shares are estimated, and said as whole
percent.
"""

from genrelab.evaluation.results import CollectionMix, GenreShare
from genrelab.evaluation.samples import in_words

LEAST_P = 0.001


def collection_name(mix: CollectionMix) -> str:
    """Return what a collection is called, as the end of a sentence."""
    tracks = "labelled tracks" if mix.is_labelled else "tracks without a label"
    sample = f" ({in_words(mix.sampled, mix.tracks)})" if mix.sampled else ""
    return f"{tracks} of {'other files' if mix.is_other else 'the files it was trained on'}{sample}"


def most_moved(mix: CollectionMix) -> GenreShare:
    """Return the genre whose share differs most from the training tracks."""
    return max(mix.shares, key=lambda one: abs(one.here - one.training))


def p_value(mix: CollectionMix) -> str:
    """Return the p-value of the test; empty without one."""
    if mix.p is None:
        return ""
    return f"p < {LEAST_P}" if mix.p < LEAST_P else f"p = {mix.p:.3f}"


def describe(mix: CollectionMix) -> str:
    """Return whether the mix of a collection differs from the training tracks, in a clause."""
    if mix.problem:
        return f"no test of the mix of {collection_name(mix)}: {mix.problem}"
    if not mix.has_moved:
        return f"{collection_name(mix)}: no mix other than in training ({p_value(mix)}), nothing adjusted"
    moved = most_moved(mix)
    here, training = round(100 * moved.here), round(100 * moved.training)
    return (
        f"{collection_name(mix)}: the mix differs, about {here} % {moved.genre} here, {training} % in training "
        f"({p_value(mix)}); adjusted probabilities are published beside the others"
    )

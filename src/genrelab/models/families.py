"""Families of tasks: which models take part where.

A task names its family, a model the families it takes part in. A short family holds the few models that a
nightly training can afford beside the whole zoo; a thorough one trains the whole family instead.
"""

SPOTIFY, SPOTIFY_SHORT = "spotify", "spotify-short"
SPOTIFY_VARIANT, SPOTIFY_TITLES = "spotify-variant", "spotify-titles"
ECHONEST, ECHONEST_SHORT = "fma-echonest", "fma-echonest-short"
LIBROSA = "fma-librosa"
MULTILABEL, MULTILABEL_SHORT = "fma-multilabel", "fma-multilabel-short"
"""Several labels per track; the same models from any features."""

WHOLE_FAMILY = {
    SPOTIFY_SHORT: SPOTIFY,
    SPOTIFY_VARIANT: SPOTIFY,
    ECHONEST_SHORT: ECHONEST,
    MULTILABEL_SHORT: MULTILABEL,
}
"""What a thorough training takes instead of a short family."""

ZOO = (SPOTIFY, ECHONEST)
"""Tasks on which every model of the reproduced projects is trained."""

SHORT = (SPOTIFY_SHORT, ECHONEST_SHORT)
VARIANT = (SPOTIFY_VARIANT,)
EVERYWHERE = (*ZOO, *SHORT, *VARIANT, SPOTIFY_TITLES, LIBROSA)

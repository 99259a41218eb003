"""Recipes: how the features of an audio file are computed, each with a name and a version.

Conventions: features of two recipes are never mixed, not even under the same column name: FMA's own extraction and the
59 columns that go round with fma_small differ in sampling rate, decoding and defaults. A change of a value is a new
version. Columns are named and ordered as in `genrelab.tables.fma`.

How a recipe is computed does not belong here but in `clips_59` and `fma_518`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from genrelab.tables.fma import MOMENTS, SIZES, feature_name


@dataclass(frozen=True)
class Recipe:
    """One way to compute features from audio.

    Args:
        name: Its name, e.g. `clips-59`.
        version: Goes up whenever a value changes.
        columns: The features, in the order of the official header.
        rate: Sampling rate of the audio that is analysed, in Hz.
        longest: Of longer audio the middle is analysed, this many seconds.
        meaning: What it computes, in one sentence.
    """

    name: str
    version: int
    columns: tuple[str, ...]
    rate: int
    longest: float
    meaning: str

    def __str__(self) -> str:
        """Name and version, as they are stored with features: `clips-59@1`."""
        return f"{self.name}@{self.version}"


_CLIP_MOMENTS = {"chroma_stft": ("mean",), "mfcc": ("mean", "std"), "spectral_contrast": ("mean",)}

CLIPS_59 = Recipe(
    name="clips-59",
    version=1,
    columns=tuple(
        feature_name(feature, moment, number)
        for feature, moments in _CLIP_MOMENTS.items()
        for moment in moments
        for number in range(1, SIZES[feature] + 1)
    ),
    rate=22_050,
    longest=30,  # as FMA's clips, which are the middle of their tracks
    meaning="Mean chroma, spectral contrast, mean and deviation of MFCCs, by librosa's defaults at 22,050 Hz.",
)

FMA_518 = Recipe(
    name="fma-518",
    version=1,
    columns=tuple(
        feature_name(feature, moment, number)
        for feature, size in SIZES.items()
        for moment in MOMENTS
        for number in range(1, size + 1)
    ),
    rate=44_100,
    longest=240,  # bounds the memory of a process to 600 MB
    meaning="Seven statistics of eleven features, by the definitions of the Free Music Archive's own extraction.",
)

ONE_GENRE, SEVERAL_GENRES = "fma-small-genres", "fma-all-genres"
"""The champions that judge audio."""

RECIPES = {str(recipe): recipe for recipe in (CLIPS_59, FMA_518)}
"""Every recipe under its name and version."""


def recipe_of(features: Sequence[str]) -> Recipe | None:
    """Return the recipe of a champion's features: exactly the 59 columns, or others among the 518; else None.

    >>> str(recipe_of(FMA_518.columns)), recipe_of(["energy"])
    ('fma-518@1', None)
    """
    wanted = set(features)
    if wanted == set(CLIPS_59.columns):
        return CLIPS_59
    return FMA_518 if wanted and wanted <= set(FMA_518.columns) else None

"""Champions of audio that need no training: for the route that judges a file, and for its page."""

from types import SimpleNamespace

import numpy as np

from genrelab.audio.recipes import CLIPS_59
from genrelab.serving.champion import NearTrack, ServedChampion
from genrelab.serving.description import FeatureDescription


class Champion(ServedChampion):
    """Names Rock for whatever is loud: the mean of the first MFCC is above -900."""

    def __init__(
        self, name: str, *, several: bool = False, recipe: str = str(CLIPS_59), is_sample: bool = False
    ) -> None:
        features = tuple(
            FeatureDescription(column, column, "", "number", None, None, (), "")
            for column in CLIPS_59.columns
        )
        self.description = SimpleNamespace(
            name=name, version=3, title=name, labels=("Rock", "Folk"), several_labels=several, tables={},
            is_sample=is_sample, recipe=recipe, features=features,
        )  # fmt: skip

    def probabilities(self, values):
        loud = values[:, CLIPS_59.columns.index("mfcc_mean_01")] > -900
        rock = np.where(loud, 0.9, 0.1)
        return np.column_stack([rock, 1 - rock])

    def named(self, probabilities):
        return probabilities > 0.5

    def nearest(self, values, most=5):
        assert values.shape == (len(CLIPS_59.columns),)
        return (NearTrack("2", "Food", "AWOL", "Hip-Hop", 0.5),)[:most]


class Champions:
    """Those of a home."""

    def __init__(self, *champions: Champion) -> None:
        self.all = {one.description.name: one for one in champions}

    def names(self):
        return tuple(self.all)

    def get(self, name):
        return self.all[name]

    def note(self, _):
        return ""

    def refresh(self):
        """Nothing changes."""

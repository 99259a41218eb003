"""A compiled champion of audio: a forest on features of the recipe of 59 columns, made up or given."""

from dataclasses import replace

import numpy as np
import pandas as pd
from served import LABELS, small_champion
from sklearn.ensemble import ExtraTreesClassifier

from genrelab.audio.recipes import CLIPS_59, ONE_GENRE
from genrelab.evaluation.predictions import StoredModel
from genrelab.models.calibration import Calibration
from genrelab.runtime.home import Home
from genrelab.serving.description import FeatureDescription, describe
from tasks.training.bundle_files import write_bundle


def audio_champion(
    home: Home, recipe: str = str(CLIPS_59), *, is_sample: bool = False, seed: int = 1
) -> None:
    """Compile a champion of one genre, fitted on made-up values of the 59 columns."""
    columns = list(CLIPS_59.columns)
    frame = pd.DataFrame(np.random.default_rng(seed).normal(size=(60, len(columns))), columns=columns)
    forest = ExtraTreesClassifier(4, max_depth=3, random_state=1).fit(frame, np.arange(60) % len(LABELS))
    compile_forest(home, forest, frame, LABELS, recipe, is_sample=is_sample)


def compile_forest(
    home: Home,
    forest: ExtraTreesClassifier,
    frame: pd.DataFrame,
    labels: tuple[str, ...],
    recipe: str = str(CLIPS_59),
    *,
    is_sample: bool = False,
) -> None:
    """Compile a forest whose classes are places of labels.

    Args:
        home: The home that gets the champion.
        forest: The model.
        frame: The rows that it was fitted on, in the 59 columns.
        labels: Its genres.
        recipe: Name and version of the recipe.
        is_sample: Whether the rows are sample data.
    """
    small_champion(home, ONE_GENRE)
    columns = tuple(frame.columns)
    known = replace(
        describe(home, ONE_GENRE),
        labels=labels,
        shares=(1 / len(labels),) * len(labels),
        features=tuple(
            FeatureDescription(each, each, "", "number", None, None, (0.0,) * 7, "") for each in columns
        ),
        recipe=recipe,
        is_sample=is_sample,
    )
    stored = StoredModel(ONE_GENRE, 1, forest, labels, columns, None, Calibration(1.0, 1.0, 0.0, {}, 0.0))
    write_bundle(
        home, known, stored, frame.assign(track_id=range(len(frame)), track="a", artist="b", genre="rock")
    )

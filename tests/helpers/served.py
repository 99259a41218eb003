"""A tiny compiled champion: a forest of a few trees on made-up rows."""

import numpy as np
import pandas as pd
from sklearn.ensemble import ExtraTreesClassifier

from genrelab.evaluation.predictions import StoredModel
from genrelab.evaluation.results import Thresholds
from genrelab.models.calibration import Calibration
from genrelab.runtime.home import Home
from genrelab.serving.description import QUANTILES, ChampionDescription, FeatureDescription, ShownScore
from tasks.training.bundle_files import write_bundle

LABELS = ("classical", "pop", "rock")
FEATURES = {
    "energy": (0.0, 1.0, ""),
    "valence": (0.0, 1.0, ""),
    "tempo": (0.0, 260.0, "BPM"),
    "mode": (0.0, 1.0, ""),
}


def small_champion(home: Home, name: str = "spotify-bins-classic", several_labels: bool = False) -> None:
    """Write a bundle, and make it the champion in use."""
    generator = np.random.default_rng(3)
    frame = pd.DataFrame({each: high * generator.random(60) for each, (_, high, _) in FEATURES.items()})
    frame["mode"] = frame["mode"].round()
    target = np.arange(60) % len(LABELS)
    frame["energy"] = ((target + generator.random(60)) / len(LABELS)).clip(0, 1)
    forest = ExtraTreesClassifier(5, max_depth=4, random_state=3).fit(frame, target)
    frame = frame.assign(
        track_id=[f"id{number}" for number in range(60)],
        track=[f"Song {number}" for number in range(60)],
        artist=[f"Artist {number % 20}" for number in range(60)],
        genre=[LABELS[each] for each in target],
    )
    published = Thresholds(0.3, {}, 1, 20, ()) if several_labels else Calibration(0.9, 1.0, 0.0, {}, 0.01)
    stored = StoredModel(name, 1, forest, LABELS, tuple(FEATURES), None, published)
    features = tuple(
        FeatureDescription(
            each,
            each,
            unit,
            "flag" if each == "mode" else "number",
            low,
            high,
            tuple(np.quantile(frame[each], QUANTILES).tolist()),
            f"Made-up {each}.",
        )
        for each, (low, high, unit) in FEATURES.items()
    )
    description = ChampionDescription(
        name=name,
        version=1,
        task=name,
        title="A made-up champion",
        several_labels=several_labels,
        labels=LABELS,
        shares=(1 / 3,) * 3,
        features=features,
        model="extra_trees",
        model_label="Extra trees",
        rule_set="classic",
        tables={"spotify_binned": "0@2026-01-01"},
        since="2026-01-01",
        is_sample=True,
        recipe="",
        scores=(ShownScore("accuracy", "gate", 0.5, 0.4, 0.6, 0.33, 60, 20),),
        trained_rows=60,
        table="spotify_binned",
    )
    write_bundle(home, description, stored, frame)

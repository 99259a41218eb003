"""Write the bundle of a champion: its model as arrays where that is possible, its description, and real tracks."""

import json
import os
import shutil
import tempfile
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.parquet as pq

from genrelab.evaluation.predictions import StoredModel
from genrelab.evaluation.thresholds import Thresholds
from genrelab.runtime.files import hash_file, sync_folder, write_json
from genrelab.runtime.home import Home
from genrelab.runtime.records import encode
from genrelab.serving.champion import ARRAYS, TRACKS
from genrelab.serving.description import CURRENT, DESCRIPTION, FORMAT, ChampionDescription, folder_of
from genrelab.serving.forest import flatten, flatten_boosted

ABANDONED = 3600
"""Seconds after which an unfinished bundle belongs to a process that is gone; one takes less than a minute."""


def write_bundle(
    home: Home, description: ChampionDescription, stored: StoredModel, frame: pd.DataFrame
) -> None:
    """Write a bundle aside, then put it in its place, then name it in `current.json`.

    Args:
        home: The home.
        description: What the champion is.
        stored: Its model.
        frame: Real tracks with their features and names, to be shown beside an answer.
    """
    place = folder_of(home, description.name)
    place.mkdir(parents=True, exist_ok=True)
    _remove_abandoned(place)
    aside = Path(tempfile.mkdtemp(prefix="new-", dir=place))
    try:
        arrays: dict[str, Any] = {}
        several, labels = description.several_labels, range(len(stored.labels))
        model = _stored(stored.estimator, aside) if several else _compiled(stored.estimator, aside, arrays)
        np.savez(aside / ARRAYS, **arrays)
        thresholds = stored.published_by if isinstance(stored.published_by, Thresholds) else None
        record = {
            "format": FORMAT,
            "description": asdict(description),
            "model": model,
            "columns": [int(each) for each in (labels if several else stored.estimator.classes_)],
            "calibration": encode(stored.calibration) if stored.calibration else None,
            "thresholds": np.asarray(thresholds.of(stored.labels)).tolist() if thresholds else [],
            "at_least": thresholds.at_least if thresholds else 0 if several else 1,
        }
        tracks = frame[["track_id", "track", "artist", "genre", *stored.features]]
        pq.write_table(_as_table(tracks), aside / TRACKS)
        record["files"] = {each.name: hash_file(each) for each in sorted(aside.iterdir())}
        (aside / DESCRIPTION).write_text(json.dumps(record), encoding="utf-8")
        sync_folder(aside)
        final = place / str(description.version)
        if final.exists():
            shutil.rmtree(final)
        os.chmod(aside, 0o755)  # noqa: PTH101, S103 - as other folders of the home
        aside.rename(final)
        sync_folder(place)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    write_json(place / CURRENT, {"version": description.version})
    others = {int(each.name) for each in place.iterdir() if each.name.isdecimal()} - {description.version}
    for old in sorted(others)[:-1]:  # one is kept: where the newest cannot be read, it answers
        shutil.rmtree(place / str(old), ignore_errors=True)


def _remove_abandoned(place: Path) -> None:
    """Remove what a killed compilation left behind; another one that is at work now is younger."""
    for each in place.glob("new-*"):
        if time.time() - each.stat().st_mtime > ABANDONED:
            shutil.rmtree(each, ignore_errors=True)


def _as_table(tracks: pd.DataFrame) -> Any:
    import pyarrow as pa  # noqa: PLC0415 - only here

    return pa.Table.from_pandas(tracks.assign(track_id=tracks["track_id"].astype(str)), preserve_index=False)


def _compiled(estimator: Any, folder: Path, arrays: dict[str, Any]) -> dict[str, Any]:
    """Write an estimator as arrays where that is possible, and say how it is put together."""
    kind = type(estimator).__name__
    if kind == "Blend" and (estimator.sharpness, estimator.prior_power) == (1.0, 0.0):
        parts = [_compiled(each, folder, arrays) for each in estimator.fitted_.values()]
        weights = [float(estimator.weights[name]) for name in estimator.fitted_]
        return {"kind": "blend", "weights": weights, "parts": parts}
    if kind == "Pipeline" and [type(step).__name__ for _, step in estimator.steps[:-1]] == [
        "DerivedFeatures"
    ]:
        return {"kind": "derived", "of": _compiled(estimator.steps[-1][1], folder, arrays)}
    trees: dict[str, Any] = {}
    if kind in {"RandomForestClassifier", "ExtraTreesClassifier"}:
        form, trees = "forest", flatten([one.tree_ for one in estimator.estimators_])
    elif kind == "XGBClassifier" and estimator.n_classes_ > 2:  # noqa: PLR2004 - two classes have one output
        form, trees = (
            "boosted",
            flatten_boosted(json.loads(estimator.get_booster().save_raw("json"))["learner"]),
        )
    if trees:
        name = f"{form}{len({each.partition('.')[0] for each in arrays})}"
        arrays |= {f"{name}.{key}": each for key, each in trees.items()}
        return {"kind": form, "name": name}
    return _stored(estimator, folder)


def _stored(estimator: Any, folder: Path) -> dict[str, Any]:
    import skops.io  # noqa: PLC0415 - few champions need it

    file = f"stored{len(list(folder.glob('*.skops')))}.skops"
    skops.io.dump(estimator, folder / file)
    return {"kind": "stored", "file": file}

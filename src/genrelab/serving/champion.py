"""A compiled champion: loaded from its bundle, and asked about rows.

Forests are arrays (`genrelab.serving.forest`), XGBoost is its own booster; any other estimator is stored by skops and
loaded with the types that our models list, so that nothing is unpickled.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, cast

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow.parquet as pq

from genrelab.models.calibration import Calibration, calibrated
from genrelab.models.derived import DERIVED
from genrelab.runtime.errors import GenrelabError
from genrelab.runtime.home import Home
from genrelab.runtime.records import decode
from genrelab.serving.description import (
    DESCRIPTION,
    FORMAT,
    ChampionDescription,
    check_values,
    described,
    folder_of,
    version_in_use,
)
from genrelab.serving.forest import THREADS, forest_probabilities

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
Columns = Mapping[str, FloatArray]
TRACKS, ARRAYS = "tracks.parquet", "model.npz"
NAMED = ("track_id", "track", "artist", "genre")


@dataclass(frozen=True)
class NearTrack:
    """A real track, and its distance in standard deviations of the features."""

    track_id: str
    track: str
    artist: str
    genre: str
    distance: float


class ServedChampion:
    """A champion in memory.

    Args:
        folder: Its bundle.

    Raises:
        GenrelabError: The bundle is damaged.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        try:
            record = json.loads((folder / DESCRIPTION).read_text(encoding="utf-8"))
            if record.get("format") != FORMAT:
                raise ValueError("a bundle of another version of genrelab")  # noqa: TRY301 - named below
            self.description: ChampionDescription = described(record["description"])
            self._calibration = decode(Calibration, record["calibration"])
            self._thresholds = np.array(record["thresholds"], dtype=np.float64)
            self._at_least: int = record["at_least"]
            self._columns: list[int] = record["columns"]
            with np.load(folder / ARRAYS, allow_pickle=False) as arrays:
                self._arrays = {name: arrays[name] for name in arrays.files}
            self._model = record["model"]
            self._parts: dict[str, Any] = {}
            self._load(self._model)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise GenrelabError(
                f"the compiled champion {folder.parent.name}, version {folder.name}, cannot be read",
                found=f"{type(error).__name__}: {str(error)[:100]}",
                do="remove its folder; `genrelab app` compiles it again",
            ) from None

    def _load(self, model: Mapping[str, Any]) -> None:
        if model["kind"] == "blend":
            for part in model["parts"]:
                self._load(part)
        elif model["kind"] == "derived":
            self._load(model["of"])
        elif model["kind"] == "booster":
            import xgboost  # noqa: PLC0415 - only where a champion needs it

            booster = xgboost.Booster({"nthread": THREADS})
            booster.load_model(self._folder / model["file"])
            self._parts[model["file"]] = booster
        elif model["kind"] == "stored":
            import skops.io  # noqa: PLC0415 - as above

            from genrelab.models.zoo import MODELS  # noqa: PLC0415 - as above

            trusted = sorted({kind for each in MODELS for kind in each.trusted})
            self._parts[model["file"]] = skops.io.load(self._folder / model["file"], trusted=trusted)
        else:
            prefix = f"{model['name']}."
            self._parts[model["name"]] = {
                name.removeprefix(prefix): array
                for name, array in self._arrays.items()
                if name.startswith(prefix)
            }

    def probabilities(self, values: FloatArray) -> FloatArray:
        """Return the published probabilities, shape (rows, labels).

        Args:
            values: Shape (rows, features), as `check_values` returns them.
        """
        plain = {feature.name: values[:, place] for place, feature in enumerate(self.description.features)}
        own = self._ask(self._model, plain, _derived(plain))
        found = np.zeros((len(values), len(self.description.labels)))
        found[:, self._columns] = own
        return found if self.description.several_labels else calibrated(found, self._calibration)

    def _ask(self, model: Mapping[str, Any], columns: Columns, derived: Columns) -> FloatArray:
        if model["kind"] == "blend":
            parts = [self._ask(part, columns, derived) for part in model["parts"]]
            weights = np.array(model["weights"])
            return np.asarray(np.tensordot(weights / weights.sum(), np.stack(parts), axes=1))
        if model["kind"] == "derived":
            return self._ask(model["of"], derived, derived)
        if model["kind"] == "stored":
            return np.asarray(
                self._parts[model["file"]].predict_proba(pd.DataFrame(columns)), dtype=np.float64
            )
        values = np.column_stack(list(columns.values()))
        if model["kind"] == "booster":
            found = self._parts[model["file"]].inplace_predict(values.astype(np.float32))
            return np.asarray(found, dtype=np.float64)
        return forest_probabilities(self._parts[model["name"]], values)

    def named(self, probabilities: FloatArray) -> BoolArray:
        """Return which labels each row is given: the most probable one, or those that reach their thresholds.

        Where none of several labels reaches its threshold, the most probable ones, as many as the rule says.
        """
        most = np.zeros(probabilities.shape, dtype=bool)
        order = np.argsort(-probabilities, axis=1, kind="stable")
        rows = np.arange(len(probabilities))
        for place in range(self._at_least):
            most[rows, order[:, place]] = True
        if not self.description.several_labels:
            return most
        reached = probabilities >= self._thresholds
        most[reached.any(axis=1)] = False
        return np.asarray((probabilities > 0) & (most | reached))

    def predict(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return the genre and probabilities of each row of a frame with the champion's features.

        Raises:
            GenrelabError: As `check_values`.
        """
        labels = self.description.labels
        names = [feature.name for feature in self.description.features if feature.name in frame]
        proba = self.probabilities(
            check_values(self.description, cast("list[dict[str, object]]", frame[names].to_dict("records")))
        )
        order = np.argsort(-proba, axis=1, kind="stable")
        rows = np.arange(len(proba))
        found: dict[str, Any] = {
            "genre": [labels[each] for each in order[:, 0]],
            "probability": proba[rows, order[:, 0]],
            "second_genre": [labels[each] for each in order[:, 1]],
            "second_probability": proba[rows, order[:, 1]],
            "probabilities": [dict(zip(labels, row, strict=True)) for row in proba.tolist()],
        }
        if self.description.several_labels:
            found["genres"] = [[labels[each] for each in np.flatnonzero(row)] for row in self.named(proba)]
        result: pd.DataFrame = pd.DataFrame(found, index=frame.index)
        return result

    def contributions(
        self, values: FloatArray, label: int, permutations: int = 20, seed: int = 0
    ) -> FloatArray:
        """Return the Shapley values of one row, shape (features,), by sampled permutations.

        Source: Strumbelj and Kononenko, "Explaining prediction models and individual predictions with feature
        contributions", Knowledge and Information Systems 2014. They sum to the probability of the row less the mean of
        the sampled training rows.
        """
        generator = np.random.default_rng(seed)
        numbers = self._numbers
        starts = numbers[generator.integers(len(numbers), size=permutations)]
        orders = [generator.permutation(len(values)) for _ in range(permutations)]
        steps = []
        for start, order in zip(starts, orders, strict=True):
            row = start.copy()
            steps.append(row.copy())
            for feature in order:
                row[feature] = values[feature]
                steps.append(row.copy())
        proba = self.probabilities(np.array(steps))[:, label].reshape(permutations, len(values) + 1)
        effects = np.zeros(len(values))
        for order, gained in zip(orders, np.diff(proba, axis=1), strict=True):
            effects[order] += gained
        return effects / permutations

    @cached_property
    def _tracks(self) -> pd.DataFrame:
        tracks: pd.DataFrame = pq.read_table(self._folder / TRACKS).to_pandas()
        return tracks

    @cached_property
    def _numbers(self) -> FloatArray:
        names = [feature.name for feature in self.description.features]
        return self._tracks[names].to_numpy(dtype=np.float64)

    def nearest(self, values: FloatArray, most: int = 5) -> tuple[NearTrack, ...]:
        """Return the real tracks whose standardised features are nearest, nearest first."""
        scale = self._numbers.std(axis=0)
        distance = np.sqrt((((self._numbers - values) / np.where(scale > 0, scale, 1)) ** 2).sum(axis=1))
        return tuple(
            self._track(int(row), float(distance[row])) for row in np.argsort(distance, kind="stable")[:most]
        )

    def any_track(self, seed: int) -> tuple[NearTrack, dict[str, float]]:
        """Return a random real track with its features."""
        row = int(np.random.default_rng(seed).integers(len(self._tracks)))
        names = [feature.name for feature in self.description.features]
        return self._track(row, 0.0), dict(zip(names, self._numbers[row].tolist(), strict=True))

    def _track(self, row: int, distance: float) -> NearTrack:
        track_id, track, artist, genre = (str(self._tracks[name].iloc[row]) for name in NAMED)
        return NearTrack(track_id, track, artist, genre, distance)


def _derived(columns: Columns) -> Columns:
    """The features with the derived ones behind them, as `derive` makes them, without pandas."""
    made = {
        name: make(*(columns[source] for source in sources))
        for name, (sources, make) in DERIVED.items()
        if set(sources) <= set(columns)
    }
    return {**columns, **made}


def load_champion(home: Home, name: str, version: int | None = None) -> ServedChampion:
    """Load a champion.

    Raises:
        GenrelabError: There is none of this name, or its bundle is damaged.
    """
    return ServedChampion(
        folder_of(home, name) / str(version_in_use(home, name) if version is None else version)
    )

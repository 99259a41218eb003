"""A compiled champion: loaded from its bundle, and asked about rows.

Trees are arrays (`genrelab.serving.forest`); any other estimator is stored by skops and loaded with the types that our
models list, so that nothing is unpickled.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, cast

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from genrelab.evaluation.thresholds import named_from
from genrelab.models.calibration import Calibration, calibrated
from genrelab.models.derivations import derived_from
from genrelab.runtime.errors import GenrelabError
from genrelab.runtime.home import Home
from genrelab.runtime.records import decode
from genrelab.serving.description import (
    ChampionDescription,
    check_values,
    described,
    folder_of,
    read_bundle,
    version_in_use,
)
from genrelab.serving.forest import boosted_probabilities, forest_probabilities

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
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


@dataclass(frozen=True)
class Prediction:
    """What a champion says of one row.

    Args:
        genre: The most probable genre.
        probability: Its probability.
        probabilities: The probability of every genre.
        genres: The genres that it names; None of a champion of one genre.
    """

    genre: str
    probability: float
    probabilities: dict[str, float]
    genres: tuple[str, ...] | None = None

    @property
    def ranked(self) -> list[tuple[str, float]]:
        """Every genre with its probability, the most probable first."""
        return sorted(self.probabilities.items(), key=lambda each: -each[1])


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
            record = read_bundle(folder)
            self.description: ChampionDescription = described(record["description"])
            self._names = [feature.name for feature in self.description.features]
            self._derived = list(derived_from(dict.fromkeys(self._names, np.zeros(1))))
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
        elif model["kind"] == "stored":
            import skops.io  # noqa: PLC0415 - as above

            from genrelab.models.zoo import MODELS  # noqa: PLC0415 - as above
            from genrelab.serving.quantiles import transform_rows_faster  # noqa: PLC0415 - as above

            trusted = sorted({kind for each in MODELS for kind in each.trusted})
            stored = skops.io.load(self._folder / model["file"], trusted=trusted)
            transform_rows_faster(stored)
            self._parts[model["file"]] = stored
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
        made = derived_from(dict(zip(self._names, values.T, strict=True)))
        own = self._ask(self._model, values, np.column_stack([values, *made.values()]))
        found = np.zeros((len(values), len(self.description.labels)))
        found[:, self._columns] = own
        return found if self.description.several_labels else calibrated(found, self._calibration)

    def _ask(self, model: Mapping[str, Any], values: FloatArray, derived: FloatArray) -> FloatArray:
        if model["kind"] == "blend":
            parts = [self._ask(part, values, derived) for part in model["parts"]]
            weighted = [weight * part for weight, part in zip(model["weights"], parts, strict=True)]
            return np.asarray(sum(weighted[1:], start=weighted[0]) / sum(model["weights"]))
        if model["kind"] == "derived":
            return self._ask(model["of"], derived, derived)
        if model["kind"] == "stored":
            frame = pd.DataFrame(values, columns=[*self._names, *self._derived][: values.shape[1]])
            return np.asarray(self._parts[model["file"]].predict_proba(frame), dtype=np.float64)
        ask = boosted_probabilities if model["kind"] == "boosted" else forest_probabilities
        return ask(self._parts[model["name"]], values)

    def named(self, probabilities: FloatArray) -> BoolArray:
        """Return which labels each row is given: the most probable one, or those that reach their thresholds.

        Where none of several labels reaches its threshold, the most probable ones, as many as the rule says.
        """
        cuts = self._thresholds if self.description.several_labels else np.inf
        return named_from(probabilities, cuts, self._at_least)

    def answers(self, values: FloatArray) -> list[Prediction]:
        """Return what the champion says of each row.

        Args:
            values: Shape (rows, features), as `check_values` returns them.
        """
        labels = self.description.labels
        proba = self.probabilities(values)
        is_named = self.named(proba) if self.description.several_labels else None
        best = proba.argmax(axis=1).tolist()
        return [
            Prediction(
                labels[first],
                row[first],
                dict(zip(labels, row, strict=True)),
                None
                if is_named is None
                else tuple(labels[each] for each in np.flatnonzero(is_named[number])),
            )
            for number, (row, first) in enumerate(zip(proba.tolist(), best, strict=True))
        ]

    def predict(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return the genre and probabilities of each row of a frame with the champion's features.

        Raises:
            GenrelabError: As `check_values`.
        """
        names = [feature.name for feature in self.description.features if feature.name in frame]
        rows = cast("list[dict[str, object]]", frame[names].to_dict("records"))
        answers = self.answers(check_values(self.description, rows))
        second = [one.ranked[1] for one in answers]
        found: dict[str, Any] = {
            "genre": [one.genre for one in answers],
            "probability": [one.probability for one in answers],
            "second_genre": [genre for genre, _ in second],
            "second_probability": [probability for _, probability in second],
            "probabilities": [one.probabilities for one in answers],
        }
        if self.description.several_labels:
            found["genres"] = [list(one.genres or ()) for one in answers]
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
    def _tracks(self) -> pa.Table:
        with pq.ParquetFile(self._folder / TRACKS) as file:  # `read_table` would load all of pyarrow.dataset
            tracks = file.read(use_threads=False)
        pa.default_memory_pool().release_unused()
        return tracks

    @cached_property
    def _numbers(self) -> FloatArray:
        columns = (self._tracks[feature.name].to_numpy() for feature in self.description.features)
        return np.column_stack(list(columns)).astype(np.float64, copy=False)

    @property
    def known_tracks(self) -> int:
        """How many real tracks `nearest` and `any_track` choose from."""
        return int(self._tracks.num_rows)

    def nearest(self, values: FloatArray, most: int = 5) -> tuple[NearTrack, ...]:
        """Return the real tracks whose standardised features are nearest, nearest first."""
        scale = self._numbers.std(axis=0)
        distance = np.sqrt((((self._numbers - values) / np.where(scale > 0, scale, 1)) ** 2).sum(axis=1))
        return tuple(
            self._track(int(row), float(distance[row])) for row in np.argsort(distance, kind="stable")[:most]
        )

    def any_track(self, seed: int) -> tuple[NearTrack, dict[str, float]]:
        """Return a random real track with its features."""
        row = int(np.random.default_rng(seed).integers(self.known_tracks))
        names = [feature.name for feature in self.description.features]
        return self._track(row, 0.0), dict(zip(names, self._numbers[row].tolist(), strict=True))

    def _track(self, row: int, distance: float) -> NearTrack:
        track_id, track, artist, genre = (str(self._tracks[name][row].as_py()) for name in NAMED)
        return NearTrack(track_id, track, artist, genre, distance)


def load_champion(home: Home, name: str, version: int | None = None) -> ServedChampion:
    """Load a champion.

    Raises:
        GenrelabError: There is none of this name, or its bundle is damaged.
    """
    return ServedChampion(
        folder_of(home, name) / str(version_in_use(home, name) if version is None else version)
    )

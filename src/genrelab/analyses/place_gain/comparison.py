"""Sets of inputs on the same tracks and folds, and the test with dealt-out places.

Every set is fitted on the same folds, which keep the tracks of an artist together; boosted trees answer. A place that
helps only because it names the artist cannot help here.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.pipeline import make_pipeline
from xgboost import XGBClassifier

from genrelab.analyses.inputs import Inputs
from genrelab.analyses.place_gain.result import Permuted, PlaceModel
from genrelab.analyses.place_gain.rows import COORDINATES, NAMED
from genrelab.evaluation.results import score_of
from genrelab.evaluation.sign_flips import mean_difference
from genrelab.models import task
from genrelab.models.calibration import losses
from genrelab.models.cross_validation import Asked, Question, predict_held_out
from genrelab.models.declaration import Estimator
from genrelab.models.kinds import ONE_LABEL
from genrelab.models.zoo.baselines import MODELS as BASELINES
from genrelab.runtime import progress
from genrelab.runtime.engine import run_all

FloatArray = npt.NDArray[np.float64]

FOLDS = 4
PRIOR, PLACE, SOUND, WITH_COORDINATES, WITH_NAMES, WITH_PLACE = (
    "prior",
    "place",
    "sound",
    "sound_coordinates",
    "sound_names",
    "sound_place",
)
LABELS = {
    PRIOR: "The shares of the genres",
    SOUND: "The sound alone",
    PLACE: "The place alone",
    WITH_COORDINATES: "The sound and the coordinates",
    WITH_NAMES: "The sound, country and continent",
    WITH_PLACE: "The sound, coordinates, country and continent",
}


@dataclass(frozen=True)
class Budget:
    """How much work the study may do.

    Args:
        trees: Boosting rounds of a model.
        most: Tracks that are used at most, whole artists.
        repeats: How often the folds are drawn.
        permutations: How often the places are dealt out.
    """

    trees: int
    most: int
    repeats: int
    permutations: int


class Comparison:
    """The sets of inputs on the same tracks and folds.

    Args:
        inputs: Inputs of the analysis: seed and cores.
        tracks: At least `FEWEST_IN_ALL` artists and two genres.
        columns: Columns of the sound.
        has_names: Whether `tracks` has country and continent.
        budget: How much work.
    """

    def __init__(
        self, inputs: Inputs, tracks: pd.DataFrame, columns: list[str], *, has_names: bool, budget: Budget
    ) -> None:
        self.seed, self.cores, self.budget = inputs.seed, inputs.cores, budget
        self.artists = pd.factorize(tracks["artist_id"])[0].astype(np.int64)
        self.genres = tracks["genre_top"].to_numpy(dtype=str)
        self.labels: tuple[str, ...] = tuple(np.unique(self.genres).tolist())
        self.codes = np.searchsorted(self.labels, self.genres)
        self.sound = tracks[columns].to_numpy(dtype=np.float64)
        coordinates = tracks[list(COORDINATES)].to_numpy(dtype=np.float64)
        names = (
            pd.get_dummies(tracks[list(NAMED)], dtype=np.float64).to_numpy()
            if has_names
            else np.empty((len(tracks), 0))
        )
        self.place = np.column_stack([coordinates, names])
        wide = self.sound.shape[1]
        sound, at, named = (
            list(range(wide)),
            list(range(wide, wide + 2)),
            list(range(wide + 2, wide + self.place.shape[1])),
        )
        self.used = {PRIOR: sound, SOUND: sound, PLACE: [*at, *named], WITH_COORDINATES: [*sound, *at]}
        if named:
            self.used |= {WITH_NAMES: [*sound, *named], WITH_PLACE: [*sound, *at, *named]}
        self.last = WITH_PLACE if named else WITH_COORDINATES

    def run(self) -> tuple[tuple[PlaceModel, ...], Permuted]:
        """Return the scores of every set of inputs, and the test with dealt-out places."""
        proba = self.held_out(self.place, tuple(self.used))
        loss = {name: losses(of, self.codes) for name, of in proba.items()}
        models = tuple(self._scored(name, proba, loss) for name in self.used)
        gain = float((loss[SOUND] - loss[self.last]).mean())
        return models, self._permuted(loss[SOUND], gain)

    def _permuted(self, loss: FloatArray, gain: float) -> Permuted:
        """Deal the places out among the artists, and measure the gain again."""
        runs = range(self.budget.permutations)
        jobs = [(self, loss, run) for run in runs]
        gains = []
        with progress.track("dealing out places", len(runs), "times") as advance:
            for done, one in enumerate(run_all(gain_by_chance, jobs, self.cores), start=1):
                gains.append(one)
                advance(done, "")
        at_least = sum(one >= gain for one in gains)
        return Permuted(len(gains), float(np.mean(gains)), max(gains), (1 + at_least) / (1 + len(gains)))

    def gain_by_chance(self, loss: FloatArray, run: int) -> float:
        """Return the gain when the places are dealt out at random among the artists.

        Args:
            loss: Log loss of each row by the sound alone.
            run: Number of the run.
        """
        first = np.unique(self.artists, return_index=True)[1]
        dealt = np.random.default_rng([self.seed, run]).permutation(first)
        proba = self.held_out(self.place[dealt[self.artists]], (self.last,))[self.last]
        return float((loss - losses(proba, self.codes)).mean())

    def held_out(self, place: FloatArray, names: tuple[str, ...]) -> dict[str, FloatArray]:
        """Return the probabilities of each genre by models that have not seen the artist, shape (rows, genres).

        Args:
            place: Place of each row, shape (rows, columns).
            names: The sets of inputs.
        """

        def models(seed: int) -> Asked:
            return {name: ("genre", self._model(name, seed)) for name in names}

        found = predict_held_out(
            {"genre": Question(task.ONE_LABEL, self.genres, self.labels)},
            models,
            np.column_stack([self.sound, place]),
            self.genres,
            repeats=self.budget.repeats,
            folds=FOLDS,
            seed=self.seed,
            cores=1,  # jobs are done side by side, folds one after the other
            doing="naming genres",
            groups=self.artists,
        )
        return {name: answers.mean(axis=0) for name, answers in found.answers.items()}

    def _model(self, name: str, seed: int) -> Estimator:
        if name == PRIOR:
            return BASELINES[0].build(seed, 1, "")
        return make_pipeline(
            ColumnTransformer([("used", "passthrough", self.used[name])]),
            XGBClassifier(
                n_estimators=self.budget.trees,
                max_depth=3,
                learning_rate=0.1,
                min_child_weight=2,
                tree_method="hist",
                n_jobs=1,
                random_state=seed,
            ),
        )

    def _scored(
        self, name: str, proba: Mapping[str, FloatArray], loss: Mapping[str, FloatArray]
    ) -> PlaceModel:
        found = ONE_LABEL.evaluate(
            "cv", ONE_LABEL.judge(self.genres, proba[name]), self.labels,
            groups=self.artists, majority="", seed=self.seed,
        )  # fmt: skip
        right = {
            each: (proba[each].argmax(axis=1) == self.codes).astype(np.float64) for each in (name, SOUND)
        }
        is_sound = name == SOUND
        return PlaceModel(
            name=name,
            label=LABELS[name],
            inputs=0 if name == PRIOR else len(self.used[name]),
            log_loss=score_of(found, "cv/log_loss"),
            accuracy=score_of(found, "cv/accuracy"),
            loss_gain=None
            if is_sound
            else mean_difference(loss[SOUND] - loss[name], self.artists, self.seed),
            accuracy_gain=None
            if is_sound
            else mean_difference(right[name] - right[SOUND], self.artists, self.seed),
        )


def gain_by_chance(comparison: Comparison, loss: FloatArray, run: int) -> float:
    """Return the gain when the places are dealt out; a function, so that a worker process can run it."""
    return comparison.gain_by_chance(loss, run)

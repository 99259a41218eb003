"""A laboratory for champions: trainings of a certain skill that challenge in a real MLflow registry."""

from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from typing import Any

from model_rows import Quick
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer

from genrelab.analyses.training.result import Verdict
from genrelab.lake.version import Counts, TableVersion
from genrelab.models.candidates import CandidateFolds
from genrelab.models.data import TaskData, make_splits
from genrelab.models.declaration import Model
from genrelab.models.fitting import fit
from genrelab.models.tasks import REMOVED, SPOTIFY_BINS_CLASSIC
from genrelab.models.training import Trained, variant_rows
from genrelab.runtime.home import Home
from tasks.tracking.client import TrackingClient
from tasks.training.champion import announce, challenge

NAME = SPOTIFY_BINS_CLASSIC.name
TASK = replace(SPOTIFY_BINS_CLASSIC, splits=("gate", "grouped"), duplicates=(REMOVED,))


def one_feature(frame: Any) -> Any:
    """Not much to go by."""
    return frame[["tempo"]]


def declared(name: str, label: str, regularisation: float, *, columns: int = 11) -> Model:
    """A model of a certain skill: strong regularisation or few columns make a weak one."""

    def build(_seed: int, _cores: int, _budget: str) -> Any:
        estimator = LogisticRegression(C=regularisation, max_iter=2_000)
        return estimator if columns == 11 else make_pipeline(FunctionTransformer(one_feature), estimator)

    return Model(name=name, label=label, why="Made for tests.", build=build, families=(TASK.family,))


GOOD = declared("logistic_regression", "Good", 10.0)
WEAK = declared("logistic_regression", "Weak", 0.002)


@dataclass
class Lab:
    """A training that can challenge, in a home of its own."""

    home: Home
    tracking: TrackingClient
    data: TaskData
    is_sample: bool = False
    published: list[tuple[Any, ...]] = field(default_factory=list)

    def trained(self, model: Model) -> Trained:
        """One model, fitted and judged on the gate."""
        rows = variant_rows(self.data, REMOVED)
        splits = make_splits(TASK, self.data, rows, Quick().seed)
        folds = CandidateFolds(TASK, self.data, Quick())
        found = folds.judge(model, {})
        result = fit(
            model,
            TASK,
            self.data,
            rows,
            splits,
            settings=Quick(),
            duplicates=REMOVED,
            published_by=found.published_by if found else None,
        )
        return Trained(TASK, self.data, (result,), {}, candidates=folds.candidates([model.name]))

    def challenge(self, model: Model) -> Verdict:
        """Let a model challenge the champion."""
        trained = self.trained(model)
        version = TableVersion(
            "spotify_binned",
            4,
            "4@now",
            Counts(400, 400),
            "pulls",
            self.is_sample,
            "2026-03-12T03:14:07+00:00",
        )
        run = self.tracking.start(TASK.experiment, model.name, {})
        log: Any = SimpleNamespace(
            tracking=self.tracking,
            version=version,
            versions=(version,),
            settings=Quick(),
            data=self.data,
            run_ids={(model.name, REMOVED): run},
        )
        verdict = challenge(log, trained)
        announce(NAME, verdict, is_sample=self.is_sample)
        return verdict

    @property
    def champion(self) -> Any:
        """The registered version with the alias."""
        return self.tracking.champion(NAME)

    @property
    def version(self) -> str:
        """Its number."""
        return str(self.champion.version)

"""Logging a model beside the training of the next one: in order, and no error is lost."""

import threading
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from genrelab.models.tasks import SPOTIFY_BINS_CLASSIC
from tasks.training.training_log import TrainingLog


class TrackingClient:
    """What the log asks of MLflow, kept in a list."""

    def __init__(self) -> None:
        self.told: list[Any] = []

    def dataset(self, *_: Any) -> None:
        """Nothing to describe."""

    def start(self, *_: Any, **__: Any) -> str:
        return "parent"

    def log(self, *_: Any, **__: Any) -> None:
        """Parameters of the parent are of no interest here."""

    def log_datasets(self, *_: Any) -> None:
        """Nor are its inputs."""

    def end(self, run: str, error: BaseException | None = None) -> None:
        self.told.append((run, type(error).__name__ if error else ""))


class NoRows(list[Any]):
    """Rows of a task of which there are none, and no suspect labels; nothing was drawn."""

    suspects = None
    drawn = ""


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> TrainingLog:
    data = SimpleNamespace(features=pd.DataFrame(), target=[])
    version = SimpleNamespace(table="spotify_binned", version=0)
    monkeypatch.setattr(TrainingLog, "_tags", lambda *_, **__: {})
    made = TrainingLog(
        TrackingClient(), SPOTIFY_BINS_CLASSIC, data, [version], SimpleNamespace(budget="", seed=1)
    )
    made.data = NoRows()
    return made


def test_a_model_is_logged_while_the_next_one_is_fitted(
    log: TrainingLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`add` comes back at once; the parent run ends after all of them."""
    may_end = threading.Event()

    def slowly(fitted: Any) -> None:
        assert may_end.wait(10)
        log.tracking.told.append(fitted)

    monkeypatch.setattr(log, "_log", slowly)
    with log:
        log.add("one")
        assert log.tracking.told == []
        may_end.set()
        log.add("two")
    assert log.tracking.told == ["one", "two", ("parent", "")]


def test_what_goes_wrong_with_the_last_model_fails_the_training(
    log: TrainingLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody adds another one after it, so the end of the training has to tell."""

    def fail(_: Any) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(log, "_log", fail)
    with pytest.raises(OSError, match="disk full"), log:
        log.add("one")
    assert log.tracking.told == [("parent", "OSError")]

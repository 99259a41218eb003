"""A cancelled run ends as cancelled, in Prefect and in MLflow, and a failed one says why."""

import importlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from prefect import State
from prefect.exceptions import TerminationSignal
from prefect.states import Cancelled, Completed, Failed, Running

from genrelab.runtime.home import Home
from tasks.run import cancelled
from tasks.run.one_run import _run_cancellable, with_reasons
from tasks.run.step import Outcome, run_step
from tasks.training.train import progress_line

one_run = importlib.import_module("tasks.run.one_run")


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Home]]:
    """No cancellation is left from before, none stays; the homes whose open runs were ended."""
    ended: list[Home] = []
    monkeypatch.setattr(one_run, "_end_open_runs", ended.append)
    cancelled.begin()
    yield ended
    cancelled.begin()


def interrupted() -> Outcome:
    raise KeyboardInterrupt


def test_a_step_that_is_interrupted_is_cancelled_and_no_other_begins(home: Home) -> None:
    """Prefect would call it crashed."""

    assert run_step("first", home, {}, interrupted).is_cancelled()
    after = run_step("second", home, {}, lambda: pytest.fail("it ran"))
    assert (after.is_cancelled(), after.message) == (True, "Not started, because the run was cancelled.")
    assert not (home.state / "first.json").exists()


def test_a_flow_inside_another_ends_as_cancelled_and_the_run_goes_no_further(home: Home) -> None:
    """The flow that holds it returns at once."""

    def body() -> State:
        raise KeyboardInterrupt

    assert _run_cancellable(home, body, is_inside=True).is_cancelled()
    assert _run_cancellable(home, lambda: pytest.fail("it ran"), is_inside=True).is_cancelled()


def test_the_outermost_flow_closes_the_runs_in_mlflow(home: Home, fresh: list[Home]) -> None:
    """None stays RUNNING."""

    state = _run_cancellable(home, lambda: [run_step("first", home, {}, interrupted)], is_inside=False)
    assert (state.is_cancelled(), fresh) == (True, [home])


def test_a_termination_signal_is_handed_on_to_prefect(home: Home) -> None:
    """Which knows whether the run was cancelled in the UI."""

    def terminated() -> Outcome:
        raise TerminationSignal(signal=15)

    with pytest.raises(TerminationSignal):
        _run_cancellable(home, lambda: [run_step("first", home, {}, terminated)], is_inside=False)


def test_the_message_of_a_failed_flow_has_the_reasons() -> None:
    """Not "2/3 states failed."."""

    states = [Completed(message="fine"), Failed(message="scrape: no answer"), Failed(message="bins: no rows")]
    found = with_reasons(states)
    assert isinstance(found, State)
    assert found.is_failed()
    assert found.message == "2 of 3 steps failed: scrape: no answer; bins: no rows"
    assert with_reasons([Failed(message="scrape: no answer")]).message == "scrape: no answer"
    assert found.data == states


def test_what_did_not_fail_is_returned_as_it_is() -> None:
    """States of cancelled and of completed steps too."""

    states = [Completed(), Cancelled()]
    assert with_reasons(states) is states
    assert with_reasons("anything") == "anything"


def test_the_log_of_a_training_says_what_is_running() -> None:
    """Since when, and how many are done."""

    running = Running(timestamp=datetime.now(UTC) - timedelta(seconds=100))
    line = progress_line({"fma-top-genre": running, "fma-all-genres": Completed()})
    assert line.startswith("1 of 2 tasks done; training fma-top-genre (for 10")

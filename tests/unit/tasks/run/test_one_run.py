"""The time limit of a flow, and the shape of what people fill in to start one."""

import signal
import time
from typing import get_args

import pytest

from flows import find_flow
from genrelab.analyses.registry import PIPELINE, STUDIES
from genrelab.runtime.choices import BUDGETS, Budget
from tasks.run.one_run import TimeLimitError, time_limit

FLOWS = sorted(("nightly", *PIPELINE, *STUDIES))
TICK = 0.05 / 3600


def test_what_takes_too_long_is_ended() -> None:
    """With the name of the flow and of the setting."""

    words = r"train took longer than the limit .*schedule\.timeout_hours"
    with pytest.raises(TimeLimitError, match=words), time_limit("train", TICK):
        time.sleep(5)


def test_what_is_quick_enough_is_left_alone() -> None:
    """No alarm is left to ring later, and one that was set before goes on."""

    before = signal.getitimer(signal.ITIMER_REAL)[0]  # the limit of this test itself, or none
    with time_limit("train", 5.0):
        assert signal.getitimer(signal.ITIMER_REAL)[0] > 4 * 3600
    assert signal.getitimer(signal.ITIMER_REAL)[0] <= before
    with time_limit("train", 0.0):
        assert signal.getitimer(signal.ITIMER_REAL)[0] <= before


@pytest.mark.parametrize("name", FLOWS)
def test_every_parameter_is_described_and_has_one_type(name: str) -> None:
    """The form in the Prefect UI: a description for each, no choice between types, a default that runs."""

    flow = find_flow(name)
    assert flow.description
    for parameter in flow.parameters.properties.values():
        assert "anyOf" not in parameter, f"the form asks for a type first: {parameter}"
        assert parameter["description"]
        assert "default" in parameter


@pytest.mark.parametrize("name", ["nightly", "train"])
def test_the_budget_is_chosen_from_a_list(name: str) -> None:
    """The words that the settings know, and the one that leaves it to them."""

    flow = find_flow(name)
    assert flow.parameters.properties["budget"]["enum"] == ["configured", *BUDGETS]
    assert get_args(Budget) == ("configured", *BUDGETS)


@pytest.mark.parametrize("name", FLOWS)
def test_every_flow_tells_of_its_failure(name: str) -> None:
    """Also of a crash."""

    flow = find_flow(name)
    assert [hook.__name__ for hook in flow.on_failure_hooks] == ["record_run", "notify_failure"]
    assert [hook.__name__ for hook in flow.on_crashed_hooks] == ["record_run", "notify_failure"]

"""Jobs of a training: what waits for what, what fails alone, and what is dropped."""

import pickle
import threading

import pytest

from genrelab.models.declaration import Model
from genrelab.models.jobs import Done, Job, run_jobs
from genrelab.models.kinds import KINDS
from genrelab.models.zoo import MODELS
from genrelab.runtime.errors import GenrelabError


@pytest.mark.parametrize(
    "model",
    [*MODELS, *(model for kind in KINDS.values() for model in kind.baselines)],
    ids=lambda one: one.name,
)
def test_every_model_can_be_sent_to_a_worker(model: Model) -> None:
    """A declaration travels with each job."""
    assert pickle.dumps(model)


def refuse() -> None:
    raise GenrelabError("refused")


@pytest.mark.parametrize("side_by_side", [False, True])
def test_a_job_runs_after_those_it_waits_for_even_if_they_fail(side_by_side: bool) -> None:
    """Whichever thread they run in."""
    seen: list[str] = []
    jobs = [
        Job("search", lambda: seen.append("search")),
        Job("broken", refuse),
        Job("fit", lambda: seen.append("fit"), ("search", "broken", "left out")),
    ]

    found = {done.key: done for done in run_jobs(jobs, side_by_side=side_by_side)}

    assert seen == ["search", "fit"]
    assert str(found["broken"].error) == "refused"
    assert found["fit"] == Done("fit")


def test_jobs_that_wait_for_nothing_run_at_the_same_time() -> None:
    """Both meet at a barrier, which one after the other would never pass."""
    both = threading.Barrier(2, timeout=30)

    found = list(run_jobs([Job(name, both.wait) for name in "ab"], side_by_side=True))

    assert sorted(done.result for done in found) == [0, 1]


def test_jobs_not_begun_are_dropped_when_one_goes_wrong() -> None:
    """An error that is nobody's to fix ends the training, and what waits for the job never begins."""
    begun = []

    def interrupt() -> None:
        raise KeyboardInterrupt

    go_on = threading.Event()
    jobs = [
        Job("first", interrupt),
        Job("second", lambda: go_on.wait(0.2)),
        Job("third", lambda: begun.append("third"), ("second",)),
    ]
    with pytest.raises(KeyboardInterrupt):
        list(run_jobs(jobs, side_by_side=True))

    assert begun == []

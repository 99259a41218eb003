"""The step of a training: its share of time, and the order of the tasks."""

from pathlib import Path

from genrelab.home import Home
from genrelab.models.tasks import TASKS
from genrelab.settings import Settings
from tasks.train import TimeBudget, time_budget


def test_all_trainings_of_a_run_share_one_deadline() -> None:
    """Seconds from the settings; none of them means no limit."""

    home = Home(Path("home"))
    assert TimeBudget(90, 10.0).deadline == 100.0
    assert time_budget(Settings(home)).deadline is None
    assert time_budget(Settings(home, training_seconds=60)).deadline is not None


def test_variants_are_trained_after_the_tasks_that_have_a_champion() -> None:
    """What comes last is left out first when time is short."""

    champions = [TASKS[name].has_champion for name in TASKS]
    assert champions == sorted(champions, reverse=True)

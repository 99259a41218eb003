"""The training task and its declarations say the same."""

from pathlib import Path

from genrelab.home import Home
from genrelab.models.tasks import TASKS
from genrelab.settings import Settings
from tasks.train import READS, TimeBudget, time_budget


def test_a_training_step_watches_the_tables_that_it_reads() -> None:
    """A step is skipped by the versions of its tables: none of them may be forgotten."""

    assert {name: tuple(task.columns) for name, task in TASKS.items()} == READS


def test_all_trainings_of_a_run_share_one_deadline() -> None:
    """Seconds from the settings; none of them means no limit."""

    home = Home(Path("home"))
    assert TimeBudget(90, 10.0).deadline == 100.0
    assert time_budget(Settings(home)).deadline is None
    assert time_budget(Settings(home, training_seconds=60)).deadline is not None


def test_variants_are_trained_after_the_tasks_that_have_a_champion() -> None:
    """What comes last is left out first when time is short."""

    champions = [TASKS[name].has_champion for name in READS]
    assert champions == sorted(champions, reverse=True)

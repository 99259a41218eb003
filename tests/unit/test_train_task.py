"""The training task and its declarations say the same."""

from genrelab.models.tasks import TASKS
from tasks.train import READS


def test_a_training_step_watches_the_tables_that_it_reads() -> None:
    """A step is skipped by the versions of its tables: none of them may be forgotten."""

    assert {name: tuple(task.columns) for name, task in TASKS.items()} == READS

"""The rows of a compiled champion."""

from doubtful_labels_facts import made_rows, publish_rows

from genrelab.evaluation.predictions import StoredModel
from genrelab.evaluation.samples import read_sample
from genrelab.lake.lake import Lake
from genrelab.models.tasks import TASKS
from genrelab.runtime.home import Home
from genrelab.runtime.settings import Settings
from tasks.training.compiled import _rows

TASK = TASKS["spotify-bins-classic"]
STORED = StoredModel(TASK.name, 1, None, TASK.labels, tuple(TASK.features))


def test_of_a_large_table_they_are_those_that_training_reads(home: Home) -> None:
    """With their names; of a smaller table all are."""
    publish_rows(Lake(home), made_rows())
    every, _ = _rows(home, TASK, STORED)
    (home.root / "genrelab.toml").write_text("[training]\nrows = 120\nseed = 3\n")
    found, _ = _rows(home, TASK, STORED)
    drawn, _ = read_sample(Lake(home).stored(TASK.table), ["track_id"], TASK.group, 120, Settings(home).seed)

    assert len(every) == 300
    assert found["track_id"].tolist() == drawn["track_id"].to_pylist()
    assert len(found) == 120
    of_found = every[every["track_id"].isin(found["track_id"])].reset_index(drop=True)
    assert found.equals(of_found)
    assert not found["track"].str.startswith("track ").any()

"""Published scores: cited, placed with their task, and never our own."""

import csv

import pytest

from genrelab.evaluation.references import REFERENCES, references_for


def test_the_documents_scores_stand_beside_their_task():
    """The forest that everything is compared with."""
    forest = next(one for one in references_for("spotify-bins-classic") if one.model == "random_forest")

    assert (forest.split, forest.metric, forest.value) == ("author", "accuracy", 0.4948)
    assert forest.source.startswith("github.com/")


def test_every_score_has_a_source_and_a_split():
    """A number without them says nothing."""
    for one in REFERENCES:
        assert one.source
        assert one.split
        assert one.metric
        assert one.label


def test_a_task_that_nobody_published_has_none():
    """The report then shows our scores alone."""
    assert references_for("spotify-bins-reviewed") == ()


@pytest.mark.real
def test_every_published_score_is_here(real_data):
    """All rows of the reference file that are not our own measurements, each value once."""
    file = real_data.parent / "reference" / "published_scores.csv"
    if not file.is_file():
        pytest.skip(f"no {file.name} beside the real data")
    with file.open(encoding="utf-8") as lines:
        published = [float(row["value"]) for row in csv.DictReader(lines) if row["source"] != "measured"]

    assert sorted(one.value for one in REFERENCES) == sorted(published)

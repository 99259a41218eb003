"""Descriptions fit the tables of MLflow, whose lengths PostgreSQL enforces."""

from mlflow.store.model_registry.dbmodels.models import SqlModelVersion, SqlRegisteredModel

from tasks.tracking.client import LONGEST_DESCRIPTION, SHORTENED, shortened


def test_a_long_description_is_cut_and_says_so() -> None:
    """The model card of a task with many classes is longer than the column."""
    text = "# Random forest\n" + "x" * LONGEST_DESCRIPTION
    cut = shortened(text)
    assert len(cut) == LONGEST_DESCRIPTION
    assert cut.startswith("# Random forest")
    assert cut.endswith(SHORTENED)
    assert shortened(text[:LONGEST_DESCRIPTION]) == text[:LONGEST_DESCRIPTION]


def test_the_length_is_that_of_the_columns() -> None:
    """Both tables of the registry."""
    for table in (SqlModelVersion, SqlRegisteredModel):
        assert table.__table__.c.description.type.length == LONGEST_DESCRIPTION

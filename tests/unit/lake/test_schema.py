"""Tables are declared once."""

import pyarrow as pa
import pytest

from genrelab.lake.schema import Column, Table
from genrelab.tables import TABLES


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_every_column_says_what_it_means(table: Table) -> None:
    """Each column of each table has a sentence, and the table is found under its own name."""

    assert TABLES[table.name] is table
    assert all(column.meaning.endswith((".", "`.")) for column in table), [
        column.name for column in table if not column.meaning.endswith(".")
    ]


def test_a_doubled_column_is_refused() -> None:
    """A declaration with two columns of one name is a programming error."""

    column = Column("energy", pa.float64(), "Energy.")
    with pytest.raises(ValueError, match="doubled columns"):
        Table("t", "Nothing.", (column, column), key=("energy",))


def test_a_key_must_be_a_column() -> None:
    """A key that is no column is a programming error."""

    with pytest.raises(ValueError, match="key not among columns"):
        Table("t", "Nothing.", (Column("energy", pa.float64(), "Energy."),), key=("id",))


@pytest.mark.parametrize(
    ("column", "allowed"),
    [
        (Column("a", pa.float64(), ".", low=0, high=1), "0 to 1"),
        (Column("a", pa.float64(), ".", low=0), "at least 0"),
        (Column("a", pa.float64(), ".", high=6), "at most 6"),
        (Column("a", pa.int64(), ".", choices=(0, 1)), "one of 0, 1"),
        (Column("a", pa.int64(), "."), "a number"),
        (Column("a", pa.string(), "."), "any value"),
    ],
)
def test_the_legal_values_are_put_in_words(column: Column, allowed: str) -> None:
    """Messages and the data dictionary say what is allowed."""

    assert column.allowed == allowed


def test_meaning_and_unit_travel_in_the_schema() -> None:
    """The Arrow schema carries the declaration's words into the Parquet files."""

    field = TABLES["spotify_tracks"].schema.field("loudness")
    assert field.metadata[b"unit"] == b"dB"

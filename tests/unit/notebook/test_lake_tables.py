"""`gl.tables()` and `gl.table()`."""

import json

import pyarrow as pa
import pytest
from small_tables import TRACKS, tracks

import genrelab as gl
from genrelab.lake.version import Counts
from genrelab.tables import TABLES
from genrelab_cli.commands.tables import print_tables


@pytest.mark.usefixtures("small")
def test_tables_says_what_the_command_says(capsys):
    """One source of the facts for both."""

    print_tables(as_json=True)

    printed = json.loads(capsys.readouterr().out)
    shown = gl.tables().to_dict("records")
    assert shown == [{name: fact[name] for name in shown[0]} for fact in printed]


@pytest.mark.usefixtures("home")
def test_an_empty_home_has_no_tables_but_their_columns():
    """A notebook's filter works before the first run."""

    found = gl.tables()

    assert found.empty
    assert {"table", "version", "rows", "sample"} <= set(found.columns)


def test_rows_come_in_the_order_of_their_source(lake):
    """The lake keeps no order; a frame has that of its source, whatever columns are read."""

    rows = tracks(len(TRACKS)).take([3, 0, 5, 1, 4, 2])
    lake.publish("spotify_binned", rows, Counts(6, 6), source="pulls", is_sample=False)

    assert gl.table("spotify_binned", ["track_name"])["track_name"].tolist() == [track[0] for track in TRACKS]


@pytest.mark.usefixtures("small")
def test_columns_come_in_the_order_asked_for():
    """One name is a list of one."""

    assert gl.table("spotify_binned", ["tempo", "energy"]).columns.tolist() == ["tempo", "energy"]
    assert gl.table("spotify_binned", "tempo").shape == (6, 1)


@pytest.mark.usefixtures("small")
def test_an_arrow_table_has_the_declared_types():
    """Every column of the declaration, in its order."""

    found = gl.table("spotify_binned", as_arrow=True)

    declared = TABLES["spotify_binned"].schema
    assert found.schema.names == declared.names
    assert [pa.types.is_integer(kind) for kind in found.schema.types] == [
        pa.types.is_integer(kind) for kind in declared.types
    ]


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"name": "spotify_bined"}, "there is no table spotify_bined.*did you mean spotify_binned"),
        ({"name": "../spotify_binned"}, "there is no table"),
        ({"name": "spotify_binned", "version": 7}, "no version 7; found: 2 versions; allowed: 0, 1"),
        (
            {"name": "spotify_binned", "columns": ["tempp"]},
            "no column tempp.*allowed: tempo and 34 others.*did you mean tempo",
        ),
    ],
)
@pytest.mark.usefixtures("small")
def test_a_wrong_name_is_answered_with_the_right_ones(asked, message):
    """The error names what is allowed, and only the near names where there are many."""

    with pytest.raises(gl.GenrelabError, match=message):
        gl.table(**asked)


def test_a_version_whose_files_were_removed_is_said_to_be_gone(small):
    """`genrelab clean` removes the files of old versions; their entries in the log stay."""

    for file in set(small.files("spotify_binned", 0)) - set(small.files("spotify_binned", 1)):
        file.unlink()

    with pytest.raises(gl.GenrelabError, match="read its newest version, 1"):
        gl.table("spotify_binned", version=0)
    assert len(gl.table("spotify_binned")) == 6

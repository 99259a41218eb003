"""`gl.sql()`: SELECT over the tables, and nothing else."""

import os
import signal
import threading
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_tables import tracks

import genrelab as gl
from genrelab.lake.version import Counts

pytestmark = pytest.mark.usefixtures("small")
WRITING = [
    "drop view spotify_binned",
    "create table copied as select * from spotify_binned",
    "create or replace view spotify_binned as select 1",
    "insert into spotify_binned select * from spotify_binned",
    "delete from spotify_binned",
    "update spotify_binned set energy = 0",
    "copy spotify_binned to 'stolen.csv'",
    "copy (select 1) to 'stolen.parquet'",
    "export database 'stolen'",
    "attach 'other.duckdb'",
    "install httpfs",
    "load httpfs",
    "set enable_external_access = true",
    "set lock_configuration = false",
    "reset lock_configuration",
    "pragma enable_profiling",
    "call pragma_version()",
    "select 1; drop view spotify_binned",
    "explain analyze select 1",
    "begin",
    "checkpoint",
    "",
    "-- nothing but a remark",
]
READING_FILES = [
    "select * from '{file}'",
    "select * from read_csv('{file}')",
    "select * from read_text('{file}')",
    "select * from read_blob('{file}')",
    "select * from read_parquet('{file}')",
    "select * from glob('{folder}/*')",
    "select * from read_csv('https://example.com/a.csv')",
    "select * from parquet_metadata('{file}')",
    "select * from (select * from read_json('{file}'))",
]


@pytest.mark.parametrize("query", WRITING)
def test_a_statement_that_is_no_select_is_refused(query, tmp_path):
    """Nothing is written, and the error says that one SELECT is allowed."""

    before = sorted(tmp_path.rglob("*"))

    with pytest.raises(gl.GenrelabError, match="allowed: one SELECT"):
        gl.sql(query)
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("query", READING_FILES)
def test_a_query_reads_no_file_and_no_address(query, tmp_path):
    """Neither a path in FROM, nor a function that reads, nor an address."""

    file = tmp_path / "secret.csv"
    file.write_text("password\nhunter2\n")

    with pytest.raises(
        gl.GenrelabError, match=r"cannot read or write files|there is no table|cannot be run"
    ) as error:
        gl.sql(query.format(file=file, folder=tmp_path))
    assert "hunter2" not in str(error.value)


def test_a_query_sees_no_variable_of_the_program():
    """DuckDB would take a frame of the caller for a table of its name."""

    frame = pd.DataFrame({"a": [1]})

    with pytest.raises(gl.GenrelabError, match="there is no table frame"):
        gl.sql("select * from frame")
    assert len(frame) == 1


def test_a_query_sees_no_environment(monkeypatch):
    """Keys of services lie there."""

    monkeypatch.setitem(os.environ, "SPOTIPY_CLIENT_SECRET", "hunter2")

    with pytest.raises(gl.GenrelabError, match="getenv"):
        gl.sql("select getenv('SPOTIPY_CLIENT_SECRET')")


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("select * from spotify_bined", "no table spotify_bined.*did you mean spotify_binned"),
        ("select tempa from spotify_binned", "spotify_binned has no column tempa.*did you mean tempo"),
        ("select b.tempa from spotify_binned b", "spotify_binned has no column tempa.*did you mean tempo"),
        ("selec 1", 'cannot be run; found: Parser Error: syntax error at or near "selec"'),
        ("select loud(tempo) from spotify_binned", "cannot be run; found: Catalog Error: Scalar Function"),
        ("select 'loud'::int", "cannot be run; found: Conversion Error"),
    ],
)
def test_a_mistake_is_answered_with_what_is_allowed(query, message):
    """The near names of a wrong one; DuckDB's first line for anything else."""

    with pytest.raises(gl.GenrelabError, match=message) as error:
        gl.sql(query)
    assert "\n" not in str(error.value)


@pytest.mark.filterwarnings("ignore::genrelab.SampleDataWarning")
def test_every_table_is_a_view_with_the_columns_of_its_version(small):
    """And its rows are those of `gl.table`."""

    assert gl.sql("show tables")["name"].tolist() == small.tables()
    for name in small.tables():
        described = gl.sql(f"describe {name}")["column_name"].tolist()
        assert described == gl.table(name).columns.tolist()
    columns = ["track_name", "energy", "genre_bin"]
    pd.testing.assert_frame_equal(
        gl.sql("select track_name, energy, genre_bin from spotify_binned order by source_row"),
        gl.table("spotify_binned", columns),
    )


def test_a_version_can_be_named_for_each_table():
    """The other tables are read in their newest one."""

    query = "select count(*) as n from spotify_binned"

    assert gl.sql(query)["n"].tolist() == [6]
    assert gl.sql(query, version={"spotify_binned": 0})["n"].tolist() == [5]
    with pytest.raises(gl.GenrelabError, match="no version 9; found: 2 versions; allowed: 0, 1"):
        gl.sql(query, version={"spotify_binned": 9})
    with pytest.raises(gl.GenrelabError, match="there is no table spotify"):
        gl.sql(query, version={"spotify": 0})


def test_sums_are_numbers_of_numpy():
    """DuckDB sums whole numbers to decimals, which pandas would keep as objects."""

    found = gl.sql(
        "select sum(popularity) as small, sum(9223372036854775807::bigint) as large, sum(1.25::decimal(5, 2)) as part"
        " from spotify_binned"
    )

    assert found.dtypes.map(str).to_dict() == {"small": "int64", "large": "float64", "part": "float64"}
    assert found["small"].tolist() == [gl.table("spotify_binned")["popularity"].sum()]
    assert found["part"].tolist() == [7.5]


def test_tables_are_joined_by_any_form_of_join():
    """Also by USING, which needs to know the columns of both."""

    found = gl.sql(
        "select count(*) as n from spotify_binned join (select track_id from spotify_binned) using (track_id)"
        " natural join (select distinct artist_name from spotify_binned)"
    )

    assert found["n"].tolist() == [6]


def test_a_table_without_rows_has_its_columns(small):
    """An empty version is a version."""

    small.publish("spotify_binned", tracks(0), Counts(0, 0), source="pulls", is_sample=False)

    assert gl.sql("select track_name, energy from spotify_binned").columns.tolist() == [
        "track_name",
        "energy",
    ]


def test_a_damaged_table_fails_only_the_queries_that_name_it(small):
    """The others are answered."""

    for log in (small.path("fma_genres") / "_delta_log").glob("*.json"):
        log.write_text("{}")

    assert len(gl.sql("select * from spotify_binned")) == 6
    with pytest.raises(gl.GenrelabError, match="fma_genres cannot be opened"):
        gl.sql("select * from fma_genres")


def test_an_empty_home_has_no_table(home):
    """The error says how to make one."""

    with pytest.raises(gl.GenrelabError, match="none yet: run `genrelab nightly`"):
        gl.sql("select * from spotify_binned")
    assert gl.sql("select 1 as one")["one"].tolist() == [1]
    assert not list(Path(home.root).rglob("*.duckdb"))


def test_ctrl_c_stops_a_query():
    """As it stops anything else in Python."""

    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # workers of pytest-xdist ignore it
    timer = threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGINT))
    timer.start()
    try:
        with pytest.raises(KeyboardInterrupt):
            gl.sql("select count(*) from range(1000000000000) where range % 7 = 1")
    finally:
        timer.join()
        signal.signal(signal.SIGINT, before)


@given(st.text(max_size=60))
@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_is_an_answer_or_an_error_that_says_what_to_do(text):
    """No other exception, whatever is typed."""

    found, said = None, None
    try:
        found = gl.sql(text)
    except gl.GenrelabError as error:
        said = error

    assert isinstance(found, pd.DataFrame) or (said and said.allowed and said.do)

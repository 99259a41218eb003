"""`genrelab sql`: a table for a terminal, CSV and JSON for programs."""

import csv
import doctest
import io
import json
from importlib import import_module
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from small_tables import TRACKS, small_lake

from genrelab.runtime.errors import GenrelabError
from genrelab_cli.main import cli


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Run `genrelab sql` on a home with small tables."""
    small_lake(tmp_path)
    monkeypatch.setenv("GENRELAB_HOME", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "80")

    def command(*words: str, given: str = "") -> Result:
        return CliRunner().invoke(cli, ["sql", *words], input=given, catch_exceptions=True)

    return command


def test_a_table_is_aligned(run):
    """Numbers to the right under their names, a missing value is empty."""

    shown = run("select genre_bin, count(*) as tracks from spotify_binned group by all order by all")

    assert shown.stdout.splitlines() == [
        "genre_bin        tracks",
        "mexicano/latino       1",
        "pop                   2",
        "rock                  2",
        "                      1",
        "4 rows",
    ]
    assert shown.stderr == ""


def test_no_line_is_wider_than_the_terminal_and_what_is_left_out_is_named(run):
    """Texts are cut with an ellipsis, names of columns never."""

    shown = run("select * from spotify_binned")

    lines = shown.stdout.splitlines()
    assert max(map(len, lines)) <= 80
    assert "…" in lines[1]
    assert "…" not in lines[0]
    hidden = shown.stderr.split("do not fit: ")[1].split(". --csv")[0].split(", ")
    assert len(lines[0].split()) + len(hidden) == 35


def test_signs_of_any_width_stay_aligned_and_none_is_a_command_to_the_terminal(run):
    """Names of tracks come from anywhere."""

    shown = run("select '가나' as a, 1 as b union all select 'abc' || chr(27) || '[2J', 2 order by b")

    assert shown.stdout.splitlines() == ["a        b", "가나     1", "abc [2J  2", "2 rows"]


def test_columns_of_one_name_are_told_apart(run):
    """JSON would keep the last one only."""

    shown = run("select 1 as a, 2 as a", "--json")

    assert json.loads(shown.stdout) == [{"a": 1, "a_2": 2}]


@pytest.mark.parametrize("module", ["genrelab_cli.commands.sql", "genrelab.notebook.sql"])
def test_the_examples_in_the_code_hold(module):
    """Of the widths of columns, and of their names."""

    failed, tried = doctest.testmod(import_module(module))

    assert (failed, tried > 0) == (0, True)


def test_rows_that_are_cut_are_mentioned(run):
    """And nothing is said when all are shown."""

    query = "select track_name from spotify_binned"

    assert "the first 2 rows; --limit shows more" in run(query, "--limit", "2").stderr
    assert "2 rows" in run(query, "--limit", "2").stdout
    assert run(query, "--limit", "6").stderr == ""
    assert "the first 100 rows" in run("select * from range(101)").stderr
    assert run("select * from range(100)").stderr == ""


def test_csv_is_read_back_as_the_rows(run):
    """Lists are JSON, as CSV has none; without --limit every row is printed."""

    shown = run(
        "select track_name, genres, energy, genre_bin from spotify_binned order by source_row", "--csv"
    )

    rows = list(csv.DictReader(io.StringIO(shown.stdout)))
    assert [(row["track_name"], json.loads(row["genres"]), float(row["energy"])) for row in rows] == [
        (track[0], track[2], track[4]) for track in TRACKS
    ]
    assert rows[-1]["genre_bin"] == ""
    assert len(run("select * from range(1000)", "--csv").stdout.splitlines()) == 1001


def test_json_is_valid_whatever_the_values(run):
    """NaN and infinity are null, dates are text."""

    shown = run(
        "select 'nan'::double as a, 'inf'::double as b, [1.5, 'nan'::double] as c, date '2026-01-02' as d,"
        " {'x': null} as e, sum(popularity) as f from spotify_binned",
        "--json",
    )

    def refuse(word: str) -> None:
        raise ValueError(word)

    assert json.loads(shown.stdout, parse_constant=refuse) == [
        {"a": None, "b": None, "c": [1.5, None], "d": "2026-01-02", "e": {"x": None}, "f": 233}
    ]
    assert json.loads(run("select 1 as one where false", "--json").stdout) == []


def test_a_query_may_come_from_standard_input(run):
    """As `-`, for queries of several lines."""

    shown = run("-", "--csv", given="select count(*) as n\nfrom spotify_binned\n")

    assert shown.stdout == "n\n6\n"


def test_a_version_and_sample_data_are_taken_into_account(run):
    """An earlier version by its number; synthetic rows are labelled."""

    query = "select count(*) as n from spotify_binned"

    assert run(query, "--csv", "--version", "spotify_binned=0").stdout == "n\n5\n"
    assert run("select title from fma_genres").stderr == "fma_genres is made from synthetic sample data\n"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["drop view spotify_binned"], "not a query that only reads; found: DROP"),
        (["select tempa from spotify_binned"], "no column tempa"),
        (["select 1", "--version", "spotify_binned"], "a version is named by its table and number"),
        (["select 1", "--version", "spotify_binned=9"], "no version 9"),
    ],
)
def test_a_mistake_prints_nothing_but_its_error(words, message, run):
    """No half answer on standard output, and an exit code other than 0."""

    shown = run(*words)

    assert isinstance(shown.exception, GenrelabError)
    assert message in str(shown.exception)
    assert shown.stdout == ""


def test_an_error_in_the_middle_of_the_rows_is_an_error_of_the_query(run):
    """DuckDB computes batch by batch: the last row may fail."""

    shown = run("select case when i = 300000 then 'x'::int else i end as i from range(300001) t(i)", "--csv")

    assert isinstance(shown.exception, GenrelabError)
    assert "Conversion Error" in str(shown.exception)

"""`genrelab ingest-spotify FILE --look`: what a file is taken for, without a server and without a table."""

import unicodedata
from pathlib import Path

import pytest
from click.testing import CliRunner
from layout_files import TRACKS, as_csv, exportify, records_of

from genrelab.runtime.errors import GenrelabError
from genrelab.runtime.home import Home
from genrelab_cli.commands.look import WIDTH, print_look
from genrelab_cli.main import cli


def look_at(folder: Path, text: str, columns: str = "") -> int:
    path = folder / "mine.csv"
    path.write_text(text, encoding="utf-8")
    return print_look(str(path), columns)


def columns_of(line: str) -> int:
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in line)


def test_a_look_says_what_the_file_is_taken_for(
    home: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Layout, encoding, form of genres, kinds of ids, three rows; nothing is published and no server started."""

    code = look_at(tmp_path, as_csv(records_of("exportify")))
    said = capsys.readouterr().out
    assert code == 0
    for words in (
        "Exportify of 2025 and later (exportify)",
        "separated by commas",
        "by name, because the file has no artist ids",
        "Album Name",
        "row 3",
        "Artist Two",
        "3 records: 3 would be published",
        "The file can be ingested. Nothing was published",
    ):
        assert words in said
    assert not home.lake.exists()
    assert not (tmp_path / ".prefect").exists()


def test_a_look_fits_into_80_columns(home: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Long names are cut, and characters of East Asia count twice."""

    wide = {**exportify(TRACKS[1]), "Artist Name(s)": "\u677e\u672d\u6771\u4eac" * 9, "Track Name": "x" * 300}
    look_at(tmp_path, as_csv([exportify(TRACKS[0]), wide, exportify(TRACKS[2])]))
    lines = capsys.readouterr().out.splitlines()
    assert max(map(columns_of, lines)) <= WIDTH
    assert home.root == tmp_path


def test_a_look_says_what_would_be_rejected(
    home: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """By the reader and by the suite, each with its count and an example; the exit code is that of a refusal."""

    records = [dict(record) for record in records_of("pulls")]
    records[0]["energy"], records[2]["tempo"] = 73, "fast"
    assert look_at(tmp_path, as_csv(records)) == 1
    said = capsys.readouterr().out
    assert "energy: 0 to 1: 1 rejected, e.g. mine.csv row 1" in said
    assert "tempo: a number: 1 rejected, e.g. mine.csv row 3: found 'fast'" in said
    assert "The table would be refused: 66.7% of the records were rejected" in said
    assert not home.quarantine.exists()


def test_a_look_takes_the_mapping(home: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The column that a value comes from stands beside it."""

    text = as_csv(records_of("pulls")).replace("artist_name", "Interpret", 1)
    with pytest.raises(GenrelabError, match="lacks the column artist_name"):
        look_at(tmp_path, text)
    assert look_at(tmp_path, text, "artist_name=Interpret") == 0
    assert "Interpret" in capsys.readouterr().out
    assert home.root == tmp_path


def test_the_help_of_ingest_spotify_promises_no_sample(home: Home) -> None:
    """The sample is scraped; asking for it here says which command gets it."""

    assert "sample" not in CliRunner().invoke(cli, ["ingest-spotify", "--help"]).output
    with pytest.raises(GenrelabError, match="genrelab scrape"):
        print_look(None, "")
    assert home.settings_file.name == "genrelab.toml"


def test_two_sources_in_one_command_are_a_mistake() -> None:
    """Which one is meant cannot be known."""

    done = CliRunner().invoke(cli, ["ingest-spotify", "a.csv", "--spotify", "b.csv"])
    assert done.exit_code != 0
    assert "name different sources" in done.output

"""Text on a terminal: help in whole sentences, wrapped at words, colour where there is a terminal."""

import json

import pytest
from click.testing import CliRunner
from frames import legal

from genrelab.lake.ingested import Ingested, rejects_table
from genrelab.lake.lake import Lake
from genrelab.runtime.errors import GenrelabError
from genrelab.runtime.home import Home
from genrelab.tables import TABLES
from genrelab_cli.checks.environment import FIX, Finding
from genrelab_cli.commands import doctor
from genrelab_cli.layout import painted, wrapped
from genrelab_cli.main import cli
from tasks.publishing.audit import PublishContext
from tasks.publishing.publish import audit_and_publish

LONG = "one sentence of many words " * 8


def test_the_help_cuts_no_sentence() -> None:
    """Neither that of the program nor that of a group."""

    for words in ([], ["champion"], ["rules"], ["quarantine"], ["drift"]):
        shown = CliRunner().invoke(cli, [*words, "--help"], env={"COLUMNS": "80"}).output
        assert "..." not in shown.partition("Commands:")[2]
        assert max(map(len, shown.splitlines())) <= 80


def test_a_paragraph_is_wrapped_on_a_terminal_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file or a pipe gets one fact a line."""

    monkeypatch.delenv("COLUMNS", raising=False)
    assert wrapped(LONG, "  ok  ") == f"  ok  {LONG}"
    monkeypatch.setenv("COLUMNS", "80")
    lines = wrapped(LONG, "  ok  ").splitlines()
    assert max(map(len, lines)) <= 80
    assert all(line.startswith("      ") for line in lines[1:])
    assert " ".join(lines).split() == ["ok", *LONG.split()]


def test_colour_can_be_turned_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """As no-color.org asks."""

    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    assert painted("fix", "red") == "\x1b[31mfix\x1b[0m"
    monkeypatch.setenv("NO_COLOR", "1")
    assert painted("fix", "red") == "fix"


@pytest.mark.usefixtures("home")
def test_doctor_wraps_at_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """What to do stands below, indented."""

    monkeypatch.setattr(doctor, "find_out", lambda _: [Finding("lake", FIX, LONG.strip(), LONG.strip())])
    shown = CliRunner().invoke(cli, ["doctor"], env={"COLUMNS": "80"}).output
    assert max(map(len, shown.splitlines())) <= 80
    assert shown.split()[:2] == ["lake", "fix"]
    assert "        -> one sentence" in shown


def test_tables_fit_into_eighty_columns(lake: Lake) -> None:
    """A long source stands whole in a line of its own; elsewhere it ends its line."""

    source = "a folder with a long name/and another one/and the file itself.csv"
    data = legal(TABLES["spotify_tracks"])
    context = PublishContext(source, is_sample=False)
    audit_and_publish(lake, TABLES["spotify_tracks"], Ingested(data, rejects_table([]), len(data)), context)
    shown = CliRunner().invoke(cli, ["tables"], env={"COLUMNS": "80"}).output
    assert max(map(len, shown.splitlines())) <= 80
    assert source in " ".join(shown.split())
    piped = CliRunner().invoke(cli, ["tables"]).output
    assert any(line.endswith(source) for line in piped.splitlines())


def test_export_replaces_a_file_only_by_force(lake: Lake, home: Home) -> None:
    """Without a terminal nobody can be asked."""

    data = legal(TABLES["spotify_tracks"])
    context = PublishContext("pulls", is_sample=False)
    audit_and_publish(lake, TABLES["spotify_tracks"], Ingested(data, rejects_table([]), len(data)), context)
    file = home.root / "tracks.csv"
    file.write_text("mine")
    done = CliRunner().invoke(cli, ["export", "spotify_tracks", str(file)])
    assert isinstance(done.exception, GenrelabError)
    assert "add --force" in str(done.exception)
    assert file.read_text() == "mine"
    assert CliRunner().invoke(cli, ["export", "spotify_tracks", str(file), "--force"]).exit_code == 0
    assert file.read_text() != "mine"


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_gets_its_completion(shell: str) -> None:
    """The script asks the program by click's variable."""

    shown = CliRunner().invoke(cli, ["completion", shell])
    assert shown.exit_code == 0
    assert f"_GENRELAB_COMPLETE={shell}_complete" in shown.output


def test_completion_knows_the_commands(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the script of bash asks for `genrelab tra<Tab>`."""

    asked = {"_GENRELAB_COMPLETE": "bash_complete", "COMP_WORDS": "genrelab tra", "COMP_CWORD": "1"}
    for name, value in asked.items():
        monkeypatch.setenv(name, value)
    assert CliRunner().invoke(cli, [], prog_name="genrelab").output == "plain,train\n"


@pytest.mark.usefixtures("home")
def test_facts_of_rules_and_quarantine_are_json() -> None:
    """For other programs, also where there is nothing, or something wrong."""

    good = json.loads(CliRunner().invoke(cli, ["rules", "check", "reviewed", "--json"]).output)
    assert (good["valid"], good["name"]) == (True, "reviewed")
    bad = CliRunner().invoke(cli, ["rules", "check", "nope", "--json"])
    assert (bad.exit_code, json.loads(bad.output)["valid"]) == (1, False)
    empty = json.loads(CliRunner().invoke(cli, ["quarantine", "list", "--json"]).output)
    assert empty == {"rejected": [], "released": []}
    one = json.loads(CliRunner().invoke(cli, ["quarantine", "show", "spotify_tracks", "--json"]).output)
    assert (one["records"], one["shown"], one["refused"]) == (0, [], [])


def test_an_unknown_task_is_a_message_with_those_there_are() -> None:
    """Before anything starts."""

    done = CliRunner().invoke(cli, ["train", "--task", "nope"])
    assert isinstance(done.exception, GenrelabError)
    assert "allowed: spotify-bins-classic, spotify-bins-reviewed" in str(done.exception)

"""`genrelab quarantine`: looking at what was rejected, and letting it in."""

import json

import pytest
from click.testing import CliRunner, Result
from frames import changed, legal

from genrelab.lake.ingested import Ingested, Reject, rejects_table
from genrelab.lake.lake import Lake
from genrelab.lake.waivers import read_waivers, why_not
from genrelab.runtime.errors import GenrelabError, RefusedError
from genrelab.tables import TABLES
from genrelab_cli.main import cli
from tasks.publishing.audit import PublishContext
from tasks.publishing.publish import audit_and_publish

TRACKS = TABLES["spotify_tracks"]
RULE = "energy: 0 to 1"


def run(*words: str) -> Result:
    return CliRunner().invoke(cli, ["quarantine", *words])


def fill(lake: Lake, bad: int = 2) -> None:
    """Forty rows: some with an energy of 7, the first with a wrong mode as well, and one that is no record."""
    data = legal(TRACKS)
    for row in range(bad):
        data = changed(data, "energy", row, 7.0)
    data = changed(data, "mode", 0, 3)
    unreadable = rejects_table(
        [Reject("made.csv", 99, ("tempo: a number",), ("tempo is 'fast'",), {"tempo": "fast"})]
    )
    facts = Ingested(data, unreadable, 41)
    audit_and_publish(lake, TRACKS, facts, PublishContext("pulls", is_sample=False))


def test_a_release_is_told_kept_and_listed(lake: Lake) -> None:
    """How many rows came in, how many stay, who decided and why."""

    fill(lake)
    done = run("release", "spotify_tracks", "--rule", RULE, "--reason", "percent, checked by ear")
    assert done.exit_code == 0, done.output
    assert "1 rows admitted to spotify_tracks version 1" in done.output
    assert "1 records also break other rules" in done.output
    assert "41 read = 39 published + 2 quarantined + 0 exact duplicates" in done.output
    (release,) = read_waivers(lake.home)
    assert (release.rule, release.source, release.reason) == (RULE, "pulls", "percent, checked by ear")
    assert release.who
    assert release.when.startswith("20")
    assert "percent, checked by ear" in run("list").output


def test_a_release_can_be_taken_back(lake: Lake) -> None:
    """The rows go to quarantine again when their source is read again."""

    fill(lake)
    run("release", "spotify_tracks", "--rule", RULE, "--reason", "checked")
    assert "no longer released" in run("release", "spotify_tracks", "--rule", RULE, "--withdraw").output
    assert read_waivers(lake.home) == []
    fill(lake)
    assert lake.current("spotify_tracks").counts.quarantined == 3
    assert "is not released" in error("release", "spotify_tracks", "--rule", RULE, "--withdraw")


def error(*words: str) -> str:
    """The message with which a command ends."""
    done = run(*words)
    assert isinstance(done.exception, GenrelabError), done.output
    return str(done.exception)


def test_text_where_a_number_belongs_cannot_be_released(lake: Lake) -> None:
    """There is no such row."""

    fill(lake)
    said = error("release", "spotify_tracks", "--rule", "tempo: a number", "--reason", "x")
    assert "cannot be released" in said
    assert "not of the column's type" in said


def test_a_release_needs_a_reason(lake: Lake) -> None:
    """Whoever comes after asks why."""

    fill(lake)
    assert "needs a reason" in error("release", "spotify_tracks", "--rule", RULE)
    assert "needs a reason" in error("release", "spotify_tracks", "--rule", RULE, "--reason", "  ")


def test_an_unknown_rule_names_those_that_are_there(lake: Lake) -> None:
    """As `quarantine show` prints them."""

    fill(lake)
    said = error("release", "spotify_tracks", "--rule", "energy", "--reason", "x")
    assert all(repr(rule) in said for rule in (RULE, "mode: one of 0, 1", "tempo: a number"))


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize("words", [("show", "tracks"), ("release", "tracks", "--rule", "x", "--reason", "y")])
def test_an_unknown_table_names_those_that_are_there(words: tuple[str, ...]) -> None:
    """A typo is a message."""

    assert "spotify_tracks, spotify_binned" in error(*words)


@pytest.mark.parametrize(
    ("rule", "words"),
    [("track_id: present", "never missing"), ("source, source_row: unique", "the key identifies a row")],
)
def test_presence_and_identity_cannot_be_released(rule: str, words: str) -> None:
    """Later steps rely on both."""

    assert words in why_not(TRACKS, rule)


def test_a_refused_try_can_be_looked_at_and_released(lake: Lake) -> None:
    """Its records are told apart, and the next ingestion applies the release."""

    with pytest.raises(RefusedError):
        fill(lake, bad=20)
    assert "(refused table)" in run("list").output
    shown = run("show", "spotify_tracks", "--limit", "3").output
    assert "51.2% of the records were rejected" in shown
    assert "and 18 more" in shown
    done = run("release", "spotify_tracks", "--rule", RULE, "--reason", "percent")
    assert "ingest pulls again" in done.output
    fill(lake, bad=20)
    assert lake.current("spotify_tracks").counts.quarantined == 2


def test_the_record_of_a_row_is_shown_as_it_came(lake: Lake) -> None:
    """With its file and number."""

    fill(lake)
    said = run("show", "spotify_tracks").output
    assert "made.csv row 99: tempo is 'fast'" in said
    assert json.dumps({"tempo": "fast"}) in said

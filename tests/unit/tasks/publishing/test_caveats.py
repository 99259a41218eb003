"""What changes the meaning of a table reaches people, and is an error of a strict run."""

import json
import logging
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from frames import legal
from prefect import State

from genrelab.analyses.data_quality.pages import tables as page
from genrelab.analyses.data_quality.result import PublishedTables
from genrelab.lake.ingested import Ingested, rejects_table
from genrelab.lake.lake import Lake
from genrelab.lake.validation_records import fallback_notices
from genrelab.lake.version import Counts
from genrelab.runtime.errors import RefusedError, SettingsError
from genrelab.runtime.home import Home
from genrelab.runtime.settings import load_settings
from genrelab.tables import TABLES
from genrelab_cli.commands.flow_commands import FLOW_COMMANDS
from genrelab_cli.main import cli
from tasks.publishing import work_ingest
from tasks.publishing.audit import PublishContext
from tasks.publishing.ingest import ingest_spotify_tracks
from tasks.publishing.publish import audit_and_publish
from tasks.report import _tables
from tasks.run import artifacts

TRACKS = TABLES["spotify_tracks"]
CAVEAT = "info_1.csv: 12 artist ids made from names"
LONG = "info_1.csv: bytes that are not UTF-8 taken for Windows-1252 in lines " + ", ".join(
    map(str, range(99))
)


def put(home: Home, **texts: Any) -> None:
    Lake(home).publish(TRACKS.name, legal(TRACKS, rows=3), Counts(3, 3), source="x", is_sample=False, **texts)


class Source:
    """A folder of pulls, read with caveats."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.caveats, self.reads = folder, (CAVEAT, LONG), 0
        self.change("first")

    def change(self, text: str) -> None:
        (self.folder / "info_1.csv").write_text(text)

    def read(self, *_: object, **__: object) -> Ingested:
        self.reads += 1
        return Ingested(legal(TRACKS, rows=40), rejects_table(()), 40, caveats=self.caveats)

    def ingest(self, *, strict: bool = False) -> State[Any]:
        return ingest_spotify_tracks.fn(load_settings(spotify=str(self.folder), strict=strict))


@pytest.fixture
def source(home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Source:  # noqa: ARG001 - GENRELAB_HOME
    """A source whose reader finds caveats; what would go to Prefect is dropped."""
    for function in ("publish_rows", "publish_text"):
        monkeypatch.setattr(artifacts, function, lambda *_: None)
    folder = tmp_path / "pulls"
    folder.mkdir()
    found = Source(folder)
    monkeypatch.setattr(work_ingest, "read_pulls", found.read)
    return found


def test_every_caveat_stands_below_its_step(source: Source, caplog: pytest.LogCaptureFixture) -> None:
    """Whole, in a line each; and again when the step is skipped."""

    for _ in range(2):
        caplog.clear()
        with caplog.at_level(logging.INFO, "genrelab"):
            state = source.ingest()
        below = [line for line in caplog.messages if "caveat: " in line]
        assert below == [f"{'':<22} caveat: spotify_tracks: {text}" for text in (CAVEAT, LONG)]
        assert f"caveat: spotify_tracks: {LONG}" in str(state.message)
    assert (source.reads, state.name) == (1, "Unchanged")


def test_a_strict_run_refuses_before_it_publishes(source: Source, home: Home) -> None:
    """The last good version stays; the message has every caveat and says how to accept them."""

    source.caveats = ()
    assert source.ingest(strict=True).is_completed()
    source.change("second")
    source.caveats = (CAVEAT, LONG)
    state = source.ingest(strict=True)
    assert state.is_failed()
    assert all(
        text in str(state.message) for text in (CAVEAT, LONG, "without --strict", "version 0, the last good")
    )
    assert Lake(home).current(TRACKS.name).version == 0
    assert CAVEAT in fallback_notices(home, [TRACKS.name])[0]
    assert source.ingest().is_completed()
    assert Lake(home).current(TRACKS.name).caveats == (CAVEAT, LONG)
    assert fallback_notices(home, [TRACKS.name]) == []


def test_a_strict_run_of_what_was_accepted_reads_nothing(source: Source, home: Home) -> None:
    """It fails with the same words, and the table stays; without caveats it is skipped like any other."""

    source.ingest()
    state = source.ingest(strict=True)
    assert (state.is_failed(), source.reads) == (True, 1)
    assert CAVEAT in str(state.message)
    assert source.ingest().name == "Unchanged"
    assert Lake(home).current(TRACKS.name).version == 0
    source.caveats = ()
    source.change("second")
    source.ingest()
    assert (source.ingest(strict=True).name, source.reads) == ("Unchanged", 2)


def test_a_table_with_other_faults_names_its_caveats_too(lake: Lake) -> None:
    """A refusal by the suite keeps its own words."""

    found = Ingested(legal(TRACKS, rows=40).slice(0, 0), rejects_table(()), 0, caveats=(CAVEAT,))
    with pytest.raises(RefusedError, match="no records"):
        audit_and_publish(lake, TRACKS, found, PublishContext("x", is_sample=False, strict=True))


def test_strict_is_a_setting(home: Home) -> None:
    """True, false, or a message."""

    for text, expected in {"": False, "strict = true": True, "strict = false": False}.items():
        home.settings_file.write_text(f"[validation]\n{text}\n")
        assert load_settings().strict is expected
        assert load_settings(strict=True).strict
    home.settings_file.write_text('[validation]\nstrict = "yes"\n')
    with pytest.raises(SettingsError, match=r"validation\.strict is neither true nor false"):
        load_settings()


def test_every_command_that_ingests_can_be_strict() -> None:
    """And no other."""

    strict = {each.name for each in FLOW_COMMANDS if "strict" in {option.name for option in each.params}}
    assert strict == {"nightly", "scrape", "ingest-spotify", "ingest-fma", "ingest-origin"}


def printed(*words: str) -> str:
    """What `genrelab tables` prints."""
    return CliRunner(env={"COLUMNS": None}).invoke(cli, ["tables", *words], catch_exceptions=False).output


def test_tables_shows_caveats_and_counts_the_rest(home: Home) -> None:
    """Caveats whole below the table; warnings and notes by number, and whole when asked for."""

    put(home, caveats=[CAVEAT, LONG], warnings=["tempo: above 0: 4 rows"], notes=["one empty file", "two"])
    shown = printed()
    assert f"spotify_tracks: caveat: {LONG}\n" in shown
    assert "spotify_tracks 1 warning, 2 notes. To read them: genrelab tables --notes" in shown
    assert "tempo: above 0" not in shown
    full = printed("--notes")
    assert (
        full.index(CAVEAT)
        < full.index("warning: tempo: above 0: 4 rows")
        < full.index("note: one empty file")
    )
    assert "--notes" not in full
    [fact] = json.loads(printed("--json"))
    assert fact["caveats"] == [CAVEAT, LONG]
    assert (fact["warnings"], fact["notes"]) == (["tempo: above 0: 4 rows"], ["one empty file", "two"])


def test_a_table_without_any_has_no_line(home: Home) -> None:
    """Two lines: the heading and the table."""

    put(home)
    assert len(printed().splitlines()) == 2


def test_the_artifact_begins_with_caveats(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """Then warnings, then notes, whichever table has them."""

    given: dict[str, Any] = {}
    monkeypatch.setattr(artifacts, "publish_rows", lambda _key, rows, _text: given.update(rows=rows))
    monkeypatch.setattr(artifacts, "publish_text", lambda _key, text: given.update(text=text))
    put(home, caveats=[CAVEAT], warnings=["a warning"], notes=["a note"])
    version = Lake(home).current(TRACKS.name)
    artifacts.publish_table_summary([replace(version, table="first", caveats=()), version])
    kinds = [line.split("**")[2].split(":")[0].strip() for line in given["text"].splitlines()]
    assert kinds == ["caveat", "warning", "warning", "note", "note"]
    assert [row["caveats"] for row in given["rows"]] == [0, 1]


def test_the_report_shows_them_first(home: Home) -> None:
    """In the sentence of its page Tables and at the table itself."""

    put(home, caveats=[CAVEAT])
    summary = page.fill(PublishedTables(_tables(Lake(home))))
    assert summary["finding"].endswith("Read the caveats of spotify_tracks first.")
    assert summary["entries"][0]["caveats"] == (CAVEAT,)

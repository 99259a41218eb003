"""`genrelab rules explain`: on a lake without tables, on one with tracks, and with odd names."""

import json
from pathlib import Path

import pyarrow as pa
import pytest
from click.testing import CliRunner
from frames import legal

from genrelab.lake.lake import Lake
from genrelab.lake.version import Counts
from genrelab.runtime.home import Home
from genrelab.tables import TABLES
from genrelab_cli.main import cli

LISTS = (["indie r&b", "pop rap"], ["Indie R&B"], ["comedy"], [])
ROWS = 12


@pytest.fixture
def lake(home: Home, monkeypatch: pytest.MonkeyPatch) -> Lake:
    """A home whose lake holds twelve tracks of four lists of micro-genres."""
    monkeypatch.setenv("GENRELAB_HOME", str(home.root))
    tracks = legal(TABLES["spotify_tracks"], rows=ROWS)
    genres = pa.array([LISTS[row % len(LISTS)] for row in range(ROWS)], pa.list_(pa.string()))
    tracks = tracks.set_column(tracks.schema.get_field_index("genres"), "genres", genres)
    lake = Lake(home)
    lake.publish("spotify_tracks", tracks, Counts(ROWS, ROWS), source="made", is_sample=False)
    return lake


def explained(*words: str) -> str:
    """What the command prints."""
    done = CliRunner().invoke(cli, ["rules", "explain", *words], catch_exceptions=False)
    assert done.exit_code == 0
    return done.output


@pytest.mark.usefixtures("lake")
def test_a_micro_genre_of_the_data_is_explained() -> None:
    """Genre, rule and reason by each set, where its tracks end, and tracks with their ids."""
    said = explained("indie r&b")

    assert "by reviewed, in use: jazz/blues" in said
    assert "by classic: pop" in said
    assert "It comes before jazz/blues, which also matches." in said
    assert "3 tracks of Spotify" in said
    assert "0000000000000000000000" in said


@pytest.mark.usefixtures("lake")
def test_json_has_the_same() -> None:
    """For scripts."""
    found = json.loads(explained("indie r&b", "--json", "--rules", "reviewed"))

    assert found["rules"]["reviewed"]["genre"] == "jazz/blues"
    assert [one["tracks"] for one in found["data"]] == [3, 3]
    assert list(found["rules"]) == ["reviewed"]


@pytest.mark.usefixtures("lake")
def test_a_name_that_no_track_carries_has_near_ones() -> None:
    """The rules explain it all the same."""
    said = explained("indie rnb")

    assert "no track carries it; nearest names: indie r&b" in said.lower()


@pytest.mark.parametrize(
    "name", ["<b>'\"", "\u0641\u064a\u0631\u0648\u0632", "\N{GUITAR}", "x" * 300, "a\x1b[2J"]
)
def test_odd_names_are_explained_without_a_table(
    home: Home, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Quotes, tags, emoji, right-to-left scripts, 300 characters; no control character reaches the terminal."""
    monkeypatch.setenv("GENRELAB_HOME", str(home.root))
    said = explained(name)

    assert "no track carries it" in said
    assert "\x1b" not in said


@pytest.mark.usefixtures("lake")
def test_a_file_of_rules_explains_too(tmp_path: Path) -> None:
    """A set of one's own is given by its path."""
    mine = tmp_path / "mine.toml"
    mine.write_text(
        "name = 'mine'\ndecision = 'first'\n[[rule]]\nbin = 'rock'\npattern = 'comed'\nproofs = ['comedy']\n"
    )

    assert "by mine: rock" in explained("comedy", "--rules", str(mine))

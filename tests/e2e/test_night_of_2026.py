"""A night with credentials of an app of 2026: no genres from Spotify, audio features from ReccoBeats."""

import json
from pathlib import Path

import pytest
from program import Program

from genrelab.sources.fma.sample import write_sample
from genrelab.sources.sample import catalogue
from genrelab.sources.sandbox import Sandbox

pytestmark = pytest.mark.long  # each part of it is tested: scrape worlds, genres, missing features, coverage

CATALOGUE = catalogue(260, 5)
SETTINGS = """
[scrape]
tracks_per_artist = 2
contact = "tests@example.org"
musicbrainz_per_second = 500
"""


@pytest.fixture(scope="module")
def night(shared_prefect: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> tuple[Program, str]:
    """The night, and what it said."""
    home = tmp_path_factory.mktemp("night-of-2026")
    (home / "genrelab.toml").write_text(SETTINGS)
    artists = home / "artists.txt"
    artists.write_text("\n".join(artist.id for artist in CATALOGUE.artists))
    write_sample(home / "fma_metadata", tracks=400)
    given = {
        "GENRELAB_ARTISTS": str(artists),
        "GENRELAB_FMA": str(home / "fma_metadata"),
        "GENRELAB_BUDGET": "quick",
    }
    # a mirror without a limit: at MusicBrainz's own pace this would take ten minutes
    with Sandbox(CATALOGUE, "2026", musicbrainz_limit=None) as sandbox:
        program = Program(home, {**shared_prefect, **sandbox.environment, **given})
        done = program.run("nightly", "--spotify", "api")
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    return program, said


def test_genres_come_from_musicbrainz(night: tuple[Program, str]) -> None:
    """The scrape says so, and the audit of the rules shows that most tracks have a bin by them."""

    program, said = night
    assert "genres from MusicBrainz" in said
    origins = json.loads(program.run("rules", "audit", "--json").stdout)["origins"]
    by_origin = {each["origin"]: each for each in origins}
    assert "spotify" not in by_origin
    assert by_origin["musicbrainz"]["binned"]["reviewed"] > 300


def test_there_is_a_model_with_predictions(night: tuple[Program, str]) -> None:
    """Tracks without a time signature are learned from, and every track with features has its prediction."""

    program, _ = night
    tables = program.tables()
    assert tables["spotify_tracks"]["sample"] is False
    assert tables["predictions"]["rows"] > 300
    assert "champion" in program.run("champion", "show").stdout


def test_the_report_names_the_licences(night: tuple[Program, str]) -> None:
    """The page of the rules shows who named the genres and what may be done with them."""

    pages = Path(night[0].home) / "data" / "reports" / "latest"
    text = (pages / "rules.html").read_text()
    assert "MusicBrainz" in text
    assert "CC BY-NC-SA" in text

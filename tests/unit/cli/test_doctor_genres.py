"""`genrelab doctor` says who is asked for genres, and who answers, without sending a key."""

import pytest

from genrelab.runtime.home import Home
from genrelab.sources.sample import catalogue
from genrelab.sources.sandbox import Sandbox
from genrelab_cli.checks.environment import LOOK, OK
from genrelab_cli.checks.services import genre_services

KEY = "0123456789abcdef"


@pytest.fixture
def says(home: Home, monkeypatch: pytest.MonkeyPatch):
    """What the check says with these settings and this environment."""

    def run(settings: str = "", **environment: str) -> list[tuple[str, str]]:
        home.settings_file.write_text(settings)
        monkeypatch.delenv("LASTFM_API_KEY", raising=False)
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        return [(finding.state, finding.says) for finding in genre_services(home)]

    return run


def test_without_the_api_nobody_is_asked(says) -> None:
    """Other sources need no genre service: the order is told, and no request is made."""

    address = "http://127.0.0.1:9/"
    assert says(GENRELAB_MUSICBRAINZ_API=address) == [
        (OK, "services a scrape queries, in this order: spotify, musicbrainz")
    ]


def test_each_service_is_told(says) -> None:
    """Reachable or not, with or without a contact and a key; the key itself is never sent nor shown."""

    scrape = '[scrape]\ngenres = ["spotify", "musicbrainz", "lastfm"]\n'
    with Sandbox(catalogue(20)) as sandbox:
        targets = sandbox.targets
        here = sandbox.environment | {"GENRELAB_SPOTIFY": "api"}
        without = says(scrape, **here)
        complete = says(scrape + 'contact = "me@example.org"', **here, LASTFM_API_KEY=KEY)
    gone = says(scrape, LASTFM_API_KEY=KEY)

    assert (OK, "127.0.0.1 answers") in without
    assert [state for state, _ in without].count(LOOK) == 2
    assert {state for state, _ in complete} == {OK}
    assert any("cannot be reached" in said for _, said in gone)
    assert KEY not in str(targets) + str(complete)

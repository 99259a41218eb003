"""Bad input, bad credentials, bad servers: a clear line, never a traceback, never the end for the others."""

import logging
from datetime import UTC, datetime

import pytest
from scrape_setup import clock, in_order, parameters, rows

from genrelab.lake.ingested import QUARANTINE
from genrelab.runtime import progress
from genrelab.runtime.errors import SettingsError, SourceError
from genrelab.sources.sample import catalogue
from genrelab.sources.sample.names import spotify_id
from genrelab.sources.sandbox import Faults, Sandbox
from genrelab.sources.scrape.input import Artists
from genrelab.sources.scrape.journal import Journal
from genrelab.sources.scrape.main import scrape
from genrelab.sources.scrape.pages import read_pages
from genrelab.sources.scrape.rows import read_scraped
from genrelab.sources.scrape.sample import scrape_sample

DRAWN = catalogue(40)
IDS = tuple(artist.id for artist in DRAWN.artists)
SECRET = "a-very-secret-word"  # noqa: S105


@pytest.mark.parametrize("world", ["extended", "development2026"])
def test_unknown_artist(tmp_path, world):
    """An id that Spotify does not know is named in the summary; the others are fetched."""
    stranger = spotify_id("nobody")
    with Sandbox(DRAWN, world) as sandbox:
        summary = scrape(parameters(sandbox, Artists(ids=(*IDS[:20], stranger, *IDS[20:]))), tmp_path)
        again = scrape(parameters(sandbox, Artists(ids=(stranger,))), tmp_path)

    assert summary.failed == {"unknown to Spotify": (stranger,)}
    assert summary.fetched == 40
    assert ("failed", f"1 unknown to Spotify: {stranger}") in summary.lines()
    assert again.request_count == 0
    assert again.failed == summary.failed


def test_malformed_id(tmp_path):
    """What is no id is named in the summary without a request; the others are fetched."""
    with Sandbox(DRAWN) as sandbox:
        artists = Artists(ids=IDS, malformed=("Arctic Monkeys",))
        summary = scrape(parameters(sandbox, artists), tmp_path)

    assert summary.failed == {"not an artist id, URI or address": ("Arctic Monkeys",)}
    assert (summary.asked, summary.fetched) == (41, 40)


def test_artists_without_tracks_or_genres(tmp_path):
    """Artists without tracks or micro-genres are counted, and harm nobody."""
    drawn = catalogue(600)
    with Sandbox(drawn) as sandbox:
        summary = scrape(parameters(sandbox, drawn), tmp_path)
    lonely = [a for a in drawn.artists if not a.tracks]

    assert lonely
    assert summary.without_tracks <= len(lonely)
    assert summary.without_genres == sum(not artist.genres for artist in drawn.artists) > 0
    assert rows(tmp_path)


def test_wrong_credentials(tmp_path):
    """Credentials that Spotify refuses are a clear error, after one request for a token."""
    with (
        Sandbox(DRAWN) as sandbox,
        pytest.raises(SettingsError, match=r"rejects the credentials; found: 400 .*SPOTIPY_CLIENT_ID"),
    ):
        scrape(parameters(sandbox, DRAWN, client_secret=SECRET), tmp_path)

    assert sandbox.requests == 0


def test_app_without_access(tmp_path):
    """An app that may call nothing is a clear error, with what Spotify says."""
    faults = Faults({"forbidden": 1.0}, in_a_row=10_000)
    with (
        Sandbox(DRAWN, faults=faults) as sandbox,
        pytest.raises(SettingsError, match=r"found: 403 Forbidden"),
    ):
        scrape(parameters(sandbox, DRAWN, spotify_token=token_of(sandbox)), tmp_path)


def token_of(sandbox):
    """The token service stays well: its requests meet no fault."""
    answer, of_answer = sandbox.token_url, sandbox.faults.of_answer
    sandbox.faults.of_answer = lambda request: None if "token" in request else of_answer(request)
    return answer


def test_server_down(tmp_path):
    """A server that never gives a usable answer ends the run in words; all is left for the next."""
    faults = Faults({"bad_gateway": 1.0}, in_a_row=100_000)
    with Sandbox(DRAWN, faults=faults, clock=clock()) as sandbox:
        token_of(sandbox)
        given = {"clock": sandbox.clock}
        summary = scrape(parameters(sandbox, DRAWN, **given), tmp_path)
        faults.rates = {}
        again = scrape(parameters(sandbox, DRAWN, **given), tmp_path)

    assert "Spotify gives no usable answer" in summary.stopped
    assert (summary.fetched, summary.unfinished) == (0, 40)
    assert again.is_complete
    assert rows(tmp_path) == in_order(DRAWN.table(tracks_per_artist=1))


def test_nobody_listens(tmp_path):
    """An address where nobody listens ends the run in words."""
    with Sandbox(DRAWN) as sandbox:
        gone = parameters(sandbox, DRAWN, clock=clock())
    summary = scrape(gone, tmp_path)

    assert "Spotify gives no usable answer" in summary.stopped
    assert (summary.fetched, summary.unfinished) == (0, 40)


def test_token_expires(tmp_path):
    """A token that expires in mid-run is renewed; nobody notices."""
    with Sandbox(DRAWN, token_seconds=3_600) as sandbox:
        seen = 0

        class Revoking(progress.LogSink):
            def advanced(self, handle, done, note):
                nonlocal seen
                if seen < 3:
                    seen += 1
                    sandbox.revoke_tokens()
                super().advanced(handle, done, note)

        progress.use(Revoking())
        try:
            summary = scrape(parameters(sandbox, DRAWN), tmp_path)
        finally:
            progress.use(progress.LogSink())

    assert sandbox.counts["token"] >= 2
    assert summary.is_complete
    assert rows(tmp_path) == in_order(DRAWN.table(tracks_per_artist=1))


def test_secrets_are_never_shown(tmp_path, caplog):
    """Neither secret nor token is in a log at the most talkative level, in the journal or in a raw page."""
    with Sandbox(DRAWN, credentials=("the-client", SECRET)) as sandbox, caplog.at_level(logging.DEBUG):
        given = {"client_id": "the-client", "client_secret": SECRET}
        scrape(parameters(sandbox, DRAWN, **given), tmp_path)
    logged = "\n".join(record.getMessage() for record in caplog.records)
    kept = (tmp_path / "journal.jsonl").read_text() + str(list(read_pages(tmp_path / "pages")))

    assert "Bearer ***" in logged
    for text in (logged, kept):
        assert SECRET not in text
        assert "sandbox-token" not in text
        assert "the-client" not in text


def test_reccobeats_asks_for_a_long_wait(tmp_path):
    """A long wait at ReccoBeats leaves features for another night; it does not end the run."""
    with Sandbox(DRAWN, "restricted", reccobeats_limit=0, clock=clock()) as sandbox:
        sandbox.reccobeats_limiter.retry_after = lambda: 86_400
        given = {"clock": sandbox.clock}
        first = scrape(parameters(sandbox, DRAWN, **given), tmp_path)
        del sandbox.reccobeats_limiter.retry_after
        sandbox.reccobeats_limiter.limit = None
        second = scrape(parameters(sandbox, DRAWN, **given), tmp_path)

    assert first.without_features == first.tracks
    assert not first.stopped
    assert second.without_features < 5


def test_reccobeats_asks_for_a_long_wait_in_the_middle(tmp_path):
    """Workers that wait for their turn at ReccoBeats do not sit out a wait that the run gives up."""
    drawn = catalogue(600)
    with Sandbox(drawn, "restricted", clock=clock()) as sandbox:
        given = {"clock": sandbox.clock, "origins": ("reccobeats",)}
        sandbox.reccobeats_limiter.retry_after = lambda: 86_400
        scrape(parameters(sandbox, drawn, **given), tmp_path)
        waits = iter([None, None, None])
        sandbox.reccobeats_limiter.retry_after = lambda: next(waits, 86_400)
        summary = scrape(parameters(sandbox, drawn, **given, start_per_second=0.1), tmp_path)

    assert 0 < summary.without_features < summary.tracks
    assert summary.is_complete
    assert summary.waited_seconds <= summary.seconds < 86_400 / 2


def test_an_earlier_wait_that_is_sat_out_counts(tmp_path):
    """A wait that an earlier run was told to make, and this one makes, was waited."""
    with Sandbox(DRAWN, faults=Faults({"rate_limited": 1.0}, retry_after=300, in_a_row=9)) as sandbox:
        token_of(sandbox)
        scrape(parameters(sandbox, DRAWN, max_wait=100), tmp_path)
        sandbox.faults.rates = {}
        summary = scrape(parameters(sandbox, DRAWN, clock=clock()), tmp_path)

    assert summary.waits == 1
    assert 250 < summary.waited_seconds <= 300


def test_unreadable_values_are_rejected(tmp_path):
    """A value that is no number goes to quarantine with its rule; the other rows stay."""
    with Journal(tmp_path) as journal:
        journal.add("run", tracks_per_artist=1, is_sample=False)
        for number, energy in enumerate((0.5, "loud", float("nan"))):
            artist, track = spotify_id("a", number), spotify_id("t", number)
            journal.add("artist", id=artist, name="A", genres=["opm"], popularity=1, page="")
            journal.add(
                "tracks",
                id=artist,
                tracks=[{"id": track, "name": "T", "popularity": 3, "guest": False}],
                via="",
                page="",
            )
            journal.add(
                "features", id=track, origin="spotify", values={"energy": energy, "key": 5.0}, page=""
            )
    ingested = read_scraped(tmp_path)

    assert (ingested.read, len(ingested.data)) == (3, 1)
    assert ingested.data["key"].to_pylist() == [5]
    assert ingested.rejected.schema.equals(QUARANTINE)
    assert ingested.rejected["rules"].to_pylist() == [["energy: a number"]] * 2


def test_nothing_scraped_yet(tmp_path):
    """Reading an empty folder says what to do."""
    with pytest.raises(SourceError, match="run `genrelab scrape` first"):
        read_scraped(tmp_path)


def test_summary_for_people(tmp_path):
    """The summary is a Markdown table that a report can show."""
    with Sandbox(DRAWN, "development2026") as sandbox:
        text = scrape(parameters(sandbox, DRAWN), tmp_path).markdown()

    assert "| fetched | 40 |" in text
    assert "| not allowed | audio features, several artists, top tracks |" in text
    assert text.count("\n") == len(text.strip().splitlines())


@pytest.mark.parametrize("seconds", [763, 3_600, 20_000, 83_276, 86_400])
def test_waits_that_users_saw(tmp_path, seconds):
    """Each Retry-After that users reported ends the run at once, and the summary says when to go on."""
    with Sandbox(DRAWN, faults=Faults({"rate_limited": 1.0}, retry_after=seconds, in_a_row=9)) as sandbox:
        token_of(sandbox)
        summary = scrape(parameters(sandbox, DRAWN), tmp_path)

    assert sandbox.requests <= 2
    assert summary.resume_at is not None
    assert 0 < (summary.resume_at - datetime.now(UTC)).total_seconds() <= seconds
    assert "resume at" in dict(summary.lines())
    assert dict(summary.lines())["waited"] == "0 times, 0 s in all"


@pytest.mark.parametrize(
    ("call", "body"),
    [
        ("artists", {"artists": 5}),
        ("artists", {"artists": [{"id": IDS[0], "genres": "opm", "name": None}, 7, {"id": 3}]}),
        ("top_tracks", {"tracks": {"id": 1}}),
        ("top_tracks", {"tracks": [{"id": None, "artists": None}, {"id": "x", "artists": [None, 4]}]}),
        ("features", {"audio_features": [{"id": ["x"]}, "y"]}),
        ("reccobeats", {"content": None}),
    ],
)
def test_answers_of_odd_shapes(tmp_path, monkeypatch, call, body):
    """An answer whose fields are of other kinds than described ends nothing, and shows no traceback."""
    with Sandbox(DRAWN, "extended", clock=clock()) as sandbox:
        monkeypatch.setattr(sandbox.calls, call, lambda *_: (200, body))
        summary = scrape(parameters(sandbox, DRAWN, clock=sandbox.clock), tmp_path)
    ingested = read_scraped(tmp_path)

    assert summary.asked == 40
    assert len(ingested.data) + len(ingested.rejected) == ingested.read


def test_sample_goes_through_the_scraper(tmp_path):
    """The sample catalogue comes through HTTP and the real scraper, labelled as sample; again costs nothing."""
    summary = scrape_sample(tmp_path, seed=3, artists=100)
    found = rows(tmp_path)

    assert summary.is_sample
    assert summary.fetched == 100
    assert found == in_order(catalogue(100, seed=3).table())
    assert {row["features_source"] for row in found} <= {"sample", None}
    assert scrape_sample(tmp_path, seed=3, artists=100).request_count == 0

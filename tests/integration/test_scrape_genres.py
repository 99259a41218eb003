"""Genres from MusicBrainz and Last.fm, over HTTP against the stand-in in the state of 2026."""

import logging
from collections import Counter

import pytest
from scrape_setup import clock, parameters, rows

from genrelab.sources.sample import catalogue
from genrelab.sources.sandbox import FAULTS, Faults, Sandbox
from genrelab.sources.sandbox.server import LASTFM_KEY
from genrelab.sources.scrape.journal import Journal
from genrelab.sources.scrape.main import scrape
from genrelab.sources.scrape.pages import read_pages
from genrelab.sources.scrape.rows import read_scraped

DRAWN = catalogue(40)
ASKED = ("spotify", "musicbrainz", "lastfm")
HOUR = 3_600.0


def stand_in(**given):
    """Spotify without genres and audio features, with a fast clock."""
    return Sandbox(DRAWN, "2026", **{"clock": clock(), "musicbrainz_limit": None, **given})


def night(sandbox, folder, **given):
    """One scrape that asks others for genres."""
    settings = {"genres": ASKED, "lastfm_key": LASTFM_KEY, "is_sample": False, "clock": sandbox.clock}
    return scrape(parameters(sandbox, DRAWN, **{**settings, **given}), folder)


def sources(folder):
    """How many artists have their genres from whom."""
    return Counter({row["artist_id"]: row["genres_source"] for row in rows(folder)}.values())


def without_times(folder):
    """Rows as they are, whenever they were fetched."""
    return rows(folder)


def test_others_name_what_spotify_does_not(tmp_path):
    """MusicBrainz names most, Last.fm some of the rest, each row says who, and they are the artists' own."""
    with stand_in() as sandbox:
        summary = night(sandbox, tmp_path)
    found = sources(tmp_path)

    assert found["musicbrainz"] > 30
    assert found["lastfm"] > 0
    assert found["spotify"] == 0
    assert summary.is_complete
    assert set(summary.genres) == {"MusicBrainz", "Last.fm"}
    for row in rows(tmp_path):
        assert set(row["genres"]) <= {*DRAWN.by_id[row["artist_id"]].genres}
        assert row["features_source"] in ("reccobeats", None)
        assert row["time_signature"] is None


def test_nobody_is_asked_twice(tmp_path):
    """A second run asks nobody, also where nobody named genres; one that is old enough asks again."""
    with stand_in() as sandbox:
        night(sandbox, tmp_path)
        before = sandbox.requests
        again = night(sandbox, tmp_path)
        assert sandbox.requests == before
        assert not again.genres
        night(sandbox, tmp_path, refresh_days=0)

    assert sandbox.requests > before
    assert not read_scraped(tmp_path).caveats


@pytest.mark.parametrize("world", ["extended", "development2026"])
def test_artists_with_genres_are_not_asked_for(tmp_path, world):
    """Where Spotify names genres others are asked for the few artists that have none."""
    with Sandbox(DRAWN, world, clock=clock()) as sandbox:
        night(sandbox, tmp_path)
    lacking = [artist for artist in DRAWN.artists if not artist.genres and artist.tracks]

    assert sandbox.counts["musicbrainz/url"] == len(lacking)


def test_genres_of_an_earlier_night_are_kept(tmp_path):
    """When Spotify stops naming genres those known stay, nobody else is asked, and the summary says so."""
    with Sandbox(DRAWN, "development2026", clock=clock()) as sandbox:
        night(sandbox, tmp_path)
    before = without_times(tmp_path)
    with stand_in() as sandbox:
        summary = night(sandbox, tmp_path, refresh_days=0)

    assert without_times(tmp_path) == before
    assert "keep those of an earlier run" in dict(summary.lines())["without micro-genres"]
    assert "kept, because" in read_scraped(tmp_path).caveats[0]


def test_one_request_a_second_across_restarts(tmp_path):
    """A stand-in that allows one request a second refuses none, in two runs one after the other."""
    few = DRAWN.artists[:3]
    with stand_in(musicbrainz_limit=1) as sandbox:
        sandbox.musicbrainz_limiter.seconds = 0.9  # of the fast clock: 0.9 ms
        for artist in few:
            artists = type(DRAWN)((artist,), 0)
            scrape(parameters(sandbox, artists, genres=ASKED, is_sample=False, clock=sandbox.clock), tmp_path)

    assert len(sandbox.musicbrainz_limiter.served) >= 3
    assert not sandbox.musicbrainz_limiter.refused


def test_too_fast_a_mirror_is_obeyed(tmp_path):
    """A server that allows less than it is asked for is waited for, and every artist is served."""
    with stand_in(musicbrainz_limit=1) as sandbox:
        for attempt in range(
            5
        ):  # the clock is everybody's: whether two requests meet in a second is up to the threads
            folder = tmp_path / str(attempt)
            summary = night(sandbox, folder, musicbrainz_per_second=100.0)
            if sandbox.musicbrainz_limiter.refused:
                break

    assert sandbox.musicbrainz_limiter.refused
    assert summary.waits > 0
    assert sources(folder)["musicbrainz"] > 30


def test_busy_for_an_hour(tmp_path):
    """503 for an hour: the rest goes on, the artists are left and said, and the next night has them."""
    with stand_in() as sandbox:
        sandbox.faults.retry_after = None
        sandbox.closed_until["musicbrainz"] = sandbox.clock.now() + HOUR
        summary = night(sandbox, tmp_path)
        assert sandbox.counts["musicbrainz/url"] <= 6
        assert sources(tmp_path)["musicbrainz"] == 0
        assert "left for a later run" in summary.genres["MusicBrainz"]
        assert summary.is_complete
        assert rows(tmp_path)
        sandbox.clock.sleep(HOUR)
        night(sandbox, tmp_path)

    assert sources(tmp_path)["musicbrainz"] > 30


def test_a_long_retry_after_is_not_waited_for(tmp_path):
    """A wait longer than the run may wait leaves the artists at once, and is not counted as waited."""
    with stand_in() as sandbox:
        sandbox.faults.retry_after = 3_600
        sandbox.closed_until["musicbrainz"] = sandbox.clock.now() + HOUR
        summary = night(sandbox, tmp_path)

    assert sandbox.counts["musicbrainz/url"] == 1
    assert "asks to wait 1 h 0 min" in summary.genres["MusicBrainz"]
    assert (summary.waits, summary.waited_seconds) == (0, 0.0)


def test_without_a_key(tmp_path):
    """Last.fm without a key is passed over, and said once."""
    with stand_in() as sandbox:
        summary = night(sandbox, tmp_path, lastfm_key="")

    assert sandbox.counts["lastfm"] == 0
    assert "LASTFM_API_KEY is not set" in summary.genres["Last.fm"]
    assert sources(tmp_path)["musicbrainz"] > 30


def test_a_wrong_key(tmp_path):
    """A key that Last.fm refuses costs one request and no scrape."""
    with stand_in() as sandbox:
        summary = night(sandbox, tmp_path, lastfm_key="wrong")

    assert sandbox.counts["lastfm"] == 1
    assert "check LASTFM_API_KEY" in summary.genres["Last.fm"]
    assert summary.is_complete


def test_nobody_listens(tmp_path):
    """An address where nobody answers leaves the artists for another night, soon."""
    with Sandbox(DRAWN) as gone:
        nowhere = gone.musicbrainz_url
    with stand_in() as sandbox:
        summary = night(sandbox, tmp_path, musicbrainz_api=nowhere, genres=("spotify", "musicbrainz"))

    assert "gives no usable answer" in summary.genres["MusicBrainz"]
    assert summary.is_complete
    assert "none of" in read_scraped(tmp_path).caveats[0]


@pytest.mark.parametrize(
    "body", [{}, {"relations": 5}, {"relations": [None, {"artist": []}]}, {"artists": "x"}]
)
def test_answers_of_odd_shapes(tmp_path, monkeypatch, body):
    """An answer whose fields are of other kinds than described ends nothing, and names no genre."""
    with stand_in() as sandbox:
        monkeypatch.setattr(sandbox.genre_services, "musicbrainz", lambda *_: (200, body))
        monkeypatch.setattr(sandbox.genre_services, "lastfm", lambda *_: (200, body))
        summary = night(sandbox, tmp_path)

    assert summary.is_complete
    assert sources(tmp_path) == Counter({None: len({row["artist_id"] for row in rows(tmp_path)})})


@pytest.mark.parametrize(
    "fault", ["rate_limited", "server_error", "bad_gateway", "cut", "dropped", "invalid_json"]
)
def test_faults_leave_the_rows_as_they_are(tmp_path, fault):
    """However the services misbehave, the rows are those of an undisturbed night."""
    assert fault in FAULTS
    with stand_in() as sandbox:
        night(sandbox, tmp_path / "a")
    with stand_in(faults=Faults({fault: 0.2}, seed=3)) as sandbox:
        night(sandbox, tmp_path / "b")

    assert sandbox.played[fault] > 0
    assert without_times(tmp_path / "b") == without_times(tmp_path / "a")


def test_stopped_in_the_middle(tmp_path, monkeypatch):
    """A run that ends anywhere goes on where it was: nobody who answered is asked again."""
    add, answered = Journal.add, []

    def interrupted(self, kind, **facts):
        if kind == "genres" and len(answered) == 20:
            raise KeyboardInterrupt
        answered.extend([facts["id"]] if kind == "genres" else [])
        return add(self, kind, **facts)

    with stand_in() as sandbox:
        monkeypatch.setattr(Journal, "add", interrupted)
        with pytest.raises(KeyboardInterrupt):
            night(sandbox, tmp_path)
        monkeypatch.setattr(Journal, "add", add)
        sandbox.counts.clear()
        night(sandbox, tmp_path)
    to_ask = {artist.id for artist in DRAWN.artists if artist.tracks} - set(answered)

    assert sandbox.counts["musicbrainz/url"] <= len(to_ask) + 1
    assert sources(tmp_path)["musicbrainz"] > 30


def test_the_key_is_never_shown(tmp_path, caplog):
    """The key is in no log at the most talkative level, in no raw page and not in the journal."""
    key = "0123456789abcdef0123456789abcdef"
    with stand_in(lastfm_key=key) as sandbox, caplog.at_level(logging.DEBUG):
        night(sandbox, tmp_path, lastfm_key=key)
    logged = "\n".join(record.getMessage() for record in caplog.records)
    kept = (tmp_path / "journal.jsonl").read_text() + str(list(read_pages(tmp_path / "pages")))

    assert sandbox.counts["lastfm"] > 0
    assert key not in logged
    assert "api_key=***" in kept
    assert key not in kept

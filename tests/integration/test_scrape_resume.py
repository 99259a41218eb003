"""Killed anywhere and started again, a scrape goes on where it was."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta

import pytest
from scrape_setup import clock, in_order, parameters, rows

from genrelab.runtime.errors import GenrelabError, SourceError
from genrelab.sources.sample import catalogue
from genrelab.sources.sandbox import Sandbox
from genrelab.sources.scrape.input import Artists
from genrelab.sources.scrape.journal import NAME, Journal, read_journal
from genrelab.sources.scrape.main import scrape
from genrelab.sources.scrape.pages import MANIFEST, read_pages

CHILD = """
import sys
from pathlib import Path
from genrelab.sources.scrape.input import read_artists
from genrelab.sources.scrape.main import scrape
from genrelab.sources.scrape.parameters import from_environment
folder = Path(sys.argv[1])
scrape(from_environment(read_artists(folder / "artists.txt"), start_per_second=300.0), folder / "raw")
"""
WORKERS = 8
CLOSED = ("/v1/artists/?ids", "/top-tracks", "GET /v1/audio-features")
START_SECONDS = 60


def start(folder, sandbox):
    """A scraper in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-c", CHILD, str(folder)], env={**os.environ, **sandbox.environment}
    )


def kill_at(folder, sandbox, requests):
    """Start a scraper, and kill it when so many requests have been made since; False when it ended before."""
    child = start(folder, sandbox)
    before, deadline = sandbox.requests, time.monotonic() + START_SECONDS
    while child.poll() is None and sandbox.requests < before + requests and time.monotonic() < deadline:
        time.sleep(0.001)
    is_killed = child.poll() is None
    child.send_signal(signal.SIGKILL)
    child.wait()
    return is_killed


def survives(folder, artists, kills, world="extended"):
    """Kill a scrape at random moments: the rows of an undisturbed run, and only what was in flight again."""
    drawn = catalogue(artists)
    order = random.Random(kills)  # noqa: S311
    with Sandbox(drawn, world) as calm:
        scrape(parameters(calm, drawn), folder / "calm")
    listed = "\n".join(artist.id for artist in drawn.artists)
    (folder / "artists.txt").write_text(listed, encoding="utf-8")
    steps = int(1.8 * calm.requests / kills)
    with Sandbox(drawn, world) as sandbox:
        killed = sum(kill_at(folder, sandbox, order.randint(0, steps)) for _ in range(kills))
        assert start(folder, sandbox).wait(timeout=300) == 0

    # What the credentials may not do is found out anew by a run that was killed before it knew.
    probes = sum(
        count - 1
        for target, count in sandbox.targets.items()
        if world != "extended" and any(call in target for call in CLOSED)
    )
    assert killed >= kills // 3
    assert probes <= killed + 6
    # Namesakes are searched for by the same request, also in an undisturbed run.
    assert sandbox.repeated - probes <= killed * WORKERS + calm.repeated
    assert sandbox.requests - probes <= calm.requests + killed * (WORKERS + 1)
    assert without_origin(folder / "raw") == without_origin(folder / "calm")


def without_origin(folder):
    """Rows without the sources of their features and genres, which tell a sample from a real scrape."""
    return [{**row, "features_source": None, "genres_source": None} for row in rows(folder)]


def test_killed_five_times(tmp_path):
    """Five kills at random moments: the same rows, no artist twice, none left out."""
    survives(tmp_path, 150, kills=5)


@pytest.mark.long
@pytest.mark.parametrize("world", ["extended", "development2026"])
def test_killed_fifty_times(tmp_path, world):
    """Fifty kills at random moments, 2,000 artists: the same rows as without."""
    survives(tmp_path, 2_000, kills=50, world=world)


def test_nothing_to_do(tmp_path):
    """A second run over the same artists asks for nothing."""
    drawn = catalogue(30)
    with Sandbox(drawn) as sandbox:
        scrape(parameters(sandbox, drawn), tmp_path)
        before = sandbox.requests
        summary = scrape(parameters(sandbox, drawn), tmp_path)

    assert sandbox.requests == before
    assert (summary.skipped, summary.fetched) == (30, 0)


def test_new_artists(tmp_path):
    """A later run with more artists asks for the new ones only."""
    drawn = catalogue(40)
    ids = [artist.id for artist in drawn.artists]
    with Sandbox(drawn) as sandbox:
        scrape(parameters(sandbox, Artists(ids=tuple(ids[:25]))), tmp_path)
        summary = scrape(parameters(sandbox, Artists(ids=tuple(ids))), tmp_path)

    assert (summary.skipped, summary.fetched) == (25, 15)
    assert rows(tmp_path) == in_order(drawn.table(tracks_per_artist=1))


def test_more_tracks_later(tmp_path):
    """Asked for more tracks per artist later, a run fetches only their audio features."""
    drawn = catalogue(40)
    with Sandbox(drawn) as sandbox:
        scrape(parameters(sandbox, drawn), tmp_path)
        sandbox.counts.clear()
        scrape(parameters(sandbox, drawn, tracks_per_artist=4), tmp_path)

    assert set(sandbox.counts) <= {"token", "audio-features", "reccobeats/audio-features"}
    assert len(rows(tmp_path)) > 50


def test_old_artists_are_refreshed(tmp_path):
    """An artist older than the configured age is fetched again; its features are not."""
    drawn = catalogue(20)
    with Sandbox(drawn) as sandbox:
        scrape(parameters(sandbox, drawn), tmp_path)
        age(tmp_path, days=100)
        sandbox.counts.clear()
        never = scrape(parameters(sandbox, drawn, refresh_days=None), tmp_path)
        summary = scrape(parameters(sandbox, drawn, refresh_days=90), tmp_path)

    assert (never.fetched, summary.fetched) == (0, 20)
    assert sandbox.counts["artists/{id}/top-tracks"] == 20
    assert len(rows(tmp_path)) == sum(bool(artist.tracks) for artist in drawn.artists)


def test_missing_features_another_night(tmp_path):
    """A track that nobody had features of is left alone tonight and asked for again another night."""
    drawn = catalogue(300)
    lacking = sum(bool(artist.tracks) and not artist.tracks[0].features for artist in drawn.artists)
    with Sandbox(drawn) as sandbox:
        scrape(parameters(sandbox, drawn), tmp_path)
        tonight = scrape(parameters(sandbox, drawn), tmp_path)
        age(tmp_path, days=1)
        tomorrow = scrape(parameters(sandbox, drawn), tmp_path)

    assert lacking
    assert tonight.request_count == 0
    assert 0 < tomorrow.request_count <= 10
    assert tomorrow.without_features == lacking


def test_torn_line(tmp_path):
    """A line torn by a kill is cut off; what it said is fetched again."""
    drawn = catalogue(20)
    with Sandbox(drawn) as sandbox:
        scrape(parameters(sandbox, drawn), tmp_path)
        journal = tmp_path / NAME
        journal.write_bytes(journal.read_bytes()[:-25])
        summary = scrape(parameters(sandbox, drawn), tmp_path)

    assert summary.is_complete
    assert rows(tmp_path) == in_order(drawn.table(tracks_per_artist=1))


def test_damaged_line(tmp_path):
    """A damaged line elsewhere is named, with what to do."""
    (tmp_path / NAME).write_text('{"kind":"run"}\nnonsense\n', encoding="utf-8")

    with pytest.raises(SourceError, match="line 2 is not a record"):
        list(read_journal(tmp_path))


def test_torn_page(tmp_path):
    """A page torn by a kill is left out, those before it are kept and their segment is closed."""
    drawn = catalogue(20)
    with Sandbox(drawn) as sandbox:
        scrape(parameters(sandbox, drawn), tmp_path)
        segment = next((tmp_path / "pages").glob("*.gz"))
        before = len(list(read_pages(tmp_path / "pages")))
        torn = segment.with_name("20200101T000000-0001.jsonl.gz.part")
        torn.write_bytes(segment.read_bytes()[:-60])
        scrape(parameters(sandbox, drawn), tmp_path)
    manifest = [json.loads(line) for line in (tmp_path / "pages" / MANIFEST).read_text().splitlines()]

    assert len(list(read_pages(tmp_path / "pages"))) == 2 * before - 1
    assert sum(entry["pages"] for entry in manifest) == 2 * before - 1


def test_one_scrape_at_a_time(tmp_path):
    """A folder in use is refused."""
    with (
        Journal(tmp_path),
        pytest.raises(GenrelabError, match="another scrape is running"),
        Journal(tmp_path),
    ):
        pass


def test_sample_and_real_never_meet(tmp_path):
    """A folder of sample data is refused to a real scrape."""
    drawn = catalogue(20)
    with Sandbox(drawn) as sandbox:
        scrape(parameters(sandbox, drawn), tmp_path)
        with pytest.raises(SourceError, match="found: sample data"):
            scrape(parameters(sandbox, drawn, is_sample=False), tmp_path)


def test_long_wait_ends_the_run(tmp_path):
    """A Retry-After beyond the limit ends the run with everything saved; the next one starts after it."""
    drawn = catalogue(60)
    with Sandbox(drawn, clock=clock()) as sandbox:
        sandbox.limiter.retry_after = lambda: 3_600 if sandbox.requests > 30 else None
        given = {"clock": sandbox.clock, "max_wait": 5.0}
        summary = scrape(parameters(sandbox, drawn, **given), tmp_path)
        asked = sandbox.requests
        again = scrape(parameters(sandbox, drawn, **given), tmp_path)

        assert summary.resume_at is not None
        assert summary.resume_at > datetime.now(UTC)
        assert "longer than scrape.max_wait (5 s)" in summary.stopped
        assert summary.unfinished + summary.fetched >= 60
        assert sandbox.requests == asked
        assert "for another" in again.stopped

        age(tmp_path, days=1)
        del sandbox.limiter.retry_after
        final = scrape(parameters(sandbox, drawn, **given), tmp_path)

    assert final.is_complete
    assert rows(tmp_path) == in_order(drawn.table(tracks_per_artist=1))


def age(folder, days):
    """Make everything in a journal so many days older."""
    path = folder / NAME
    records = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    for record in records:
        at = datetime.fromisoformat(record["at"]) - timedelta(days=days)
        record["at"] = at.isoformat()
        if "until" in record:
            record["until"] -= days * 86_400
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")

"""The scraper in each of the API's three worlds."""

from collections import Counter
from dataclasses import replace

import pytest
from scrape_setup import clock, in_order, parameters, rows

from genrelab.sources.sample import Catalogue, catalogue
from genrelab.sources.sandbox import Sandbox
from genrelab.sources.scrape.input import Artists
from genrelab.sources.scrape.main import scrape
from genrelab.sources.scrape.pages import read_pages
from genrelab.sources.scrape.rows import read_scraped
from genrelab.tables.spotify import AUDIO_FEATURES, SPOTIFY_TRACKS

DRAWN = catalogue(200)
NOT_IN_EVERY_WORLD = ("popularity", "time_signature")
WITH_TRACKS = sum(bool(artist.tracks) for artist in DRAWN.artists)


def test_extended_quota(tmp_path):
    """With extended quota every row is the catalogue's own, at 1.05 requests per artist."""
    with Sandbox(DRAWN) as sandbox:
        summary = scrape(parameters(sandbox, DRAWN), tmp_path)

    assert rows(tmp_path) == in_order(DRAWN.table(tracks_per_artist=1))
    assert sandbox.requests / len(DRAWN.artists) <= 1.06  # the last batches are not full with 200 artists
    assert summary.is_complete
    assert (summary.fetched, summary.closed) == (200, ())


def test_requests_per_artist(tmp_path):
    """The more artists, the nearer to one request each: at most 1.05 with 1,000."""
    drawn = catalogue(1_000)
    with Sandbox(drawn) as sandbox:
        scrape(parameters(sandbox, drawn), tmp_path)

    assert sandbox.requests / len(drawn.artists) <= 1.05


def test_restricted(tmp_path):
    """Where audio features are closed they come from ReccoBeats, and the rows say so."""
    with Sandbox(DRAWN, "restricted") as sandbox:
        summary = scrape(parameters(sandbox, DRAWN, is_sample=False), tmp_path)
    found = rows(tmp_path)

    assert {row["features_source"] for row in found} <= {"reccobeats", None}
    assert all(row["time_signature"] is None for row in found)
    assert [row["energy"] for row in found] == [
        row["energy"] for row in in_order(DRAWN.table(tracks_per_artist=1))
    ]
    assert summary.closed == ("audio features",)
    assert sandbox.counts["audio-features"] == 3


def test_development_mode_of_2026(tmp_path):
    """In development mode artists come one by one and tracks by search: at most 2.1 requests each."""
    with Sandbox(DRAWN, "development2026") as sandbox:
        summary = scrape(parameters(sandbox, DRAWN), tmp_path)
    found = rows(tmp_path)

    assert sandbox.requests / len(DRAWN.artists) <= 2.1
    assert len(found) == WITH_TRACKS
    assert all(row["popularity"] is None for row in found)
    assert {row["artist_id"] for row in found} == {artist.id for artist in DRAWN.artists if artist.tracks}
    assert summary.closed == ("audio features", "several artists", "top tracks")


@pytest.mark.parametrize("genres", ["empty", "absent"])
def test_genres_may_be_gone(tmp_path, genres):
    """Micro-genres that the API no longer gives are an empty list, and counted."""
    drawn = catalogue(20)
    with Sandbox(drawn, "development2026", options={"genres": genres}) as sandbox:
        summary = scrape(parameters(sandbox, drawn), tmp_path)

    assert all(row["genres"] == [] for row in rows(tmp_path))
    assert summary.without_genres == 20


def test_tracks_that_no_search_finds(tmp_path):
    """Where a search does not find an artist's tracks, the albums are gone through."""
    drawn = catalogue(30)
    with Sandbox(drawn, "development2026", options={"hidden": 1.0}) as sandbox:
        scrape(parameters(sandbox, drawn), tmp_path)

    assert {row["artist_id"] for row in rows(tmp_path)} == {a.id for a in drawn.artists if a.tracks}
    assert sandbox.counts["albums/{id}/tracks"] >= 29


@pytest.mark.parametrize("world", ["extended", "restricted", "development2026"])
def test_right_artist_right_track(tmp_path, world):
    """Whatever the world, name, micro-genres and track of a row belong to its artist."""
    drawn = catalogue(150)
    by_id = drawn.by_id
    with Sandbox(drawn, world) as sandbox:
        scrape(parameters(sandbox, drawn, tracks_per_artist=3), tmp_path)
    found = rows(tmp_path)

    assert len(found) > 200
    for row in found:
        assert row["artist_name"] == by_id[row["artist_id"]].name
        assert row["genres"] == list(by_id[row["artist_id"]].genres)
        assert row["artist_id"] in drawn.tracks[row["track_id"]].artist_ids
        assert row["track_name"] == drawn.tracks[row["track_id"]].name


def test_several_tracks_each_once(tmp_path):
    """With several tracks per artist, a track with a guest stands under its main artist alone."""
    with Sandbox(DRAWN) as sandbox:
        scrape(parameters(sandbox, DRAWN, tracks_per_artist=10), tmp_path)
    found = rows(tmp_path)

    assert max(Counter(row["track_id"] for row in found).values()) == 1
    assert {row["track_id"] for row in found} == set(DRAWN.tracks)


def test_reccobeats_first(tmp_path):
    """The order of the sources of audio features can be turned round."""
    with Sandbox(DRAWN, options={"unknown": 0.2}) as sandbox:
        given = {"origins": ("reccobeats", "spotify"), "is_sample": False}
        scrape(parameters(sandbox, DRAWN, **given), tmp_path)
    found = Counter(row["features_source"] for row in rows(tmp_path))

    assert found["reccobeats"] > 140
    assert found["spotify"] > 20


def test_table_is_as_declared(tmp_path):
    """Rows have the declared types, unique keys, and a time at which they were fetched."""
    with Sandbox(DRAWN) as sandbox:
        scrape(parameters(sandbox, DRAWN, tracks_per_artist=2), tmp_path)
    ingested = read_scraped(tmp_path)
    keys = list(
        zip(ingested.data["source"].to_pylist(), ingested.data["source_row"].to_pylist(), strict=True)
    )

    assert ingested.data.schema.equals(SPOTIFY_TRACKS.schema)
    assert len(set(keys)) == len(keys)
    assert ingested.data["fetched_at"].null_count == 0
    assert ingested.read == len(ingested.data)


def test_tracks_without_features(tmp_path):
    """A track that nobody has features of is a row without any, and without a source of features."""
    drawn = catalogue(300)
    lacking = {track.id for track in drawn.tracks.values() if not track.features}
    with Sandbox(drawn) as sandbox:
        summary = scrape(parameters(sandbox, drawn, tracks_per_artist=10), tmp_path)
    empty = {row["track_id"]: row for row in rows(tmp_path) if row["features_source"] is None}

    assert lacking
    assert set(empty) == lacking
    assert all(row[name] is None for row in empty.values() for name in AUDIO_FEATURES)
    assert summary.without_features == len(lacking)


def test_search_terms(tmp_path):
    """A search term adds the artists that Spotify finds, by long pages only where they are allowed."""
    genre = next(artist.genres[0] for artist in DRAWN.artists if artist.target == "pop" and artist.genres)
    wanted = {artist.id for artist in DRAWN.artists if genre in artist.genres}
    for world in ("extended", "development2026"):
        with Sandbox(DRAWN, world) as sandbox:
            terms = Artists(terms=(f'genre:"{genre}"',))
            scrape(parameters(sandbox, terms, clock=clock()), tmp_path / world)
            again = scrape(parameters(sandbox, terms), tmp_path / world)

        assert {row["artist_id"] for row in rows(tmp_path / world)} >= {
            artist for artist in wanted if DRAWN.by_id[artist].tracks
        }
        assert again.request_count == 0


def test_raw_pages(tmp_path):
    """Every answer that was used is kept as it came, with source, time and digest."""
    with Sandbox(DRAWN) as sandbox:
        scrape(parameters(sandbox, DRAWN), tmp_path)
    pages = list(read_pages(tmp_path / "pages"))

    assert len(pages) == sandbox.requests
    assert all(set(page) == {"source", "at", "sha256", "body"} for page in pages)
    assert not list((tmp_path / "pages").glob("*.part"))


def with_guests(drawn: Catalogue) -> tuple[Catalogue, set[str]]:
    """The catalogue with an artist in five as a guest only: without tracks, and on some of others."""
    guests = [artist.id for artist in drawn.artists[::5]]
    artists = []
    for number, artist in enumerate(drawn.artists):
        if artist.id in guests:
            artists.append(replace(artist, tracks=()))
            continue
        guest = guests[number % (len(guests) // 2)]
        tracks = [
            replace(track, artist_ids=(artist.id, guest)) if place % 2 == 0 else track
            for place, track in enumerate(artist.tracks)
        ]
        artists.append(replace(artist, tracks=tuple(tracks)))
    return Catalogue(tuple(artists), drawn.seed), set(guests[: len(guests) // 2])


@pytest.mark.parametrize("tracks_per_artist", [1, 3, 10])
@pytest.mark.parametrize("hidden", [0.0, 1.0])
def test_guests_are_the_same_in_every_world(tmp_path, tracks_per_artist, hidden):
    """A guest has the same rows whichever way tracks are found, by themselves and beside the main artists."""
    drawn, guests = with_guests(catalogue(60))
    found = {}
    for asked in ("guests", "all"):
        ids = tuple(artist.id for artist in drawn.artists if asked == "all" or artist.id in guests)
        for world in ("extended", "restricted", "development2026"):
            folder = tmp_path / f"{asked}-{world}"
            with Sandbox(drawn, world, options={"hidden": hidden}) as sandbox:
                given = {"tracks_per_artist": tracks_per_artist}
                scrape(parameters(sandbox, Artists(ids=ids), **given), folder)
            found[asked, world] = [
                {name: value for name, value in row.items() if name not in NOT_IN_EVERY_WORLD}
                for row in rows(folder)
            ]
        of_guests = {row["artist_id"] for row in found[asked, "extended"]} & guests

        assert found[asked, "restricted"] == found[asked, "development2026"] == found[asked, "extended"]
        assert of_guests
        assert len(of_guests) == len(guests) or asked == "all"

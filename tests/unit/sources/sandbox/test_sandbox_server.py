"""The stand-in's limits, tokens and faults."""

from collections import Counter

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st
from scrape_setup import Virtual

from genrelab.sources.sample import catalogue
from genrelab.sources.sandbox import CREDENTIALS, FAULTS, Faults, Sandbox
from genrelab.sources.sandbox.limiter import Limiter
from genrelab.sources.scrape.clock import Clock

DRAWN = catalogue(100)
ARTIST = next(artist for artist in DRAWN.artists if artist.tracks)
AGENT = {"User-Agent": "genrelab"}


def session(sandbox):
    """A session with a token."""
    grant = {"grant_type": "client_credentials"}
    token = requests.post(sandbox.token_url, grant, auth=CREDENTIALS, timeout=60).json()["access_token"]
    found = requests.Session()
    found.headers["Authorization"] = f"Bearer {token}"
    return found


def test_no_token():
    """Without a token every call of the Web API is refused."""
    with Sandbox(DRAWN) as sandbox:
        assert requests.get(f"{sandbox.api_url}artists/{ARTIST.id}", timeout=60).status_code == 401


def test_token_ends():
    """A token lasts as long as it says."""
    with Sandbox(DRAWN, token_seconds=60, clock=Clock(1_000)) as sandbox:
        mine = session(sandbox)
        sandbox.clock.sleep(61)
        assert mine.get(f"{sandbox.api_url}artists/{ARTIST.id}", timeout=60).status_code == 401


def test_rate_limit():
    """Past the limit a 429 says when to come back, and then the call works."""
    with Sandbox(DRAWN, limit=3, clock=Virtual()) as sandbox:
        mine, url = session(sandbox), f"{sandbox.api_url}artists/{ARTIST.id}"
        answers = [mine.get(url, timeout=60) for _ in range(4)]
        sandbox.clock.sleep(int(answers[-1].headers["Retry-After"]))
        answers.append(mine.get(url, timeout=60))

    assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 200]


@given(st.lists(st.floats(0.01, 40), min_size=1, max_size=200), st.integers(1, 20))
def test_never_more_than_the_limit(steps, limit):
    """In no 30 seconds are more requests served than allowed."""

    clock = Virtual()
    limiter = Limiter(limit, clock)
    for step in steps:
        clock.time += step
        limiter.retry_after()

    for start in limiter.served:
        assert sum(start <= moment < start + 30 for moment in limiter.served) <= limit
    assert len(limiter.served) + len(limiter.refused) == len(steps)


def test_python_agents_are_refused_by_reccobeats():
    """ReccoBeats refuses the default of requests and answers others."""
    with Sandbox(DRAWN) as sandbox:
        url, ids = f"{sandbox.reccobeats_url}audio-features", {"ids": ARTIST.tracks[0].id}
        assert requests.get(url, ids, timeout=60).status_code == 403
        assert requests.get(url, ids, headers=AGENT, timeout=60).status_code == 200


def test_reccobeats_reorders_and_leaves_out():
    """ReccoBeats' rows come in another order, and tracks it does not know are not among them."""
    ids = [track.id for track in list(DRAWN.tracks.values())[:40] if track.features]
    with Sandbox(DRAWN, options={"unknown": 0.3}) as sandbox:
        rows = requests.get(
            f"{sandbox.reccobeats_url}audio-features", {"ids": ",".join(ids)}, headers=AGENT, timeout=5
        ).json()["content"]
    found = [row["href"].rsplit("/", 1)[-1] for row in rows]

    assert set(found) < set(ids)
    assert found != [name for name in ids if name in found]


def test_world_and_fault_are_checked():
    """A world or a fault that does not exist is refused with those that do."""
    with pytest.raises(ValueError, match="development2026"):
        Sandbox(DRAWN, "beta")
    with pytest.raises(ValueError, match="rate_limited"):
        Faults({"meteor": 0.1})


@given(st.sampled_from(FAULTS), st.integers(0, 1_000))
def test_faults_repeat_and_end(kind, seed):
    """The same seed plays the same faults, and never more than so many in succession."""

    def play():
        faults = Faults({kind: 0.9}, seed=seed, in_a_row=2)
        draws = {
            "missing_rows": lambda: faults.of_item("a", "b"),
            "null_entries": lambda: faults.of_item("a", "b"),
        }
        draw = draws.get(kind, lambda: faults.of_answer("a") or faults.of_batch("a"))
        return [draw() for _ in range(30)]

    first = play()
    assert first == play()
    assert kind in first
    assert all(None in first[at : at + 3] for at in range(28))


@pytest.mark.parametrize("kind", ["cut", "dropped"])
def test_broken_connections(kind):
    """A cut and a dropped connection are errors of the connection, not answers."""
    with Sandbox(DRAWN, faults=Faults({kind: 1.0}, in_a_row=1)) as sandbox:
        url = f"{sandbox.api_url}artists/{ARTIST.id}"
        with pytest.raises(requests.RequestException):
            requests.get(url, timeout=60)
        assert requests.get(url, timeout=60).status_code == 401


def test_counts():
    """Calls are counted by name, with ids left out."""
    with Sandbox(DRAWN) as sandbox:
        mine = session(sandbox)
        for call in (
            f"artists/{ARTIST.id}",
            f"artists/{ARTIST.id}/top-tracks",
            f"artists?ids={ARTIST.id}",
            "x",
        ):
            mine.get(sandbox.api_url + call, timeout=60)

    assert sandbox.counts == Counter(
        {"token": 1, "artists/{id}": 1, "artists/{id}/top-tracks": 1, "artists": 1, "x": 1}
    )
    assert (sandbox.requests, sandbox.repeated) == (4, 0)


def test_search_by_genre_and_name():
    """A search finds artists by micro-genre, and tracks by the name of their artist."""
    genre = ARTIST.genres[0]
    with Sandbox(DRAWN) as sandbox:
        mine = session(sandbox)
        by_genre = mine.get(
            f"{sandbox.api_url}search", params={"q": f'genre:"{genre}"', "type": "artist"}
        ).json()
        by_name = mine.get(
            f"{sandbox.api_url}search", params={"q": f'artist:"{ARTIST.name}"', "type": "track"}
        ).json()

    assert ARTIST.id in [row["id"] for row in by_genre["artists"]["items"]]
    assert {track.id for track in ARTIST.tracks} <= {row["id"] for row in by_name["tracks"]["items"]}


MUSICIAN = {"User-Agent": "genrelab-tests/1 ( tests@example.org )"}


def musicbrainz(sandbox, path, headers=MUSICIAN, **query):
    """An answer of MusicBrainz."""
    return requests.get(sandbox.musicbrainz_url + path, {"fmt": "json", **query}, headers=headers, timeout=5)


def address(artist):
    """The address of an artist at Spotify."""
    return f"https://open.spotify.com/artist/{artist.id}"


def test_musicbrainz_links_and_names():
    """A link leads to an artist, the artist has genres and tags with votes; a stranger is 404, as documented."""
    with Sandbox(DRAWN, musicbrainz_limit=None, genre_options={"linked": 1.0, "voted": 1.0}) as sandbox:
        linked = musicbrainz(sandbox, "url", resource=address(ARTIST), inc="artist-rels").json()
        found = linked["relations"][0]["artist"]
        artist = musicbrainz(sandbox, f"artist/{found['id']}", inc="genres tags").json()
        bare = musicbrainz(sandbox, f"artist/{found['id']}").json()
        stranger = musicbrainz(
            sandbox, "url", resource="https://open.spotify.com/artist/x", inc="artist-rels"
        )
        searched = musicbrainz(sandbox, "artist", query=f'artist:"{ARTIST.name}"', limit=5).json()
        malformed = musicbrainz(sandbox, "artist/x")

    assert linked["resource"] == address(ARTIST)
    assert {genre["name"] for genre in artist["genres"]} == set(ARTIST.genres)
    assert all(genre["count"] > 0 for genre in artist["genres"])
    assert not {"genres", "tags"} & set(bare)
    assert (stranger.status_code, stranger.json()["error"]) == (404, "Not Found")
    assert found["id"] in [row["id"] for row in searched["artists"]]
    assert malformed.status_code == 400


@pytest.mark.parametrize("agent", [None, "", "python-requests/2.32"])
def test_musicbrainz_wants_to_know_who_asks(agent):
    """Without a User-Agent that names a program nobody is served."""
    with Sandbox(DRAWN, musicbrainz_limit=None) as sandbox:
        answer = musicbrainz(sandbox, "url", headers={"User-Agent": agent}, resource=address(ARTIST))

    assert answer.status_code == 403


def test_musicbrainz_allows_one_request_a_second():
    """The second request within a second is 503, with the documented body."""
    with Sandbox(DRAWN) as sandbox:
        answers = [musicbrainz(sandbox, "url", resource=address(ARTIST)) for _ in range(2)]

    assert answers[0].status_code in (200, 404)
    assert answers[1].status_code == 503
    assert "exceeding the allowable rate limit" in answers[1].json()["error"]


def test_lastfm_answers_and_errors():
    """Tags with counts up to 100; errors stand in the body."""
    with Sandbox(DRAWN, genre_options={"tagged": 1.0}) as sandbox:

        def ask(**query):
            return requests.get(sandbox.lastfm_url, {"format": "json", **query}, timeout=5).json()

        known = {"method": "artist.gettoptags", "artist": ARTIST.name, "api_key": "sandbox-lastfm-key"}
        tags = ask(**known)["toptags"]
        errors = [
            ask(**{**known, "artist": "nobody at all"}),
            ask(**{**known, "api_key": "x"}),
            ask(**{**known, "method": "x"}),
        ]
        sandbox.closed_until["lastfm"] = sandbox.clock.now() + 60
        errors.append(ask(**known))

    assert tags["tag"][0]["count"] == 100
    assert "seen live" in [tag["name"] for tag in tags["tag"]]
    assert [error["error"] for error in errors] == [6, 10, 3, 29]


def test_the_world_of_2026_names_no_genres():
    """Development mode with empty lists of genres; the other worlds keep theirs."""
    for world, genres in (("2026", []), ("development2026", list(ARTIST.genres))):
        with Sandbox(DRAWN, world) as sandbox:
            found = session(sandbox).get(f"{sandbox.api_url}artists/{ARTIST.id}", timeout=5).json()
        assert found["genres"] == genres

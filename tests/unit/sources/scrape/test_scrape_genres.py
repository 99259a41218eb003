"""Genres of artists: who named them, what stays, what counts as one, and what a service's answer means."""

import json
from datetime import UTC, datetime, timedelta

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from genrelab.runtime.errors import SettingsError
from genrelab.sources.scrape.client import ApiError
from genrelab.sources.scrape.genre_names import MOST, NO_GENRES, as_genres, genres_among, is_same_name, voted
from genrelab.sources.scrape.genre_services import AMBIGUOUS, LINKED, NAMED, LastFm, MusicBrainz, RefusedError
from genrelab.sources.scrape.input import Artists
from genrelab.sources.scrape.journal import NAME
from genrelab.sources.scrape.pages import Pages, read_pages
from genrelab.sources.scrape.parameters import Parameters
from genrelab.sources.scrape.rows import read_scraped
from genrelab.sources.scrape.secrets import Mask
from genrelab.sources.scrape.state import State

ARTIST, OTHER, TRACK = "a" * 22, "b" * 22, "t" * 22
MBID, MBID_2 = "11111111-1111-1111-1111-111111111111", "22222222-2222-2222-2222-222222222222"
JANUARY, JUNE = datetime(2026, 1, 3, tzinfo=UTC), datetime(2026, 6, 1, tzinfo=UTC)
KEY = "a1b2c3d4e5f6"
NAMES = st.one_of(st.none(), st.lists(st.sampled_from(["pop", "rock", "bebop"]), max_size=2))


def journal(folder, *records, order=("spotify", "musicbrainz", "lastfm")):
    """A folder with a journal of these records, each a day after the one before; what it becomes."""
    folder.mkdir(parents=True, exist_ok=True)
    track = {"id": TRACK, "name": "Song", "popularity": 1, "guest": False}
    first = [
        {"kind": "run", "tracks_per_artist": 1, "is_sample": False, "genres": order},
        {"kind": "tracks", "id": ARTIST, "tracks": [track]},
    ]
    lines = [
        {"at": (JANUARY + timedelta(days=day)).isoformat(), **record}
        for day, record in enumerate([*first, *records], start=-len(first))
    ]
    (folder / NAME).write_text("".join(json.dumps(line) + "\n" for line in lines))
    return read_scraped(folder)


def artist(genres, name=ARTIST):
    """What Spotify says of an artist."""
    return {"kind": "artist", "id": name, "name": "Ada", "genres": genres, "popularity": 1}


def named(origin, *genres):
    """What another service says."""
    return {"kind": "genres", "id": ARTIST, "origin": origin, "genres": list(genres), "via": "link"}


def row_of(ingested):
    """Genres of the one row, who named them and on which day of January."""
    [row] = ingested.data.to_pylist()
    at = row["genres_fetched_at"]
    return row["genres"], row["genres_source"], at and at.day


@pytest.mark.parametrize("withheld", [[], None])
def test_genres_stay_when_spotify_gives_none(tmp_path, withheld):
    """An empty list and none at all say nothing about genres that are known; the table says so."""
    ingested = journal(tmp_path, artist(["pop"]), artist(withheld))

    assert row_of(ingested) == (["pop"], "spotify", 3)
    assert ingested.caveats == (
        "1 artists: genres of 2026-01-03 kept, because Spotify named none on 2026-01-04",
    )


@pytest.mark.parametrize("withheld", [{"popularity": None}, {}])
def test_popularity_stays_when_spotify_gives_none(tmp_path, withheld):
    """The answers of 2026 have none; what was known is kept and the table says from when."""
    track = {"id": TRACK, "name": "Song", "guest": False}
    later = {"kind": "tracks", "id": ARTIST, "tracks": [{**track, **withheld}]}
    ingested = journal(tmp_path, artist(["pop"]), later)

    assert ingested.data["popularity"].to_pylist() == [1]
    assert ingested.caveats == (
        "1 tracks: popularity of 2026-01-02 kept, because Spotify has given none since",
    )
    again = {"kind": "tracks", "id": ARTIST, "tracks": [{**track, "popularity": 7}]}
    ingested = journal(tmp_path, artist(["pop"]), later, again)
    assert (ingested.data["popularity"].to_pylist(), ingested.caveats) == ([7], ())


def test_genres_that_changed_are_new(tmp_path):
    """Another list that is not empty replaces the earlier one, whatever came between."""
    ingested = journal(tmp_path, artist(["pop"]), artist([]), artist(["rock", "punk"]))

    assert row_of(ingested) == (["rock", "punk"], "spotify", 5)
    assert not ingested.caveats


def test_an_artist_that_never_had_any(tmp_path):
    """Nobody named genres: no list, no source, no date, and a table without any says so."""
    ingested = journal(tmp_path, artist([]))

    assert row_of(ingested) == ([], None, None)
    assert "none of 1 artists has a genre" in ingested.caveats[0]


@given(st.lists(NAMES, min_size=1, max_size=6))
def test_known_genres_never_vanish(tmp_path_factory, answers):
    """Whatever Spotify answers night after night, the genres are those of the last answer that had any."""
    ingested = journal(tmp_path_factory.mktemp("journal"), *map(artist, answers))
    last = next((answer for answer in reversed(answers) if answer), [])

    assert row_of(ingested)[0] == last


def test_the_first_service_that_names_any_counts(tmp_path):
    """Spotify before MusicBrainz before Last.fm, or as the settings say; one that is not in them is left out."""
    records = (artist([]), named("lastfm", "sludge"), named("musicbrainz", "doom metal"))

    assert row_of(journal(tmp_path / "a", *records)) == (["doom metal"], "musicbrainz", 5)
    assert row_of(journal(tmp_path / "b", *records, artist(["metal"])))[1] == "spotify"
    turned = ("spotify", "lastfm", "musicbrainz")
    assert row_of(journal(tmp_path / "c", *records, order=turned))[1] == "lastfm"
    assert row_of(journal(tmp_path / "d", *records, order=("spotify",))) == ([], None, None)


def test_who_named_the_genres_is_noted(tmp_path):
    """A table with genres from elsewhere says from whom; one from Spotify alone has nothing to say."""
    assert journal(tmp_path / "a", artist([]), named("musicbrainz", "opm")).notes[-1] == (
        "genres of 1 of 1 artists: 1 from MusicBrainz"
    )
    assert not any("genres" in note for note in journal(tmp_path / "b", artist(["pop"])).notes)


def test_a_journal_from_before_others_were_asked(tmp_path):
    """Its runs name no services; its genres are Spotify's."""
    journal(tmp_path, artist(["pop"]))
    lines = (tmp_path / NAME).read_text().replace(', "genres": ["spotify", "musicbrainz", "lastfm"]', "")
    (tmp_path / NAME).write_text(lines)

    assert row_of(read_scraped(tmp_path))[1] == "spotify"


def test_features_carry_their_date(tmp_path):
    """Audio features say when they were fetched; a row without any has no date."""
    features = {"kind": "features", "id": TRACK, "origin": "reccobeats", "values": {"energy": 0.5}}
    [row] = journal(tmp_path / "a", artist(["pop"]), features).data.to_pylist()

    assert (row["features_source"], row["features_fetched_at"].day) == ("reccobeats", 4)
    assert journal(tmp_path / "b", artist(["pop"])).data["features_fetched_at"].to_pylist() == [None]


def test_what_is_remembered_of_a_service():
    """That it named genres holds for ever; that it was asked, until it is as old as an artist may be."""
    records = [{"at": JANUARY.isoformat(), **record} for record in (artist([]), named("musicbrainz", "opm"))]
    known = State(records, JUNE.timestamp(), 90.0, 1)

    assert known.named["musicbrainz"] == {ARTIST}
    assert not known.asked_for_genres["musicbrainz"]
    assert State(records, JANUARY.timestamp(), 90.0, 1).asked_for_genres["musicbrainz"] == {ARTIST}


@given(st.lists(st.text(max_size=50)), st.text(max_size=10))
def test_genres_among_tags(tags, name):
    """Genres are in small letters, each once, few, and neither on the list nor the artist's name."""
    found = genres_among(tags, name)

    assert len(found) == len(set(found)) <= MOST
    assert all(genre == " ".join(genre.lower().split()) != "" for genre in found)
    assert not set(found) & NO_GENRES
    assert not any(is_same_name(genre, name) for genre in found)


@pytest.mark.parametrize(
    "tag", ["seen live", "80s", "1990s", "2010", "British", "Slowdive", "19th century", "!!!"]
)
def test_tags_that_are_no_genres(tag):
    """Where and when, who, and what people did with the music is no genre."""
    assert genres_among([tag], "Slowdive") == []


def test_votes():
    """Entries without votes do not count; more votes come first."""
    entries = [
        {"name": "a", "count": 0},
        {"name": "b", "count": 2},
        {"name": "c", "count": 5},
        7,
        {"count": 9},
    ]

    assert voted(entries) == ["c", "b"]
    assert voted({"name": "only", "count": "100"}, least=10) == ["only"]
    assert as_genres([" Hip-Hop ", "hip-hop", ""]) == ["hip-hop"]


class Answers:
    """A session that gives these answers in turn: status, body, headers."""

    def __init__(self, *answers):
        self.answers, self.asked, self.headers = list(answers), [], {}

    def get(self, address, *, params, timeout):  # noqa: ARG002 - the signature of requests
        """The next answer."""
        self.asked.append((address, params))
        status, body, *headers = self.answers.pop(0)
        response = requests.Response()
        response.status_code = status
        response._content = (body if isinstance(body, str) else json.dumps(body)).encode()
        response.url = requests.Request("GET", address, params=params).prepare().url
        response.headers.update(*headers)
        return response


class Still:
    """A clock that stands still but for sleeping."""

    time = 0.0

    def now(self):
        """Seconds."""
        return self.time

    def sleep(self, seconds, until=None):  # noqa: ARG002 - the signature of Clock
        """Wait."""
        self.time += max(seconds, 0.0)


def service(kind, folder, *answers):
    """A service that gets these answers, and the session."""
    given = Parameters(Artists(), "a", "b", clock=Still(), lastfm_key=KEY, contact="me@example.org")
    made = kind(given, Pages(folder), Mask())
    made.requests._session = session = Answers(*answers)
    return made, session


def link(*artists):
    """MusicBrainz's answer to a Spotify address."""
    relations = [{"target-type": "artist", "artist": {"id": name, "name": text}} for name, text in artists]
    return 200, {"resource": f"https://open.spotify.com/artist/{ARTIST}", "relations": relations}


UNLINKED = 404, {"error": "Not Found"}
GENRES = 200, {"genres": [{"name": "dream pop", "count": 1}, {"name": "shoegaze", "count": 4}], "tags": []}


def candidates(*found):
    """MusicBrainz's answer to a search: name, score."""
    rows = [
        {"id": f"{n}" * 8, "name": name, "score": score} for n, (name, score) in enumerate(found, start=1)
    ]
    return 200, {"count": len(rows), "artists": rows}


def test_musicbrainz_by_link(tmp_path):
    """The link to the Spotify artist is asked first; genres come by their votes."""
    asked, session = service(MusicBrainz, tmp_path, link((MBID, "Slowdive")), GENRES)
    found = asked.ask(ARTIST, "Slowdive")

    assert (found.genres, found.via) == (["shoegaze", "dream pop"], LINKED)
    assert [params for _, params in session.asked] == [
        {"resource": f"https://open.spotify.com/artist/{ARTIST}", "inc": "artist-rels", "fmt": "json"},
        {"inc": "genres tags", "fmt": "json"},
    ]
    assert session.asked[1][0].endswith(f"/ws/2/artist/{MBID}")


def test_musicbrainz_by_tags(tmp_path):
    """Where genres have no votes, tags that may be genres count."""
    tags = [
        {"name": "seen live", "count": 9},
        {"name": "shoegaze", "count": 2},
        {"name": "noise", "count": 0},
    ]
    body = {"genres": [{"name": "rock", "count": 0}], "tags": tags}
    asked, _ = service(MusicBrainz, tmp_path, link((MBID, "Slowdive")), (200, body))

    assert asked.ask(ARTIST, "Slowdive").genres == ["shoegaze"]


@pytest.mark.parametrize(
    ("found", "via"),
    [
        ([("Slowdive", 100), ("Slowdive Tribute", 95)], NAMED),
        ([("SLOWDIVE", 100)], NAMED),
        ([("Slowdive", 100), ("Slowdive", 98)], AMBIGUOUS),
        ([("Slowdive", 80)], "not found"),
        ([("Ride", 100)], "not found"),
        ([], "not found"),
    ],
)
def test_musicbrainz_by_name(tmp_path, found, via):
    """Without a link one artist of exactly that name counts; homonyms and others do not."""
    asked, _ = service(MusicBrainz, tmp_path, UNLINKED, candidates(*found), GENRES)
    answer = asked.ask(ARTIST, "Slowdive")

    assert answer.via == via
    assert bool(answer.genres) == (via == NAMED)


def test_a_link_to_several_artists(tmp_path):
    """An address of a person and a project: the name tells which, or nobody counts."""
    both = link((MBID, "Neil Halstead"), (MBID_2, "Slowdive"))
    asked, session = service(MusicBrainz, tmp_path / "a", both, GENRES)
    assert asked.ask(ARTIST, "Slowdive").via == LINKED
    assert session.asked[1][0].endswith(MBID_2)

    asked, _ = service(MusicBrainz, tmp_path / "b", both)
    assert asked.ask(ARTIST, "Mojave 3").via == AMBIGUOUS


@pytest.mark.parametrize("name", ["NA", 'Weird "Al" Yankovic', "AC\\DC", "!!!", "宇多田ヒカル"])
def test_names_are_quoted(tmp_path, name):
    """Whatever the name, the search is one phrase, and finds the artist of that name."""
    asked, session = service(MusicBrainz, tmp_path, UNLINKED, candidates((name, 100)), GENRES)

    assert asked.ask(ARTIST, name).via == NAMED
    query = session.asked[1][1]["query"]
    assert query.startswith('artist:"')
    assert query.count('"') - query.count('\\"') == 2


def test_one_request_a_second(tmp_path):
    """Requests to MusicBrainz begin at least a second after the answer before, the first after a second too."""
    asked, _ = service(MusicBrainz, tmp_path, UNLINKED, candidates(("A", 100)), GENRES)
    asked.ask(ARTIST, "A")

    assert asked.requests._clock.time >= 3


def test_a_refused_user_agent(tmp_path):
    """403 is for the User-Agent: nobody is asked any more."""
    asked, _ = service(MusicBrainz, tmp_path, (403, {"error": "no"}))

    with pytest.raises(RefusedError, match=r"scrape\.contact"):
        asked.ask(ARTIST, "A")


def lastfm(*tags, artist="Slowdive"):
    """Last.fm's answer."""
    rows = [{"name": name, "count": count, "url": "x"} for name, count in tags]
    return 200, {"toptags": {"tag": rows, "@attr": {"artist": artist}}}


def test_lastfm_tags(tmp_path):
    """Tags that many use and that may be genres, in small letters."""
    answer = lastfm(("Shoegaze", 100), ("seen live", 60), ("Dream Pop", 40), ("britpop", 2))
    asked, session = service(LastFm, tmp_path, answer)

    assert asked.ask(ARTIST, "Slowdive").genres == ["shoegaze", "dream pop"]
    assert session.asked[0][1]["autocorrect"] == "1"
    assert KEY not in str(list(read_pages(tmp_path)))


def test_lastfm_corrects_into_somebody_else(tmp_path):
    """A correction to another name is another artist; one to other capitals is not."""
    assert (
        service(LastFm, tmp_path / "a", lastfm(("rock", 100), artist="Slade"))[0].ask("", "Slad").genres == []
    )
    asked, _ = service(LastFm, tmp_path / "b", lastfm(("rock", 100), artist="Beyoncé"))
    assert asked.ask("", "beyonce").genres == ["rock"]


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ((403, {"error": 10, "message": "Invalid API key"}), RefusedError),
        ((200, {"error": 26, "message": "Suspended API key"}), RefusedError),
        ((400, {"error": 3, "message": "Invalid Method"}), ApiError),
        ((200, {"toptags": "none"}), ApiError),
    ],
)
def test_lastfm_errors(tmp_path, answer, error):
    """A key that is refused ends the asking; another error costs one artist."""
    with pytest.raises(error):
        service(LastFm, tmp_path, answer)[0].ask("", "A")


def test_lastfm_does_not_know(tmp_path):
    """Error 6 is an artist that Last.fm does not know; 29 is asked again."""
    busy, unknown = (200, {"error": 29, "message": "x"}), (200, {"error": 6, "message": "x"})
    asked, session = service(LastFm, tmp_path, busy, busy, unknown)

    assert asked.ask("", "A").via == "not found"
    assert len(session.asked) == 3
    assert asked.requests.refused == asked.requests.pauses == 2


@pytest.mark.parametrize(
    ("given_", "words"),
    [
        ({"genres": ("spotify", "discogs")}, "source of genres"),
        ({"musicbrainz_per_second": 2.0}, "your own mirror"),
        ({"musicbrainz_per_second": 0.0}, "more than 0"),
        ({"contact": "me\nX: y"}, "one line"),
        ({"contact": "mé@example.org"}, "ASCII"),
    ],
)
def test_settings_that_are_not_possible(given_, words):
    """Unknown services, a rate that MusicBrainz forbids and a contact that breaks a header are refused."""
    with pytest.raises(SettingsError, match=words):
        Parameters(Artists(), "a", "b", **given_)


def test_the_key_is_not_shown():
    """The key of Last.fm is not in the text of the parameters."""
    assert KEY not in repr(Parameters(Artists(), "a", "b", lastfm_key=KEY))

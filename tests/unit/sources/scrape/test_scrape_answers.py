"""Answers that no documentation tells of: odd values, odd waits, searches without end."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from types import SimpleNamespace

import pytest
import requests

from genrelab.sources.scrape.client import LONGEST_WAIT, ApiError, Page, retry_after
from genrelab.sources.scrape.fetch import artist_facts, fetch_term
from genrelab.sources.scrape.journal import Journal
from genrelab.sources.scrape.rows import read_scraped

ARTIST, TRACK = "a" * 22, "t" * 22


def of_one_track(folder, *, name="Song", genres=("pop",), popularity=40, **values):
    """What a journal with one track becomes."""
    with Journal(folder) as journal:
        journal.add("run", tracks_per_artist=1, is_sample=True)
        journal.add("artist", id=ARTIST, name="Ada", genres=list(genres), popularity=1)
        track = {"id": TRACK, "name": name, "popularity": popularity, "guest": False}
        journal.add("tracks", id=ARTIST, tracks=[track], via="top tracks", has_more=False)
        journal.add("features", id=TRACK, origin="spotify", values=values)
    return read_scraped(folder)


@pytest.mark.parametrize(
    ("values", "rule"),
    [
        ({"popularity": 10**30}, "popularity: a whole number"),
        ({"tempo": 2**60 + 1}, "tempo: a number"),
        ({"tempo": 10**400}, "tempo: a number"),
        ({"tempo": float("inf")}, "tempo: a number"),
        ({"tempo": float("nan")}, "tempo: a number"),
        ({"key": -(2**70)}, "key: a whole number"),
    ],
)
def test_a_number_without_measure_rejects_its_row(tmp_path, values, rule):
    """It would stand in the journal for ever and break every night."""
    found = of_one_track(tmp_path, **values)
    assert (len(found.data), found.rejected["rules"].to_pylist()) == (0, [[rule]])


def test_half_a_character_is_replaced(tmp_path):
    """An emoji that was cut in two fits no table; a whole number is a number."""
    [row] = of_one_track(tmp_path, name="x \ud83d", genres=["\ud83d\ude00 rock"], tempo=120).data.to_pylist()
    assert row["track_name"] == "x \N{REPLACEMENT CHARACTER}"
    assert row["genres"] == ["\N{GRINNING FACE} rock"]
    assert row["tempo"] == 120.0


def test_genres_that_are_no_text_are_none():
    """`None` is no micro-genre."""
    assert artist_facts({"id": ARTIST, "genres": ["pop", None, 5]})["genres"] == ["pop"]


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("3", 3.0),
        ("0.5", 0.5),
        ("0", None),
        ("-1", None),
        ("nan", None),
        ("soon", None),
        ("", None),
        ("inf", LONGEST_WAIT),
        ("1732225000000", LONGEST_WAIT),
        (format_datetime(datetime(2000, 1, 1, tzinfo=UTC), usegmt=True), None),
        ("Fri, 31 Dec 9999 23:59:59 GMT", LONGEST_WAIT),
    ],
)
def test_a_wait_that_says_nothing_is_none(header, seconds):
    """No time at all would be asked for again without end; a moment in milliseconds is no number of seconds."""
    response = requests.Response()
    response.headers["Retry-After"] = header
    assert retry_after(response) == seconds


def test_a_date_to_come_is_a_wait():
    """By this machine's clock."""
    response = requests.Response()
    response.headers["Retry-After"] = format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True)
    assert 50 < retry_after(response) <= 60


class Searched:
    """A search that always has more.

    Args:
        pages: Items of each page; the last one is repeated.
        refused_at: Offset from which Spotify will not.
    """

    def __init__(self, pages, refused_at=10_000):
        self.pages, self.refused_at, self.asked = pages, refused_at, []

    def spotify(self, _call, ask):
        """Answer the search."""
        offset = ask(SimpleNamespace(search=lambda _query, *, offset, **_: offset))
        self.asked.append(offset)
        if offset >= self.refused_at:
            raise ApiError(400, "offset")
        items = self.pages[min(len(self.asked), len(self.pages)) - 1]
        return Page({"artists": {"items": items, "next": "more"}}, f"page{offset}")


def found(number):
    """A page of one artist."""
    return [{"id": f"{number:022}"}]


def test_a_search_that_brings_nothing_new_ends():
    """Null items, ids that are none, and the same page again and again."""
    assert fetch_term(Searched([[None, {"id": "ü" * 22}, {}]]), "x", 50, 10) == ([], "page0")
    client = Searched([found(1), found(2), found(2)])
    assert fetch_term(client, "x", 50, 10) == ([f"{1:022}", f"{2:022}"], "page20")
    assert client.asked == [0, 10, 20]


def test_a_search_ends_where_spotify_does():
    """What was found before a page that is refused counts; a first page that is refused is an error."""
    client = Searched([found(number) for number in range(500)])
    ids, _ = fetch_term(client, "x", 10_000, 10)
    assert (len(ids), client.asked[-1]) == (100, 990)
    ids, digest = fetch_term(Searched([found(1), found(2), found(3)], refused_at=20), "x", 50, 10)
    assert (len(ids), digest) == (2, "page10")
    with pytest.raises(ApiError):
        fetch_term(Searched([[]], refused_at=0), "x", 50, 10)

"""What follows from the journal, from an answer, and from a refusal."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from genrelab.sources.scrape.api_capabilities import ARTISTS, FEATURES, STRIKES, TOP_TRACKS, ApiCapabilities
from genrelab.sources.scrape.journal import Journal, read_journal
from genrelab.sources.scrape.secrets import Mask
from genrelab.sources.scrape.state import State, own_tracks
from genrelab.sources.scrape.summary import ScrapeSummary, spell

NOW = datetime(2026, 11, 20, tzinfo=UTC)
IDS = st.sampled_from(["a", "b", "c", None])
TRACK = st.one_of(
    st.none(),
    st.integers(),
    st.fixed_dictionaries(
        {
            "id": st.one_of(st.none(), st.text(max_size=2), st.sampled_from(["x" * 22, "y" * 22])),
            "name": st.one_of(st.none(), st.text(max_size=3)),
        },
        optional={"artists": st.one_of(st.none(), st.lists(st.fixed_dictionaries({"id": IDS}), max_size=3))},
    ),
)


def record(kind, days_ago=0.0, **facts):
    """One line of the journal."""
    return {"kind": kind, "at": (NOW - timedelta(days=days_ago)).isoformat(), **facts}


def state(*records, refresh_days=90.0, tracks_per_artist=1):
    """What follows from the records."""
    return State(records, NOW.timestamp(), refresh_days, tracks_per_artist)


@given(st.lists(TRACK))
def test_only_tracks_that_the_artist_is_on(tracks):
    """Whatever an answer holds, each track taken from it has the artist on it, once, main artist first."""
    found = own_tracks(tracks, "a")
    by_id = {}
    for track in tracks:
        if isinstance(track, dict) and track["id"] is not None:
            by_id.setdefault(track["id"], []).append([artist["id"] for artist in track.get("artists") or ()])

    assert len({track["id"] for track in found}) == len(found)
    assert all(any("a" in artists for artists in by_id[track["id"]]) for track in found)
    assert [track["guest"] for track in found] == sorted(track["guest"] for track in found)


def test_newest_record_counts():
    """An artist fetched again has no tracks until those are fetched again too."""
    artist, tracks = {"id": "x", "name": "X"}, {"id": "x", "tracks": [{"id": "t"}]}
    known = state(record("artist", 3, **artist), record("tracks", 3, **tracks), record("artist", 1, **artist))

    assert known.artists["x"].tracks is None
    assert known.lacks_features("x") == []


def test_old_artists_count_as_not_fetched():
    """Past the age of refreshing an artist is as good as new; without one it is kept for ever."""
    old = [record("artist", 91, id="x", name="X"), record("tracks", 91, id="x", tracks=[])]

    assert "x" not in state(*old).artists
    assert state(*old, refresh_days=None).has_no_tracks("x")


def test_features_are_kept_for_ever():
    """Audio features never grow old; what nobody had is asked for again another night."""
    known = state(
        record("artist", id="x", name="X"),
        record("tracks", id="x", tracks=[{"id": "s"}, {"id": "t"}, {"id": "u"}]),
        record("features", 900, id="s"),
        record("missing", 1, id="t"),
        record("missing", 0.1, id="u"),
        tracks_per_artist=3,
    )

    assert known.lacks_features("x") == ["t"]


def test_more_tracks_wanted_than_were_looked_for():
    """Where a search ended early, wanting more tracks means searching again, by the name that is kept."""
    few = [
        record("artist", id="x", name="X"),
        record("tracks", id="x", tracks=[{"id": "t"}], has_more=True),
    ]

    assert state(*few).artists["x"].tracks == ("t",)
    assert state(*few, tracks_per_artist=2).artists["x"].tracks is None
    assert state(*few, tracks_per_artist=2).artists["x"].name == "X"


@given(st.lists(st.tuples(st.text(max_size=5), st.text(max_size=20)), max_size=5))
def test_journal_round_trip(tmp_path_factory, facts):
    """What is added is read, whatever text it holds."""
    folder = tmp_path_factory.mktemp("journal")
    with Journal(folder) as journal:
        written = [journal.add("artist", id=name, name=text) for name, text in facts]

    assert list(read_journal(folder)) == written


@pytest.mark.parametrize(("call", "status"), [(ARTISTS, 403), (TOP_TRACKS, 404), (FEATURES, 403)])
def test_closed_after_three_refusals(call, status):
    """Three refusals without an answer close a call, and are noted once."""
    noted = []
    capabilities = ApiCapabilities((), noted.append)
    for _ in range(STRIKES - 1):
        assert capabilities.refused(call, status)
        assert capabilities.allows(call)
    capabilities.refused(call, status)

    assert not capabilities.allows(call)
    assert noted == [call]


def test_never_closed_once_answered():
    """A refusal of a call that was answered is an accident, however often it comes."""
    capabilities = ApiCapabilities((), [].append)
    capabilities.accepted(ARTISTS)

    assert not any(capabilities.refused(ARTISTS, 403) for _ in range(10))
    assert capabilities.allows(ARTISTS)


def test_other_errors_close_nothing():
    """A status that means something else is not taken for a refusal."""
    capabilities = ApiCapabilities((), [].append)

    assert not any(capabilities.refused(ARTISTS, 500) for _ in range(10))


@given(st.text("abc", min_size=4, max_size=20), st.text("abc ", max_size=40), st.text("abc ", max_size=40))
def test_mask_hides(secret, before, after):
    """No secret that the mask knows is left in a text."""
    assert secret not in Mask(secret).text(before + secret + after)


def test_mask_hides_headers():
    """Headers are hidden even where the token is not known."""
    assert Mask().text("{'Authorization': 'Basic YTpi'}") == "{'Authorization': 'Basic ***'}"


@pytest.mark.parametrize(("seconds", "words"), [(0, "0 s"), (59.6, "1 min 0 s"), (3_600, "1 h 0 min")])
def test_spell(seconds, words):
    """Times are spelt for people."""
    assert spell(seconds) == words


def test_failures_until_the_next_run_are_no_success():
    """A scrape is complete when what failed failed for good."""
    facts = dict.fromkeys(
        ("asked", "fetched", "skipped", "unfinished", "tracks", "without_tracks", "without_genres"), 0
    )
    facts |= dict.fromkeys(
        ("without_features", "refused", "retries", "waits", "waited_seconds", "seconds"), 0
    )

    assert ScrapeSummary(**facts, requests={}, failed={"unknown to Spotify": ("x",)}).is_complete
    assert not ScrapeSummary(**facts, requests={}, failed={"without a usable answer": ("x",)}).is_complete

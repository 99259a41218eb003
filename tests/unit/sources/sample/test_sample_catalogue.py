"""The synthetic catalogue behaves like real music data."""

import re
from collections import Counter

import numpy as np
import pytest
from scipy.stats import ks_2samp

from genrelab.rules import bin_tracks, load_rule_set
from genrelab.sources.sample import catalogue
from genrelab.sources.sample.names import spotify_id
from genrelab.sources.sample.profile import load_profiles
from genrelab.sources.spotify import exact_duplicates, read_pulls
from genrelab.tables.spotify import BINS, SPOTIFY_TRACKS

DRAWN = catalogue()
COMPARED = ("acousticness", "danceability", "energy", "loudness", "speechiness", "tempo", "valence")


def test_same_seed_same_catalogue():
    """The same arguments give the same catalogue, another seed another one."""
    assert catalogue(60, seed=1) == catalogue(60, seed=1)
    assert catalogue(60, seed=1) != catalogue(60, seed=2)


def test_size():
    """The default is about 1,500 artists with about 2,500 tracks."""
    assert len(DRAWN.artists) == 1_500
    assert 2_300 <= len(DRAWN.tracks) <= 2_700


def test_ids():
    """Every id is 22 characters of base62, and none is given twice."""
    ids = [artist.id for artist in DRAWN.artists] + list(DRAWN.tracks)

    assert all(re.fullmatch(r"[0-9A-Za-z]{22}", name) for name in ids)
    assert len(set(ids)) == len(ids)


def test_too_few_artists():
    """A catalogue that cannot fill every target genre is refused."""
    with pytest.raises(ValueError, match="3 artists cannot fill 13"):
        catalogue(3)


def test_every_target_genre_is_there():
    """The smallest catalogue still has an artist of every target genre."""
    found = Counter(artist.target for artist in catalogue(len(BINS) + 1).artists)

    assert found == dict.fromkeys((*BINS, "unmatched"), 1)


def test_shares():
    """Target genres have the shares of the real pulls, to one artist."""
    found = Counter(artist.target for artist in DRAWN.artists)
    profiles = load_profiles().by_bin

    for name, profile in profiles.items():
        assert abs(found[name] - profile.share * 1_500) <= 10, name


def test_rules_find_the_target():
    """The classic rules bin every artist's micro-genres into the target genre that it was drawn for."""
    table = DRAWN.table()
    binned = bin_tracks(table["genres"], load_rule_set("classic")).bins.to_pylist()
    wrong = [
        (DRAWN.by_id[artist].target, found, genres)
        for artist, found, genres in zip(
            table["artist_id"].to_pylist(), binned, table["genres"].to_pylist(), strict=True
        )
        if genres and (found or "unmatched") != DRAWN.by_id[artist].target
    ]

    assert wrong == []


def test_schema_and_ranges():
    """Rows have the declared types, and every value lies in its declared range."""
    table = DRAWN.table()

    assert table.schema.equals(SPOTIFY_TRACKS.schema)
    for column in SPOTIFY_TRACKS:
        values = table[column.name].drop_null().to_pylist()
        if column.low is not None:
            assert min(values) >= column.low, column.name
        if column.high is not None:
            assert max(values) <= column.high, column.name


def test_tracks_of_an_artist_resemble_each_other():
    """Two tracks of an artist are nearer to each other than those of two artists of one target genre."""
    pops = [artist for artist in DRAWN.artists if artist.target == "pop" and len(artist.tracks) > 1]
    pairs = [[track.features.get("energy") for track in artist.tracks[:2]] for artist in pops]
    first, second = np.array([pair for pair in pairs if None not in pair]).T
    own = np.abs(first - second).mean()
    others = np.abs(first - np.roll(second, 1)).mean()

    assert own < 0.92 * others


def test_guests():
    """Some tracks have a guest, who is in the catalogue too."""
    with_guests = [track for track in DRAWN.tracks.values() if len(track.artist_ids) == 2]

    assert 0.03 < len(with_guests) / len(DRAWN.tracks) < 0.1
    assert all(artist in DRAWN.by_id for track in with_guests for artist in track.artist_ids)


def test_spotify_id_depends_on_its_key():
    """Different keys give different ids."""
    assert spotify_id("artist", 1) != spotify_id("artist", 2)


@pytest.mark.real
def test_distributions_follow_the_pulls(real_data):
    """By target genre, audio features are distributed as in the real pulls."""
    pulls = read_pulls(real_data / "spotify" / "pulls").data
    pulls = pulls.filter(~exact_duplicates(pulls))
    bins = np.array(bin_tracks(pulls["genres"], load_rule_set("classic")).bins.to_pylist(), dtype=object)
    large = catalogue(6_000)

    for name in ("pop", "classical", "hardcore", "focus/sleep"):
        tracks = [t.features for a in large.artists if a.target == name for t in a.tracks if t.features]
        for feature in COMPARED:
            real = np.asarray(pulls[feature])[bins == name]
            drawn = [features[feature] for features in tracks]
            assert ks_2samp(real, drawn).statistic < 0.12, (name, feature)

"""The places from the table of tracks to the table `fma_places`, also with bad input."""

import numpy as np
import pytest
from places_facts import (
    BERLIN,
    BROOKLYN,
    PORTLAND,
    UTRECHT,
    artist_rows,
    publish_archive,
    two_continents,
)
from scipy import stats

from expectations.check import check
from genrelab.analyses.inputs import Inputs
from genrelab.analyses.places.analysis import PLACES
from genrelab.analyses.places.study import compute, rate
from genrelab.runtime.records import decode, encode
from genrelab.runtime.settings import Settings
from genrelab.tables.places import FMA_PLACES, NEAREST, NOWHERE, OFF_GLOBE, STATE, WRONG_LONGITUDE


def studied(lake, rows):
    """The result and the rows of the table."""
    publish_archive(lake, rows)
    inputs = Inputs(PLACES, Settings(lake.home, cores=1, budget="quick"))
    found = compute(inputs)
    table = inputs.tables["fma_places"]
    assert decode(type(found), encode(found)) == found
    assert check(FMA_PLACES, table).rows == {}
    return found, table.to_pandas().set_index("artist_id")


def test_artists_are_placed_and_counted_by_continent_country_and_state(lake):
    """With their inhabitants; an artist without coordinates is in no row."""
    rows = [
        *artist_rows(1, PORTLAND, "Rock", 5, "Portland, OR"),
        *artist_rows(2, PORTLAND, "Folk", 2),
        *artist_rows(3, BROOKLYN, "Rock", 3, "Brooklyn, NY"),
        *artist_rows(4, UTRECHT, "Rock", 4, "Utrecht, The Netherlands"),
        *artist_rows(5, None, "Rock", 9, "Berlin"),
    ]
    found, table = studied(lake, rows)

    assert (found.tracks, found.artists, found.stated_tracks, found.located_artists) == (23, 5, 14, 4)
    assert [(one.name, one.tracks, one.artists) for one in found.states] == [
        ("Oregon", 7, 2),
        ("New York", 3, 1),
    ]
    assert [(one.name, one.within, one.tracks) for one in found.countries] == [
        ("United States", "North America", 10),
        ("Netherlands", "Europe", 4),
    ]
    assert found.states[0].per_million == rate(2, 4_093_465)
    assert found.states[0].tracks_per_million == pytest.approx(7 / 4.093465)
    assert found.decided[STATE] == 3
    assert table["state"].fillna("").tolist() == ["Oregon", "Oregon", "New York", ""]
    assert table["country_code"].tolist() == ["US", "US", "US", "NL"]
    assert table["tracks"].tolist() == [5, 2, 3, 4]
    assert (found.spots[0].name, found.spots[0].artists, found.spots[0].tracks) == ("Portland, OR", 2, 7)


def test_the_rate_is_that_of_a_poisson_count():
    """Garwood's exact interval for 10 artists in two million is half of 4.80 to 18.39."""
    assert rate(10, 2_000_000) == pytest.approx((5.0, 4.795 / 2, 18.39 / 2), abs=0.001)
    assert rate(0, 1_000_000) == pytest.approx((0, 0, 3.689), abs=0.001)
    assert rate(3, None) is None


def test_an_archive_with_known_margins_gives_the_tests_of_scipy(lake):
    """Counts, chi-squared, V and the student project's test; with artists as units, p is far larger."""
    rows = two_continents()
    found, _ = studied(lake, rows)
    counts = np.zeros((2, 3), int)
    for row in rows:
        place = found.document.places.index("Europe" if row["artist_id"] > 20 else "North America")
        counts[place, found.document.genres.index(row["genre_top"])] += 1
    theirs = stats.chi2_contingency(counts, correction=False)
    document, tests = found.document, found.document.tests

    assert document.tracks == tuple(map(tuple, counts.tolist()))
    assert np.array(document.artists).sum(axis=1).tolist() == [20, 20]
    assert (tests.tracks.statistic, tests.tracks.p) == pytest.approx((theirs.statistic, theirs.pvalue))
    assert np.array(document.expected) == pytest.approx(theirs.expected_freq, abs=1e-4)
    assert tests.v == pytest.approx(np.sqrt(theirs.statistic / counts.sum()))
    assert [one.p for one in found.equal] == pytest.approx(stats.chisquare(counts).pvalue)
    assert tests.tracks.p < tests.permuted.p / 100
    assert tests.permuted.inflation > 3
    assert tests.artists.fewest_expected * 6 <= 40
    assert [one.name for one in found.tables] == ["continent", "country", "state"]
    assert found.tables[2].missing == "only one place is left (Oregon)"


def test_no_coordinates_at_all(lake):
    """Said; the table is empty, nothing is tested, and nothing fails."""
    found, table = studied(lake, artist_rows(1, None, "Rock", 5))

    assert (found.located_artists, found.counted_artists, len(table)) == (0, 0, 0)
    assert (found.countries, found.spots, found.odd, found.equal) == ((), (), (), ())
    assert {one.missing for one in (found.document, *found.tables)} == {
        "no place has 2 artists with genres that other artists have too",
        "no track of these genres is from these places",
    }


def test_what_is_off_the_globe_or_in_the_sea_is_listed_and_counted_nowhere(lake):
    """Latitude 95, (0, 2), a wrong sign; the rest goes on."""
    rows = [
        *artist_rows(1, (95.0, 10.0), "Rock", 5),
        *artist_rows(2, (0.0, 2.0), "Rock", 4),
        *artist_rows(3, (52.09, -5.12 - 8), "Rock", 3, "Utrecht, Netherlands"),
        *artist_rows(4, (45.52, 122.6762), "Rock", 2, "Portland, OR"),
        *artist_rows(5, BERLIN, "Rock", 1),
        *artist_rows(6, (43.22, 5.3), "Rock", 1),
    ]
    found, table = studied(lake, rows)

    assert [(one.artist, one.kind, one.would_be) for one in found.odd] == [
        ("Artist 1", OFF_GLOBE, ""),
        ("Artist 2", NOWHERE, ""),
        ("Artist 3", NOWHERE, ""),
        ("Artist 4", WRONG_LONGITUDE, "Oregon, United States"),
    ]
    assert (found.decided[OFF_GLOBE], found.decided[NOWHERE], found.decided[NEAREST]) == (1, 2, 1)
    assert [one.name for one in found.countries] == ["France", "Germany"]
    assert found.counted_artists == 2
    assert table.loc[4, ["country_code", "suspicion"]].tolist() == ["CN", WRONG_LONGITUDE]


def test_half_a_place_and_several_places_are_counted(lake):
    """A latitude alone is no place; of several, the commonest counts."""
    half = [{**row, "artist_longitude": None} for row in artist_rows(1, PORTLAND, "Rock", 2)]
    several = [*artist_rows(2, PORTLAND, "Rock", 1), *artist_rows(2, BERLIN, "Rock", 2)]
    found, table = studied(lake, [*half, *several])

    assert (found.half, found.several, found.located_artists) == (1, 1, 1)
    assert table.loc[2, "country_code"] == "DE"
    assert table.loc[2, "tracks"] == 3


def test_one_country_only_cannot_be_compared(lake):
    """The reason is said for continents and countries; states are tested."""
    rows = []
    for number in range(1, 13):
        town, genre = (PORTLAND, "Rock") if number <= 6 else (BROOKLYN, "Folk")
        rows += artist_rows(number, town, genre if number % 6 else "Jazz", 4)
    found, _ = studied(lake, rows)
    continent, country, state = found.tables

    assert continent.missing == "only one place is left (North America)"
    assert country.missing == "only one place is left (United States)"
    assert state.tests is not None
    assert (state.places, set(state.genres)) == (("New York", "Oregon"), {"Rock", "Folk", "Jazz"})


def test_few_expected_tracks_are_known_and_two_by_two_has_an_exact_test(lake):
    """Never a p value alone."""
    rows = [
        row
        for number, (town, genre) in enumerate(
            [(PORTLAND, "Rock")] * 3 + [(PORTLAND, "Folk")] + [(BROOKLYN, "Folk")] * 3 + [(BROOKLYN, "Rock")],
            start=1,
        )
        for row in artist_rows(number, town, genre, 1)
    ]
    tests = studied(lake, rows)[0].tables[2].tests

    assert tests.tracks.fewest_expected == 2
    assert not tests.tracks.is_trusted
    assert tests.fisher == pytest.approx(0.4857, abs=1e-4)


def test_a_genre_with_one_artist_is_no_column(lake):
    """One artist's forty tracks would make a genre of a place; it is named."""
    found, _ = studied(lake, [*two_continents(), *artist_rows(99, BERLIN, "Jazz", 40)])

    assert [one.left_out_genres for one in found.tables] == [("Jazz",), ("Jazz",), ()]  # no state plays it
    assert all("Jazz" not in one.genres for one in found.tables)


def test_a_place_with_one_artist_is_no_row(lake):
    """It is named too."""
    found, _ = studied(lake, [*two_continents(), *artist_rows(99, UTRECHT, "Rock", 40)])

    assert found.tables[1].left_out_places == ("Netherlands",)
    assert "Netherlands" in [one.name for one in found.countries]

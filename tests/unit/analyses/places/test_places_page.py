"""The page of places says how thin the coordinates are, and never shows a p value alone."""

from dataclasses import replace

import pytest
from places_facts import made_places

from genrelab.analyses.places.pages.genres import document_table, independence_table
from genrelab.analyses.places.pages.maps import LARGEST, REGIONS, SMALLEST, places_map
from genrelab.analyses.places.pages.numbers import growth, p_text
from genrelab.analyses.places.pages.places import PAGE, fill
from genrelab.analyses.places.runs import runs_of
from genrelab.analyses.places.summary import summarise
from genrelab.report.site import summarise_site


def page(found):
    """The page as HTML."""
    return PAGE.render(PAGE.summarise({"places": found}), summarise_site({"places": found}))


def without_places():
    """The result where no track has coordinates."""
    nothing = replace(
        made_places().document, tests=None, missing="there is none", tracks=((0, 0, 0), (0, 0, 0))
    )
    return made_places(
        stated_tracks=0,
        located_tracks=0,
        located_artists=0,
        counted_artists=0,
        counted_tracks=0,
        decided={},
        odd=(),
        continents=(),
        countries=(),
        states=(),
        spots=(),
        tables=(),
        document=nothing,
        equal=(),
    )


def test_the_first_sentence_says_how_thin_the_coordinates_are():
    """1.7 % of the tracks; with half of them it says so without a warning."""
    text = fill(made_places())["coverage"]

    assert text.startswith("Only 170 tracks of 10,000 (1.7")
    assert "too thin for any statement about the archive" in text
    assert "Only" not in fill(made_places(stated_tracks=5_000))["coverage"]


def test_no_coordinates_make_a_page_without_charts():
    """It says what is missing, and shows no empty map."""
    html = page(without_places())

    assert "None of the 10,000 tracks has coordinates" in html
    assert "places-map" not in html
    assert fill(without_places())["finding"] == "No artist of the archive has coordinates."


def test_every_p_value_of_tracks_stands_beside_its_smallest_expected_count():
    """A small one is a warning, in a 2 x 2 table with Fisher's exact test."""
    found = made_places()
    document = found.document
    poor = replace(document.tests.tracks, fewest_expected=1.2)
    warned = replace(document, tests=replace(document.tests, tracks=poor, fisher=None))
    exact = replace(document, tests=replace(document.tests, tracks=poor, fisher=0.04))

    def third(one):
        return independence_table(made_places(document=one)).rows[0][2]

    assert third(document).mark == ""
    assert (third(warned).text, third(warned).mark) == ("1.2, below 5: do not trust this p", "warn")
    assert third(exact).text == "1.2, below 5: Fisher's exact test: p 0.040"
    assert "expected counts below 5" in fill(made_places(document=warned))["verdicts"][0]


def test_the_verdict_believes_the_artists():
    """Four ways that the tests can end; the smallest p of 99 permutations is a bound."""
    found = made_places()
    tests = found.document.tests

    def verdict(by_track, by_artist, once=0.5):
        one = replace(
            tests,
            tracks=replace(tests.tracks, p=by_track),
            permuted=replace(tests.permuted, p=by_artist),
            once=replace(tests.once, p=once),
        )
        return fill(made_places(document=replace(found.document, tests=one)))["verdicts"][0]

    assert "differ by more than the chance of which artists joined" in verdict(1e-9, 0.001)
    assert "can be that of a few productive artists" in verdict(1e-9, 0.3)
    assert "counting each artist once the genres differ by more than chance (p 0.020)" in verdict(
        1e-9, 0.3, 0.02
    )
    assert "with artists it is at most 0.010" in verdict(1e-9, 0.01)
    assert "it grows 10⁸ times" in verdict(1e-9, 0.1)
    assert "no difference beyond chance" in verdict(0.2, 0.3)


def test_the_documents_remarks_are_checked_per_head():
    """By its own figures, and by ours with an interval."""
    text = fill(made_places())["remarks"]

    assert "Oregon has 489 tracks per million inhabitants" in text
    assert "New York 177" in text
    assert "rank 1 of 2 states" in text
    assert "The Netherlands have 1 artist, 0.06 per million" in text


def test_the_documents_test_is_shown_beside_the_shares():
    """Equal counts in each column."""
    rows = document_table(made_places()).rows

    assert [row[0].text for row in rows] == ["Experimental", "Rock", "Electronic"]
    assert all("artist" in row[1].below for row in rows)


def test_maps_have_a_dot_for_each_place_of_their_region():
    """Larger for more artists; names are escaped."""
    chart = places_map(made_places())
    dots = {region.name: chart.views[region.name].traces[2] for region in REGIONS}

    assert {name: len(trace["x"]) for name, trace in dots.items()} == {"world": 4, "europe": 2, "states": 2}
    assert dots["europe"]["marker"]["size"][0] > dots["europe"]["marker"]["size"][1] >= SMALLEST
    assert max(dots["world"]["marker"]["size"]) <= LARGEST
    assert "Portland, &lt;OR&gt;" in dots["states"]["text"][0]
    assert "20 artists outside the map" in chart.views["states"].caption


def test_suspects_are_listed_with_where_they_would_be():
    """With the rule that finds them."""
    html = page(made_places())

    assert "A &lt;b&gt;bold&lt;/b&gt; artist" in html
    assert "longitude has the wrong sign: 1 artist" in html
    assert "no place: 1 artist" in html


def test_the_line_and_the_runs_say_the_same():
    """A run for each tested table."""
    found = made_places()
    run = runs_of(found)

    assert "170 of 10,000 tracks" in summarise(found).message
    assert [one.key for one in run.runs] == ["document", "continent", "country", "state"]
    assert run.runs[0].metrics["p_artists_permuted"] == found.document.tests.permuted.p
    assert run.metrics["odd/longitude_has_the_wrong_sign"] == 1
    assert runs_of(without_places()).runs == []


@pytest.mark.parametrize(
    ("p", "text"),
    [
        (1.0, "1.00"),
        (0.049, "0.049"),
        (0.00096, "10⁻³"),
        (3.2e-40, "3 \N{MULTIPLICATION SIGN} 10⁻⁴⁰"),
        (0.0, "below 10⁻³⁰⁰"),
    ],
)
def test_p_values_are_readable(p, text):
    """No row of zeros."""
    assert p_text(p) == text


def test_growth_is_in_powers_of_ten_and_never_infinite():
    """Also from a p value that is too small for a float."""
    assert growth(0.0, 0.5) == "more than 10³⁰⁰ times"
    assert growth(1e-5, 0.5) == "10⁵ times"
    assert growth(0.3, 0.2) == "not at all"

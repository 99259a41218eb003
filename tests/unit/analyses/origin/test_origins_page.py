"""The page on origins, on values: what its titles say and what its drawings hold."""

import json

import numpy as np
import pytest
from origin_page_facts import AWKWARD, COUNTS, left_out, origin_page_facts, origin_page_study

from genrelab.analyses.origin.analysis import ORIGIN
from genrelab.analyses.origin.pages.charts import turning_point
from genrelab.analyses.origin.pages.origin import PAGE
from genrelab.report.land import load_land
from genrelab.report.wording import DASH, NO_BREAK, THIN
from genrelab.report.world_map import REGIONS, map_drawing, project


def summarise(**changes):
    return PAGE.summarise({ORIGIN.name: origin_page_study(**changes)})


def charts(**changes):
    return {
        chart.name: chart for section in summarise(**changes)["collections"] for chart in section["charts"]
    }


def plain(text: str) -> str:
    return text.replace(THIN, " ").replace(NO_BREAK, " ")


def test_the_finding_says_what_is_left_for_new_countries():
    """The blend's scores with the country in training and without, each with what needs no music."""
    assert plain(summarise()["finding"]) == (
        "Models mostly recognise countries: with other tracks of the country in training, audio features predict north "
        "or south of 20° N for 81.7 % of tracks, the country for 51.6 % and the place to within 2,522 km on average; "
        "for new countries it is 67.5 % (always the commonest side: 64.1 %) and 4,730 km (always the most central "
        "capital: 4,400 km)."
    )


def asked(task: str, **changes):
    """The three questions, one of them changed."""
    return [one | changes if one["task"] == task else one for one in origin_page_facts()["tasks"]]


def test_scores_that_hold_for_new_countries_are_not_called_recognition():
    """North or south keeps more than half of its lead."""
    tasks = asked("latitude", left_out=left_out("majority", 0.5, 0.175, (0.1, 0.2)))

    assert summarise(tasks=tasks)["finding"].startswith("Models do more than recognise countries: ")


def test_where_no_country_can_be_left_out_the_reason_is_shown():
    """The sentence of the study instead of charts; the finding says what is not known."""
    tasks = [one | {"left_out": None} for one in origin_page_facts()["tasks"]]
    found = summarise(tasks=tasks, country_folds=0, why_not_left_out="One country only.")

    assert found["collections"][0] | {"charts": ()} == {
        "anchor": "new-countries",
        "title": "Known and new countries",
        "words": "One country only.",
        "charts": (),
    }
    assert found["finding"].endswith("it is not known whether that is more than recognising countries.")


@pytest.mark.parametrize(
    ("interval", "expected"),
    [
        ((-0.06, 0.11), "not surely better than always the commonest side (64.1 %)"),
        ((0.01, 0.06), "better than always the commonest side (64.1 %)"),
    ],
)
def test_new_countries_stand_beside_known_ones(interval, expected):
    """Both scores and both baselines in one chart; the interval of the lead decides what its title says."""
    tasks = asked("latitude", left_out=left_out("majority", 0.641, 0.034, interval))
    view = charts(tasks=tasks)["new-countries-latitude"].first

    assert (
        plain(view.title)
        == f"Latitude: 81.7 % where the country is in training, 67.5 % where it is new, {expected}"
    )
    assert [trace["x"] for trace in view.traces] == [[0.817, 0.675], [0.64, 0.641]]
    assert "over 6 countries (158 tracks)" in plain(view.caption)
    assert [[plain(cell.text) for cell in row][::3] for row in view.grid.rows] == [
        ["Blend of country models", "67.5 %"],
        ["rbf svm", "66.0 %"],
        ["network hidden", DASH],
        ["Without music", "64.1 %"],
    ]


@pytest.mark.parametrize(
    ("baseline", "interval", "expected"),
    [
        (4400.0, (120.0, 590.0), "worse than always the most central capital (4,400 km)"),
        (4400.0, (-20.0, 590.0), "no better than always the most central capital (4,400 km)"),
        (4800.0, (-120.0, 20.0), "not surely better than always the most central capital (4,800 km)"),
        (4800.0, (-120.0, -20.0), "better than always the most central capital (4,800 km)"),
    ],
)
def test_less_is_better_where_km_are_counted(baseline, interval, expected):
    """The verdict on places."""
    tasks = asked("coordinates", left_out=left_out("central_place", baseline, 4730.0 - baseline, interval))

    assert plain(charts(tasks=tasks)["new-countries-coordinates"].first.title).endswith(expected)


def test_the_caption_names_both_answers_without_music():
    """Where they differ."""
    tasks = asked("coordinates", left_out=left_out("median_place", 4400.0, 330.0, (120.0, 590.0)))

    assert charts(tasks=tasks)["new-countries-coordinates"].first.caption.endswith(
        "always the most central capital; where the country is new, always the most central point."
    )
    assert charts()["new-countries-coordinates"].first.caption.endswith(
        "no music: always the most central capital."
    )


def test_a_country_with_half_of_the_tracks_is_named():
    """Its tracks decide the scores for new countries; models that were not asked are named too."""
    places = origin_page_facts()["places"]
    words = plain(summarise()["collections"][0]["words"])
    large = plain(summarise(places=[*places[:-1], places[-1] | {"tracks": 79}])["collections"][0]["words"])

    assert "6 countries in 5 folds, drawn 3 times" in words
    assert "To save time, 2 of 5 models are not asked; the tables show which." in words
    assert "of the tracks: where it is left out" not in words
    assert "Lithuania has 50 % of the tracks: where it is left out, models learn from 79 tracks" in large


def test_a_lead_is_called_chance_where_it_may_be():
    """The interval of the difference decides."""
    found = charts()

    assert (
        plain(found["scores-latitude"].first.title)
        == "Blend of country models: 81.7 %, 2.7 points more than rbf svm"
    )
    assert plain(found["scores-country"].first.title) == (
        "Blend of country models: 51.6 %; its lead over extra trees may be chance"
    )
    assert plain(found["scores-coordinates"].first.title) == (
        "Blend of country models: 2,522 km, 915 km nearer than forest regression"
    )


def test_published_results_stand_beside_the_same_kind_of_model():
    """The student project's network and the paper's forest, each on its own question."""
    found = charts()
    diamonds = [found[f"scores-{task}"].first.traces[1:] for task in ("latitude", "country", "coordinates")]

    assert [[trace["x"] for trace in traces] for traces in diamonds] == [[[0.7954]], [], [[3113.0]]]
    assert plain(diamonds[2][0]["text"][0]) == "3,113 km"


def test_the_map_has_a_mark_for_every_track_and_a_view_for_every_cluster_and_region():
    """Marks of a cluster are as many as its tracks, wherever it is shown."""
    views = charts()["cluster-map"].views

    assert list(views) == [*(f"all|{region.name}" for region in REGIONS), "0|world", "1|world", "2|world"]
    marks = {trace["name"]: trace for trace in views["all|world"].traces if trace.get("name")}
    assert {name: len(trace["x"]) for name, trace in marks.items()} == {"1": 46, "2": 48, "3": 64}
    assert len({trace["marker"]["symbol"] for trace in marks.values()}) == len(COUNTS)
    assert len({trace["marker"]["color"] for trace in marks.values()}) == len(COUNTS)
    assert plain(views["0|world"].title) == f"Cluster 1 is mostly in {AWKWARD} (65 %) and Brazil (20 %)"


def test_names_from_the_data_are_shown_not_obeyed():
    """Plotly reads tags in text; the countries' names are escaped."""
    view = charts()["cluster-map"].views["all|africa"]
    texts = [text for trace in view.traces for text in trace.get("text", []) if "Mali" in text]

    assert len(texts) == 2
    assert all("&lt;b&gt;Mali" in text for text in texts)


def test_purity_counts_the_countries_beyond_chance():
    """Five of six are above what 95 of 100 shuffles stay below."""
    chart = charts()["purity"]

    assert chart.first.title == "5 of 6 countries concentrate in one cluster more than by chance"
    assert chart.first.grid.rows[0][0].text == "Lithuania"


def test_the_cost_histories_say_when_they_settle():
    """Within 2 % of where each ends."""
    assert (
        charts()["cost-histories"].first.title
        == "After 3 iterations, every start is within 2 % of its final cost"
    )


@pytest.mark.parametrize(
    ("costs", "expected"),
    [
        ([100, 60, 20, 18, 17], 2),
        ([100, 80, 65, 55, 48], None),
        ([100, 90, 86, 85.99], None),
        ([10, 9], None),
        ([], None),
    ],
)
def test_a_turn_of_the_curve_is_a_cluster_that_takes_off_far_more_than_the_next(costs, expected):
    """Three clusters in the first; none stands out in the second."""
    assert turning_point(costs) == expected


def test_the_networks_show_the_honest_epoch_and_that_of_hindsight():
    """Means over the splits."""
    title = charts()["by-epoch"].views["network_single"].title

    assert plain(title) == (
        "Network, single layer: 73.0 % where training stops, 77.0 % at the best epoch on the test tracks"
    )


def test_half_of_the_tracks_end_within_the_median():
    """Read off the quantiles of the best answer."""
    assert (
        plain(charts()["within"].first.title)
        == "Half of the tracks are placed within 2,522 km of their capital"
    )


def test_the_choice_is_told():
    """What each half chose and what it reached there."""
    words = {section["anchor"]: plain(section["words"]) for section in summarise()["collections"]}

    assert words["country"].startswith(
        "The blend combines several models. It was chosen on one half of the tracks"
    )
    assert plain(charts()["scores-country"].first.grid.caption).endswith(
        "The halves chose 3 extra trees, 1 SVM by pairs and 2 extra trees, 1 SVM by pairs (52.0 % and 51.0 % on the "
        "half used for choosing)."
    )
    assert "62 % of the tracks are in the leading cluster of their country" in words["clusters"]
    assert "with shuffled clusters it would be 45 %" in words["clusters"]


def test_a_study_that_has_not_run_names_its_command():
    """A record that does not fit counts as none."""
    assert PAGE.summarise({ORIGIN.name: None})["has_run"] is False


def test_equal_earth_is_as_published():
    """The pole line is 0.591 of the equator, the map 2.05 times as wide as high (Savric, Patterson and Jenny)."""
    (equator, pole), (_, top) = project([0.0, 90.0], [180.0, 180.0])

    assert pole / equator == pytest.approx(0.591, abs=0.002)
    assert 2 * equator / (2 * top) == pytest.approx(2.05, abs=0.01)


def test_the_projection_keeps_areas():
    """A cell of ten degrees at the equator and one at 60 N have the areas they have on the sphere."""

    def area(south: float) -> float:
        latitude = np.array([*np.linspace(south, south + 1, 50), *np.linspace(south + 1, south, 50)])
        longitude = np.array([10.0] * 50 + [20.0] * 50)
        x, y = project(latitude, longitude)
        return float(abs(np.dot(x, np.roll(y, 1)) - np.dot(y, np.roll(x, 1))) / 2)

    sphere = (np.sin(np.radians(61)) - np.sin(np.radians(60))) / np.sin(np.radians(1))

    assert area(60) / area(0) == pytest.approx(sphere, rel=1e-3)


def test_the_land_is_where_land_is():
    """Closed outlines; those of all continents but Antarctica; small enough to travel with every page."""
    outlines = load_land()
    boxes = [
        (min(x), max(x), min(y), max(y)) for x, y in (zip(*outline, strict=True) for outline in outlines)
    ]

    assert all(outline[0] == outline[-1] and len(outline) > 3 for outline in outlines)
    assert any(west < -15 and east > 170 and south < -30 and north > 70 for west, east, south, north in boxes)
    assert any(
        112 < west < 115 and 152 < east < 155 and -41 < south < north < -9
        for west, east, south, north in boxes
    )
    assert min(south for _, _, south, _ in boxes) > -60
    assert len(json.dumps(map_drawing([])["traces"])) < 45_000

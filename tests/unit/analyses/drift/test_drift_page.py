"""The page of the drift: what moved, what follows, the first version, and little of it all."""

from dataclasses import replace

from drift_facts import first, made_drift, report_of, status, tracks
from page_checks import says_none, text_of

from genrelab.analyses.drift.analysis import DRIFT
from genrelab.analyses.drift.pages.drift import PAGE
from genrelab.analyses.drift.result import Acceptance
from genrelab.report.site import summarise_site


def summary(drift=None):
    return PAGE.summarise({DRIFT.name: drift or made_drift()})


def rendered(drift=None):
    text = PAGE.render(summary(drift), summarise_site({}) | {"cards": []})
    assert not says_none(text)
    return text


def test_the_finding_says_what_drifted_and_what_follows():
    """In one sentence."""
    assert summary()["finding"] == (
        "The table spotify_binned has drifted (energy, loudness and pop): no model trained on it becomes champion "
        "until this is fixed or accepted."
    )


def test_first_versions_read_well():
    """Nothing to compare is no error and no empty page."""
    drift = report_of(first("fma_tracks"), first("fma_echonest"))
    text = text_of(rendered(drift))

    assert summary(drift)["finding"] == (
        "Nothing to compare yet: every table is the first version of its source."
    )
    assert "After the next run with changed data from the same source, this page shows what changed" in text
    assert "fma_echonest 0 13,129" in text


def test_features_come_by_their_index_with_both_measures_in_their_names():
    """A panel each: later bars, the earlier outline, and the measures as text."""
    view = summary()["parts_of"][0]["charts"][0].first
    features = made_drift().tables[0].features
    names = [note["text"] for note in view.layout["annotations"]]

    assert len(names) == len(features) == 13
    assert names[0] == f"<b>Energy</b><br>PSI {features[0].psi:.2f}, KS {features[0].ks:.2f}"
    assert [one.psi for one in features] == sorted((one.psi for one in features), reverse=True)
    assert view.title == (
        f"Energy changed most: PSI {features[0].psi:.2f}, KS {features[0].ks:.2f}; "
        "2 features over a limit (PSI 0.20, KS 0.10)"
    )
    assert view.traces[0]["y"] == list(features[0].later)
    assert view.traces[1]["y"][1:-2] == list(features[0].earlier)
    assert view.traces[0]["marker"]["color"] != view.traces[-2]["marker"]["color"]


def test_panels_neither_overlap_nor_leave_the_drawing():
    """On a desk and on a phone."""
    view = summary()["parts_of"][0]["charts"][0].first
    for layout in (view.layout, view.narrow["layout"]):
        boxes = [
            (layout[f"xaxis{key}"]["domain"], layout[f"yaxis{key}"]["domain"]) for key in ["", *range(2, 14)]
        ]
        assert all(0 <= low < high <= 1 + 1e-9 for box in boxes for low, high in box)
        for place, (across, up) in enumerate(boxes):
            for other_across, other_up in boxes[:place]:
                is_beside = across[0] >= other_across[1] or across[1] <= other_across[0]
                assert is_beside or up[1] <= other_up[0]


def test_classes_can_be_picked_and_say_both_shares():
    """A view per column of classes, the largest change as its title."""
    chart = summary()["parts_of"][0]["charts"][1]
    pop = next(row for row in chart.first.grid.rows if row[0].text == "pop")

    assert list(chart.views) == ["bin_classic", "bin_reviewed"]
    assert chart.first.title == f"Pop changed from {pop[1].text} to {pop[2].text} of the tracks"
    assert "no genre" in [row[0].text for row in chart.first.grid.rows]


def test_new_and_vanished_micro_genres_come_by_weight():
    """Both lists, and what both versions know."""
    words = summary()["parts_of"][0]["words"]
    new, vanished = words["lists"]

    assert (new["heading"], vanished["heading"], words["kept"]) == ("New: 2", "Vanished: 2", "4")
    assert {row[0].text for row in new["grid"].rows} == {"hyperpop", "<b>drill</b>"}
    assert "<b>drill</b>" not in rendered()


def test_an_accepted_drift_blocks_nothing_and_shows_its_reason():
    """Who reads later learns why."""
    accepted = Acceptance("the new scraper <measures> louder", "2026-03-12T09:00:00+00:00", 3)
    drift = report_of(replace(made_drift().tables[0], accepted=accepted))
    text = text_of(rendered(drift))

    assert summary(drift)["finding"] == "No drift blocks a new champion; 1 table compared."
    assert (
        "Drifted, and accepted on 12 March 2026, 09:00 UTC: the new scraper &lt;measures&gt; louder" in text
    )
    assert "genrelab drift accept" not in text


def test_nothing_moved_is_said_as_such():
    """A version equal to the one before."""
    same = tracks(300, 1)
    drift = report_of(status(same, same))
    part = summary(drift)["parts_of"][0]

    assert part["state"] == "calm"
    assert [chart.first.title for chart in part["charts"]] == [
        "No feature changed",
        "No class changed its share",
    ]
    assert "No change exceeds a limit." in text_of(rendered(drift))


def test_a_version_that_retention_removed_is_told():
    """It is no failure."""
    alone = {row[0].text: row[0].below for row in summary()["alone"].rows}

    assert alone == {"fma_echonest": "", "fma_tracks": "the previous version is no longer stored"}

"""The page of the drift: what moved, what follows, the first version, and little of it all."""

from dataclasses import replace

from drift_facts import first, made_drift, report_of, since_training, slow_drift, status, tracks
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

    assert list(chart.views) == ["bin_classic, version 1", "bin_reviewed, version 1"]
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
        "Drifted against version 1, and accepted on 12 March 2026, 09:00 UTC: the new scraper &lt;measures&gt; louder"
        in text
    )
    assert "genrelab drift accept" not in text


def test_nothing_moved_is_said_as_such():
    """A version equal to the one before."""
    same = tracks(300, 1)
    drift = report_of(status(same, same))
    part = summary(drift)["parts_of"][0]

    assert [one["state"] for one in part["verdicts"]] == ["calm"]
    assert part["changes"] is None
    assert [chart.first.title for chart in part["charts"]] == [
        "No feature changed",
        "No class changed its share",
    ]
    assert "Against version 1: no change exceeds a limit." in text_of(rendered(drift))


def test_a_version_that_retention_removed_is_told():
    """It is no failure."""
    alone = {row[0].text: row[0].below for row in summary()["alone"].rows}

    assert alone == {"fma_echonest": "", "fma_tracks": "the previous version is no longer stored"}


def test_a_drift_since_training_says_whose_champion_waits():
    """Also where the last version is alike."""
    assert summary(slow_drift())["finding"] == (
        "The table spotify_binned has drifted since the training of the champion of spotify-bins-classic (pop): no "
        "model takes that place until this is fixed or accepted."
    )
    text = text_of(rendered(slow_drift()))
    assert "Against version 1: no change exceeds a limit." in text
    assert (
        "training continues, but no model that reads these columns replaces the champion of spotify-bins-classic"
        in text
    )
    assert "genrelab drift accept spotify_binned" in text


def test_both_comparisons_stand_side_by_side():
    """A column for each version; what exceeds a limit comes first and is marked, in its own column alone."""
    part = summary(slow_drift())["parts_of"][0]
    grid = part["changes"]
    largest = grid.rows[0]

    assert [column.label for column in grid.columns] == [
        "Change",
        "Since version 1",
        "Since version 0",
        "Limit",
    ]
    assert [column.below for column in grid.columns[1:3]] == [
        "the last version",
        "training of the champion of spotify-bins-classic",
    ]
    assert largest[0].text == "Pop, share by bin_classic"
    assert [cell.mark for cell in largest] == ["", "", "bad", ""]
    assert all(cell.mark == "" for row in grid.rows[1:] for cell in row)
    unread = next(row for row in grid.rows if row[0].text == "Pop, share by bin_reviewed")
    assert unread[2].text == "not read"


def test_every_comparison_can_be_drawn_and_the_drifted_one_is_shown_first():
    """A selection where there are several."""
    features, classes = summary(slow_drift())["parts_of"][0]["charts"]

    assert list(features.views) == ["version 0", "version 1"]
    assert [value for value, _ in features.pickers[0].options] == list(features.views)
    assert next(iter(classes.views)) == "bin_classic, version 0"
    assert classes.first.title.startswith("Pop changed from ")
    assert all("|" not in key for key in (*features.views, *classes.views))


def test_a_training_version_that_cannot_be_compared_is_told():
    """Lost, or of another source; beside a table that is compared and beside one that is not."""
    data = tracks(300, 1)
    lost = since_training(data, data, status="lost", earlier=None, features=(), classes=(), findings=())
    text = text_of(rendered(report_of(status(data, data, champions=(lost,)))))
    assert (
        "Not compared with version 0, on which the champion of spotify-bins-classic was trained: the lake no longer "
        "has that version." in text
    )
    alone = summary(
        report_of(replace(first("spotify_binned"), champions=(replace(lost, status="elsewhere"),)))
    )
    assert "its data come from another source" in alone["alone"].rows[0][0].below


def test_an_accepted_version_takes_the_place_of_the_training_version():
    """The column says whose it is."""
    drift = slow_drift()
    (since,) = drift.tables[0].champions
    later = replace(since, earlier=replace(since.earlier, version=5, id="5@accepted"))
    part = summary(report_of(replace(drift.tables[0], champions=(later,))))["parts_of"][0]

    assert part["changes"].columns[2].label == "Since version 5"
    assert part["changes"].columns[2].below == "accepted for the champion of spotify-bins-classic"
    assert (
        "accepted after the champion of spotify-bins-classic was trained on version 0"
        in part["verdicts"][1]["against"]
    )

"""The page of the rules: what it says of an audit, and what it does with little of one."""

from dataclasses import replace

import pytest
from page_checks import says_none
from report_facts import made_facts

from genrelab.analyses.rule_audit.pages.rules import PAGE
from genrelab.report.site import summarise_site


def plain(text: str) -> str:
    """The text with ordinary spaces."""
    return " ".join(text.split())


@pytest.fixture
def rules():
    return made_facts()["audit_rules"]


def summary(rules):
    return PAGE.summarise({"audit_rules": rules})


def rendered(rules):
    return PAGE.render(summary(rules), summarise_site({}) | {"cards": []})


def test_the_finding_names_the_active_set_and_the_best_of_the_others(rules):
    """Whoever reads one sentence learns who decides, and how much another would find."""
    active, best = (found.coverage for found in rules.sets)

    assert best > active
    assert plain(summary(rules)["finding"]) == (
        f"The rule set 'classic' is in use: it finds a genre for {active:.1%} of tracks; 'reviewed' would find one for"
        f" {best:.1%}."
    ).replace("%", " %")


def test_the_active_set_comes_first(rules):
    """Whichever it is."""
    assert summary(rules)["sets"] == ["classic", "reviewed"]
    assert summary(replace(rules, active="reviewed"))["sets"] == ["reviewed", "classic"]


def test_both_sets_stand_side_by_side_with_what_a_forest_hears(rules):
    """Contested micro-genres and kappa with its interval."""
    rows = {row[0].text: row[1:] for row in summary(rules)["side_by_side"].rows}

    assert [cell.text for cell in rows["Contested micro-genres"]] == [
        str(found.contested.micro_genres) for found in rules.sets
    ]
    assert [cell.text for cell in rows["Cohen's kappa of a forest"]] == ["0.264", "0.347"]
    assert rows["Macro F1 of a forest"][1].below == "0.373 to 0.383"


def test_the_moves_are_counted_in_full(rules):
    """The title's number is the sum of the matrix and of the facts."""
    view = summary(rules)["moves"].first
    moved = sum(move.tracks for move in rules.comparisons[0].moves)

    assert view.title.startswith(
        f"{moved} tracks have another genre by reviewed than by classic; the largest group, 5, changes from pop to rock"
    )
    assert sum(int(cell.text) for row in view.grid.rows for cell in row[1:]) == moved


def test_contested_and_unmatched_micro_genres_can_be_read_for_each_set(rules):
    """A view per set; the numbers say who claims and who wins."""
    found = summary(rules)

    assert list(found["unmatched"].views) == ["classic", "reviewed"]
    first = found["contested"].first.grid.rows[0]
    assert [cell.text for cell in first] == ["indie rock", "5", "pop, rock", "pop"]
    assert found["contested"].first.traces[0]["text"][0] == " 5  ·  pop over rock"


def test_an_idle_rule_is_named(rules):
    """It stands in the title."""
    idle = [row.rule for row in rules.sets[0].rules if row.is_never_hit]
    title = summary(rules)["rules"].first.title

    assert idle
    assert all(rule in title for rule in idle)


def test_the_fma_is_told_genre_by_genre(rules):
    """Each title with its bin under each set (classic knows no hyphen), and shares beside Spotify's."""
    fma = summary(rules)["fma"]

    assert [cell.text for cell in fma["genres"].rows[0]] == [
        "Hip-Hop",
        "Hip-Hop",
        "3,552",
        "no genre",
        "rap/hip hop",
    ]
    assert list(fma["shares"].views) == ["classic", "reviewed"]
    assert "classic covers 1 of its 3 genres" in fma["note"].lower()


def test_the_two_sources_are_told_feature_by_feature(rules):
    """A view for each rule set and feature, the active set and energy first; medians, middle half, effect, tracks."""
    chart = summary(rules)["fma"]["sound"]

    assert next(iter(chart.views)) == "classic|energy"
    assert len(chart.views) == 2 * 8
    view = chart.views["reviewed|tempo"]
    told = rules.sound["reviewed"]
    row = max(told.features[-2].genres, key=lambda row: row.second[1])
    assert told.features[-2].feature == "tempo"
    cells = view.grid.rows[0]
    assert cells[0].text == row.genre
    assert plain(cells[1].text) == f"{row.first[1]:.0f} bpm"
    assert cells[2].below == f"{row.second[0]:.0f} to {row.second[2]:.0f}"
    assert (cells[3].text, cells[4].text) == (f"{(row.delta + 1) * 50:.0f}", "40, 40")
    assert f"Too few tracks in one source: {told.too_few[0].genre}." in view.caption
    assert view.layout["xaxis"]["title"]["text"] == "Tempo (beats per minute)"


@pytest.mark.parametrize(
    "changes",
    [
        {"recoverability": None, "recoverability_skipped": "too few"},
        {"comparisons": ()},
        {"fma": None},
        {"sound": {}},
        {"fma": None, "sound": {}, "recoverability": None},
    ],
)
def test_a_page_with_a_part_missing_is_still_whole(rules, changes):
    """The forest had too few tracks, no track moves, or FMA was not read."""
    html = rendered(replace(rules, **changes))

    assert "<h1" in html
    assert not says_none(html)


def test_a_forest_that_could_not_listen_says_why(rules):
    """The reason takes the place of the scores."""
    made = summary(
        replace(rules, recoverability=None, recoverability_skipped="a grouped split needs two groups")
    )

    assert made["heard"] is None
    assert "a grouped split needs two groups" in made["heard_note"]

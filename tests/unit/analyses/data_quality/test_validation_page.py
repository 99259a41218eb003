"""The page of the audits: the matrix, refused tables, what failed with its examples, and little of it all."""

from dataclasses import replace

import pytest
from awkward_names import AWKWARD
from page_checks import text_of
from validation_facts import TEMPO, check, example, made_audits, record

from genrelab.analyses.data_quality.analysis import VALIDATION
from genrelab.analyses.data_quality.pages.validation import PAGE
from genrelab.analyses.data_quality.result import Audits
from genrelab.report.site import summarise_site


def summary(records):
    return PAGE.summarise({VALIDATION.name: Audits(tuple(records))})


def rendered(records):
    return PAGE.render(summary(records), summarise_site({}) | {"cards": []})


@pytest.fixture
def records():
    return made_audits().records


def test_the_finding_names_the_refused_table_first(records):
    """Whoever reads one sentence learns what is in use instead."""
    assert summary(records)["finding"] == (
        "The table spotify_tracks was refused, version 3, the last good one, is in use. "
        "Of 3 tables, 2 passed every check and 1 passed with warnings."
    )
    assert summary(records[2:])["finding"] == "Of 2 tables, 2 passed every check."


def test_a_refused_table_stands_loudly_at_the_top(records):
    """With the reason, what stands in for it, and the way to what was found."""
    text = text_of(rendered(records))

    assert text.index("spotify_tracks was refused on 13 March 2026") < text.index("Rows read")
    assert (
        "version 3, the last good one, is in use, and all results computed since then use that version"
        in text
    )
    assert "8,420 of 46,291 records (18.2 %) are rejected, allowed: 5 %" in text
    assert 'href="#spotify-tracks-refused"' in rendered(records)


def test_a_table_that_was_never_good_says_so():
    """Nothing stands in for it."""
    text = text_of(rendered([record("origin_tracks", verdict="refused", version=None, last_good=None)]))

    assert "no version of it is in use." in text
    assert "all results computed" not in text


def test_the_matrix_adds_up(records):
    """Rows read = published + quarantined + duplicates, refused tables first and with nothing published."""
    rows = [[cell.text for cell in row] for row in summary(records)["matrix"].rows]

    assert rows[0] == ["spotify_tracks", "refused", "15", "1", "1", "46,291", "0", "8,420", "7,756"]
    assert rows[1] == ["spotify_tracks", "warned", "15", "1", "1", "46,291", "38,531", "4", "7,756"]
    for row in rows[1:]:
        read, *parts = (int(text.replace(",", "")) for text in row[5:])
        assert read == sum(parts)


def test_no_verdict_speaks_by_colour_alone(records):
    """Every marked cell says in words what its colour says."""
    rows = summary(records)["matrix"].rows

    assert [(row[1].text, row[1].mark) for row in rows] == [
        ("refused", "bad"),
        ("warned", "warn"),
        ("passed", "good"),
        ("passed", "good"),
    ]


def test_what_failed_comes_with_reason_and_worst_examples(records):
    """Critical checks before warnings; a missing value is called so."""
    entry = next(one for one in summary(records)["entries"] if one["verdict"] == "warned")
    energy, tempo = entry["failed"]

    assert (energy["rule"], energy["severity"], tempo["severity"]) == (
        "energy: 0 to 1",
        "critical",
        "warning",
    )
    assert [[cell.text for cell in row] for row in energy["examples"].rows] == [
        ["7.0", "info_7.csv", "1,204"],
        [AWKWARD, "info_9.csv", "88"],
        ["missing", "info_7.csv", "9"],
    ]
    assert tempo["reason"] == "A tempo of 0 marks sound effects and soundscapes, not songs."
    assert tempo["is_human"]


def test_what_a_person_wrote_stands_apart(records):
    """With its reason and its result; the derived ones are counted by kind."""
    entry = summary(records)["entries"][1]
    rows = {row[0].text: row for row in entry["human"].rows}

    assert set(rows) == {"tempo: not 0", "loudness: at most 0 dB"}
    assert (rows["tempo: not 0"][2].text, rows["loudness: at most 0 dB"][2].text) == ("warned", "holds")
    assert rows["loudness: at most 0 dB"][0].below.startswith("Louder than full scale")
    derived = {row[0].text: [cell.text for cell in row[1:3]] for row in entry["derived"].rows}
    assert derived == {"Range": ["7", "6"], "Presence": ["7", "7"], "Uniqueness": ["1", "1"]}


def test_a_wide_table_stays_readable():
    """Two thousand derived checks are a few lines."""
    kinds = ("presence", "range")
    checks = tuple(check(f"mfcc_{place}: finite", kind) for kind in kinds for place in range(1000))
    html = rendered([record("fma_features", checks=checks)])

    assert "mfcc_5 and 994 more" in html
    assert len(html) < 20_000


def test_text_from_the_data_stays_text(records):
    """Values full of markup are shown, not obeyed; a long one is cut."""
    first = replace(records[0].checks[0], examples=(example(1, AWKWARD), example(2, "x" * 500)))
    html = rendered([replace(records[0], checks=(first,))])

    assert AWKWARD not in html
    assert "&lt;/script&gt;" in html
    assert "x" * 161 not in html


def test_rows_let_in_by_a_person_are_told():
    """A release is no secret."""
    entry = summary([record("spotify_tracks", verdict="warned", checks=(replace(TEMPO, released=12),))])[
        "entries"
    ][0]

    assert entry["failed"][0]["observed"] == "12 of them admitted by a waiver"

"""The page of columns: every column of every table in use, its legal values, what is missing and what is checked."""

from dataclasses import replace

from run_facts import made_table
from validation_facts import TEMPO, check, record

from genrelab.analyses.data_quality.analysis import TABLES, VALIDATION
from genrelab.analyses.data_quality.pages.columns import PAGE
from genrelab.analyses.data_quality.result import Audits, PublishedTables
from genrelab.report.site import summarise_site
from genrelab.report.table_links import column_page
from genrelab.report.wording import DASH
from genrelab.tables import TABLES as DECLARED

TRACKS = made_table("spotify_tracks", 100, missing={"tempo": 0.25, "energy": 0.0})


def summary(*tables, checks=()):
    audits = Audits((record("spotify_tracks", checks=checks),))
    return PAGE.summarise({TABLES.name: PublishedTables(tables), VALIDATION.name: audits})


def row(found, column):
    """The texts of a column's row, and what stands below them."""
    cells = next(one for one in found["columns"].rows if one[0].text == column)
    return {heading.label: cell for heading, cell in zip(found["columns"].columns, cells, strict=True)}


def test_every_column_of_a_table_in_use_is_described():
    """Meaning, unit and legal values are those of the declaration; a table that nobody declared is left out."""
    found = summary(TRACKS, made_table("of_another_program", 3))
    tempo = row(found, "tempo")

    assert [one[0].text for one in found["columns"].rows] == DECLARED["spotify_tracks"].names
    assert tempo["Meaning"].text == DECLARED["spotify_tracks"]["tempo"].meaning.replace("`", "")
    assert tempo["Missing"].text.startswith("25")
    assert row(found, "genres")["Missing"].text == DASH
    assert "tempo is missing most often, in 25" in found["finding"]


def test_failed_checks_and_those_of_people_are_named():
    """A check that holds and follows from the declaration is only counted."""
    held = check("tempo: 0 to 250")
    found = summary(TRACKS, checks=(replace(TEMPO, column="tempo"), replace(held, column="tempo")))
    cell = row(found, "tempo")["Checks"]

    assert (cell.text, cell.below, cell.mark) == ("1 of 2 hold", "not 0", "warn")
    assert cell.link == "validation.html#spotify-tracks"
    assert row(found, "energy")["Checks"].text == DASH


def test_an_address_leads_to_the_row_of_a_column():
    """The address that other pages and the search use is an id on the page."""
    found = summary(TRACKS)
    html = PAGE.render(found, summarise_site({}) | {"cards": []})

    _, _, anchor = column_page("spotify_tracks", "tempo").partition("#")
    assert f'id="{anchor}"' in html
    assert f'id="{column_page("spotify_tracks").partition("#")[2]}"' in html
    assert ("Columns", "spotify_tracks.tempo") in {entry[:2] for entry in found["search"]}


def test_a_wide_table_shows_the_ends_of_its_families():
    """Of 518 features the first and last of each numbered family."""
    found = summary(made_table("fma_features", 10))
    names = [one[0].text for one in found["columns"].rows]

    assert len(names) < 200 < len(DECLARED["fma_features"].columns)
    assert {DECLARED["fma_features"].names[0], DECLARED["fma_features"].names[-1]} <= set(names)

"""Versions of tables in texts lead to the page of tables."""

from awkward_names import AWKWARD

from genrelab.report.table_links import link_tables


def test_a_version_of_a_table_is_a_link_and_plain_words_are_not():
    """The page Tables has an entry for each table; "predictions" is a word of its own, and paths stay as they are."""
    for said, table in (
        ("version 3 of fma_tracks", "fma-tracks"),
        ("predictions version 1,204", "predictions"),
    ):
        assert link_tables(f"Read {said}.") == f'Read <a href="tables.html#{table}">{said}</a>.'
    for text in (
        "12 predictions",
        "spotify_binned",
        "/data/lake/fma_tracks version 2",
        "version 2 of another",
    ):
        assert link_tables(text) == text


def test_names_from_the_data_stay_text():
    """Markup in a message is shown, not run."""
    linked = link_tables(f"{AWKWARD} in spotify_tracks version 0")

    assert "<script" not in linked
    assert linked.count("<") == 2

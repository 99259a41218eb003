"""Names that the pulls searched for, in titles and beside artist ids."""

import pyarrow as pa
import pytest
from grouped import names_of_ids

from genrelab.sources.identity import NAME
from genrelab.sources.spotify.searched_names import CONTRADICTED, SearchedNames, find_searched_names

SCHEMA = pa.schema(dict.fromkeys(("artist_id", "artist_name", "track_name"), pa.string()))


def find(*rows: tuple[str, str, str]) -> SearchedNames:
    """The columns of rows of artist id, artist name and title."""
    ids, names, titles = zip(*rows, strict=True)
    tracks = pa.table({"artist_id": ids, "artist_name": names, "track_name": titles}, schema=SCHEMA)
    return find_searched_names(tracks, names_of_ids(tracks))


SEARCHED = [("x", "One", "a"), ("x", "Two", "b")]
"""Two names with the id of one artist: the source was searched by name."""


@pytest.mark.parametrize(
    ("name", "title", "in_title", "suspect"),
    [
        ("Spite", "In Spite of Ourselves", True, True),
        ("Spite", "Despite Everything", False, False),
        ("Beyoncé", "BEYONCE!", True, True),
        ("AC/DC", "Let There Be Ac Dc", True, True),
        ("ill.gates", "Maximum (Bassnectar & ill.Gates Remix)", True, False),
        ("Flatdisk", "Understand - Flatdisk Remix", True, False),
        ("Flatdisk", "Understand \u2013 Flatdisk Remix", True, False),
        ("Krypto", "Get High feat. Krypto", True, False),
        ("Youth", "Youth feat. Khalid", True, True),
        ("Bitch", "(Bitch) Better", True, True),
        ("Wu-Tang", "Wu-Tang Forever", True, True),
        ("M", "M", True, True),
        ("Wizkid", "One Dance", False, False),
        ("Spite", "", False, False),
        ("桜", "桜", True, True),
        ("!!!", "Yadnus", None, None),
    ],
)
def test_name_is_found_as_whole_words(name: str, title: str, *, in_title: object, suspect: object) -> None:
    """A name in the title's own words makes the label suspect; one of a guest or remixer does not."""

    found = find(("y", name, title), *SEARCHED)
    assert (found.name_in_title[0].as_py(), found.label_is_suspect[0].as_py()) == (in_title, suspect)


def test_names_are_counted_in_the_whole_source() -> None:
    """Each name of an id counts once, however many rows it has."""

    found = find(("x", "A", "1"), ("y", "B", "2"), ("x", "C", "3"), ("x", "A", "4"))
    assert found.names_of_artist_id.to_pylist() == [2, 1, 2, 2]


def test_source_with_the_artists_own_names_has_no_suspects() -> None:
    """Where each id has one name, a song called like its artist is no reason for doubt."""

    found = find(("x", "Black Sabbath", "Black Sabbath"), ("y", "Heaven", "Run"))
    assert found.name_in_title.to_pylist() == [True, False]
    assert found.label_is_suspect.to_pylist() == [False, False]


def test_few_contradicted_ids_are_renamed_artists() -> None:
    """A share of shared ids below the limit leaves the source unsuspected, one at the limit does not."""

    own = [
        (f"id {number}", f"name {number}", f"name {number}") for number in range(int(2 / CONTRADICTED) - 2)
    ]
    assert sum(find(*own, *SEARCHED).label_is_suspect.to_pylist()) == len(own)
    assert not any(find(*own, ("z", "b", "c"), *SEARCHED).label_is_suspect.to_pylist())


def test_ids_made_from_names_tell_nothing() -> None:
    """Without ids it is unknown whether a name is the artist's."""

    found = find((f"{NAME}spite", "Spite", "Spite"), *SEARCHED)
    assert (found.names_of_artist_id[0].as_py(), found.label_is_suspect[0].as_py()) == (None, None)


def test_empty_source_has_empty_columns() -> None:
    found = find_searched_names(SCHEMA.empty_table(), names_of_ids(SCHEMA.empty_table()))
    assert [len(column) for column in vars(found).values()] == [0, 0, 0]

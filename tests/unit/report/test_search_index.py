"""What the search finds: pages, charts and models, artists and tracks."""

import re

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from report_facts import made_facts

from genrelab.lake.lake import Lake
from genrelab.lake.version import Counts
from genrelab.report import search_index
from genrelab.report.figure import unpack
from genrelab.report.pages import PAGES, with_more
from genrelab.report.search_index import Names, list_script, most_popular, search_entries
from genrelab.runtime.home import Home
from tasks.report import NAMED, collect_names

HANDED_OVER = re.compile(r'found\("(\w+)","([A-Za-z0-9+/=]*)"\);\n')
names = st.text(max_size=300) | st.none()


def entries() -> list[tuple[str, str, str, str]]:
    facts = made_facts()
    return search_entries([(page, page.summarise(facts)) for page in with_more(PAGES, facts)], facts)


def test_every_page_and_chart_is_found():
    """By its label, and by its title with its address."""
    found = entries()

    assert [one[1] for one in found if one[0] == "Pages"] == [
        page.label for page in with_more(PAGES, made_facts())
    ]
    charts = [address for kind, _, address, _ in found if kind == "Charts"]
    assert len(charts) == len(set(charts)) > 50
    assert all("#" in address for address in charts)


def test_models_lead_to_the_page_of_their_task():
    """Every model of every training."""
    trained = made_facts()["training"].tasks
    found = [one for one in entries() if one[0] == "Models"]

    assert len(found) == sum(len(one.runs) for one in trained)
    assert {address for _, _, address, note in found if note == "bins"} == {"models-bins.html"}


def test_pages_name_what_they_hold():
    """Genres and micro-genres are entries of their pages."""
    page, entry = PAGES[0], ("Genres", "pop", "genre.html?genre=pop", "")

    assert entry in search_entries([(page, {"search": [entry]})], {})


@given(st.lists(st.tuples(names, names, names, names, names), max_size=8))
def test_whatever_a_name_is_it_is_handed_over_as_it_is(rows):
    """A track is found under its artist; without a title or an artist it is left out."""
    found = Names()
    columns = zip(*rows, strict=True) if rows else [[]] * 5
    found.add(
        dict(zip(("artist", "artist_id", "title", "track_id", "genre"), columns, strict=True)), has_ids=True
    )
    handed = HANDED_OVER.fullmatch(list_script("names", found.columns()))

    assert handed
    assert unpack(handed[2]) == {name: value for name, value in vars(found).items() if name != "note"}
    assert {(found.artists[by], title) for by, title in zip(found.by, found.titles, strict=True)} == {
        (artist, title) for artist, _, title, _, _ in rows if artist and title
    }


def test_two_artists_of_one_name_stay_two_where_ids_tell_them_apart():
    """Without ids they are one."""
    columns = {
        "artist": ["A", "A"],
        "artist_id": ["1", "2"],
        "title": ["x", "x"],
        "track_id": ["5", "6"],
        "genre": [None, "pop"],
    }
    with_ids, without = Names(), Names()
    with_ids.add(columns, has_ids=True)
    without.add(columns, has_ids=False)

    assert (with_ids.artist_ids, with_ids.ids, with_ids.genres) == (["1", "2"], ["5", "6"], ["", "pop"])
    assert (without.artists, without.ids) == (["A"], [""])


@given(st.lists(st.sampled_from([np.nan, 0.0, 1.0, 2.0, 100.0]), max_size=12), st.integers(1, 12))
def test_the_most_popular_are_found(popularity, most):
    """Of equally popular ones the first; those without a number last."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(search_index, "MOST_TRACKS", most)
        found = most_popular(np.array(popularity))

    order = sorted(range(len(popularity)), key=lambda i: (-np.nan_to_num(popularity[i], nan=-1), i))
    assert np.flatnonzero(found).tolist() == sorted(order[:most])


def publish_named(home: Home, table: str, popularity: list[int | None]) -> None:
    columns, popular = next(rest[:2] for name, *rest in NAMED if name == table)
    rows = {column: [f"{column} {place}" for place in range(len(popularity))] for column in columns.values()}
    data = pa.table({**rows, popular: pa.array(popularity, pa.int64())})
    Lake(home).publish(table, data, Counts(len(data), len(data)), source="x", is_sample=False)


def test_names_that_are_left_out_are_said(tmp_path, monkeypatch):
    """Of tables with more tracks than the search finds; the script of smaller ones does not hold the note."""
    home = Home(tmp_path)
    publish_named(home, "spotify_binned", [5, None, 7, 5])
    publish_named(home, "fma_tracks", [1, 2])
    whole = collect_names(Lake(home))
    monkeypatch.setattr(search_index, "MOST_TRACKS", 2)
    cut = collect_names(Lake(home))

    assert (len(whole.titles), whole.note, "note" in whole.columns()) == (6, "", False)
    assert cut.titles == ["track_name 0", "track_name 2", "track_title 0", "track_title 1"]
    assert cut.columns()["note"] == "Search finds the 2 most popular of 4 Spotify tracks, and their artists."


def test_names_of_a_damaged_table_are_left_out(tmp_path):
    """Those of other tables are found."""
    home = Home(tmp_path)
    publish_named(home, "spotify_binned", [5, 7])
    publish_named(home, "fma_tracks", [1, 2])
    for file in Lake(home).files("spotify_binned"):
        content = bytearray(file.read_bytes())
        content[4:-200] = bytes(len(content) - 204)
        file.write_bytes(content)

    assert collect_names(Lake(home)).titles == ["track_title 0", "track_title 1"]

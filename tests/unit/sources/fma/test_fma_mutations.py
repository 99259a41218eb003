"""FMA files that other programs saved again: each ends in the right table, or in a message that names the trouble."""

import pandas as pd
import pytest
from fma_files import IDS
from fma_mutations import LEGAL, Mutation, as_markdown, fault, legal, outcome_of
from fma_savings import all_mutations, frame, saved
from hypothesis import given, settings
from hypothesis import strategies as st

MUTATIONS = {each.id: each for each in all_mutations()}
FEW = (
    "tracks: reset_index, row numbers first",
    "tracks: row numbers named track_id",
    "tracks: index=False",
    "tracks: index without a name",
    "tracks: flat by _",
    "tracks: last header row only",
    "tracks: as German Excel",
    "tracks: nan for no value",
    "tracks: tags of NumPy",
    "echonest: read without header and index, saved",
    "features: ids of other tracks",
    "features: NA for no value",
    "genres: ids dropped",
)


@pytest.mark.parametrize("mutation", [MUTATIONS[name] for name in FEW], ids=FEW)
def test_a_few_ways_to_save_a_file(mutation: Mutation) -> None:
    """Of every kind one; the others take a minute."""

    assert fault(mutation, outcome_of(mutation)) == ""


@pytest.mark.long
def test_every_way_to_save_a_file(capsys: pytest.CaptureFixture[str]) -> None:
    """None is silently wrong; the table of outcomes is printed."""

    outcomes = {each: outcome_of(each) for each in MUTATIONS.values()}
    with capsys.disabled():
        print(f"\n{as_markdown(outcomes)}")  # noqa: T201 - the table of outcomes is for people
    assert {each.id: wrong for each, outcome in outcomes.items() if (wrong := fault(each, outcome))} == {}


def test_there_are_many_of_them() -> None:
    """Each name once."""

    assert len(MUTATIONS) == len(all_mutations()) > 100


TRACKS = frame(LEGAL["tracks"], 2)


@given(
    st.permutations(range(len(TRACKS))),
    st.integers(3, len(TRACKS)),
    st.integers(0, 1),
    st.sampled_from(["track_id", "index", None]),
    st.sampled_from([",", ";", "\t"]),
    st.booleans(),
)
@settings(max_examples=40)
def test_row_numbers_are_never_ids(
    order: list[int], count: int, start: int, name: str | None, sep: str, is_flat: bool
) -> None:
    """In any order, from 0 or 1, named or not, in any form: the file is refused."""

    table = TRACKS.iloc[:count].set_axis(pd.RangeIndex(start, start + count, name=name))
    table = table.iloc[[row for row in order if row < count]]
    if is_flat:
        table = table.set_axis(["_".join(names) for names in table.columns], axis=1)
    found = outcome_of(Mutation("tracks", "", lambda _: saved(table, sep=sep)))
    assert "row numbers" in found.message


@given(
    st.permutations(range(len(TRACKS))),
    st.permutations(range(len(TRACKS.columns))),
    st.sampled_from([",", ";", "\t", "|"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]),
    st.sampled_from(["index", "first column", "row numbers before it"]),
)
@settings(max_examples=40)
def test_any_form_of_one_table_is_that_table(
    rows: list[int], columns: list[int], sep: str, encoding: str, ids: str
) -> None:
    """Permuted, separated and encoded however, with the ids as index or as a column."""

    table = TRACKS.iloc[rows, columns]
    table = table if ids == "index" else table.reset_index()
    data = saved(table, encoding, sep=sep, index=ids != "first column")
    found = outcome_of(Mutation("tracks", "", lambda _: data))
    assert (found.message, found.rows) == ("", legal("tracks"))


def test_ids_are_those_of_fma() -> None:
    """The official archive's count, its first and its last; 0, 1 and 4 are no tracks."""

    assert (len(IDS), IDS[:4], IDS[-1]) == (106_574, [2, 3, 5, 10], 155_320)

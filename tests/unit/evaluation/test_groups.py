"""Artist groups: connected, permanent, and never on two sides."""

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest
from grouped import Grouped, grouped
from hypothesis import given, settings
from hypothesis import strategies as st

from genrelab.evaluation.group_keys import audio_keys
from genrelab.evaluation.groups import (
    CATCH_ALL,
    MANY_NAMES,
    VARIOUS_ARTISTS,
    part_of,
)
from genrelab.lake.lake import in_source_order
from genrelab.sources.spotify import exact_duplicates, read_pulls
from genrelab.tables.groups import ARTIST_GROUPS
from genrelab.tables.spotify import MODEL_FEATURES

Row = tuple[str, str, int | None]
"""Artist id, track id, and which of many sets of audio features (None: missing)."""

SIDES = {"train", "gate", "test"}


def frame(rows: Sequence[Row]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "artist_id": [artist for artist, _, _ in rows],
            "artist_name": [f"name of {artist}" for artist, _, _ in rows],
            "track_id": [track for _, track, _ in rows],
            **{
                name: pd.Series(
                    [None if audio is None else audio / 7 for _, _, audio in rows], dtype="float64"
                )
                for name in MODEL_FEATURES
            },
        }
    )


def digests(rows: pd.DataFrame) -> list[str | None]:
    """The audio key of each row, without its prefix."""
    return [key for part in audio_keys(pa.Table.from_pandas(rows)) for key in part.to_pylist()]


def of_part(part: str, prefix: str = "artist:") -> str:
    """An id whose group, named after its key, lies in a part."""
    return next(str(n) for n in range(1000) if part_of(f"{prefix}{n}") == part)


def memory(**groups: str) -> pa.Table:
    return pa.table(
        {"key": [key.replace("_", ":", 1) for key in groups], "artist_group": list(groups.values())},
        schema=ARTIST_GROUPS.schema,
    )


def test_rows_that_share_an_artist_a_track_or_all_features_are_one_group():
    """Artist a and b share a track, b and c share features, d is alone."""
    rows = [("a", "1", 1), ("a", "2", 2), ("b", "2", 3), ("c", "3", 3), ("d", "4", 4)]

    groups = grouped(frame(rows)).groups.to_pylist()

    assert len(set(groups[:4])) == 1
    assert groups[4] != groups[0]


def test_rows_without_features_do_not_connect_through_them():
    """Two artists whose features are missing are two groups."""
    groups = grouped(frame([("a", "1", None), ("b", "2", None)])).groups.to_pylist()

    assert groups[0] != groups[1]


def lacking(rows: pd.DataFrame, places: Sequence[int], *names: str) -> pd.DataFrame:
    """The rows without some features in some places."""
    for name in names:
        rows.loc[list(places), name] = None
    return rows


def test_rows_that_lack_the_same_feature_connect_through_the_others():
    """ReccoBeats has no time signature: two artists' tracks that agree in the ten others are one recording."""
    rows = lacking(frame([("a", "1", 1), ("b", "2", 1), ("c", "3", 2)]), [0, 1, 2], "time_signature")

    groups = grouped(rows).groups.to_pylist()

    assert groups[0] == groups[1] != groups[2]


def test_a_row_without_a_feature_connects_with_one_that_has_it():
    """The same recording by Spotify and by ReccoBeats; the key is that of the row with all features."""
    rows = lacking(frame([("a", "1", 1), ("b", "2", 1), ("c", "3", 2)]), [1], "time_signature")

    keys = digests(rows)

    assert keys[0] == keys[1] != keys[2]
    assert len(set(grouped(rows).groups.to_pylist())) == 2


def test_rows_that_lack_different_features_do_not_connect():
    """What each has and the other lacks was never compared."""
    rows = lacking(frame([("a", "1", 1), ("b", "2", 1)]), [0], "time_signature")
    rows = lacking(rows, [1], "mode")

    assert len(set(digests(rows))) == 2


@pytest.mark.parametrize(("absent", "has_key"), [(3, True), (4, False)])
def test_few_features_are_no_identity(absent, has_key):
    """Eight equal numbers are one recording, seven may be chance."""
    rows = lacking(frame([("a", "1", 1), ("b", "2", 1)]), [0, 1], *MODEL_FEATURES[:absent])

    keys = digests(rows)

    assert keys[0] == keys[1]
    assert (keys[0] is not None) is has_key


def test_keys_of_whole_rows_do_not_depend_on_rows_with_gaps():
    """The memory of a home knows them: no group of the earlier pulls changes when ReccoBeats comes in."""
    rows = frame([("a", "1", 1), ("b", "2", 2)])
    more = lacking(frame([("a", "1", 1), ("b", "2", 2), ("c", "3", 2)]), [2], "time_signature")
    keys = [digests(each) for each in (rows, more)]

    assert keys[1][:2] == keys[0]


def test_a_row_without_a_feature_never_moves_an_artist():
    """Its twin with all features stands in another part: the row stays out, both artists keep their parts."""
    train, test = of_part("train"), of_part("test")
    first = grouped(frame([(train, "t1", 1), (test, "t2", 2)]))

    rows = lacking(frame([(train, "t1", 1), (test, "t2", 2), (train, "t3", 2)]), [2], "time_signature")
    second = grouped(rows, first.known)

    assert second.parts.to_pylist() == ["train", "test", "none"]


def test_minus_zero_is_zero():
    """Features that compare equal are identical."""
    rows = frame([("a", "1", 0), ("b", "2", 0)])
    rows["loudness"] = [0.0, -0.0]

    assert len(set(grouped(rows).groups.to_pylist())) == 1


def test_various_artists_connect_nothing():
    """Tracks of the compilation id are grouped by track."""
    found = grouped(frame([(VARIOUS_ARTISTS, "1", 1), (VARIOUS_ARTISTS, "2", 2), ("a", "2", 3)]))

    groups = found.groups.to_pylist()
    assert groups[0] != groups[1]
    assert groups[1] == groups[2]
    assert found.catch_alls == (VARIOUS_ARTISTS,)


def test_an_id_made_of_a_name_connects_unless_the_name_is_nobodys():
    """One artist of a file without ids is one group; Various Artists and NA are none."""
    ids = (
        "name:bj\u00f6rk",
        "name:bj\u00f6rk",
        "name:various artists",
        "name:various artists",
        "name:na",
        "name:na",
    )
    found = grouped(frame([(artist, str(n), n) for n, artist in enumerate(ids)]))

    groups = found.groups.to_pylist()
    assert groups[0] == groups[1]
    assert len(set(groups)) == 5
    assert found.catch_alls == ("name:na", "name:various artists")


@pytest.mark.parametrize(("names", "is_catch_all"), [(MANY_NAMES, False), (MANY_NAMES + 1, True)])
def test_an_id_with_very_many_names_is_a_catch_all(names, is_catch_all):
    """One name more than the limit and the id connects nothing."""
    rows = frame([("many", str(n), n) for n in range(names)])
    rows["artist_name"] = [f"name {n}" for n in range(names)]

    found = grouped(rows)

    assert (found.catch_alls == ("many",)) is is_catch_all
    assert len(set(found.groups.to_pylist())) == (names if is_catch_all else 1)


def test_a_catch_all_stays_one_when_its_names_become_few():
    """The memory knows it, so its tracks keep their parts."""
    known = pa.table({"key": ["artist:many"], "artist_group": [CATCH_ALL]}, schema=ARTIST_GROUPS.schema)

    found = grouped(frame([("many", "1", 1), ("many", "2", 2)]), known)

    assert len(set(found.groups.to_pylist())) == 2


def test_a_known_artist_keeps_its_group_and_new_tracks_adopt_it():
    """The memory decides before any hash of today's names."""
    found = grouped(frame([("a", "1", 1), ("b", "1", 2)]), memory(artist_a="some group"))

    assert found.groups.to_pylist() == ["some group", "some group"]
    assert found.parts.to_pylist() == [part_of("some group")] * 2
    assert dict(zip(*found.known.to_pydict().values(), strict=True))["artist:b"] == "some group"


def test_a_track_that_links_two_parts_stays_out_and_both_artists_stay():
    """One artist in train, one in test, one new track with both: no side gets it, for ever."""
    train, test = of_part("train"), of_part("test")
    first = grouped(frame([(train, "t1", 1), (test, "t2", 2)]))
    assert first.parts.to_pylist() == ["train", "test"]

    second = grouped(
        frame([(train, "t1", 1), (test, "t2", 2), (train, "new", 3), (test, "new", 4)]), first.known
    )
    third = grouped(frame([(train, "new", 5)]), second.known)

    assert second.parts.to_pylist()[:2] == ["train", "test"]
    assert "none" in second.parts.to_pylist()[2:]
    assert set(second.parts.to_pylist()[2:]) != {"train", "test"}
    assert third.parts.to_pylist() in (["none"], ["train"])
    assert third.parts.to_pylist()[0] == second.parts.to_pylist()[2]


def test_a_row_of_two_known_parts_belongs_to_none():
    """Artist known in train, track known in test."""
    train, test = of_part("train", "group "), of_part("test", "group ")
    known = memory(artist_a=f"group {train}", track_1=f"group {test}")

    found = grouped(frame([("a", "1", 1), ("a", "2", 2)]), known)

    assert found.parts.to_pylist() == ["none", "train"]
    assert found.groups.to_pylist()[0] == "link:track:1"
    assert found.linking == 1


def test_shares_of_the_parts():
    """Seven in ten groups train, the rest is shared by gate and test."""
    parts = pd.Series([part_of(f"artist:{n}") for n in range(20_000)]).value_counts(normalize=True)

    assert parts["train"] == pytest.approx(0.70, abs=0.015)
    assert parts["gate"] == pytest.approx(0.15, abs=0.01)
    assert parts["test"] == pytest.approx(0.15, abs=0.01)


def test_the_memory_has_the_declared_schema():
    """What is returned can be published as it is."""
    known = grouped(frame([("a", "1", 1)])).known

    assert known.schema.equals(ARTIST_GROUPS.schema)
    assert known["key"].to_pylist() == ["artist:a", *sorted(known["key"].to_pylist()[1:])]


def test_no_rows_give_no_groups():
    """An empty table is legal and forgets nothing."""
    found = grouped(frame([]), memory(artist_a="g"))

    assert len(found.groups) == 0
    assert found.known["key"].to_pylist() == ["artist:a"]


ROWS = st.lists(
    st.tuples(
        st.sampled_from([*(f"a{n}" for n in range(12)), VARIOUS_ARTISTS]),
        st.sampled_from([f"t{n}" for n in range(16)]),
        st.one_of(st.none(), st.integers(0, 15)),
    ),
    max_size=14,
)
NIGHTS = st.lists(ROWS, min_size=1, max_size=6)


def run(nights: Sequence[Sequence[Row]]) -> list[Grouped]:
    found: list[Grouped] = []
    for rows in nights:
        found.append(grouped(frame(rows), found[-1].known if found else None))
    return found


@settings(max_examples=60)
@given(ROWS, ROWS, st.randoms(use_true_random=False))
def test_rows_with_gaps_change_no_part_of_what_is_known(pulled, fetched, random):
    """Rows of a source without time signatures come in: no known key moves, in whatever order the rows are."""
    first = grouped(frame(pulled))
    rows = lacking(
        frame([*pulled, *fetched]), range(len(pulled), len(pulled) + len(fetched)), "time_signature"
    )

    second = grouped(rows, first.known)
    order = list(range(len(rows)))
    random.shuffle(order)
    shuffled = grouped(rows.iloc[order], first.known)

    before, after = (
        dict(zip(one.known["key"].to_pylist(), one.known["artist_group"].to_pylist(), strict=True))
        for one in (first, second)
    )
    assert {key: part_of(after[key]) for key in before} == {key: part_of(before[key]) for key in before}
    assert shuffled.groups.to_pylist() == [second.groups.to_pylist()[place] for place in order]


def sides_of(rows: Sequence[Row], parts: Sequence[str]) -> dict[tuple[str, object], set[str]]:
    """In which of train, gate and test each artist, track and set of features stands."""
    sides: dict[tuple[str, object], set[str]] = {}
    for (artist, track, audio), part in zip(rows, parts, strict=True):
        if part in SIDES:
            keys = [("track", track)]
            keys += [] if artist == VARIOUS_ARTISTS else [("artist", artist)]
            keys += [] if audio is None else [("audio", audio)]
            for key in keys:
                sides.setdefault(key, set()).add(part)
    return sides


@settings(max_examples=100)
@given(NIGHTS)
def test_nothing_ever_stands_on_two_sides(nights):
    """Over any sequence of nights an artist, a track or a set of features has one side, for ever."""
    over_all: dict[tuple[str, object], set[str]] = {}
    for rows, found in zip(nights, run(nights), strict=True):
        for key, sides in sides_of(rows, found.parts.to_pylist()).items():
            over_all.setdefault(key, set()).update(sides)

    assert {key: sides for key, sides in over_all.items() if len(sides) > 1} == {}


@settings(max_examples=60)
@given(NIGHTS)
def test_no_key_of_the_memory_ever_changes_part(nights):
    """Groups of one part may join; a part is for ever."""
    found = run(nights)

    for earlier, later in pairwise(found):
        before, after = (
            dict(zip(one.known["key"].to_pylist(), one.known["artist_group"].to_pylist(), strict=True))
            for one in (earlier, later)
        )
        assert {key: part_of(after[key]) for key in before} == {key: part_of(before[key]) for key in before}


@settings(max_examples=60)
@given(NIGHTS)
def test_the_same_night_again_changes_nothing(nights):
    """Groups, parts and memory stay as they are."""
    last = run(nights)[-1]

    again = grouped(frame(nights[-1]), last.known)

    assert again.parts == last.parts
    assert again.groups == last.groups
    assert again.known == last.known
    assert again.new_keys == 0


@settings(max_examples=60)
@given(NIGHTS, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_matter(nights, random):
    """Files may be read in any order."""
    *earlier, rows = nights
    known = run(earlier)[-1].known if earlier else None
    order = list(range(len(rows)))
    random.shuffle(order)

    straight = grouped(frame(rows), known).groups.to_pylist()
    shuffled = grouped(frame([rows[place] for place in order]), known).groups.to_pylist()

    assert shuffled == [straight[place] for place in order]


@settings(max_examples=60)
@given(NIGHTS)
def test_rows_that_share_a_key_share_a_group(nights):
    """Whoever splits by the column keeps artists, tracks and twins together, new links aside."""
    for rows, found in zip(nights, run(nights), strict=True):
        groups: dict[tuple[str, object], set[str]] = {}
        for (artist, track, audio), group, part in zip(
            rows, found.groups.to_pylist(), found.parts.to_pylist(), strict=True
        ):
            if part != "none":
                for key in sides_of([(artist, track, audio)], [part]):
                    groups.setdefault(key, set()).add(group)
        assert [key for key, ids in groups.items() if len(ids) > 1] == []


def test_the_same_pulls_again_teach_nothing(any_data: Path) -> None:
    """The memory knows every key, and every row keeps its part."""
    rows = read_pulls(any_data / "spotify" / "pulls").data
    tracks = in_source_order(rows.filter(pa.array(~exact_duplicates(rows))))
    first = grouped(tracks)
    again = grouped(tracks, first.known)

    assert again.new_keys == 0
    assert again.parts == first.parts
    assert set(first.parts.to_pylist()) >= SIDES

"""Micro-genres and the tracks that carry them: the same from batches of any size."""

from collections import Counter
from unittest import mock

import pyarrow as pa
from hypothesis import example, given
from hypothesis import strategies as st
from look_up_facts import made_tracks

from genrelab.analyses.look_up.carried import EXAMPLES, carried
from genrelab.analyses.look_up.micro_genres import SPOTIFY
from genrelab.analyses.look_up.result import NamedTrack
from genrelab.lake import stored_rows
from genrelab.rules import bin_tracks, load_rule_set

Row = tuple[list[str] | None, str, str | None, int | None]
ROWS = st.lists(
    st.tuples(
        st.none() | st.lists(st.sampled_from(["pop", "rock", "bebop", "unknown"]), max_size=3),
        st.sampled_from("stuvwxyz"),
        st.none() | st.sampled_from("ABCDEs"),  # an artist may be called like a track's id
        st.none() | st.integers(0, 2),
    ),
    max_size=40,
)
FREED = [
    (["pop"], track, artist, 5 - row) for row, (track, artist) in enumerate(zip("stuv", "ABCD", strict=True))
]
"""Four tracks of four artists; with the last row the first of them is B's, and its own artist has another one."""


def table_of(rows: list[Row]) -> pa.Table:
    """Rows with the columns that the analysis reads."""
    names, tracks, artists, popularity = zip(*rows, strict=True) if rows else ((), (), (), ())
    titles = [f"title {row}" for row in range(len(rows))]
    types = (pa.list_(pa.string()), pa.string(), pa.string(), pa.string(), pa.int64())
    columns = (names, tracks, artists, titles, popularity)
    return pa.table(
        [pa.array(values, kind) for values, kind in zip(columns, types, strict=True)], names=SPOTIFY
    )


def examples_of(rows: list[Row], name: str) -> tuple[NamedTrack, ...]:
    """The examples of a micro-genre, found one row after the other."""
    carrying = [(row, *values) for row, values in enumerate(rows) if name in (values[0] or ())]
    carrying.sort(key=lambda one: (1 if one[4] is None else -one[4], one[2]))
    tracks, artists, found = set(), set(), []
    for row, _, track, artist, _ in carrying:
        by = track if artist is None else artist
        if track not in tracks and by not in artists:
            found.append(NamedTrack(track, artist or "", f"title {row}"))
        if track not in tracks:
            artists.add(by)
        tracks.add(track)
    return tuple(found[:EXAMPLES])


@given(ROWS, st.integers(1, 8))
@example([*FREED, (["pop"], "w", "A", 0), (["pop"], "s", "B", 9)], 2)
@example([(["pop"], track, artist, None) for track in "zyxw" for artist in "AB"] * 2, 3)
def test_examples_do_not_depend_on_the_batches(rows: list[Row], size: int) -> None:
    """Those of all rows at once, although a row may give way to one of the same track in a later batch."""
    with mock.patch.object(stored_rows, "BATCH", size):
        found = carried(table_of(rows), SPOTIFY, {})

    names = {name for names, *_ in rows for name in names or ()}
    assert dict(found.examples) == {name: examples_of(rows, name) for name in names}


@given(ROWS, st.integers(1, 8))
def test_counts_do_not_depend_on_the_batches(rows: list[Row], size: int) -> None:
    """Each track once, by the genre of all its micro-genres; of equal counts that of the earlier row first."""
    rules = load_rule_set("classic")
    with mock.patch.object(stored_rows, "BATCH", size):
        found = carried(table_of(rows), SPOTIFY, {"classic": rules})

    lists = [list(dict.fromkeys(names or ())) for names, *_ in rows]
    bins = bin_tracks(lists, rules).bins.to_pylist()
    expected: dict[str, Counter[str]] = {}
    for names, genre in zip(lists, bins, strict=True):
        for name in names:
            expected.setdefault(name, Counter())[genre or ""] += 1
    assert found.sizes == {name: counted.total() for name, counted in expected.items()}
    in_order = {name: list(by_genre.items()) for name, by_genre in found.genres["classic"].items()}
    assert in_order == {name: counted.most_common() for name, counted in expected.items()}


def test_rows_in_batches_of_seven(monkeypatch):
    """Names as they came: capitals, markup, other scripts, and tracks without micro-genres."""
    sets = {name: load_rule_set(name) for name in ("classic", "reviewed")}
    at_once = carried(made_tracks(), SPOTIFY, sets)
    monkeypatch.setattr(stored_rows, "BATCH", 7)

    assert carried(made_tracks(), SPOTIFY, sets) == at_once

"""Suites: derived from the declarations, plus what only a human knows."""

import numpy as np
import pyarrow as pa
import pytest
from frames import changed, legal

from expectations.baseline import Baseline
from expectations.check import check
from genrelab.evaluation.groups import part_of
from genrelab.lake.schema import Table
from genrelab.runtime.errors import GenrelabError
from genrelab.tables import TABLES
from genrelab.tables.spotify import AUDIO_FEATURES, MODEL_FEATURES

NARROW = {name: table for name, table in TABLES.items() if not table.is_wide}
TRACKS = TABLES["spotify_tracks"]


@pytest.mark.parametrize("table", NARROW.values(), ids=NARROW)
def test_a_legal_frame_passes(table: Table) -> None:
    """Every table's own suite accepts a frame made from its declaration."""

    verdict = check(table, legal(table))
    assert (verdict.rows, verdict.refusals, verdict.warnings) == ({}, (), ())
    assert verdict.checked > len(table.key)


@pytest.mark.parametrize(
    ("column", "value", "rule"),
    [
        ("energy", 7.0, "energy: 0 to 1"),
        ("energy", -0.01, "energy: 0 to 1"),
        ("loudness", 7.0, "loudness: -80 to 6"),
        ("tempo", -1.0, "tempo: 0 to 300"),
        ("mode", 2, "mode: one of 0, 1"),
        ("key", 12, "key: -1 to 11"),
        ("popularity", 101, "popularity: 0 to 100"),
        ("features_source", "guessed", "features_source: one of"),
        ("track_id", None, "track_id: present"),
        ("artist_name", None, "artist_name: present"),
        ("genres", None, "genres: present"),
        ("source_row", 2, "source, source_row: unique"),
    ],
)
def test_one_bad_cell_is_caught_by_name(column: str, value: object, rule: str) -> None:
    """The row and the rule are named, and no other row is touched."""

    verdict = check(TRACKS, changed(legal(TRACKS), column, 5, value))
    caught = {
        position for position, found in verdict.rows.items() if any(b.rule.startswith(rule) for b in found)
    }
    assert 5 in caught
    assert caught <= ({1, 5} if column == "source_row" else {5})


@pytest.mark.parametrize(
    ("column", "value", "warning"),
    [
        (
            "tempo",
            0.0,
            "1 of 40 tracks have tempo 0: sound effects and sleep noise, not songs (rule tempo: above 0)",
        ),
        ("time_signature", 0, "1 of 40 tracks have time signature 0"),
        ("loudness", 1.7, "1 of 40 tracks are louder than full scale"),
        ("track_id", f"{1:022d}", "2 of 40 rows share their track id with another row"),
    ],
)
def test_what_is_odd_but_legal_is_only_a_warning(column: str, value: object, warning: str) -> None:
    """Real pulls have sound effects, loud masters and shared tracks: none of them is rejected."""

    verdict = check(TRACKS, changed(legal(TRACKS), column, 5, value))
    assert verdict.rows == {}
    assert any(text.startswith(warning) for text in verdict.warnings), verdict.warnings


def test_an_example_names_the_track_and_the_values_in_conflict() -> None:
    """Two names of one artist id are both shown, beside artist and title of the row; not how many they are."""

    data = changed(legal(TRACKS), "artist_id", 5, legal(TRACKS)["artist_id"][4].as_py())
    found = next(one for one in check(TRACKS, data).checks if one.rule == "artist_id: one name")
    names = data["artist_name"].to_pylist()
    assert [one.value for one in found.examples] == [f"{names[4]} / {names[5]}"] * 2
    assert found.examples[1].track == f"{names[5]}: {data['track_name'][5].as_py()}"
    assert (
        found.headline
        == "2 of 40 tracks carry an artist id that stands for several names, such as compilations"
    )


def test_missing_features_are_legal() -> None:
    """A scraped track may wait for its features."""

    data = legal(TRACKS)
    for feature in ("energy", "tempo", "mode"):
        data = changed(data, feature, 3, None)
    assert check(TRACKS, data).rows == {}


def test_an_empty_table_is_refused() -> None:
    """Nothing replaces the last good version by nothing."""

    verdict = check(TRACKS, legal(TRACKS).slice(0, 0))
    assert verdict.refusals == ("table: not empty: found 0",)


def test_a_reason_says_what_was_found_and_allowed() -> None:
    """Quarantine shows a sentence, not a code."""

    verdict = check(TRACKS, changed(legal(TRACKS), "energy", 5, 7.0))
    assert [str(broken) for broken in verdict.rows[5]] == ["energy is 7.0, allowed: 0 to 1"]


def test_a_collapsed_rule_table_is_noticed() -> None:
    """One bin eating all the others is legal row by row, and a warning for the table."""

    table = TABLES["spotify_binned"]
    data = legal(table)
    data = data.set_column(
        data.schema.get_field_index("genre_bin"), "genre_bin", pa.array(["pop"] * len(data))
    )
    assert any("8 of the 12 bins" in text for text in check(table, data).warnings)


@pytest.mark.parametrize("table", NARROW.values(), ids=NARROW)
def test_a_table_without_a_value_is_judged(table: Table) -> None:
    """Helper numbers of nothing are no crash: every column that must be there is named."""

    nothing = pa.table({column.name: pa.nulls(12, column.type) for column in table})
    broken = {each.rule for rules in check(table, nothing).rows.values() for each in rules}
    assert {f"{column.name}: present" for column in table if not column.nullable} <= broken


def test_every_one_of_many_failing_rows_is_named() -> None:
    """Great Expectations keeps the values of 200 failing rows; all 600 are named here, with their values."""
    data = legal(TABLES["spotify_tracks"], 1_000)
    place = data.column_names.index("energy")
    values = [7.0 + row for row in range(600)] + data["energy"].to_pylist()[600:]
    data = data.set_column(place, data.schema.field(place), pa.array(values, data.schema.field(place).type))
    verdict = check(TABLES["spotify_tracks"], data)
    assert sorted(verdict.rows) == list(range(600))
    assert [broken.value for broken in verdict.rows[599]] == [606.0]


HALF_AN_ANALYSIS, TWINS = "audio features: all or none", "audio features: of one track id"


def of_reccobeats(rows: int = 60) -> pa.Table:
    """Half of the tracks by Spotify, half by ReccoBeats, which has no time signature."""
    data = legal(TABLES["spotify_tracks"], rows)
    sources = ["spotify" if row % 2 else "reccobeats" for row in range(rows)]
    signatures = [4 if row % 2 else None for row in range(rows)]
    columns = {
        "features_source": sources,
        "time_signature": signatures,
        "energy": [row / rows for row in range(rows)],
    }
    for name, values in columns.items():
        place = data.column_names.index(name)
        data = data.set_column(place, name, pa.array(values, data[name].type))
    return data


def test_what_a_service_never_measures_is_not_missed() -> None:
    """A table of both services is legal; a value that one of them lost is noticed as ever."""
    warnings = check(TABLES["spotify_tracks"], of_reccobeats()).warnings
    assert not [text for text in warnings if HALF_AN_ANALYSIS in text]
    lost = changed(of_reccobeats(), "valence", 4, None)
    assert [text for text in check(TABLES["spotify_tracks"], lost).warnings if HALF_AN_ANALYSIS in text]


def test_twins_are_told_by_the_features_that_are_there() -> None:
    """Two tracks of ReccoBeats with the same ten features; tracks without any are no twins."""
    data = of_reccobeats()
    for name in MODEL_FEATURES:
        data = changed(data, name, 4, data[name][2].as_py())
    assert [text for text in check(TABLES["spotify_tracks"], data).warnings if TWINS in text]
    for name in AUDIO_FEATURES:
        data = changed(changed(data, name, 4, None), name, 2, None)
    assert not [text for text in check(TABLES["spotify_tracks"], data).warnings if TWINS in text]


def test_keys_that_moved_to_another_part_are_counted():
    """In whatever order the keys are; a key that left all parts has not moved, nor one that is new."""
    table = TABLES["artist_groups"]
    sides = {part_of(f"artist:{n}"): f"artist:{n}" for n in range(100)}
    before = {"artist:a": sides["train"], "artist:b": sides["train"], "artist:c": sides["test"]}
    now = {"artist:d": sides["gate"], "artist:c": "link:artist:c"}
    now |= {"artist:b": sides["test"], "artist:a": sides["train"]}
    stored, found = (pa.table([list(each), list(each.values())], table.schema) for each in (before, now))

    verdict = check(table, found, Baseline(read=lambda _table: stored))

    observed = {one.rule: one.observed for one in verdict.checks if not one.passed}
    assert observed == {"artist_group: no key moved to another part": "found 1"}


@pytest.mark.parametrize("seed", range(8))
def test_many_keys_are_compared_in_parts(monkeypatch, seed):
    """What is forgotten or moved is what a dictionary says, wherever the parts of both versions end."""
    monkeypatch.setattr("expectations.artist_groups.IN_MEMORY", 0)
    monkeypatch.setattr("genrelab.lake.stored_rows.BATCH", 3)
    draw, table = np.random.default_rng(seed), TABLES["artist_groups"]
    sides = {part_of(f"artist:{n}"): f"artist:{n}" for n in range(100)}
    names = [sides[side] for side in ("train", "gate", "test")]
    before, now = (
        {f"artist:{n:02}": str(draw.choice(names)) for n in np.flatnonzero(draw.random(30) < draw.random())}
        for _ in range(2)
    )
    stored, found = (pa.table([list(each), list(each.values())], table.schema) for each in (before, now))

    verdict = check(table, found, Baseline(read=lambda _table: stored))

    moved = sum(now.get(key, group) != group for key, group in before.items())
    observed = {one.rule: one.observed for one in verdict.checks if not one.passed}
    assert observed.get("key: none forgotten since the last version") == counted(len(before.keys() - now))
    assert observed.get("artist_group: no key moved to another part") == counted(moved)


def counted(number: int) -> str | None:
    """What a failed check says of so many keys."""
    return f"found {number}" if number else None


def test_many_keys_in_another_order_are_refused(monkeypatch):
    """They are not taken for forgotten ones."""
    monkeypatch.setattr("expectations.artist_groups.IN_MEMORY", 0)
    table = TABLES["artist_groups"]
    keys = pa.table([["artist:b", "artist:a"]] * 2, table.schema)

    with pytest.raises(GenrelabError, match="not in the order of their keys"):
        check(table, keys, Baseline(read=lambda _table: keys))


def test_no_artist_group_is_left_of_an_earlier_version():
    """All its keys are forgotten, and none has moved."""
    table = TABLES["artist_groups"]
    before = pa.table(
        {"key": ["artist:a", "artist:b"], "artist_group": ["artist:a"] * 2}, schema=table.schema
    )
    baseline = Baseline(read=lambda _table: before)

    verdict = check(table, table.schema.empty_table(), baseline)

    failed = {found.rule for found in verdict.checks if not found.passed}
    assert "key: none forgotten since the last version" in failed
    assert not {rule for rule in failed if "part" in rule}

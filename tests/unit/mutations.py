"""The mutation table: one kind of dirt in one column of a legal frame, and the rule that must name it.

    python tests/unit/mutations.py [--write]

prints the table as Markdown, or writes it into docs/validation.md. `test_mutations.py` runs it.
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
from frames import legal

from expectations.check import check, check_rows, human_part, needs
from expectations.human import Past
from expectations.profile import check_profile
from expectations.verdict import Verdict
from genrelab.groups import part_of
from genrelab.profile import profile_table
from genrelab.tables import TABLES

Change = Callable[[list[object]], list[object]]
DOCUMENT = Path(__file__).parents[2] / "docs" / "validation.md"
START, END = "<!-- mutations -->", "<!-- end of mutations -->"
ROW = 5
TOO_EARLY, BEFORE_SOUND, TO_COME = (datetime(year, 1, 1) for year in (1970, 1700, 2107))  # noqa: DTZ001 - as FMA
MANY = 1_200
"""Rows from which on rules about shares speak."""


@dataclass(frozen=True)
class Mutation:
    """One kind of dirt.

    Args:
        table: Where.
        column: In which column.
        dirt: What kind, in words.
        rule: Start of the rule that must name it.
        change: From legal values of the column to dirty ones.
        rows: Of the frame.
    """

    table: str
    column: str
    dirt: str
    rule: str
    change: Change
    rows: int = 40

    def frame(self) -> pa.Table:
        """The legal frame with its dirt: the column, and those that rules about it look at besides."""
        declared = TABLES[self.table]
        columns = {self.column, *declared.key}
        for known in human_part(self.table):
            if known.rule.startswith(self.rule):
                columns |= needs(known)
        whole = declared.is_wide and self.table.startswith("fma")
        data = legal(declared, self.rows, None if whole else columns)
        field = data.schema.field(self.column)
        place = data.schema.get_field_index(self.column)
        return data.set_column(place, field, pa.array(self.change(data[self.column].to_pylist()), field.type))


def cell(value: object) -> Change:
    """One cell has another value."""
    return lambda values: [value if row == ROW else each for row, each in enumerate(values)]


def all_of(value: object) -> Change:
    """All cells have one value."""
    return lambda values: [value] * len(values)


def first(share: float, value: object) -> Change:
    """The first cells have one value."""
    return lambda values: [value if row < share * len(values) else each for row, each in enumerate(values)]


def copied() -> Change:
    """One cell repeats the one before it."""
    return lambda values: [values[ROW - 1] if row == ROW else each for row, each in enumerate(values)]


def scaled(factor: float) -> Change:
    """All values times a factor."""
    return lambda values: [each * factor for each in values]


def _spotify(table: str = "spotify_tracks") -> list[Mutation]:
    return [
        Mutation(table, "energy", "a percentage", "energy: 0 to 1", cell(73.0)),
        Mutation(table, "energy", "a negative value", "energy: 0 to 1", cell(-0.01)),
        Mutation(table, "valence", "just above the range", "valence: 0 to 1", cell(1.0001)),
        Mutation(table, "acousticness", "a sentinel of -1", "acousticness: 0 to 1", cell(-1.0)),
        Mutation(table, "danceability", "beats instead of a share", "danceability: 0 to 1", cell(120.0)),
        Mutation(table, "liveness", "infinite", "liveness: 0 to 1", cell(float("inf"))),
        Mutation(table, "speechiness", "negative infinite", "speechiness: 0 to 1", cell(float("-inf"))),
        Mutation(table, "instrumentalness", "another unit", "instrumentalness: 0 to 1", scaled(100.0)),
        Mutation(table, "loudness", "amplitude instead of dB", "loudness: -80 to 6", cell(32_767.0)),
        Mutation(table, "loudness", "below the noise floor", "loudness: -80 to 6", cell(-144.0)),
        Mutation(table, "tempo", "a period in milliseconds", "tempo: 0 to 300", cell(500.0)),
        Mutation(table, "tempo", "negative", "tempo: 0 to 300", cell(-120.0)),
        Mutation(table, "time_signature", "a denominator", "time_signature: 0 to 7", cell(8)),
        Mutation(table, "key", "counted from 1 to 12", "key: -1 to 11", cell(12)),
        Mutation(table, "mode", "a third mode", "mode: one of 0, 1", cell(2)),
        Mutation(table, "popularity", "more than 100", "popularity: 0 to 100", cell(1_000)),
        Mutation(table, "features_source", "an unknown source", "features_source: one of", cell("guessed")),
        Mutation(table, "artist_name", "missing", "artist_name: present", cell(None)),
        Mutation(table, "track_name", "missing", "track_name: present", cell(None)),
        Mutation(table, "track_id", "missing", "track_id: present", cell(None)),
        Mutation(table, "artist_id", "missing", "artist_id: present", cell(None)),
        Mutation(table, "genres", "missing", "genres: present", cell(None)),
        Mutation(table, "source", "missing", "source: present", cell(None)),
        Mutation(table, "source_row", "a record read twice", "source, source_row: unique", copied()),
        Mutation(table, "source_row", "counted from 0", "source_row: at least 1", cell(0)),
        Mutation(table, "tempo", "0: a sound effect", "tempo: above 0", cell(0.0)),
        Mutation(table, "time_signature", "0: a sound effect", "time_signature: above 0", cell(0)),
        Mutation(table, "danceability", "0: no beat", "danceability: above 0", cell(0.0)),
        Mutation(table, "loudness", "louder than full scale", "loudness: at most 0 dB", cell(1.7)),
        Mutation(table, "track_id", "pulled twice", "track_id: once", copied()),
        Mutation(table, "track_id", "a URI", "track_id: 22 letters", cell(f"spotify:track:{7:022d}")),
        Mutation(table, "artist_id", "a name", "artist_id: 22 letters", cell("The Beatles")),
        Mutation(table, "valence", "lost in one row", "audio features: all or none", cell(None)),
        Mutation(table, "energy", "lost in most rows", "audio features: in 90 %", first(0.5, None)),
        Mutation(table, "energy", "the last result kept", "audio features: not the same", all_of(0.5)),
        Mutation(table, "genres", "empty lists", "genres: at least one", first(0.5, [])),
        Mutation(table, "genres", "capitals", "genres: in small letters", cell(["Pop", "rock"])),
        Mutation(table, "genres", "blanks around", "genres: in small letters", cell([" pop"])),
        Mutation(table, "popularity", "never filled", "popularity: above 0", all_of(0)),
        Mutation(
            table,
            "fetched_at",
            "a clock ahead of time",
            "fetched_at: since 2008",
            cell(datetime(2999, 1, 1, tzinfo=UTC)),
        ),
    ]


def _binned() -> list[Mutation]:
    table = "spotify_binned"
    return [
        Mutation(table, "genre_bin", "a bin that is none", "genre_bin: one of", cell("polka")),
        Mutation(table, "part", "a part that is none", "part: one of", cell("somewhere")),
        Mutation(table, "artist_group", "missing", "artist_group: present", cell(None)),
        Mutation(table, "genre_bin", "one bin eats all", "genre_bin: at least 8", all_of("pop")),
        Mutation(table, "genre_bin", "patterns lost", "genre_bin: present in", first(0.5, None)),
        Mutation(table, "genre_bin", "one bin too large", "genre_bin: no bin above", first(0.5, "pop"), MANY),
        Mutation(
            table,
            "genre_bin",
            "a bin nearly gone",
            "genre_bin: no bin below",
            lambda values: [
                "pop" if each == "rock" and row > ROW else each for row, each in enumerate(values)
            ],
            MANY,
        ),
        Mutation(table, "genre_bin", "decided by nobody", "genre_bin: that of one", cell("dance")),
        Mutation(table, "rule", "missing where a bin is", "rule: there exactly", cell(None)),
        Mutation(table, "rule", "of another bin", "rule: one bin", copied()),
        Mutation(table, "micro_genre", "missing where a bin is", "micro_genre: there exactly", cell(None)),
        Mutation(table, "micro_genre", "of another row", "micro_genre: one of the row", cell("polka")),
        Mutation(
            table, "artist_group", "an artist on two sides", "artist_group: in one part", group_of_train
        ),
        Mutation(table, "part", "all in one part", "part: train holds", all_of("train"), MANY),
        Mutation(table, "part", "out without a link", "part: none for links", cell("none")),
    ]


def _groups() -> list[Mutation]:
    table = "artist_groups"
    return [
        Mutation(table, "key", "twice", "key: unique", copied()),
        Mutation(table, "key", "another prefix", "key: artist:, track: or audio:", cell("album:1")),
        Mutation(table, "key", "forgotten", "key: none forgotten", cell("artist:new")),
        Mutation(table, "artist_group", "a bare id", "artist_group: named after", cell("7")),
        Mutation(table, "artist_group", "to another part", "artist_group: no key moved", cell(ELSEWHERE)),
        Mutation(
            table,
            "artist_group",
            "everything a catch-all",
            "artist_group: at most 100",
            all_of("catch-all"),
            200,
        ),
    ]


def _predictions() -> list[Mutation]:
    table = "predictions"
    return [
        Mutation(table, "probability", "a percentage", "probability: 0 to 1", cell(73.0)),
        Mutation(table, "probability", "below the second", "second_probability: not above", cell(0.1)),
        Mutation(table, "probability", "missing", "probability: there exactly", cell(None)),
        Mutation(table, "genre", "a genre of no model", "genre: one of", cell("polka")),
        Mutation(table, "genre", "of another row", "probabilities: ranked", copied()),
        Mutation(table, "genre", "one answer to all", "genre: no genre above", all_of("pop"), MANY),
        Mutation(table, "model_version", "two champions", "model_version: one for each", cell(2)),
        Mutation(
            table, "source_table", "a track lost", "table: the rows of spotify_binned", cell("fma_tracks")
        ),
        Mutation(table, "second_probability", "more than half", "second_probability: 0 to", cell(0.9)),
    ]


def _fma() -> list[Mutation]:
    tracks, genres, raw = "fma_tracks", "fma_genres", "fma_raw_tracks"
    return [
        Mutation(tracks, "track_id", "0", "track_id: at least 1", cell(0)),
        Mutation(tracks, "track_id", "twice", "track_id: unique", copied()),
        Mutation(tracks, "split", "another word", "split: one of", cell("train")),
        Mutation(tracks, "split", "missing", "split: present", cell(None)),
        Mutation(tracks, "subset", "another word", "subset: one of", cell("tiny")),
        Mutation(tracks, "genre_top", "no root genre", "genre_top: one of Blues", cell("Polka")),
        Mutation(tracks, "artist_latitude", "off the globe", "artist_latitude: -90 to 90", cell(91.0)),
        Mutation(tracks, "artist_longitude", "off the globe", "artist_longitude: -180 to 180", cell(-181.0)),
        Mutation(tracks, "track_listens", "a negative count", "track_listens: at least 0", cell(-5)),
        Mutation(tracks, "album_listens", "below FMA's -1", "album_listens: at least -1", cell(-2)),
        Mutation(tracks, "artist_latitude", "half a place", "artist_latitude: there exactly", cell(None)),
        Mutation(tracks, "genre_top", "of another track", "genre_top: one of the track's", copied()),
        Mutation(tracks, "genre_top", "lost for a small track", "genre_top: there for every", cell_of_small),
        Mutation(tracks, "genre_top", "lost in most rows", "genre_top: present in", first(0.9, None)),
        Mutation(tracks, "genre_names", "one name too few", "genre_names: one for each", cell(["Rock"])),
        Mutation(tracks, "genres", "empty lists", "genres: at least one", first(0.2, [])),
        Mutation(tracks, "split", "a part is missing", "split: all of", all_of("training")),
        Mutation(tracks, "split", "half of it training", "split: training holds", first(0.8, "test"), MANY),
        Mutation(tracks, "split", "beyond FMA's own size", "split: at most", all_of("test"), 11_300),
        Mutation(
            tracks, "artist_id", "an artist in two parts", "artist_id: in one part", artist_of_the_ninth
        ),
        Mutation(tracks, "artist_id", "two names of one id", "artist_id: one name", copied()),
        Mutation(tracks, "subset", "beyond FMA's own size", "subset: at most", all_of("small"), 8_100),
        Mutation(tracks, "track_duration", "0 seconds", "track_duration: above 0", cell(0)),
        Mutation(tracks, "track_duration", "milliseconds", "track_duration: at most 6", cell(245_000)),
        Mutation(tracks, "track_bit_rate", "bytes", "track_bit_rate: at most", cell(2_560_000)),
        Mutation(
            tracks,
            "track_date_created",
            "before the site",
            "track_date_created: 2008",
            cell(TOO_EARLY),
        ),
        Mutation(
            tracks,
            "track_date_recorded",
            "before recording",
            "track_date_recorded: 1860",
            cell(BEFORE_SOUND),
        ),
        Mutation(
            tracks,
            "album_date_released",
            "in the future",
            "album_date_released: 1860",
            cell(TO_COME),
        ),
        Mutation(tracks, "track_language_code", "a word", "track_language_code: two", cell("english")),
        Mutation(genres, "genre_id", "twice", "genre_id: unique", copied()),
        Mutation(genres, "title", "missing", "title: present", cell(None)),
        Mutation(genres, "parent_id", "not in the table", "parent_id: 0 or a genre", cell(9_999)),
        Mutation(genres, "top_level_id", "another root", "top_level_id: that of the parent", cell(3)),
        Mutation(genres, "title", "twice", "title: once", copied()),
        Mutation(genres, "title", "another root", "title: the roots", cell("Polka")),
        Mutation(genres, "track_count", "more than the parent", "track_count: at most", last(5_000)),
        Mutation(raw, "artist_id", "a name", "artist_id: a whole number", first(0.3, "The Beatles")),
        Mutation(raw, "track_title", "lost", "track_title: there", first(0.3, None)),
        Mutation(raw, "track_duration", "seconds", "track_duration: minutes:seconds", all_of("245")),
        Mutation(raw, "track_date_created", "ISO dates", "track_date_created: month", all_of("2008-11-26")),
        Mutation(raw, "track_url", "no address", "track_url: an address", all_of("Food")),
        Mutation(raw, "track_genres", "no list", "track_genres: a list", all_of("Hip-Hop")),
        Mutation("fma_raw_albums", "album_listens", "words", "album_listens: a whole", all_of("many")),
        Mutation("fma_raw_albums", "album_id", "twice", "album_id: unique", copied()),
        Mutation("fma_raw_artists", "artist_latitude", "words", "artist_latitude: a number", all_of("N 41")),
        Mutation("fma_raw_artists", "artist_name", "lost", "artist_name: there", first(0.3, None)),
        Mutation("fma_raw_genres", "genre_color", "names", "genre_color: a colour", all_of("red")),
        Mutation("fma_raw_genres", "genre_title", "twice", "genre_title: once", copied()),
        Mutation(
            "fma_raw_genres", "genre_parent_id", "a cut file", "genre_parent_id: at most 3", all_of("999")
        ),
    ]


def cell_of_small(values: list[object]) -> list[object]:
    """The genre of a track that is marked small is lost; every third is."""
    return [None if row == 0 else each for row, each in enumerate(values)]


def artist_of_the_ninth(values: list[object]) -> list[object]:
    """A track of the validation part gets the artist of one of the training part."""
    return [values[0] if row == 8 else each for row, each in enumerate(values)]


def group_of_train(values: list[object]) -> list[object]:
    """A row of the gate gets the group of a row of train."""
    return [values[0] if row == 7 else each for row, each in enumerate(values)]


def spread_out(values: list[object]) -> list[object]:
    """No two values are the same any more."""
    return [each + row / 1000 for row, each in enumerate(values)]


def last(value: object) -> Change:
    """The last cell has another value."""
    return lambda values: [*values[:-1], value]


ELSEWHERE = next(
    f"artist:{number}" for number in range(99) if part_of(f"artist:{number}") != part_of(f"artist:{ROW}")
)
"""A group of another part than that of the row which is changed."""


def _origin() -> list[Mutation]:
    table = "origin_tracks"
    return [
        Mutation(table, "latitude", "off the globe", "latitude: -90 to 90", cell(141.3)),
        Mutation(table, "longitude", "off the globe", "longitude: -180 to 180", cell(1_813.0)),
        Mutation(table, "latitude", "missing", "latitude: present", cell(None)),
        Mutation(table, "feature_001", "missing", "feature_001: present", cell(None)),
        Mutation(table, "latitude", "a lost sign", "latitude, longitude: within", first(1.0, -75.0)),
        Mutation(table, "longitude", "swapped", "latitude, longitude: within", cell(-90.5)),
        Mutation(table, "latitude", "a feature", "table: 33 places", spread_out, 200),
        Mutation(table, "feature_001", "another scale", "features: standardised, spreads", scaled(10.0), 200),
        Mutation(
            table,
            "feature_002",
            "shifted",
            "features: standardised, means",
            lambda values: [each + 2 for each in values],
            200,
        ),
        Mutation(table, "feature_003", "a lost point", "features: within", cell(231.0)),
        Mutation(table, "feature_100", "lost", "chromatic features: all or none", cell(None)),
        Mutation(table, "feature_004", "one number", "features: not the same", all_of(0.0)),
    ]


def _wide() -> list[Mutation]:
    features, echonest = "fma_features", "fma_echonest"
    return [
        Mutation(features, "mfcc_mean_01", "not a number", "numbers: finite", cell(float("nan"))),
        Mutation(features, "mfcc_mean_02", "infinite", "numbers: finite", cell(float("inf"))),
        Mutation(features, "track_id", "missing", "required columns: no missing", cell(None)),
        Mutation(features, "track_id", "0", "numbers: within the legal range", cell(0)),
        Mutation(features, "chroma_cqt_mean_01", "not scaled", "chroma: 0 to 1", cell(12.0)),
        Mutation(features, "zcr_max_01", "a count", "zcr: 0 to 1", cell(512.0)),
        Mutation(features, "rmse_min_01", "negative", "rmse: at least 0", cell(-0.1)),
        Mutation(
            features, "spectral_centroid_mean_01", "above Nyquist", "spectral_centroid,", cell(44_100.0)
        ),
        Mutation(features, "spectral_contrast_min_01", "negative", "spectral_contrast: at", cell(-3.0)),
        Mutation(features, "tonnetz_max_01", "not scaled", "tonnetz: -1 to 1", cell(7.0)),
        Mutation(features, "mfcc_std_01", "negative", "std: at least 0", cell(-1.0)),
        Mutation(features, "mfcc_kurtosis_01", "below the bound", "kurtosis: at least -3", cell(-9.0)),
        Mutation(features, "mfcc_mean_03", "under a wrong name", "mean, median: between", scaled(-1.0)),
        Mutation(features, "mfcc_skew_01", "filled", "features: not the same", all_of(0.0)),
        Mutation(echonest, "energy", "a percentage", "numbers: within the legal range", cell(73.0)),
        Mutation(echonest, "tempo", "not a number", "numbers: finite", cell(float("nan"))),
        Mutation(echonest, "tempo", "a period in milliseconds", "numbers: within the legal", cell(500.0)),
        Mutation(echonest, "tempo", "0: noise", "tempo: above 0", cell(0.0)),
        Mutation(echonest, "valence", "lost in one row", "audio features: all or none", cell(None)),
        Mutation(echonest, "track_id", "of no track", "track_id: that of a track", cell(99_999)),
        Mutation(features, "track_id", "of no track", "track_id: that of a track", cell(99_999)),
        Mutation("fma_raw_echonest", "danceability", "a percentage", "numbers: within the legal", cell(55.0)),
        Mutation(echonest, "temporal_000", "filled", "features: not the same", all_of(0.5)),
    ]


MUTATIONS = [*_spotify(), *_binned(), *_groups(), *_predictions(), *_fma(), *_origin(), *_wide()]


def past_of(mutation: Mutation) -> Past:
    """A lake that holds the legal frame of every table."""
    return Past(mutation.rows, lambda name, columns: legal(TABLES[name], mutation.rows, columns))


def judge(table: str, data: pa.Table, past: Past) -> Verdict:
    """The verdict on a frame; of a wide table on its profile."""
    declared = TABLES[table]
    if declared.is_wide and table.startswith("fma"):
        of_columns = check_profile(declared, profile_table(data), past)
        return of_columns + check_rows(declared, data, past, columns=data.column_names, declared=False)
    return check(declared, data, past)


def as_markdown() -> str:
    """The table for people."""
    lines = [
        f"{len(MUTATIONS)} kinds of dirt, each in one column of a legal frame, and the rule that names it.",
        "",
        "| table | column | dirt | rule |",
        "| --- | --- | --- | --- |",
    ]
    for each in MUTATIONS:
        found = judge(each.table, each.frame(), past_of(each))
        rules = [
            check.rule for check in found.checks if not check.passed and check.rule.startswith(each.rule)
        ]
        lines.append(
            f"| `{each.table}` | `{each.column}` | {each.dirt} | {rules[0] if rules else 'NOT CAUGHT'} |"
        )
    return "\n".join(lines)


def write() -> None:
    """Put the table into the documentation."""
    head, rest = DOCUMENT.read_text(encoding="utf-8").split(START)
    tail = rest.split(END)[1]
    DOCUMENT.write_text(f"{head}{START}\n{as_markdown()}\n{END}{tail}", encoding="utf-8")


if __name__ == "__main__":
    if "--write" in sys.argv:
        write()
    else:
        print(as_markdown())  # noqa: T201 - this is what it is for

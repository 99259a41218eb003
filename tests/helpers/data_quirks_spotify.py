"""Kinds of dirt in the tables of Spotify and in what is made from them, such as bins, predictions and label doubts."""

from datetime import UTC, datetime

from data_quirks import MANY, ROW, Mutation, all_of, cell, copied, first, scaled

from genrelab.evaluation.groups import part_of
from genrelab.tables.predictions import GENRES

ELSEWHERE = next(
    f"artist:{number}" for number in range(99) if part_of(f"artist:{number}") != part_of(f"artist:{ROW}")
)
"""A group of another part than that of the row which is changed."""


def group_of_train(values: list[object]) -> list[object]:
    """A row of the gate gets the group of a row of train."""
    return [values[0] if row == 7 else each for row, each in enumerate(values)]


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
        Mutation(
            table,
            "label_is_suspect",
            "a searched name in the title",
            "label_is_suspect: no",
            cell(value=True),
        ),
        Mutation(table, "names_of_artist_id", "an id of two names", "names_of_artist_id: one", cell(2)),
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
        Mutation(table, "artist_genre", "missing", "artist_genre: there exactly", cell(None)),
        Mutation(table, "artist_tracks", "missing", "artist_probability, artist_tracks: there", cell(None)),
        Mutation(table, "artist_probability", "of other tracks", "artist_probability: that of", cell(0.7)),
        Mutation(
            table, "adjusted_genre", "without a probability", "adjusted_probability: there", cell("pop")
        ),
        Mutation(table, "adjusted_genre", "of a fitted track", "adjusted_genre: only where", cell("pop")),
        Mutation(table, "model_version", "two champions", "model_version: one for each", cell(2)),
        Mutation(
            table, "source_table", "a track lost", "table: the rows of spotify_binned", cell("fma_tracks")
        ),
        Mutation(table, "second_probability", "more than all", "second_probability: 0 to", cell(1.5)),
    ]


def _label_doubts() -> list[Mutation]:
    table = "label_doubts"
    return [
        Mutation(table, "label_probability", "a percentage", "label_probability: 0 to 1", cell(73.0)),
        Mutation(
            table, "label_probability", "above the suggestion", "suggested_probability: not below", cell(0.95)
        ),
        Mutation(table, "suggested_genre", "the label", "suggested_genre: another genre", cell(GENRES[5])),
        Mutation(table, "label", "a genre of no task", "label: one of", cell("polka")),
        Mutation(table, "reasons", "missing", "reasons: there exactly", cell(None)),
        Mutation(table, "rank", "counted from 0", "rank: at least 1", cell(0)),
        Mutation(table, "artist_agreeing", "more than there are", "artist_agreeing: not above", cell(4)),
        Mutation(table, "is_doubtful", "every label", "is_doubtful: at most", all_of(True), MANY),
    ]


SPOTIFY = [*_spotify(), *_binned(), *_groups(), *_predictions(), *_label_doubts()]

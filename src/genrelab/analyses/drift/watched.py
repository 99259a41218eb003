"""What is watched for drift: the features, classes and words of each table.

Rows of spotify_tracks are those of spotify_binned, which alone has genres and is what training reads: it
stands for both.
"""

from collections.abc import Collection
from dataclasses import dataclass

from genrelab.lake.schema import Column, Table
from genrelab.tables import TABLES
from genrelab.tables.fma import ECHONEST_AUDIO
from genrelab.tables.spotify import AUDIO_FEATURES

NOT_MEASURED = ("source_row", "track_id", "latitude", "longitude")
BIN_PREFIX = "bin_"


@dataclass(frozen=True)
class Watched:
    """One table.

    Args:
        table: Its name.
        features: Columns of numbers.
        classes: Columns of one class a row; a column that only one version has is passed over.
        words: Column of lists of words, empty where there is none.
        word: What a word is called.
    """

    table: str
    features: tuple[str, ...]
    classes: tuple[str, ...] = ()
    words: str = ""
    word: str = ""

    @property
    def declaration(self) -> Table:
        """The table's declaration."""
        return TABLES[self.table]

    def column(self, name: str) -> Column:
        """Declaration of a column."""
        return self.declaration[name]

    def columns_of(self, names: list[str]) -> "Watched":
        """The same as far as a version has the columns; every column `bin_...` is a class."""
        bins = tuple(name for name in names if name.startswith(BIN_PREFIX)) if self.classes else ()
        return Watched(
            self.table,
            tuple(name for name in self.features if name in names),
            tuple(dict.fromkeys([name for name in (*self.classes, *bins) if name in names])),
            self.words if self.words in names else "",
            self.word,
        )

    def read_by(self, columns: Collection[str]) -> "Watched":
        """The same without the columns that a model does not read, and without words."""
        return Watched(
            self.table,
            tuple(name for name in self.features if name in columns),
            tuple(name for name in self.classes if name in columns),
        )

    def shared_with(self, other: "Watched") -> "Watched":
        """The same as far as another version has the columns too: a rule set may have come or gone between them."""
        return Watched(
            self.table,
            tuple(name for name in self.features if name in other.features),
            tuple(name for name in self.classes if name in other.classes),
            self.words if self.words == other.words else "",
            self.word,
        )


def _measured(table: str) -> tuple[str, ...]:
    return tuple(
        column.name for column in TABLES[table] if column.is_number and column.name not in NOT_MEASURED
    )


WATCHED: dict[str, Watched] = {
    watched.table: watched
    for watched in (
        Watched(
            "spotify_binned",
            (*AUDIO_FEATURES, "popularity"),
            ("bin_classic", "bin_reviewed"),
            "genres",
            "micro-genre",
        ),
        Watched(
            "fma_tracks",
            ("track_duration", "track_bit_rate", "track_listens", "track_favorites", "track_interest"),
            ("genre_top", "split"),
            "genre_names",
            "genre",
        ),
        Watched("fma_echonest", ECHONEST_AUDIO),
        Watched("fma_features", _measured("fma_features")),
        Watched("origin_tracks", _measured("origin_tracks")),
    )
}
"""What is watched, by table."""

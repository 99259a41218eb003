"""What is missing in the FMA's tables.

Conventions: shares are fractions of 1; columns keep the order of their table. A cell is missing where the table has no
value. FMA's own marks (-1, an empty list, a text of blanks) are values: they are counted beside the gaps. A share of
`whole` rows is one of rows that no partial copy has emptied (`genrelab.analyses.missing_values.whole`). None: not
defined, or not known.
"""

from dataclasses import dataclass

from genrelab.evaluation.results import Score

Matrix = tuple[tuple[float | None, ...], ...]


@dataclass(frozen=True)
class ColumnGaps:
    """One column of a table.

    Args:
        column: Its name.
        missing: Rows without a value.
        unknown: Rows with -1, where that marks an unknown value.
        empty: Rows with an empty list, or with a text of blanks.
    """

    column: str
    missing: int
    unknown: int
    empty: int


@dataclass(frozen=True)
class TableGaps:
    """One table.

    Args:
        table: Its name.
        version: Its version.
        sample: Whether it is sample data.
        rows: Its rows.
        columns: Its columns, without those that say where a row comes from.
    """

    table: str
    version: int
    sample: bool
    rows: int
    columns: tuple[ColumnGaps, ...]

    @property
    def never(self) -> int:
        """Columns without a gap."""
        return sum(not one.missing for one in self.columns)

    @property
    def always(self) -> int:
        """Columns without any value."""
        return sum(one.missing == self.rows for one in self.columns)

    @property
    def share(self) -> float:
        """Share of all cells that are missing."""
        return sum(one.missing for one in self.columns) / (self.rows * len(self.columns) or 1)


@dataclass(frozen=True)
class TrackColumn:
    """One column of `fma_tracks` with gaps, over its whole rows.

    Args:
        column: Its name.
        level: Whom FMA says it of: `album`, `artist` or `track`.
        share: Share missing, with artists as clusters of its interval.
        by_artist: The same with every artist counted once.
        document: Share in the student project; None where the student project lists none.
        difference: How it differs from the student project: `same`; `edition`, another one of the whole file;
            `chance`, the interval contains the student project's; `more`; `less`; empty where the student project
            lists none.
        agreement: Share of the variance of its gaps that lies between artists (intraclass correlation).
        album_agreement: Between albums.
        all_or_none: Share of the artists with several tracks that miss it on all of them or on none.
    """

    column: str
    level: str
    share: Score
    by_artist: float
    document: float | None
    difference: str
    agreement: float | None
    album_agreement: float | None
    all_or_none: float | None


@dataclass(frozen=True)
class Part:
    """Tracks of a subset or of a genre.

    Args:
        name: Its name; empty for tracks without a single root genre.
        tracks: Its tracks.
        artists: Their artists.
        shares: Share missing of every column of `Gaps.columns`.
    """

    name: str
    tracks: int
    artists: int
    shares: tuple[float, ...]


@dataclass(frozen=True)
class Pair:
    """Two columns whose gaps occur together, or exclude each other.

    Args:
        first: One column.
        second: The other.
        phi: Their phi coefficient over tracks.
        of_bound: It as a share of what their margins allow.
        by_artist: Phi with every artist counted once.
        document: Phi in the student project; None where the student project does not list the pair.
        document_of_bound: The same for the student project, from the shares it lists; None where it does not list both.
    """

    first: str
    second: str
    phi: float | None
    of_bound: float | None
    by_artist: float | None
    document: float | None
    document_of_bound: float | None


@dataclass(frozen=True)
class Association:
    """Phi coefficients of all columns that have both gaps and values.

    Args:
        columns: The columns, in the order of their clusters.
        phi: Phi of every two.
        of_bound: Phi as a share of its bound.
        strongest: The strongest pairs, each once.
        document: The student project's pairs.
        undefined: Columns that are never or always missing, of which phi is not defined.
    """

    columns: tuple[str, ...]
    phi: Matrix
    of_bound: Matrix
    strongest: tuple[Pair, ...]
    document: tuple[Pair, ...]
    undefined: tuple[str, ...]


@dataclass(frozen=True)
class Nullity:
    """Rows drawn at equal distances, in the order of the table.

    Args:
        columns: The columns.
        rows: One text per row: `1` where there is a value, `0` where it is missing.
        tracks: Id of the track of each row.
        known: Columns with a value, of each row, among `columns`.
    """

    columns: tuple[str, ...]
    rows: tuple[str, ...]
    tracks: tuple[int, ...]
    known: tuple[int, ...]


@dataclass(frozen=True)
class Gaps:
    """The gaps of `fma_tracks`, over its whole rows.

    Args:
        table_version: Its version.
        sample: Whether it is sample data.
        rows: Its rows.
        whole: Those that no copy has emptied.
        artists: Artists of these.
        albums: Their albums; -1 is none.
        first_added: Day on which the first of them was added, ISO 8601; empty if not known.
        last_added: The last one.
        emptied: Whole-number columns with blanks, which FMA never leaves blank, and how many.
        never: Columns without a gap.
        columns: Columns with gaps, here or in the student project.
        limit: A larger share is listed in the student project.
        subsets: Each subset with those inside it.
        genres: By top genre, the most tracks first.
        association: Which gaps occur together.
        nullity: A picture of the rows.
    """

    table_version: int
    sample: bool
    rows: int
    whole: int
    artists: int
    albums: int
    first_added: str
    last_added: str
    emptied: tuple[tuple[str, int], ...]
    never: tuple[str, ...]
    columns: tuple[TrackColumn, ...]
    limit: float
    subsets: tuple[Part, ...]
    genres: tuple[Part, ...]
    association: Association
    nullity: Nullity

    @property
    def is_complete(self) -> bool:
        """Whether no row was emptied on the way."""
        return self.whole == self.rows

    @property
    def gappy(self) -> tuple[TrackColumn, ...]:
        """Columns of which more than `limit` is missing, here or in the student project."""
        return tuple(one for one in self.columns if one.share.value > self.limit or one.document is not None)


@dataclass(frozen=True)
class MissingValues:
    """Everything that is missing.

    Args:
        tables: The tables that there are.
        absent: Those that there are not.
        gaps: The gaps of `fma_tracks`; None without a whole row.
        why: Why there are none; empty if there are.
    """

    tables: tuple[TableGaps, ...]
    absent: tuple[str, ...]
    gaps: Gaps | None
    why: str

    @property
    def table(self) -> str:
        """Name of the table that it mainly describes."""
        return "fma_tracks"

    @property
    def sample(self) -> bool:
        """Whether any of it is sample data."""
        return any(one.sample for one in self.tables)

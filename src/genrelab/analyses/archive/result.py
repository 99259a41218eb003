"""What is in the archive.

Conventions: shares are fractions of 1 of the tracks with a value; a share `by artist` counts every artist once, with
the share of the artist's tracks. Genres are top genres, the most tracks first; an empty name stands for tracks without
one. Quartiles count every artist once, with the median of the artist's tracks. None: not known, or not defined.
"""

from dataclasses import dataclass

from genrelab.analyses.features.result import OutlierValues
from genrelab.evaluation.results import Difference, Score

Quartiles = tuple[float, float, float]


@dataclass(frozen=True)
class Kind:
    """One kind of tracks: a language, a family of licences.

    Args:
        name: Its name.
        tracks: Its tracks.
        artists: Artists with such a track.
        share: Share of the tracks, with artists as clusters of its interval.
        by_artist: Share with every artist counted once.
    """

    name: str
    tracks: int
    artists: int
    share: Score
    by_artist: float


@dataclass(frozen=True)
class GenreKinds:
    """The kinds in one genre.

    Args:
        genre: Its name.
        tracks: Its tracks with a value.
        artists: Their artists.
        counts: Tracks of each kind, in the order of `Kinds.kinds`.
        by_artist: Share of each kind with every artist counted once.
    """

    genre: str
    tracks: int
    artists: int
    counts: tuple[int, ...]
    by_artist: tuple[float, ...]


@dataclass(frozen=True)
class Kinds:
    """A column with kinds.

    Args:
        column: Its name.
        tracks: Tracks with a value.
        missing: Tracks without.
        artists: Artists with a value.
        kinds: The kinds, the most tracks first.
        genres: By genre, without those of few tracks.
        odd: Values that no kind knows and their tracks, the most first.
    """

    column: str
    tracks: int
    missing: int
    artists: int
    kinds: tuple[Kind, ...]
    genres: tuple[GenreKinds, ...]
    odd: tuple[tuple[str, int], ...]

    @property
    def odd_tracks(self) -> int:
        """Tracks with a value that no kind knows."""
        return sum(tracks for _, tracks in self.odd)


@dataclass(frozen=True)
class GenreSpread:
    """Quartiles of one genre."""

    genre: str
    tracks: int
    artists: int
    quartiles: Quartiles


@dataclass(frozen=True)
class Spread:
    """A number or a year of tracks.

    Args:
        column: Its name.
        tracks: Tracks with a value that is counted.
        missing: Tracks without a value.
        artists: Artists with a value.
        quartiles: Of all artists; None without a value.
        lowest: The lowest value.
        highest: The highest.
        bins: Tracks and artists by the start of each bin, in order.
        genres: By genre, the lowest median first.
    """

    column: str
    tracks: int
    missing: int
    artists: int
    quartiles: Quartiles | None
    lowest: float | None
    highest: float | None
    bins: tuple[tuple[int, int, int], ...]
    genres: tuple[GenreSpread, ...]


@dataclass(frozen=True)
class Dates:
    """A column of dates, as years.

    Args:
        years: The years from `FIRST_YEAR` to the year of the newest track.
        before: Tracks with an earlier date.
        after: Tracks with a date in the future: after the newest track was added.
        until: Day on which the newest track was added, ISO 8601; empty if not known.
    """

    years: Spread
    before: int
    after: int
    until: str


@dataclass(frozen=True)
class Label:
    """A record label and the artists who name it."""

    name: str
    artists: int
    tracks: int


@dataclass(frozen=True)
class Labels:
    """Labels that artists name.

    Args:
        tracks: Tracks whose artist names any.
        missing: Tracks whose artist names none.
        artists: Artists who name any.
        several: Artists who name several.
        distinct: Different labels.
        top: Those with the most artists.
    """

    tracks: int
    missing: int
    artists: int
    several: int
    distinct: int
    top: tuple[Label, ...]


@dataclass(frozen=True)
class Profile:
    """What the columns of `fma_tracks` say.

    Args:
        table_version: Version of the table.
        sample: Whether it is sample data.
        tracks: Its tracks.
        artists: Their artists.
        whole: Rows that no partial copy has emptied (`genrelab.analyses.missing_values.whole`).
        genres: Tracks of each top genre, the most first.
        languages: Languages of lyrics.
        licences: Families of licences.
        labels: Labels.
        dates: Recorded, released, added, first active.
        bit_rates: Constant rates, and variable ones.
        durations: Lengths in minutes.
        without_length: Tracks with a length of 0.
    """

    table_version: int
    sample: bool
    tracks: int
    artists: int
    whole: int
    genres: tuple[tuple[str, int], ...]
    languages: Kinds
    licences: Kinds
    labels: Labels
    dates: tuple[Dates, ...]
    bit_rates: Kinds
    durations: Spread
    without_length: int


@dataclass(frozen=True)
class FeatureOutliers:
    """Outliers of one feature.

    Args:
        by_z: Values beyond the limit of standard deviations from the mean.
        median: Median.
        spread: Median absolute deviation, scaled to the standard deviation of a normal distribution; 0 where half of
            the values are equal.
        robust: Values beyond the same limit of these from the median; None where `spread` is 0.
        minimum: Smallest value.
        maximum: Largest.
    """

    by_z: OutlierValues
    median: float
    spread: float
    robust: int | None
    minimum: float
    maximum: float


@dataclass(frozen=True)
class FarTrack:
    """A track with outliers in many features.

    Args:
        track_id: FMA's id.
        track: Its title; empty if not known.
        artist: Its artist; empty if not known.
        genre: Its top genre; empty without one.
        features: Features in which it lies beyond the limit.
        most: The feature in which it lies farthest.
        score: Its z-score there.
    """

    track_id: int
    track: str
    artist: str
    genre: str
    features: int
    most: str
    score: float


@dataclass(frozen=True)
class Treated:
    """A model on features whose outliers were treated in one way.

    Args:
        treatment: Name of the treatment.
        rule: What an outlier is: `z` or `robust`; empty where nothing is treated.
        changed: Share of the cells of the training part that it changes; of `drop`, share of the tracks.
        rows: Training tracks that are left.
        accuracy: On the validation part.
        log_loss: On the validation part.
        accuracy_change: Against leaving outliers as they are, on the same tracks.
        log_loss_change: The same.
    """

    treatment: str
    rule: str
    changed: float
    rows: int
    accuracy: Score
    log_loss: Score
    accuracy_change: Difference
    log_loss_change: Difference


@dataclass(frozen=True)
class Trial:
    """What each treatment does to a model of the top genre.

    Args:
        rows: Training tracks.
        of: Training tracks that there are.
        judged: Tracks of the validation part.
        judged_artists: Their artists.
        features: Features.
        genres: Genres.
        baseline: Share of the validation part that has the commonest genre of the training part.
        treatments: Each treatment.
        untried: Treatments that could not be tried, and why.
    """

    rows: int
    of: int
    judged: int
    judged_artists: int
    features: int
    genres: int
    baseline: float
    treatments: tuple[Treated, ...]
    untried: tuple[str, ...]


@dataclass(frozen=True)
class DocumentFeature:
    """The feature of which the student project counts outliers.

    Args:
        named: The second column of features.csv, which its text names.
        is_there: Whether this copy has values of it.
        found: Features with the student project's smallest value, median and largest value.
    """

    named: str
    is_there: bool
    found: tuple[str, ...]


@dataclass(frozen=True)
class Outliers:
    """Outliers of the librosa features.

    Args:
        table_version: Version of `fma_features`.
        sample: Whether it is sample data.
        tracks: Its tracks.
        limit: Standard deviations from which a value is an outlier.
        features: Features with values, in the order of the table.
        empty: How many have none.
        constant: Features of which z is not defined: all values are equal.
        touched: Tracks that are an outlier in at least one feature.
        far: The tracks that are in most.
        document: The student project's feature.
        trial: What treatments do to a model; None if it could not be fitted.
        why: Why there is none; empty if there is one.
    """

    table_version: int
    sample: bool
    tracks: int
    limit: float
    features: tuple[FeatureOutliers, ...]
    empty: int
    constant: tuple[str, ...]
    touched: int
    far: tuple[FarTrack, ...]
    document: DocumentFeature
    trial: Trial | None
    why: str


@dataclass(frozen=True)
class Archive:
    """The archive; a part whose table is absent is None.

    Args:
        profile: What the metadata say.
        outliers: Outliers of the features.
        absent: Tables that are absent.
    """

    profile: Profile | None
    outliers: Outliers | None
    absent: tuple[str, ...]

    @property
    def table(self) -> str:
        """Name of the table that it mainly describes."""
        return "fma_tracks"

    @property
    def sample(self) -> bool:
        """Whether any of it is sample data."""
        return any(one.sample for one in (self.profile, self.outliers) if one is not None)

"""What the analysis of popularity finds.

Conventions: the target is log(1 + plays), natural logarithm; scores, gains and mean absolute errors are on that scale.
Plays are counts; the age of a track is in years, from the day it was added to the newest day in the table. Ratios are
of geometric means of 1 + plays. None: not known.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from genrelab.evaluation.results import Difference, Score, VarianceShares

OFFICIAL, RANDOM = "official", "random"
"""Splits: FMA's own, which keeps artists apart, and one of the same sizes with tracks drawn at random."""

ALL_TRACKS, ECHONEST, LIBROSA = "all", "echonest", "librosa"
"""Names of the groups of tracks."""


MEAN, LOOKUP = "mean", "artist_lookup"
"""Models without inputs that others are compared with: the mean, and the mean of the artist's other tracks."""


@dataclass(frozen=True)
class NumberScores:
    """Scores of one model on one split.

    Args:
        r2: Share of the variance that is explained.
        spearman: Correlation of the ranks.
        top_decile_auc: Probability that a track of the most played tenth is ranked above another one.
        mae: Mean absolute error.
    """

    r2: Score
    spearman: Score
    top_decile_auc: Score
    mae: Score


@dataclass(frozen=True)
class ModelScores:
    """A model without inputs: the mean, the median, or the artist's own other tracks.

    Args:
        name: Its name in MLflow.
        label: Its name for people.
        by_split: Its scores by split.
    """

    name: str
    label: str
    by_split: Mapping[str, NumberScores]


@dataclass(frozen=True)
class InputScores:
    """One set of inputs, predicted from by boosted trees.

    Args:
        name: Its name in MLflow.
        label: Its name for people.
        inputs: Number of input columns.
        depth: Depth of the trees, chosen on the validation part.
        trees: How many, chosen on the validation part.
        by_split: Its scores by split.
        over: Name of the set that it extends; the mean for a set that extends none.
        gain: R2 minus that of what it extends, on the official split.
        is_forbidden: Whether it contains what listeners did, which no model may see.
    """

    name: str
    label: str
    inputs: int
    depth: int
    trees: int
    by_split: Mapping[str, NumberScores]
    over: str
    gain: Difference
    is_forbidden: bool


@dataclass(frozen=True)
class Decile:
    """A tenth of the test tracks of the official split, by predicted plays.

    Args:
        tracks: How many.
        predicted: Their median prediction, in plays.
        plays: Lower quartile, median and upper quartile of their plays.
    """

    tracks: int
    predicted: float
    plays: tuple[float, float, float]


@dataclass(frozen=True)
class TrackGroup:
    """Tracks on which sets of inputs are compared.

    Args:
        name: Its name in MLflow.
        label: Its name for people.
        available: Tracks that have what all of its sets need.
        tracks: Those that were used: all, or a sample of whole artists.
        parts: Tracks in training, validation and test part of the official split.
        test_artists: Artists in that test part.
        baselines: Models without inputs.
        sets: The sets of inputs.
        without: What could not be used because no track has it.
        deciles: Of the official test part, predicted from the last set that may be used; the least popular first.
    """

    name: str
    label: str
    available: int
    tracks: int
    parts: tuple[int, int, int]
    test_artists: int
    baselines: tuple[ModelScores, ...]
    sets: tuple[InputScores, ...]
    without: tuple[str, ...]
    deciles: tuple[Decile, ...]

    def baseline(self, name: str) -> ModelScores:
        """Return the model without inputs of that name."""
        return next(one for one in self.baselines if one.name == name)

    @property
    def allowed(self) -> tuple[InputScores, ...]:
        """Return the sets that a model may see."""
        return tuple(one for one in self.sets if not one.is_forbidden)


@dataclass(frozen=True)
class Counted:
    """The tracks that were read.

    Args:
        read: All.
        used: Those with a number of plays.
        unknown: Those without one.
        negative: Those with a negative one.
        unplayed: Those used that were never played.
        artists: Artists of the tracks used.
        median: Their median number of plays; None without tracks.
        most: Their largest number of plays; None without tracks.
    """

    read: int
    used: int
    unknown: int
    negative: int
    unplayed: int
    artists: int
    median: float | None
    most: float | None


@dataclass(frozen=True)
class AgeBin:
    """Tracks of about the same age.

    Args:
        years: Lowest and highest age.
        tracks: How many.
        plays: Lower quartile, median and upper quartile of their plays.
    """

    years: tuple[float, float]
    tracks: int
    plays: tuple[float, float, float]


@dataclass(frozen=True)
class Age:
    """How long tracks have been on the site, and what that does to their plays.

    Args:
        dated: Tracks whose day is known.
        estimated: Tracks whose day was estimated from the track id.
        unknown: Tracks without an age.
        too_early: Tracks with a day before 1900, which counts as unknown.
        newest: The newest day, from which ages are counted; empty if no day is known.
        order: Rank correlation of track id and day; None for fewer than two days.
        error_days: How far the estimate is from the known day for 99 % of the tracks, in days; None without an
            estimate.
        bins: Tracks by age, the newest first.
        elasticity: Change of the target for a change of log age by 1: 1 if plays came at a constant rate, 0 if age
            did not matter.
    """

    dated: int
    estimated: int
    unknown: int
    too_early: int
    newest: str
    order: float | None
    error_days: float | None
    bins: tuple[AgeBin, ...]
    elasticity: Score | None


@dataclass(frozen=True)
class Disguised:
    """A column that counts what listeners did.

    Args:
        column: Its name in `fma_tracks`.
        tracks: Tracks of which it is known.
        correlation: Pearson's, of log(1 + value) with the target; None where it cannot be computed.
        ranks: Spearman's.
    """

    column: str
    tracks: int
    correlation: float | None
    ranks: float | None


@dataclass(frozen=True)
class GenrePlays:
    """Plays of the tracks of a genre, compared with other tracks of the same age.

    Args:
        genre: Its name.
        is_root: Whether it is one of the sixteen top genres.
        tracks: Its tracks, those below it in the tree included.
        artists: Their artists.
        median: Their median number of plays.
        ratio: How often they are played, as a multiple of all tracks of the same age.
    """

    genre: str
    is_root: bool
    tracks: int
    artists: int
    median: float
    ratio: Score


@dataclass(frozen=True)
class Popularity:
    """How often tracks are played.

    Args:
        table: The table that was read.
        table_version: Its version.
        sample: Whether that is sample data.
        budget: How much work was done.
        counted: The tracks that were read.
        missing: What could not be computed, and why.
        variance: How much of the variance lies between artists.
        age: Age of the tracks.
        disguised: Columns that count what listeners did.
        groups: Groups of tracks on which inputs are compared.
        genres: Genres with enough artists, the most played first.
        small_genres: Genres with too few artists.
    """

    table: str
    table_version: int
    sample: bool
    budget: str
    counted: Counted
    missing: Mapping[str, str]
    variance: VarianceShares | None
    age: Age
    disguised: tuple[Disguised, ...]
    groups: tuple[TrackGroup, ...]
    genres: tuple[GenrePlays, ...]
    small_genres: int

    def group(self, name: str) -> TrackGroup | None:
        """Return the tracks of that name; None if they could not be compared."""
        return next((one for one in self.groups if one.name == name), None)

"""What the study of all genres finds, as plain values.

Conventions: labels are FMA genre ids; a column of labels is `genres` (what the artist chose) or `genres_all` (these and
everything above them in the tree). Jaccard indices are means over tracks. Protocols are `random` (tracks are drawn,
as the student project does), `apart` (whole artists are drawn until there are as many tracks) and `official` (FMA's own
split). Scores are named as in MLflow: `official/jaccard`, with `_low` and `_high`, the 95 % interval by artist.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from genrelab.evaluation.results import LabelScores

GIVEN, ALL = "genres", "genres_all"
RANDOM, APART, OFFICIAL = "random", "apart", "official"
FEATURES, COMPONENTS = "features", "components"
"""What neighbours are compared by: all features, or the principal components that hold most of their variance."""


@dataclass(frozen=True)
class TreeGenre:
    """A genre of the tree; `parent` is 0 for a root."""

    genre: int
    title: str
    parent: int


@dataclass(frozen=True)
class LabelColumn:
    """How often the labels of a column occur.

    Args:
        column: `genres` or `genres_all`.
        tracks: All tracks.
        without: Tracks without a label.
        counts: Tracks of each genre that occurs, by id, the most frequent first.
        by_number: Tracks with 0, 1, 2, ... labels.
    """

    column: str
    tracks: int
    without: int
    counts: tuple[tuple[int, int], ...]
    by_number: tuple[int, ...]

    @property
    def mean(self) -> float:
        """Labels of a track that has any."""
        labels = sum(number * tracks for number, tracks in enumerate(self.by_number))
        return labels / max(self.tracks - self.without, 1)


@dataclass(frozen=True)
class UsedTracks:
    """Which tracks of a table of features are used.

    Args:
        tracks: Tracks with features, one genre at least and a row in fma_tracks.
        artists: Their artists.
        sampled: Of them, tracks that are used here: whole artists.
        unknown: Rows that fma_tracks does not know.
        without_genre: Rows left out because the track has no genre.
        without_features: Rows left out because all features are missing.
        lacking_some: Rows left out because some feature is missing.
    """

    tracks: int
    artists: int
    sampled: int
    unknown: int
    without_genre: int
    without_features: int
    lacking_some: int


@dataclass(frozen=True)
class ByNeighbours:
    """Jaccard index of the student project's rule for each k.

    Args:
        protocol: How test tracks were drawn.
        inputs: What distances were measured in.
        labels: Which labels vote.
        k: Numbers of neighbours.
        mean: Mean over repeats of the mean Jaccard index, one for each k.
        sd: Standard deviation over repeats; 0 for a single one.
        repeats: How many.
        train: Training tracks of the last repeat.
        test: Test tracks of the last repeat.
        baseline: The same score for naming the three most frequent genres of the training tracks.
    """

    protocol: str
    inputs: str
    labels: str
    k: tuple[int, ...]
    mean: tuple[float, ...]
    sd: tuple[float, ...]
    repeats: int
    train: int
    test: int
    baseline: float

    @property
    def best(self) -> int:
        """The k of the highest index."""
        return self.k[max(range(len(self.k)), key=self.mean.__getitem__)]


@dataclass(frozen=True)
class Spread:
    """How the Jaccard index of the nearest neighbour's genres spreads over tracks; all repeats together.

    Args:
        protocol: How test tracks were drawn.
        tracks: Test tracks.
        counts: Tracks with an index of 0, above 0 to 0.1, ... above 0.9 and below 1, and 1: twelve numbers.
        none: Share of tracks with no label right.
        some: Share with one at least.
        every: Share with exactly the right labels.
        same_artist: Share whose nearest neighbour is of the same artist.
        same_album: Share whose nearest neighbour is on the same album; None where albums are not known.
        twins: Share whose nearest neighbour has the same features.
        known: Mean index of the tracks whose nearest neighbour is of the same artist; None without any.
        new: Mean index of the others; None without any.
    """

    protocol: str
    tracks: int
    counts: tuple[int, ...]
    none: float
    some: float
    every: float
    same_artist: float
    same_album: float | None
    twins: float
    known: float | None
    new: float | None


@dataclass(frozen=True)
class Components:
    """Principal components of the scaled features.

    Args:
        shares: Share of the variance that the first 1, 2, ... components hold together.
        needed: Components for `share` of the variance.
        share: What is to be held.
        on_all: Jaccard index by k where scaling and components were fitted on all tracks, test tracks too; first
            random repeat.
        on_training: The same with both fitted on training tracks only.
    """

    shares: tuple[float, ...]
    needed: int
    share: float
    on_all: tuple[float, ...]
    on_training: tuple[float, ...]


@dataclass(frozen=True)
class ThresholdStudy:
    """Jaccard index by the output from which a genre is named.

    Args:
        step: Name of the model.
        thresholds: The thresholds tried.
        random: Index on the test tracks of random rows.
        validation: Index on FMA's validation part.
        official: Index on FMA's test part.
        chosen: The threshold of the highest index on the validation part.
        document: The best threshold that the student project reports; None without one.
    """

    step: str
    thresholds: tuple[float, ...]
    random: tuple[float, ...]
    validation: tuple[float, ...]
    official: tuple[float, ...]
    chosen: float
    document: float | None

    def at_chosen(self) -> float:
        """Index on FMA's test part at the chosen threshold."""
        return self.official[self.thresholds.index(self.chosen)]

    def by_hindsight(self) -> tuple[float, float]:
        """The threshold of the highest index on FMA's test part, and that index: the author's way to choose."""
        best = max(range(len(self.official)), key=self.official.__getitem__)
        return self.thresholds[best], self.official[best]


@dataclass(frozen=True)
class SigmoidRule:
    """What a rule names on the outputs of a network to which the sigmoid is applied once or twice.

    Args:
        sigmoids: 1 or 2.
        rule: When a genre is named.
        named: Genres named for a track, on average.
        jaccard: Mean Jaccard index.
    """

    sigmoids: int
    rule: str
    named: float
    jaccard: float


@dataclass(frozen=True)
class SigmoidTwice:
    """The student project's error on the outputs of our network: lowest and highest output, and what rules name."""

    tracks: int
    once: tuple[float, float]
    twice: tuple[float, float]
    rules: tuple[SigmoidRule, ...]


@dataclass(frozen=True)
class Step:
    """One step of the path.

    Args:
        name: Its name in runs.
        title: Its name for people.
        labels: The labels that it predicts.
        is_baseline: Whether it hears nothing.
        document: Jaccard index that the student project reports; None without one.
        random: Jaccard index on random rows, with the student project's way to choose; None where it was not run so.
        random_sd: Standard deviation over repeats; None for a single one.
        apart: The same with artists kept apart.
        apart_sd: Its standard deviation.
        threshold: Output or share of votes from which a genre is named on FMA's split; chosen on its validation part,
            but fixed where the step is the student project's rule.
        validation: Jaccard index on FMA's validation part, which chooses.
        scores: Scores on FMA's test part, by MLflow metric name; empty where it was not run so.
        params: Its settings.
        fit_seconds: Time to fit it on FMA's training part.
    """

    name: str
    title: str
    labels: str
    is_baseline: bool
    document: float | None
    random: float | None
    random_sd: float | None
    apart: float | None
    apart_sd: float | None
    threshold: float | None
    validation: float | None
    scores: Mapping[str, float]
    params: Mapping[str, int | float | str]
    fit_seconds: float

    def score(self, metric: str, ending: str = "") -> float | None:
        """A score on FMA's test part, or a bound of its interval."""
        return self.scores.get(f"{OFFICIAL}/{metric}{ending}")


@dataclass(frozen=True)
class Width:
    """A network with one hidden layer: units, and Jaccard index on validation and test part of FMA's split."""

    units: int
    validation: float
    official: float


@dataclass(frozen=True)
class FeatureStudy:
    """The path on one set of features.

    Args:
        name: `librosa` or `echonest`.
        title: Its name for people.
        table: Its table.
        table_version: The version.
        columns: Features that most tracks have.
        absent: Features of the table that few tracks have, or none.
        used: Which tracks are used.
        repeats: Times that test tracks are drawn.
        epochs: Passes of a network over its training tracks.
        fitted: Training tracks of forests and networks on FMA's split: whole artists.
        neighbours: The student project's rule by protocol, inputs and labels.
        spreads: Its Jaccard index per track for k = 1, by protocol.
        components: Principal components.
        steps: The rows of the comparison, baselines last.
        widths: Networks with one hidden layer.
        thresholds: Study of the output threshold.
        sigmoid_twice: The student project's error.
        genres: The best step by validation, genre by genre, on FMA's test part.
        best: Name of that step.
        problems: What could not be done, one sentence each.
    """

    name: str
    title: str
    table: str
    table_version: int
    columns: int
    absent: int
    used: UsedTracks
    repeats: int
    epochs: int
    fitted: int
    neighbours: tuple[ByNeighbours, ...]
    spreads: tuple[Spread, ...]
    components: Components
    steps: tuple[Step, ...]
    widths: tuple[Width, ...]
    thresholds: tuple[ThresholdStudy, ...]
    sigmoid_twice: SigmoidTwice | None
    genres: tuple[LabelScores, ...]
    best: str
    problems: tuple[str, ...]

    def curve(self, protocol: str, inputs: str = FEATURES, labels: str = GIVEN) -> ByNeighbours | None:
        """The student project's rule by k; None where this was not run."""
        wanted = (protocol, inputs, labels)
        return next(
            (one for one in self.neighbours if (one.protocol, one.inputs, one.labels) == wanted), None
        )

    def step(self, name: str, labels: str = ALL) -> Step | None:
        """A step by its name in runs and its labels."""
        return next((one for one in self.steps if (one.name, one.labels) == (name, labels)), None)


@dataclass(frozen=True)
class GenreStudy:
    """The whole study.

    Args:
        tracks_version: Version of fma_tracks.
        sample: Whether the tables are sample data.
        budget: Name of the budget.
        seed: Seed of everything random.
        tree: Genres of fma_genres and those of tracks that it does not know.
        columns: How often labels occur.
        studies: One for each set of features.
        problems: What is wrong with the tree or the tables, one sentence each.
    """

    tracks_version: int
    sample: bool
    budget: str
    seed: int
    tree: tuple[TreeGenre, ...]
    columns: tuple[LabelColumn, ...]
    studies: tuple[FeatureStudy, ...]
    problems: tuple[str, ...]

    @property
    def table(self) -> str:
        """Return the table whose tracks it studies."""
        return "fma_tracks"

    def title(self, genre: int) -> str:
        """Name of a genre; its id where nothing names it."""
        return next((one.title for one in self.tree if one.genre == genre), str(genre))

"""What the analysis finds.

Conventions: shares and probabilities are fractions of 1; topics are numbered from 1, the most frequent first; genres
are named by their title, one without a title by its id. Intervals are 95 % intervals with artists as the sampling unit.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import accumulate

from genrelab.evaluation.results import Difference, Score


@dataclass(frozen=True)
class Weight:
    """The weight of a genre in a topic.

    Args:
        genre: Its name.
        weight: Its weight here.
        document: What the student project printed; None if it printed nothing for this genre.
    """

    genre: str
    weight: float
    document: float | None


@dataclass(frozen=True)
class Lsi:
    """Latent semantic indexing: the singular value decomposition of the matrix of tracks and genres.

    Args:
        values: Singular values above rounding, the largest first.
        above_999: Dimensions that hold 99.9 % of the variance.
        topics: The weights of the first topics, the largest first; the signs are those of the student project.
        farthest: The largest distance to a printed weight; None where a printed genre does not occur.
    """

    values: tuple[float, ...]
    above_999: int
    topics: tuple[tuple[Weight, ...], ...]
    farthest: float | None

    @property
    def shares(self) -> tuple[list[float], list[float]]:
        """Cumulative shares of the sum of singular values, and of the sum of their squares, which is the variance."""
        of_values, of_variance = (
            list(accumulate(self.values)),
            list(accumulate(one**2 for one in self.values)),
        )
        return [one / of_values[-1] for one in of_values], [one / of_variance[-1] for one in of_variance]


@dataclass(frozen=True)
class Match:
    """A printed topic of the student project, and ours that is most like it.

    Args:
        document: Printed weights by genre.
        topic: Number of our topic.
        weights: Its largest weights.
        cosine: Cosine similarity of the two.
        alone: The highest cosine similarity of the printed topic and a single genre: the baseline.
    """

    document: Mapping[str, float]
    topic: int
    weights: tuple[Weight, ...]
    cosine: float
    alone: float


@dataclass(frozen=True)
class TypicalTrack:
    """A track that is typical of a topic.

    Args:
        track_id: FMA's id.
        track: Its title, or its id where it has none.
        artist: Its artist's name, or id.
        genres: Its genres without those above them.
        probability: Probability of the topic.
    """

    track_id: int
    track: str
    artist: str
    genres: tuple[str, ...]
    probability: float


@dataclass(frozen=True)
class TypicalArtist:
    """An artist that is typical of a topic: name or id, tracks, and the mean probability of the topic."""

    artist: str
    tracks: int
    probability: float


@dataclass(frozen=True)
class Topic:
    """A topic of the LDA.

    Args:
        number: From 1.
        name: Made from its strongest genres.
        weights: Its largest weights.
        share: Mean probability over all tracks with genres.
        tracks: Tracks that have it with at least `names.AT_LEAST`.
        main: Tracks whose most probable topic it is.
        typical: Typical tracks, each of another artist; none if it is no track's most probable topic.
        artists: Typical artists.
        roots: Weight by root of the genre tree, the largest first.
    """

    number: int
    name: str
    weights: tuple[Weight, ...]
    share: float
    tracks: int
    main: int
    typical: tuple[TypicalTrack, ...]
    artists: tuple[TypicalArtist, ...]
    roots: tuple[Weight, ...]


@dataclass(frozen=True)
class TopicNumber:
    """How well a number of topics completes the genres of tracks of held-out artists.

    Args:
        topics: Number of topics.
        perplexity: Of a hidden genre, given the track's others; less is better.
        worse: Mean log loss more than that of the best number of topics.
    """

    topics: int
    perplexity: Score
    worse: Difference


@dataclass(frozen=True)
class Completion:
    """Choosing the number of topics.

    Args:
        training: Tracks that the topics were fitted to.
        tracks: Tracks of held-out artists with a hidden genre.
        artists: These artists.
        baseline: Perplexity if a hidden genre is guessed by its frequency.
        numbers: By number of topics, ascending.
    """

    training: int
    tracks: int
    artists: int
    baseline: Score
    numbers: tuple[TopicNumber, ...]


@dataclass(frozen=True)
class Pair:
    """Two genres.

    Args:
        first: The more frequent one.
        second: The other.
        relation: How they stand to each other in the tree: `names.FAMILY` or `ACROSS`.
        artists: Artists with a track that has both.
        share: Share of the tracks with both, every artist counting once.
        lift: How many times as often as by chance.
        npmi: Normalised pointwise mutual information: -1 never together, 0 chance, 1 always together.
    """

    first: str
    second: str
    relation: str
    artists: int
    share: float
    lift: Score
    npmi: float


@dataclass(frozen=True)
class Together:
    """Genres and how often they go together, in an order that puts those together that do.

    Args:
        genres: Names.
        npmi: Shape (genres, genres); None for the genre itself, and where one lies above the other.
        artists: Artists with a track that has both, shape (genres, genres).
    """

    genres: tuple[str, ...]
    npmi: tuple[tuple[float | None, ...], ...]
    artists: tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class Point:
    """The mean Jaccard index for one number of neighbours, its standard deviation over repeats, and its interval."""

    k: int
    jaccard: Score
    deviation: float


@dataclass(frozen=True)
class Curve:
    """Topics predicted by their neighbours.

    Args:
        split: `names.RANDOM` or `ARTISTS`.
        fitted: What topics were fitted to: `names.ALL_ROWS` or `TRAINING_ROWS`.
        points: By number of neighbours.
        baseline: Jaccard index if every track is given the most frequent topics of the training rows.
    """

    split: str
    fitted: str
    points: tuple[Point, ...]
    baseline: Score


@dataclass(frozen=True)
class Sound:
    """Topics predicted from sound.

    Args:
        features: `names.LIBROSA` or `ECHONEST`.
        table: Table of the features.
        table_version: Its version.
        with_features: Tracks with genres and features.
        rows: Tracks that took part.
        artists: Their artists.
        columns: Features.
        components: Principal components of all rows.
        repeats: Splits drawn.
        held_out: Test rows of a random split.
        curves: By split and fit.
    """

    features: str
    table: str
    table_version: int
    with_features: int
    rows: int
    artists: int
    columns: int
    components: int
    repeats: int
    held_out: int
    curves: tuple[Curve, ...]


@dataclass(frozen=True)
class GenreTopics:
    """The result of the analysis.

    Args:
        table: The table of the tracks.
        table_version: Its version.
        sample: Whether it is sample data.
        budget: Budget.
        seed: Seed.
        tracks: Tracks of the table.
        with_genres: Tracks with a genre.
        artists: Artists of these.
        sets: Different sets of genres.
        genres: Genres that occur.
        unknown: Tracks of genres that the table of genres does not know, by id as text.
        rare: Genres of a single track.
        problems: What is wrong with the data, one sentence each.
        lsi: The topics of LSI.
        passes: Passes of the LDA over the tracks.
        topics: The topics of the LDA.
        per_track: Mean number of topics of a track.
        matches: The student project's topics, sought among ours.
        completion: How many topics are best; None if no track of a held-out artist has two genres.
        pairs: Pairs of genres that go together more often than by chance, the strongest first.
        apart: Pairs of frequent genres that go together least.
        related: Pairs that are left out because one genre lies above the other.
        together: The genres of the strongest pairs.
        families: The roots of the tree.
        sound: Topics predicted from sound.
        missing: Why topics are not predicted from some features.
    """

    table: str
    table_version: int
    sample: bool
    budget: str
    seed: int
    tracks: int
    with_genres: int
    artists: int
    sets: int
    genres: int
    unknown: Mapping[str, int]
    rare: tuple[str, ...]
    problems: tuple[str, ...]
    lsi: Lsi
    passes: int
    topics: tuple[Topic, ...]
    per_track: float
    matches: tuple[Match, ...]
    completion: Completion | None
    pairs: tuple[Pair, ...]
    apart: tuple[Pair, ...]
    related: int
    together: Together
    families: Together
    sound: tuple[Sound, ...]
    missing: Mapping[str, str]

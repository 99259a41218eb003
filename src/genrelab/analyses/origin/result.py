"""What the study of origins finds, as plain values.

Conventions: places are numbered from south to north, clusters by size from 0; shares are fractions of 1, distances are
great-circle distances in km. Names of scores follow MLflow: `cv/accuracy` with `_low`, `_high` and `_sd`, and the
same below `countries_left_out/` for the models that were asked about countries they were not fitted on.
"""

from dataclasses import dataclass

from genrelab.evaluation.references import Reference

CV, LEFT_OUT = "cv", "countries_left_out"
"""Names of the splits: folds of tracks, folds of whole countries."""

Params = dict[str, int | float | str | tuple[int, ...]]


@dataclass(frozen=True)
class Place:
    """A country of the data, with the coordinates of its capital in degrees."""

    country: str
    latitude: float
    longitude: float
    tracks: int


@dataclass(frozen=True)
class CostHistory:
    """Cost by iteration for one k: before the first iteration, then after each; one list per start."""

    k: int
    costs: tuple[tuple[float, ...], ...]


@dataclass(frozen=True)
class Scree:
    """Cost for every k, one list per start."""

    k: tuple[int, ...]
    costs: tuple[tuple[float, ...], ...]


@dataclass(frozen=True)
class LeadingCountry:
    """A country with many tracks in a cluster."""

    country: str
    tracks: int
    share_of_cluster: float
    share_of_country: float


@dataclass(frozen=True)
class Cluster:
    """A cluster and the countries with most tracks in it."""

    cluster: int
    size: int
    leading: tuple[LeadingCountry, ...]


@dataclass(frozen=True)
class OriginPurity:
    """How far the tracks of a country keep to one cluster, beside what shuffling gives.

    Args:
        country: Its name.
        tracks: Its tracks.
        leading_cluster: The cluster that holds most of them.
        clusters: Clusters that hold one at least.
        purity: Share in the leading cluster.
        chance: Mean of the same over shuffles.
        chance_p95: 95th percentile of the same.
        p_value: Share of shuffles at least as pure.
    """

    country: str
    tracks: int
    leading_cluster: int
    clusters: int
    purity: float
    chance: float
    chance_p95: float
    p_value: float


@dataclass(frozen=True)
class Clusters:
    """The clusters and where on the map they are.

    Args:
        k: How many.
        counts: Tracks by cluster and place.
        clusters: Each with its leading countries.
        origins: Purity of each country.
        mean_purity: Over all tracks: the share in the leading cluster of their country.
        mean_purity_chance: Mean of the same over shuffles.
        mean_purity_chance_p95: 95th percentile of the same.
        scores: `ari` and `ami` with the places, and `inertia`.
        chance: Mean of `ari` and `ami` over shuffles.
        assigned: Cluster of each track, in source order.
    """

    k: int
    counts: tuple[tuple[int, ...], ...]
    clusters: tuple[Cluster, ...]
    origins: tuple[OriginPurity, ...]
    mean_purity: float
    mean_purity_chance: float
    mean_purity_chance_p95: float
    scores: dict[str, float]
    chance: dict[str, float]
    assigned: tuple[int, ...]


@dataclass(frozen=True)
class NetworkCurves:
    """Accuracy of one of the student project's networks after every epoch, mean over splits.

    Args:
        network: Its name in runs.
        label: Its name for people.
        splits: Random splits.
        train: On the rows fitted.
        stopping: On the rows held out for stopping.
        test: On rows never seen.
        test_low: Least of the splits.
        test_high: Largest of the splits.
        stopped_at: Epoch at which each split stops.
        stopped_accuracy: Accuracy there on rows never seen.
        best_epoch: Epoch that hindsight would choose.
        best_accuracy: Accuracy there.
        rows: Rows of each part.
    """

    network: str
    label: str
    splits: int
    train: tuple[float, ...]
    stopping: tuple[float, ...]
    test: tuple[float, ...]
    test_low: tuple[float, ...]
    test_high: tuple[float, ...]
    stopped_at: tuple[int, ...]
    stopped_accuracy: tuple[float, ...]
    best_epoch: tuple[int, ...]
    best_accuracy: tuple[float, ...]
    rows: dict[str, int]

    @property
    def epochs(self) -> int:
        """Epochs that were trained."""
        return len(self.test)


@dataclass(frozen=True)
class Answer:
    """How one model answers one question.

    Args:
        model: Its name in runs.
        label: Its name for people.
        params: Its settings.
        scores: By name.
        quantiles: For a distance: the distance at each of the question's shares of the tracks.
        fit_seconds: Fitting time over all folds.
    """

    model: str
    label: str
    params: Params
    scores: dict[str, float]
    quantiles: tuple[float, ...]
    fit_seconds: float


@dataclass(frozen=True)
class Rival:
    """The strongest single model, and how far the blend lies above it, with a 95 % interval."""

    model: str
    label: str
    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Choice:
    """How the blend was chosen: the candidate of each half, and its score on the half that chose it."""

    candidates: tuple[str, str]
    on_choice: tuple[float, float]
    first_half: int


@dataclass(frozen=True)
class Lead:
    """How far the blend lies above an answer that needs no music, with a 95 % interval; in km less is better."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class NewCountries:
    """How a question is answered for countries of which no track was in training.

    Args:
        baseline: The best score of an answer that needs no music.
        baseline_answer: That answer: `majority`, `commonest_side`, `central_place` or `median_place`.
        lead: Of the blend over it.
    """

    baseline: float
    baseline_answer: str
    lead: Lead


@dataclass(frozen=True)
class Question:
    """What is asked, and the answers of all models, the blend first.

    Args:
        task: Its name in runs.
        title: Its name for people.
        metric: Name of its score.
        baseline: The score of an answer that needs no music.
        left_out: The baseline with whole countries left out; None where that cannot be asked.
        shares: Shares of the tracks at which distances are given; empty where the score is no distance.
        runs: The models.
        rival: The strongest model beside the blend.
        choice: How the blend was chosen.
        references: Published results.
    """

    task: str
    title: str
    metric: str
    baseline: float
    left_out: NewCountries | None
    shares: tuple[float, ...]
    runs: tuple[Answer, ...]
    rival: Rival
    choice: Choice
    references: tuple[Reference, ...]

    @property
    def is_distance(self) -> bool:
        """Whether the score is a distance in km, less being better."""
        return self.metric == "great_circle_km"

    @property
    def ranked(self) -> tuple[Answer, ...]:
        """The models, the best first."""
        way = 1 if self.is_distance else -1
        return tuple(sorted(self.runs, key=lambda run: way * self.score(run)))

    @property
    def blend(self) -> Answer:
        """The answer of the blend, which the study stands for."""
        return self.runs[0]

    def score(self, run: Answer, ending: str = "", split: str = CV) -> float:
        """A model's score on this question, or with an ending a bound or the spread of it."""
        return run.scores[f"{split}/{self.metric}{ending}"]


@dataclass(frozen=True)
class Mistaken:
    """A country that another one is taken for, and how often."""

    country: str
    share: float


@dataclass(frozen=True)
class CountryScores:
    """How often the blend names a country, what it answers instead, and how far off its tracks are placed."""

    country: str
    tracks: int
    right: float
    taken_for: tuple[Mistaken, ...]
    mean_km: float
    median_km: float


@dataclass(frozen=True)
class OriginStudy:
    """The whole study.

    Args:
        table: The table studied.
        table_version: Its version.
        sample: Whether it is sample data.
        budget: How much work it was.
        seed: Seed of everything random.
        repeats: Times that the folds were drawn.
        trees: Trees of each forest.
        epochs: Epochs of each network, at most.
        starts: Starts of each cost history and scree curve.
        shuffles: Shuffles behind chance.
        splits: Random splits behind each network's curves.
        folds: Number of folds.
        country_folds: Number of folds of whole countries; 0 where none can be left out.
        why_not_left_out: Why not, in a sentence; empty where they can.
        tracks: Tracks studied.
        features: Their features.
        north: Tracks north of the line.
        north_of: The line, in degrees north.
        places: The countries.
        costs: Cost histories.
        scree: Cost by k.
        grouping: The clusters.
        networks: The student project's networks by epoch.
        tasks: The three questions.
        countries: Scores of each country.
    """

    table: str
    table_version: int
    sample: bool
    budget: str
    seed: int
    repeats: int
    trees: int
    epochs: int
    starts: int
    shuffles: int
    splits: int
    folds: int
    country_folds: int
    why_not_left_out: str
    tracks: int
    features: int
    north: int
    north_of: float
    places: tuple[Place, ...]
    costs: tuple[CostHistory, ...]
    scree: Scree
    grouping: Clusters
    networks: tuple[NetworkCurves, ...]
    tasks: tuple[Question, ...]
    countries: tuple[CountryScores, ...]

    @property
    def largest(self) -> Place:
        """The country with most tracks."""
        return max(self.places, key=lambda place: place.tracks)

    def question(self, task: str) -> Question:
        """A question by its name in runs."""
        return next(asked for asked in self.tasks if asked.task == task)

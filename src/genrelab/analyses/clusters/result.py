"""What the comparison of clusters with genres finds, as plain values.

Conventions: clusters are numbered by size from 0; shares are fractions of 1. Scores of agreement carry their names in
MLflow; chance is their mean over shuffled genres, `<name>_p95` the 95th percentile.
"""

from dataclasses import dataclass

HEADLINE = "all-scaled"
"""The feature set used where a single one is shown: no feature's unit decides."""


@dataclass(frozen=True)
class Leader:
    """What a cluster is mostly made of.

    Args:
        cluster: Number of the cluster.
        size: Its rows that have a genre.
        leader: The genre with most of them; empty when none has a genre.
        leader_share: Share of that genre.
        runner_up: The next genre; empty when there is none.
        lead: By how much the leader's share is larger.
    """

    cluster: int
    size: int
    leader: str
    leader_share: float
    runner_up: str
    lead: float


@dataclass(frozen=True)
class MatchedGenre:
    """A cluster and the genre that the best one-to-one matching gives it."""

    cluster: int
    genre: str


@dataclass(frozen=True)
class LabelAgreement:
    """Clusters beside the genres of one labelling.

    Args:
        labels: The labelling.
        genres: Its genres, sorted.
        counts: Rows by cluster and genre.
        rows: Rows that have a genre.
        leaders: One for each cluster, in order.
        matching: The best one-to-one matching.
        scores: Score by name.
        chance: The same by chance.
        shuffles: Shuffles behind chance.
    """

    labels: str
    genres: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]
    rows: int
    leaders: tuple[Leader, ...]
    matching: tuple[MatchedGenre, ...]
    scores: dict[str, float]
    chance: dict[str, float]
    shuffles: int


@dataclass(frozen=True)
class Weight:
    """A feature and how much it weighs: in a forest, or on an axis of the map."""

    feature: str
    value: float


@dataclass(frozen=True)
class SurrogateForest:
    """What a forest makes of the clusters.

    Args:
        accuracy: Share of test rows whose cluster it names.
        baseline: Share of the largest cluster there: always answering it.
        importances: Importance of the features, the largest first; they add up to 1.
        fitted_on: Training rows.
        tested_on: Test rows.
    """

    accuracy: float
    baseline: float
    importances: tuple[Weight, ...]
    fitted_on: int
    tested_on: int


@dataclass(frozen=True)
class FeatureRange:
    """The values of a feature in one cluster: percentiles 0, 5, 50, 95 and 100, and tracks per bar of its histogram."""

    feature: str
    is_leading: bool
    low: float
    q05: float
    median: float
    q95: float
    high: float
    counts: tuple[int, ...]


@dataclass(frozen=True)
class Lift:
    """A genre in a cluster: its share there over its share among all tracks, and a track of it."""

    genre: str
    lift: float
    tracks: int
    example: str


@dataclass(frozen=True)
class GenreLifts:
    """The genres with the highest and the lowest lift in a cluster; None where none has tracks enough."""

    typical: Lift | None
    surprising: Lift | None


@dataclass(frozen=True)
class ClusterProfile:
    """What a cluster sounds like and who is in it.

    Args:
        cluster: Its number.
        size: Its tracks.
        share: Their share of all tracks.
        description: What it sounds like, in words.
        centre: Mean of each feature.
        features: The values of each feature, those that decide the clustering first.
        nearest: The tracks nearest to its centre.
        genres: Typical and surprising genres by labelling.
        silhouette: Mean silhouette on the sample; None where no row of it is there.
    """

    cluster: int
    size: int
    share: float
    description: str
    centre: dict[str, float]
    features: tuple[FeatureRange, ...]
    nearest: tuple[str, ...]
    genres: dict[str, GenreLifts]
    silhouette: float | None = None


@dataclass(frozen=True)
class Spread:
    """Adjusted Rand indices between clusterings made again."""

    mean: float
    low: float
    high: float
    values: tuple[float, ...]


@dataclass(frozen=True)
class Stability:
    """Whether the same clusters are found again: from other starts, and on bootstrap draws."""

    seeds: Spread
    bootstrap: Spread
    runs: int
    starts: int


@dataclass(frozen=True)
class Alternative:
    """What another method makes of the same rows.

    Args:
        method: Its name.
        clusters: Clusters that it finds.
        noise: Share of rows that it leaves out.
        largest: Share of its largest cluster.
        silhouette: Mean silhouette.
        with_kmeans: Adjusted Rand index with k-means.
        agreement: `ari` and `ami` by labelling.
        fitted_on: Rows it was fitted on.
        seconds: Time of the fit.
    """

    method: str
    clusters: int
    noise: float
    largest: float
    silhouette: float
    with_kmeans: float
    agreement: dict[str, dict[str, float]]
    fitted_on: int
    seconds: float


@dataclass(frozen=True)
class CostHistory:
    """Cost at the start and after each iteration for one k, one list per start."""

    k: int
    starts: tuple[tuple[float, ...], ...]


@dataclass(frozen=True)
class KStudy:
    """Every k by several measures.

    Args:
        k: The numbers of clusters.
        measures: Values by measure, in the order of `k`.
        gap_error: Standard errors of the gap statistic.
        agreement: `ari` and `ami` by labelling, in the order of `k`.
        chosen: The k that each measure chooses, None where it chooses none; agreement as `<labelling>/<score>`.
        rows: Rows clustered.
        sampled: Rows of the sample for silhouette and gap statistic.
        starts: Starts of each k.
        references: Reference sets of the gap statistic.
        seconds: Time it took.
    """

    k: tuple[int, ...]
    measures: dict[str, tuple[float, ...]]
    gap_error: tuple[float, ...]
    agreement: dict[str, dict[str, tuple[float, ...]]]
    chosen: dict[str, int | None]
    rows: int
    sampled: int
    starts: int
    references: int
    seconds: float


@dataclass(frozen=True)
class ClusteringResult:
    """One feature set, clustered and compared.

    Args:
        feature_set: Its name in runs.
        title: Its name for people.
        why: Why it is there.
        features: The features.
        scaled: Whether each was brought to mean 0 and variance 1.
        method: The method.
        document_accuracy: What the capstone project's forest reached; None where it had no such set.
        deciding: Which feature decides the clusters.
        silhouette: Mean silhouette on the sample.
        sampled: Rows of the sample.
        inertia: Sum of squared distances to the centres.
        fit_seconds: Time of k-means.
        agreements: Agreement by labelling.
        clusters: The clusters.
        stability: Whether they are found again.
        alternatives: What other methods find.
        histories: Cost by iteration.
        study: Every k by several measures.
    """

    feature_set: str
    title: str
    why: str
    features: tuple[str, ...]
    scaled: bool
    method: str
    document_accuracy: float | None
    deciding: SurrogateForest
    silhouette: float
    sampled: int
    inertia: float
    fit_seconds: float
    agreements: tuple[LabelAgreement, ...]
    clusters: tuple[ClusterProfile, ...]
    stability: Stability
    alternatives: tuple[Alternative, ...]
    histories: tuple[CostHistory, ...]
    study: KStudy

    @property
    def decides(self) -> Weight:
        """The feature with the largest importance."""
        return self.deciding.importances[0]

    def by(self, labels: str) -> LabelAgreement | None:
        """The agreement with one labelling."""
        return next((one for one in self.agreements if one.labels == labels), None)


@dataclass(frozen=True)
class LabelCount:
    """A labelling and the rows that it names."""

    name: str
    rows: int


@dataclass(frozen=True)
class FeatureBars:
    """The bars of a feature's histogram, by edges or by whole number, and all tracks in each."""

    feature: str
    edges: tuple[float, ...]
    values: tuple[int, ...]
    all: tuple[int, ...]


@dataclass(frozen=True)
class Axis:
    """An axis of the map: its share of the variance, and the features that weigh most."""

    explained: float
    loadings: tuple[Weight, ...]


@dataclass(frozen=True)
class Projection:
    """The drawn tracks in two dimensions.

    Args:
        name: `pca` or `umap`.
        x: Places across.
        y: Places upwards.
        axes: What the axes are; none where they have no meaning.
        middles: Median place of each kind by colouring; empty for a kind without a track.
    """

    name: str
    x: tuple[float, ...]
    y: tuple[float, ...]
    axes: tuple[Axis, ...]
    middles: dict[str, tuple[tuple[float, ...], ...]]


@dataclass(frozen=True)
class Colouring:
    """Kinds that may colour the map, and the kind of each point: its place, or -1 for none."""

    kinds: tuple[str | int, ...]
    of_point: tuple[int, ...]


@dataclass(frozen=True)
class TrackMap:
    """A sample of the tracks on the map.

    Args:
        rows: Tracks of which they are drawn.
        names: What to call each point.
        groups: By name of the colouring: `genre:<labelling>` or `cluster:<feature set>`.
        projections: The projections.
    """

    rows: int
    names: tuple[str, ...]
    groups: dict[str, Colouring]
    projections: tuple[Projection, ...]


@dataclass(frozen=True)
class CollectionClusters:
    """A collection and its clusterings.

    Args:
        name: Short name, part of addresses.
        title: Its name for people.
        table: The table that carries the features.
        table_version: Its version.
        sample: Whether it is sample data.
        budget: How much work it was.
        read: Rows read.
        rows: Rows clustered.
        of: Rows that could be: a genre and every feature.
        without_genre: Rows left out because they have no genre.
        without_features: Rows left out because they lack a feature.
        rows_by: The labelling whose rows take part.
        labels: The labellings.
        features: All features that were clustered on.
        absent: Features left out because too few tracks have them.
        histograms: The bars of each feature.
        k: Number of clusters.
        starts: Starts of k-means.
        seed: Seed of everything random.
        ks: The first and the last number of clusters that was judged.
        shuffles: Shuffles behind chance.
        clusterings: One for each feature set.
        map: The map of the tracks.
    """

    name: str
    title: str
    table: str
    table_version: int
    sample: bool
    budget: str
    read: int
    rows: int
    of: int
    without_genre: int
    without_features: int
    rows_by: str
    labels: tuple[LabelCount, ...]
    features: tuple[str, ...]
    absent: tuple[str, ...]
    histograms: tuple[FeatureBars, ...]
    k: int
    starts: int
    seed: int
    ks: tuple[int, int]
    shuffles: int
    clusterings: tuple[ClusteringResult, ...]
    map: TrackMap

    @property
    def label_names(self) -> tuple[str, ...]:
        """Names of the labellings, the one in use last."""
        return tuple(one.name for one in self.labels)

    @property
    def headline(self) -> ClusteringResult:
        """Return the clustering used where a single one is shown."""
        named = (one for one in self.clusterings if one.feature_set == HEADLINE)
        return next(named, self.clusterings[0])

"""Result of the predictions: agreement with the labels, surprises, and predictions of unlabelled tracks.

Conventions: a label comes from a rule set or is FMA's top genre. Judged are
the labelled rows that the champion was not fitted on. A probability or label that is None is not known.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from genrelab.evaluation.results import CollectionMix
from genrelab.runtime.choices import GenreDecision


@dataclass(frozen=True)
class Sure:
    """Judged rows with a probability of at least `limit`, and those of them that agree with the label."""

    limit: float
    tracks: int
    agreeing: int


@dataclass(frozen=True)
class PartAgreement:
    """Judged rows of one part of the split (`gate`, `test`, `other`), and those of them that agree with the label."""

    part: str
    tracks: int
    agreeing: int


@dataclass(frozen=True)
class SuspectRows:
    """Judged rows whose label may belong to the searched name, those of them that agree, and confident surprises."""

    judged: int
    agreeing: int
    surprises: int


@dataclass(frozen=True)
class WithArtists:
    """Judged rows whose artist has other tracks, and those of them whose label each prediction matches."""

    tracks: int
    alone: int
    together: int


@dataclass(frozen=True)
class GenreRows:
    """Rows of a genre: labelled and predicted among those judged, predicted among the unlabelled."""

    genre: str
    labelled: int
    predicted: int
    unlabelled: int


@dataclass(frozen=True)
class PredictedTrack:
    """A track as the report shows it.

    Args:
        source: File that it comes from.
        source_row: Its row there.
        track: Its title.
        artist: Its artist.
        genre: Predicted genre.
        probability: Probability of that genre.
        label: Genre of the label.
        label_probability: Predicted probability of the label; None for a genre unknown to the champion.
        micro_genres: Micro-genres of its artist.
        rule: Rule that decided the label; empty where no rule did.
        micro_genre: Micro-genre that decided it.
        is_suspect: Whether the label may belong to the name that was searched for.
        track_id: Its id in its collection; empty in results of earlier versions.
    """

    source: str
    source_row: int
    track: str
    artist: str
    genre: str
    probability: float
    label: str | None
    label_probability: float | None
    micro_genres: tuple[str, ...]
    rule: str = ""
    micro_genre: str = ""
    is_suspect: bool = False
    track_id: str = ""


@dataclass(frozen=True)
class HeardMicroGenre:
    """A micro-genre of unlabelled tracks, and the genre predicted for the largest share of them."""

    micro_genre: str
    tracks: int
    genre: str
    share: float


@dataclass(frozen=True)
class Surprises:
    """What is surprising about the rows of a task.

    Args:
        tracks: All rows.
        labelled: Rows with a label.
        unlabelled: Rows without.
        unlabelled_heard: Predicted rows without a label.
        without_features: Rows that no champion can be applied to.
        fitted: Rows that the champion was fitted on.
        judged: Labelled rows that it was not fitted on.
        agreeing: Judged rows whose prediction equals the label.
        parts: The same on the gate, which took part in a decision, on the test part, and elsewhere.
        sure: The same for confident predictions.
        suspect: The same for rows with a suspect label.
        with_artists: The same with and without the artist's other tracks.
        genres: Rows by genre, those of most labels first.
        surprises: Tracks whose label contradicts the prediction, the most confident of each genre.
        unlabelled_micro_genres: Micro-genres of most unlabelled tracks.
        unlabelled_examples: Unlabelled tracks, the most confident predictions of each genre.
    """

    tracks: int
    labelled: int
    unlabelled: int
    unlabelled_heard: int
    without_features: int
    fitted: int
    judged: int
    agreeing: int
    parts: tuple[PartAgreement, ...]
    sure: Sure
    suspect: SuspectRows
    with_artists: WithArtists
    genres: tuple[GenreRows, ...]
    surprises: tuple[PredictedTrack, ...]
    unlabelled_micro_genres: tuple[HeardMicroGenre, ...]
    unlabelled_examples: tuple[PredictedTrack, ...]


@dataclass(frozen=True)
class Champion:
    """The champion that predicts most rows of a task.

    Args:
        model: Kind of model.
        label: Its display name.
        version: Version in the registry.
        since: When it became champion.
        sample: Whether it was trained on sample data.
    """

    model: str
    label: str
    version: str
    since: str
    sample: bool


@dataclass(frozen=True)
class Served:
    """How many tracks a champion predicts.

    Args:
        model: Its name in the registry.
        version: Its version there.
        tracks: Tracks that it predicts.
        without: Features of the task that it does without.
        absent: Features that it takes and no track has.
    """

    model: str
    version: str
    tracks: int
    without: tuple[str, ...]
    absent: tuple[str, ...]


@dataclass(frozen=True)
class TaskPredictions(Surprises):
    """The predictions of one task.

    Args:
        task: Name of the task.
        model: Registered model that predicts most of its tracks.
        title: What is predicted from what.
        table: Table of the tracks.
        table_version: Its version.
        rule_set: Rule set that made the labels; empty where people gave them.
        sample: Whether the table holds sample data.
        champion: The version of that model.
        served: Every champion of the task, that of the most tracks first.
        mixes: The mix of genres of each collection that it meets.
        decision: How a genre is named: one of `genrelab.runtime.choices.GENRE_DECISIONS`.
        uncalibrated: Champions without a calibration, by their name in the registry: their own probabilities are
            published, and the most probable genre is named.
        unserved: Tracks with features that lack one of every champion.
        knows_fitted_rows: Whether the champions say which rows they were fitted on.
        elsewhere: Tracks of the table that have no row of features.
        elsewhere_unlabelled: Those of them without a label.
    """

    task: str
    model: str
    title: str
    table: str
    table_version: int
    rule_set: str
    sample: bool
    champion: Champion
    served: tuple[Served, ...]
    mixes: tuple[CollectionMix, ...]
    decision: GenreDecision
    uncalibrated: tuple[str, ...]
    unserved: int
    knows_fitted_rows: bool
    elsewhere: int
    elsewhere_unlabelled: int


@dataclass(frozen=True)
class PartJaccard:
    """Labelled rows of one part of the split that the champion was not fitted on, and their mean Jaccard."""

    part: str
    tracks: int
    jaccard: float


@dataclass(frozen=True)
class NamedGenre:
    """A genre that is predicted for a track, with its probability."""

    genre: str
    probability: float


@dataclass(frozen=True)
class TrackGenres:
    """A track with several genres, as the report shows it.

    Args:
        track: Its title.
        artist: Its artist.
        predicted: The genres that are named, the most probable first.
        given: The genres that its source names; none for a track that is filled.
    """

    track: str
    artist: str
    predicted: tuple[NamedGenre, ...]
    given: tuple[str, ...]


@dataclass(frozen=True)
class GenreSets:
    """The predictions of a task of several genres per track.

    Args:
        task: Name of the task.
        model: Registered model that predicts most of its tracks.
        title: What is predicted from what.
        table: Table of the tracks.
        table_version: Its version.
        sample: Whether the table holds sample data.
        champion: The version of that model.
        served: Every champion of the task, that of the most tracks first.
        tracks: All rows.
        labelled: Rows of which the source names a genre.
        filled: Rows of which it names none and whose genres are predicted.
        without_features: Rows without a prediction.
        unserved: Those of them with features that lack one of every champion.
        fitted: Rows that the champion was fitted on.
        named: Mean number of genres that are named.
        given: Mean number of genres that the source names, where it names one.
        parts: How well the genres match on the test part, on the gate, which decided, and elsewhere.
        examples: Test tracks, spread evenly over how well the genres match.
        filled_examples: Filled tracks with the most probable genres.
        elsewhere: Tracks of the table that have no row of features.
        elsewhere_unlabelled: Those of them without a genre: nothing can be filled in.
    """

    task: str
    model: str
    title: str
    table: str
    table_version: int
    sample: bool
    champion: Champion
    served: tuple[Served, ...]
    tracks: int
    labelled: int
    filled: int
    without_features: int
    unserved: int
    fitted: int
    named: float
    given: float
    parts: tuple[PartJaccard, ...]
    examples: tuple[TrackGenres, ...]
    filled_examples: tuple[TrackGenres, ...]
    elsewhere: int
    elsewhere_unlabelled: int


@dataclass(frozen=True)
class Predictions:
    """The predictions of every task of one genre and of several; why models could not be applied, or are missing."""

    models: tuple[TaskPredictions, ...]
    genre_sets: tuple[GenreSets, ...]
    failures: Mapping[str, str]
    missing: Mapping[str, str]

"""What the audit of the labels finds.

Conventions: shares and probabilities are fractions of 1. Rows are labelled rows with features. Genres are in the order
of their rows, the most first. An interval is a 95 % interval with artists as clusters. None: not known, or not
computed.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from genrelab.evaluation.results import Difference


@dataclass(frozen=True)
class GenreDoubts:
    """The rows of one label.

    Args:
        genre: The label.
        rows: Audited rows that have it.
        doubtful: Those whose label is doubtful.
        elsewhere: Share of them that confident learning attributes to other genres.
        suggested: Genre suggested most often for the doubtful ones; empty without any.
        suggested_rows: For how many of them.
    """

    genre: str
    rows: int
    doubtful: int
    elsewhere: float
    suggested: str
    suggested_rows: int


@dataclass(frozen=True)
class Pair:
    """Doubtful rows of one label for which one other genre is suggested."""

    label: str
    suggested: str
    rows: int


@dataclass(frozen=True)
class DoubtfulTrack:
    """A track as the report shows it.

    Args:
        source: File that it comes from.
        source_row: Its row there.
        track: Its title.
        artist: Its artist.
        label: Its label.
        label_probability: Probability of the label.
        suggested: Most probable genre.
        suggested_probability: Its probability.
        rank: Place among the rows of the label, 1 for the most doubtful.
        reasons: Why it is doubtful, one clause each.
        track_id: Its id in its collection; empty in results of earlier versions.
    """

    source: str
    source_row: int
    track: str
    artist: str
    label: str
    label_probability: float
    suggested: str
    suggested_probability: float
    rank: int
    reasons: tuple[str, ...]
    track_id: str = ""


@dataclass(frozen=True)
class Chance:
    """How many rows one way of counting finds, and how many it would find among labels that follow a rule.

    Args:
        found: Rows found among the labels as they are.
        overlap: Expected number if every label were drawn from the probabilities of its row: genres that sound alike,
            and no other error.
        random: Expected number if labels had nothing to do with the sound.
        excess: `found` less `overlap`.
    """

    found: int
    overlap: float
    random: float
    excess: Difference


@dataclass(frozen=True)
class Planted:
    """What the audit makes of labels that were changed on purpose, in the rows of the trial.

    Args:
        rows: Rows of the trial.
        changed: How many labels were changed, each to one drawn by the shares of the other genres.
        found: Share of the changed labels that are doubtful.
        others: Share of the unchanged labels that are doubtful.
        ranked: Share of pairs of a changed and an unchanged label in which the changed one is more doubtful (area under
            the ROC curve); 0.5 is chance.
    """

    rows: int
    changed: int
    found: float
    others: float
    ranked: float


@dataclass(frozen=True)
class Effect:
    """How well a model does on artists it was not fitted on when doubts change its training rows.

    Args:
        variant: What was done with the doubts: one of `genrelab.analyses.doubtful_labels.names`.
        changed: Share of the training rows that were dropped or weighted less.
        log_loss: Log loss, calibrated by one exponent.
        accuracy: Accuracy.
        log_loss_change: Log loss less that of a model fitted on all rows; above 0 is worse.
        accuracy_change: Accuracy less that of a model fitted on all rows; below 0 is worse.
    """

    variant: str
    changed: float
    log_loss: float
    accuracy: float
    log_loss_change: Difference
    accuracy_change: Difference


@dataclass(frozen=True)
class Trial:
    """Trials on a sample of whole artists.

    Args:
        rows: Rows of the sample.
        artists: Their artists.
        effects: What dropping or down-weighting changes, the model on all rows first; empty where it could not be
            tried.
        planted: Labels changed on purpose; None where it could not be tried.
        missing: Why something could not be tried; empty where everything was.
    """

    rows: int
    artists: int
    effects: tuple[Effect, ...]
    planted: Planted | None
    missing: str


@dataclass(frozen=True)
class TaskDoubts:
    """The audit of the labels of one task.

    Args:
        task: Name of the task.
        title: What is predicted from what.
        table: Table of the tracks.
        table_version: Its version.
        rule_set: Rule set that made the labels; empty where people gave them.
        sample: Whether the table holds sample data.
        budget: Budget of the audit.
        features: Number of audio features.
        labelled: Rows with a label and features.
        drawn: Rows that were drawn from them as whole artists; the same number where all were taken.
        audited: Rows that were audited: those whose label other artists have too.
        artists: Their artists.
        folds: Folds by artist.
        accuracy: Share of audited rows whose label is the most probable genre.
        log_loss: Log loss of the calibrated probabilities on audited rows.
        exponent: Exponent that calibrates the probabilities.
        alone: Labels of rows that were left out, because no other artist has them.
        genres: The labels.
        joint: Share of the rows of each label (first index) that confident learning attributes to each genre.
        pairs: The pairs with most doubtful rows.
        doubts: Rows that are doubtful.
        off_label: Rows that confident learning attributes to another genre, however probable the label is.
        artist_agrees: Share of the doubtful rows of artists with other tracks for which most of these sound like the
            suggested genre; None without such rows.
        artist_rows: How many such rows there are.
        searched: Share of the doubtful rows, and of all others, whose title contains the searched name; None where
            the table does not say.
        tracks: The most doubtful rows of each label.
        trial: Trials on a sample.
        drawn_from: The sample of the table's rows that the labelled ones are from, in words; empty where all were read.
    """

    task: str
    title: str
    table: str
    table_version: int
    rule_set: str
    sample: bool
    budget: str
    features: int
    labelled: int
    drawn: int
    audited: int
    artists: int
    folds: int
    accuracy: float
    log_loss: float
    exponent: float
    alone: tuple[str, ...]
    genres: tuple[GenreDoubts, ...]
    joint: tuple[tuple[float, ...], ...]
    pairs: tuple[Pair, ...]
    doubts: Chance
    off_label: Chance
    artist_agrees: float | None
    artist_rows: int
    searched: tuple[float, float] | None
    tracks: tuple[DoubtfulTrack, ...]
    trial: Trial
    drawn_from: str = ""


@dataclass(frozen=True)
class DoubtfulLabels:
    """The audit of the labels of each task, and why a task has none."""

    tasks: tuple[TaskDoubts, ...]
    missing: Mapping[str, str]

    @property
    def sample(self) -> bool:
        """Return whether a table with audited labels holds sample data."""
        return any(one.sample for one in self.tasks)

    @property
    def table(self) -> str:
        """Return the first table with sample data, or the first table; empty without any."""
        named = [one.table for one in self.tasks if one.sample] or [one.table for one in self.tasks]
        return named[0] if named else ""

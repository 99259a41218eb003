"""The parts that steps are fitted and judged on, and the judge that scores a step on FMA's split.

Conventions: the output from which a step names a genre is the one of the highest Jaccard index on the validation part;
the test part is only scored. A genre of probability 0 is never named. Intervals draw artists.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from genrelab.analyses.genre_study.neighbours import K
from genrelab.analyses.genre_study.protocols import draw, official
from genrelab.analyses.genre_study.result import OFFICIAL
from genrelab.analyses.genre_study.tracks import Labels, Tracks
from genrelab.evaluation.genre_tree import GenreTree
from genrelab.evaluation.judged import ValidationTarget, evaluate
from genrelab.evaluation.label_sets import jaccard_of, per_label, scores_for
from genrelab.evaluation.results import LabelScores
from genrelab.evaluation.samples import sample_groups
from genrelab.evaluation.thresholds import CURVE, curve

BoolArray = npt.NDArray[np.bool_]
IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]

HELD_OUT = 0.2
"""Share of the random rows that the student project holds out for its last networks."""


@dataclass(frozen=True)
class Parts:
    """Positions of the tracks of FMA's split, and of the student project's random rows for networks.

    Args:
        train: FMA's training part.
        fitted: Of it, whole artists, what forests and networks see.
        validation: FMA's validation part.
        test: FMA's test part.
        random: Random training tracks for forests and networks.
        random_test: Test tracks drawn with them.
    """

    train: IntArray
    fitted: IntArray
    validation: IntArray
    test: IntArray
    random: IntArray
    random_test: IntArray

    @property
    def is_official(self) -> bool:
        """Whether FMA's split has tracks in every part, and training tracks enough for neighbours."""
        return len(self.train) >= K[-1] and min(len(self.validation), len(self.test)) > 0


def parts_of(tracks: Tracks, most: int, seed: int) -> Parts:
    """The parts of the tracks; at most so many are trained on by forests and networks."""
    artists, split = tracks.about.artists, tracks.about.parts
    train, rows = official(split).train, draw(len(tracks), round(HELD_OUT * len(tracks)), seed)
    return Parts(
        train=train,
        fitted=sample_groups(train, artists, most, seed),
        validation=official(split, "validation").test,
        test=official(split).test,
        random=sample_groups(rows.train, artists, most, seed),
        random_test=rows.test,
    )


@dataclass(frozen=True)
class Judge:
    """Scores steps of one column of labels on FMA's split."""

    tracks: Tracks
    parts: Parts
    tree: GenreTree | None
    labels: Labels
    column: str
    seed: int

    @property
    def validation(self) -> BoolArray:
        """Labels of the validation part."""
        return self.labels.has[self.parts.validation]

    @property
    def test(self) -> BoolArray:
        """Labels of the test part."""
        return self.labels.has[self.parts.test]

    def threshold(self, predicted: FloatArray) -> float:
        """The output of the highest index on the validation part, the least of equal ones."""
        return CURVE[int(np.argmax(curve(self.validation, predicted)))]

    def target(self, predicted: FloatArray, threshold: float) -> ValidationTarget:
        """The test part, with a genre named from the threshold on, and never where its probability is 0."""
        return ValidationTarget(self.test, predicted, (predicted >= threshold) & (predicted > 0))

    def scores(self, predicted: FloatArray, threshold: float) -> Mapping[str, float]:
        """Every score with its interval by artist."""
        return evaluate(
            OFFICIAL,
            scores_for(self.tree, self.labels.ids),
            self.target(predicted, threshold),
            self.tracks.about.artists[self.parts.test],
            self.seed,
        )

    def index(self, predicted: FloatArray, threshold: float) -> float:
        """Mean Jaccard index on the validation part."""
        return float(jaccard_of(self.validation, (predicted >= threshold) & (predicted > 0)).mean())

    def genres(self, predicted: FloatArray, threshold: float) -> tuple[LabelScores, ...]:
        """Scores of each genre on the test part."""
        ids = self.labels.ids
        seen = np.asarray(self.labels.has[self.parts.train].any(axis=0))
        return per_label(
            self.target(predicted, threshold),
            ids,
            self.tracks.about.artists[self.parts.test],
            thresholds=np.full(len(ids), threshold),
            seen=[genre for genre, is_seen in zip(ids, seen, strict=True) if is_seen],
        )

"""Compare sets of inputs on groups of tracks: all, those with Echo Nest's audio features, those with librosa's.

Conventions: `rows` are positions among the tracks with a number of plays. A group of which nothing can be predicted is
named with the reason; the others go on.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from genrelab.analyses.inputs import Inputs
from genrelab.analyses.popularity.audio import Audio, read_audio
from genrelab.analyses.popularity.guard import refuse_disguised
from genrelab.analyses.popularity.input_sets import (
    AGE,
    AUDIO,
    LENGTH,
    REACTED,
    REACTION_INPUTS,
    InputSet,
    Parts,
    usable_sets,
)
from genrelab.analyses.popularity.models import Fitted, Question, fit_trees, score_baselines
from genrelab.analyses.popularity.result import (
    ALL_TRACKS,
    ECHONEST,
    LIBROSA,
    MEAN,
    OFFICIAL,
    RANDOM,
    Decile,
    InputScores,
    TrackGroup,
)
from genrelab.analyses.popularity.tracks import LENGTH_COLUMNS, Tracks, known_numbers
from genrelab.evaluation import splits
from genrelab.evaluation.judged import compare
from genrelab.evaluation.numbers import SCORES
from genrelab.evaluation.samples import sample_groups
from genrelab.models.declaration import limit_threads
from genrelab.models.kinds import NUMBER
from genrelab.runtime import progress
from genrelab.runtime.engine import run_all
from genrelab.runtime.errors import GenrelabError

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

LABELS = {
    ALL_TRACKS: "All tracks",
    ECHONEST: "Tracks with Echo Nest's audio features",
    LIBROSA: "Tracks with librosa features",
}
DECILES = 10
QUARTILES = (25, 50, 75)


@dataclass(frozen=True)
class Budget:
    """How much work the study may do.

    Args:
        trees: Most trees of a model.
        depths: Depths of the trees to compare.
        most: Tracks of a group that are used at most, whole artists; 0 for all.
        most_wide: The same for the group with hundreds of features.
    """

    trees: int
    depths: tuple[int, ...]
    most: int
    most_wide: int


BUDGETS = {
    "quick": Budget(60, (4,), 10_000, 2_000),
    "nightly": Budget(150, (4, 6, 8), 0, 8_000),
    "thorough": Budget(450, (3, 4, 6, 8, 10), 0, 30_000),
}


def compare_inputs(
    inputs: Inputs, tracks: Tracks, days: FloatArray, budget: str
) -> tuple[tuple[TrackGroup, ...], dict[str, str]]:
    """Return how the sets of inputs compare on each group of tracks, and why they could not be compared.

    Args:
        inputs: Inputs of the analysis.
        tracks: Tracks with a number of plays.
        days: Age of each, NaN where it is not known.
        budget: Name of the budget.
    """
    found: list[TrackGroup] = []
    missing: dict[str, str] = {}
    with progress.track("predicting plays", len(LABELS), "groups of tracks") as advance:
        for done, name in enumerate(LABELS, start=1):
            try:
                audio = read_audio(inputs, name, tracks)
                found.append(_group(inputs, name, tracks, days, audio, BUDGETS[budget]))
            except GenrelabError as error:
                missing[name] = str(error)
            advance(done, LABELS[name])
    return tuple(found), missing


def _group(
    inputs: Inputs,
    name: str,
    tracks: Tracks,
    days: FloatArray,
    audio: Audio,
    budget: Budget,
) -> TrackGroup:
    """Compare the sets of inputs of a group.

    Raises:
        GenrelabError: A part of the official split has no track, or nothing can be used.
    """
    most = budget.most_wide if name == LIBROSA else budget.most
    rows = sample_groups(audio.rows, tracks.artists, most or len(audio.rows), inputs.seed)
    frame = tracks.frame.iloc[rows].reset_index(drop=True)
    parts = Parts(
        tracks.genres[rows],
        {
            LENGTH: known_numbers(frame, LENGTH_COLUMNS),
            AGE: _age(frame, days[rows]),
            REACTED: known_numbers(frame, REACTION_INPUTS),
            AUDIO: audio.values(rows),
        },
    )
    asked, without = usable_sets(name, parts)
    if not asked:
        raise GenrelabError("no set of inputs can be used", found=f"no track has {' or '.join(without)}")
    of_track = frame["split"].to_numpy(dtype=object)
    shuffled = np.random.default_rng(inputs.seed).permutation(of_track)
    question = Question(
        tracks.target[rows],
        tracks.artists[rows],
        {OFFICIAL: splits.official(of_track)[1], RANDOM: splits.official(shuffled)[1]},
        inputs.seed,
    )
    split = question.splits[OFFICIAL]
    if not len(split.validation):
        raise GenrelabError("the validation part has no tracks", found=f"{len(rows):,} tracks")
    for one in asked:
        if not one.is_forbidden:
            refuse_disguised(parts.visible(one), question.target)

    fits = [(question, parts, one, budget) for one in asked]
    with limit_threads(1):
        found = run_all(_fit, fits, inputs.cores, in_threads=True)
        fitted = dict(zip([one.name for one in asked], found, strict=True))
        scores = [(question, parts, one, fitted) for one in asked]
        scored = tuple(run_all(_scored, scores, inputs.cores, in_threads=True))
    last = next(one.name for one in reversed(asked) if not one.is_forbidden)
    return TrackGroup(
        name=name,
        label=LABELS[name],
        available=len(audio.rows),
        tracks=len(rows),
        parts=(len(split.train), len(split.validation), len(split.test)),
        test_artists=len(np.unique(question.artists[split.test])),
        baselines=score_baselines(question),
        sets=scored,
        without=tuple(without),
        deciles=_deciles(question.target[split.test], fitted[last].predicted[OFFICIAL]),
    )


def _fit(question: Question, parts: Parts, one: InputSet, budget: Budget) -> Fitted:
    return fit_trees(question, parts.matrix(one), OFFICIAL, budget.trees, budget.depths)


def _age(frame: pd.DataFrame, days: FloatArray) -> pd.DataFrame:
    """The age in days; where no day is known, the track id, which rises with the day."""
    known = np.isfinite(days).any()
    return pd.DataFrame({"age": days if known else -frame["track_id"].to_numpy(dtype=np.float64)})


def _scored(question: Question, parts: Parts, one: InputSet, fitted: Mapping[str, Fitted]) -> InputScores:
    own, split = fitted[one.name], question.splits[OFFICIAL]
    over = one.over if one.over in fitted else MEAN
    truth = question.target[split.test]
    before = (
        np.full(len(truth), question.target[split.train].mean())
        if over == MEAN
        else fitted[over].predicted[OFFICIAL]
    )
    gain = compare(
        {"r2": SCORES["r2"]},
        NUMBER.judge(truth, own.predicted[OFFICIAL]),
        NUMBER.judge(truth, before),
        question.artists[split.test],
        question.seed,
    )["r2"]
    return InputScores(
        name=one.name,
        label=one.label,
        inputs=parts.columns(one),
        depth=own.depth,
        trees=own.trees,
        by_split={name: question.scores(name, predicted) for name, predicted in own.predicted.items()},
        over=over,
        gain=gain,
        is_forbidden=one.is_forbidden,
    )


def _deciles(target: FloatArray, predicted: FloatArray) -> tuple[Decile, ...]:
    """Return the test tracks by predicted plays in tenths, the least popular first."""
    found = []
    for rows in np.array_split(np.argsort(predicted, kind="stable"), DECILES):
        if len(rows):
            low, middle, high = np.percentile(np.round(np.expm1(target[rows])), QUARTILES).tolist()
            found.append(Decile(len(rows), float(np.expm1(np.median(predicted[rows]))), (low, middle, high)))
    return tuple(found)

"""Recoverability from audio: how well a random forest predicts the bins of each rule set from audio features.

Conventions: the same forest, rows and draws of artists for every rule set; only rows that all of the sets bin
take part, one per distinct set of features (by a hash of 64 bits), and of more than
`genrelab.evaluation.samples.MOST_ROWS` a sample of whole artists. Scores are Cohen's kappa (agreement beyond chance,
so that a set with one dominant bin gains nothing) and macro F1 over the bins that occur. An interval is Student's over
the draws, widened because they share artists: see `interval`.

The numbers are reported and never decide anything: audio does not choose the labels.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import cohen_kappa_score, f1_score

from genrelab.analyses.rule_audit.result import AudioRecoverability, Score
from genrelab.evaluation.samples import MOST_ROWS, sample_groups
from genrelab.evaluation.splits import HELD_OUT, Labels, Split, distinct_rows, repeated_groups
from genrelab.lake.stored_rows import Rows, numbers_of, rows_at
from genrelab.runtime.engine import run_all
from genrelab.sources.codes import add_to_hashes
from genrelab.sources.present import fullest_rows

SEEDS = range(5)
METRICS = ("kappa", "macro_f1")
CONFIDENCE = 0.95

Texts = npt.NDArray[np.str_]


@dataclass(frozen=True)
class Forest:
    """Settings of the random forest.

    Args:
        trees: How many.
        min_samples_leaf: Rows in a leaf at least; small leaves learn single artists.
        cores: Forests that are grown at once.
    """

    trees: int = 60
    min_samples_leaf: int = 5
    cores: int = 2


def audio_recoverability(
    tracks: Rows,
    features: Sequence[str],
    labels: Mapping[str, "pd.Series[str]"],
    groups: Labels | npt.NDArray[np.uint64],
    *,
    forest: Forest | None = None,
    seeds: Sequence[int] = SEEDS,
    sample_seed: int = 0,
    advance: Callable[[float], None] = lambda _: None,
) -> AudioRecoverability:
    """Return kappa and macro F1 of the same forest under several rule sets.

    Args:
        tracks: Rows that have the features; all features are held only of those that are drawn.
        features: Columns of audio features; those are used that keep the most values of the labelled rows
            (`genrelab.sources.present`), and rows that lack one of them are left out.
        labels: Bin of each row by rule set, missing where there is none.
        groups: Artist group of each row, or its hash; a group stands on one side of every split.
        forest: The forest; None takes the modest one.
        seeds: One draw of artists each, a quarter of the groups in the test part.
        sample_seed: Seed of the sample.
        advance: Told how many forests are grown.

    Raises:
        SplitError: Fewer than two groups are left.
    """
    forest = forest or Forest()
    used, distinct = _distinct(
        tracks, features, np.logical_and.reduce([each.notna() for each in labels.values()])
    )
    artist_of = np.asarray(groups)
    rows = sample_groups(distinct, artist_of, MOST_ROWS, sample_seed)
    artists = artist_of[rows]
    splits = repeated_groups(artists, seeds)
    sound = rows_at(tracks, rows, used).to_pandas().to_numpy(dtype=np.float32)
    bins: dict[str, Texts] = {name: column.iloc[rows].to_numpy(dtype=str) for name, column in labels.items()}
    scores: dict[str, dict[str, list[float]]] = {name: {metric: [] for metric in METRICS} for name in bins}
    jobs = [
        (sound, of_row, split, forest, seed)
        for seed, split in zip(seeds, splits, strict=True)
        for of_row in bins.values()
    ]
    measured = run_all(_scores, jobs, forest.cores, in_threads=True)
    for done, (name, (kappa, macro_f1)) in enumerate(zip(cycle(bins), measured, strict=False), start=1):
        scores[name]["kappa"].append(kappa)
        scores[name]["macro_f1"].append(macro_f1)
        advance(done)
    first = next(iter(scores))
    return AudioRecoverability(
        rows=len(rows),
        of=len(distinct),
        features=len(used),
        groups=len(set(artists.tolist())),
        seeds=tuple(seeds),
        trees=forest.trees,
        min_samples_leaf=forest.min_samples_leaf,
        bins={name: len(np.unique(of_row)) for name, of_row in bins.items()},
        sets={
            name: {metric: interval(values) for metric, values in found.items()}
            for name, found in scores.items()
        },
        differences={
            name: {
                metric: interval(np.subtract(values, scores[first][metric]).tolist())
                for metric, values in found.items()
            }
            for name, found in scores.items()
            if name != first
        },
    )


def _distinct(
    tracks: Rows, features: Sequence[str], is_labelled: npt.NDArray[np.bool_]
) -> tuple[tuple[str, ...], npt.NDArray[np.int64]]:
    """Return the features that are used, and the first labelled row of each distinct set of them, in order."""
    used, is_usable = fullest_rows(tracks, features, is_labelled)
    rows = np.flatnonzero(is_usable)
    hashes = np.zeros(len(rows), np.uint64)
    for name in used:
        add_to_hashes(hashes, pd.util.hash_array(numbers_of(tracks, name)[rows] + 0.0))  # -0.0 is 0.0
    return used, rows[distinct_rows(pd.DataFrame(hashes))]


def _scores(
    sound: npt.NDArray[np.float32], of_row: Texts, split: Split, forest: Forest, seed: int
) -> tuple[float, float]:
    """Return Cohen's kappa and the macro F1 of a forest on the test part of a draw."""
    model = RandomForestClassifier(
        forest.trees, min_samples_leaf=forest.min_samples_leaf, n_jobs=1, random_state=seed
    )
    answer = model.fit(sound[split.train], of_row[split.train]).predict(sound[split.test])
    truth = of_row[split.test]
    # undefined where both name one and the same bin only: nothing beyond chance is predicted
    is_one = len({*truth.tolist(), *answer.tolist()}) == 1
    kappa = 0.0 if is_one else float(cohen_kappa_score(truth, answer))
    f1 = float(f1_score(truth, answer, labels=np.unique(of_row), average="macro", zero_division=0))
    return kappa, f1


def interval(values: Sequence[float]) -> Score:
    """Return the mean with Student's 95 % interval over a few draws of artists; one draw has no width.

    The draws share artists in training and test, so that their mean varies more than their number says: the variance
    counts 1/draws + test/train times instead of 1/draws (Nadeau and Bengio, "Inference for the Generalization Error",
    Machine Learning 52, 2003), here with artists as test and train.
    """
    mean = float(np.mean(values))
    half = 0.0
    if len(values) > 1:
        quantile = stats.t.ppf((1 + CONFIDENCE) / 2, len(values) - 1)
        shared = HELD_OUT / (1 - HELD_OUT)
        half = float(quantile * np.std(values, ddof=1) * np.sqrt(1 / len(values) + shared))
    return Score(mean, mean - half, mean + half, tuple(values))

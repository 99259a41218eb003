"""Audit the labels of Spotify's tracks and of the FMA's.

Spotify's labels are audited by the active rule set and by the classic one. The task is always that of the training,
with the features that most rows have.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from genrelab.analyses.doubtful_labels.doubts import Doubts
from genrelab.analyses.doubtful_labels.effect import Audited, audit_rows, run_trial
from genrelab.analyses.doubtful_labels.reasons import Others, others_of, reasons_of
from genrelab.analyses.doubtful_labels.result import (
    DoubtfulLabels,
    DoubtfulTrack,
    GenreDoubts,
    Pair,
    TaskDoubts,
    Trial,
)
from genrelab.analyses.doubtful_labels.table import rows_of
from genrelab.analyses.doubtful_labels.tracks import SEARCHED, Tracks, read_tracks
from genrelab.analyses.inputs import Inputs
from genrelab.evaluation.samples import sample_groups
from genrelab.models.calibration import losses
from genrelab.models.task import Task
from genrelab.models.tasks import FMA_TOP_GENRE, spotify_bins
from genrelab.rules import bin_tracks, load_rule_set
from genrelab.runtime import progress
from genrelab.runtime.errors import GenrelabError
from genrelab.tables.label_doubts import LABEL_DOUBTS

IntArray = npt.NDArray[np.int64]

CLASSIC = "classic"
FOLDS = 4
PER_LABEL = 10
"""Doubtful tracks kept for the report, of each label."""
MOST_PAIRS = 12
DIGITS = 4
LONGEST = 120
"""Maximum characters of a name; longer ones are cut."""


@dataclass(frozen=True)
class Budget:
    """How much work the audit may do.

    Args:
        trees: Boosting rounds of a model.
        trial: Rows of the trial.
    """

    trees: int
    trial: int


BUDGETS = {"quick": Budget(40, 1_500), "nightly": Budget(80, 6_000), "thorough": Budget(160, 15_000)}


def compute(inputs: Inputs) -> DoubtfulLabels:
    """Audit every task whose tables exist, and publish the table `label_doubts`."""
    active = str(inputs.fact("bin_genres.rule_set") or CLASSIC)
    tasks = [*(spotify_bins(rule_set) for rule_set in dict.fromkeys((active, CLASSIC))), FMA_TOP_GENRE]
    found: list[TaskDoubts] = []
    parts: list[pa.Table] = [LABEL_DOUBTS.schema.empty_table()]
    missing: dict[str, str] = {}
    with progress.track("auditing labels", len(tasks), "tasks") as advance:
        for done, task in enumerate(tasks, start=1):
            try:
                one, rows = _audit_task(inputs, task, active)
            except GenrelabError as error:
                missing[task.name] = str(error)
            else:
                found.append(one)
                parts.append(rows)
            advance(done, task.name)
    if inputs.dataset is None:  # nothing could be audited: what was looked at
        table = inputs.versions[0].table
        inputs.fitted_on(table, inputs.read(table, ["source_row"]).to_pandas())
    inputs.publish(LABEL_DOUBTS.name, pa.concat_tables(parts))
    return DoubtfulLabels(tuple(found), missing)


def _audit_task(inputs: Inputs, task: Task, active: str) -> tuple[TaskDoubts, pa.Table]:
    """Return the result of a task, and its rows of the table.

    Raises:
        GenrelabError: Its tables or labels are missing, or there are too few artists.
    """
    for table in task.columns:
        version = inputs.find(table)
        if version is None or not version.counts.rows:
            raise GenrelabError(
                "no labels to audit", found=f"no rows in {table}", do="import this collection"
            )
    drawn = read_tracks(inputs, task)
    if inputs.dataset is None:
        inputs.fitted_on(task.table, drawn.data.features)
    name = inputs.budget(task.table)
    budget = BUDGETS[name]
    audited = audit_rows(drawn.rows, FOLDS, budget.trees, inputs.seed, inputs.cores)
    tracks, doubts, labels = drawn.take(audited.rows), audited.doubts, audited.labels
    others = others_of(tracks, doubts, labels)
    doubtful = np.flatnonzero(doubts.is_doubtful)
    decided = _decided(tracks.known.iloc[doubtful], task.rule_set, active)
    named = reasons_of(tracks, doubtful, doubts, labels, others, decided)
    reasons = dict(zip(doubtful.tolist(), named, strict=True))
    version = inputs.version(task.table)
    codes = np.searchsorted(labels, tracks.rows.codes)
    order = np.argsort(-np.bincount(codes), kind="stable")
    pairs = _pairs(tracks, doubts, labels)
    agrees, with_others = _agreement(doubts, others)
    result = TaskDoubts(
        task=tracks.task.name,
        title=tracks.task.title,
        table=task.table,
        table_version=version.version,
        rule_set=task.rule_set,
        sample=version.is_sample,
        budget=name,
        features=len(tracks.task.features),
        labelled=drawn.labelled,
        drawn=len(drawn.rows),
        audited=len(tracks.rows),
        artists=len(np.unique(tracks.artists)),
        folds=FOLDS,
        accuracy=float((doubts.suggested == codes).mean()),
        log_loss=float(losses(audited.proba, codes).mean()),
        exponent=audited.exponent,
        alone=_alone(drawn, audited),
        genres=tuple(_genre(tracks, doubts, labels, code, pairs) for code in order),
        joint=tuple(tuple(row) for row in doubts.joint[np.ix_(order, order)].round(DIGITS).tolist()),
        pairs=pairs[:MOST_PAIRS],
        doubts=doubts.doubts,
        off_label=doubts.off_label,
        artist_agrees=agrees,
        artist_rows=with_others,
        searched=_searched(tracks, doubts),
        tracks=_shown(tracks, doubts, labels, reasons),
        trial=_trial(drawn, budget, inputs),
        drawn_from=drawn.data.drawn,
    )
    return result, rows_of(tracks, doubts, labels, others, reasons)


def _trial(drawn: Tracks, budget: Budget, inputs: Inputs) -> Trial:
    rows = sample_groups(np.arange(len(drawn.rows)), drawn.rows.groups, budget.trial, inputs.seed)
    return run_trial(drawn.rows.take(rows), budget.trees, inputs.seed, inputs.cores)


def _alone(drawn: Tracks, audited: Audited) -> tuple[str, ...]:
    """Return the labels of rows that could not be audited."""
    left_out = np.setdiff1d(np.arange(len(drawn.rows)), audited.rows)
    return tuple(drawn.labels[code] for code in np.unique(drawn.rows.codes[left_out]))


def _decided(known: pd.DataFrame, rule_set: str, active: str) -> pd.DataFrame:
    """Return the rule and the micro-genre that decided each label; without columns where people gave them."""
    if not rule_set:
        return pd.DataFrame(index=known.index)
    if rule_set == active and {"rule", "micro_genre"} <= set(known.columns):
        return known[["rule", "micro_genre"]]
    genres = pa.array(known["genres"].tolist(), pa.list_(pa.string()))
    binned = bin_tracks(genres, load_rule_set(rule_set))
    return pd.DataFrame(
        {"rule": binned.rules.to_pylist(), "micro_genre": binned.micro_genres.to_pylist()}, dtype=object
    )


def _pairs(tracks: Tracks, doubts: Doubts, labels: IntArray) -> tuple[Pair, ...]:
    """Return the doubtful rows by label and suggestion, the most first."""
    rows = np.flatnonzero(doubts.is_doubtful)
    counted = Counter(
        zip(tracks.rows.codes[rows].tolist(), labels[doubts.suggested[rows]].tolist(), strict=True)
    )
    ranked = sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))
    return tuple(Pair(tracks.labels[own], tracks.labels[other], count) for (own, other), count in ranked)


def _genre(
    tracks: Tracks, doubts: Doubts, labels: IntArray, code: int, pairs: tuple[Pair, ...]
) -> GenreDoubts:
    """Return what is doubted of one label.

    Args:
        tracks: The audited tracks.
        doubts: Their doubts.
        labels: Codes of `tracks` of the labels that the codes of `doubts` stand for.
        code: The label, as a code of `doubts`.
        pairs: From `_pairs`.
    """
    name, has_label = tracks.labels[labels[code]], tracks.rows.codes == labels[code]
    most = next((pair for pair in pairs if pair.label == name), None)
    return GenreDoubts(
        name,
        int(has_label.sum()),
        int((has_label & doubts.is_doubtful).sum()),
        float(1 - doubts.joint[code, code]),
        most.suggested if most else "",
        most.rows if most else 0,
    )


def _agreement(doubts: Doubts, others: Others) -> tuple[float | None, int]:
    """Return for which share of the doubtful rows most of the artist's other tracks sound like the suggestion."""
    rows = np.flatnonzero(doubts.is_doubtful & (others.tracks > 0))
    if not len(rows):
        return None, 0
    return float((2 * others.agreeing[rows] > others.tracks[rows]).mean()), len(rows)


def _searched(tracks: Tracks, doubts: Doubts) -> tuple[float, float] | None:
    """Return how often the searched name is in the title: of doubtful rows, and of all others."""
    if SEARCHED not in tracks.known or doubts.is_doubtful.all() or not doubts.is_doubtful.any():
        return None
    stands = tracks.known[SEARCHED].to_numpy(dtype=bool)
    return float(stands[doubts.is_doubtful].mean()), float(stands[~doubts.is_doubtful].mean())


def _shown(
    tracks: Tracks, doubts: Doubts, labels: IntArray, reasons: Mapping[int, tuple[str, ...]]
) -> tuple[DoubtfulTrack, ...]:
    """Return the most doubtful tracks of each label, each recording once; the most doubtful of all first."""
    rows = np.flatnonzero(doubts.is_doubtful)
    frame = pd.DataFrame(
        {
            "row": rows,
            "margin": doubts.margin[rows],
            "label": tracks.rows.codes[rows],
            "twin": tracks.twins[rows],
        }
    )
    ranked = frame.sort_values(["margin", "row"], kind="stable").drop_duplicates(["label", "twin"])
    chosen = ranked.groupby("label", sort=False).head(PER_LABEL)["row"].tolist()
    return tuple(
        DoubtfulTrack(
            source=str(tracks.known["source"].iloc[row]),
            source_row=int(tracks.known["source_row"].iloc[row]),
            track_id=str(tracks.known["track_id"].iloc[row]),
            track=_short(tracks.known["track"].iloc[row]),
            artist=_short(tracks.known["artist"].iloc[row]),
            label=tracks.labels[tracks.rows.codes[row]],
            label_probability=float(doubts.self_confidence[row]),
            suggested=tracks.labels[labels[doubts.suggested[row]]],
            suggested_probability=float(doubts.self_confidence[row] + 1 - 2 * doubts.margin[row]),
            rank=int(doubts.rank[row]),
            reasons=reasons[row],
        )
        for row in chosen
    )


def _short(text: object) -> str:
    said = str(text)
    return said if len(said) <= LONGEST else said[: LONGEST - 1] + "…"

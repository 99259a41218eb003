"""Let the best model of a training challenge the champion; move the alias when it wins.

The order makes a kill harmless: the model is stored and registered first, with the decision and its numbers; the
alias moves last, in one call. A challenger that loses is stored too, until the next one does.

What the registry says of a version is read in `tasks.tracking.registry`.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd
from mlflow.entities.model_registry import ModelVersion

from genrelab.analyses.training.model_card import model_card
from genrelab.analyses.training.result import Verdict
from genrelab.evaluation.predictions import StoredModel, feature_frame, row_hashes
from genrelab.evaluation.results import Difference
from genrelab.models.champion import Decision, decide
from genrelab.models.data import make_splits
from genrelab.models.fitting import Evaluation, Fitted, probabilities
from genrelab.models.training import Trained, best_candidate, variant_rows
from genrelab.runtime import progress
from genrelab.runtime.errors import GenrelabError
from tasks.run.artifacts import publish_text
from tasks.run.notify import notify_champion
from tasks.tracking.place import ALIAS
from tasks.tracking.registry import (
    FITTED_ROWS,
    PROMOTED_AT,
    ROLLED_BACK_AT,
    ROLLED_BACK_BECAUSE,
    champion_info,
    load_stored,
    now,
    rolled_back,
)
from tasks.tracking.skops_flavor import TooLargeError
from tasks.training.table_drift import blocking, hold_back
from tasks.training.training_log import TrainingLog

CANDIDATE = "candidate"
"""Alias of the newest challenger that lost."""

EXAMPLES = 5
"""Rows that show what a stored model takes."""

LONGEST_TAG = 5_000
"""MLflow's limit."""


@dataclass(frozen=True)
class Rivals:
    """Whom a challenger meets, on which rows.

    Args:
        rows: The rows that decide, as positions in the gate's evaluation.
        champion: Probabilities of the champion on them; None when there is none to compare with.
        refused: Those of versions that were rolled back, by what to call them.
        notes: What a reader of the decision should know, a sentence each.
    """

    rows: npt.NDArray[np.int64]
    champion: npt.NDArray[np.float64] | None = None
    refused: Mapping[str, npt.NDArray[np.float64]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def challenge(log: TrainingLog, trained: Trained) -> Verdict:
    """Judge the best candidate on the gate, and promote it when it earns it.

    Args:
        log: The training in MLflow.
        trained: Its results.

    Returns:
        Who is champion now, since when and why.
    """
    name, client = trained.task.name, log.tracking.client
    champion = log.tracking.champion(name)
    candidate = best_candidate(trained)
    if candidate is None:
        reason = "No candidate: no model reached the gate."
        return _verdict(champion, reason)
    gate = candidate.evaluations[trained.task.gate]
    comparisons = _comparisons(log, champion, trained, gate, candidate.model.name)
    decision = decide(
        gate.y_true[comparisons.rows],
        gate.proba[comparisons.rows],
        comparisons.champion,
        trained.data.labels,
        challenger_is_sample=log.version.is_sample,
        champion_is_sample=champion is not None and champion.tags.get("sample") == "true",
        has_champion=champion is not None,
        refused=comparisons.refused,
        seed=log.settings.seed,
    )
    decision = hold_back(decision, blocking(log.tracking.home, trained.task.columns))
    reason = " ".join([f"{candidate.model.label} challenged.", decision.reason, *comparisons.notes])
    run = log.run_ids[candidate.model.name, candidate.duplicates]
    log.tracking.log(run, tags={"decision": reason[:LONGEST_TAG]})
    try:
        version = _store(log, trained, candidate, run, decision, reason, champion)
    except TooLargeError as error:
        reason = f"{candidate.model.label} challenged. Not promoted: {error}."
        log.tracking.log(run, tags={"decision": reason[:LONGEST_TAG]})
        return _verdict(champion, reason)
    if decision.promoted:
        client.set_registered_model_alias(name, ALIAS, version)
        champion = log.tracking.champion(name)
    else:
        _keep_as_candidate(log, name, version)
    return _verdict(champion, reason, decision, len(comparisons.rows))


def _verdict(
    champion: ModelVersion | None, reason: str, decision: Decision | None = None, gate_rows: int = 0
) -> Verdict:
    numbers = {score: str(difference) for score, difference in decision.numbers.items()} if decision else {}
    is_promoted = decision is not None and decision.promoted
    return Verdict(
        **vars(champion_info(champion)),
        promoted=is_promoted,
        reason=reason,
        numbers=numbers,
        gate_rows=gate_rows,
    )


def announce(name: str, verdict: Verdict, *, is_sample: bool) -> None:
    """Tell people of a decision: a text in the Prefect UI, and a webhook when there is a new champion.

    Args:
        name: Of the registered model.
        verdict: From `challenge`.
        is_sample: Whether the challenger was trained on sample data.
    """
    if not verdict.gate_rows:
        return  # nobody challenged
    if verdict.promoted:
        progress.say(f"{'':<22} champion of {name} is now {verdict.model}, version {verdict.version}")
        notify_champion(name, verdict.version, verdict.reason, is_sample=is_sample)
    publish_text(f"champion-{name}", f"**{name}**: {verdict.reason}\n\n{_table(verdict.numbers)}")


def _comparisons(
    log: TrainingLog, champion: ModelVersion | None, trained: Trained, gate: Evaluation, kind: str
) -> Rivals:
    """The champion and what was rolled back, applied to the rows of the gate that they were not fitted on."""
    rows = np.arange(len(gate.rows))
    if champion is None:
        return Rivals(rows)
    frame = trained.data.features.iloc[gate.rows]
    notes: list[str] = []
    try:
        stored = load_stored(log.tracking, champion)
        proba = _apply(stored, frame, trained.data.labels)
    except GenrelabError as error:
        return Rivals(
            rows, notes=(f"The champion, version {champion.version}, could not be compared: {error}.",)
        )
    known = _knows(stored, frame)
    if known.any():
        rows = np.flatnonzero(~known)
        notes.append(
            f"{known.sum():,} of {len(known):,} rows of the gate are left out: the champion was fitted on them."
        )
    if not len(rows):
        return Rivals(np.arange(len(gate.rows)), notes=tuple(notes))
    refused = {}
    for version in rolled_back(log.tracking, champion):
        if version.tags.get("model") != kind:
            continue
        because = version.tags.get(ROLLED_BACK_BECAUSE, "")
        told = f"version {version.version}, which was rolled back on {version.tags[ROLLED_BACK_AT][:10]} ({because})"
        try:
            refused[told] = _apply(load_stored(log.tracking, version), frame, trained.data.labels)[rows]
        except GenrelabError as error:
            notes.append(f"Version {version.version}, rolled back, could not be compared: {error}.")
    return Rivals(rows, proba[rows], refused, tuple(notes))


def _apply(model: StoredModel, frame: pd.DataFrame, labels: Sequence[str]) -> npt.NDArray[np.float64]:
    return probabilities(model.estimator, model.labels, feature_frame(frame, model), labels)


def _knows(model: StoredModel, frame: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Rows of the gate whose features a model was fitted on: the parts of the split are permanent, a lake is not."""
    if model.fitted is None:
        return np.zeros(len(frame), dtype=bool)
    return np.isin(row_hashes(feature_frame(frame, model)), model.fitted)


def _store(
    log: TrainingLog,
    trained: Trained,
    candidate: Fitted,
    run: str,
    decision: Decision,
    reason: str,
    champion: ModelVersion | None,
) -> str:
    """Store and register the candidate with everything that the decision rests on; returns the version."""
    log.tracking.log_array(run, _fitted_rows(log, trained, candidate), FITTED_ROWS)
    promoted = {"promoted": "true", PROMOTED_AT: now()} if decision.promoted else {"promoted": "false"}
    numbers = {score: str(difference) for score, difference in decision.numbers.items()}
    card = model_card(candidate, trained.task, trained.data, log.version)
    heading = "Why it became champion" if decision.promoted else "Why it did not become champion"
    return log.tracking.store_model(
        run,
        trained.task.name,
        candidate.estimator,
        log.data.features.head(EXAMPLES),
        candidate.model.trusted,
        {
            "model": candidate.model.name,
            "duplicates": candidate.duplicates,
            "labels": json.dumps(candidate.labels),
            "features": json.dumps(candidate.features),
            "table": log.version.table,
            "table_version": str(log.version.version),
            "sample": "true" if log.version.is_sample else "false",
            "rows": str(len(log.data)),
            "decision": reason[:LONGEST_TAG],
            "numbers": json.dumps(numbers),
            "replaces": str(champion.version) if champion is not None else "",
            **promoted,
        },
        f"{card}\n## {heading}\n\n{reason}\n\n{_table(decision.numbers)}\n",
    )


def _fitted_rows(log: TrainingLog, trained: Trained, candidate: Fitted) -> npt.NDArray[np.uint64]:
    """Hashes of the rows that the stored estimator was fitted on."""
    rows = variant_rows(trained.data, candidate.duplicates)
    splits = make_splits(trained.task, trained.data, rows, log.settings.seed)
    train = next(split.train for split in splits if split.name == candidate.stored_split)
    return np.unique(row_hashes(trained.data.features[list(candidate.features)].iloc[rows[train]]))


def _keep_as_candidate(log: TrainingLog, name: str, version: str) -> None:
    """Give the loser its alias; the loser before it goes, files and all."""
    client = log.tracking.client
    before = client.get_registered_model(name).aliases.get(CANDIDATE)
    client.set_registered_model_alias(name, CANDIDATE, version)
    if before is None:
        return
    earlier = client.get_model_version(name, str(before))
    if earlier.tags.get("promoted") == "false" and ALIAS not in earlier.aliases:
        log.tracking.forget(name, str(before))


def _table(numbers: Mapping[str, Difference | str]) -> str:
    """Differences on the gate as a Markdown table."""
    lines = ["| score on the gate | challenger minus rival, 95 % interval |", "| --- | --- |"]
    return "\n".join([*lines, *(f"| {score} | {one} |" for score, one in numbers.items())])

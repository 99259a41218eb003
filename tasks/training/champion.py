"""Compare the best model of a training with the champion, and promote it if it wins.

The order makes interruptions harmless: the model is stored and registered first, with the decision and its numbers;
the alias moves last, in one call. A challenger that loses is also stored, until the next one loses.

`tasks.tracking.registry` reads the registry.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from mlflow.entities.model_registry import ModelVersion

from genrelab.analyses.training.model_card import model_card
from genrelab.analyses.training.result import Verdict
from genrelab.evaluation.predictions import Hashes, StoredModel, feature_frame, row_hashes
from genrelab.evaluation.results import Difference
from genrelab.models.champion import Decision, decide
from genrelab.models.data import make_splits
from genrelab.models.fitting import Evaluation, Fitted, probabilities
from genrelab.models.kinds import Target, TargetKind, kind_of
from genrelab.models.training import Trained, best_candidate, variant_rows
from genrelab.report.vocabulary import find_metric
from genrelab.runtime import progress
from genrelab.runtime.errors import GenrelabError
from tasks.run.artifacts import publish_text
from tasks.run.notify import notify_champion
from tasks.tracking.client import version_tags
from tasks.tracking.place import ALIAS
from tasks.tracking.registry import (
    FITTED_ROWS,
    PROMOTED_AT,
    ROLLED_BACK_AT,
    ROLLED_BACK_BECAUSE,
    champion_info,
    load_stored,
    now,
    published_tags,
    rolled_back,
)
from tasks.tracking.skops_flavor import TooLargeError
from tasks.tracking.tag_text import join_list, join_named
from tasks.training.compiled import compile_promoted
from tasks.training.table_drift import blocking, hold_back
from tasks.training.training_log import LoggedTraining

CANDIDATE = "candidate"
"""Alias of the newest challenger that lost."""

EXAMPLES = 5
"""Number of example rows stored with a model."""

NOT_JUDGED = "no model could be judged on folds of the training rows and on the gate"
LONGEST_TAG = 5_000
"""Maximum length of a tag in MLflow."""


@dataclass(frozen=True)
class Comparisons:
    """The models that a challenger is compared with, and the rows of the comparison.

    Args:
        rows: The rows that are compared, as positions in the gate's evaluation.
        champion: What the champion says of these rows, as the kind of target compares it; None if there is no champion
            to compare with.
        refused: The same of versions that were rolled back, by their description.
        notes: Notes on the decision, one sentence each.
    """

    rows: npt.NDArray[np.int64]
    champion: Target | None = None
    refused: Mapping[str, Target] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def challenge(log: LoggedTraining, trained: Trained) -> Verdict:
    """Compare the chosen candidate with the champion on the gate rows, and promote it if it is better.

    Both are judged by what they publish: each by its own calibration or thresholds.

    Args:
        log: The training in MLflow.
        trained: Its results.

    Returns:
        The champion after the comparison, since when and why.
    """
    name, client = trained.task.name, log.tracking.client
    champion = log.tracking.champion(name)
    candidate = best_candidate(trained)
    if candidate is None:
        why = trained.failures.get("candidates", NOT_JUDGED)
        reason = f"No candidate, so the champion stays as it is: {why}."
        return _verdict(champion, reason)
    gate, kind = candidate.evaluations[trained.task.gate], kind_of(trained.task)
    rows = _training_rows(log, trained, candidate)
    fitted = np.unique(row_hashes(trained.data.features[list(candidate.features)].iloc[rows]))
    own = kind.at_gate(kind.judge(gate.y_true, gate.proba, trained.data.labels, candidate.published_by))
    comparisons = _comparisons(log, champion, trained, gate, candidate.model.name)
    decision = decide(
        gate.y_true[comparisons.rows],
        own[comparisons.rows],
        comparisons.champion,
        trained.data.labels,
        groups=gate.artists[comparisons.rows],
        challenger_is_sample=log.versions[0].is_sample,
        champion_is_sample=champion is not None and champion.tags.get("sample") == "true",
        has_champion=champion is not None,
        refused=comparisons.refused,
        shares=kind.constant(
            trained.data.target[rows],
            trained.data.labels,
            candidate.published_by,
        ),
        seed=log.settings.seed,
        kind=kind,
    )
    decision = hold_back(decision, blocking(log.tracking.home, trained.task.columns, name))
    reason = " ".join([f"Challenger: {candidate.model.label}.", decision.reason, *comparisons.notes])
    run = log.run_ids[candidate.model.name, candidate.duplicates]
    log.tracking.log(run, tags={"decision": reason[:LONGEST_TAG]})
    try:
        version = _store(log, trained, candidate, fitted, run, decision, reason, champion)
    except TooLargeError as error:
        reason = f"Challenger: {candidate.model.label}. Not promoted: {error}."
        log.tracking.log(run, tags={"decision": reason[:LONGEST_TAG]})
        return _verdict(champion, reason)
    if decision.promoted:
        client.set_registered_model_alias(name, ALIAS, version)
        champion = log.tracking.champion(name)
        compile_promoted(log.tracking.home, name, _as_stored(name, version, candidate, fitted))
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
    """Report a decision: a text in the Prefect UI, and a webhook message if there is a new champion.

    Args:
        name: Name of the registered model.
        verdict: The result of `challenge`.
        is_sample: Whether the challenger was trained on sample data.
    """
    if not verdict.gate_rows:
        return  # there was no challenger
    if verdict.promoted:
        progress.say(f"{'':<22} champion of {name} is now {verdict.model}, version {verdict.version}")
        notify_champion(name, verdict.version, verdict.reason, is_sample=is_sample)
    publish_text(f"champion-{name}", f"**{name}**: {verdict.reason}\n\n{_table(verdict.numbers)}")


def _comparisons(
    log: LoggedTraining, champion: ModelVersion | None, trained: Trained, gate: Evaluation, kind: str
) -> Comparisons:
    """Apply the champion and the rolled-back versions to the gate rows that they were not fitted on."""
    rows = np.arange(len(gate.rows))
    if champion is None:
        return Comparisons(rows)
    frame, asked = trained.data.features.iloc[gate.rows], (trained.data.labels, kind_of(trained.task))
    notes: list[str] = []
    try:
        stored = load_stored(log.tracking, champion)
        proba = _apply(stored, frame, *asked)
        if stored.published_by is None:
            notes.append(
                f"The champion, version {champion.version}, has no calibration: its own probabilities count."
            )
    except GenrelabError as error:
        return Comparisons(
            rows, notes=(f"The champion, version {champion.version}, could not be compared: {error}.",)
        )
    known = _knows(stored, frame)
    if known.any():
        rows = np.flatnonzero(~known)
        notes.append(
            f"{known.sum():,} of {len(known):,} gate rows are left out, because the champion was fitted on them."
        )
    if not len(rows):
        return Comparisons(np.arange(len(gate.rows)), notes=tuple(notes))
    refused = {}
    for version in rolled_back(log.tracking, champion):
        if version.tags.get("model") != kind:
            continue
        because = version.tags.get(ROLLED_BACK_BECAUSE, "")
        day = version.tags[ROLLED_BACK_AT][:10]
        description = f"version {version.version}, which was rolled back on {day} ({because})"
        try:
            refused[description] = _apply(load_stored(log.tracking, version), frame, *asked)[rows]
        except GenrelabError as error:
            notes.append(f"Version {version.version}, rolled back, could not be compared: {error}.")
    return Comparisons(rows, proba[rows], refused, tuple(notes))


def _apply(model: StoredModel, frame: pd.DataFrame, labels: Sequence[Any], kind: TargetKind) -> Target:
    """What a stored model says of rows, as the kind of target compares it."""
    own = probabilities(model.estimator, model.labels, feature_frame(frame, model), labels, kind)
    published = kind.publish(own, model.published_by)
    return kind.at_gate(kind.judge(np.empty(0), published, labels, model.published_by))


def _knows(model: StoredModel, frame: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Mask of the gate rows that a model was fitted on; these occur if the lake was replaced."""
    if model.fitted is None:
        return np.zeros(len(frame), dtype=bool)
    return np.isin(row_hashes(feature_frame(frame, model)), model.fitted)


def _store(
    log: LoggedTraining,
    trained: Trained,
    candidate: Fitted,
    fitted: Hashes,
    run: str,
    decision: Decision,
    reason: str,
    champion: ModelVersion | None,
) -> str:
    """Store and register the candidate with everything behind the decision, and return the version."""
    log.tracking.log_array(run, fitted, FITTED_ROWS)
    promoted = {"promoted": "true", PROMOTED_AT: now()} if decision.promoted else {"promoted": "false"}
    numbers = {score: str(difference) for score, difference in decision.numbers.items()}
    card = model_card(candidate, trained.task, trained.data, log.versions, trained.candidates)
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
            "labels": join_list(candidate.labels),
            "features": join_list(candidate.features),
            "rule_set": trained.task.rule_set,
            **version_tags(log.versions, trained.task.rule_set),
            "rows": str(len(log.data)),
            **published_tags(candidate.published_by),
            "decision": reason[:LONGEST_TAG],
            "numbers": join_named(numbers),
            "replaces": str(champion.version) if champion is not None else "",
            **promoted,
        },
        f"{card}\n## {heading}\n\n{reason}\n\n{_table(decision.numbers)}\n",
    )


def _as_stored(name: str, version: str, candidate: Fitted, fitted: Hashes) -> StoredModel:
    """The candidate as the registry would return it."""
    return StoredModel(
        name=name,
        version=int(version),
        estimator=candidate.estimator,
        labels=tuple(candidate.labels),
        features=tuple(candidate.features),
        fitted=fitted,
        published_by=candidate.published_by,
    )


def _training_rows(log: LoggedTraining, trained: Trained, candidate: Fitted) -> npt.NDArray[np.int64]:
    """Rows that the split of the stored estimator trains on, as positions in the data."""
    rows = variant_rows(trained.data, candidate.duplicates)
    splits = make_splits(trained.task, trained.data, rows, log.settings.seed)
    return rows[next(split.train for split in splits if split.name == candidate.stored_split)]


def _keep_as_candidate(log: LoggedTraining, name: str, version: str) -> None:
    """Give the losing challenger its alias, and delete the previous one with its files."""
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
    lines = ["| score on the gate | challenger minus champion, 95 % interval |", "| --- | --- |"]
    return "\n".join([*lines, *(f"| {find_metric(score).label} | {one} |" for score, one in numbers.items())])

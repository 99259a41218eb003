"""Let the best model of a training challenge the champion; move the alias when it wins.

The order makes a kill harmless: the model is stored and registered first, the alias moves last, in one call.
"""

import json
from datetime import UTC, datetime
from typing import Any

from genrelab import progress
from genrelab.models.champion import decide
from genrelab.models.fitting import Evaluation, Fitted, ModelError, probabilities
from genrelab.models.training import Trained, best_candidate
from tasks.artifacts import publish_text
from tasks.training_log import TrainingLog, example_rows

ALIAS = "champion"


def challenge(log: TrainingLog, trained: Trained) -> dict[str, Any]:
    """Judge the best candidate on the gate, and promote it when it earns it.

    Returns:
        Who is champion now, since when and why, as JSON values for the report.
    """
    name, client = trained.task.name, log.door.client
    champion = log.door.champion(name)
    candidate = best_candidate(trained)
    if candidate is None:
        return {
            **_standing(champion),
            "promoted": False,
            "reason": "No candidate: no model reached the gate.",
        }
    gate = candidate.evaluations[trained.task.gate]
    champion_proba, note = _champion_on(log, champion, trained, gate)
    decision = decide(
        gate.y_true,
        gate.proba,
        champion_proba,
        trained.data.labels,
        challenger_is_sample=log.version.is_sample,
        champion_is_sample=champion is not None and champion.tags.get("sample") == "true",
        seed=log.settings.seed,
    )
    reason = f"{candidate.model.label} challenged. {decision.reason}{note}"
    numbers = {
        score: f"{each.value:+.4f} ({each.low:+.4f} to {each.high:+.4f})"
        for score, each in decision.numbers.items()
    }
    run = log.run_ids[candidate.model.name, candidate.duplicates]
    log.door.log(run, tags={"decision": reason})
    if decision.promoted:
        version = _store(log, candidate, name, run, reason, champion)
        client.set_registered_model_alias(name, ALIAS, version)
        champion = log.door.champion(name)
        progress.say(f"{'':<22} champion of {name} is now {candidate.model.label}, version {version}")
    publish_text(f"champion-{name}", f"**{name}**: {reason}\n\n```json\n{json.dumps(numbers, indent=1)}\n```")
    return {**_standing(champion), "promoted": decision.promoted, "reason": reason, "numbers": numbers}


def _store(
    log: TrainingLog, candidate: Fitted, name: str, run: str, reason: str, champion: Any | None
) -> str:
    return log.door.store_model(
        run,
        name,
        candidate.estimator,
        example_rows(log.data),
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
            "decision": reason,
            "replaces": champion.version if champion is not None else "",
        },
        log.card(candidate),
    )


def _champion_on(
    log: TrainingLog, champion: Any | None, trained: Trained, gate: Evaluation
) -> tuple[Any, str]:
    """Probabilities of the champion on the rows of the gate; None with a note when it cannot judge them."""
    if champion is None:
        return None, ""
    estimator = log.door.load(champion.name, champion.version)
    labels = tuple(json.loads(champion.tags["labels"]))
    try:
        rows = trained.data.features.iloc[gate.rows]
        return probabilities(estimator, labels, rows, trained.data.labels), ""
    except ModelError as error:
        return None, f" The champion, version {champion.version}, could not be compared: {error}."


def _standing(champion: Any | None) -> dict[str, Any]:
    if champion is None:
        return {"model": "", "duplicates": "", "version": "", "since": ""}
    return {
        "model": champion.tags.get("model", ""),
        "duplicates": champion.tags.get("duplicates", ""),
        "version": champion.version,
        "run_id": champion.run_id,
        "since": datetime.fromtimestamp(champion.creation_timestamp / 1000, UTC).isoformat(
            timespec="seconds"
        ),
        "sample": champion.tags.get("sample") == "true",
    }

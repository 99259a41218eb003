"""The model registry: the champions, since when and why, their history, and rollback.

Only the alias `champion` defines the champion; it moves in one call. The facts about a version are in its tags, which
are written before the alias moves. If the process is killed in between, the tags contradict the alias, and the alias
is right. A version counts as rolled back only while an older one is champion (docs/champions.md gives the reason).

Comparing a challenger with the champion belongs in `tasks.training.champion`.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from mlflow.entities.model_registry import ModelVersion

from genrelab.analyses.training.result import NO_CHAMPION, Champion, Trainings
from genrelab.evaluation.predictions import StoredModel
from genrelab.evaluation.results import Thresholds
from genrelab.lake.lineage import RULE_SET_DIGEST, table_ids
from genrelab.models.calibration import Calibration
from genrelab.models.on_folds import Published
from genrelab.models.zoo import MODELS
from genrelab.runtime.errors import GenrelabError
from genrelab.runtime.files import read_json, write_json
from genrelab.runtime.home import Home
from genrelab.runtime.records import decode, encode
from tasks.tracking.champion_versions import RegisteredChampion
from tasks.tracking.client import StoredModelError, TrackingClient, connect, shortened
from tasks.tracking.place import ALIAS
from tasks.tracking.tag_text import split_list, split_named

FITTED_ROWS = "fitted_rows.npy"
"""Artifact of a stored model's run: hashes of the rows it was fitted on."""

CALIBRATION = "calibration"
"""Tag of a version: its `genrelab.models.calibration.Calibration` as JSON."""

THRESHOLDS = "thresholds"
"""Tag of a version that names several labels: its `genrelab.evaluation.thresholds.Thresholds` as JSON."""

TAGS: dict[str, type[Any]] = {CALIBRATION: Calibration, THRESHOLDS: Thresholds}

PROMOTED_AT, ROLLED_BACK_AT, RESTORED_AT = "promoted_at", "rolled_back_at", "restored_at"
ROLLED_BACK_BECAUSE, RESTORED_BECAUSE = "rolled_back_because", "restored_because"
NO_REASON = "no reason given"
LONGEST_REASON = 1_000


@dataclass(frozen=True)
class Rollback:
    """The result of a rollback.

    Args:
        name: Name of the registered model.
        before: The previous champion's version.
        after: The new champion's version.
        reason: The reason.
    """

    name: str
    before: str
    after: str
    reason: str


def now() -> str:
    """Return the current time in the format of the tags."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def names_of(tracking: TrackingClient) -> list[str]:
    """Return the names of the registered models, sorted."""
    return sorted(str(found.name) for found in tracking.client.search_registered_models(max_results=1_000))


def registered_champions(home: Home) -> list[RegisteredChampion]:
    """Return the champion of every registered model that has one, sorted by name."""
    tracking = connect(home)
    found = [tracking.champion(name) for name in names_of(tracking)]
    return [
        RegisteredChampion(str(each.name), str(each.version), int(each.creation_timestamp), dict(each.tags))
        for each in found
        if each is not None
    ]


def champion_or_error(tracking: TrackingClient, name: str) -> ModelVersion:
    """Return the champion of a registered model.

    Raises:
        GenrelabError: The model does not exist or has no champion.
    """
    found = tracking.champion(name)
    if found is not None:
        return found
    names = names_of(tracking)
    if name in names:
        raise GenrelabError(
            f"{name} has no champion",
            found=f"{len(versions_of(tracking, name))} versions, none of them champion",
            do="run `genrelab train`, or name a version: `genrelab champion rollback NAME --to VERSION`",
        )
    raise GenrelabError(
        f"there is no registered model {name}",
        found=repr(name),
        allowed=", ".join(names) or "none yet",
        do="run `genrelab train`" if not names else "use one of these names",
    )


def versions_of(tracking: TrackingClient, name: str) -> list[ModelVersion]:
    """Return every version of a registered model, newest first."""
    found = tracking.client.search_model_versions(f"name = '{name}'", max_results=1_000)
    return sorted(found, key=lambda version: -int(version.version))


def load_stored(tracking: TrackingClient, registered: ModelVersion) -> StoredModel:
    """Load a registered version with everything needed to apply it.

    Raises:
        StoredModelError: Its files or its tags are missing or damaged.
    """
    tags: Mapping[str, str] = registered.tags
    try:
        labels, features = (split_list(tags[name]) for name in ("labels", "features"))
    except (KeyError, json.JSONDecodeError) as error:
        raise StoredModelError(
            f"version {registered.version} of {registered.name} lacks the tags with its labels and features",
            found=", ".join(sorted(tags)) or "no tags",
            allowed="the tags labels and features, as training writes them",
            do="train again, or use `genrelab champion rollback`",
        ) from error
    named = [model for model in MODELS if model.name == tags.get("model")]
    trusted = sorted({kind for model in named or MODELS for kind in model.trusted})
    return StoredModel(
        name=str(registered.name),
        version=int(registered.version),
        estimator=tracking.load(registered.name, registered.version, trusted),
        labels=labels,
        features=features,
        fitted=tracking.find_array(registered.run_id, FITTED_ROWS) if registered.run_id else None,
        published_by=published_by_of(tags),
    )


def published_by_of(tags: Mapping[str, str]) -> Published | None:
    """Return the calibration or thresholds of a version from its tags; None without, or if they cannot be read."""
    for name, kind in TAGS.items():
        try:
            found: Published | None = decode(kind, json.loads(tags.get(name, "null")))
        except json.JSONDecodeError:
            continue
        if found is not None:
            return found
    return None


def published_tags(published_by: Published | None) -> dict[str, str]:
    """Return the tag that keeps what a version publishes by."""
    name = next((name for name, kind in TAGS.items() if isinstance(published_by, kind)), CALIBRATION)
    return {name: json.dumps(encode(published_by)) if published_by else "null"}


def champion_info(champion: ModelVersion | None) -> Champion:
    """Return the champion, since when and why."""
    if champion is None:
        return NO_CHAMPION
    tags = champion.tags
    return Champion(
        model=tags.get("model", ""),
        duplicates=tags.get("duplicates", ""),
        version=str(champion.version),
        run_id=champion.run_id or "",
        since=since(champion),
        why=tags.get(RESTORED_BECAUSE) or tags.get("decision", ""),
        sample=tags.get("sample") == "true",
    )


def since(version: ModelVersion) -> str:
    """Return when a version last became champion."""
    made = datetime.fromtimestamp(version.creation_timestamp / 1_000, UTC).isoformat(timespec="seconds")
    return str(version.tags.get(RESTORED_AT) or version.tags.get(PROMOTED_AT) or made)


def rolled_back(tracking: TrackingClient, champion: ModelVersion | None) -> list[ModelVersion]:
    """Return the versions newer than the champion that were rolled back, newest first."""
    if champion is None:
        return []
    return [
        version
        for version in versions_of(tracking, champion.name)
        if int(version.version) > int(champion.version) and ROLLED_BACK_AT in version.tags
    ]


def history(tracking: TrackingClient, name: str) -> list[dict[str, Any]]:
    """Return the history of every version, newest first, as JSON values."""
    champion = tracking.champion(name)
    current = int(champion.version) if champion is not None else 0
    return [
        {
            "version": int(version.version),
            "state": _state(version, current),
            "model": version.tags.get("model", ""),
            "table": version.tags.get("table", ""),
            "table_version": version.tags.get("table_version", ""),
            "tables": table_ids(version.tags),
            "rule_set_digest": version.tags.get(RULE_SET_DIGEST, ""),
            "sample": version.tags.get("sample") == "true",
            "stored_at": datetime.fromtimestamp(version.creation_timestamp / 1_000, UTC).isoformat(
                timespec="seconds"
            ),
            "decision": version.tags.get("decision", ""),
            "numbers": split_named(version.tags.get("numbers", "")),
            "rolled_back_at": version.tags.get(ROLLED_BACK_AT, ""),
            "rolled_back_because": version.tags.get(ROLLED_BACK_BECAUSE, ""),
        }
        for version in versions_of(tracking, name)
    ]


def _state(version: ModelVersion, current: int) -> str:
    number = int(version.version)
    if number == current:
        return "champion"
    if ROLLED_BACK_AT in version.tags and number > current:
        return "rolled back"
    return "candidate" if version.tags.get("promoted") == "false" else "earlier champion"


def rollback(tracking: TrackingClient, name: str, *, reason: str = "", to: str = "") -> Rollback:
    """Make an earlier version champion again, and return what changed.

    Args:
        tracking: MLflow.
        name: Name of the registered model.
        reason: The reason; stored with the version.
        to: Version to restore; empty takes the one that the champion replaced.

    Raises:
        GenrelabError: The model, champion or version does not exist, or the version cannot be loaded.
    """
    # --to can also restore a champion for a model without one
    is_named = bool(to) and name in names_of(tracking)
    champion = tracking.champion(name) if is_named else champion_or_error(tracking, name)
    target = _named(tracking, name, to) if to else _before(tracking, champion)
    if champion is not None and target.version == champion.version:
        raise GenrelabError(
            f"version {target.version} of {name} is already champion",
            found=to,
            allowed=_others(tracking, name, target.version),
            do="name another version, or leave --to out",
        )
    load_stored(
        tracking, target
    )  # a champion that cannot be loaded would break predictions and the next training
    said = (reason.strip() or NO_REASON)[:LONGEST_REASON]
    before = str(champion.version) if champion is not None else ""
    _write_tags(tracking, champion, target, said)
    tracking.client.set_registered_model_alias(name, ALIAS, target.version)
    return Rollback(name, before, str(target.version), said)


def _write_tags(
    tracking: TrackingClient, champion: ModelVersion | None, target: ModelVersion, reason: str
) -> None:
    """Write the tags of a rollback, which take effect when the alias moves."""
    client, time = tracking.client, now()
    before = "no champion"
    if champion is not None:
        before = f"version {champion.version}"
        if int(champion.version) > int(target.version):
            client.set_model_version_tag(champion.name, champion.version, ROLLED_BACK_BECAUSE, reason)
            client.set_model_version_tag(champion.name, champion.version, ROLLED_BACK_AT, time)
    because = f"Restored by rollback, replacing {before}: {reason}"
    client.set_model_version_tag(target.name, target.version, RESTORED_BECAUSE, because)
    client.set_model_version_tag(target.name, target.version, RESTORED_AT, time)
    note = f"**{time[:16].replace('T', ' ')} UTC:** {because}\n\n"
    client.update_model_version(target.name, target.version, shortened(note + (target.description or "")))


def _before(tracking: TrackingClient, champion: ModelVersion) -> ModelVersion:
    """The version that a champion replaced; if it was deleted, the newest earlier champion."""
    earlier = {
        str(version.version): version
        for version in versions_of(tracking, champion.name)
        if int(version.version) < int(champion.version) and version.tags.get("promoted") != "false"
    }
    replaced = earlier.get(champion.tags.get("replaces", ""))
    if replaced is not None:
        return replaced
    if champion.tags.get("replaces") and earlier:
        return next(iter(earlier.values()))
    raise GenrelabError(
        f"{champion.name} has no champion before version {champion.version}",
        found=f"version {champion.version} is its first champion",
        allowed=_others(tracking, champion.name, champion.version),
        do="name a version with --to, or train another one",
    )


def _named(tracking: TrackingClient, name: str, version: str) -> ModelVersion:
    found = next((each for each in versions_of(tracking, name) if str(each.version) == version), None)
    if found is None:
        raise GenrelabError(
            f"{name} has no version {version}",
            found=repr(version),
            allowed=_others(tracking, name, ""),
            do="see `genrelab champion show` for the versions",
        )
    return found


def _others(tracking: TrackingClient, name: str, version: str) -> str:
    numbers = [str(each.version) for each in versions_of(tracking, name) if str(each.version) != str(version)]
    return ", ".join(reversed(numbers)) or "no other version"


def update_report_record(home: Home, name: str, champion: ModelVersion, done: Rollback) -> None:
    """Update the champion in the record of the training, so that the next report shows it."""
    chosen: dict[str, Any] = vars(champion_info(champion))
    was = f"version {done.before}" if done.before else "no champion"
    reason = f"Restored by rollback: version {done.after}, replacing {was}: {done.reason}"
    for path in sorted(home.state.glob("train_*.json")):
        record = read_json(path)
        found = decode(Trainings, record.get("facts")) if record else None
        if record is None or found is None or all(one.task != name for one in found.tasks):
            continue
        tasks = tuple(
            replace(one, champion=replace(one.champion, **chosen, promoted=False, reason=reason))
            if one.task == name and one.champion
            else one
            for one in found.tasks
        )
        write_json(path, {**record, "facts": encode(Trainings(tasks)), "finished_at": now()})

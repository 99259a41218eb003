"""The rule sets of a run: which ones there are, which one decides, and their audit on the newest tracks."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from prefect import State, task

from genrelab import progress
from genrelab.lake import Lake, in_source_order
from genrelab.settings import Settings
from tasks.artifacts import publish_rows, publish_text
from tasks.step import Outcome, nothing_to_do, run_step, version_ids

if TYPE_CHECKING:
    from genrelab.rules import RuleSet

STEP = "audit_rules"
TABLE = "spotify_binned"
LISTED = 60
"""Micro-genres that the report lists of each kind; `genrelab rules audit --json` tells more."""


def load_active(settings: Settings) -> tuple[str, dict[str, "RuleSet"]]:
    """The name of the active rule set, and every rule set that runs: those that ship, then a user's own.

    Raises:
        RuleError: The user's file has faults.
    """
    from genrelab.rules import load_rule_set  # noqa: PLC0415 - a skipped step needs none of it
    from genrelab.tables.spotify import SHIPPED_RULE_SETS  # noqa: PLC0415

    found = {name: load_rule_set(name) for name in SHIPPED_RULE_SETS}
    active = found.get(settings.rules) or load_rule_set(settings.rules)
    return active.name, {**found, active.name: active}


def digests(settings: Settings) -> Mapping[str, object]:
    """Which rule set is active and the content of all, for a fingerprint; a fault counts as content."""
    from genrelab.rules import RuleError  # noqa: PLC0415

    try:
        active, rule_sets = load_active(settings)
    except RuleError as error:
        return {"fault": str(error)}
    return {"active": active, "sets": {name: rules.digest for name, rules in rule_sets.items()}}


@task
def audit_rule_sets(settings: Settings) -> State[Any]:
    """Audit every rule set on spotify_binned, compare them, and bin FMA's genres by the same rules."""
    lake = Lake(settings.home)
    if not lake.find(TABLE):
        return nothing_to_do(STEP, f"{TABLE} has not been made")
    inputs = {
        **version_ids(settings.home, TABLE, "fma_genres", "fma_tracks", "fma_echonest"),
        "rules": digests(settings),
    }
    return run_step(STEP, settings.home, inputs, lambda: _work(settings, lake), code=("features",))


def _work(settings: Settings, lake: Lake) -> Outcome:
    from genrelab.rules import audit, compare  # noqa: PLC0415
    from genrelab.rules.coverage import coverage_by_origin, origin_section  # noqa: PLC0415
    from genrelab.rules.tables import audit_sections, comparison_sections, in_markdown  # noqa: PLC0415

    active, rule_sets = load_active(settings)
    version = lake.current(TABLE)
    tracks = in_source_order(lake.read(TABLE, version=version.version))
    audits = [audit(rules, tracks["genres"], listed=LISTED) for rules in rule_sets.values()]
    names = list(rule_sets)
    comparisons = [
        compare(rule_sets[one], rule_sets[other], tracks["genres"])
        for place, one in enumerate(names)
        for other in names[place + 1 :]
    ]
    heard = _heard(tracks, rule_sets, settings.cores)
    origins = coverage_by_origin(tracks, rule_sets)
    facts = {
        "active": active,
        "table": TABLE,
        "table_version": version.version,
        "sets": audits,
        "comparisons": comparisons,
        "origins": origins,
        "audible": heard,
        "fma": _fma(lake, rule_sets) | _sound(lake, tracks, rule_sets),
    }
    publish_rows(
        "rule-sets", [_row(found, heard) for found in audits], "What each rule set does to the tracks."
    )
    sections = [origin_section(origins)]
    sections += [section for found in audits for section in audit_sections(found)]
    sections += [section for found in comparisons for section in comparison_sections(found)]
    publish_text("rules-audit", in_markdown(sections))
    return Outcome(
        f"{active} decides; "
        + "; ".join(
            f"{found['rule_set']}: coverage {found['coverage']:.1%}, {found['contested']['micro_genres']} contested"
            f" and {found['unmatched']['micro_genres']} unmatched micro-genres{_kappa(heard, found['rule_set'])}"
            for found in audits
        ),
        facts,
    )


def _heard(tracks: Any, rule_sets: Mapping[str, "RuleSet"], cores: int) -> dict[str, Any]:
    """How well a forest recovers each set's bins from sound; why not, where the tracks are too few."""
    from genrelab.rules import bin_tracks  # noqa: PLC0415
    from genrelab.rules.audible import SEEDS, Forest, audible  # noqa: PLC0415 - imports scikit-learn
    from genrelab.splits import SplitError  # noqa: PLC0415
    from genrelab.tables.spotify import MODEL_FEATURES  # noqa: PLC0415

    labels = {name: bin_tracks(tracks["genres"], rules).bins.to_pylist() for name, rules in rule_sets.items()}
    forests = len(SEEDS) * len(labels)
    with progress.track("hearing the bins of each rule set", forests, "forests") as advance:
        try:
            return audible(
                tracks.select(list(MODEL_FEATURES)).to_pandas(),
                labels,
                tracks["artist_group"].to_pylist(),
                forest=Forest(cores=cores),
                advance=lambda done: advance(done, ""),
            )
        except SplitError as error:
            return {"left_out": str(error)}


def _fma(lake: Lake, rule_sets: Mapping[str, "RuleSet"]) -> dict[str, Any]:
    """FMA's genres and tracks under the same rules; empty before FMA was read."""
    from genrelab.rules.fma import bin_fma  # noqa: PLC0415

    if not (lake.find("fma_genres") and lake.find("fma_tracks")):
        return {}
    return bin_fma(
        lake.read("fma_genres", ["genre_id", "title", "top_level_title", "track_count"]),
        lake.read("fma_tracks", ["genre_names"])["genre_names"],
        rule_sets,
    )


def _sound(lake: Lake, tracks: Any, rule_sets: Mapping[str, "RuleSet"]) -> dict[str, Any]:
    """What each bin sounds like in both sources, by each rule set; empty without FMA's Echo Nest features."""
    import pyarrow.compute as pc  # noqa: PLC0415 - a skipped step needs none of them

    from genrelab.analyses.features.collection import FMA  # noqa: PLC0415
    from genrelab.analyses.features.sources import compare_sources  # noqa: PLC0415
    from genrelab.rules import bin_tracks  # noqa: PLC0415

    if not (lake.find(FMA.table) and lake.find("fma_tracks")):
        return {}
    heard = lake.read(FMA.table, ["track_id", *FMA.features])
    named = lake.read("fma_tracks", ["track_id", "genre_names"])
    # a join of Arrow tables carries no lists
    titles = (
        named["genre_names"]
        .combine_chunks()
        .take(pc.index_in(heard["track_id"].combine_chunks(), named["track_id"].combine_chunks()))
    )
    frames = [data.select(list(FMA.features)).to_pandas() for data in (tracks, heard)]
    return {
        "sound": {
            name: compare_sources(
                (frames[0], bin_tracks(tracks["genres"], rules).bins.to_pylist()),
                (frames[1], bin_tracks(titles, rules).bins.to_pylist()),
                FMA.columns,
                rules.bins,
            )
            for name, rules in rule_sets.items()
        }
    }


def _row(found: Mapping[str, Any], heard: Mapping[str, Any]) -> dict[str, Any]:
    scores = heard.get("sets", {}).get(found["rule_set"], {})
    return {
        "rule set": found["rule_set"],
        "decision": found["decision"],
        "coverage": f"{found['coverage']:.2%}",
        "contested micro-genres": found["contested"]["micro_genres"],
        "unmatched micro-genres": found["unmatched"]["micro_genres"],
        **{
            f"{metric} of a forest": f"{score['value']:.3f} ({score['low']:.3f} to {score['high']:.3f})"
            for metric in ("kappa", "macro_f1")
            if (score := scores.get(metric))
        },
    }


def _kappa(heard: Mapping[str, Any], rule_set: str) -> str:
    score = heard.get("sets", {}).get(rule_set, {}).get("kappa")
    return f", kappa of a forest {score['value']:.3f}" if score else ""

"""The audit of every rule set that runs, on the newest tracks and on the FMA's as far as its tables exist."""

from collections.abc import Mapping
from typing import TypeAlias

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from genrelab.analyses.features.collection import FMA
from genrelab.analyses.features.result import SourceComparison
from genrelab.analyses.features.sources import compare_sources
from genrelab.analyses.inputs import Inputs
from genrelab.analyses.rule_audit.audio_recoverability import SEEDS, Forest, audio_recoverability
from genrelab.analyses.rule_audit.audit import audit, compare
from genrelab.analyses.rule_audit.coverage import coverage_by_origin
from genrelab.analyses.rule_audit.fma import bin_fma
from genrelab.analyses.rule_audit.result import AudioRecoverability, FmaBins, RuleAudit
from genrelab.evaluation.splits import SplitError
from genrelab.lake.stored_rows import StoredRows
from genrelab.rules import Binner, RuleSet, bin_tracks, load_active
from genrelab.runtime import progress
from genrelab.sources.codes import row_hashes
from genrelab.tables.spotify import MODEL_FEATURES

TABLE = "spotify_binned"
LISTED = 60
"""Micro-genres that the report lists of each kind; `genrelab rules audit --json` lists more."""

RuleSets = Mapping[str, RuleSet]
Labels: TypeAlias = Mapping[str, "pd.Series[str]"]
"""Bin of each track by rule set, missing where there is none; a byte a track."""


def compute(inputs: Inputs) -> RuleAudit:
    """Audit every rule set on spotify_binned, compare them, and bin FMA's genres by the same rules."""
    active, rule_sets = load_active(inputs.setting("rules"))
    tracks, sets = inputs.stored(TABLE), list(rule_sets.values())
    bins = {name: _bins(tracks, rules) for name, rules in rule_sets.items()}
    recoverability, why = _recoverability(inputs, tracks, bins)
    sound = _sound(inputs, tracks, rule_sets, bins)
    del bins
    return RuleAudit(
        active=active,
        table=TABLE,
        table_version=inputs.version(TABLE).version,
        sets=tuple(audit(rules, tracks, listed=LISTED) for rules in sets),
        comparisons=tuple(
            compare(one, other, tracks) for place, one in enumerate(sets) for other in sets[place + 1 :]
        ),
        origins=coverage_by_origin(tracks, rule_sets),
        recoverability=recoverability,
        recoverability_skipped=why,
        fma=_fma(inputs, rule_sets),
        sound=sound,
    )


def _bins(tracks: StoredRows, rules: RuleSet) -> "pd.Series[str]":
    """Bin of each track."""
    binner, names = Binner(rules), pa.array(rules.bins, pa.string())
    codes = np.empty(len(tracks), np.int16)
    start = 0
    for batch in tracks.batches(["genres"]):
        places = pc.index_in(binner.bin(batch["genres"]).bins, names)
        codes[start : start + len(batch)] = np.asarray(places.fill_null(-1))
        start += len(batch)
    return pd.Series(pd.Categorical.from_codes(codes, pd.Index(rules.bins)))


def _recoverability(
    inputs: Inputs, tracks: StoredRows, labels: Labels
) -> tuple[AudioRecoverability | None, str]:
    """How well a forest recovers each set's bins from sound; why not, where the tracks are too few."""
    forests = len(SEEDS) * len(labels)
    with progress.track("hearing the bins of each rule set", forests, "forests") as advance:
        try:
            found = audio_recoverability(
                tracks,
                MODEL_FEATURES,
                labels,
                row_hashes(tracks, ["artist_group"]),
                forest=Forest(cores=inputs.cores),
                sample_seed=inputs.seed,
                advance=lambda done: advance(done, ""),
            )
        except SplitError as error:
            return None, str(error)
    return found, ""


def _fma(inputs: Inputs, rule_sets: RuleSets) -> FmaBins | None:
    """FMA's genres and tracks under the same rules; None before FMA was read."""
    if not (inputs.find("fma_genres") and inputs.find("fma_tracks")):
        return None
    return bin_fma(
        inputs.read("fma_genres", ["genre_id", "title", "top_level_title", "track_count"]),
        inputs.read("fma_tracks", ["genre_names"])["genre_names"],
        rule_sets,
    )


def _sound(
    inputs: Inputs, tracks: StoredRows, rule_sets: RuleSets, bins: Labels
) -> dict[str, SourceComparison]:
    """What each bin sounds like in both sources, by each rule set; empty without FMA's Echo Nest features."""
    if not (inputs.find(FMA.table) and inputs.find("fma_tracks")):
        return {}
    echonest = inputs.read(FMA.table, ["track_id", *FMA.features])
    named = inputs.read("fma_tracks", ["track_id", "genre_names"])
    # a join of Arrow tables carries no lists
    titles = (
        named["genre_names"]
        .combine_chunks()
        .take(pc.index_in(echonest["track_id"].combine_chunks(), named["track_id"].combine_chunks()))
    )
    return {
        name: compare_sources(
            (tracks, bins[name]),
            (echonest, bin_tracks(titles, rules).bins.to_pandas()),
            FMA.columns,
            rules.bins,
            seed=inputs.seed,
        )
        for name, rules in rule_sets.items()
    }

"""The audit of every rule set that runs, on the newest tracks and on the FMA's as far as its tables exist."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow.compute as pc

from genrelab.analyses.features.collection import FMA
from genrelab.analyses.features.result import SourceComparison
from genrelab.analyses.features.sources import compare_sources
from genrelab.analyses.inputs import Inputs
from genrelab.analyses.rule_audit.audio_recoverability import SEEDS, Forest, audio_recoverability
from genrelab.analyses.rule_audit.audit import audit, compare
from genrelab.analyses.rule_audit.coverage import COLUMNS, coverage_by_origin
from genrelab.analyses.rule_audit.fma import bin_fma
from genrelab.analyses.rule_audit.result import AudioRecoverability, FmaBins, RuleAudit
from genrelab.evaluation.splits import SplitError
from genrelab.lake.stored_rows import StoredRows
from genrelab.rules import Binner, RuleSet, bin_tracks, load_active
from genrelab.runtime import progress
from genrelab.sources.codes import shared_texts
from genrelab.tables.spotify import MODEL_FEATURES

TABLE = "spotify_binned"
LISTED = 60
"""Micro-genres that the report lists of each kind; `genrelab rules audit --json` lists more."""

RuleSets = Mapping[str, RuleSet]
Labels = Mapping[str, npt.NDArray[Any]]
"""Bin of each track by rule set, None where there is none."""


def compute(inputs: Inputs) -> RuleAudit:
    """Audit every rule set on spotify_binned, compare them, and bin FMA's genres by the same rules."""
    active, rule_sets = load_active(inputs.setting("rules"))
    tracks, sets = inputs.stored(TABLE), list(rule_sets.values())
    bins = {name: _bins(tracks, rules) for name, rules in rule_sets.items()}
    recoverability, why = _recoverability(inputs, tracks, bins)
    sound = _sound(inputs, tracks, rule_sets, bins)
    del bins
    genres = tracks["genres"]
    return RuleAudit(
        active=active,
        table=TABLE,
        table_version=inputs.version(TABLE).version,
        sets=tuple(audit(rules, genres, listed=LISTED) for rules in sets),
        comparisons=tuple(
            compare(one, other, genres) for place, one in enumerate(sets) for other in sets[place + 1 :]
        ),
        origins=coverage_by_origin(tracks.select(COLUMNS), rule_sets),
        recoverability=recoverability,
        recoverability_skipped=why,
        fma=_fma(inputs, rule_sets),
        sound=sound,
    )


def _bins(tracks: StoredRows, rules: RuleSet) -> npt.NDArray[Any]:
    """Bin of each track, None where there is none, shape (rows,); a text stands in memory once."""
    binner = Binner(rules)
    parts = [shared_texts(binner.bin(batch["genres"]).bins) for batch in tracks.batches(["genres"])]
    return np.concatenate([np.empty(0, dtype=object), *parts])


def _recoverability(
    inputs: Inputs, tracks: StoredRows, labels: Labels
) -> tuple[AudioRecoverability | None, str]:
    """How well a forest recovers each set's bins from sound; why not, where the tracks are too few."""
    forests = len(SEEDS) * len(labels)
    with progress.track("hearing the bins of each rule set", forests, "forests") as advance:
        try:
            found = audio_recoverability(
                tracks.select(list(MODEL_FEATURES)).to_pandas(),
                labels,
                shared_texts(tracks["artist_group"]),
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
    spotify, archive = (data.select(list(FMA.features)).to_pandas() for data in (tracks, echonest))
    return {
        name: compare_sources(
            (spotify, bins[name]),
            (archive, bin_tracks(titles, rules).bins.to_pylist()),
            FMA.columns,
            rules.bins,
            seed=inputs.seed,
        )
        for name, rules in rule_sets.items()
    }

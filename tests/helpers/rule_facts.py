"""Facts of an audit for the report's tests: made by the library itself from a few made-up tracks."""

from functools import cache

import pandas as pd
import pyarrow as pa
from awkward_names import AWKWARD, NON_LATIN
from explore_facts import made_frame

from genrelab.analyses.features.collection import FMA as ECHONEST
from genrelab.analyses.features.result import SourceComparison
from genrelab.analyses.features.sources import compare_sources
from genrelab.analyses.rule_audit.audit import audit, compare
from genrelab.analyses.rule_audit.fma import bin_fma
from genrelab.analyses.rule_audit.result import AudioRecoverability, RuleAudit, Score
from genrelab.rules import load_rule_set

TRACKS = (
    *([["dance pop", "pop"]] * 9),
    *([["indie rock", "modern rock"]] * 5),
    *([["pop rap", "hip hop", "trap music"]] * 4),
    *([["folk metal", "metal"]] * 3),
    ["deep house"],
    ["bebop"],
    ["urban contemporary"],
    ["baroque"],
    ["outlaw country"],
    ["Norteño"],
    [NON_LATIN],
    [AWKWARD],
    ["<b>metalcore</b>"],
    ["comedy"],
    [],
)
FMA = (("Hip-Hop", "Hip-Hop", 3552), ("Bluegrass", "Country", 64), ("Spoken Word", "Spoken", 120))


@cache
def rule_facts() -> RuleAudit:
    """What the step that audits the rule sets finds; classic decides."""
    sets = {name: load_rule_set(name) for name in ("classic", "reviewed")}
    genres = pa.array(TRACKS, pa.list_(pa.string()))
    archive = pa.table(
        dict(zip(("title", "top_level_title", "track_count"), zip(*FMA, strict=True), strict=True))
    )
    return RuleAudit(
        active="classic",
        table="spotify_binned",
        table_version=2,
        sets=tuple(audit(rules, genres) for rules in sets.values()),
        comparisons=(compare(sets["classic"], sets["reviewed"], genres),),
        origins=(),
        recoverability=AudioRecoverability(
            rows=31156,
            of=31156,
            features=11,
            groups=25723,
            seeds=(0, 1, 2, 3, 4),
            trees=60,
            min_samples_leaf=5,
            bins={"classic": 12, "reviewed": 12},
            sets={
                "classic": {"kappa": _score(0.264), "macro_f1": _score(0.273)},
                "reviewed": {"kappa": _score(0.347), "macro_f1": _score(0.378)},
            },
            differences={"reviewed": {"kappa": _score(0.083), "macro_f1": _score(0.105)}},
        ),
        recoverability_skipped="",
        fma=bin_fma(archive, pa.array([["Hip-Hop"], ["Bluegrass"], ["Spoken Word"], None]), sets),
        sound={name: _sound(rules.bins, seed) for seed, (name, rules) in enumerate(sets.items(), 3)},
    )


def _sound(bins: tuple[str, ...], seed: int) -> SourceComparison:
    """Forty tracks of each bin in either source, of the last one only five in the second."""
    genres: list[str | None] = [*bins] * 40
    few: list[str | None] = [*bins[:-1]] * 40 + [bins[-1]] * 5
    first, second = (
        (pa.Table.from_pandas(made_frame(ECHONEST, each, number)), pd.Series(each))
        for each, number in ((genres, seed), (few, seed + 9))
    )
    return compare_sources(first, second, ECHONEST.columns, bins)


def _score(value: float) -> Score:
    return Score(value, value - 0.005, value + 0.005, (value,) * 5)

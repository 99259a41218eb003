"""Audit a rule set on real tracks, and compare two rule sets.

Nothing here is drawn or printed: the report, the terminal and the Prefect artifact do that.
"""

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from genrelab.analyses.rule_audit.result import (
    Bin,
    BinShare,
    Comparison,
    Contested,
    ContestedGenre,
    Decider,
    Move,
    RuleUse,
    SetAudit,
    Unmatched,
    UnmatchedGenre,
)
from genrelab.rules.engine import Ints, bin_tracks, claims
from genrelab.rules.model import RuleSet

Lists: TypeAlias = pa.ListArray | pa.ChunkedArray
LISTED = 200
"""Entries that a list of micro-genres shows at most; the total number is shown beside it."""
EXAMPLES = 5
"""Pairs of deciding micro-genres kept of one move between bins."""


def audit(rules: RuleSet, genre_lists: Lists, *, listed: int = LISTED) -> SetAudit:
    """Return coverage, conflicts and unmatched micro-genres of a rule set.

    Args:
        rules: The rule set.
        genre_lists: Micro-genres per track.
        listed: Entries shown at most in each list of micro-genres.
    """
    binned = bin_tracks(genre_lists, rules)
    names, tracks_of, rows, codes = _micro_genres(genre_lists)
    hits = claims(names, rules)
    without_bin = np.asarray(pc.is_null(binned.bins))
    lost = np.bincount(codes[without_bin[rows]], minlength=len(names)) if len(names) else tracks_of
    texts = names.to_pylist()
    bins = _counted(binned.bins)
    total = len(binned.bins)
    contested = _contested(rules, hits)
    unmatched = _by_weight(np.flatnonzero(~hits.any(axis=1)), tracks_of, texts)
    return SetAudit(
        rule_set=rules.name,
        decision=rules.decision,
        tracks=total,
        coverage=_share(binned.counts["binned"], total),
        counts=dict(binned.counts),
        bins=tuple(
            BinShare(name, bins.get(name, 0), _share(bins.get(name, 0), total))
            for name in [*rules.bins, None]
        ),
        rules=_rules(rules, hits, _counted(binned.rules)),
        unmatched=Unmatched(
            len(unmatched),
            tuple(UnmatchedGenre(texts[i], int(tracks_of[i]), int(lost[i])) for i in unmatched[:listed]),
        ),
        contested=Contested(
            len(contested),
            _tracks_with(contested, rows, codes, len(names)),
            tuple(
                ContestedGenre(
                    micro_genre=texts[i],
                    tracks=int(tracks_of[i]),
                    claimed_by=tuple(
                        rule.name for rule, hit in zip(rules.rules, hits[i], strict=True) if hit
                    ),
                    won_by=rules.rules[int(hits[i].argmax())].name,
                )
                for i in _by_weight(contested, tracks_of, texts)[:listed]
            ),
        ),
    )


def compare(rules_a: RuleSet, rules_b: RuleSet, genre_lists: Lists) -> Comparison:
    """Return the tracks that two rule sets assign to different bins.

    Args:
        rules_a: The rule set to compare from.
        rules_b: The rule set to compare to.
        genre_lists: Micro-genres per track.
    """
    a, b = bin_tracks(genre_lists, rules_a), bin_tracks(genre_lists, rules_b)
    table = pa.table({"from": a.bins, "to": b.bins, "was": a.micro_genres, "is": b.micro_genres})
    pairs = table.group_by(["from", "to"]).aggregate([([], "count_all")]).to_pylist()
    total = len(table)
    same = sum(pair["count_all"] for pair in pairs if pair["from"] == pair["to"])
    both = [pair for pair in pairs if pair["from"] is not None and pair["to"] is not None]
    both_binned = sum(pair["count_all"] for pair in both)
    agreeing = sum(pair["count_all"] for pair in both if pair["from"] == pair["to"])
    deciders = _deciders(table)
    moves = [
        Move(pair["from"], pair["to"], pair["count_all"], tuple(deciders[pair["from"], pair["to"]]))
        for pair in pairs
        if pair["from"] != pair["to"]
    ]
    return Comparison(
        before=rules_a.name,
        after=rules_b.name,
        tracks=total,
        same=same,
        both_binned=both_binned,
        agreement=_share(agreeing, both_binned),
        coverage_from=_share(a.counts["binned"], total),
        coverage_to=_share(b.counts["binned"], total),
        moves=tuple(sorted(moves, key=lambda move: (-move.tracks, str(move.before), str(move.after)))),
    )


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def _deciders(table: pa.Table) -> dict[tuple[Bin, Bin], list[Decider]]:
    """The commonest pairs of deciding micro-genres of each move."""
    counted = table.group_by(["from", "to", "was", "is"]).aggregate([([], "count_all")]).to_pylist()
    counted.sort(key=lambda row: (-row["count_all"], str(row["was"]), str(row["is"])))
    deciders: dict[tuple[Bin, Bin], list[Decider]] = {}
    for row in counted:
        shown = deciders.setdefault((row["from"], row["to"]), [])
        if len(shown) < EXAMPLES:
            shown.append(Decider(row["was"], row["is"], row["count_all"]))
    return deciders


def _micro_genres(genre_lists: Lists) -> tuple[pa.Array, Ints, Ints, Ints]:
    """Distinct micro-genres, tracks of each, and each (track, micro-genre) pair once as two columns."""
    lists = genre_lists.combine_chunks() if isinstance(genre_lists, pa.ChunkedArray) else genre_lists
    parents = np.asarray(pc.list_parent_indices(lists)).astype(np.int64)
    encoded = lists.flatten().dictionary_encode()
    known = np.asarray(encoded.indices.is_valid())
    names = encoded.dictionary
    codes = np.asarray(pc.fill_null(encoded.indices, 0)).astype(np.int64)[known]
    pairs = np.unique(parents[known] * max(len(names), 1) + codes)
    rows, codes = np.divmod(pairs, max(len(names), 1))
    return names, np.bincount(codes, minlength=len(names)), rows, codes


def _rules(
    rules: RuleSet, hits: npt.NDArray[np.bool_], decided: dict[str | None, int]
) -> tuple[RuleUse, ...]:
    """Return the tracks and micro-genres of each rule."""
    found = []
    for number, rule in enumerate(rules.rules):
        hit = hits[:, number]
        won = hit & ~hits[:, :number].any(axis=1)
        found.append(
            RuleUse(
                rule=rule.name,
                bin=rule.bin,
                tracks=decided.get(rule.name, 0),
                micro_genres_hit=int(hit.sum()),
                micro_genres_won=int(won.sum()),
                is_never_hit=not hit.any(),
                is_shadowed=bool(hit.any() and not won.any()),
            )
        )
    return tuple(found)


def _contested(rules: RuleSet, hits: npt.NDArray[np.bool_]) -> Ints:
    """Micro-genres that rules of several bins hit (each bin has one rule, so: several rules)."""
    return np.flatnonzero(hits.sum(axis=1) > 1) if len(rules.rules) else np.empty(0, np.int64)


def _tracks_with(micro_genres: Ints, rows: Ints, codes: Ints, kinds: int) -> int:
    """Tracks that carry at least one of these micro-genres."""
    is_one = np.zeros(kinds, dtype=bool)
    is_one[micro_genres] = True
    return len(np.unique(rows[is_one[codes]]))


def _by_weight(micro_genres: Ints, tracks: Ints, texts: Sequence[str]) -> list[int]:
    return sorted((int(i) for i in micro_genres), key=lambda i: (-int(tracks[i]), texts[i]))


def _counted(values: pa.Array | pa.ChunkedArray) -> dict[str | None, int]:
    return {entry["values"]: entry["counts"] for entry in pc.value_counts(values).to_pylist()}

"""Audit a rule set on real tracks, and compare two rule sets.

Nothing here is drawn or printed: the report, the terminal and the Prefect artifact do that.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa

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
from genrelab.lake.stored_rows import StoredRows, batches_of
from genrelab.rules.engine import Binner, Ints, carried_by, claims
from genrelab.rules.model import RuleSet
from genrelab.sources.codes import counts_of

Lists: TypeAlias = pa.ListArray | pa.ChunkedArray
GENRES = "genres"
"""The column of stored rows that has the micro-genres."""
Decided: TypeAlias = tuple[Bin, Bin, str | None, str | None]
"""Bins before and after, and the micro-genres that decided them."""
LISTED = 200
"""Entries that a list of micro-genres shows at most; the total number is shown beside it."""
EXAMPLES = 5
"""Pairs of deciding micro-genres kept of one move between bins."""


def audit(rules: RuleSet, genres: Lists | StoredRows, *, listed: int = LISTED) -> SetAudit:
    """Return coverage, conflicts and unmatched micro-genres of a rule set.

    Args:
        rules: The rule set.
        genres: Micro-genres per track, or rows that have them in the column `GENRES`; they are read in batches.
        listed: Entries shown at most in each list of micro-genres.
    """
    binner, hits = Binner(rules), np.empty((0, len(rules.rules)), dtype=bool)
    bins: Counter[str | None] = Counter()
    decided: Counter[str | None] = Counter()
    tracks_of: Counter[int] = Counter()  # by the place of the micro-genre in the binner's names
    lost: Counter[int] = Counter()
    with_contested = 0
    for batch in _batches(genres):
        binned = binner.bin(batch)
        bins.update(counts_of(binned.bins))
        decided.update(counts_of(binned.rules))
        hits = np.concatenate([hits, claims(binner.names.slice(len(hits)), rules)])
        rows, places = carried_by(batch, binner.names)
        without_bin = np.asarray(binned.bins.is_null())
        tracks_of.update(counts_of(pa.array(places)))
        lost.update(counts_of(pa.array(places[without_bin[rows]])))
        with_contested += len(np.unique(rows[_is_contested(hits)[places]]))
    texts = binner.names.to_pylist()
    counts = binner.counts
    total = counts["tracks"]
    contested = np.flatnonzero(_is_contested(hits))
    unmatched = _by_weight(np.flatnonzero(~hits.any(axis=1)), tracks_of, texts)
    return SetAudit(
        rule_set=rules.name,
        decision=rules.decision,
        tracks=total,
        coverage=_share(counts["binned"], total),
        counts=counts,
        bins=tuple(BinShare(name, bins[name], _share(bins[name], total)) for name in [*rules.bins, None]),
        rules=_rules(rules, hits, decided),
        unmatched=Unmatched(
            len(unmatched),
            tuple(UnmatchedGenre(texts[i], tracks_of[i], lost[i]) for i in unmatched[:listed]),
        ),
        contested=Contested(
            len(contested),
            with_contested,
            tuple(
                ContestedGenre(
                    micro_genre=texts[i],
                    tracks=tracks_of[i],
                    claimed_by=tuple(
                        rule.name for rule, hit in zip(rules.rules, hits[i], strict=True) if hit
                    ),
                    won_by=rules.rules[int(hits[i].argmax())].name,
                )
                for i in _by_weight(contested, tracks_of, texts)[:listed]
            ),
        ),
    )


def compare(rules_a: RuleSet, rules_b: RuleSet, genres: Lists | StoredRows) -> Comparison:
    """Return the tracks that two rule sets assign to different bins.

    Args:
        rules_a: The rule set to compare from.
        rules_b: The rule set to compare to.
        genres: Micro-genres per track, as `audit` takes them.
    """
    binners = Binner(rules_a), Binner(rules_b)
    counts: Counter[Decided] = Counter()
    for batch in _batches(genres):
        a, b = (binner.bin(batch) for binner in binners)
        table = pa.table([a.bins, b.bins, a.micro_genres, b.micro_genres], names=list("abcd"))
        grouped = table.group_by(list("abcd")).aggregate([([], "count_all")])
        *decisions, tracks = (column.to_pylist() for column in grouped.columns)
        counts.update(dict(zip(zip(*decisions, strict=True), tracks, strict=True)))
    pairs: Counter[tuple[Bin, Bin]] = Counter()
    for (before, after, *_), tracks in counts.items():
        pairs[before, after] += tracks
    both = Counter({pair: tracks for pair, tracks in pairs.items() if None not in pair})
    agreeing = sum(tracks for (before, after), tracks in both.items() if before == after)
    deciders = _deciders(counts)
    moves = [
        Move(before, after, tracks, tuple(deciders[before, after]))
        for (before, after), tracks in pairs.items()
        if before != after
    ]
    return Comparison(
        before=rules_a.name,
        after=rules_b.name,
        tracks=pairs.total(),
        same=pairs.total() - sum(move.tracks for move in moves),
        both_binned=both.total(),
        agreement=_share(agreeing, both.total()),
        coverage_from=_share(binners[0].counts["binned"], pairs.total()),
        coverage_to=_share(binners[1].counts["binned"], pairs.total()),
        moves=tuple(sorted(moves, key=lambda move: (-move.tracks, str(move.before), str(move.after)))),
    )


def _batches(genres: Lists | StoredRows) -> Iterator[Any]:
    """Yield the micro-genres of some tracks after the other."""
    rows = genres if isinstance(genres, StoredRows) else pa.table({GENRES: genres})
    return (batch[GENRES].combine_chunks() for batch in batches_of(rows, [GENRES]))


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def _deciders(counts: Mapping[Decided, int]) -> dict[tuple[Bin, Bin], list[Decider]]:
    """The commonest pairs of deciding micro-genres of each move."""
    deciders: dict[tuple[Bin, Bin], list[Decider]] = {}
    for (before, after, was, now), tracks in sorted(
        counts.items(), key=lambda one: (-one[1], str(one[0][2]), str(one[0][3]))
    ):
        shown = deciders.setdefault((before, after), [])
        if len(shown) < EXAMPLES:
            shown.append(Decider(was, now, tracks))
    return deciders


def _rules(
    rules: RuleSet, hits: npt.NDArray[np.bool_], decided: Mapping[str | None, int]
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
                tracks=decided[rule.name],
                micro_genres_hit=int(hit.sum()),
                micro_genres_won=int(won.sum()),
                is_never_hit=not hit.any(),
                is_shadowed=bool(hit.any() and not won.any()),
            )
        )
    return tuple(found)


def _is_contested(hits: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Which micro-genres the rules of several bins hit (each bin has one rule, so: several rules)."""
    return np.asarray(hits.sum(axis=1) > 1)


def _by_weight(micro_genres: Ints, tracks: Mapping[int, int], texts: Sequence[str]) -> list[int]:
    return sorted((int(i) for i in micro_genres), key=lambda i: (-tracks[i], texts[i]))

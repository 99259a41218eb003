"""Binning: every distinct micro-genre is matched once, then every track is decided from the results.

Conventions: matching runs on RE2 (pyarrow's kernels), in time linear in the text, so that no pattern can
hang. The work of matching depends on the number of distinct micro-genres; deciding a track is integer
arithmetic.

A micro-genre belongs to the first rule that hits it. A track is decided in one of two ways:

- `first`: the first rule in order that hits any of its micro-genres wins. This is what the documents' search
  in the joined list does.
- `vote`: each distinct micro-genre of the track gives one vote to the bin it belongs to; the bin with most
  votes wins, and of bins with equal votes the one whose rule comes first. Micro-genres that no rule hits do
  not vote.

In both, the micro-genre that decided is the first in the track's list that belongs to the winning rule. A
track without a hit has neither bin, rule nor micro-genre, and is kept.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from genrelab.rules.model import VOTE, RuleSet, fold

CHUNK_TRACKS = 100_000
"""Tracks decided at a time; bounds the memory of a vote."""

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Binned:
    """One entry per track, in the order given.

    Args:
        bins: Target genre, or null.
        rules: Name of the rule that decided, or null.
        micro_genres: Micro-genre that decided, as it came, or null.
        counts: What was met: `tracks`, `binned`, `unmatched` (micro-genres, but no hit),
            `without_micro_genre`, and of the distinct micro-genres `micro_genres`, `with_capitals`,
            `with_accents`, `in_other_scripts`.
    """

    bins: pa.StringArray
    rules: pa.StringArray
    micro_genres: pa.StringArray
    counts: dict[str, int]


def bin_tracks(genres: pa.ListArray | pa.ChunkedArray, rules: RuleSet) -> Binned:
    """Decide the target genre of every track.

    Args:
        genres: List of micro-genres per track; null and empty lists are tracks without any.
        rules: The rule set.

    Returns:
        Bin, rule and micro-genre per track, and counts.
    """
    chunks = genres.chunks if isinstance(genres, pa.ChunkedArray) else [genres]
    lengths = np.concatenate([_lengths(chunk) for chunk in chunks] or [np.empty(0, np.int64)])
    values = pa.chunked_array([chunk.flatten() for chunk in chunks], pa.string()).combine_chunks()
    encoded = values.dictionary_encode()
    names = encoded.dictionary
    codes = np.asarray(pc.fill_null(encoded.indices, len(names)))
    of_micro_genre = np.append(_first_hit(names, rules), len(rules.rules))  # a null in a list is no hit

    winner = np.full(len(lengths), len(rules.rules))
    decider = np.full(len(lengths), -1)
    for tracks, entries in _chunks(lengths):
        winner[tracks], decider[tracks] = _decide(
            lengths[tracks], codes[entries], of_micro_genre, is_vote=rules.decision == VOTE
        )
    position = pa.array(winner, mask=winner == len(rules.rules))
    bins = pa.array(rules.bins, pa.string()).take(position)
    rule_names = pa.array([rule.name for rule in rules.rules], pa.string()).take(position)
    micro_genres = names.cast(pa.string()).take(pa.array(decider, mask=decider < 0))
    empty = int(np.sum(lengths == 0))
    counts = {
        "tracks": len(lengths),
        "binned": len(lengths) - bins.null_count,
        "unmatched": bins.null_count - empty,
        "without_micro_genre": empty,
        **_oddities(names),
    }
    return Binned(bins, rule_names, micro_genres, counts)


def claims(micro_genres: Any, rules: RuleSet) -> npt.NDArray[np.bool_]:
    """Which rules hit which micro-genres.

    Args:
        micro_genres: Distinct micro-genres, n of them.
        rules: The rule set, of m rules.

    Returns:
        Shape (n, m).
    """
    folded = fold(micro_genres)
    hits = np.empty((len(folded), len(rules.rules)), dtype=bool)
    for column, rule in enumerate(rules.rules):
        hits[:, column] = _search(folded, rule.pattern)
        if rule.unless:
            hits[:, column] &= ~_search(folded, rule.unless)
    return hits


def _search(texts: Any, pattern: str) -> npt.NDArray[np.bool_]:
    hit = pc.match_substring_regex(texts, pattern, ignore_case=True)
    return np.asarray(pc.fill_null(hit, fill_value=False))


def _first_hit(micro_genres: Any, rules: RuleSet) -> Ints:
    """Number of the rule that each micro-genre belongs to; the number of rules where there is none."""
    hits = claims(micro_genres, rules)
    return np.where(hits.any(axis=1), hits.argmax(axis=1), len(rules.rules)).astype(np.int64)


def _lengths(lists: pa.ListArray) -> Ints:
    return np.asarray(pc.fill_null(pc.list_value_length(lists), 0)).astype(np.int64)


def _chunks(lengths: Ints) -> Iterator[tuple[slice, slice]]:
    """Slices of tracks, with the slice of the entries that are theirs."""
    ends = np.concatenate([[0], np.cumsum(lengths)])
    for start in range(0, len(lengths), CHUNK_TRACKS):
        stop = min(start + CHUNK_TRACKS, len(lengths))
        yield slice(start, stop), slice(int(ends[start]), int(ends[stop]))


def _decide(lengths: Ints, codes: Ints, of_micro_genre: Ints, *, is_vote: bool) -> tuple[Ints, Ints]:
    """Winning rule and deciding micro-genre (its code, or -1) of each track.

    Args:
        lengths: Micro-genres per track.
        codes: Micro-genres of all tracks, one after the other.
        of_micro_genre: Rule of each code; the largest value means none.
        is_vote: Whether the micro-genres vote.
    """
    none = int(of_micro_genre[-1])
    track = np.repeat(np.arange(len(lengths)), lengths)
    rule = of_micro_genre[codes]
    winner = np.full(len(lengths), none)
    if is_vote:
        counts_once = _is_first_of_its_kind(track, codes, len(of_micro_genre))
        ballots = counts_once & (rule < none)
        votes = np.bincount(track[ballots] * none + rule[ballots], minlength=len(lengths) * none)
        votes = votes.reshape(len(lengths), none)
        has_votes = votes.any(axis=1)
        winner[has_votes] = votes[has_votes].argmax(axis=1)
    else:
        np.minimum.at(winner, track, rule)
    decider = np.full(len(lengths), -1)
    deciding = np.flatnonzero((rule == winner[track]) & (rule < none))
    decider[track[deciding][::-1]] = codes[deciding][::-1]  # the last write wins: the first in the list
    return winner, decider


def _is_first_of_its_kind(track: Ints, codes: Ints, kinds: int) -> npt.NDArray[np.bool_]:
    """Whether an entry is the first of its micro-genre in its track: named twice, it votes once."""
    _, first = np.unique(track * kinds + codes, return_index=True)
    is_first = np.zeros(len(codes), dtype=bool)
    is_first[first] = True
    return is_first


def _oddities(micro_genres: Any) -> dict[str, int]:
    """Counts of distinct micro-genres that are not plain lower-case ASCII."""
    trimmed = pc.utf8_trim_whitespace(micro_genres)
    lower = pc.utf8_lower(trimmed)
    other_script = pc.match_substring_regex(trimmed, r"[^\p{Latin}\p{Common}\p{Inherited}]")
    return {
        "micro_genres": len(micro_genres),
        "with_capitals": _count(pc.not_equal(lower, trimmed)),
        "with_accents": _count(pc.not_equal(fold(trimmed), lower)),
        "in_other_scripts": _count(other_script),
    }


def _count(mask: Any) -> int:
    return int(pc.sum(mask).as_py() or 0)

"""Binning: matches every distinct micro-genre once, then decides the bin of every track.

Conventions: matching runs on RE2 (pyarrow's kernels), in time linear in the text, so that no pattern can
hang. The work of matching depends on the number of distinct micro-genres; deciding a track is integer
arithmetic.

A micro-genre belongs to the first rule that hits it. A track is decided in one of two ways:

- `first`: the first rule in order that hits any of its micro-genres wins. The capstone project does the same by
  searching the joined list.
- `vote`: each distinct micro-genre of the track gives one vote to the bin it belongs to; the bin with most
  votes wins, and of bins with equal votes the one whose rule comes first. Micro-genres that no rule hits do
  not vote.

In both, the micro-genre that decided is the first in the track's list that belongs to the winning rule. A
track without a hit has neither bin, rule nor micro-genre, and is kept.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from genrelab.rules.model import EXACT, VOTE, RuleSet, fold
from genrelab.rules.spelling import fold_spelling

CHUNK_TRACKS = 4_096
"""Tracks decided at a time: few enough that their numbers stay in the processor's cache."""

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Binned:
    """One entry per track, in the order given.

    Args:
        bins: Target genre, or null.
        rules: Name of the rule that decided, or null.
        micro_genres: Micro-genre that decided, as it came, or null.
        counts: Number of `tracks`, `binned`, `unmatched` (micro-genres, but no hit),
            `without_micro_genre`, and of the distinct micro-genres `micro_genres`, `with_capitals`,
            `with_accents`, `in_other_scripts`.
    """

    bins: pa.StringArray
    rules: pa.StringArray
    micro_genres: pa.StringArray
    counts: dict[str, int]


def bin_tracks(
    genres: pa.ListArray | pa.ChunkedArray | Sequence[Sequence[str] | None], rules: RuleSet
) -> Binned:
    """Return the target genre of every track.

    Args:
        genres: List of micro-genres per track, in Arrow or in Python; null and empty lists are tracks without any.
        rules: The rule set.

    Returns:
        Bin, rule and micro-genre per track, and counts.
    """
    return Binner(rules).bin(genres)


def carried_by(lists: Any, names: Any) -> tuple[Ints, Ints]:
    """Return each micro-genre that a track carries once: the row of the track, and the place of the micro-genre.

    Args:
        lists: Micro-genres of each track, one array; a null in a list is none.
        names: All micro-genres of the lists.
    """
    places = pc.index_in(lists.flatten(), names)
    rows = np.asarray(pc.list_parent_indices(lists)).astype(np.int64)[np.asarray(places.is_valid())]
    pairs = np.unique(rows * max(len(names), 1) + np.asarray(places.drop_null()))
    return np.divmod(pairs, max(len(names), 1))


class Binner:
    """Bins tracks in batches by one rule set, and matches each distinct micro-genre once.

    Args:
        rules: The rule set.
    """

    def __init__(self, rules: RuleSet) -> None:
        self.rules = rules
        self.names = pa.array([], pa.string())
        self._rule_of = np.empty(0, np.int64)
        self._tracks: Counter[str] = Counter()

    def bin(self, genres: pa.ListArray | pa.ChunkedArray | Sequence[Sequence[str] | None]) -> Binned:
        """Return the target genre of every track of a batch; the counts are those of all batches so far."""
        rules = self.rules
        if not isinstance(genres, pa.Array | pa.ChunkedArray):
            genres = pa.array(genres, pa.list_(pa.string()))
        chunks = genres.chunks if isinstance(genres, pa.ChunkedArray) else [genres]
        lengths = np.concatenate([_lengths(chunk) for chunk in chunks] or [np.empty(0, np.int64)])
        values = pa.chunked_array([chunk.flatten() for chunk in chunks], pa.string()).combine_chunks()
        encoded = values.dictionary_encode()
        names = encoded.dictionary
        codes = np.asarray(pc.fill_null(encoded.indices, len(names)))
        of_micro_genre = np.append(self._matched(names), len(rules.rules))  # a null in a list is no hit

        winner = np.full(len(lengths), len(rules.rules))
        decider = np.full(len(lengths), -1)
        for tracks, entries in _chunks(lengths):
            winner[tracks], decider[tracks] = _decide(
                lengths[tracks], codes[entries], of_micro_genre, is_vote=rules.decision == VOTE
            )
        position = pa.array(winner, mask=winner == len(rules.rules))
        bins = pa.array(rules.bins, pa.string()).take(position)
        titles = tuple(rule.name for rule in rules.rules)
        rule_names = bins if titles == rules.bins else pa.array(titles, pa.string()).take(position)
        micro_genres = names.cast(pa.string()).take(pa.array(decider, mask=decider < 0))
        self._tracks["tracks"] += len(lengths)
        self._tracks["binned"] += len(lengths) - bins.null_count
        self._tracks["without_micro_genre"] += int(np.sum(lengths == 0))
        return Binned(bins, rule_names, micro_genres, self.counts)

    @property
    def counts(self) -> dict[str, int]:
        """What `Binned.counts` says, of all batches so far."""
        tracks = self._tracks
        return {
            "tracks": tracks["tracks"],
            "binned": tracks["binned"],
            "unmatched": tracks["tracks"] - tracks["binned"] - tracks["without_micro_genre"],
            "without_micro_genre": tracks["without_micro_genre"],
            **_oddities(self.names),
        }

    def _matched(self, micro_genres: Any) -> Ints:
        """Return the number of the rule that each micro-genre belongs to."""
        new = micro_genres.filter(pc.invert(pc.is_in(micro_genres, self.names)))
        if len(new):
            self.names = pa.concat_arrays([self.names, new])
            self._rule_of = np.append(self._rule_of, _first_hit(new, self.rules))
        found: Ints = self._rule_of[np.asarray(pc.index_in(micro_genres, self.names))]
        return found


def claims(micro_genres: Any, rules: RuleSet) -> npt.NDArray[np.bool_]:
    """Return which rules hit which micro-genres.

    Args:
        micro_genres: Distinct micro-genres, n of them.
        rules: The rule set, of m rules.

    Returns:
        Shape (n, m).
    """
    folded = as_matched(micro_genres, rules)
    hits = np.empty((len(folded), len(rules.rules)), dtype=bool)
    for column, rule in enumerate(rules.rules):
        hits[:, column] = _search(folded, rule.pattern)
        if rule.unless:
            hits[:, column] &= ~_search(folded, rule.unless)
    return hits


def as_matched(micro_genres: Any, rules: RuleSet) -> Any:
    """Return micro-genres in the spelling that the patterns of a rule set are matched with."""
    return fold(micro_genres) if rules.spelling == EXACT else fold_spelling(micro_genres)


def _search(texts: Any, pattern: str) -> npt.NDArray[np.bool_]:
    # Folded texts have no capitals: a pattern without any (not even \W) needs no look at the case, which costs a fifth.
    hit = pc.match_substring_regex(texts, pattern, ignore_case=pattern != pattern.lower())
    return np.array(pc.fill_null(hit, fill_value=False))


def _first_hit(micro_genres: Any, rules: RuleSet) -> Ints:
    """Return the number of the rule that each micro-genre belongs to; the number of rules if there is none."""
    found = np.full(len(micro_genres), len(rules.rules), dtype=np.int64)
    left, texts = np.arange(len(micro_genres)), as_matched(micro_genres, rules)
    for number, rule in enumerate(rules.rules):  # a matched micro-genre is not given to later rules
        is_hit = _search(texts, rule.pattern)
        if rule.unless:
            hit = np.flatnonzero(is_hit)
            is_hit[hit[_search(texts.take(pa.array(hit)), rule.unless)]] = False
        found[left[is_hit]] = number
        left, texts = left[~is_hit], texts.filter(pa.array(~is_hit))
    return found


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
    winner, decider = np.full(len(lengths), none), np.full(len(lengths), -1)
    has_any = lengths > 0
    sizes, entries = lengths[has_any], len(codes)
    if not entries:
        return winner, decider
    turn = of_micro_genre[codes]
    if is_vote:
        turn = np.where(turn == np.repeat(_by_vote(sizes, codes, turn, none), sizes), 0, 1)
    # one number says both: the earliest turn, and in it the first in the list
    turn *= entries
    turn += np.arange(entries)
    deciding = codes[np.minimum.reduceat(turn, np.cumsum(sizes) - sizes) % entries]
    won = of_micro_genre[deciding]
    winner[has_any] = won
    decider[has_any] = np.where(won < none, deciding, -1)
    return winner, decider


def _by_vote(sizes: Ints, codes: Ints, rule: Ints, none: int) -> Ints:
    """Return the rule with most votes of each track, of equal ones the first; `none` if there are no votes.

    Args:
        sizes: Micro-genres per track, at least one.
        codes: Micro-genres of all tracks.
        rule: The rule each belongs to.
        none: The rule of those that belong to none.
    """
    tracks = len(sizes)
    track = np.repeat(np.arange(tracks), sizes)
    ballots = rule < none
    ballots[_repeated(track, codes)] = False
    votes = np.bincount(rule[ballots] * tracks + track[ballots], minlength=none * tracks).reshape(
        none, tracks
    )
    # one number says both: more votes first, then the earlier rule
    ranks = votes * none + np.arange(none)[::-1, np.newaxis]
    most, place = np.divmod(ranks.max(axis=0), none)
    return np.where(most > 0, none - 1 - place, none)


def _repeated(track: Ints, codes: Ints) -> Ints:
    """Entries whose micro-genre stands in the same track before: named twice, it votes once."""
    pairs = track * (int(codes.max()) + 1) + codes
    in_order = np.sort(pairs)
    if not np.any(in_order[1:] == in_order[:-1]):
        return np.empty(0, np.int64)
    first = np.unique(pairs, return_index=True)[1]
    return np.setdiff1d(np.arange(len(pairs)), first, assume_unique=True)


def _oddities(micro_genres: Any) -> dict[str, int]:
    """Counts of distinct micro-genres that are not plain lower-case ASCII."""
    trimmed = pc.utf8_trim_whitespace(micro_genres)
    lower = pc.utf8_lower(trimmed)
    beyond = trimmed.filter(pc.invert(pc.string_is_ascii(trimmed)))  # the others have neither
    other_script = pc.match_substring_regex(beyond, r"[^\p{Latin}\p{Common}\p{Inherited}]")
    return {
        "micro_genres": len(micro_genres),
        "with_capitals": _count(pc.not_equal(lower, trimmed)),
        "with_accents": _count(pc.not_equal(fold(beyond), pc.utf8_lower(beyond))),
        "in_other_scripts": _count(other_script),
    }


def _count(mask: Any) -> int:
    return int(pc.sum(mask).as_py() or 0)
